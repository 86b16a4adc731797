"""What each command of the command line does: takes its options, prints, and returns the exit code."""

from __future__ import annotations

import argparse
import codecs
import getpass
import importlib
import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from qa import inputs
from qa.errors import CitationError, LibraryError, QAError


def say(line: str) -> None:
    """One line on stderr; what a file's name or text could do to the terminal is shown, not done."""
    from qa.text import printable

    print(f"qa: {printable(line)}", file=sys.stderr)


def _dumps(data: Any) -> str:
    """JSON as stdout can take it: what is not UTF-8 gets letters beyond ASCII as JSON writes them."""
    plain = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    return json.dumps(data, ensure_ascii=not plain, allow_nan=False)


# -- index ---------------------------------------------------------------------------------------------------------


def index(options: argparse.Namespace) -> int:
    from qa import indexing
    from qa.transcripts import FORMATS

    if not (options.paths or options.remove or options.rebuild):
        raise QAError("nothing to index; name files or folders, as in: python -m qa index corpus/")
    with _Bar() as bar:
        report = indexing.index(
            options.index, options.paths,
            remove=options.remove, encoder=options.encoder, rebuild=options.rebuild, join=options.join,
            progress=partial(bar.show, "encoding"),
        )  # fmt: skip
    looks = [f"{names[0]} ... {names[-1]} look like {len(names)} pages of one event; add --join to index them as one "
             "transcript" for names in report.events]  # fmt: skip
    for line in (*report.failed, *report.notes, *looks):
        say(line)
    kinds = {kind: getattr(report, kind) for kind in ("added", "replaced", "removed", "unchanged", "failed")}
    if options.json:
        more = {"encoded": report.encoded, "events": report.events, "joined": report.joined}
        print(_dumps({**kinds, **more}))
    else:
        counts = ", ".join(f"{len(names)} {kind}" for kind, names in kinds.items() if names)
        counts = counts or f"nothing to do; there is no file that ends in {', '.join(FORMATS)}"
        print(f"{counts}; {report.encoded} passages encoded", file=sys.stderr)
    done = report.added or report.replaced or report.removed or report.unchanged
    return 0 if not report.failed else 1 if done else 2


class _Bar:
    """A progress bar on stderr: what is done, how far, how fast, time left; nothing where stderr is no terminal."""

    def __enter__(self) -> _Bar:
        self._bar: Any = None
        self._what = ""
        return self

    def show(self, what: str, done: int, total: int) -> None:
        if what != self._what:
            from tqdm import tqdm

            self.__exit__()
            self._what = what
            self._bar = tqdm(total=total, desc=what, disable=None, file=sys.stderr)
        self._bar.update(done - self._bar.n)

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()


# -- inspect -------------------------------------------------------------------------------------------------------


def inspect(options: argparse.Namespace) -> int:
    from qa import inspection, transcripts

    found = transcripts.find(options.paths, options.index)
    reports: list[dict[str, Any]] = []
    failed = list(found.errors)
    for path, source in found.files:
        try:
            report = inspection.inspect(path, source)
        except QAError as error:
            failed.append(str(error))
            continue
        reports.append(inspection.to_dict(report))
        if not options.json:
            print(inspection.to_text(report, options.all))
    for line in failed:
        say(line)
    if options.json:
        print(_dumps({"reports": reports, "failed": failed}))
    return 0 if not failed else 1 if reports else 2


# -- ask and search ------------------------------------------------------------------------------------------------


def _as_json(answer: Any, given: dict[str, Any] | None = None) -> str:
    from qa.render import answer_to_dict

    return _dumps({**(given or {}), **answer_to_dict(answer)}) + "\n"


def _as_annotations(answer: Any) -> str:
    from qa.render import to_annotations

    return _dumps(to_annotations(answer)) + "\n"


def _with(name: str) -> Callable[[Any], str]:
    return lambda answer: str(getattr(importlib.import_module("qa.render"), name)(answer))


FORMATS: dict[str, Callable[[Any], str]] = {
    "text": _with("to_text"),
    "json": _as_json,
    "markdown": _with("to_markdown"),
    "html": _with("to_html"),
    "annotations": _as_annotations,
}


def _pipeline(options: argparse.Namespace) -> Any:
    from qa.library import Library
    from qa.pipeline import Pipeline

    return Pipeline(Library(options.index), models=_models(options))


def _models(options: argparse.Namespace) -> Any:
    from qa.pipeline import Models

    return Models(options.reader, options.reranker, options.fast)


def ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        raise QAError('give one question, or --batch FILE; for example: python -m qa ask "When was this?"')
    with _pipeline(options) as pipeline:
        scope = pipeline.library.scope(options.transcript, options.speaker)
        if options.batch is not None:
            return _batch(inputs.lines(options.batch), lambda question: pipeline.ask(question, scope, options.k))
        answer = pipeline.ask(inputs.question(options.question), scope, options.k)
        sys.stdout.write(FORMATS["json" if options.json else options.format](answer))
    return 0


def _batch(lines: Iterable[str], ask: Callable[[str], Any]) -> int:
    """One answer a line, in the order of the questions; a line that is no question gives a line with its error."""
    failed = blank = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            blank += 1
            continue
        failed += blank
        for empty in range(number - blank, number):  # blank lines at the end ask nothing
            _batch_error(f"line {empty}: it is blank", {})
        blank = 0
        given: dict[str, Any] = {}
        try:
            question, given = inputs.question_of(line)
            sys.stdout.write(_as_json(ask(question), given))
        except QAError as error:
            failed += 1
            _batch_error(f"line {number}: {error}", given)
        sys.stdout.flush()
    return 1 if failed else 0


def _batch_error(error: str, given: dict[str, Any]) -> None:
    say(error)
    sys.stdout.write(_dumps({**given, "question": None, "error": error}) + "\n")


def search(options: argparse.Namespace) -> int:
    from qa.render import hits_to_text, search_to_dict

    with _pipeline(options) as pipeline:
        scope = pipeline.library.scope(options.transcript, options.speaker)
        question = inputs.question(options.question)
        hits, reports = pipeline.search(question, scope, options.k)
    if options.json:
        print(_dumps(search_to_dict(question, hits, reports)))
    else:
        sys.stdout.write(hits_to_text(hits, reports))
    return 0


# -- verify --------------------------------------------------------------------------------------------------------


def verify(options: argparse.Namespace) -> int:
    from qa.library import Library
    from qa.text import printable
    from qa.verification import verify_each

    try:
        records = Library(options.index)
    except LibraryError:
        if options.index.exists():
            raise
        records = None  # the files alone can still be checked
    claims = list(inputs.claims(options.answers))
    try:
        results = verify_each(claims, records, options.root)
    except CitationError as error:
        raise CitationError(f"{options.answers}: {error}") from None
    if not results and not options.json:
        print("no citations to check: nothing is quoted from the record")
    elif options.json:
        print(_dumps(results))
    else:
        for result in results:
            print(f"{result['citation']}: {result['status']}: {printable(result['detail'])}")
        print(f"{sum(r['status'] == 'verbatim' for r in results)} of {len(results)} verbatim", file=sys.stderr)
    return 0 if all(result["status"] == "verbatim" for result in results) else 1


# -- eval ----------------------------------------------------------------------------------------------------------


def evaluate(options: argparse.Namespace) -> int:
    from qa import comparing, evaluation

    if options.compare:
        before, after = map(comparing.load, options.compare)
        found = comparing.compare(before, after)
        sys.stdout.write(_dumps(found) + "\n" if options.json else comparing.to_text(found))
        return 0
    if options.questions is None:
        raise QAError("name a file or folder of questions, or two reports: --compare A B")
    with _Bar() as bar:
        data, out = evaluation.run(
            options.questions, options.out, library=options.index, corpus=options.corpus, pooled=options.pooled,
            encoder=options.encoder, models=_models(options), most=options.most, seed=options.seed, progress=bar.show,
        )  # fmt: skip
    figures = {key: value for key, value in data.items() if key != "each"}
    sys.stdout.write(_dumps(figures) + "\n" if options.json else evaluation.to_text(data))
    say(f"written to {out}: {evaluation.RESULTS}, and {evaluation.PAGE} to look at")
    return 0


# -- serve and doctor ----------------------------------------------------------------------------------------------


def serve(options: argparse.Namespace) -> int:
    from qa import serving

    serving.serve(options, _models(options), say)
    return 0


def password(options: argparse.Namespace) -> int:
    from qa.auth import line_for

    if sys.stdin.isatty():
        typed = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != typed:
            raise QAError("the two passwords differ; nothing was made")
    else:
        typed = "".join(inputs.lines("-")).removesuffix("\n").removesuffix("\r")
    print(line_for(options.name, typed))
    return 0


def doctor(options: argparse.Namespace) -> int:
    from qa.doctor import examine, to_text

    findings = examine(options.index)
    print(_dumps(findings)) if options.json else sys.stdout.write(to_text(findings))
    return 1 if findings["problems"] else 0
