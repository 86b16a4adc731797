"""Files of questions with what is known about their answers, in the forms that `qa eval` takes.

- The common form: a folder with corpus.jsonl and questions.jsonl, which bring their own transcripts.
- Lines of {"question", "answerable", "must_quote"}: a string that the right quote holds.
- Answers that somebody marked right or wrong: {"question", "quotes", "right"}, as the page keeps them, with the
  "exchange" that was shown instead of quotes and the "transcripts" that were asked. Right: the first quote has to come
  again, and where there was none, none may. Wrong: what was shown must not come again, and where nothing was, there
  should have been a quote. Of several lines with one "id" the last counts; "right": null is no mark.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qa.errors import QAError
from qa.question import check_question

_CORPUS, _QUESTIONS = "corpus.jsonl", "questions.jsonl"
_UNNAMED = "all"  # kind of a question that has none


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of a turn of a document; offsets count code points of the turn's text. ``also``: not a part of the
    answer, another place that says the same."""

    turn: int
    start: int
    end: int
    text: str = ""
    also: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its gold: ``places`` or ``must_quote`` answer, ``turns`` are relevant, ``not_these`` were shown
    once and were wrong. ``answerable`` is None where nobody said. ``document`` is "" if it is put to the whole library;
    ``own_turn``: where the question itself stands; ``transcripts``: ids of those of the library that were asked, none:
    all."""

    id: str
    question: str
    answerable: bool | None
    kind: str = _UNNAMED
    document: str = ""
    places: tuple[Place, ...] = ()
    turns: frozenset[int] = frozenset()
    must_quote: str = ""
    not_these: tuple[str, ...] = ()
    own_turn: int | None = None
    transcripts: tuple[str, ...] = ()

    @property
    def has_gold(self) -> bool:
        """Whether it is known what answers; of an answer marked wrong only is known what does not."""
        return bool(self.must_quote or self.places or self.turns)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """``documents`` are lines of corpus.jsonl; without them the questions are put to a library."""

    name: str
    questions: tuple[Asked, ...]
    documents: tuple[dict[str, Any], ...] = field(default=(), repr=False)


def read(path: Path) -> QuestionSet:
    """Reads a folder or a file of questions. Raises QAError, one line with file and line number."""
    file = path / _QUESTIONS if path.is_dir() else path
    lines = {f"{file}: line {number}": (line, number) for number, line in _last_words(list(_lines(file)))}
    questions = tuple(_asked(line, where, number) for where, (line, number) in lines.items())
    if not questions:
        raise QAError(f"{file}: no questions in it")
    corpus = file.parent / _CORPUS
    named = {asked.document for asked in questions if asked.document}
    if not named or not corpus.is_file():
        if unknown := next(iter(sorted(named)), ""):
            raise QAError(f"{file}: document {unknown!r} is named, but there is no {corpus}")
        return QuestionSet(_name(file), questions)
    documents = tuple(_document(line, f"{corpus}: line {number}") for number, line in _lines(corpus))
    if unknown := next(iter(sorted(named - {line["doc_id"] for line in documents})), ""):
        raise QAError(f"{file}: document {unknown!r} is not in {corpus}")
    held = {line["doc_id"]: line for line in documents}
    for where, asked in zip(lines, questions, strict=True):
        if asked.document:
            _check_places(asked, held[asked.document]["turns"], where)
    worded = tuple(_worded(asked, held[asked.document]["turns"]) if asked.places else asked for asked in questions)
    return QuestionSet(_name(file), worded, tuple(held.values()))


def _check_places(asked: Asked, turns: list[dict[str, Any]], where: str) -> None:
    """Raises QAError for a place that is not there: it would count as missed. One that also says so may be anywhere."""
    places = [place for place in asked.places if not place.also]
    also = {place.turn for place in asked.places if place.also}
    for turn in sorted(asked.turns - also | {place.turn for place in places}):
        if not 0 <= turn < len(turns):
            raise QAError(f"{where}: turn {turn} of {asked.document!r}, which has {len(turns)}, counted from 0")
    for place in places:
        size = len(turns[place.turn]["text"])
        if not 0 <= place.start < place.end <= size:
            span = f"{place.start} to {place.end}"
            raise QAError(f"{where}: characters {span} of turn {place.turn} of {asked.document!r}, which has {size}")


def _worded(asked: Asked, turns: list[dict[str, Any]]) -> Asked:
    """With the words of its places, which a file need not repeat."""
    places = (
        place if place.text or not 0 <= place.turn < len(turns)
        else replace(place, text=turns[place.turn]["text"][place.start : place.end])
        for place in asked.places
    )  # fmt: skip
    return replace(asked, places=tuple(places))


def _name(file: Path) -> str:
    return file.resolve().parent.name if file.name == _QUESTIONS else file.stem


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with file.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, _object(line, f"{file}: line {number}")
    except UnicodeDecodeError:
        raise QAError(f"{file}: not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise QAError(f"{file}: {error.strerror or error}") from None


def _last_words(lines: list[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Of several lines on one answer the last: who judged it thought again, or took it back with "right": null."""
    last = {str(line["id"]): number for number, line in lines if "right" in line and "id" in line}
    for number, line in lines:
        superseded = "right" in line and "id" in line and last[str(line["id"])] != number
        if not superseded and line.get("right", True) is not None:
            yield number, line


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QAError(f"{where}: not JSON: {error}") from None
    if not isinstance(found, dict):
        raise QAError(f"{where}: expected an object, as in " + '{"question": "...", "answerable": false}')
    return found


