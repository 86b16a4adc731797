"""Pieces of speech with their times to a transcript: one speaker's pieces become a turn, pauses its paragraphs.

The text is made of the pieces, unaltered but for the blanks at a paragraph's ends: a piece that brings its own blank,
and Chinese or Japanese, is put right behind the one before, any other behind one space. A paragraph ends where the
file says so, at a pause, and where it has become too long to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.formats.origin import Origin
from qa.text import ends_sentence, is_cjk, trim
from qa.text import paragraphs as split_paragraphs
from qa.types import Moment, Range, Transcript, Turn

PAUSE = 2.0  # seconds of silence that end a paragraph where a sentence ends
_LONG_PAUSE = 5.0  # seconds that end it anywhere: recognised speech may have no marks at all
_LENGTH = 1000  # code points after which a paragraph ends with the sentence
_MOST = 2000  # and after which it ends with the piece

_MARKS = "。！？，、；：「」『』（）《》〈〉"  # full width: they bring their own blank

# Where pieces are parts of words, "U.S." may come in four; a longer word and a stop end a sentence.
_SENTENCE = re.compile(r"[^\W\d_]{2}[.!?…][\"'”’)\]]*$")

_CODE = re.compile(r"[a-z]{2}(?:-[a-z0-9]{1,8})*")  # en, zh-hans-cn
_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr",
    "german": "de", "greek": "el", "hungarian": "hu", "italian": "it", "japanese": "ja", "korean": "ko",
    "mandarin": "zh", "norwegian": "no", "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es",
    "swedish": "sv", "turkish": "tr",
}  # fmt: skip


class Piece(NamedTuple):
    """What one speaker says in one go. ``glued``: nothing stands between it and the piece before it, not even a
    blank; ``breaks``: the file begins a paragraph here."""

    text: str
    speaker: str = ""
    start: float | None = None
    end: float | None = None
    glued: bool = False
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """What a file holds: the pieces in the order they are said, and what is known of the whole."""

    pieces: Sequence[Piece]
    headings: tuple[str, ...] = ()
    date: str = ""
    language: str = ""
    url: str = ""


def by_time(pieces: Iterable[Piece]) -> list[Piece]:
    """Puts the channels of a recording into one order; as they are if a time is missing."""
    given = list(pieces)
    starts = [piece.start for piece in given if piece.start is not None]
    return sorted(given, key=lambda piece: piece.start or 0.0) if len(starts) == len(given) else given


def transcript(talk: Talk, origin: Origin) -> Transcript:
    """The transcript of ``talk``; its title is the headings, or the file's name if there is none."""
    headings = [heading for heading in talk.headings if heading.strip()]
    page = _Page()
    for heading in headings:
        page.heading(heading)
    for piece in _seams([piece for piece in talk.pieces if piece.text.strip()]):
        page.add(piece)
    text = "".join(page.parts)
    return origin.transcript(
        text,
        tuple(page.turns),
        tuple(part for block in page.paragraphs for part in split_paragraphs(text, *block)),
        title=", ".join(" ".join(heading.split()) for heading in headings) or origin.stem,
        date=talk.date,
        url=talk.url if talk.url.startswith(("http://", "https://")) else "",
        language=language_code(talk.language),
        moments=tuple(page.moments),
    )


def language_code(name: str) -> str:
    """ "english" and "en_us" as "en" and "en-us"; "" for what is neither a code of two letters nor a name known."""
    name = name.strip().lower().replace("_", "-")
    return name if _CODE.fullmatch(name) else _LANGUAGES.get(name.split("-")[0], "")


def _seams(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Marks the pieces that follow the one before without a space. Where most bring their own, all do but one that
    begins a sentence."""
    free = [piece for piece in pieces if not piece.glued]
    verbatim = sum(piece.text[0].isspace() or piece.text[-1].isspace() for piece in free) * 2 >= len(free)
    for before, piece in zip([None, *pieces], pieces, strict=False):
        whole = before is not None and _SENTENCE.search(before.text[-12:]) and piece.text[0].isupper()
        glued = piece.glued or (verbatim and not whole) or before is None or meet(before.text, piece.text)
        yield piece._replace(glued=glued)


def meet(before: str, after: str) -> bool:
    """Whether a blank stands between the two already, or none belongs there, as in Chinese and Japanese."""
    if not before or not after:
        return True
    left, right = before[-1], after[0]
    if left.isspace() or right.isspace() or left in _MARKS or right in _MARKS:
        return True
    return _is_wide(left) and _is_wide(right)


def _is_wide(character: str) -> bool:
    """Chinese or Japanese; Korean puts blanks between its words."""
    return is_cjk(character) and not "\uac00" <= character <= "\ud7af"


@dataclass(slots=True)
class _Page:
    """The text as it grows, and the ranges in it."""

    parts: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    paragraphs: list[Range] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    length: int = 0
    last: Piece | None = None

    def heading(self, words: str) -> None:
        start, end = trim(words, 0, len(words))
        self._write("\n\n" if self.length else "")
        self.turns.append(Turn(self.length, self.length + end - start, role="heading"))
        self._write(words[start:end])

    def add(self, piece: Piece) -> None:
        last = self.last
        fresh = last is None or last.speaker != piece.speaker
        apart = fresh or last is None or self._parts(last, piece)
        if apart:
            self._write("\n\n" if self.length else "")
        elif not piece.glued:
            self._write(" ")
        start, end = trim(piece.text, 0, len(piece.text))
        begin = self.length + (0 if apart else start)
        spoken = Range(begin, begin + end - start)
        self._write(piece.text[start if apart else 0 :])
        self._turn(piece, spoken, fresh)
        if apart:
            self.paragraphs.append(spoken)
        else:
            self.paragraphs[-1] = Range(self.paragraphs[-1].start, spoken.end)
        if piece.start is not None:
            self.moments.append(Moment(begin, piece.start))
        self.last = piece

    def _turn(self, piece: Piece, spoken: Range, fresh: bool) -> None:
        if fresh:
            self.turns.append(Turn(*spoken, piece.speaker, seconds=piece.start))
        first = self.turns[-1]
        until = piece.end if piece.end is not None and piece.end >= (first.seconds or 0.0) else None
        self.turns[-1] = Turn(first.start, spoken.end, piece.speaker, seconds=first.seconds, until=until)

    def _parts(self, last: Piece, piece: Piece) -> bool:
        """Whether a paragraph ends between the two; never within a word."""
        if piece.breaks or (piece.glued and not meet(last.text, piece.text)):
            return piece.breaks
        pause = piece.start - last.end if piece.start is not None and last.end is not None else 0.0
        length = self.paragraphs[-1].end - self.paragraphs[-1].start
        if pause >= _LONG_PAUSE or length >= _MOST:
            return True
        return ends_sentence(last.text[-12:]) and (pause >= PAUSE or length >= _LENGTH)

    def _write(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)
