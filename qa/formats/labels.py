"""Speaker labels in running text: decided over the whole file, not line by line.

A real speaker lost is worse than a false one found: the words would be quoted as somebody else's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from qa.formats import capitals, clock
from qa.formats.initials import keyed
from qa.formats.names import Label, has_cjk_title, is_fact, is_name, is_no_name, written
from qa.formats.origin import find_date
from qa.formats.rows import Rows
from qa.speakers import TITLES
from qa.text import ends_sentence, is_cjk, trim
from qa.types import Range

__all__ = ["Label", "find_labels", "is_fact", "is_name", "metadata"]

_BOLD = r"(?:\*\*|__)?"
_BEFORE = rf"(?:(?P<before>{clock.STAMP}|{clock.BARE}(?=[^\S\n]))[^\S\n]*(?:[-–—][^\S\n]*)?)?"
# "Name: text", "**Name:** \[01:46\] text", "[00:12:03] Name: text", "Name: (12:03)"
_LABEL = re.compile(
    rf"[^\S\n]*{_BEFORE}{_BOLD}(?P<name>[^\s:：*][^:：\n*]{{0,119}}+){_BOLD}[:：](?!//){_BOLD}"
    rf"(?:[^\S\n]*(?P<after>{clock.STAMP}|{clock.BARE}(?=[^\S\n]*$)))?"
)
# "Name (00:12:03)", "Name (00:12:03): text", "Name  00:12:03", "Speaker 2  0:05"
_TIMED = re.compile(
    rf"[^\S\n]*{_BOLD}(?P<name>[^\s:：*\[(][^:：\n*\[(\\\d]{{0,116}}\d{{0,3}}){_BOLD}[^\S\n]*"
    rf"(?P<after>{clock.STAMP}|(?<=[^\S\n]){clock.BARE}){_BOLD}(?:[:：]|[^\S\n]*$){_BOLD}"
)
# "00:12:03 Name" alone on a line
_HEADED = re.compile(
    rf"(?P<before>{clock.STAMP}|{clock.BARE})[^\S\n]+{_BOLD}(?P<name>[^\s:：*][^:：\n*]{{0,79}}+){_BOLD}$"
)
_PLAIN = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'’-])*+(?<![ .,-])")  # a name, and no time in front of it or behind
_BLANK = frozenset(("", " ", "\n"))
_COLON = re.compile("[:：]")
_LABEL_WITHIN = 180  # code points: a name of 120 and times
_SAMPLE = 500  # labels that tell how the others are written
_SHORT = 40  # code points: a line this short was not wrapped


def find_labels(text: str, lines: Rows) -> list[Label]:
    """The labels of the file's own layout: a key of initials if it has one, else the kind that is used most."""
    layout = _Layout(text, lines)
    capital = capitals.candidates(text, lines)
    return keyed(text, lines) or max(
        _choose(layout, _with_colon(layout, capital)),
        capitals.stopped(text, capital, layout.opens),
        capitals.numbered(text, capital),
        key=len,
    )


def describe(text: str, found: Sequence[Label]) -> str:
    """How the labels are written, in words: "names followed by a colon: 24 labels of 6 speakers"."""
    if not found:
        return "no speaker labels"
    kinds = Counter(_kind(text, label) for label in found[:_SAMPLE])
    timed = " and a time" if sum(label.seconds is not None for label in found) * 2 > len(found) else ""
    speakers = len({label.name for label in found})
    return f"{kinds.most_common(1)[0][0]}{timed}: {len(found)} labels of {speakers} speaker{'s' * (speakers > 1)}"


def _kind(text: str, label: Label) -> str:
    whole = text[label.line : label.speech].rstrip()
    if label.name not in written(whole):
        return "initials explained by a key"
    if label.alone:
        return "names alone on a line"
    if _COLON.search(whole):
        return "names followed by a colon"
    return "names in capitals and a full stop" if whole.endswith(".") else "names followed by a blank"


