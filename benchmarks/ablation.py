"""What each part adds: keyword search, vectors, their fusion, the reader's odds as a reranker, on questions that press
excerpts answer, 24 excerpts pooled.

    python -m benchmarks.ablation EVAL_FOLDER

The excerpts are from documents of which nothing was trained on; a passage is relevant if a sentence of it answers. The
figures are those of the "report" excerpts, with the weight of the odds that the program gives them and with that which
is best on the "fit" excerpts.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, Success, nDCG

from benchmarks.machine import save
from benchmarks.sets import Collection, passages_of
from qa import crossencoder, reranker
from qa import encoder as encoders
from qa.pipeline import HITS
from qa.types import Passage
from training.examples import answering, question_set

MEASURES = {"hit@1": Success @ 1, "hit@5": Success @ 5, "hit@10": Success @ 10, "MRR": RR, "nDCG@10": nDCG @ 10}
_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)  # of the reader's log odds, added to the fused score


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's rankings by passage number, its fused scores and the reader's odds, and what is relevant."""

    ranked: dict[str, list[int]]
    fused: dict[int, float]
    odds: dict[int, float]
    relevant: frozenset[int]

    def reranked(self, weight: float) -> list[int]:
        """Best first, by the fused score and the odds; behind them what was not read."""
        read = sorted(self.odds, key=lambda n: (-self.fused[n] - weight * self.odds[n], n))
        return read + [n for n in self.ranked["fused"] if n not in self.odds]

    def by_odds(self) -> list[int]:
        return sorted(self.odds, key=lambda n: (-self.odds[n], n))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    parts = _parts(parser.parse_args().eval_folder)
    weight = max(_WEIGHTS, key=lambda w: _figures([asked.reranked(w) for asked in parts["fit"]], parts["fit"])["MRR"])
    own = parts["report"]
    rankings = {name: [asked.ranked[name] for asked in own] for name in ("lexical", "dense", "fused")}
    rankings["the reader's odds alone, of the ten best"] = [asked.by_odds() for asked in own]
    for given in (reranker.ODDS, weight):
        rankings[f"fused + {given} of the reader's odds"] = [asked.reranked(given) for asked in own]
    save("ablation", {"questions": len(own), **{name: _figures(found, own) for name, found in rankings.items()}})


def _parts(folder: Path) -> dict[str, list[Asked]]:
    encoder, reader, given = encoders.load(), crossencoder.load(), question_set("fresh", folder)
    parts = {name: given.part(name) for name in ("fit", "report")}
    documents = {d.id: d for part in parts.values() for d in part.documents}
    passages = [p for document in documents.values() for p in passages_of(document, encoder)]
    collection = Collection.of(passages, encoder)
    return {
        name: [
            _asked(q["question"], collection, passages, relevant, reader)
            for q in part.questions
            if (relevant := _relevant(q, documents[q["doc_id"]], passages))
        ]
        for name, part in parts.items()
    }


def _relevant(question: dict[str, Any], document: Any, passages: Sequence[Passage]) -> frozenset[int]:
    return frozenset(
        n for n, p in enumerate(passages) if p.transcript.id == document.id and answering(document, p, question)
    )


def _asked(
    question: str, collection: Collection, passages: Sequence[Passage], relevant: frozenset[int],
    reader: crossencoder.CrossEncoder,
) -> Asked:  # fmt: skip
    found = collection.retriever.each(question)
    best = [number for number, _ in found["fused"][:HITS]]
    odds = [float(np.logaddexp.reduce(values)) for values in reader.score(question, [passages[n] for n in best])]
    ranked = {name: [number for number, _ in pairs] for name, pairs in found.items()}
    return Asked(ranked, dict(found["fused"]), dict(zip(best, odds, strict=True)), relevant)


def _figures(rankings: Sequence[Sequence[int]], asked: Sequence[Asked]) -> dict[str, float]:
    run = {str(at): {str(n): float(-place) for place, n in enumerate(ranking)} for at, ranking in enumerate(rankings)}
    qrels = {str(at): {str(n): 1 for n in one.relevant} for at, one in enumerate(asked)}
    found = ir_measures.calc_aggregate(MEASURES.values(), qrels, run)
    return {label: round(found[measure], 3) for label, measure in MEASURES.items()}


if __name__ == "__main__":
    main()
