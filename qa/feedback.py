"""What people think of answers, a line of JSON each in the library's folder: a question set that `qa eval` reads.

A line has what `qa.question_sets` takes ("question", "quotes" and "exchange" in the record's words, "transcripts",
"right"), and beside it when, about which answer, the note, and where the quotes stand. Of several lines with one "id"
the last counts; "right": null takes back what was said. The file is only ever appended to, and sent nowhere.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from qa.errors import CitationError, QAError
from qa.recheck import Recheck
from qa.types import Span
from qa.verification import Records

fcntl: ModuleType | None = None
with suppress(ImportError):  # Windows has none; there only one server may write
    import fcntl

FILE = "feedback.jsonl"
_MOST = 16 << 20  # bytes of the file: tens of thousands of answers
_LOCK = threading.Lock()
Claims = Sequence[Mapping[str, Any]]


def record(
    identity: str, question: str, right: bool | None, note: str, claims: Claims, exchange: Claims,
    chosen: Sequence[str], records: Records, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """``claims`` are the answer's citations, or ``exchange`` what was shown instead; their words are read from the
    record. ``chosen``: ids of the transcripts that were asked, none: all. Raises CitationError if a citation is not in
    the record as it was cited."""
    checks = Recheck(records)
    # What is taken back needs no quote: the record may have changed since.
    spans, shown = ([_found(checks, one) for one in own if right is not None] for own in (claims, exchange))
    return {
        "question": question, "right": right, "quotes": [span.quote for span in spans], "note": note,
        "exchange": [span.quote for span in shown], "transcripts": list(chosen),
        "id": identity, "time": now.isoformat(timespec="seconds"), "citations": [_place(span) for span in spans],
    }  # fmt: skip


def _found(checks: Recheck, claim: Mapping[str, Any]) -> Span:
    found = checks.find(claim)
    if found.span is None:
        raise CitationError(f"a quote is no longer in the record as it was cited ({found.status}); ask again")
    return found.span


def _place(span: Span) -> dict[str, Any]:
    source = span.transcript.source
    return {"transcript": span.transcript.id, "source": source, "start": span.start, "end": span.end}


def append(folder: Path, line: Mapping[str, Any], most: int = _MOST) -> None:
    """The whole line or nothing, whoever else writes. Raises QAError."""
    content = json.dumps(line, ensure_ascii=True).encode() + b"\n"
    path = folder / FILE
    try:
        with _LOCK, path.open("a+b", buffering=0) as file:
            _write(file, content, most)
    except OSError as error:
        raise QAError(f"{path}: {error.strerror or error}") from None


def _write(file: BinaryIO, content: bytes, most: int) -> None:
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
    size = file.seek(0, 2)
    if size and file.seek(size - 1) + 1 and file.read(1) != b"\n":  # edited by hand, or cut short
        content = b"\n" + content
    if size + len(content) > most:
        raise QAError(f"{FILE} has reached {most >> 20} MB; move it away to keep more")
    if file.write(content) != len(content):
        file.truncate(size)
        raise OSError("the disk is full")
