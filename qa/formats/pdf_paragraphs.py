"""Rows to paragraphs: a new one begins at an indent, behind a gap, behind a line that had room for another word.

Words broken at a line's end are mended where the file shows that they are one word; a hyphen of its own stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.formats.origin import find_date
from qa.formats.pdf_rows import Row
from qa.formats.pieces import meet
from qa.text import ends_sentence

_INDENT = 0.5  # of a letter's height
_APART = 1.3  # times the usual distance of two lines
_OTHER_SIZE = 0.1  # by which letters differ that are another kind of text
_SPEAKER = re.compile(
    r"[QA][.:]?\s\s|[A-Z][A-Z.'’ -]{1,60}[.:]\s|(?:[A-Z][\w.'’-]*\s){0,4}[A-Z][\w.'’-]*:\s|\[\d\d?:\d\d"
)
_STOPS = ("—", "–", "-", "…", ":", ")", "]")
_BREAKS = 0.02  # of the lines end in a scrap that is no word: the file breaks words
_SHORT = 0.8  # of the width: a line that leaves more room, and no small letter follows, was ended
_ENOUGH = 8  # rows that a page's own measures can be taken from
_HANGING = 0.2  # of the indents follow a line that runs on: then they are no beginnings
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_HEAD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*(?=[-‐]$)")
_BROKEN = re.compile(r"[^\W\d_]+[-‐\u00ad]$")
_DASH_END = re.compile(r"\S[-‐—]$")


@dataclass(frozen=True, slots=True)
class _Frame:
    """A page's or column's measures: its left margin and how far apart its lines are."""

    left: float
    pitch: float


def paragraphs(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of a file in reading order, cut into paragraphs; one may go on behind the end of a page."""
    layout = _Layout(rows)
    found: list[list[Row]] = []
    for before, row in zip([None, *rows], rows, strict=False):
        if before is None or layout.begins(before, row):
            found.append([])
        found[-1].append(row)
    return found


def body_size(rows: Sequence[Row]) -> float:
    """The height of most letters."""
    sizes = Counter({0.0: 0})
    for row in rows:
        sizes[row.size] += len(row.text)
    return max(sizes, key=lambda size: (sizes[size], size))


class _Layout:
    """The measures of a file, and what they tell of two rows that follow each other."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.frames = _frames(rows)
        self.large = body_size(rows) * (1 + _OTHER_SIZE)
        self.widths = [
            self._usual_width([row for row in rows if (row.column > 0) == columns]) for columns in (False, True)
        ]
        steps = [(a, b) for a, b in pairwise(rows) if a.block == b.block and self._shift(a, b) > 0]
        self.hanging = sum(not self._is_over(a, b) for a, b in steps) > _HANGING * len(steps)

    def _usual_width(self, rows: Sequence[Row]) -> float:
        """How far lines go that are full."""
        widths = sorted(row.right - self.frames[row.block].left for row in rows)
        return widths[len(widths) * 9 // 10] if widths else 0.0

    def begins(self, before: Row, row: Row) -> bool:
        """Whether a paragraph begins with ``row``."""
        if abs(before.size - row.size) > _OTHER_SIZE * max(before.size, row.size):
            return True
        if before.page == row.page and (before.column > 0) != (row.column > 0):
            return True
        if row.size > self.large:  # a title of several lines
            return before.block != row.block or before.y - row.y > 2 * row.size or bool(find_date(row.text))
        return self._is_set_apart(before, row) or self._is_said_apart(before, row)

    def _is_set_apart(self, before: Row, row: Row) -> bool:
        """By a gap, an indent, or in a file of hanging paragraphs by the lack of one."""
        if before.block == row.block and not 0 < before.y - row.y < _APART * self.frames[row.block].pitch:
            return True
        shift, over = self._shift(before, row), ends_sentence(before.text[-20:])
        if shift > 0:
            return over or not self.hanging or self._had_room(before, row)
        return shift < 0 and self.hanging and over

    def _is_said_apart(self, before: Row, row: Row) -> bool:
        """By the line before, which ends early, or by a speaker's name."""
        text = before.text[-20:]
        over = ends_sentence(text)
        if over and _SPEAKER.match(row.text):
            return True
        if (_BROKEN.search(text) and row.text[:1].islower()) or not self._had_room(before, row):
            return False
        short = before.right - self.frames[before.block].left < _SHORT * self.widths[before.column > 0]
        return over or ((short or text.endswith(_STOPS)) and not row.text[:1].islower())

    def _shift(self, before: Row, row: Row) -> int:
        """1: the row is set further to the right than the one before, -1: to the left, 0: neither."""
        by = row.left - before.left
        if before.block != row.block:
            by -= self.frames[row.block].left - self.frames[before.block].left
        return 0 if abs(by) < _INDENT * row.size else 1 if by > 0 else -1

    def _is_over(self, before: Row, row: Row) -> bool:
        return ends_sentence(before.text[-20:]) or self._had_room(before, row)

    def _had_room(self, before: Row, row: Row) -> bool:
        """Whether the row's first word had fitted into the line before."""
        first = row.words[0]
        edge = self.frames[before.block].left + self.widths[before.column > 0]
        return before.right + 0.3 * before.size + first.right - first.left < edge


