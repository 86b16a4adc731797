"""A Word document (.docx) to a transcript: its paragraphs with a blank line between them are the text.

Where bold names or a table tell who speaks, they are believed; else the text is read as any text is. Headings are
nobody's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.formats import labels, plain, word_labels, word_paragraphs
from qa.formats.origin import Origin, find_date
from qa.formats.rows import rows
from qa.formats.word_labels import Line
from qa.text import ends_sentence, trim
from qa.types import Range, Transcript, Turn

_JUNK = re.compile(r"\.(?:docx?|dotx?|rtf)$|^untitled|^document\s?\d*$|^microsoft word\b|^\S*$", re.IGNORECASE)


def parse(content: bytes, origin: Origin) -> Transcript:
    """Raises TranscriptError for an old .doc, a locked or damaged file, and one that unpacks to too much."""
    document = word_paragraphs.read(content, origin.source)
    lines = word_labels.lines(document)
    text, ranges = _text(lines)
    headings = [at for line, at in zip(lines, ranges, strict=True) if line.heading]
    made = plain.parse(text, origin, headings)
    if sum(bool(line.speaker) for line in lines) > len(labels.find_labels(text, rows(text, headings))):
        turns, paragraphs = _speech(text, lines, ranges)
        named = [line.speaker for line in lines if line.speaker]
        origin.notes[:] = [f"bold names, or names in a table: {len(named)} labels of {len(set(named))} speakers"]
        made = replace(made, turns=tuple(turns), paragraphs=tuple(paragraphs), moments=())
        made = replace(made, title=_title(text, turns) or origin.stem)
    title = next((text[s:e] for line, (s, e) in zip(lines, ranges, strict=True) if line.heading), "")
    given = "" if _JUNK.search(document.title) else document.title
    return replace(
        made,
        title=" ".join(title.split()) or (given if made.title == origin.stem and given else made.title),
        date=made.date or find_date(_head(text, made)) or find_date(f"{document.title}\n{document.subject}"),
    )


def _text(lines: Sequence[Line]) -> tuple[str, list[Range]]:
    """The paragraphs with a blank line between them, and their ranges, trimmed."""
    text = "\n\n".join(line.text for line in lines)
    ranges: list[Range] = []
    at = 0
    for line in lines:
        ranges.append(trim(text, at, at + len(line.text)))
        at += len(line.text) + 2
    return text, ranges


def _title(text: str, turns: Sequence[Turn]) -> str:
    """The first heading of some length that is no date."""
    headings = [text[turn.start : turn.end] for turn in turns if turn.role == "heading"]
    return next((one for one in headings if len(one.split()) > 2 and not find_date(one)), "")


def _head(text: str, made: Transcript) -> str:
    """What stands above the first named speaker."""
    first = next((turn.start for turn in made.turns if turn.speaker), 0)
    return text[: min(first, 2000)]


def _speech(text: str, lines: Sequence[Line], ranges: Sequence[Range]) -> tuple[list[Turn], list[Range]]:
    """The turns that the labels begin. What stands above the first label is a heading if it ends no sentence."""
    turns: list[Turn] = []
    paragraphs: list[Range] = []
    speaker: str | None = None
    fresh, seconds = True, None
    for line, (start, end) in zip(lines, ranges, strict=True):
        if line.speaker is not None:
            speaker, fresh, seconds = line.speaker, True, line.seconds
            start, end = trim(text, min(end, start + line.label), end)
        if start >= end:
            continue
        if line.heading or (speaker is None and not ends_sentence(text[start:end])):
            turns.append(Turn(start, end, role="heading"))
            fresh = True
            continue
        paragraphs.append(Range(start, end))
        if fresh:
            turns.append(Turn(start, end, speaker or "", seconds=seconds))
        else:
            turns[-1] = turns[-1]._replace(end=end)
        fresh, seconds = False, None
    return turns, paragraphs