def metadata(text: str, line: Range) -> tuple[str, Range] | None:
    """("date", range of "April 20, 2020") for a heading such as "Date: April 20, 2020"; the range may be empty."""
    match = _LABEL.match(text, *line)
    if not match or match["before"] or not is_no_name(name := " ".join(match["name"].split())):
        return None
    return name.casefold(), trim(text, match.start("after") if match["after"] else match.end(), line.end)


class _Layout:
    """The lines, and which of them begin something."""

    def __init__(self, text: str, lines: Rows) -> None:
        self.text, self.lines = text, lines
        self.begins, self.ends = lines.begins, lines.ends.tolist()
        self.short = _SHORT // 2 if is_cjk(text[:20_000]) else _SHORT
        self.names: dict[str, str | None] = {}  # what stands in front of a colon: a name, "" or more than a name

    def opens(self, start: int) -> bool:
        """Whether the line before does not run on: it ends a sentence, is short, or a blank line follows it."""
        return self.begins_anew(bisect_left(self.begins, start))

    def begins_anew(self, row: int) -> bool:
        """``opens`` for the line of that number."""
        if row < 1 or self.blank_before(row):
            return True
        start, end = self.begins[row - 1], self.ends[row - 1]
        return end - start < self.short or ends_sentence(self.text[max(0, end - 20) : end])

    def blank_before(self, row: int) -> bool:
        return self.text.count("\n", self.ends[row - 1], self.begins[row]) > 1


def _with_colon(layout: _Layout, capital: Sequence[Range]) -> list[Label]:
    """Everything written like "Name:", "Name (time)" or "Q   " where a line begins."""
    codes = capitals.spaced(layout.text, capital, layout.opens)
    taken = {label.line for label in codes}
    near = [
        (row, colon)
        for row, colon in zip(*layout.lines.with_colon(), strict=True)
        if 0 < colon - layout.begins[row] < _LABEL_WITHIN and layout.begins[row] not in taken
    ]
    found = [label for row, colon in near if (label := _label(layout, row, colon))]
    seen = Counter(label.name for label in found)
    taken = {label.line for label in found}
    headed = [label for row, _ in near if layout.begins[row] not in taken and (label := _headed(layout, row))]
    again = Counter(label.name for label in headed) + seen
    found += [label for label in headed if again[label.name] > 1] + codes
    return sorted(found, key=lambda label: label.line)


def _label(layout: _Layout, row: int, colon: int) -> Label | None:
    text, start, end = layout.text, layout.begins[row], layout.ends[row]
    alone = colon + 1 == end
    if alone or (text[colon + 1] in _BLANK and text[colon + 2].isalpha()):  # as most are: nothing but a name
        if (label := text[start : colon + alone]) not in layout.names:
            layout.names[label] = _bare(text[start:colon], alone)
        if (bare := layout.names[label]) is not None:
            return Label(bare, start, colon + 1, alone, layout.begins_anew(row)) if bare else None
    match = (text[colon - 1].isdigit() and _TIMED.match(text, start, end)) or _LABEL.match(text, start, end)
    if not match:
        return None
    alone, after, before = match.end() == end, match["after"], match["before"] if match.re is _LABEL else None
    name = written(match["name"])
    if not is_name(name, alone) or (match.re is _TIMED and find_date(f"{name}, 2000")):  # "May 3  10:30"
        return None
    if not alone and not after and name[-1].isdigit() and text[match.end()].isdigit():
        return None  # a time or a ratio: "At 7:06"
    stamp = after or before
    seconds, until = clock.read(stamp) if stamp else (None, None)
    return Label(name, start, match.end(), alone, layout.begins_anew(row), seconds, until)


def _bare(label: str, alone: bool) -> str | None:
    """The name that it is and nothing else; "" where it cannot be a name, None where there may be a time beside it."""
    if not _PLAIN.fullmatch(label):
        return None
    name = written(label)
    return name if is_name(name, alone) else ""


