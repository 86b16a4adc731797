"""A web page to its lines as a browser lays them out, with what the page says of itself and what is not its text.

White space is folded as a browser does, a no-break space is a blank, entities are decoded once. Scripts, pictures and
the like have no lines; menus, side bars, forms and hidden parts have, marked as such: where they turn out to hold most
of the words, they are the text after all (some sites put the whole page into a form).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.formats import page_elements
from qa.formats.page_elements import BLOCKS, HEADINGS, NO_TEXT

_FOLDED = re.compile(r"[ \t\n\r\f]+")  # a no-break space is not folded
_MOST_LINES = 300_000  # a day of speech has under ten thousand
_DEEPEST = 1000  # open elements; browsers stop at 512, and closing tags cost time for each


class TooMuch(ValueError):
    """More lines, or elements within elements, than any page has."""


class Line(NamedTuple):
    """What stands between two line breaks. ``opens``: it begins a block, not only a line.

    ``lead`` is what is set off at its beginning, ``kind`` by what: "b", "cite", "cell" (its row goes on), "speaker".
    """

    text: str
    opens: bool = True
    heading: bool = False
    lead: str = ""
    kind: str = ""
    linked: bool = False


class Block(NamedTuple):
    """An element that holds the lines ``first`` up to ``last``; ``aside``: why it is beside the text, or ""."""

    first: int
    last: int
    tag: str
    aside: str


class _Open(NamedTuple):
    tag: str
    first: int
    aside: str
    kind: str


class _Chunk(NamedTuple):
    """``lead`` tells two elements of a kind apart."""

    text: str
    kind: str
    lead: int
    linked: bool


@dataclass(slots=True)
class Page:
    """The lines and blocks, as lxml's parser reports the elements; and the facts in the page's head, by their names."""

    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _chunks: list[_Chunk] = field(default_factory=list)
    _kinds: list[str] = field(default_factory=list)
    _leads: int = 0  # elements of a kind begun so far
    _links: int = 0
    _skipped: int = 0
    _breaks: int = 2  # line breaks since the last line; two and more begin a paragraph
    _cell: int = -1  # the line that is all of a row's first cell
    _title: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._facts(tag, attributes)
        if self._skipped or tag in NO_TEXT or "src" in attributes:
            self._skipped += 1
            return
        if len(self._open) > _DEEPEST:
            raise TooMuch("elements nested too deeply")
        aside = page_elements.aside(tag, attributes)
        if tag not in BLOCKS and aside == page_elements.HIDDEN:
            self._skipped = 1
            return
        if tag in BLOCKS:
            self._flush(2)
            self._row(tag)
        elif tag == "br":
            self._flush(1)
        self._links += tag == "a"
        kind = page_elements.kind(tag, attributes)
        if kind:
            self._kinds.append(kind)
            self._leads += 1
        inside = any(element.tag in ("article", "main") for element in self._open[:20]) if tag == "header" else False
        aside = "header" if tag == "header" and not inside and not aside else aside
        self._open.append(_Open(tag, len(self.lines), aside, kind))

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if tag in BLOCKS:
            self._flush(2)
        element = self._open.pop()
        if tag in BLOCKS:
            if element.first < len(self.lines):
                self.blocks.append(Block(element.first, len(self.lines), tag, element.aside))
            self._cell = element.first if tag in ("td", "th", "dt") and self._is_one(element.first) else self._cell
        self._links -= tag == "a"
        if element.kind:
            self._kinds.pop()

    def data(self, text: str) -> None:
        tag = self._open[-1].tag if self._open and not self._skipped else ""
        if tag == "title":
            self._title.append(text)
        elif not self._skipped:
            self._add(text)
        if tag == "time":
            self.facts.setdefault("time", text)

    def comment(self, text: str) -> None:
        """Browsers write where a page was saved from into a comment."""
        if match := re.match(r"\s*saved from url=\(\d+\)(\S+)", text):
            self.facts.setdefault("saved from", match[1])

    def close(self) -> Page:
        self._flush(2)
        self.facts["title"] = fold("".join(self._title))
        return self

    def _add(self, text: str) -> None:
        parts = text.split("\n") if any(element.tag == "pre" for element in self._open[-4:]) else [text]
        for number, part in enumerate(parts):
            if number:
                self._flush(1)
            self._chunks.append(_Chunk(part, self._kinds[-1] if self._kinds else "", self._leads, self._links > 0))

    def _flush(self, breaks: int) -> None:
        """Ends the line; ``breaks`` as in ``_breaks``."""
        text = fold("".join(chunk.text for chunk in self._chunks))
        if text:
            heading = any(element.tag in HEADINGS for element in self._open[-6:])
            lead, kind = _lead(self._chunks)
            linked = all(chunk.linked for chunk in self._chunks if chunk.text.strip())
            self.lines.append(Line(text, self._breaks > 1, heading, lead, kind, linked))
            if heading and any(element.tag == "h1" for element in self._open[-6:]):
                self.facts.setdefault("h1", text)
            self._breaks = 0
            if len(self.lines) > _MOST_LINES:
                raise TooMuch("too many lines")
        self._chunks.clear()
        self._breaks += breaks

    def _row(self, tag: str) -> None:
        """The first cell names the row where another one follows it."""
        if tag == "tr":
            self._cell = -1
        elif tag in ("td", "dd") and self._cell >= 0 and self._cell == len(self.lines) - 1:
            line = self.lines[self._cell]
            self.lines[self._cell] = line._replace(lead=line.text, kind="cell", heading=False)

    def _is_one(self, first: int) -> bool:
        return self._cell < first == len(self.lines) - 1

    def _facts(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "html":
            self.facts.setdefault("lang", attributes.get("lang") or attributes.get("xml:lang") or "")
        elif tag == "meta" and (name := attributes.get("property") or attributes.get("name")):
            self.facts.setdefault(name.lower(), fold(attributes.get("content", "")))
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.facts.setdefault("canonical", attributes.get("href", "").strip())
        elif tag == "time" and attributes.get("datetime"):
            self.facts.setdefault("datetime", attributes["datetime"])


def fold(text: str) -> str:
    """Without the white space that a browser does not show; a no-break space is shown as a blank."""
    return _FOLDED.sub(" ", text).replace("\xa0", " ").strip()


def _lead(chunks: Sequence[_Chunk]) -> tuple[str, str]:
    words = [chunk for chunk in chunks if chunk.text.strip()]
    _, kind, lead, _ = words[0]
    same = (i for i, chunk in enumerate(words) if (chunk.kind, chunk.lead) != (kind, lead))
    count = next(same, len(words)) if kind else 0
    last = next((i for i, chunk in enumerate(chunks) if count < len(words) and chunk is words[count]), len(chunks))
    return (fold("".join(chunk.text for chunk in chunks[:last])), kind) if count else ("", "")
