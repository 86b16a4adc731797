"""Turns to passages: whole sentences, within a turn, within the encoder's limit; short turns joined for search.

The question a reply answers and the speaker's name are the passage's context: embedded and searched, never quoted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.text import is_interrogative, paragraphs_within, sentences_of, trim, words
from qa.types import Passage, Range, TokenCounter, Transcript

VERSION = 3  # part of the library's manifest: raise it with every change that cuts or frames passages differently


@dataclass(frozen=True, slots=True)
class Sizes:
    """In tokens of the encoder. The passage and its context together stay within the encoder's limit."""

    passage: int = 144  # about 110 English words
    context: int = 64


_SHORT = 12  # words: "Yes.", "Right.", "Thank you, Mr. Chairman." are searched together with their neighbours


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a part of one that is too long; ``opens``: a passage may well begin with it."""

    range: Range
    tokens: int
    opens: bool


def chunk(transcript: Transcript, count: TokenCounter, limit: int, sizes: Sizes = Sizes()) -> list[Passage]:
    """The passages of a transcript in order; every non-blank character of every turn lies in exactly one.

    ``limit`` is what the encoder reads, special tokens left out: no passage with its context exceeds it.
    """
    room = min(sizes.passage, limit - min(sizes.context, limit // 3))
    pieces: list[tuple[int, Range, int]] = []
    for index in range(len(transcript.turns)):
        for units in _groups(_units(transcript, index, count, room), room):
            piece = Range(units[0].range.start, units[-1].range.end)
            pieces.append((index, piece, sum(unit.tokens for unit in units)))
    passages = [
        Passage(transcript, tuple(piece for _, piece, _ in group), _context(transcript, group[0][0], count, sizes))
        for group in _join_short(transcript, pieces, room)
    ]
    sizes_found = count([passage.embedded for passage in passages])
    return [
        part
        for passage, tokens in zip(passages, sizes_found, strict=True)
        for part in ([passage] if tokens <= limit else _shrink(passage, count, limit))
    ]


def _shrink(passage: Passage, count: TokenCounter, limit: int) -> Iterator[Passage]:
    """Sentences counted one by one may have fewer tokens than together: without its context, then in parts."""
    if count([passage.embedded])[0] <= limit:
        yield passage
        return
    if passage.context:
        yield from _shrink(replace(passage, context=""), count, limit)
        return
    pieces = passage.pieces if len(passage.pieces) > 1 else _in_two(passage)
    for piece in pieces:
        yield from _shrink(replace(passage, pieces=(piece,)), count, limit)


def _in_two(passage: Passage) -> tuple[Range, ...]:
    (piece,) = passage.pieces
    found = sentences_of(passage.transcript, piece)
    if len(found) > 1:
        middle = len(found) // 2
        return Range(piece.start, found[middle - 1].end), Range(found[middle].start, piece.end)
    if piece.end - piece.start < 2:
        raise ValueError(f"the character at {piece.start} alone exceeds the encoder's limit")
    text, middle = passage.transcript.text, _cut(passage.transcript.text, piece)
    halves = (trim(text, piece.start, middle), trim(text, middle, piece.end))
    return tuple(half for half in halves if half.start < half.end)


def _units(transcript: Transcript, turn: int, count: TokenCounter, room: int) -> list[_Unit]:
    text, spoken = transcript.text, transcript.turns[turn]
    ranges = sentences_of(transcript, Range(spoken.start, spoken.end))
    sizes = count([text[start:end] for start, end in ranges]) if ranges else []
    opening = {spoken.start, *paragraphs_within(transcript, Range(spoken.start, spoken.end))}
    found: list[_Unit] = []
    asked = False
    for whole, size in zip(ranges, sizes, strict=True):
        asks = is_interrogative(text[whole.start : whole.end])
        parts = [(whole, size)] if size <= room else list(_halve(text, whole, count, room))
        for part, tokens in parts:
            found.append(_Unit(part, tokens, part.start in opening or (asks and not asked)))
        asked = asks
    return found


def _halve(text: str, part: Range, count: TokenCounter, room: int) -> Iterator[tuple[Range, int]]:
    """A sentence longer than the encoder reads, cut near the middle: at a blank if there is one."""
    (tokens,) = count([text[part.start : part.end]])
    if tokens <= room or part.end - part.start < 2:
        yield part, tokens
        return
    middle = _cut(text, part)
    for half in (trim(text, part.start, middle), trim(text, middle, part.end)):
        if half.start < half.end:
            yield from _halve(text, half, count, room)


def _cut(text: str, part: Range) -> int:
    """Offset strictly inside ``part``, near its middle: at a blank, else between two whole characters."""
    middle = (part.start + part.end) // 2
    for distance in range((part.end - part.start) // 4):
        for at in (middle - distance, middle + distance):
            if text[at].isspace():
                return at
    while middle < part.end - 1 and (unicodedata.combining(text[middle]) or text[middle] in "\u200d\ufe0f"):
        middle += 1
    return middle


def _groups(units: list[_Unit], room: int) -> Iterator[list[_Unit]]:
    """Neighbouring sentences of one turn in passages of like size, cut where a paragraph or a question begins."""
    left = sum(unit.tokens for unit in units)
    target = left / max(1, -(-left // room))
    group: list[_Unit] = []
    size = 0
    for unit in units:
        enough = size >= target * (0.5 if unit.opens else 0.9) and size + left > room
        if group and (enough or size + unit.tokens > room):
            yield group
            group, size = [], 0
        group.append(unit)
        size += unit.tokens
        left -= unit.tokens
    if group:
        yield group


_Piece = tuple[int, Range, int]  # turn, range, tokens


def _join_short(transcript: Transcript, pieces: list[_Piece], room: int) -> Iterator[list[_Piece]]:
    """Pieces of different turns together where one is short: a question with its reply, a "Yes." with its neighbour."""
    group: list[_Piece] = []
    for piece in pieces:
        if group and not _joins(transcript, group, piece, room):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _joins(transcript: Transcript, group: list[_Piece], piece: _Piece, room: int) -> bool:
    turn, (start, end), tokens = piece
    last = group[-1][0]
    roles = {transcript.turns[last].role, transcript.turns[turn].role}
    if last == turn or sum(held for _, _, held in group) + tokens > room or (len(roles) > 1 and "heading" in roles):
        return False
    short = len(words(transcript.text[start:end])) < _SHORT
    if transcript.turns[turn].role == "question" and transcript.turns[last].role != "question":
        return False
    return short or all(len(words(transcript.text[s:e])) < _SHORT for _, (s, e), _ in group)


def _context(transcript: Transcript, turn: int, count: TokenCounter, sizes: Sizes) -> str:
    """ "Speaker, asked: the end of the question", within ``sizes.context`` tokens."""
    asked = transcript.question_of(turn)
    parts = [transcript.turns[turn].speaker]
    if asked >= 0:
        spoken = transcript.turns[asked]
        parts += [transcript.text[s:e] for s, e in sentences_of(transcript, Range(spoken.start, spoken.end))][::-1]
    kept: list[str] = []
    left = sizes.context
    for part, tokens in zip(parts, count(parts), strict=True):
        if part and tokens <= left:
            kept.append(part)
            left -= tokens
    return "\n".join(kept[:1] + kept[:0:-1])