def _headed(layout: _Layout, row: int) -> Label | None:
    text, start, end = layout.text, layout.begins[row], layout.ends[row]
    match = text[start] in "[(\\0123456789" and _HEADED.match(text, start, end)
    if not match or not is_name(name := written(match["name"]), alone=True):
        return None
    return Label(name, start, end, True, True, *clock.read(match["before"]))


def _choose(layout: _Layout, found: list[Label]) -> list[Label]:
    """Leaves out what names nobody, then takes the names alone on a line and what comes again, or all, whichever the
    file uses."""
    found = _without_head(layout, [label for label in found if not is_fact(label.name)])
    seen = Counter(label.name for label in found)
    found = [label for label in found if seen[label.name] > 1 or _may_occur_once(label)]
    found = _in_capitals(found, seen)
    alone = [label for label in found if label.alone]
    names = {label.name for label in alone}
    others = sum(seen[label.name] > 1 for label in found if label.name not in names)
    if len(alone) >= max(2, others) and any(_is_certain(label, seen) for label in alone):
        again = {label.name for label in found if seen[label.name] > 1 and label.opens and not is_no_name(label.name)}
        again = {name for name in again if not _is_phrase(layout, name)}
        return [label for label in found if label.alone or label.name in names | again]
    certain = sum(_is_certain(label, seen) for label in found)
    if certain * 2 < len(found):
        return []
    if len(found) == 1:  # one person's statement
        behind = len(layout.lines) - layout.lines.at(found[0].line)
        return found if behind * 2 >= len(layout.lines) else []
    return found


def _without_head(layout: _Layout, found: list[Label]) -> list[Label]:
    """Without the lines "Case Number: 12", "Recorded By: A. Smith" at the top: two or more, no sentence among them; and
    without "Room 2  10:30" where no other label has a time."""
    timed = [label for label in found if label.seconds is not None]
    if found[:1] == timed and len(found) > 1 and timed[0].alone and timed[0].name[-1].isdigit():
        found = found[1:]
    seen = Counter(label.name for label in found)
    last = 0
    for label in found:
        row = layout.lines.at(label.line)
        line = layout.lines[row]
        value = layout.text[label.speech : line.end]
        if row > 12 or seen[label.name] > 1 or label.alone or label.seconds is not None or ends_sentence(value):
            break
        if last and (layout.blank_before(row) or row != layout.lines.at(found[last - 1].line) + 1):
            break
        last += 1
    return found[last:] if last > 1 else found


def _in_capitals(found: list[Label], seen: Counter[str]) -> list[Label]:
    """In a file whose names are in capitals ("MS. PSAKI:"), "Climate Change" that opens one sentence is no name; with a
    title, as "Secretary Granholm", it is."""
    capital = sum(label.name.isupper() for label in found)
    if capital < 5 or capital * 10 < len(found) * 9:
        return found
    return [label for label in found if label.name.isupper() or seen[label.name] > 1 or _is_titled(label.name)]


def _is_titled(name: str) -> bool:
    first, *others = name.split()
    return bool(others) and first.rstrip(".").casefold() in TITLES


def _is_phrase(layout: _Layout, name: str) -> bool:
    """Whether all of its words stand in small letters elsewhere: "Bottom Line"."""
    return all(re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", layout.text) for word in name.split())


def _may_occur_once(label: Label) -> bool:
    if is_no_name(label.name) or not label.opens:
        return False
    return not is_cjk(label.name) or len(label.name) <= 4 or has_cjk_title(label.name)


def _is_certain(label: Label, seen: Counter[str]) -> bool:
    """A single word that occurs once may as well open a sentence; of several words, or repeated, it is a name."""
    name = label.name
    timed = label.seconds is not None
    return timed or seen[name] > 1 or len(name.split()) > 1 or is_cjk(name) or (name.isupper() and len(name) > 3)
