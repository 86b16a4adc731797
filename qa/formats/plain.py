"""Plain text and Markdown, also copied from a web page: "Name:" alone on a line, "Name: text", "**Name:** text",
"Q   text", "CHAIR POWELL.  text", "Name (00:12:03)", initials with a key, or no label at all.

``Transcript.text`` is the file's own text, so an offset is an offset in the file. Labels, times, blanks and the page's
furniture lie outside all turns. Nothing is guessed about who spoke: text without a label has speaker "".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from operator import itemgetter
from typing import NamedTuple

from qa.formats import clock, front_matter, furniture, labels, marks
from qa.formats.origin import Origin, find_date
from qa.formats.rows import Rows, rows
from qa.text import ends_sentence, is_cjk, trim
from qa.types import Range, Transcript, Turn

_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_BLANK_RETURNS = re.compile(r"\r[^\S\r]*\r\s*")  # a file of the old Macintosh
_HASHES = re.compile(r"#{1,6}[^\S\n]+\S")
_URL = re.compile(r"https?://\S+")
_WRAPPED_AT = 120  # code points: in a file of longer lines a line break ends the paragraph
_WRAPPED_AT_CJK = 60
_FULL = 50  # code points: a line so long may run on in the next one
_start = itemgetter(0)  # of a range, a cut or a turn
_TIME_WIDTH = 12  # code points of a time and the blanks behind it
_REMARK = 8  # words: a head's line that is so long a sentence was said, or written, about the event


class Cut(NamedTuple):
    """What stands between two turns: a label, behind which ``speaker`` speaks, or a time, a heading, furniture."""

    start: int
    end: int
    speaker: str | None = None
    seconds: float | None = None
    until: float | None = None
    heading: bool = False


class Head(NamedTuple):
    """What stands above the first word: headings, remarks of nobody named, and the facts in them."""

    turns: list[Turn]
    paragraphs: list[Range]
    title: str
    date: str
    url: str


def parse(text: str, origin: Origin, asides: Sequence[Range] = ()) -> Transcript:
    """Any text is a transcript; one without labels has a single speaker "", the unknown one. ``asides``, in order, are
    headings and footnotes: nobody's words and no label, whatever they look like."""
    front = front_matter.read(text)
    origin.notes.extend(["front matter"] if front.end else [])
    lines = rows(text, asides, front.end)
    found = labels.find_labels(text, lines)
    origin.notes.append(labels.describe(text, found))
    last = lines.at(found[-1].line) + 1 if found else 0
    lines = lines[: furniture.tail(text, lines, last)]
    cuts = _cuts(text, lines, found, markdown=origin.source.lower().endswith((".md", ".markdown")))
    body = found[0].line if found else _body_start(text, lines, cuts)
    before = [cut for cut in cuts if cut.start < body and not cut.heading][-1:]
    top = next((cut.start for cut in before if not text[cut.end : body].strip()), body)
    nobody = {cut.start for cut in cuts if not cut.heading}
    above = [Range(start, min(end, top)) for start, end in lines[: lines.at(top - 1) + 1] if start not in nobody]
    head = _head(text, above)
    noted = [Cut(*aside, heading=True) for aside in asides]
    turns, paragraphs = _speech(text, lines, body, sorted([*cuts, *noted], key=_start))
    early = [Turn(*aside, role="heading") for aside in asides if aside.start < body]
    return origin.transcript(
        text,
        (*sorted([*head.turns, *early], key=_start), *turns),
        (*head.paragraphs, *paragraphs),
        title=front.title or head.title or origin.stem,
        date=find_date(front.date) or head.date,
        url=front.url or head.url,
        language=front.language,
    )


def _cuts(text: str, lines: Rows, found: Sequence[labels.Label], markdown: bool) -> list[Cut]:
    """Everything that is in no turn, in order; a label's own time belongs to the label."""
    times = [label.seconds for label in found if label.seconds is not None]
    clocked = bool(times) and clock.runs(times)
    if clocked:
        cuts = [Cut(label.line, label.speech, label.name, label.seconds, label.until) for label in found]
    else:
        cuts = [Cut(label.line, label.speech, label.name) for label in found]
    labelled = {label.line for label in found}
    begun = lines.begin_at(labelled)
    rest = lines.kept(~begun)
    own = furniture.own(text, rest)
    cuts += [Cut(start, end) for start, end in own]
    cuts += [Cut(mark.start, mark.end, None, mark.seconds, mark.until) for mark in clock.marks(text, rest, bool(times))]
    if found and int(begun.sum()) < len(found):
        cuts += [
            Cut(mark.start, mark.end, None, mark.seconds)
            for mark in clock.marks_in_line(text, max(0, found[0].line - _TIME_WIDTH))
        ]
    nobody: list[Range] = []
    if found:
        shown = lines.without(start for start, _ in own) if own else lines
        nobody = [*marks.directions(text, rest), *marks.titles(text, shown, labelled), *marks.closing(text, rest)]
    cuts += [Cut(*line, heading=True) for line in nobody]
    if markdown:
        cuts += [Cut(*line, heading=True) for line in rest.opened("#") if _HASHES.match(text, *line)]
    return sorted(cuts, key=_start)


