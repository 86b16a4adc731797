"""Who speaks in captions: the marks and labels inside their lines, decided over the whole file.

">> NAME:", or "Name:" that comes again and again, names a speaker; ">>" or a dash alone is somebody new and unknown.
A colon or a dash that is not certain to be a mark stays in the speech.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.formats.captions_cues import Cue
from qa.formats.names import has_cjk_title, is_fact, is_name, is_no_name, written
from qa.text import ends_sentence, is_cjk

_CHEVRONS = re.compile(r">{2,3}\s*(?=\S)")
_CHEVRONS_WITHIN = re.compile(r"(?<=\S)\s+(?=>{2,3}\s+\S)")
_DASH = re.compile(r"[-‐‑–—]\s?(?=[^\W\d_]|[\"“‘'«(\[¿¡♪])")
_NAMED = re.compile(r"(?P<name>[^:：\n]{1,80})[:：](?!//)\s*")


@dataclass(slots=True)
class Row:
    """A line of a cue. ``speaker`` None: whoever spoke before; ``fresh``: marked as somebody else; ``place``: its cue,
    and how many speakers began in it."""

    text: str
    cue: Cue
    speaker: str | None = None
    fresh: bool = False
    place: tuple[int, int] = (0, 0)


UNKNOWN = ("", "\0")  # two unknown speakers in a row are two turns: told apart until the turns are made


def spoken(rows: list[Row]) -> list[Row]:
    """The rows with their speakers, and without the marks and labels that name them."""
    if not any(row.speaker for row in rows):
        rows = _labelled(list(_marked(rows)))
    speaker, begun, cue = "", 0, -1
    for row in rows:
        changes = row.fresh or (row.speaker is not None and row.speaker != speaker)
        begun, cue = (0 if row.place[0] != cue else begun + changes), row.place[0]
        row.place = (cue, begun)
        if row.speaker:
            speaker = row.speaker
        elif row.fresh:
            speaker = UNKNOWN[speaker == UNKNOWN[0]]
        elif row.speaker is not None and speaker not in UNKNOWN:
            speaker = ""
        row.speaker = speaker
    return [row for row in rows if row.text]


def _marked(rows: Sequence[Row]) -> Iterator[Row]:
    """Takes ">>" and the dash of a dialogue off. Within a line ">>" counts where the file begins lines with it."""
    often = sum(bool(_CHEVRONS.match(row.text)) for row in rows) > 1
    dialogues = Counter(row.place for row in rows if _DASH.match(row.text))
    ended = True
    for row in rows:
        for part in _CHEVRONS_WITHIN.split(row.text) if often else [row.text]:
            mark = _CHEVRONS.match(part) or (
                _DASH.match(part) if ended or dialogues[row.place] > 1 else None
            )  # else the dash stands within a sentence
            said = part[mark.end() :] if mark else part
            yield replace(row, text=said, speaker="" if mark else row.speaker, fresh=mark is not None)
            ended = ends(said) or said.endswith((")", "]", "）", "】", "♪"))


@dataclass(frozen=True, slots=True)
class _Label:
    """What is written like "Name:" where a line begins; ``opens``: the line before ends a sentence."""

    name: str
    said: str
    opens: bool
    fresh: bool


def _labelled(rows: list[Row]) -> list[Row]:
    """Takes "Name:" off where it is certain; elsewhere it was said."""
    found: dict[int, _Label] = {}
    ended = True
    for at, row in enumerate(rows):
        if label := _label(row, ended):
            found[at] = label
        ended = ends(row.text)
    certain = _certain(rows, found.values())
    return [
        replace(row, speaker=found[at].name, text=found[at].said) if at in found and found[at] in certain else row
        for at, row in enumerate(rows)
    ]


def _label(row: Row, opens: bool) -> _Label | None:
    match = _NAMED.match(row.text)
    name = written(match["name"]) if match else ""
    if not match or not is_name(name) or is_fact(name):
        return None
    said = row.text[match.end() :]
    if name[-1].isdigit() and said[:1].isdigit():  # a time or a ratio: "At 7:06"
        return None
    return _Label(name, said, opens, row.fresh)


def _certain(rows: Sequence[Row], found: Iterable[_Label]) -> set[_Label]:
    """The labels that name a speaker. Behind ">>" what is written like a name; else colons must name speakers here: a
    name in capitals comes again, or two names do, or half the cues have one."""
    seen = Counter(label.name for label in found)
    again = [name for name, count in seen.items() if count > 1]
    letters = "".join(row.text for row in rows)
    shouted = sum(map(str.isupper, letters)) > sum(map(str.islower, letters)) * 2
    often = len(again) > 1 and seen.total() * _SELDOM >= len(rows)
    most = seen.total() > 1 and seen.total() * 2 >= len({row.place for row in rows})
    if often or most or (any(map(str.isupper, again)) and not shouted):
        return {label for label in found if seen[label.name] > 1 or (label.opens and _may_occur_once(label.name))}
    return {label for label in found if label.fresh and (seen[label.name] > 1 or _is_whole_name(label.name))}


_SELDOM = 50  # lines: one speaks no longer, on average, in a file where each turn has a label


def _may_occur_once(name: str) -> bool:
    return not is_no_name(name) and (_is_whole_name(name) or has_cjk_title(name) or (is_cjk(name) and len(name) <= 4))


def _is_whole_name(name: str) -> bool:
    """A single word may as well open a sentence, unless it is in capitals."""
    return name.isupper() or len(name.split()) > 1


def ends(text: str) -> bool:
    return ends_sentence(text) or text.endswith(("؟", "۔", "।"))
