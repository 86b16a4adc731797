"""WebVTT and SubRip to a transcript: cues are joined into running text, each speaker's run of them is a turn.

A speaker is who a voice tag, ">> NAME:", or "Name:" repeated over the file names; ">>" or a dash alone is somebody
new and unknown. A file in two languages keeps both: each paragraph is followed by its translation.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from qa.formats import captions_cues, pieces
from qa.formats.captions_cues import Cue, Line
from qa.formats.captions_speakers import UNKNOWN, Row, ends, spoken
from qa.formats.origin import Origin
from qa.formats.pieces import Piece, Talk
from qa.types import Transcript

# A caption stays up over a short silence, so that one which shows is long: of the talks measured most have 5 to 30 of
# a second in 4 to 14 minutes, a paragraph each, and one or none of two seconds.
_PAUSE = 1.0
_BREATH = 0.5  # seconds: without full stops, sentences end where something can be heard to end
_UNMARKED = 10  # lines a sentence takes at most in a file with full stops
_LENGTH = 240  # code points after which a paragraph without full stops ends: it is quoted as a sentence
_TWO_LANGUAGES = 400  # code points after which a translation follows, where a sentence ends


@dataclass(slots=True)
class _Section:
    """A paragraph: its rows, and those of its translation."""

    speaker: str
    tracks: tuple[list[Row], list[Row]] = field(default_factory=lambda: ([], []))

    def length(self) -> int:
        """In code points; a Chinese or Japanese one says as much as three Latin."""
        rows = [row.text for track in self.tracks for row in track]
        return sum(len(text) * (3 if _script(text) == "CJK" else 1) for text in rows)


def parse_vtt(text: str, origin: Origin) -> Transcript:
    """Raises TranscriptError where no line, or a wrong one, tells the time."""
    return _transcript(captions_cues.read(text, origin.source, web=True), origin, "WebVTT")


def parse_srt(text: str, origin: Origin) -> Transcript:
    """Raises TranscriptError where no line, or a wrong one, tells the time."""
    return _transcript(captions_cues.read(text, origin.source, web=False), origin, "SubRip")


def _transcript(captions: captions_cues.Captions, origin: Origin, name: str) -> Transcript:
    shown = [cue for cue in captions.cues if cue.lines]
    cues = [cue for cue in captions_cues.unrolled(shown) if cue.lines]
    first, second = _tracks(cues)
    tagged = sum(any(line.voice is not None for line in cue.lines) for cue in cues)
    origin.notes.append(
        f"{name}: {len(captions.cues)} cues, {tagged} with a voice tag" + (", two languages" * bool(second))
    )
    sections = _sections(spoken(first), spoken(second))
    talk = Talk(list(_pieces(sections)), captions.headings, language=captions.language)
    made = pieces.transcript(talk, origin)
    turns = [turn._replace(speaker="") if turn.speaker in UNKNOWN else turn for turn in made.turns]
    return replace(made, turns=tuple(turns))


def _tracks(cues: Sequence[Cue]) -> tuple[list[Row], list[Row]]:
    """The lines as they are said, and their translations: a file is in two languages if in at least half its cues
    lines in one script are followed by lines in another."""
    edges = [_edge([_script(line.text) for line in cue.lines]) for cue in cues]
    common = Counter(edge[1:] for edge in edges if edge).most_common(1)
    scripts = common[0][0] if common and common[0][1] * 2 >= len(cues) else None
    rows: tuple[list[Row], list[Row]] = ([], [])
    tags = sum(any(line.voice is not None for line in cue.lines) for cue in cues)
    every = tags * 2 >= len(cues) > 0  # else a tag stands only where the speaker changes, and holds till the next
    for number, cue in enumerate(cues):
        cut = _cut(cue.lines, *scripts) if scripts else len(cue.lines)
        for at, line in enumerate(cue.lines):
            speaker = "" if line.voice is None and every else line.voice
            rows[at >= cut].append(Row(line.text, cue, speaker, place=(number, 0)))
    return rows


def _edge(scripts: list[str]) -> tuple[int, str, str] | None:
    """Where one script ends and another begins, and which; None unless there are two, one behind the other."""
    cuts = [at for at in range(1, len(scripts)) if scripts[at] != scripts[at - 1]]
    if len(cuts) != 1 or "" in scripts:
        return None
    return cuts[0], scripts[0], scripts[-1]


def _cut(lines: Sequence[Line], first: str, second: str) -> int:
    scripts = [_script(line.text) for line in lines]
    edge = _edge(scripts)
    if edge and edge[1:] == (first, second):
        return edge[0]
    mixed = "" in scripts or any(_kind(character) == first for character in lines[0].text)
    if len(lines) % 2 == 0 and mixed:  # figures, or a line that is nearly all foreign names
        return len(lines) // 2
    return 0 if set(scripts) == {second} else len(lines)


def _script(text: str) -> str:
    """The script of at least a third of the letters, Latin if there is no other; "" without letters."""
    kinds = Counter(_kind(character) for character in text if character.isalpha())
    count, kind = max(((n, kind) for kind, n in kinds.items() if kind != "LATIN"), default=(0, ""))
    return kind if count * 3 >= kinds.total() else "LATIN"


@lru_cache(maxsize=20_000)
def _kind(character: str) -> str:
    kind = unicodedata.name(character, "?").split()[0]
    return "CJK" if kind.startswith(("HIRAGANA", "KATAKANA")) else "LATIN" if kind == "FULLWIDTH" else kind


def _sections(first: list[Row], second: list[Row]) -> list[_Section]:
    """The paragraphs: cut where another speaks, at a pause, and before they are too long to be quoted."""
    unmarked = sum(ends(row.text) for row in first) * _UNMARKED < len(first)
    found: list[_Section] = []
    of: dict[tuple[int, int], _Section] = {}
    rows = [(row.place[0], track, row) for track, rows in enumerate((first, second)) for row in rows]
    for _, track, row in sorted(rows, key=lambda entry: entry[:2]):
        section = of.get(row.place, found[-1] if found else None)
        if section is None or (track == 0 and _apart(found[-1], row, unmarked, bool(second))):
            section = _Section(row.speaker or "")
            found.append(section)
        of.setdefault(row.place, section)
        section.tracks[track].append(row)
    return found


def _apart(section: _Section, row: Row, unmarked: bool, translated: bool) -> bool:
    """Whether ``row`` begins another paragraph than ``section``."""
    if row.speaker != section.speaker:
        return True
    last = (section.tracks[0] or section.tracks[1])[-1]
    pause = row.cue.start - last.cue.end
    if unmarked:
        return pause >= _BREATH or section.length() >= _LENGTH
    return ends(last.text) and (pause >= _PAUSE or (translated and section.length() >= _TWO_LANGUAGES))


def _pieces(sections: Sequence[_Section]) -> Iterator[Piece]:
    """Each paragraph, then its translation; the clock is told where a cue begins."""
    for section in sections:
        for track in section.tracks:
            cue = None
            for row in track:
                start = row.cue.start if row.cue is not cue else None
                yield Piece(row.text, section.speaker, start, row.cue.end, breaks=cue is None)
                cue = row.cue