def _body_start(text: str, lines: Rows, cuts: Sequence[Cut]) -> int:
    """Without labels the head is what stands before the first time, or before the first sentence and the wrapped
    lines that it begins in."""
    times = [cut.end for cut in cuts if cut.seconds is not None]
    nobody = {cut.start for cut in cuts if not cut.heading}
    lines = lines.without(nobody)
    sentence = next((i for i, line in enumerate(lines) if _ends_sentence(text, line) or _length(line) > 200), None)
    if not lines or (times and (sentence is None or lines[sentence].start >= times[0])):
        return times[0] if times else len(text)
    first = sentence or 0
    while first and _length(lines[first - 1]) >= _FULL and not _blank_between(text, lines[first - 1], lines[first]):
        first -= 1
    return lines[first].start


def _length(line: Range) -> int:
    return line.end - line.start


def _ends_sentence(text: str, line: Range) -> bool:
    return ends_sentence(text[max(line.start, line.end - 20) : line.end])


def _blank_between(text: str, before: Range, line: Range) -> bool:
    return len(_BREAK.findall(text, before.end, line.start)) > 1


def _head(text: str, lines: Sequence[Range]) -> Head:
    """The lines above the first word as headings, or as facts ("Date: ...") whose values are headings."""
    facts: dict[str, str] = {}
    turns = []
    for line in lines:
        start, end = trim(text, *furniture.strip_leading(text, *line))
        if fact := labels.metadata(text, Range(start, end)):
            start, end = fact[1]
            facts.setdefault(fact[0], text[start:end])
        if start < end and not (fact and labels.is_fact(fact[0])) and not furniture.is_furniture(text[start:end]):
            turns.append(Turn(start, end, role="heading"))
    told = [number > 0 or text[turn.start].islower() for number, turn in enumerate(turns)]  # the first is the title
    turns = [
        Turn(turn.start, turn.end) if may and _is_remark(text, turn) else turn
        for may, turn in zip(told, turns, strict=True)
    ]
    headings = [text[turn.start : turn.end] for turn in turns if turn.role == "heading"]
    dated = sorted(headings, key=lambda heading: heading.startswith("Updated"))
    return Head(
        turns,
        [Range(turn.start, turn.end) for turn in turns if turn.role != "heading"],
        facts.get("title") or next(filter(_is_title, takewhile(_is_no_list, headings)), ""),
        next((date for line in [facts.get("date", ""), *dated] if (date := find_date(line))), ""),
        next((facts[key] for key in ("url", "source", "link") if _URL.fullmatch(facts.get(key, ""))), ""),
    )


def _is_remark(text: str, turn: Turn) -> bool:
    line = text[turn.start : turn.end]
    return ends_sentence(line) and (len(line.split()) >= _REMARK or len(line) > 60)


def _is_title(line: str) -> bool:
    """A line of some length that is more than a date and no row of links."""
    long = len(line.split()) >= (5 if find_date(line) else 3) or (len(line) >= 8 and not find_date(line))
    return long and "|" not in line


def _is_no_list(heading: str) -> bool:
    """ "Speaker key:" is followed by names, not by the title."""
    return not heading.endswith(":")


def _speech(text: str, lines: Rows, body: int, cuts: Sequence[Cut]) -> tuple[list[Turn], list[Range]]:
    """What lies between the cuts, as turns, and as paragraphs. A time counts for the next turn."""
    turns: list[Turn] = []
    paragraphs: list[Range] = []
    split = _splitter(text, lines[max(0, lines.at(body)) :])
    speaker, seconds, until, at = "", None, None, body
    last = lines[-1].end if lines else body
    for cut in [*cuts, Cut(last, last)]:
        start, end = trim(text, at, min(cut.start, last))
        if start < end:
            turns.append(Turn(start, end, speaker, seconds=seconds, until=until))
            paragraphs.extend(split(start, end))
            seconds = until = None
        if cut.heading and cut.start >= body:
            turns.append(Turn(*trim(text, *furniture.strip_leading(text, cut.start, cut.end)), role="heading"))
        speaker = speaker if cut.speaker is None else cut.speaker
        seconds, until = (seconds, until) if cut.seconds is None else (cut.seconds, cut.until)
        at = max(at, cut.end)
    return turns, paragraphs


def _splitter(text: str, lines: Rows) -> Callable[[int, int], Iterable[Range]]:
    """Cuts a turn into paragraphs: at every line's end where lines are long, else at blank lines."""
    sample = lines[len(lines) // 2 : len(lines) // 2 + 50]
    cjk = is_cjk("".join(text[start : min(end, start + 200)] for start, end in sample))
    wrapped_at = _WRAPPED_AT_CJK if cjk else _WRAPPED_AT
    by_line = (len(lines) - len(lines.shorter(wrapped_at + 1))) * 10 >= len(lines)
    gap = _BLANK_LINES if "\n" in text else _BLANK_RETURNS
    starts = lines.begins

    def paragraphs(start: int, end: int) -> Iterator[Range]:
        if by_line:
            first, last = max(0, bisect_right(starts, start) - 1), bisect_left(starts, end)
            if last == first + 1:
                yield Range(start, end)
                return
            for index in range(first, last):
                yield trim(text, max(start, lines[index].start), min(end, lines[index].end))
            return
        at = start
        for match in gap.finditer(text, start, end):
            yield trim(text, at, match.start())
            at = match.end()
        yield Range(at, end)

    return paragraphs
