"""Who speaks in a Word document, where its looks tell: a bold name in front of the words or above them, or a table with
names beside what they say. Decided over the whole document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.formats import clock
from qa.formats.names import is_fact, is_name, is_no_name, written
from qa.formats.word_paragraphs import Cells, Document, Paragraph
from qa.text import ends_sentence

_LEAD = re.compile(r"\s*(?P<name>[^\n:：]*[^\s:：.])")
_BETWEEN = re.compile(r"(?![\w])(?!:\d)[^\S\n]*(?P<mark>[:：]|\.(?=\s|$))?\s*")
_END = re.compile(r"[\s:：.]+$")
_CLOCK = re.compile(rf"(?:{clock.STAMP}|{clock.BARE})")
_MOSTLY = 0.7  # of the cells of a column
_AGAIN = 2  # times
_LARGE = 4  # rows of a table that is judged by itself


@dataclass(slots=True)
class Line:
    """A paragraph of the text. ``speaker`` and ``label``: who begins to speak in it, "" for somebody unknown, and how
    many characters say so."""

    text: str
    speaker: str | None = None
    label: int = 0
    heading: bool = False
    seconds: float | None = None


def lines(document: Document) -> list[Line]:
    """The document's paragraphs that are not blank, with the speakers that its looks tell."""
    columns = _columns([block for block in document.blocks if isinstance(block, Cells)])
    names = _names([block for block in document.blocks if isinstance(block, Paragraph)])
    beside = _beside(document, columns)
    found: list[Line] = []
    begun: set[int] = set()
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found.append(_line(block, names))
        elif place := columns.get((block.table, len(block.cells))):
            found += _row(block, *place, titles=block.table not in begun)
            begun.add(block.table)
        elif beside and len(block.cells) > 1:
            found += [Line(paragraph.text, heading=True) for cell in block.cells for paragraph in cell]
        else:
            found += [_line(paragraph, names) for cell in block.cells for paragraph in cell]
    return [line for line in found if line.text.strip()]


def _beside(document: Document, columns: Container[tuple[int, int]]) -> bool:
    """Whether the tables that are no speech, of votes or of those present, are the lesser part of the document: then
    they are nobody's words. A document all in a table is as its designer wanted it to look."""
    told = inner = 0
    for block in document.blocks:
        if isinstance(block, Paragraph) or (block.table, len(block.cells)) in columns or len(block.cells) < 2:
            told += len(block.text) if isinstance(block, Paragraph) else sum(len(_joined(cell)) for cell in block.cells)
        else:
            inner += sum(len(_joined(cell)) for cell in block.cells)
    return inner < told


def _line(paragraph: Paragraph, names: frozenset[str]) -> Line:
    label = _label(paragraph)
    if label and label[0] in names:
        return Line(paragraph.text, label[0], label[1])
    return Line(paragraph.text, heading=paragraph.is_heading)


def _label(paragraph: Paragraph) -> tuple[str, int] | None:
    """The bold words in front as a name, and where the words behind it begin."""
    lead = _LEAD.match(paragraph.strong)
    if not lead or not lead["name"]:
        return None
    behind = _BETWEEN.match(paragraph.text, lead.end("name"))
    name = written(lead["name"])
    if not behind or not is_name(name, alone=not paragraph.text[behind.end() :]) or is_fact(name):
        return None
    return name, behind.end()


def _mark(paragraph: Paragraph) -> str:
    """What parts the bold words from the rest: a "colon", a "wide" blank; "alone" where a line does; or ""."""
    lead = _LEAD.match(paragraph.strong)
    behind = _BETWEEN.match(paragraph.text, lead.end("name")) if lead else None
    if not lead or not behind:
        return ""
    if behind["mark"]:
        return "colon" if behind["mark"] != "." or lead["name"].isupper() else ""
    if behind.end() == len(paragraph.text) or "\n" in behind[0]:
        return "alone"
    return "wide" if len(behind[0]) > 1 or "\t" in behind[0] else ""


