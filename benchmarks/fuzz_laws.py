"""The laws that every transcript and every refusal keeps, checked apart from the parsers' own checks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from qa import citations
from qa.types import Span, Transcript

_LINE = 500  # code points of an error
_CITED = 20  # turns of a transcript that are cited and read back


def bad_line(message: str, source: str) -> str:
    """What is wrong with an error's message, or ""."""
    if not message.startswith(f"{source}: "):
        return "an error that does not name the file"
    if len(message.splitlines()) != 1 or not message.isprintable():
        return "an error of more than a line"
    return "an error too long for a line" if len(message) > _LINE else ""


def broken(made: Transcript) -> Iterator[str]:
    """The laws that this transcript breaks."""
    text, turns = made.text, made.turns
    if any(after.start < before.end for before, after in pairwise(turns)):
        yield "turns overlap"
    if any(not 0 <= turn.start < turn.end <= len(text) for turn in turns):
        yield "a turn leaves the text"
    if any(text[turn.start].isspace() or text[turn.end - 1].isspace() for turn in turns):
        yield "a turn begins or ends with a blank"
    if any(after.start < before.end for before, after in pairwise(made.paragraphs)):
        yield "paragraphs overlap"
    if any(not text[start:end].strip() or not _within(made, start, end) for start, end in made.paragraphs):
        yield "a paragraph is blank or leaves its turn"
    if not all(map(_is_label, [made.title, made.language, *(turn.speaker for turn in turns)])):
        yield "a label or title of more than a line"
    times = [time for turn in turns for time in (turn.seconds, turn.until)] + [m.seconds for m in made.moments]
    if not all(time is None or (math.isfinite(time) and time >= 0) for time in times):
        yield "a time that is none"
    if any(not 0 <= moment.start <= len(text) for moment in made.moments):
        yield "a moment leaves the text"
    yield from _lost(made)
    yield from _untrue(made)


def _within(made: Transcript, start: int, end: int) -> bool:
    turn = made.turn_at(start)
    return turn >= 0 and end <= made.turns[turn].end and made.turns[turn].role != "heading"


def _is_label(label: str) -> bool:
    return len(label.splitlines()) <= 1 and label.encode("utf-8", "replace").decode() == label


def _lost(made: Transcript) -> Iterator[str]:
    """Every character that is said and no blank stands in a paragraph."""
    at = 0
    gaps = [(0, 0), *made.paragraphs, (len(made.text), len(made.text))]
    for (_, end), (start, _) in pairwise(gaps):
        while at < len(made.turns) and made.turns[at].end <= end:
            at += 1
        for turn in made.turns[at:]:
            if turn.start >= start:
                break
            if turn.role != "heading" and made.text[max(end, turn.start) : min(start, turn.end)].strip():
                yield "words of a turn in no paragraph"
                return


def _untrue(made: Transcript) -> Iterator[str]:
    """Every turn, cited and read back, is the same words by the same speaker; and the text can be stored."""
    try:
        made.text.encode()
    except UnicodeEncodeError:
        yield "half a surrogate pair in the text"
        return
    for number, turn in list(enumerate(made.turns))[:_CITED]:
        span = Span(made, turn.start, turn.end)
        cited = citations.to_dict(span)
        if (span.turn, cited["speaker"], cited["quote"]) != (number, turn.speaker, made.text[turn.start : turn.end]):
            yield "a span that does not come back"
