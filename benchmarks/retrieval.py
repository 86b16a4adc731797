"""Lexical, dense and fused retrieval of the reply turn, all documents of a part pooled.

    python -m benchmarks.retrieval EVAL_FOLDER

The questions stand in the transcripts: every question's own turn is kept out of everything indexed, as text and as
context. A passage is relevant if it lies in a relevant turn.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import RR, Success

from benchmarks.machine import save
from benchmarks.sets import Collection, documents, passages_of, questions
from qa import encoder as encoders
from qa.encoder import PassageEncoder
from qa.hybrid import _CANDIDATES, fuse

MEASURES = {"hit@1": Success @ 1, "hit@5": Success @ 5, "hit@10": Success @ 10, "MRR": RR}
SETS = ("fomc_presser_silver", "whitehouse_briefings_silver")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval_folder", type=Path)
    parser.add_argument("--encoder", default=encoders.DEFAULT, help="a sentence-transformers folder or name")
    parser.add_argument("--only", default="", help="this part alone, as in fomc_presser_silver,dev; nothing is saved")
    options = parser.parse_args()
    folder, encoder = options.eval_folder, encoders.load(options.encoder)
    if options.only:
        name, split = options.only.split(",")
        print(json.dumps(measure(folder / name, split, encoder), indent=1))
        return
    parts = [(name, split) for name in SETS for split in ("train", "dev")]
    save("retrieval", {f"{name}, {split}": measure(folder / name, split, encoder) for name, split in parts})


def measure(folder: Path, split: str, encoder: PassageEncoder) -> dict[str, object]:
    docs = documents(folder, split)
    asked = [question for question in questions(folder, split) if question["answerable"]]
    masked: dict[str, set[int]] = {}
    for question in questions(folder):
        masked.setdefault(question["doc_id"], set()).add(question["question_turn"])
    passages, place = [], []
    for document in docs:
        for passage in passages_of(document, encoder, masked.get(document.id, ())):
            passages.append(passage)
            place.append((document.id, document.turns_of(passage)))
    collection = Collection.of(passages, encoder)
    queries = encoder.encode_query([question["question"] for question in asked])
    runs: dict[str, dict[str, dict[str, float]]] = {"lexical": {}, "dense": {}, "fused": {}}
    qrels: dict[str, dict[str, int]] = {}
    for question, vector in zip(asked, queries, strict=True):
        lexical = collection.lexical.search(question["question"], _CANDIDATES)
        dense = collection.dense.search(np.asarray(vector), _CANDIDATES)
        for name, found in (("lexical", lexical), ("dense", dense), ("fused", fuse(lexical, dense))):
            runs[name][question["qid"]] = {str(number): float(-rank) for rank, (number, _) in enumerate(found)}
        wanted = set(question["relevant_turns"])
        qrels[question["qid"]] = {
            str(n): 1 for n, (owner, turns) in enumerate(place) if owner == question["doc_id"] and turns & wanted
        }
    figures: dict[str, object] = {"documents": len(docs), "passages": len(passages), "questions": len(asked)}
    for name, run in runs.items():
        found = ir_measures.calc_aggregate(MEASURES.values(), qrels, run)
        figures[name] = {label: round(found[measure], 3) for label, measure in MEASURES.items()}
    return figures


if __name__ == "__main__":
    main()
