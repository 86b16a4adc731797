"""Speakers that a page sets off by its elements, and by a lone Q or A; beside those that plain text shows, too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import compress

from qa.formats import labels, marks
from qa.formats.labels import Label
from qa.formats.names import written
from qa.formats.origin import find_date
from qa.formats.page_blocks import Line
from qa.formats.rows import rows_of
from qa.text import ends_sentence
from qa.types import Range

_LONGEST = 80  # code points of a name
_NICK = re.compile(r"<(?P<nick>[^<>\s]+)>")
_NUMBERED = re.compile(r"speaker\s*\w+$", re.IGNORECASE)
_COLON = re.compile(r"\s*[:：]\s*")
_DATED = 30  # code points: a line so short with a date in it is the date
_LETTER = re.compile(r"(?P<letter>[QA])(?P<mark>[.:]?)(?P<gap>\s+)(?=\S)")


def find(text: str, lines: Sequence[Line], ranges: Sequence[Range]) -> list[Label]:
    """The labels of the page in order; one on a line. ``ranges`` are the lines' places in ``text``."""
    spoken = (not line.heading and not marks.is_mark(line.text) for line in lines)
    plain = labels.find_labels(text, rows_of(text, compress(ranges, spoken)))
    marked = _set_off(lines, ranges)
    starts = {place.start: row for row, place in enumerate(ranges)}
    begun = {ranges[starts[label.line] + 1].start for label in marked if label.alone}  # what a name alone stands above
    behind = [label for label in (*plain, *_letters(lines, ranges)) if label.line not in begun]
    found = {label.line: label for label in behind} | {label.line: label for label in marked}
    for line in [line for line in found if line in starts and _is_dated(text, found[line], ranges[starts[line]])]:
        del found[line]
    return _of_one_kind(lines, starts, [found[line] for line in sorted(found)])


def _is_dated(text: str, label: Label, place: Range) -> bool:
    """ "Issued on: March 5, 2021"."""
    return place.end - label.speech < _DATED and bool(find_date(text[label.speech : place.end]))


def _set_off(lines: Sequence[Line], ranges: Sequence[Range]) -> list[Label]:
    """Names in bold, in <cite>, in a row's first cell or in an element called "speaker"."""
    leads = [(row, label) for row in range(len(lines)) if (label := _lead(lines, ranges, row))]
    found: list[Label] = []
    if any(line.kind == "speaker" and len(line.lead) > _LONGEST for line in lines):  # it holds what is said, too
        leads = [(row, label) for row, label in leads if lines[row].kind != "speaker"]
    for kind in ("cite", "speaker", "cell", "b"):
        group = [(row, label) for row, label in leads if lines[row].kind == kind]
        if kind in ("cite", "speaker") or _names_speakers(lines, group):
            seen = Counter(label.name for _, label in group)
            found += [label for _, label in group if kind != "b" or seen[label.name] > 1 or len(label.name.split()) > 1]
    return found


def _lead(lines: Sequence[Line], ranges: Sequence[Range], row: int) -> Label | None:
    line, start = lines[row], ranges[row].start
    if not line.lead or len(line.lead) > _LONGEST:
        return None
    behind = _COLON.match(line.text, len(line.lead))
    end = behind.end() if behind else len(line.lead)
    nick = _NICK.fullmatch(line.lead)
    name = nick["nick"] if nick else line.lead.rstrip(" :：")
    colon = bool(behind) or line.lead[-1] in ":："
    alone = end == len(line.text)
    if line.kind == "cite" and not (colon or nick):  # the title of a work
        return None
    explicit = line.kind == "cite" or (colon and line.kind in ("b", "speaker")) or bool(_NUMBERED.match(name))
    if not name or (not explicit and (name[-1] in ".!?" or not labels.is_name(name, alone))):
        return None
    if alone and (row + 1 == len(lines) or lines[row + 1].heading):
        return None
    return Label(written(name), start, start + end, alone, line.opens)


def _names_speakers(lines: Sequence[Line], group: Sequence[tuple[int, Label]]) -> bool:
    """Whether these are names of speakers, not headings or the words of a table: they come again, several of them,
    or sentences stand behind them."""
    seen = Counter(label.name for _, label in group)
    repeated = [name for name, count in seen.items() if count > 1]
    if len(repeated) > 1 and 2 * sum(seen[name] for name in repeated) >= len(group):
        return True
    cells = [
        row for row, _ in group if lines[row].kind == "cell" and not labels.is_fact(lines[row].text.rstrip(" :："))
    ]
    said = sum(ends_sentence(lines[row + 1].text) for row in cells)
    return len(cells) > 1 and said * 3 >= len(cells) * 2


def _letters(lines: Sequence[Line], ranges: Sequence[Range]) -> list[Label]:
    """ "Q   text" and "A   text": a lone Q is a label where it comes again or a wide blank follows, an A beside it."""
    found: list[tuple[re.Match[str], Label]] = []
    for line, place in zip(lines, ranges, strict=True):
        match = _LETTER.match(line.text)
        if match and not line.heading:
            speech = place.start + match.end()
            found.append((match, Label(match["letter"], place.start, speech, False, line.opens)))
    asked = [match for match, _ in found if match["letter"] == "Q"]
    if not asked or (len(asked) == 1 and not _is_set_off(asked[0])):
        return []
    return [label for match, label in found if match["letter"] == "Q" or _is_set_off(match)]


def _is_set_off(match: re.Match[str]) -> bool:
    return bool(match["mark"]) or len(match["gap"]) > 1


def _of_one_kind(lines: Sequence[Line], rows: dict[int, int], found: list[Label]) -> list[Label]:
    """Where the page sets its speakers off in one way, a name found once in another way is none ("Present: ...")."""
    kinds = {label.line: lines[rows[label.line]].kind if label.line in rows else "" for label in found}
    count = Counter(kinds.values())
    kind, most = max(count.items(), key=lambda item: item[1], default=("", 0))
    if not kind or most < 4 or most * 3 < len(found) * 2:
        return found
    seen = Counter(label.name for label in found)
    return [label for label in found if kinds[label.line] == kind or seen[label.name] > 1]
