"""What the recognisers of the large providers return, read after their public references.

- Deepgram (developers.deepgram.com, pre-recorded audio): results.channels[].alternatives[] with paragraphs, words or
  transcript, and results.utterances
- Amazon Transcribe (docs.aws.amazon.com, "Data input and output", diarization, channel identification): results.items,
  speaker_labels.segments, channel_labels.channels, audio_segments
- Google Speech-to-Text v1 and v2: results[].alternatives[].words, times as "1.400s" or {"seconds", "nanos"}
- Azure batch transcription (recognizedPhrases, its capitalised older spelling too) and fast transcription (phrases)

Speakers that are only numbers are "Speaker 0"; the pieces of channels recorded apart are put in order of time. Of
several alternatives the first, the likeliest, is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from qa.formats.json_fields import Field
from qa.formats.pieces import Piece, Talk, by_time
from qa.formats.words_json import Word, cut, spoken, word_of, words

_TICK = 1e-7  # seconds
_MILLI = 1e-3


def deepgram(data: Field) -> Talk:
    results = data.get("results")
    channels = list(results.get("channels").each())
    found: list[Piece] = []
    if results.get("utterances").value and not any(_best(channel).has("paragraphs") for channel in channels):
        for item in results.get("utterances").each():
            number = item.get("channel").value if len(channels) > 1 else None
            found += _stretch(item, _channel(number if isinstance(number, int) else None, item.get("speaker").label()))
        return Talk(found)
    for number, channel in enumerate(channels):
        pieces = _alternative(_best(channel))
        told = number if len(channels) > 1 else None
        found += [piece._replace(speaker=_channel(told, piece.speaker)) for piece in pieces]
    language = channels[0].get("detected_language").text() if channels else ""
    return Talk(by_time(found) if len(channels) > 1 else found, language=language)


def _best(item: Field) -> Field:
    """The first alternative; an empty object where there is none."""
    return next(item.get("alternatives").each(), Field({}, item.source, item.path))


def _channel(number: int | None, speaker: str) -> str:
    return speaker if number is None else f"Channel {number} {speaker}".strip()


def _alternative(best: Field) -> Iterator[Piece]:
    paragraphs = list(best.get("paragraphs").get("paragraphs").each())
    for paragraph in paragraphs:
        speaker, breaks = paragraph.get("speaker").label(), True
        for item in paragraph.get("sentences").each():
            start, end = item.get("start").seconds(), item.get("end").seconds()
            yield Piece(item.get("text").text(), speaker, start, end, breaks=breaks)
            breaks = False
    if not paragraphs:
        yield from _stretch(best, "")


def _stretch(item: Field, speaker: str) -> Iterator[Piece]:
    heard = words(item.get("words"), ("punctuated_word", "word"))
    piece = Piece(item.get("transcript").text(), speaker, item.get("start").seconds(), item.get("end").seconds())
    if speaker:
        heard = [word._replace(speaker="") for word in heard]
    return cut(piece, heard) if piece.text.strip() else spoken(heard, speaker)


def amazon(data: Field) -> Talk:
    results = data.get("results")
    channels = list(results.get("channel_labels").get("channels").each())
    items = list(results.get("items").each())
    if results.get("audio_segments").value:
        found = by_time(_audio_segments(results, items))
    elif channels:
        each = (spoken(_items(list(one.get("items").each()), {}), one.get("channel_label").label()) for one in channels)
        found = by_time(piece for pieces in each for piece in pieces)
    else:
        found = list(spoken(_items(items, _labels(results))))
    whole = [Piece(item.get("transcript").text()) for item in results.get("transcripts").each()]
    return Talk(found or whole, language=results.get("language_code").text())


def _audio_segments(results: Field, items: list[Field]) -> Iterator[Piece]:
    by_id = {item.get("id").value: item for item in items if isinstance(item.get("id").value, int)}
    for segment in results.get("audio_segments").each():
        ids = segment.get("items").value
        own = [by_id[key] for key in ids if isinstance(key, int) and key in by_id] if isinstance(ids, list) else []
        speaker = segment.get("speaker_label", "channel_label").label()
        start, end = segment.get("start_time").seconds(), segment.get("end_time").seconds()
        heard = [word._replace(speaker="") if speaker else word for word in _items(own, {})]
        yield from cut(Piece(segment.get("transcript").text(), speaker, start, end), heard)


def _labels(results: Field) -> dict[float, str]:
    """Who speaks at which start: older files tell it only beside the items."""
    return {
        start: item.get("speaker_label").label()
        for segment in results.get("speaker_labels").get("segments").each()
        for item in segment.get("items").each()
        if (start := item.get("start_time").seconds()) is not None
    }


def _items(items: list[Field], labels: dict[float, str]) -> list[Word]:
    found = []
    for item in items:
        word = word_of(item, ("content",))._replace(text=_best(item).get("content").text().strip())
        told = word.speaker or (labels.get(word.start, "") if word.start is not None else "")
        found.append(word._replace(speaker=told, joins=item.get("type").value == "punctuation"))
    return found


def google(data: Field) -> Talk:
    """With speakers, v1 says everything a second time in the last result, and only there with the speakers."""
    results = list(data.get("results").each())
    heard = [words(_best(result).get("words")) for result in results]
    languages = (result.get("languageCode").text() for result in results)
    language = next(filter(None, languages), "")
    if _repeats(results, heard):
        return Talk(list(spoken(heard[-1])), language=language)
    found: list[Piece] = []
    before: float | None = 0.0
    for result, own in zip(results, heard, strict=True):
        end = result.get("resultEndTime", "resultEndOffset").seconds()
        text = _best(result).get("transcript").text()
        piece = Piece(text, "", own[0].start if own else before, end)
        found += cut(piece, own) if text.strip() else spoken(own)
        before = end
    return Talk(found, language=language)


def _repeats(results: list[Field], heard: list[list[Word]]) -> bool:
    """Whether the last result's words, which know their speakers, are those of all results."""
    if len(results) < 2 or not any(word.speaker for word in heard[-1]):
        return False
    texts = [_best(result).get("transcript").text() for result in results]
    earlier = "".join("".join(texts[:-1]).split())
    again = "".join("".join(word.text for word in heard[-1]).split())
    return not texts[-1].strip() or (earlier != "" and again.startswith(earlier))


