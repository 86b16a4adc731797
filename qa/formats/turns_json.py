"""The simple JSON form: {"title","date","source","language","turns":[{"speaker","text","start","end"}]}.

All but ``turns[].text`` is optional; start and end are seconds. ``Transcript.text`` is title, date and the turns'
texts, unaltered, with a blank line behind each.
"""

from __future__ import annotations

import json
from typing import Any

from qa.errors import TranscriptError
from qa.formats.origin import Origin
from qa.text import paragraphs as split_paragraphs
from qa.text import trim
from qa.types import Range, Transcript, Turn

_FOREVER = 1e9  # seconds, thirty years; also keeps out NaN, infinity and numbers that no float holds


def parse(content: str, origin: Origin) -> Transcript:
    """Raises TranscriptError naming the line and column, or the field, that is not as it must be."""
    data = _load(content, origin.source)
    head = {key: _string(data, key, origin.source) for key in ("title", "date", "source", "language")}
    blocks = [(head[key], Turn(0, 0, role="heading")) for key in ("title", "date")]
    blocks += [_turn(item, f"{origin.source}: turns[{index}]") for index, item in enumerate(data["turns"])]
    text, turns, paragraphs = _join(blocks)
    return origin.transcript(
        text,
        tuple(turns),
        tuple(paragraphs),
        title=head["title"].strip() or origin.stem,
        date=head["date"].strip(),
        url=head["source"] if head["source"].startswith(("http://", "https://")) else "",
        language=head["language"].strip(),
    )


def _join(blocks: list[tuple[str, Turn]]) -> tuple[str, list[Turn], list[Range]]:
    turns: list[Turn] = []
    paragraphs: list[Range] = []
    at = 0
    for words, turn in blocks:
        start, end = trim(words, 0, len(words))
        if start < end:
            turns.append(Turn(at + start, at + end, turn.speaker, turn.role, turn.seconds, turn.until))
            if turn.role != "heading":
                paragraphs.extend(Range(at + s, at + e) for s, e in split_paragraphs(words, 0, len(words)))
        at += len(words) + 2
    return "".join(words + "\n\n" for words, _ in blocks), turns, paragraphs


def _load(content: str, source: str) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except json.JSONDecodeError as error:
        raise TranscriptError(
            f"{source}: not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except (RecursionError, ValueError) as error:  # nested too deeply; a number of thousands of digits
        raise TranscriptError(f"{source}: this JSON cannot be read: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("turns"), list):
        raise TranscriptError(f'{source}: expected {{"turns": [{{"speaker", "text"}}, ...]}}')
    return data


def _turn(item: Any, where: str) -> tuple[str, Turn]:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise TranscriptError(f'{where}: expected an object with a string "text"')
    speaker = " ".join(_string(item, "speaker", where).split())
    words = _string(item, "text", where)
    return words, Turn(0, 0, speaker, seconds=_seconds(item, "start", where), until=_seconds(item, "end", where))


def _string(item: dict[str, Any], key: str, where: str) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TranscriptError(f'{where}: "{key}" must be a string')
    try:
        value.encode()
    except UnicodeEncodeError:
        raise TranscriptError(f'{where}: "{key}" holds half a surrogate pair, which is no character') from None
    return value


def _seconds(item: dict[str, Any], key: str, where: str) -> float | None:
    value = item.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _FOREVER:
        raise TranscriptError(f'{where}: "{key}" must be seconds, zero or more')
    return float(value)
