"""What stands between a transcript's words and was said by nobody: headings and footnotes, taken out of the turns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.text import trim
from qa.types import Range, Transcript, Turn


def apart(transcript: Transcript, asides: Sequence[Range]) -> Transcript:
    """The transcript with each of the ``asides``, ranges in order, as a heading of its own."""
    turns = tuple(part for turn in transcript.turns for part in _parts(transcript.text, turn, asides))
    paragraphs = tuple(one for one in transcript.paragraphs if not _meets(one, asides))
    return replace(transcript, turns=turns, paragraphs=paragraphs)


def _first(asides: Sequence[Range], start: int) -> int:
    return bisect_left(asides, start, key=lambda aside: aside.start)


def _parts(text: str, turn: Turn, asides: Sequence[Range]) -> Iterator[Turn]:
    at = turn.start
    for index in range(_first(asides, turn.start), len(asides)):
        start, end = asides[index]
        if end > turn.end:
            break
        yield from _said(text, turn, at, start)
        yield Turn(start, end, role="heading")
        at = end
    yield from _said(text, turn, at, turn.end)


def _said(text: str, turn: Turn, start: int, end: int) -> Iterator[Turn]:
    """What the turn says between two asides; its time counts for the first such part only."""
    start, end = trim(text, start, end)
    if start < end:
        first = start == turn.start
        yield replace(turn, start=start, end=end, seconds=turn.seconds if first else None)


def _meets(paragraph: Range, asides: Sequence[Range]) -> bool:
    index = _first(asides, paragraph.start)
    return index < len(asides) and asides[index].start < paragraph.end
