"""Exports of meetings, hearings and interviews that name their speakers.

- Rev.ai (docs.rev.ai, transcript object): monologues[{speaker, elements[{type: text | punct | unknown, value, ts}]}];
  a name in speaker_info or in the list of speakers is used
- Oyez (api.oyez.org, known from the files): transcript.sections[].turns[].text_blocks[{start, stop, text}]
- Fireflies (docs.fireflies.ai, schema Transcript): title, date in milliseconds since 1970,
  sentences[{speaker_name, text, raw_text, start_time, end_time}]
- Microsoft Stream and Teams (the transcript.json of a recording, known from the files):
  entries[{speakerDisplayName, text, startOffset, endOffset}]
- Otter (its web service's answer, undocumented): transcripts[{transcript, speaker_id, speaker_model_label}],
  speakers[{id, speaker_name}]. The unit of its start_offset is disputed, so no times are taken

Zoom documents no JSON with the words; its WebVTT is what to export.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from qa.formats.json_fields import Field
from qa.formats.origin import find_date
from qa.formats.pieces import Piece, Talk, meet
from qa.formats.speech_json import segments
from qa.formats.words_json import Word, cut

_LATEST = 1e14  # milliseconds since 1970: the year 5138


def rev(data: Field) -> Talk:
    names = {item.get("id").value: item.get("name").label() for item in data.get("speakers").each() if _is_key(item)}
    found: list[Piece] = []
    for monologue in data.get("monologues").each():
        key = monologue.get("speaker").value
        named = monologue.get("speaker_info").get("display_name").label()
        speaker = named or (names.get(key, "") if isinstance(key, int) else "") or monologue.get("speaker").label()
        found += [
            piece._replace(breaks=number == 0, glued=number > 0)
            for number, piece in enumerate(_monologue(monologue.get("elements"), speaker))
        ]
    return Talk(found, language=data.get("language").text())


def _is_key(item: Field) -> bool:
    return isinstance(item.get("id").value, int)


def _monologue(elements: Field, speaker: str) -> Iterator[Piece]:
    """Blanks are elements of their own, unless punctuation was left out: then words follow on words."""
    parts: list[str] = []
    heard: list[Word] = []
    before = ""
    for item in elements.each():
        value, kind = item.get("value").text(), item.get("type").text()
        if kind == before == "text" and not meet(parts[-1], value):
            parts.append(" ")
        if kind != "punct" and value.strip():
            heard.append(Word(value.strip(), "", item.get("ts").seconds(), item.get("end_ts").seconds()))
        parts.append(value)
        before = kind if value else before
    starts = [word.start for word in heard if word.start is not None]
    ends = [word.end for word in heard if word.end is not None]
    piece = Piece("".join(parts), speaker, starts[0] if starts else None, ends[-1] if ends else None)
    return cut(piece, heard)


def oyez(data: Field) -> Talk:
    record = data.get("transcript")
    found: list[Piece] = []
    for section in record.get("sections").each():
        for turn in section.get("turns").each():
            found += _blocks(turn)
    headings = tuple(dict.fromkeys((record.get("title").text(), data.get("title").text())))
    return Talk(found, headings=headings, date=find_date(" ".join(headings)))


def _blocks(turn: Field) -> Iterator[Piece]:
    speaker = turn.get("speaker").label()
    for number, block in enumerate(turn.get("text_blocks").each()):
        start, end = block.get("start").seconds(), block.get("stop").seconds()
        yield Piece(block.get("text").text(), speaker, start, end, breaks=number == 0)


def fireflies(data: Field) -> Talk:
    return Talk(
        list(segments(data.get("sentences"))),
        headings=(data.get("title").text(),),
        date=_date(data.get("date", "dateString")),
        url=data.get("transcript_url").text(),
    )


def _date(field: Field) -> str:
    """A date written out, or counted in milliseconds since 1970."""
    if isinstance(field.value, str):
        return find_date(field.text())
    if isinstance(field.value, int | float) and 0 < field.value < _LATEST:
        return datetime.fromtimestamp(field.value / 1000, UTC).date().isoformat()
    return ""


def stream(data: Field) -> Talk:
    found = []
    for item in data.get("entries").each():
        start, end = item.get("startOffset").seconds(), item.get("endOffset").seconds()
        found.append(Piece(item.get("text").text(), item.get("speakerDisplayName").label(), start, end))
    return Talk(found)


def otter(data: Field) -> Talk:
    names = {
        item.get("speaker_id", "id").value: item.get("speaker_name", "name").label()
        for item in data.get("speakers").each()
        if isinstance(item.get("speaker_id", "id").value, int | str)
    }
    found = []
    for item in data.get("transcripts").each():
        key = item.get("speaker_id").value
        named = item.get("speaker_name").label() or (names.get(key, "") if isinstance(key, int | str) else "")
        found.append(Piece(item.get("transcript").text(), named or item.get("speaker_model_label").label()))
    return Talk(found, headings=(data.get("title").text(),))
