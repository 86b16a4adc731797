"""Questions that a reporter asked and nobody answered: is that what the answer says?

    python -m benchmarks.evaded EVAL_FOLDER

questions/evaded.jsonl holds other words for reporters' questions of the public sets whose replies evade them, each put
to its own conference. The misleading questions of pressqa, parts that the models were not trained on, are put to their
excerpt: where one was asked there, "asked, but not answered" is right, and its exchange is listed to be read.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.machine import save
from benchmarks.sets import lines
from qa import encoder as encoders
from qa import question_sets
from qa.gold import unasked, write_documents
from qa.indexing import index
from qa.library import Library
from qa.pipeline import Pipeline
from qa.types import Scope
from training.examples import question_set

OWN = Path(__file__).parent / "questions" / "evaded.jsonl"
SETS = ("whitehouse_briefings_silver", "fomc_presser_silver")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    folder = parser.parse_args().eval_folder
    encoder = encoders.load()
    written = {line["qid"]: line["question"] for line in lines(OWN)}
    outcomes: Counter[str] = Counter()
    for name in SETS:
        asked = [line for line in lines(folder / name / "questions.jsonl") if line["qid"] in written]
        outcomes += _evaded(folder / name, asked, written, encoder)
    save("evaded", {"paraphrases": len(written), **outcomes, "pressqa, misleading": _misleading(folder, encoder)})


def _evaded(
    folder: Path, asked: list[dict[str, Any]], written: dict[str, str], encoder: encoders.PassageEncoder
) -> Counter[str]:
    documents = {line["doc_id"]: line for line in lines(folder / "corpus.jsonl")}
    outcomes: Counter[str] = Counter()
    for line in asked:
        given = question_sets.QuestionSet(line["doc_id"], (), (documents[line["doc_id"]],))
        with tempfile.TemporaryDirectory() as scratch:
            (held,) = write_documents(given, Path(scratch) / "corpus").values()
            index(Path(scratch) / "library", [Path(scratch) / "corpus"], join=False, load=lambda name: encoder)
            with Pipeline(Library(Path(scratch) / "library", lambda name: encoder)) as pipeline:
                answer = pipeline.ask(written[line["qid"]])
        own = bool(answer.exchange) and held.own[answer.exchange[0].turn] == line["question_turn"]
        outcomes[f"{answer.outcome}{', that question' * own}"] += 1
    return outcomes


def _misleading(folder: Path, encoder: encoders.PassageEncoder) -> dict[str, Any]:
    given = question_sets.read(folder / "pressqa")
    parts = question_set("pressqa", folder)
    kept = {document.id for part in ("fit", "report") for document in parts.part(part).documents}
    asked = [q for q in given.questions if q.document in kept and q.answerable is False]
    outcomes: Counter[str] = Counter()
    exchanges = []
    with tempfile.TemporaryDirectory() as scratch:
        held = write_documents(given, Path(scratch) / "corpus")
        index(
            Path(scratch) / "library", [Path(scratch) / "corpus"], join=False, load=lambda name: encoder,
            keep=unasked(held.values()),
        )  # fmt: skip
        with Pipeline(Library(Path(scratch) / "library", lambda name: encoder)) as pipeline:
            for question in asked:
                answer = pipeline.ask(question.question, Scope(frozenset([held[question.document].id])))
                outcomes[answer.outcome] += 1
                exchanges += [{"question": question.question, "asked": s.quote} for s in answer.exchange[:1]]
    return {**outcomes, "exchanges": exchanges}


if __name__ == "__main__":
    main()
