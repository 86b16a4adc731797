"""Words with their own times: they cut a segment where the speaker changes, where a sentence ends and at a pause.

Recognisers give a segment's text and, beside it, its words. The text is what is quoted; a word is looked up in it and
lends it a time. Where there are only words, they are put together first, and then treated alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qa.formats.json_fields import Field
from qa.formats.pieces import PAUSE, Piece, meet
from qa.text import ends_sentence

_NEAR = 40  # code points behind the last word in which the next one must stand
_LONGEST = 10.0  # seconds after which a piece without any mark is cut
_OPENERS = "\"'“‘«([{「『（【¿¡"


class Word(NamedTuple):
    """``joins``: it is written without a blank behind the word before, as a comma is."""

    text: str
    speaker: str = ""
    start: float | None = None
    end: float | None = None
    joins: bool = False


def words(field: Field, text: tuple[str, ...] = ("word", "text"), unit: float = 1.0) -> list[Word]:
    """The words of a list whose text stands under one of the names ``text``."""
    return [word_of(item, text, unit) for item in field.each()]


def word_of(item: Field, text: tuple[str, ...], unit: float = 1.0) -> Word:
    start = item.get("start", "start_time", "startTime", "startOffset", "ts").seconds(unit)
    end = item.get("end", "end_time", "endTime", "endOffset", "end_ts").seconds(unit)
    speaker = item.get("speaker", "speaker_label", "speakerLabel", "speakerTag")
    unknown = speaker.path.endswith("speakerTag") and speaker.value == 0  # Google counts from 1
    return Word(item.get(*text).text().strip(), "" if unknown else speaker.label(), start, end)


def cut(piece: Piece, given: Iterable[Word]) -> Iterator[Piece]:
    """The piece, cut at the words where something begins; all of it, whatever the words are."""
    heard = list(given)
    speaker = piece.speaker or next((word.speaker for word in heard if word.speaker), "")
    here = piece._replace(speaker=speaker)
    begin = at = 0
    last: Word | None = None
    for word in heard:
        found = _find(piece.text, word.text, at)
        if found < 0:
            continue
        speaker = word.speaker or speaker
        if at == 0 and not piece.text[:found].strip():
            here = here._replace(speaker=speaker, start=word.start if here.start is None else here.start)
        elif speaker != here.speaker or _begins(piece.text[max(begin, found - 12) : found], here, last, word):
            yield here._replace(text=piece.text[begin:found], end=last.end if last else None)
            begin, here = found, Piece("", speaker, word.start, glued=True)
        at, last = found + len(word.text), word if word.end is not None else last
    yield here._replace(text=piece.text[begin:], end=piece.end)


def spoken(given: Iterable[Word], speaker: str = "") -> Iterator[Piece]:
    """Pieces of words that have no text beside them; neighbours are parted by a blank unless one joins."""
    heard = [word for word in given if word.text]
    text = ""
    parts: list[str] = []
    for word in heard:
        parts.append(word.text if word.joins or meet(text, word.text) else " " + word.text)
        text = word.text
    if heard:
        ends = [word.end for word in heard if word.end is not None]
        yield from cut(Piece("".join(parts), speaker, heard[0].start, ends[-1] if ends else None), heard)


def _find(text: str, word: str, at: int) -> int:
    """Where ``word`` stands soon after ``at``, with the quotation mark before it; -1 if it does not."""
    near = text[at : at + len(word) + _NEAR]
    found = near.find(word) if word else -1
    if found < 0 and word and len(near.lower()) == len(near):
        found = near.lower().find(word.lower())
    while found > 0 and near[found - 1] in _OPENERS:
        found -= 1
    return found if found < 0 else at + found


def _begins(before: str, here: Piece, last: Word | None, word: Word) -> bool:
    if word.start is None or word.joins:
        return False
    pause = word.start - last.end if last and last.end is not None else 0.0
    lasts = word.start - here.start if here.start is not None else 0.0
    return ends_sentence(before) or pause >= PAUSE or lasts >= _LONGEST
