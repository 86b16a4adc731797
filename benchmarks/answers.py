"""Answers and refusals on files of {"question", "answerable", "must_quote"} lines.

    python -m benchmarks.answers EVAL_FOLDER

The questions in benchmarks/questions/ were written by a language model that saw the page alone. "dev": looked at while
the reader was made; "test": not looked at, but their counts were in view when thresholds were chosen (LOG.md); "new":
counted first when all was chosen.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import save
from benchmarks.sets import lines
from qa import encoder as encoders
from qa.encoder import PassageEncoder
from qa.indexing import index
from qa.library import Library
from qa.pipeline import Pipeline
from qa.types import Answer

OWN = Path(__file__).parent / "questions"
SHIPPED = Path("corpus")
PARTS = {
    "dev": [("shipped-a", SHIPPED), ("customs", OWN / "customs.txt"), ("harvest", OWN / "harvest.txt")],
    "test": [("shipped-b", SHIPPED), ("flood", OWN / "flood.txt"), ("vaccination", OWN / "vaccination.txt")],
    "new": [(name, OWN / f"{name}.txt") for name in ("council", "museum", "railway", "harbour", "clinic", "telescope")],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    encoder = encoders.load()
    figures: dict[str, Any] = {"scio": measure(options.eval_folder / "scio" / "questions.jsonl", SHIPPED, encoder)}
    for part in options.parts:
        sets = PARTS[part]
        own = [measure(OWN / f"{name}.jsonl", transcripts, encoder) for name, transcripts in sets]
        counts = [{key: value for key, value in figure.items() if key != "wrong"} for figure in own]
        shown = own if part == "dev" else counts  # who reads what went wrong in a test part has looked at it
        figures |= {f"{name}, {part}": figure for (name, _), figure in zip(sets, shown, strict=True)}
        figures[f"all of {part}"] = {key: sum(count[key] for count in counts) for key in counts[0]}
    save("answers", figures)


def measure(questions: Path, transcripts: Path, encoder: PassageEncoder) -> dict[str, Any]:
    asked = list(lines(questions))
    with tempfile.TemporaryDirectory() as folder:
        index(Path(folder), [transcripts], load=lambda name: encoder)
        with Pipeline(Library(Path(folder), lambda name: encoder)) as pipeline:
            return judge(asked, [pipeline.ask(line["question"]) for line in asked])


def judge(asked: Sequence[dict[str, Any]], answers: Sequence[Answer]) -> dict[str, Any]:
    right, refused, wrong = 0, 0, []
    for line, answer in zip(asked, answers, strict=True):
        quotes = [span.quote for span in answer.citations[:2]]
        good = any(line["must_quote"] in quote for quote in quotes) if line["answerable"] else not quotes
        right += good and line["answerable"]
        refused += good and not line["answerable"]
        if not good:
            wrong.append({"question": line["question"], "confidence": round(answer.confidence, 3), "quotes": quotes})
    answerable = sum(line["answerable"] for line in asked)
    return {
        "answerable": answerable, "must_quote in the first two quotes": right,
        "unanswerable": len(asked) - answerable, "refused": refused, "wrong": wrong,
    }  # fmt: skip


if __name__ == "__main__":
    main()
