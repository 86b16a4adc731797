"""The XML of a Word document to paragraphs: words, what is bold in front of them, the names of their styles.

What is shown counts: insertions are in; deletions, hidden words, codes, notes, drawings, heads and feet are out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.formats import word_parts
from qa.formats.word_parts import Element

_OFF = frozenset(("0", "false", "off", "none"))
# What is not shown, or is shown elsewhere than in the text. Of two writings of the same thing the newer is read.
_UNSEEN = frozenset(
    "del moveFrom pPr rPr sectPr instrText delText delInstrText drawing pict object Fallback rt tblPr trPr tcPr".split()
)
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class Paragraph:
    """``strong``: the words it begins with that are bold, or in a style for speakers."""

    text: str = ""
    strong: str = ""
    style: str = ""

    @property
    def is_heading(self) -> bool:
        return self.style.startswith(("heading", "title", "subtitle", "toc "))


@dataclass(slots=True)
class Cells:
    """A row of a table: the paragraphs of each cell. ``table`` numbers the tables."""

    table: int
    cells: list[list[Paragraph]] = field(default_factory=list)


class Document(NamedTuple):
    blocks: list[Paragraph | Cells]
    title: str
    subject: str


class _Style(NamedTuple):
    name: str
    based_on: str
    bold: bool | None


def read(content: bytes, source: str) -> Document:
    """Raises TranscriptError for what is no .docx, is damaged, or unpacks to more than any transcript."""
    body, styles, core = word_parts.open_parts(content, source)
    found = {} if styles is None else _styles(styles)
    return Document(list(_Reader(found).blocks(body)), _fact(core, "title"), _fact(core, "subject"))


def _name(element: Element) -> str:
    """The element's name without its namespace: Word has two, of 2006 and of the strict form."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(element: Element, name: str = "val") -> str:
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


def _child(element: Element | None, *path: str) -> Element | None:
    for name in path:
        element = next((child for child in element if _name(child) == name), None) if element is not None else None
    return element


def _switch(properties: Element | None, name: str) -> bool | None:
    """Whether something is switched on, or off; None where that is not said."""
    found = _child(properties, name)
    return None if found is None else _value(found) not in _OFF


def _fact(core: Element | None, name: str) -> str:
    found = _child(core, name)
    return " ".join((found.text or "").split()) if found is not None else ""


def _styles(root: Element) -> dict[str, _Style]:
    found = {}
    for style in root:
        name, based = _child(style, "name"), _child(style, "basedOn")
        if _name(style) == "style" and name is not None:
            bold = _switch(_child(style, "rPr"), "b")
            parent = _value(based) if based is not None else ""
            found[_value(style, "styleId")] = _Style(_value(name).casefold(), parent, bold)
    return found


class _Reader:
    def __init__(self, styles: dict[str, _Style]) -> None:
        self.styles = styles
        self.tables = 0

    def blocks(self, root: Element) -> Iterator[Paragraph | Cells]:
        """The paragraphs and rows in order; a table in a cell is read as paragraphs of that cell."""
        waiting = [root]
        while waiting:
            element = waiting.pop()
            name = _name(element)
            if name == "p":
                yield self.paragraph(element)
            elif name == "tr":
                yield Cells(self.tables, [self._cell(cell) for cell in _cells(element)])
            elif name not in _UNSEEN:
                self.tables += name == "tbl"
                waiting.extend(reversed(element))

    def _cell(self, cell: Element) -> list[Paragraph]:
        return [self.paragraph(one) for one in cell.iter("{*}p") if not _is_unseen(one, cell)]

    def paragraph(self, element: Element) -> Paragraph:
        style = _child(element, "pPr", "pStyle")
        key = _value(style) if style is not None else ""
        found = Paragraph(style=self._style_name(key))
        parts: list[str] = []
        strong = 0
        for run in _runs(element):
            text = _text(run)
            if strong == len(parts) and (self._is_strong(run, key) or not text.strip()):
                strong += 1
            parts.append(text)
        found.text, found.strong = "".join(parts).strip(), "".join(parts[:strong]).lstrip()
        return found

    def _style_name(self, key: str) -> str:
        return self.styles[key].name if key in self.styles else key.casefold()

    def _is_strong(self, run: Element, paragraph_style: str) -> bool:
        """Bold by itself, by its style or its paragraph's; or in a style for speakers."""
        properties = _child(run, "rPr")
        given = _child(properties, "rStyle")
        own = _value(given) if given is not None else ""
        if "speaker" in self._style_name(own):
            return True
        bold = (_switch(properties, "b"), self._bold(own), self._bold(paragraph_style))
        return next((switch for switch in bold if switch is not None), False)

    def _bold(self, key: str) -> bool | None:
        seen: set[str] = set()
        while key in self.styles and key not in seen:
            seen.add(key)
            if self.styles[key].bold is not None:
                return self.styles[key].bold
            key = self.styles[key].based_on
        return None


def _cells(row: Element) -> Iterator[Element]:
    """The cells of a row, also those wrapped as controls."""
    for cell in row.iter("{*}tc"):
        inner = next((up for up in cell.iterancestors() if _name(up) in ("tr", "tc")), None)
        if inner is row:
            yield cell


def _is_unseen(element: Element, within: Element) -> bool:
    for up in element.iterancestors():
        if up is within:
            return False
        if _name(up) in _UNSEEN:
            return True
    return False


def _runs(paragraph: Element) -> Iterator[Element]:
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if _name(element) == "r":
            if not _switch(_child(element, "rPr"), "vanish"):
                yield element
        elif _name(element) not in _UNSEEN:
            waiting.extend(reversed(element))


def _text(run: Element) -> str:
    parts: list[str] = []
    waiting = list(reversed(run))
    while waiting:
        element = waiting.pop()
        name = _name(element)
        if name == "t":
            parts.append(element.text or "")
        elif name == "br":
            parts.append("\n" if _value(element, "type") in ("", "textWrapping") else " ")
        elif name in _SIGNS:
            parts.append(_SIGNS[name])
        elif name not in _UNSEEN:
            waiting.extend(reversed(element))
    return "".join(parts)
