"""Questions and citations out of files and stdin, as the command line is given them."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from qa.errors import CitationError, QAError


def lines(name: str) -> Iterator[str]:
    """The lines of a file or of stdin, read as they come; bytes that are not UTF-8 become half surrogates."""
    if name == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig", errors="surrogateescape") as file:
            yield from file
    except OSError as error:
        raise QAError(f"{name}: {error.strerror or error}") from None


def question(argument: str) -> str:
    """The question given as an argument; "-" stands for stdin."""
    return "".join(lines("-")) if argument == "-" else argument


def question_of(line: str) -> tuple[str, dict[str, Any]]:
    """The question in a line of a batch, and the "id" it may have. Raises QAError if it is anything else."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict) or not isinstance(asked.get("question"), str):
        raise QAError('expected {"question": "..."}')
    if unknown := [key for key in asked if key not in ("question", "id")]:
        raise QAError(f'unknown key {json.dumps(unknown[0])}; a line has "question" and perhaps "id"')
    given = {"id": asked["id"]} if "id" in asked else {}
    name = given.get("id", 0)
    if not isinstance(name, str | int | float) or (isinstance(name, float) and not math.isfinite(name)):
        raise QAError('"id" must be a string or a number')
    return asked["question"], given


def claims(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every citation in the file, with its place: an answer, a list of answers, answers line by line, or citations."""
    text = "".join(lines(name))
    if not text.strip():
        raise CitationError(f"{name}: it is empty")
    try:
        documents = [json.loads(text)]
    except (ValueError, RecursionError):
        try:
            documents = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError) as error:
            raise CitationError(f"{name}: not JSON: {error}") from None
    try:
        yield from claims_in(documents)
    except CitationError as error:
        raise CitationError(f"{name}: {error}") from None


def claims_in(documents: Sequence[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every citation in what JSON gave, and where somebody asked the same; the closest passages, "hits", are no
    citations. Raises CitationError where an answer has none."""
    answers = documents[0] if len(documents) == 1 and isinstance(documents[0], list) else documents
    for number, answer in enumerate(answers, 1):
        given = answer.get("citations", [answer] if "quote" in answer else None) if isinstance(answer, dict) else None
        if not _are_claims(given):
            if isinstance(answer, dict) and "error" in answer:
                continue
            raise CitationError(f"answer {number} has no list of citations")
        exchange = answer.get("exchange", [])
        if not _are_claims(exchange):
            raise CitationError(f'answer {number}: its "exchange" is no list of citations')
        yield from ((f"answer {number}, citation {place}", claim) for place, claim in enumerate(given, 1))
        yield from ((f"answer {number}, exchange {place}", claim) for place, claim in enumerate(exchange, 1))


def _are_claims(given: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(given, list) and all(isinstance(claim, dict) for claim in given)
