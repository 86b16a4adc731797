"""What the pages of a PDF print around a transcript: running heads and feet, page numbers, numbers of lines.

Recognised over all pages by what stands at the same height at their edges again and again but for its digits; a page of
its own or of the odd pages only counts as well. What is seen once was said.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from qa.formats.pdf_rows import Row

_EDGE = 4  # rows of a head or a foot at most
_SHARE = 0.45  # of the pages: a head of the odd ones stands on half of them, less those where a chapter begins
_LESS = 0.3  # of the pages, where it counts them or stands apart from the text
_SLACK = 4.0  # points by which a running head's height may differ
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)
_NUMBER = re.compile(
    r"\W{0,4}(?:page|p\.|seite|第)?\s?(?P<n>\d{1,5})\W{0,4}(?:(?:of|/|von|de)\s?\d{1,5})?[\s页頁]?\W{0,4}",
    re.IGNORECASE,
)
_COUNTED = 0.9  # of the numbers in front of lines count up by one
_LINES = 6  # fewer numbers down a page are a list


def without_furniture(pages: Sequence[Sequence[Row]]) -> tuple[list[list[Row]], list[str]]:
    """The pages without furniture, and the texts of the heads and feet that were taken off."""
    own = _running(pages) | _page_numbers(pages)
    removed: list[str] = []
    kept: list[list[Row]] = []
    for number, page in enumerate(pages):
        rest = list(page)
        for last in (False, True):
            while rest and (number, _place(page, rest[-1 if last else 0])) in own:
                removed.append(rest.pop(-1 if last else 0).text)
        kept.append(rest)
    return _without_line_numbers(kept), removed


def _place(page: Sequence[Row], row: Row) -> int:
    """The row's number on its page; rows are told apart by identity, a page may print one text twice."""
    return next(index for index, other in enumerate(page) if other is row)


def _edges(page: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """(index, edge) of the rows near the top, edge 0, and the bottom, edge 1."""
    for index in range(min(_EDGE, len(page))):
        yield index, 0
    for index in range(max(0, len(page) - _EDGE), len(page)):
        yield index, 1


def _running(pages: Sequence[Sequence[Row]]) -> set[tuple[int, int]]:
    """(page, row) of what recurs but for its digits at one height: on a third of the pages; apart from the text, on
    three pages in a row, or three odd or even ones, is enough."""
    pitch = _pitch(pages)
    seen: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for index, edge in _edges(page):
            seen[_DIGITS.sub("#", page[index].text), edge].append((number, index))
    found: set[tuple[int, int]] = set()
    for (key, edge), places in seen.items():
        level = _common_height([pages[n][i].y for n, i in places])
        places = [(n, i) for n, i in places if abs(pages[n][i].y - level) <= _SLACK]
        apart = [(n, i) for n, i in places if _is_apart(pages[n], i, edge, pitch)]
        less = key != pages[places[0][0]][places[0][1]].text or len(apart) * 2 > len(places)
        often = len(places) >= max(3, (_LESS if less else _SHARE) * len(pages))
        if often or (len(pages) == 2 and len(apart) == 2) or _in_a_row([number for number, _ in apart]):
            found.update(places)
    return found


def _common_height(heights: Sequence[float]) -> float:
    return Counter(round(y / _SLACK) for y in heights).most_common(1)[0][0] * _SLACK


def _in_a_row(numbers: Sequence[int]) -> bool:
    have = set(numbers)
    return any({n, n + step, n + 2 * step} <= have for n in have for step in (1, 2))


def _is_apart(page: Sequence[Row], index: int, edge: int, pitch: float) -> bool:
    """Whether a wider gap than between the lines of the file follows towards the page's middle."""
    inner = index + (1 if edge == 0 else -1)
    if not 0 <= inner < len(page):
        return len(page) == 1
    return abs(page[inner].y - page[index].y) > 1.25 * pitch


def _pitch(pages: Sequence[Sequence[Row]]) -> float:
    """How far apart lines are, in the middle of all cases."""
    gaps = sorted(above.y - below.y for page in pages for above, below in pairwise(page))
    return gaps[len(gaps) // 2] if gaps else 0.0


def _page_numbers(pages: Sequence[Sequence[Row]]) -> set[tuple[int, int]]:
    """Numbers alone at an edge that count up with the pages; Roman ones, and a single one, if they stand apart."""
    pitch = _pitch(pages)
    found: list[tuple[int, int, int]] = []
    alone: set[tuple[int, int]] = set()
    for number, page in enumerate(pages):
        for index, edge in _edges(page):
            text = page[index].text
            if match := _NUMBER.fullmatch(text):
                found.append((int(match["n"]) - number, number, index))
                alone |= {(number, index)} if found[-1][0] == 1 and _is_apart(page, index, edge, pitch) else set()
            elif _ROMAN.fullmatch(text.strip("-–— .")) and _is_apart(page, index, edge, pitch):
                found.append((-1, number, index))
    shifts = Counter(shift for shift, _, _ in {(shift, number, 0) for shift, number, _ in found})
    often = {shift for shift, times in shifts.items() if times > 1}
    return alone | {(number, index) for shift, number, index in found if shift in often}


def _without_line_numbers(pages: list[list[Row]]) -> list[list[Row]]:
    """Takes 1, 2, 3 ... in front of the lines off if most lines of most pages are numbered so."""
    numbered = [page for page in pages if _is_numbered(page)]
    if not numbered or len(numbered) * 2 < sum(bool(page) for page in pages):
        return pages
    return [[kept for row in page if (kept := _unnumbered(row))] for page in pages]


def _is_numbered(page: Sequence[Row]) -> bool:
    numbers = [int(row.words[0].text) for row in page if _has_number(row)]
    steps = [after - before == 1 for before, after in pairwise(numbers)]
    return len(numbers) >= max(_LINES, len(page) // 2) and sum(steps) >= _COUNTED * len(steps)


def _has_number(row: Row) -> bool:
    """Whether a number of a line stands apart in front of it, or alone on an empty line."""
    words = row.words
    if not (words[0].text.isascii() and words[0].text.isdigit() and len(words[0].text) < 4):
        return False
    return len(words) == 1 or words[1].left - words[0].right > 0.5 * words[0].size


def _unnumbered(row: Row) -> Row | None:
    if not _has_number(row):
        return row
    first, *rest = row.segments
    if len(first.words) > 1:
        rest = [replace(first, words=first.words[1:], left=first.words[1].left), *rest]
    return replace(row, segments=tuple(rest)) if rest else None
