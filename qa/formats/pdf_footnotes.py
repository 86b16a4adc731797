"""Footnotes of a PDF: smaller lines at a page's foot that begin with a mark. They are taken out of the sentence that
goes on over the page, and their marks out of the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from qa.formats.pdf_rows import Row

_SMALLER = 0.93  # of the letters' height: what is larger is the text itself
_MARK = re.compile(r"(?P<mark>\d{1,3}|[*†‡§]{1,3})[.)]?\s*(?=[^\W\d]|[“\"‘'(\[])")
_RAISED = 0.1  # of the letters' height


class Split(NamedTuple):
    """The rows of the text, and the footnotes behind each of them, by the row's index."""

    body: list[Row]
    notes: dict[int, list[list[Row]]]


def split(rows: Sequence[Row], size: float) -> Split:
    """``size``: the height of the text's letters."""
    body: list[Row] = []
    notes: dict[int, list[list[Row]]] = {}
    for page in _by_page(rows):
        cut = _first_note(page, size)
        found = _notes(page[cut:])
        marks = {match["mark"] for note in found if (match := _MARK.match(note[0].text))}
        body += [_unmarked(row, marks) for row in page[:cut]]
        if found:
            notes[len(body) - 1] = found
    return Split(body, notes)


def _by_page(rows: Sequence[Row]) -> list[list[Row]]:
    pages: list[list[Row]] = []
    for row in rows:
        if not pages or pages[-1][-1].block != row.block:
            pages.append([])
        pages[-1].append(row)
    return pages


def _first_note(page: Sequence[Row], size: float) -> int:
    """Index of the first footnote's row; the page's length if it has none. A page of small letters only is text."""
    cut = len(page)
    while cut and page[cut - 1].size < _SMALLER * size:
        cut -= 1
    while cut < len(page) and not _MARK.match(page[cut].text):
        cut += 1
    return cut or len(page)


def _notes(rows: Sequence[Row]) -> list[list[Row]]:
    found: list[list[Row]] = []
    for row in rows:
        if not found or _MARK.match(row.text):
            found.append([])
        found[-1].append(row)
    return found


def _unmarked(row: Row, marks: set[str]) -> Row:
    """The row without raised small marks of the page's footnotes, but for a row that is nothing else."""
    if not marks:
        return row
    y, size = row.y, row.size
    segments = []
    for segment in row.segments:
        words = tuple(
            word
            for word in segment.words
            if not (word.text in marks and word.size < 0.85 * size and word.y - y > _RAISED * size)
        )
        if words:
            segments.append(replace(segment, words=words, left=words[0].left))
    return replace(row, segments=tuple(segments)) if segments else row
