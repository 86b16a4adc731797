"""Plain text and simple Markdown, also copied from a web page: "Name:" alone on a line, or "Name: text".

``Transcript.text`` is the file's own text, so an offset is an offset in the file. Labels, blanks and the page's
furniture lie outside all turns. Nothing is guessed about who spoke: text without a label has speaker "".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.formats import furniture, labels
from qa.formats.origin import Origin, find_date
from qa.text import ends_sentence, trim
from qa.types import Range, Transcript, Turn

_LINE = re.compile(r"[^\r\n]+")
_WRAPPED_AT = 120  # code points: in a file with longer lines a line break ends the paragraph


def parse(text: str, origin: Origin) -> Transcript:
    """Any text is a transcript; one without labels has a single speaker "", the unknown one."""
    lines = [line for line in (trim(text, *match.span()) for match in _LINE.finditer(text)) if line.start < line.end]
    found = labels.find_labels(text, lines)
    last = next((i for i, line in enumerate(lines) if found and line.start == found[-1].line), -1) + 1
    lines = lines[: last + furniture.tail([text[start:end] for start, end in lines[last:]])]
    body = found[0].line if found else _body_start(text, lines)
    head = [*_headings(text, [line for line in lines if line.start < body])]
    spoken = [line for line in lines if line.start >= body and not furniture.is_furniture(text[line.start : line.end])]
    turns, paragraphs = _speech(text, spoken, found)
    title = next((text[turn.start : turn.end] for turn in head if _is_title(text, turn)), origin.stem)
    date = next((date for turn in head if (date := find_date(text[turn.start : turn.end]))), "")
    return origin.transcript(text, (*head, *turns), tuple(paragraphs), title=title, date=date)


def _body_start(text: str, lines: list[Range]) -> int:
    """Without labels the head is the lines before the first one that is a sentence."""
    first = next((line for line in lines if ends_sentence(text[line.start : line.end]) or len_of(line) > 200), None)
    return first.start if first else (lines[0].start if lines else 0)


def len_of(line: Range) -> int:
    return line.end - line.start


def _headings(text: str, lines: list[Range]) -> Iterator[Turn]:
    for line in lines:
        start, end = furniture.strip_leading(text, *line)
        kept = text[start:end].strip()
        if kept and not furniture.is_furniture(kept) and not labels.is_metadata(kept):
            yield Turn(*trim(text, start, end), role="heading")


def _is_title(text: str, turn: Turn) -> bool:
    words = text[turn.start : turn.end].split()
    return (len(words) >= 3 or len(words[0]) >= 8) and not find_date(" ".join(words[-4:]))


def _speech(text: str, lines: list[Range], found: list[labels.Label]) -> tuple[list[Turn], list[Range]]:
    """Cuts the spoken lines into turns at the labels, and into paragraphs."""
    starts = {label.line: label for label in found}
    turns: list[Turn] = []
    paragraphs: list[Range] = []
    speaker, fresh = "", True
    by_line = any(len_of(line) > _WRAPPED_AT for line in lines)
    for line in lines:
        start = line.start
        if label := starts.get(line.start):
            speaker, fresh, start = label.name, True, label.speech
        start, end = trim(text, start, line.end)
        if start == end:
            continue
        if fresh:
            turns.append(Turn(start, end, speaker))
            paragraphs.append(Range(start, end))
        else:
            new_paragraph = by_line or _blank_between(text, paragraphs[-1].end, start)
            turns[-1] = Turn(turns[-1].start, end, speaker)
            paragraphs[-1:] = (
                [paragraphs[-1], Range(start, end)] if new_paragraph else [Range(paragraphs[-1].start, end)]
            )
        fresh = False
    return turns, paragraphs


def _blank_between(text: str, end: int, start: int) -> bool:
    return len(re.findall(r"\r\n|\r|\n", text[end:start])) > 1
