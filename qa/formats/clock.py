"""Times written in a transcript's own text: "(00:12:03)", "\\[01:46\\]", "[00:05.000 --> 00:09.500]", or "12:03" alone
on a line. A time of day ("7:06 P.M.") is none of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.formats.rows import Rows

_TIME = r"\d{1,3}(?::[0-5]\d){1,2}(?:[.,]\d{1,3})?(?![\d:])(?![^\S\n]*[AaPp]\.?[Mm]\b)"
BARE = rf"{_TIME}(?:[^\S\n]*(?:-->|[-–—])[^\S\n]*{_TIME})?"
STAMP = rf"\\?[\[(][^\S\n]*{BARE}[^\S\n]*\\?[\])]"
_OPENING = re.compile(rf"(?P<bracketed>{STAMP})[^\S\n]*|(?P<bare>{BARE})(?:[^\S\n]+|$)")
_FLAT = re.compile(r"(?<=\s)\d\d:[0-5]\d:[0-5]\d(?=\s)")
_ANY = re.compile(r"\d+(?::\d+){1,2}(?:[.,]\d+)?")


class Mark(NamedTuple):
    """A time in the text, nobody's words: its characters, and what it says."""

    start: int
    end: int
    seconds: float
    until: float | None
    certain: bool  # a bare "12:03" may as well be a score or a verse


def read(stamp: str) -> tuple[float, float | None]:
    """ "[00:12:03 --> 00:12:09]" to (723.0, 729.0); the second is None where one time is given."""
    times = [_seconds(match[0]) for match in _ANY.finditer(stamp)]
    return times[0], (times[1] if len(times) > 1 and times[1] >= times[0] else None)


def _seconds(time: str) -> float:
    total = 0.0
    for part in time.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def marks(text: str, lines: Rows, clocked: bool) -> list[Mark]:
    """The times that stand alone on a line or open one, if the file as a whole shows that they are a clock.

    ``clocked``: it has times beside its speakers' names, which is proof enough.
    """
    found: list[Mark] = []
    bare = 0
    for start, end in lines.opened("\\[(0123456789"):
        if match := _OPENING.match(text, start, end):
            lone = match.end() == end
            bare += not lone and match["bare"] is not None
            seconds, until = read(match[0])
            certain = match["bracketed"] is not None or (lone and match["bare"].count(":") > 1)
            found.append(Mark(start, match.end(), seconds, until, certain or lone))
    if bare and (bare < 3 or bare * 4 < len(lines)):  # "12:30 is when we meet", wrapped
        found = [mark for mark in found if mark.certain]
    long = len(found) == 1 and _ANY.search(text, found[0].start).group().count(":") > 1  # type: ignore[union-attr]
    return found if runs([mark.seconds for mark in found]) and (clocked or len(found) > 1 or long) else []


def marks_in_line(text: str, start: int) -> list[Mark]:
    """The times "00:12:03" anywhere behind ``start``: for a text whose line breaks were lost."""
    found = [Mark(*match.span(), read(match[0])[0], None, True) for match in _FLAT.finditer(text, start)]
    return found if runs([mark.seconds for mark in found]) else []


def runs(times: Sequence[float]) -> bool:
    """Whether the times go forward as a clock does; a recording in parts may start again now and then."""
    back = sum(later < earlier for earlier, later in pairwise(times))
    return back * 5 <= len(times)
