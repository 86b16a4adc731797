"""Recognises the form of a JSON transcript from its fields and hands it on; JSON Lines of turns too.

An envelope ({"data": {"transcript": ...}}, {"response": ...}, {"speech": ...}) is taken off first. What is none of
these forms is refused: text found somewhere in unknown fields may not be what was said.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from qa.errors import TranscriptError
from qa.formats import cloud_json, meeting_json, pieces, speech_json, turns_json
from qa.formats.json_fields import Field
from qa.formats.origin import Origin
from qa.types import Transcript

_ENVELOPES = ("data", "response", "speech", "transcript")


class _Form(NamedTuple):
    """``keys``: the path to a list, an object or a text that no other form has."""

    name: str
    keys: tuple[str, ...]
    read: Callable[[Field], pieces.Talk]


_FORMS = (
    _Form("whisper.cpp", ("transcription",), speech_json.whisper_cpp),
    _Form("Rev.ai", ("monologues",), meeting_json.rev),
    _Form("AssemblyAI", ("utterances",), speech_json.assembly),
    _Form("AssemblyAI", ("audio_url",), speech_json.assembly),
    _Form("AssemblyAI", ("audio_src_url",), speech_json.assembly),
    _Form("Azure", ("recognizedPhrases",), cloud_json.azure),
    _Form("Azure", ("RecognizedPhrases",), cloud_json.azure),
    _Form("Azure", ("phrases",), cloud_json.azure_fast),
    _Form("Deepgram", ("results", "channels"), cloud_json.deepgram),
    _Form("Deepgram", ("results", "utterances"), cloud_json.deepgram),
    _Form("Amazon Transcribe", ("results", "items"), cloud_json.amazon),
    _Form("Amazon Transcribe", ("results", "audio_segments"), cloud_json.amazon),
    _Form("Amazon Transcribe", ("results", "transcripts"), cloud_json.amazon),
    _Form("Oyez", ("transcript", "sections"), meeting_json.oyez),
    _Form("Fireflies", ("sentences",), meeting_json.fireflies),
    _Form("Microsoft Stream", ("entries",), meeting_json.stream),
    _Form("Otter", ("transcripts",), meeting_json.otter),
    _Form("Whisper", ("segments",), speech_json.whisper),
    _Form("transformers", ("chunks",), speech_json.chunks),
    _Form("Whisper", ("text",), speech_json.whisper),
)
_GOOGLE = _Form("Google Speech-to-Text", ("results",), cloud_json.google)


def parse(content: str, origin: Origin) -> Transcript:
    """Raises TranscriptError naming the line and column, or the field, or the forms that can be read."""
    data = _lines(content) or turns_json.load(content, origin.source)
    if isinstance(data, list):
        return _listed(data, origin)
    if isinstance(data, dict):
        if "turns" in data:
            return turns_json.read(data, origin)
        if "meeting_transcripts" in data:  # QMSum; its questions and summaries were said by nobody
            return turns_json.read(data, origin, "meeting_transcripts", "content")
        if "speaker" in data and "text" in data:
            return _listed([data], origin)
    field, form = _recognise(Field(data, origin.source))
    origin.notes.append(f"JSON of {form.name}: it has {'.'.join(form.keys)}")
    return pieces.transcript(form.read(field), origin)


def _listed(items: list[Any], origin: Origin) -> Transcript:
    """Items with a begin are segments, which are joined to turns; others are turns."""
    first = items[0] if items and isinstance(items[0], dict) else {}
    if any(first.get(key) is not None for key in ("start", "start_time", "startTime")):
        origin.notes.append(f"JSON list of {len(items)} segments with times")
        return pieces.transcript(speech_json.listed(Field(items, origin.source)), origin)
    words = next((key for key in ("text", "content") if key in first), "")
    if not words or not any(isinstance(item, dict) and "speaker" in item for item in items):
        raise _unknown(origin.source)
    return turns_json.read({"": items}, origin, "", words)


def _recognise(field: Field) -> tuple[Field, _Form]:
    for _ in range(len(_ENVELOPES)):
        for form in _FORMS:
            if _has(field, form.keys):
                return field, form
        results = field.get("results").value
        if isinstance(results, list) and results and isinstance(results[0], dict) and "alternatives" in results[0]:
            return field, _GOOGLE
        field = next((inner for key in _ENVELOPES if isinstance((inner := field.get(key)).value, dict)), field)
    raise _unknown(field.source)


def _has(field: Field, keys: tuple[str, ...]) -> bool:
    for key in keys:
        field = field.get(key)
    return field.value is not None


def _lines(content: str) -> list[Any] | None:
    """The objects of JSON Lines; None if the lines are not an object each."""
    lines = [line for line in content.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.strip().startswith("{") and line.strip().endswith("}") for line in lines):
        return None
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None


def _unknown(source: str) -> TranscriptError:
    names = ", ".join(dict.fromkeys(form.name for form in (*_FORMS, _GOOGLE)))
    return TranscriptError(
        f'{source}: no form of transcript that is known; expected {{"turns": [{{"speaker", "text"}}, ...]}} '
        f"or the JSON of {names}, WhisperX or QMSum"
    )
