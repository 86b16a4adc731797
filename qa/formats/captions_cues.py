"""A caption file to its cues: times, and lines of speech without markup. WebVTT and SubRip, also badly written ones.

A line with two times begins a cue, and what follows belongs to it up to the next such line: blank lines may be missing
or too many. Numbers, names of cues, comments and styles belong to none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence, Set
from html.entities import html5
from itertools import pairwise
from typing import NamedTuple

from qa.errors import TranscriptError

_CLOCK = r"(?:([0-9]{1,4}):)?([0-9]{1,3}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?"
# "line:15%", and as a translating program leaves it, "行：15%"
_SETTING = r"(?:(?:vertical|line|position|size|align|region|[XY][12]):\S++|[^\s:：0-9]{1,12}[:：][0-9.,%-]++)"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s*{_SETTING})*+(?:\s+(?P<said>.*)|\s*)", re.DOTALL)
_NEARLY = re.compile(r"\s*-?[0-9]+:\S*\s*-->\s*(?:-?[0-9]+:|$)")
_NUMBER = re.compile(r"[\s\ufeff]*[0-9]{1,9}\s*")
_ASIDE = re.compile(r"(?:WEBVTT|NOTE)(?:[ \t].*)?|(?:STYLE|REGION)[ \t]*")
_HEADER = re.compile(r"\ufeff?WEBVTT(?:[ \t]+[-–—:|]*[ \t]*(?P<title>.*))?")
_LANGUAGE = re.compile(r"(?:NOTE[ \t]+)?language[ \t]*[:=][ \t]*([A-Za-z][A-Za-z-]+)[ \t]*", re.IGNORECASE)

# No pattern looks past the next "<", so that a file of nothing else is read in one pass. What is no tag of captions,
# as in "if a<b and c>d", was said.
_TAG = re.compile(
    r"<(?:(?P<speaks>v(?:\.[^\s<>]*)?(?P<voice>[\s-][^<>]*)?)|(?P<over>/v)|(?P<line>br[ \t]*/?)"
    r"|/?(?:b|i|u|c|ruby|rt)(?:\.[^\s<>]*)?[ \t]*|/?(?:lang|font)(?:[.\s][^<>]*)?"
    r"|(?:[0-9]{1,4}:)?[0-9]{1,2}:[0-9]{2}[.,][0-9]{1,3})>",
    re.IGNORECASE,
)
_READING = re.compile(r"<rt(?:\.[^<>]*)?>[^<]*(?:</rt>|(?=</ruby>))")  # how a word is read, not said beside it
_ENTITY = re.compile(r"&(?:#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6})|[A-Za-z][A-Za-z0-9]{1,30});")
_POSITION = re.compile(r"\{\\[^{}]*\}")


class Line(NamedTuple):
    """A line of speech; ``voice`` as the file tags it: "" somebody unknown, None untagged."""

    text: str
    voice: str | None = None


class Cue(NamedTuple):
    """What is shown at once; the times are seconds."""

    start: float
    end: float
    lines: tuple[Line, ...]


class Captions(NamedTuple):
    """The cues in the file's order; what stands in front of the first; the language as the file names it."""

    cues: list[Cue]
    headings: tuple[str, ...]
    language: str


def read(text: str, source: str, web: bool) -> Captions:
    """``web``: the file is WebVTT, which has comments, names of cues and entities. Raises TranscriptError."""
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    times = _times(rows, source)
    web = web or bool(_HEADER.fullmatch(rows[0]))
    aside = _numbers(rows, times) | (_asides(rows, times) if web else set())
    aside |= _names(rows, times, aside) if web else set()
    said: dict[int, list[str]] = {at: [match["said"] or ""] for at, match in times.items()}
    before: list[str] = []
    held = before
    for at, row in enumerate(rows):
        held = said.get(at, held)
        if at not in times and at not in aside:
            held.append(row)
    cues = [Cue(*_clock(times[at]), tuple(_lines("\n".join(held), web))) for at, held in said.items()]
    title = _HEADER.fullmatch(rows[0]) if web else None
    headings = [title["title"] or "" if title else "", *(line.text for line in _lines("\n".join(before), web))]
    language = next((match[1] for at in sorted(aside) if (match := _LANGUAGE.fullmatch(rows[at]))), "")
    return Captions(cues, tuple(line for line in headings if line.strip() and line != "FILE"), language)


def _times(rows: Sequence[str], source: str) -> dict[int, re.Match[str]]:
    """The lines with two times. A line that is nearly one is refused: its cue would be said at another's time."""
    found = {}
    for at, row in enumerate(rows):
        if "-->" not in row:
            continue
        if match := _TIMES.fullmatch(row):
            found[at] = match
        elif _NEARLY.match(row):
            raise TranscriptError(f"{source}: line {at + 1}: not two times such as 00:01:02.500 --> 00:01:04.000")
    if not found:
        raise TranscriptError(f"{source}: no captions: no line has two times such as 00:01:02.500 --> 00:01:04.000")
    return found


