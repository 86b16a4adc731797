"""PDF to a transcript: its words become lines, paragraphs and then text, which is read as any text is.

Running heads, feet and page numbers are left out; a footnote stands behind the paragraph it belongs to, as a heading:
nobody said it. ``Transcript.text`` is the text made so, paragraphs with a blank line between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.errors import TranscriptError
from qa.formats import pdf_footnotes, pdf_furniture, pdf_paragraphs, pdf_rows, pdf_words, plain
from qa.formats.origin import Origin, find_date
from qa.formats.pdf_rows import Row
from qa.types import Page, Range, Transcript

_ERRORS = {
    "password": "it is locked with a password; save a copy without one",
    "damaged": "it is damaged or no PDF; save or download it again",
    "no reader": "PDF cannot be read here; install pypdfium2, or run: python -m qa doctor",
    "too much": "it takes too much time or memory to read; print it to a new PDF, or split it",
}
_NO_TEXT = "its pages are pictures without text; recognise the text first, for example with ocrmypdf"
_NO_LETTERS = "its fonts do not tell which letters they show; recognise the text first, for example with ocrmypdf"
_UNKNOWN = 0.2  # of the letters
_BEGINS_WITHIN = 1024  # bytes: where readers look for %PDF
_JUNK = re.compile(
    r"microsoft word\b|\.(?:docx?|pdf|indd|rtf|wpd|qxd|tmp)$|^untitled|^document\s?\d*$|^\S*$|^\(.*\)$", re.IGNORECASE
)


def parse(content: bytes, origin: Origin) -> Transcript:
    """Raises TranscriptError for what is no PDF, is locked, damaged, too large, or has no text in it."""
    document = pdf_words.read(content) if b"%PDF-" in content[:_BEGINS_WITHIN] else pdf_words.Document("damaged")
    if document.error:
        raise TranscriptError(f"{origin.source}: {_ERRORS[document.error]}")
    letters = "".join(word.text for page in document.pages for word in page)
    if not letters:
        raise TranscriptError(f"{origin.source}: {_NO_TEXT}")
    if sum(map(_is_unknown, letters)) > _UNKNOWN * len(letters):
        raise TranscriptError(f"{origin.source}: {_NO_LETTERS}")
    pages, running = pdf_furniture.without_furniture(
        [pdf_rows.rows(page, number) for number, page in enumerate(document.pages)]
    )
    rows = [row for page in pages for row in pdf_rows.in_columns(page)]
    origin.notes.append(f"PDF, {len(document.pages)} pages" + (f"; running heads: {running[0]}" if running else ""))
    return _transcript(rows, running, document.title, origin)


def _is_unknown(letter: str) -> bool:
    return letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff"


def _transcript(rows: Sequence[Row], running: Sequence[str], title: str, origin: Origin) -> Transcript:
    size = pdf_paragraphs.body_size(rows)
    text, notes, pages = _text(pdf_footnotes.split(rows, size))
    made = plain.parse(text, origin, notes)
    title = " ".join(title.split())
    if made.title == origin.stem and title and not _JUNK.search(title):
        made = replace(made, title=title)
    return replace(made, pages=tuple(pages), date=made.date or find_date("\n".join(running)) or find_date(title))


def _text(split: pdf_footnotes.Split) -> tuple[str, list[Range], list[Page]]:
    """The paragraphs with a blank line between them, the ranges of the footnotes, and where each page begins, also
    within a paragraph. A footnote that stands behind a paragraph is back on its own page."""
    joiner = pdf_paragraphs.Joiner(split.body)
    parts: list[str] = []
    notes: list[Range] = []
    pages: list[Page] = []
    length = row = 0

    def add(rows: Sequence[Row]) -> int:
        text, starts = joiner.join(row.text for row in rows)
        for one, start in zip(rows, starts, strict=True):
            label = str(one.page + 1)
            if not pages or pages[-1].label != label:
                pages.append(Page(length + start, label))
        parts.append(text)
        return len(text)

    for paragraph in pdf_paragraphs.paragraphs(split.body):
        length += add(paragraph) + 2
        for at in range(row, row + len(paragraph)):
            for note in split.notes.get(at, []):
                end = length + add(note)
                notes.append(Range(length, end))
                length = end + 2
        row += len(paragraph)
    return "\n\n".join(parts), notes, pages