def _frames(rows: Sequence[Row]) -> dict[int, _Frame]:
    blocks: dict[int, list[Row]] = {}
    for row in rows:
        blocks.setdefault(row.block, []).append(row)
    usual = _pitch(_gaps(rows))
    return {
        block: _Frame(_left(part), _pitch(_gaps(part)) if len(part) > _ENOUGH else usual)
        for block, part in blocks.items()
    }


def _left(rows: Sequence[Row]) -> float:
    """The margin most lines begin at."""
    begins = Counter(round(row.left) for row in rows)
    return float(max(begins, key=lambda left: (begins[left] + begins[left + 1], -left)))


def _gaps(rows: Sequence[Row]) -> list[float]:
    return [above.y - below.y for above, below in pairwise(rows) if above.block == below.block]


def _pitch(gaps: Sequence[float]) -> float:
    """The smallest distance of two lines that is common."""
    steps = Counter(round(gap) for gap in gaps if gap >= 1)
    common = [step for step, times in steps.items() if times * 4 >= steps.total()]
    return float(min(common, default=max(steps, default=1)))


class Joiner:
    """Joins the lines of a file's paragraphs."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Learns which words the file writes with a hyphen and which without, away from the lines' ends, and from that
        whether it breaks words at all: many do not, then each hyphen is the word's own."""
        lines = [row.text for row in rows]
        self.known: Counter[str] = Counter()
        broken = [bool(_BROKEN.search(line)) for line in lines]
        for line, cut, follows in zip(lines, broken, [False, *broken], strict=False):
            inner = _WORD.findall(line)
            self.known.update(word.casefold() for word in inner[follows : len(inner) - cut])
        ends = [(whole, line) for whole, line, cut in zip(lines, lines[1:], broken, strict=False) if cut]
        parts = [part for whole, line in ends if (part := _halves(whole, line))]
        mended = any(self.known[head + tail] > self.known[f"{head}-{tail}"] for head, tail in parts)
        scraps = sum(not self.known[head] for head, _ in parts)
        self.breaks = mended or scraps >= max(1.0, _BREAKS * len(lines))

    def join(self, lines: Iterable[str]) -> tuple[str, list[int]]:
        """One line, nothing but the broken words changed, and where in it each of ``lines`` begins."""
        parts: list[str] = []
        starts: list[int] = []
        length = 0
        for line in lines:
            if parts:
                before, blank = self._seam(parts[-1], line)
                length += len(before) - len(parts[-1]) + len(blank)
                parts[-1:] = [before, blank]
            starts.append(length)
            parts.append(line)
            length += len(line)
        return "".join(parts), starts

    def _seam(self, before: str, line: str) -> tuple[str, str]:
        """The line before, without its last hyphen if that only marks a break, and what stands between the two."""
        if before.endswith("\u00ad"):
            return before[:-1], ""
        if (halves := _halves(before, line)) and self.breaks and not self._is_compound(*halves):
            return before[:-1], ""
        if _DASH_END.search(before) or meet(before, line):
            return before, ""
        return before, " "

    def _is_compound(self, head: str, tail: str) -> bool:
        """Whether "longer-" and "run" are "longer-run": the file writes it so elsewhere, or both are words of it."""
        one, two = self.known[head + tail], self.known[f"{head}-{tail}"]
        if one or two:
            return two >= one
        return "-" in head or (self.known[head] > 0 and self.known[tail] > 0)


def _halves(before: str, line: str) -> tuple[str, str] | None:
    """The two halves of a word with a hyphen at the line's end; None where no small letter follows."""
    head, tail = _HEAD.search(before), _WORD.match(line)
    return (head[0].casefold(), tail[0].casefold()) if head and tail and line[0].islower() else None
