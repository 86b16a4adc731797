"""Answers and refusals on a file of {"question", "answerable", "must_quote"} lines.

python -m benchmarks.answers QUESTIONS.jsonl TRANSCRIPTS
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.machine import save
from qa.indexing import index
from qa.library import Library
from qa.pipeline import Pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("transcripts", type=Path)
    options = parser.parse_args()
    lines = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        index(Path(folder), [options.transcripts])
        with Pipeline(Library(Path(folder))) as pipeline:
            answers = [pipeline.ask(line["question"]) for line in lines]
    right, refused, wrong = 0, 0, []
    for line, answer in zip(lines, answers, strict=True):
        quotes = [span.quote for span in answer.citations[:2]]
        good = any(line["must_quote"] in quote for quote in quotes) if line["answerable"] else not quotes
        right += good and line["answerable"]
        refused += good and not line["answerable"]
        if not good:
            wrong.append({"question": line["question"], "confidence": round(answer.confidence, 3), "quotes": quotes})
    answerable = sum(line["answerable"] for line in lines)
    save("answers", {
        "answerable": answerable, "must_quote in the first two quotes": right,
        "unanswerable": len(lines) - answerable, "refused": refused, "wrong": wrong,
    })  # fmt: skip


if __name__ == "__main__":
    main()
