"""What became of every character of a source's text: kept in a turn, or left out as a label, a time, furniture, or a
repetition of what is kept. Blanks are not counted.

A text file is accounted for by offsets, any other by aligning the text that ``qa.sources`` finds in it with the turns.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa import sources
from qa.alignment import align
from qa.types import Transcript

Kind = Literal["label", "time", "furniture", "repeated"]
_LINE = re.compile(r"[^\r\n]+")
_TIME = re.compile(
    r"\\?[\[(]?\d{1,4}(?::\d{2}){1,2}(?:[.,]\d{1,9})?(?:\s*(?:-->|[-–—])\s*\d{1,4}(?::\d{2}){1,2}(?:[.,]\d{1,9})?)?\\?[\])]?"
    r"|\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?"
)
_TAG = re.compile(r"<v(?:\.[^\s<>]*)?\s|</?\w*>")  # "<v Lena Brandt>" in WebVTT
_WORK = 10**9  # characters looked through for repetitions
_LABEL = 160  # characters: a longer one in front of what is said names nobody
_TEXT = (".txt", ".md", ".markdown")
_REPEATING = (".vtt", ".srt", ".json", ".jsonl")
_SPACES = np.array([code for code in range(0x3001) if chr(code).isspace()], dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of the source's text that is in no turn."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """Counts are characters that are no blanks; ``kept`` and those of ``left_out`` add up to ``total``.

    ``unaccounted``: characters of the transcript that were not found in the source, as where an entity or a ligature
    was resolved; it is no part of the sum.
    """

    total: int
    kept: int
    left_out: tuple[LeftOut, ...]
    unaccounted: int

    def count(self, kind: Kind) -> int:
        return sum(len(_dense(one.text)) for one in self.left_out if one.kind == kind)


def account(content: bytes, transcript: Transcript) -> Account:
    """``content`` is what ``transcript`` was parsed from."""
    suffix = transcript.source[transcript.source.rfind(".") :].lower()
    in_place = suffix in _TEXT
    pieces = _lines(transcript.text) if in_place else sources.pieces(content, transcript.source)
    text = "\n".join(pieces)
    at = _visible(text)
    if in_place:
        taken, missing = _in_turns(transcript)[at], 0
    else:
        aligned, missing = align(_dense(text), [_dense(part) for part in _parts(transcript)])
        taken = np.frombuffer(bytes(aligned), dtype=np.uint8)
    left_out = tuple(_Judge(transcript, suffix in _REPEATING).judge(pieces, at, taken))
    return Account(len(at), int(taken.sum()), left_out, missing)


def _lines(text: str) -> list[str]:
    """Pieces that, joined with a line break, have every character of ``text`` at its offset."""
    return re.split(r"[\r\n]", text)


def _dense(text: str) -> str:
    return "".join(text.split())


def _visible(text: str) -> NDArray[np.int64]:
    """Offsets of the characters that are no blanks."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.flatnonzero(~np.isin(codes, _SPACES))


def _in_turns(transcript: Transcript) -> NDArray[np.uint8]:
    taken = np.zeros(len(transcript.text), dtype=np.uint8)
    for turn in transcript.turns:
        taken[turn.start : turn.end] = 1
    return taken


def _parts(transcript: Transcript) -> list[str]:
    """What is kept, in pieces that the layout cuts at most: paragraphs, and in captions what is shown at once; those in
    order of time, for a cue may hold two languages that the transcript keeps apart."""
    moments = [moment.start for moment in transcript.moments]
    found: list[tuple[float, str]] = []
    for turn in transcript.turns:
        inner = moments[bisect_right(moments, turn.start) : bisect_left(moments, turn.end)]
        for start, end in pairwise((turn.start, *inner, turn.end)):
            seconds = transcript.seconds_at(start) if moments else None
            found += [(seconds or 0.0, block) for block in re.split(r"\n\s*\n", transcript.text[start:end])]
    return [block for _, block in sorted(found, key=lambda one: one[0])]


class _Judge:
    """Tells what the stretches in no turn are."""

    def __init__(self, transcript: Transcript, repeats: bool) -> None:
        self._names = {_letters(name) for name in transcript.speakers()}
        self._kept = _dense(transcript.text) if repeats else ""
        self._known: dict[str, bool] = {}
        self._work = _WORK

    def _is_kept(self, words: str) -> bool:
        """Whether the same words stand in the transcript; no more is looked through than a second takes."""
        if words not in self._known and self._work > 0:
            self._work -= len(self._kept)
            self._known[words] = words in self._kept
        return self._known.get(words, False)

    def judge(self, pieces: Sequence[str], at: NDArray[np.int64], taken: NDArray[np.uint8]) -> Iterator[LeftOut]:
        text = "\n".join(pieces)
        starts = [0, *accumulate(len(piece) + 1 for piece in pieces)]
        left = np.flatnonzero(taken == 0)
        owners = np.searchsorted(np.array(starts), at[left], side="right")
        ends = np.flatnonzero((np.diff(left) != 1) | (np.diff(owners) != 0)) + 1
        for run in np.split(left, ends) if len(left) else []:
            start, end = int(at[run[0]]), int(at[run[-1]]) + 1
            after = int(run[-1]) + 1
            same = after < len(at) and at[after] < starts[bisect_right(starts, start)] - 1
            yield from self._kinds(text[start:end], bool(same))

    def _kinds(self, words: str, leads: bool) -> Iterator[LeftOut]:
        """``leads``: what is kept follows in the same piece, as behind a label."""
        done = 0
        for match in _TIME.finditer(words):
            yield from self._kind(words[done : match.start()], leads)
            yield LeftOut("time", match[0])
            done = match.end()
        yield from self._kind(words[done:], leads)

    def _kind(self, words: str, leads: bool) -> Iterator[LeftOut]:
        if not (words := words.strip()):
            return
        letters = _letters(_TAG.sub("", words))
        named = letters in self._names or (leads and any(letters.startswith(name) for name in self._names if name))
        if named or (leads and len(words) <= _LABEL and (words.endswith((":", "：")) or not letters)):
            yield LeftOut("label", words)
        elif letters and not letters.isdigit() and self._is_kept(_dense(words)):
            yield LeftOut("repeated", words)
        else:
            yield LeftOut("furniture", words)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
