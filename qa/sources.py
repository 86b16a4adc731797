"""The text that a file holds, gathered by other and simpler means than its parser: what a parse is held against.

Pieces in the order of the file: lines of a text or caption file, text nodes of a page, lines of a PDF, paragraphs
of a Word document with its heads, feet and notes, if they can be read, strings in JSON. Blanks are as they come.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from qa.decoding import decode
from qa.formats import page_source, pdf_words, word_parts

_UNSEEN = frozenset(("script", "style", "template"))
_WORD_PART = re.compile(r"word/(?:document|header|footer|footnotes|endnotes|comments)\d*\.xml")
_FORMATTING = re.compile(r"</?(?:[biuc]|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|</v>|<[\d:.]+>")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pieces(content: bytes, source: str) -> list[str]:
    """The pieces of text in a file that was parsed without an error."""
    suffix = Path(source).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml"):
        return list(_nodes(page_source.decode_page(content, source)[0]))
    if suffix == ".pdf":
        return [row for page in pdf_words.read(content).pages for row in _rows(page)]
    if suffix in (".docx", ".docm"):
        return list(_paragraphs(content))
    text = decode(content, source).text
    if suffix in (".json", ".jsonl"):
        return list(_strings(text))
    lines = [_FORMATTING.sub("", line) for line in text.splitlines()]  # of captions
    return [html.unescape(line) for line in lines] if suffix == ".vtt" else lines


def _rows(page: Sequence[pdf_words.Word]) -> Iterator[str]:
    """Words that the page draws one behind the other on one height."""
    for _, words in groupby(page, key=lambda word: round(word.y)):
        yield " ".join(word.text for word in words)


def _nodes(text: str) -> Iterator[str]:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True))
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and element.tag not in _UNSEEN and isinstance(element.tag, str):
            yield element.text or ""
        if event == "end":
            yield element.tail or ""


def _paragraphs(content: bytes) -> Iterator[str]:
    for root in word_parts.every(content, _WORD_PART):
        for paragraph in root.iter(f"{_W}p"):
            yield "".join(_run_text(paragraph))


def _run_text(paragraph: Any) -> Iterator[str]:
    """Its own words; a text box in it holds paragraphs of its own."""
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
        owner = next(element.iterancestors(f"{_W}p"))
        if owner is paragraph:
            yield element.text or "" if element.tag == f"{_W}t" else " "


def _strings(text: str) -> Iterator[str]:
    """Every string in one JSON document or in one a line; without recursion, for a file may nest deeply."""
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = [json.loads(line) for line in text.split("\n") if line.strip()]
    waiting = documents[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