def _clock(match: re.Match[str]) -> tuple[float, float]:
    """Begin and end in seconds."""
    h1, m1, s1, f1, h2, m2, s2, f2 = (part or "0" for part in match.groups()[:8])
    start = int(h1) * 3600 + int(m1) * 60 + float(f"{s1}.{f1}")
    return start, int(h2) * 3600 + int(m2) * 60 + float(f"{s2}.{f2}")


def _numbers(rows: Sequence[str], times: dict[int, re.Match[str]]) -> set[int]:
    """The numbers in front of the times, if at least half the cues have one: in another file they were said."""
    apart = [at for at in times if at > 1 and not rows[at - 1].strip() and _NUMBER.fullmatch(rows[at - 2])]
    found = {at - 1 for at in times if at and _NUMBER.fullmatch(rows[at - 1])}
    if len(apart) * 2 >= len(times):  # a blank line behind every line
        found.update(at - 2 for at in apart)
    return found if len(found) * 2 >= len(times) else set()


def _asides(rows: Sequence[str], times: dict[int, re.Match[str]]) -> set[int]:
    """Header, comments, styles and regions. Each stands behind an empty line; a line of blanks is none, automatic
    captions have it in their cues."""
    found: set[int] = set()
    inside = False
    for at, row in enumerate(rows):
        begins = at == 0 or not rows[at - 1]
        inside = bool(row) and at not in times and (inside or (begins and bool(_ASIDE.fullmatch(row))))
        if inside:
            found.add(at)
    return found


def _names(rows: Sequence[str], times: dict[int, re.Match[str]], aside: Set[int]) -> set[int]:
    """The names of cues: a line between an empty one and the times. Behind a cue without a word it is what that cue
    says, set off by the empty line, unless most cues have names."""
    names: set[int] = set()
    alone: set[int] = set()
    said = True
    for at, row in enumerate(rows):
        if at in times:
            said = bool(times[at]["said"])
        elif row and at not in aside and at + 1 in times and (at == 0 or not rows[at - 1]):
            (names if said else alone).add(at)
        elif row.strip() and at not in aside:
            said = True
    return names | alone if len(names) > len(alone) else names


def _lines(text: str, web: bool) -> Iterator[Line]:
    """The lines of one cue without markup; a line in which two voices speak is two."""
    for voice, part in _voices(_READING.sub("", text) if web else _POSITION.sub("", text)):
        for row in part.split("\n"):
            if words := (decode(row) if web else row).strip():
                yield Line(words, voice)


def _voices(text: str) -> Iterator[tuple[str | None, str]]:
    voice: str | None = None
    parts: list[str] = []
    at = 0
    for tag in _TAG.finditer(text):
        parts.append(text[at : tag.start()])
        at = tag.end()
        if tag["line"]:
            parts.append("\n")
        elif tag["over"] or tag["speaks"]:
            yield voice, "".join(parts)
            voice, parts = None if tag["over"] else _name(tag["voice"] or ""), []
    yield voice, "".join([*parts, text[at:]])


def _name(words: str) -> str:
    """The speaker's name; "-" only says that somebody else speaks."""
    name = " ".join(decode(words).split())
    return name if any(map(str.isalnum, name)) else ""


def decode(text: str) -> str:
    """The text with its entities decoded once: "&amp;lt;" is what somebody wrote as "&lt;"."""
    return _ENTITY.sub(lambda found: _character(found[0]), text)


def _character(entity: str) -> str:
    known = entity[1] == "#" or entity[1:] in html5
    return (html.unescape(entity) if known else "") or entity


_CLEARED = 0.5  # seconds of silence behind which the screen was empty
_SCREEN = 8  # lines: what is longer was never shown at once


def unrolled(cues: list[Cue]) -> list[Cue]:
    """Rolling captions show a line again above the next one: the repetition is not said. It is known by the whole
    file: two pairs of neighbouring cues, and a third of all, are such that the later shows the earlier's last lines and
    a new one. Elsewhere a line that comes twice was said twice, and also here if it is the new one: "No." "No."."""
    carried = [0, *(_carried(before, cue) for before, cue in pairwise(cues))]
    rolls = sum(0 < count < len(cue.lines) for count, cue in zip(carried, cues, strict=False))
    if rolls < 2 or rolls * 3 < len(cues) - 1:
        return cues
    return [cue._replace(lines=cue.lines[count:]) for count, cue in zip(carried, cues, strict=True)]


def _carried(before: Cue, cue: Cue) -> int:
    """How many of the first lines are the last ones of the cue before: all but one if they can be, since one line
    comes at a time."""
    old, new = ([line.text for line in lines] for lines in (before.lines, cue.lines))
    if cue.start - before.end > _CLEARED or len(new) > min(len(old) + 1, _SCREEN):
        return 0
    rolled = len(new) - 1
    counts = [rolled, *range(min(len(new), len(old)), 0, -1)]
    return next((count for count in counts if count > 0 and old[-count:] == new[:count]), 0)
