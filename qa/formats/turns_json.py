"""The simple JSON form: {"title","date","source","language","turns":[{"speaker","text","start","end"}]}.

All but ``turns[].text`` is optional; start and end are seconds. ``Transcript.text`` is title, date and the turns'
texts, unaltered, with a blank line behind each.
"""

from __future__ import annotations

import json
from typing import Any

from qa.errors import TranscriptError
from qa.formats.json_fields import Field
from qa.formats.origin import Origin
from qa.text import paragraphs as split_paragraphs
from qa.text import trim
from qa.types import Range, Transcript, Turn


def parse(content: str, origin: Origin) -> Transcript:
    """Raises TranscriptError naming the line and column, or the field, that is not as it must be."""
    return read(load(content, origin.source), origin)


def read(data: Any, origin: Origin, key: str = "turns", words: str = "text") -> Transcript:
    """What ``load`` gave: the turns stand under ``key``, and what is said in one of them under ``words``."""
    if not isinstance(data, dict) or not isinstance(data.get(key), list):
        raise TranscriptError(f'{origin.source}: expected {{"{key}": [{{"speaker", "{words}"}}, ...]}}')
    origin.notes.append(f"JSON with a list of {key or 'turns'}: {len(data[key])} turns")
    given = Field(data, origin.source)
    head = {name: given.get(name).text() for name in ("title", "date", "source", "language")}
    blocks = [(head[name], Turn(0, 0, role="heading")) for name in ("title", "date")]
    blocks += [_turn(Field(item, origin.source, f"{key}[{at}]"), words) for at, item in enumerate(data[key])]
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


def load(content: str, source: str) -> Any:
    """The JSON in ``content``, whatever it holds."""
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise TranscriptError(
            f"{source}: not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except (RecursionError, ValueError) as error:  # nested too deeply; a number of thousands of digits
        raise TranscriptError(f"{source}: this JSON cannot be read: {error}") from None


def _turn(item: Field, words: str) -> tuple[str, Turn]:
    if not isinstance(item.value, dict) or not isinstance(item.value.get(words), str):
        raise item.error(f'must be an object with a string "{words}"')
    speaker = " ".join(item.get("speaker").text().split())
    times = item.get("start").seconds(), item.get("end").seconds()
    return item.get(words).text(), Turn(0, 0, speaker, seconds=times[0], until=times[1])