def _document(line: dict[str, Any], where: str) -> dict[str, Any]:
    turns = line.get("turns")
    told = isinstance(turns, list) and all(
        isinstance(turn, dict) and isinstance(turn.get("text"), str) and isinstance(turn.get("speaker", ""), str)
        for turn in turns
    )
    if not told or not isinstance(line.get("doc_id"), str):
        raise QAError(f'{where}: expected "doc_id" and "turns", each with "speaker" and "text"')
    return line


def _asked(line: dict[str, Any], where: str, number: int) -> Asked:
    if not isinstance(line.get("question"), str) or not line["question"].strip():
        raise QAError(f'{where}: no "question"')
    try:
        check_question(line["question"])
        asked = _judged(line, number) if "right" in line else _with_gold(line, number)
        # Half a surrogate, which JSON may hold, can be written into no report.
        "".join((asked.id, asked.kind, asked.document, asked.must_quote, *asked.not_these)).encode()
        return asked
    except QAError as error:
        raise QAError(f"{where}: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise QAError(f"{where}: cannot use it: {type(error).__name__}: {error}") from None


def _with_gold(line: dict[str, Any], number: int) -> Asked:
    answerable = line["answerable"]
    if not isinstance(answerable, bool):
        raise TypeError('"answerable" is neither true nor false')
    places = tuple(
        Place(int(span["turn"]), int(span["start"]), int(span["end"]), str(span.get("text") or ""), key == "also_spans")
        for key in ("answer_spans", "also_spans")
        for span in line.get(key, ())
    )
    must_quote = str(line.get("must_quote") or "")
    turns = frozenset(map(int, line.get("relevant_turns", ()))) | {place.turn for place in places}
    if answerable and not (turns or must_quote):
        raise ValueError('an answerable question needs "must_quote", "answer_spans" or "relevant_turns"')
    if turns and not line.get("doc_id"):
        raise ValueError('"answer_spans" and "relevant_turns" need "doc_id": the document whose turns they count')
    own = line.get("question_turn")
    return Asked(
        str(line.get("qid") or line.get("id") or number), line["question"], answerable,
        str(line.get("kind") or _UNNAMED), str(line.get("doc_id") or ""), places if answerable else (),
        turns if answerable else frozenset(), must_quote if answerable else "", (), None if own is None else int(own),
    )  # fmt: skip


def _judged(line: dict[str, Any], number: int) -> Asked:
    """An answer that was right is what has to be quoted again; one that was wrong must not come again."""
    quotes, exchange, chosen = (_strings(line, key) for key in ("quotes", "exchange", "transcripts"))
    if not isinstance(line["right"], bool):
        raise TypeError('"right" is neither true nor false')
    name, question = str(line.get("id") or number), line["question"]
    if line["right"]:
        return Asked(
            name, question, bool(quotes), "marked right", must_quote=quotes[0] if quotes else "", transcripts=chosen
        )
    wrong = quotes + exchange
    return Asked(name, question, None if wrong else True, "marked wrong", not_these=wrong, transcripts=chosen)


def _strings(line: dict[str, Any], key: str) -> tuple[str, ...]:
    found = line.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise TypeError(f'"{key}" is not a list of strings')
    return tuple(found)