def azure(data: Field) -> Talk:
    """Batch transcription, in ticks of 100 ns. A phrase that was not recognised has no text."""
    phrases = list(data.get("recognizedPhrases", "RecognizedPhrases").each())
    found = [piece for item in phrases for piece in _phrase(item)]
    return Talk(by_time(found) if _several(phrases, "channel", "Channel") else found)


def _phrase(item: Field) -> Iterator[Piece]:
    best = next(item.get("nBest", "NBest").each(), Field({}, item.source, item.path))
    start, end = _span(item)
    speaker = item.get("speaker", "Speaker").label() or best.get("speaker").label()
    heard = []
    for word in best.get("displayWords", "words", "Words").each():
        begin, finish = _span(word)
        heard.append(Word(word.get("displayText", "word", "Word").text().strip(), "", begin, finish))
    return cut(Piece(best.get("display", "Display", "lexical").text(), speaker, start, end), heard)


def _span(item: Field) -> tuple[float | None, float | None]:
    start = item.get("offsetInTicks", "OffsetInTicks").seconds(_TICK)
    lasts = item.get("durationInTicks", "DurationInTicks").seconds(_TICK)
    start = item.get("offset", "Offset").seconds() if start is None else start
    lasts = item.get("duration", "Duration").seconds() if lasts is None else lasts
    return start, start + lasts if start is not None and lasts is not None else None


def azure_fast(data: Field) -> Talk:
    phrases = list(data.get("phrases").each())
    found: list[Piece] = []
    for item in phrases:
        start, end = _milliseconds(item)
        heard = [Word(word.get("text").text(), "", *_milliseconds(word)) for word in item.get("words").each()]
        found += cut(Piece(item.get("text").text(), item.get("speaker").label(), start, end), heard)
    language = phrases[0].get("locale").text() if phrases else ""
    return Talk(by_time(found) if _several(phrases, "channel") else found, language=language)


def _milliseconds(item: Field) -> tuple[float | None, float | None]:
    start = item.get("offsetMilliseconds", "offset").seconds(_MILLI)
    lasts = item.get("durationMilliseconds", "duration").seconds(_MILLI)
    return start, start + lasts if start is not None and lasts is not None else None


def _several(items: list[Field], *keys: str) -> bool:
    return len(list(groupby(item.get(*keys).value for item in items))) > 1
