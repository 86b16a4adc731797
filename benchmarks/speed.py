"""How long an answer takes in a library of 10,000 passages, with the reader and with --fast, one question at a time.

python -m benchmarks.speed EVAL_FOLDER
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.machine import save
from benchmarks.sets import lines, questions
from qa.indexing import index
from qa.library import Library
from qa.pipeline import Models, Pipeline
from qa.store import Store

_SETS = ("whitehouse_briefings_silver", "fomc_presser_silver", "qmsum")
_PASSAGES = 10_000
_QUESTIONS = 100
_WORDS = 75  # a passage of these sets, about
_WARM = 5  # questions that are not counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    parser.add_argument("--library", type=Path, help="a folder to keep the library in; default: made for the run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.library or Path(scratch) / "library"
        if not folder.exists():
            _make(options.eval_folder, folder, Path(scratch))
        library = Library(folder)
        ways = {"with the reader": Pipeline(library), "fast": Pipeline(library, models=Models(fast=True))}
        asked = [q["question"] for name in _SETS for q in questions(options.eval_folder / name)]
        chosen = random.Random(1).sample(asked, _QUESTIONS + _WARM)
        seconds = {name: _seconds(way, chosen)[_WARM:] for name, way in ways.items()}
        library.close()
        passages = Store(folder).passage_count()
    save("speed", {"passages": passages, "questions": _QUESTIONS, **{n: _figures(s) for n, s in seconds.items()}})


def _seconds(way: Pipeline, asked: list[str]) -> np.ndarray:
    """``(n, 3)``: search, read, and the whole answer, checked; in two rounds, so that no vector of a question is left
    from the answer when its stages are timed."""
    whole = []
    for question in asked:
        began = time.perf_counter()
        way.ask(question)
        whole.append(time.perf_counter() - began)
    return np.array([(*way.trace(question).seconds, total) for question, total in zip(asked, whole, strict=True)])


def _figures(seconds: np.ndarray) -> dict[str, dict[str, float]]:
    stages = ("search, ms", "read, ms", "answer, ms")
    return {
        stage: {f"p{p}": round(float(np.percentile(column, p)) * 1000, 1) for p in (50, 95)}
        for stage, column in zip(stages, seconds.T, strict=True)
    }


def _make(eval_folder: Path, folder: Path, scratch: Path) -> None:
    """A library of the first documents of the sets, taken in turn, until there are enough passages."""
    files = scratch / "files"
    files.mkdir()
    lists = [list(lines(eval_folder / name / "corpus.jsonl")) for name in _SETS]
    documents = [line for row in zip(*lists, strict=False) for line in row] + lists[0][len(lists[2]) :]
    words = 0
    for number, line in enumerate(documents):
        turns = [turn for turn in line["turns"] if turn["text"].strip()]
        (files / f"{number}.json").write_text(json.dumps({"title": line["title"], "turns": turns}), encoding="utf-8")
        words += sum(len(turn["text"].split()) for turn in turns)
        if words > _PASSAGES * _WORDS:
            break
    index(folder, [files])


if __name__ == "__main__":
    main()
