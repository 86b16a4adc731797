"""Lexical, dense and fused retrieval of the reply turn, all documents of a part pooled, with the shipped encoder and
with the one it was trained from; with the shipped one also in the order in which an answer shows what it has read.

    python -m benchmarks.retrieval EVAL_FOLDER

Where a question stands in the transcript, its own turn is kept out of everything indexed, as text and as context. A
passage is relevant if it lies in a relevant turn. The encoder was trained on the train parts: the dev parts decide.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import ir_measures
from ir_measures import RR, Success

from benchmarks.machine import save
from benchmarks.sets import Collection, documents, passages_of, questions
from qa import crossencoder, reranker
from qa import encoder as encoders
from qa.encoder import PassageEncoder
from qa.pipeline import HITS
from qa.reader import SentenceReader

MEASURES = {"hit@1": Success @ 1, "hit@5": Success @ 5, "hit@10": Success @ 10, "MRR": RR}
PARTS = [
    ("fomc_presser_silver", "dev"), ("whitehouse_briefings_silver", "dev"), ("qmsum", "dev"), ("cmrc2018", "trial"),
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    parser.add_argument("--encoder", nargs="+", default=[encoders.DEFAULT, encoders.UNTUNED], help="folders or names")
    parser.add_argument("--only", default="", help="this part alone, as in fomc_presser_silver,dev; nothing is saved")
    options = parser.parse_args()
    loaded = [encoders.load(name) for name in options.encoder]
    parts = [tuple(options.only.split(","))] if options.only else PARTS
    figures = {
        f"{name}, {split}": {encoder.name: measure(options.eval_folder / name, split, encoder) for encoder in loaded}
        for name, split in parts
    }
    print(json.dumps(figures, indent=1)) if options.only else save("retrieval", figures)


def measure(folder: Path, split: str, encoder: PassageEncoder) -> dict[str, Any]:
    docs = documents(folder, split)
    asked = [question for question in questions(folder, split) if question["answerable"]]
    masked: dict[str, set[int]] = {}
    for question in questions(folder):
        if question.get("question_turn") is not None:
            masked.setdefault(question["doc_id"], set()).add(question["question_turn"])
    passages, place = [], []
    for document in docs:
        for passage in passages_of(document, encoder, masked.get(document.id, ())):
            passages.append(passage)
            place.append((document.id, document.turns_of(passage)))
    collection = Collection.of(passages, encoder)
    reader = SentenceReader(encoder, crossencoder.load()) if encoder.name == encoders.DEFAULT else None
    runs: dict[str, dict[str, dict[str, float]]] = {}
    qrels: dict[str, dict[str, int]] = {}
    for question in asked:
        each = collection.retriever.each(question["question"])
        rankings = {name: [number for number, _ in found] for name, found in each.items()}
        if reader:
            rankings["reranked"] = _as_read(question["question"], collection, reader, rankings["fused"])
        for name, ranking in rankings.items():
            run = {str(number): float(-rank) for rank, number in enumerate(ranking)}
            runs.setdefault(name, {})[question["qid"]] = run
        wanted = set(question["relevant_turns"])
        qrels[question["qid"]] = {
            str(n): 1 for n, (owner, turns) in enumerate(place) if owner == question["doc_id"] and turns & wanted
        }
    figures: dict[str, Any] = {"documents": len(docs), "passages": len(passages), "questions": len(asked)}
    for name, run in runs.items():
        found = ir_measures.calc_aggregate(MEASURES.values(), qrels, run)
        figures[name] = {label: round(found[measure], 3) for label, measure in MEASURES.items()}
    return figures


def _as_read(question: str, collection: Collection, reader: SentenceReader, fused: list[int]) -> list[int]:
    """The best passages as an answer shows them, the others behind them."""
    hits = collection.retriever.search(question, HITS)
    numbers = dict(zip((hit.passage for hit in hits), fused[: len(hits)], strict=True))
    odds = reader.read(question, hits).odds
    shown = reranker.as_read(hits, odds) if odds else hits
    return [*(numbers[hit.passage] for hit in shown), *fused[len(hits) :]]


if __name__ == "__main__":
    main()