def _names(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """The bold words that name speakers: with a colon, or alone or before wide blanks again and again; where that is
    so, also a name of several words that stands so once. A bold word that a sentence begins with is none."""
    found = [(label[0], _mark(one), one) for one in paragraphs if (label := _label(one))]
    seen = Counter(name for name, _, _ in found)
    colons = {name for name, mark, _ in found if mark == "colon" and (seen[name] >= _AGAIN or not is_no_name(name))}
    again = {name for name, mark, _ in found if mark in ("alone", "wide") and seen[name] >= _AGAIN}
    if len(colons) < _AGAIN and not any(seen[name] >= _AGAIN for name in colons | again):
        return frozenset()
    once = {
        name for name, mark, one in found if mark in ("alone", "wide") and not one.is_heading and not is_no_name(name)
    }
    return frozenset(colons | again | {name for name in once if again and len(name.split()) > 1})


_Place = tuple[int, int]
"""Which column of a table has the names, and which one what they say."""


def _columns(rows: Sequence[Cells]) -> dict[tuple[int, int], _Place]:
    """For tables and widths in them, where the names are and where the words; nothing where that is not clear. Small
    tables, as where every speech has its own, are judged together with others of their width."""
    tables: dict[tuple[int, int], list[list[str]]] = {}
    for row in rows:
        if len(row.cells) > 1:
            tables.setdefault((row.table, len(row.cells)), []).append([_joined(cell) for cell in row.cells])
    small = {key for key, table in tables.items() if len(table) < _LARGE}
    found = {}
    for (number, width), table in tables.items():
        beside = (other for key in small for other in tables[key] if key[1] == width)
        place = _place(list(beside) if (number, width) in small else table, width)
        if place:
            found[number, width] = place
    return found


def _place(table: Sequence[Sequence[str]], width: int) -> _Place | None:
    sizes = [sum(len(row[at]) for row in table) for at in range(width)]
    said = max(range(width), key=lambda at: sizes[at])
    names = [at for at in range(width) if at != said and _is_names([row[at] for row in table])]
    sentences = sum(ends_sentence(row[said]) for row in table)
    clear = names and (sizes[said] > 3 * sizes[names[0]] or sentences * 2 >= len(table))
    return (names[0], said) if clear else None


def _joined(cell: Iterable[Paragraph]) -> str:
    return " ".join(" ".join(paragraph.text for paragraph in cell).split())


def _is_names(column: Sequence[str]) -> bool:
    """Whether a column has names in it, not times or the facts of an event."""
    filled = [text for text in column if text]
    names = [text for text in filled if _is_speaker(text)]
    return len(names) >= max(_AGAIN, _MOSTLY * len(filled))


def _is_speaker(text: str) -> bool:
    name = _END.sub("", text)
    return is_name(name) and not is_fact(name) and not _CLOCK.fullmatch(text)


def _row(row: Cells, names: int, said: int, titles: bool) -> Iterator[Line]:
    """The name as a line of its own, what else stands there but times and numbers as headings, then what is said.
    ``titles``: it may be the row of the columns' titles."""
    name = _END.sub("", _joined(row.cells[names]))
    if titles and is_no_name(name) and not ends_sentence(_joined(row.cells[said])):
        return
    others = [(_joined(cell), cell) for at, cell in enumerate(row.cells) if at not in (names, said)]
    seconds = next((clock.read(text)[0] for text, _ in others if _CLOCK.fullmatch(text)), None)
    if is_name(name):
        yield Line(name, name, len(name), seconds=seconds)
    elif name:  # "(inaudible)": whoever it is, it is not who spoke before
        yield Line(name, "", heading=True)
    kept = [cell for text, cell in others if text and not text.isdigit() and not _CLOCK.fullmatch(text)]
    yield from (Line(paragraph.text, heading=True) for cell in kept for paragraph in cell)
    yield from (Line(paragraph.text) for paragraph in row.cells[said])
