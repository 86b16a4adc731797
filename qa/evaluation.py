"""A set of questions to a report: indexes what it needs, asks, counts, and writes results.json and the page."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import qa
from qa import figures, machine, question_sets, report
from qa.encoder import load as load_encoder
from qa.errors import QAError
from qa.evaluate import UNANSWERABLE, evaluate
from qa.gold import Held, unasked, write_documents
from qa.indexing import index
from qa.library import EncoderLoader, Library
from qa.pipeline import Models, Pipeline
from qa.question_sets import Asked, QuestionSet
from qa.report import PAGE, RESULTS
from qa.text import printable

__all__ = ["PAGE", "RESULTS", "run", "to_text"]

Progress = Callable[[str, int, int], None]
"""Called with what is done ("encoding", "asking"), how far it is, and how far it goes."""


def run(
    questions: Path,
    out: Path | None = None,
    *,
    library: Path | None = None,
    corpus: Path | None = None,
    pooled: bool = False,
    encoder: str = "",
    models: Models = Models(),
    most: int = 0,
    seed: int = 1,
    progress: Progress = lambda what, done, total: None,
    load: EncoderLoader = load_encoder,
) -> tuple[dict[str, Any], Path]:
    """Puts the questions to the transcripts that come with them, else to those in ``corpus``, else to ``library``;
    ``most`` questions, drawn by ``seed``, if there are more. Returns what results.json holds, and its folder: eval-NAME
    unless told. Raises QAError."""
    given = question_sets.read(questions)
    asked = _drawn(given.questions, most, seed)
    out = out or Path(f"eval-{given.name}")
    report.check_folder(out)
    with tempfile.TemporaryDirectory() as scratch:
        folder, held = _indexed(given, corpus, library, Path(scratch), encoder, progress, load)
        with Pipeline(Library(folder, load), models=models) as pipeline:
            results = evaluate(
                asked, pipeline, held, pooled=pooled, seed=seed,
                progress=lambda done, total: progress("asking", done, total),
            )  # fmt: skip
            manifest, passages = pipeline.library.manifest, pipeline.library.passage_count()
    about = {
        "set": given.name + (", all documents pooled" if pooled and held else ""), "seed": seed,
        "questions": len(asked), "passages": passages, "encoder": manifest.encoder,
        "encoder sha256": manifest.sha256, "reader": "none" if models.fast else models.reader or "shipped",
        "reranker": models.reranker or "none", "version": qa.__version__, "commit": machine.commit(),
        "machine": machine.machine(), **machine.versions(),
    }  # fmt: skip
    return report.write(out, about, figures.figures(results, seed), results), out


def _drawn(questions: Sequence[Asked], most: int, seed: int) -> Sequence[Asked]:
    if not 0 < most < len(questions):
        return questions
    kept = sorted(random.Random(seed).sample(range(len(questions)), most))
    return [questions[i] for i in kept]


def _indexed(
    given: QuestionSet, corpus: Path | None, library: Path | None, scratch: Path, encoder: str,
    progress: Progress, load: EncoderLoader,
) -> tuple[Path, dict[str, Held]]:  # fmt: skip
    """The folder of the library to ask, and how it holds the set's documents."""
    if not given.documents and corpus is None:
        if library is None:
            raise QAError(f"{given.name}: the questions bring no transcripts; name them: --corpus FOLDER")
        if encoder:
            raise QAError("--encoder needs --corpus: a library is asked with the encoder it was made with")
        return library, {}
    held = write_documents(given, scratch / "corpus") if given.documents else {}
    source = scratch / "corpus" if held else corpus
    assert source is not None
    made = index(
        scratch / "library", [source], encoder=encoder, join=False, load=load, keep=unasked(held.values()),
        progress=lambda done, total: progress("encoding", done, total),
    )  # fmt: skip
    if made.failed:
        raise QAError(made.failed[0])
    return scratch / "library", held


def to_text(data: dict[str, Any]) -> str:
    """The figures that decide, a line each."""
    asked = ", ".join(f"{count} {group}" for group, count in data["questions"].items())
    lines = [f"{printable(data['about']['set'])}: {asked}"]
    sections = {**data["retrieval"], "answers": data["answers"], "marked wrong": data["marked wrong"]}
    sections |= {g: data["refusals"][g] for g in UNANSWERABLE if g in data["refusals"]}
    for section, found in ((section, found) for section, found in sections.items() if found):
        lines.append(f"\n{section}")
        lines += [
            f"  {name:32} {f['value']:.3f}  ({f['low']:.3f} to {f['high']:.3f}, n = {f['questions']})"
            for name, f in found.items()
        ]
    speed = ", ".join(f"{stage} {t['p50 ms']:.0f} ms (p95 {t['p95 ms']:.0f})" for stage, t in data["speed"].items())
    return "\n".join([*lines, *(["", f"half the questions within: {speed}"] if speed else [])]) + "\n"
