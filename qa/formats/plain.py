"""Plain text, also copied from a web page: "Name:" alone on a line, "Name: text", or "**Name:** text".

``Transcript.text`` is the file's own text, so an offset is an offset in the file. Labels, blanks and the page's
furniture lie outside all turns. Nothing is guessed about who spoke: text without a label has speaker "".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.formats import furniture, labels
from qa.formats.origin import Origin, find_date
from qa.text import ends_sentence, trim
from qa.types import Range, Transcript, Turn

_LINE = re.compile(r"[^\r\n]+")
_WRAPPED_AT = 120  # code points: in a file of longer lines a line break ends the paragraph
_REMARK = 8  # words: a head's line that is so long a sentence was said, or written, about the event


def parse(text: str, origin: Origin) -> Transcript:
    """Any text is a transcript; one without labels has a single speaker "", the unknown one."""
    lines = [line for line in (trim(text, *match.span()) for match in _LINE.finditer(text)) if line.start < line.end]
    found = labels.find_labels(text, lines)
    last = next((i for i, line in enumerate(lines) if found and line.start == found[-1].line), -1) + 1
    lines = lines[: last + furniture.tail([text[start:end] for start, end in lines[last:]])]
    body = found[0].line if found else _body_start(text, lines)
    head = _headings(text, [line for line in lines if line.start < body])
    remarks = [Turn(turn.start, turn.end) for turn in head[1:] if _is_remark(text, turn)]
    head = [turn for turn in head if Turn(turn.start, turn.end) not in remarks]
    turns, paragraphs = _speech(text, [line for line in lines if line.start >= body], found)
    title = next((text[turn.start : turn.end] for turn in head if _is_title(text, turn)), origin.stem)
    dated = sorted(head, key=lambda turn: text[turn.start : turn.end].startswith("Updated"))
    date = next((date for turn in dated if (date := find_date(text[turn.start : turn.end]))), "")
    everything = sorted([*head, *remarks, *turns], key=lambda turn: turn.start)
    paragraphs = [*(Range(turn.start, turn.end) for turn in remarks), *paragraphs]
    return origin.transcript(text, tuple(everything), tuple(paragraphs), title=title, date=date)


def _body_start(text: str, lines: Sequence[Range]) -> int:
    """Without labels the head is the lines before the first one that is a sentence."""
    first = next((line for line in lines if ends_sentence(text[line.start : line.end]) or _length(line) > 200), None)
    return first.start if first else (lines[0].start if lines else 0)


def _length(line: Range) -> int:
    return line.end - line.start


def _headings(text: str, lines: Sequence[Range]) -> list[Turn]:
    found = []
    for line in lines:
        start, end = trim(text, *furniture.strip_leading(text, *line))
        if start < end and not furniture.is_furniture(text[start:end]) and not labels.is_metadata(text[start:end]):
            found.append(Turn(start, end, role="heading"))
    return found


def _is_remark(text: str, turn: Turn) -> bool:
    line = text[turn.start : turn.end]
    return ends_sentence(line) and (len(line.split()) >= _REMARK or len(line) > 60)


def _is_title(text: str, turn: Turn) -> bool:
    """A line of some length that is more than a date and no row of links."""
    line = text[turn.start : turn.end]
    long = len(line.split()) >= (5 if find_date(line) else 3) or (len(line) >= 8 and not find_date(line))
    return long and "|" not in line


def _speech(text: str, lines: Sequence[Range], found: Sequence[labels.Label]) -> tuple[list[Turn], list[Range]]:
    """Cuts the spoken lines into turns at the labels, and into paragraphs. The page's own lines end a turn, too."""
    starts = {label.line: label for label in found}
    turns: list[Turn] = []
    paragraphs: list[Range] = []
    speaker, fresh = "", True
    by_line = sum(_length(line) > _WRAPPED_AT for line in lines) * 10 >= len(lines)
    for line in lines:
        start = line.start
        if label := starts.get(line.start):
            speaker, fresh, start = label.name, True, label.speech
        elif furniture.is_furniture(text[line.start : line.end]):
            fresh = True
            continue
        start, end = trim(text, start, line.end)
        if start == end:
            continue
        if fresh:
            turns.append(Turn(start, end, speaker))
            paragraphs.append(Range(start, end))
        else:
            turns[-1] = Turn(turns[-1].start, end, speaker)
            new = by_line or _blank_between(text, paragraphs[-1].end, start)
            paragraphs[-1:] = [paragraphs[-1], Range(start, end)] if new else [Range(paragraphs[-1].start, end)]
        fresh = False
    return turns, paragraphs


def _blank_between(text: str, end: int, start: int) -> bool:
    return len(re.findall(r"\r\n|\r|\n", text[end:start])) > 1
