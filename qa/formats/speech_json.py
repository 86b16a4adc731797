"""Segments as speech recognisers on one's own machine write them, and the many forms made in their image.

Read after the projects' own documentation and source:
- OpenAI Whisper and its API (json, verbose_json, diarized_json), faster-whisper, WhisperX:
  {"text", "language", "segments": [{"start", "end", "text", "speaker", "words": [{"word", "start", "speaker"}]}]},
  the bare list of segments, and lists of {"text", "start", "duration"}
- whisper.cpp (--output-json): {"result": {"language"}, "transcription": [{"timestamps", "offsets", "text"}]}
- Hugging Face transformers: {"text", "chunks": [{"text", "timestamp": [start, end]}]}
- the podcast namespace (transcripts.md): {"version", "segments": [{"speaker", "startTime", "endTime", "body"}]}
- AssemblyAI: {"text", "utterances": [{"speaker", "text", "start", "end", "words"}], "words"}, in milliseconds

A segment is cut where its words change speaker. Labels such as SPEAKER_00 stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.formats.json_fields import Field
from qa.formats.pieces import Piece, Talk
from qa.formats.words_json import cut, spoken, words

_TEXT = ("text", "body", "content", "sentence", "transcript", "raw_text")
_SPEAKER = ("speaker", "speaker_name", "speakerName", "speaker_label", "speaker_id")
_START = ("start", "start_time", "startTime")
_END = ("end", "end_time", "endTime")
_MILLI = 1e-3


def whisper(data: Field) -> Talk:
    """Segments; where there are none, the words with the text, or the text alone."""
    found = list(segments(data.get("segments"))) or list(_whole(data))
    return Talk(found, language=data.get("language", "language_code").text())


def listed(data: Field) -> Talk:
    """The segments as a bare list."""
    return Talk(list(segments(data)))


def segments(field: Field, unit: float = 1.0) -> Iterator[Piece]:
    """One piece for each segment, or several where its words say more."""
    for item in field.each():
        start, end = item.get(*_START).seconds(unit), item.get(*_END).seconds(unit)
        duration = item.get("duration").seconds(unit) if end is None else None
        if start is not None and duration is not None:
            end = start + duration
        piece = Piece(item.get(*_TEXT).text(), _speaker(item), start, end)
        yield from cut(piece, words(item.get("words"), unit=unit))


def _speaker(item: Field) -> str:
    """The API's diarized_json calls its speakers A, B, C; elsewhere a letter may be what a person wrote."""
    label = item.get(*_SPEAKER).label()
    return _lettered(label) if item.get("type").value == "transcript.text.segment" else label


def _lettered(label: str) -> str:
    return f"Speaker {label}" if len(label) == 1 else label


def _whole(data: Field) -> Iterator[Piece]:
    """Words without segments; AssemblyAI calls a word text, and alone writes whole numbers, which are milliseconds."""
    items = list(data.get("words").each())
    whole = bool(items) and all(item.has("text") and isinstance(item.get("start").value, int) for item in items)
    heard = words(data.get("words"), unit=_MILLI if whole else 1.0)
    if data.has("text"):
        return cut(Piece(data.get("text").text(), data.get(*_SPEAKER).label()), heard)
    return spoken(heard)


def chunks(data: Field) -> Talk:
    """The output of a transformers pipeline; the last chunk's end may be null."""
    return Talk([_chunk(item) for item in data.get("chunks").each()], language=data.get("language").text())


def _chunk(item: Field) -> Piece:
    given = item.get("timestamp")
    if not isinstance(given.value, list) or len(given.value) != 2:
        raise given.error("must be a list of two times")
    start, end = (Field(value, given.source, given.path).seconds() for value in given.value)
    return Piece(item.get("text").text(), item.get(*_SPEAKER).label(), start, end)


def whisper_cpp(data: Field) -> Talk:
    """Offsets are milliseconds; a speaker is told only by its stereo mode."""
    found = []
    for item in data.get("transcription").each():
        offsets, clock = item.get("offsets"), item.get("timestamps")
        start, end = (_offset(offsets.get(key), clock.get(key)) for key in ("from", "to"))
        found.append(Piece(item.get("text").text(), item.get("speaker").label(), start, end))
    return Talk(found, language=data.get("result").get("language").text())


def _offset(milliseconds: Field, clock: Field) -> float | None:
    known = milliseconds.seconds(_MILLI)
    return clock.seconds() if known is None else known


def assembly(data: Field) -> Talk:
    """AssemblyAI; its whole numbers are milliseconds, so a fraction among them means that another wrote seconds."""
    utterances = data.get("utterances")
    times = [item.get(*_START).value for item in utterances.each()]
    unit = 1.0 if any(isinstance(time, float) and not time.is_integer() for time in times) else _MILLI
    found = [piece._replace(speaker=_lettered(piece.speaker)) for piece in segments(utterances, unit)]
    found = found or list(_whole(data))
    return Talk(found, language=data.get("language_code", "language").text())
