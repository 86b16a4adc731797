"""JSON as recognisers and meeting services write it: golden parses, traps, refusals, and laws over generated speech."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import transcripts
from qa.errors import TranscriptError
from qa.formats.pieces import Piece
from qa.formats.words_json import Word, cut
from qa.types import Transcript
from tests.strategies import speech


def read(data: Any) -> Transcript:
    """Through the whole path, so that the laws every transcript keeps are checked too."""
    return transcripts.parse(json.dumps(data).encode(), "made.json")


def turns(transcript: Transcript) -> list[tuple[str, str, float | None, float | None]]:
    spoken = [turn for turn in transcript.turns if turn.role != "heading"]
    return [(t.speaker, transcript.text[t.start : t.end], t.seconds, t.until) for t in spoken]


def paragraphs(transcript: Transcript) -> list[str]:
    return [transcript.text[start:end] for start, end in transcript.paragraphs]


def clock(transcript: Transcript) -> list[tuple[float, str]]:
    """What each moment points at: the next words."""
    return [(m.seconds, " ".join(transcript.text[m.start : m.start + 40].split()[:2])) for m in transcript.moments]


def segment(text: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"id": 0, "seek": 0, "start": start, "end": end, "text": text, "tokens": [1], "avg_logprob": -0.3, **more}


def test_whisper_is_one_turn_with_paragraphs_at_pauses() -> None:
    transcript = read({
        "text": " Good evening. The dam is safe. Next item.", "language": "english", "duration": 12.0,
        "segments": [segment(" Good evening.", 0.0, 2.0), segment(" The dam", 2.0, 3.0),
                     segment(" is safe.", 5.5, 7.0), segment(" Next item.", 9.5, 12.0)],
    })  # fmt: skip
    assert turns(transcript) == [("", "Good evening. The dam is safe.\n\nNext item.", 0.0, 12.0)]
    assert paragraphs(transcript) == ["Good evening. The dam is safe.", "Next item."]
    assert clock(transcript) == [(0.0, "Good evening."), (2.0, "The dam"), (5.5, "is safe."), (9.5, "Next item.")]
    assert (transcript.language, transcript.title) == ("en", "made")


def test_whisper_pieces_of_words_are_not_parted_even_by_a_pause() -> None:
    pieces = [" The", " comm", "ittee", ",", " then", "."]
    given = [segment(text, i * 20.0, i * 20.0 + 1) for i, text in enumerate(pieces)]
    assert read({"segments": given}).text == "The\n\ncommittee,\n\nthen."


def test_a_sentence_without_its_own_blank_is_parted_by_one_where_most_bring_it() -> None:
    pieces = [
        " Hello there.",
        "How are you?",
        " Fine.",
        "Good.",
        " All",
        " the",
        " U",
        ".",
        "S",
        ".",
        " dam",
        "s",
        " are",
        " safe.",
    ]
    given = [segment(text, index, index + 1) for index, text in enumerate(pieces)]
    assert read({"segments": given}).text == "Hello there. How are you? Fine. Good. All the U.S. dams are safe."


def test_segments_without_blanks_are_parted_by_one_and_chinese_by_none() -> None:
    assert read({"segments": [segment("One.", 0, 1), segment("Two.", 1, 2)]}).text == "One. Two."
    assert read({"segments": [segment("质量是", 0, 1), segment("基础。", 1, 2)]}).text == "质量是基础。"
    assert read({"segments": [segment("한국어", 0, 1), segment("방송", 1, 2)]}).text == "한국어 방송"


def test_a_long_stretch_without_pauses_is_paragraphed_at_sentence_ends() -> None:
    given = [segment(" It goes on, and on." if i % 2 else " It goes on, and", i, i + 1) for i in range(300)]
    found = paragraphs(read({"segments": given}))
    assert len(found) > 2
    assert all(part.endswith("on.") and len(part) < 1100 for part in found)


def test_the_text_alone_and_words_without_segments() -> None:
    assert turns(read({"text": "All that was said.", "usage": {}})) == [("", "All that was said.", None, None)]
    heard = [{"word": "Good", "start": 0.5, "end": 1.0}, {"word": "day", "start": 1.0, "end": 1.5},
             {"word": "We", "start": 4.0, "end": 4.5}, {"word": "begin", "start": 4.5, "end": 5.0}]  # fmt: skip
    transcript = read({"text": "Good day. We begin.", "words": heard, "segments": []})
    assert paragraphs(transcript) == ["Good day.", "We begin."]
    assert clock(transcript) == [(0.5, "Good day."), (4.0, "We begin.")]


def heard(word: str, start: float | None, speaker: str = "") -> dict[str, Any]:
    times = {} if start is None else {"start": start, "end": start + 0.4, "score": 0.9}
    return {"word": word, **times, **({"speaker": speaker} if speaker else {})}


def test_whisperx_cuts_a_segment_where_its_words_change_speaker() -> None:
    said = [heard("Is", 0.0, "SPEAKER_00"), heard("it?", 0.5, "SPEAKER_00"), heard("Yes.", 1.0, "SPEAKER_01"),
            heard("5", None), heard("times.", 2.0, "SPEAKER_01")]  # fmt: skip
    transcript = read({
        "segments": [segment(" Is it? Yes. 5 times.", 0.0, 2.5, words=said, speaker="SPEAKER_00"),
                     segment(" And more.", 2.5, 4.0, speaker="SPEAKER_01")],
        "word_segments": said,
    })  # fmt: skip
    assert turns(transcript) == [
        ("SPEAKER_00", "Is it?", 0.0, 0.9), ("SPEAKER_01", "Yes. 5 times. And more.", 1.0, 4.0),
    ]  # fmt: skip
    assert clock(transcript) == [(0.0, "Is it?"), (1.0, "Yes. 5"), (2.5, "And more.")]


def test_words_without_a_speaker_at_a_segments_beginning_are_the_segments() -> None:
    said = [heard("$5", None), heard("million.", None), heard("Sure?", 2.0, "SPEAKER_01")]
    given = segment(" $5 million. Sure?", 0.0, 3.0, words=said, speaker="SPEAKER_00")
    assert turns(read({"segments": [given]})) == [
        ("SPEAKER_00", "$5 million.", 0.0, None), ("SPEAKER_01", "Sure?", 2.0, 3.0),
    ]  # fmt: skip


def test_words_are_looked_up_without_copying_what_lies_behind_them() -> None:
    class Text(str):
        """Counts the code points that are cut out of it."""

        copied = 0

        def __getitem__(self, key: Any) -> str:
            part = super().__getitem__(key)
            Text.copied += len(part)
            return part

    text = Text("word " * 2000)
    assert list(cut(Piece(text), [Word("word")] * 2000)) == [Piece(text)]
    assert Text.copied < 100 * len(text)


def test_words_give_each_sentence_its_time_and_a_quotation_mark_stays_with_its_word() -> None:
    said = [heard("He", 1.0), heard("said", 1.4), heard("so", 2.0), heard("Go", 3.0), heard("on", 3.5)]
    transcript = read({"segments": [segment('He said so. "Go on."', 0.5, 4.0, words=said)]})
    assert clock(transcript) == [(0.5, "He said"), (3.0, '"Go on."')]
    assert transcript.text == 'He said so. "Go on."'


def test_speech_without_any_mark_has_a_moment_every_ten_seconds() -> None:
    said = [heard(f"word{index}", float(index)) for index in range(25)]
    transcript = read({"segments": [segment(" ".join(word["word"] for word in said), 0, 25, words=said)]})
    assert [seconds for seconds, _ in clock(transcript)] == [0.0, 10.0, 20.0]


def test_words_that_are_not_in_the_text_change_nothing() -> None:
    said = [heard("altogether", 0.0, "A"), heard("different", 1.0, "B")]
    transcript = read({"segments": [segment("Thirty-one of them.", 0.0, 2.0, words=said)]})
    assert [words for _, words, _, _ in turns(transcript)] == ["Thirty-one of them."]


def test_one_speakers_segments_are_one_turn() -> None:
    given = [segment("One.", 0, 1, speaker="Ann Lee"), segment("Two.", 1, 2, speaker="Ann Lee"),
             segment("Three.", 2, 3, speaker="Bo"), segment("Four.", 8, 9, speaker="Bo")]  # fmt: skip
    transcript = read(given)  # a bare list, as faster-whisper gives it
    assert turns(transcript) == [("Ann Lee", "One. Two.", 0.0, 2.0), ("Bo", "Three.\n\nFour.", 2.0, 9.0)]
    assert paragraphs(transcript) == ["One. Two.", "Three.", "Four."]


def test_captions_with_durations() -> None:
    given = [{"text": "so today", "start": 0.0, "duration": 1.5}, {"text": "we begin", "start": 1.5, "duration": 2.0}]
    assert turns(read(given)) == [("", "so today we begin", 0.0, 3.5)]


def test_whisper_cpp_counts_milliseconds() -> None:
    def one(text: str, start: int, end: int, **more: Any) -> dict[str, Any]:
        return {"timestamps": {"from": "00:00:00,000", "to": "x"}, "offsets": {"from": start, "to": end},
                "text": text, **more}  # fmt: skip

    given = [one(" Ask not.", 0, 1500, speaker="0"), one(" Why?", 1500, 2000, speaker="1"), one(" ", 2000, 2100)]
    transcript = read({"systeminfo": "x", "result": {"language": "en"}, "transcription": given})
    assert turns(transcript) == [("Speaker 0", "Ask not.", 0.0, 1.5), ("Speaker 1", "Why?", 1.5, 2.0)]
    only_clock = {"timestamps": {"from": "01:00:02,500", "to": "01:00:03,000"}, "text": " Late."}
    assert turns(read({"transcription": [only_clock]})) == [("", "Late.", 3602.5, 3603.0)]


def test_transformers_chunks_may_have_no_last_end() -> None:
    given = [{"text": " One.", "timestamp": [0.0, 2.0]}, {"text": " Two.", "timestamp": [2.0, None]}]
    assert turns(read({"text": " One. Two.", "chunks": given})) == [("", "One. Two.", 0.0, None)]


def test_podcast_segments() -> None:
    given = [{"speaker": "Ada", "startTime": 0.5, "endTime": 0.7, "body": "And"},
             {"speaker": "Ada", "startTime": 0.8, "endTime": 1, "body": "so"}]  # fmt: skip
    assert turns(read({"version": "1.0.0", "segments": given})) == [("Ada", "And so", 0.5, 1.0)]


def test_the_api_calls_its_speakers_by_letters_but_a_person_may_write_them_too() -> None:
    machine = segment("Hello.", 0, 1, speaker="A", type="transcript.text.segment")
    assert read({"task": "transcribe", "segments": [machine]}).speakers() == ["Speaker A"]
    assert read({"segments": [segment("Hello.", 0, 1, speaker="A")]}).speakers() == ["A"]


def test_assemblyai_counts_milliseconds() -> None:
    said = [{"text": "Good", "start": 250, "end": 500, "speaker": "A"}]
    utterances = [{"speaker": "A", "text": "Good day.", "start": 250, "end": 900, "confidence": 1, "words": said},
                  {"speaker": "B", "text": "Hello.", "start": 1000, "end": 1500, "words": []}]  # fmt: skip
    whole = {"id": "x", "audio_url": "u", "language_code": "en_us", "text": "Good day. Hello."}
    transcript = read({**whole, "utterances": utterances, "words": said})
    assert turns(transcript) == [("Speaker A", "Good day.", 0.25, 0.9), ("Speaker B", "Hello.", 1.0, 1.5)]
    assert transcript.language == "en-us"
    assert clock(read({**whole, "utterances": None, "words": said})) == [(0.25, "Good day.")]


def deepgram(word: str, start: float, speaker: int) -> dict[str, Any]:
    return {"word": word.lower().strip("."), "punctuated_word": word, "start": start, "end": start + 0.4,
            "confidence": 0.9, "speaker": speaker}  # fmt: skip


_DEEPGRAM = [deepgram("Hello.", 0.0, 0), deepgram("Good", 1.0, 1), deepgram("day.", 1.5, 1)]


@pytest.mark.parametrize("kind", ["paragraphs", "utterances", "words", "words alone"])
def test_deepgram(kind: str) -> None:
    best: dict[str, Any] = {"transcript": "Hello. Good day.", "words": _DEEPGRAM}
    results: dict[str, Any] = {"channels": [{"alternatives": [best], "detected_language": "en"}]}
    if kind == "words alone":
        best["transcript"] = ""
    if kind == "paragraphs":
        each = [{"sentences": [{"text": "Hello.", "start": 0.0, "end": 0.4}], "speaker": 0},
                {"sentences": [{"text": "Good day.", "start": 1.0, "end": 1.9}], "speaker": 1}]  # fmt: skip
        best["paragraphs"] = {"transcript": "\nSpeaker 0: Hello.", "paragraphs": each}
    if kind == "utterances":
        results["utterances"] = [
            {"transcript": "Hello.", "start": 0.0, "end": 0.4, "speaker": 0, "channel": 0, "words": _DEEPGRAM[:1]},
            {"transcript": "Good day.", "start": 1.0, "end": 1.9, "speaker": 1, "channel": 0, "words": _DEEPGRAM[1:]},
        ]
    found = turns(read({"metadata": {}, "results": results}))
    assert [turn[:3] for turn in found] == [("Speaker 0", "Hello.", 0.0), ("Speaker 1", "Good day.", 1.0)]


def test_channels_recorded_apart_are_put_in_order_of_time() -> None:
    one = {"transcript": "Are you there?", "words": [deepgram("Are", 0.0, 0), deepgram("there?", 0.6, 0)]}
    two = {"transcript": "I am.", "words": [deepgram("I", 2.0, 0)]}
    three = {"transcript": "", "words": []}
    channels = [{"alternatives": [two]}, {"alternatives": [one]}, {"alternatives": [three]}]
    assert [turn[:3] for turn in turns(read({"results": {"channels": channels}}))] == [
        ("Channel 1 Speaker 0", "Are you there?", 0.0), ("Channel 0 Speaker 0", "I am.", 2.0),
    ]  # fmt: skip


def amazon(content: str, start: float | None = None, **more: Any) -> dict[str, Any]:
    times = {} if start is None else {"start_time": f"{start:.2f}", "end_time": f"{start + 0.3:.2f}"}
    kind = "punctuation" if start is None else "pronunciation"
    return {**times, "alternatives": [{"confidence": "1.0", "content": content}], "type": kind, **more}


def test_amazon_items_with_speakers_beside_them() -> None:
    items = [amazon("I've", 4.87), amazon("been", 5.3), amazon("on", 5.7), amazon("hold"[:4], 6.0), amazon("."),
             amazon("Sorry", 8.49), amazon(","), amazon("sir", 8.9), amazon(".")]  # fmt: skip
    sides = [
        {
            "speaker_label": "spk_0",
            "items": [{"start_time": i["start_time"], "speaker_label": "spk_0"} for i in items[:4]],
        },
        {"speaker_label": "spk_1", "items": [{"start_time": items[5]["start_time"], "speaker_label": "spk_1"}]},
    ]
    results = {"transcripts": [{"transcript": "I've been on hold. Sorry, sir."}], "items": items,
               "speaker_labels": {"speakers": 2, "segments": sides}}  # fmt: skip
    assert turns(read({"jobName": "j", "status": "COMPLETED", "results": results})) == [
        ("spk_0", "I've been on hold.", 4.87, 6.3), ("spk_1", "Sorry, sir.", 8.49, 9.2),
    ]  # fmt: skip


def test_amazon_audio_segments_and_channels() -> None:
    items = [amazon("Hello", 1.0, id=0), amazon(".", id=1), amazon("Bye", 2.0, id=2), amazon(".", id=3)]
    parts = [{"id": 0, "transcript": "Hello. Bye.", "start_time": "1.0", "end_time": "2.3", "speaker_label": "spk_0",
              "items": [0, 1, 2, 3]}]  # fmt: skip
    transcript = read({"results": {"items": items, "audio_segments": parts, "language_code": "en-US"}})
    assert turns(transcript) == [("spk_0", "Hello. Bye.", 1.0, 2.3)]
    assert clock(transcript) == [(1.0, "Hello. Bye."), (2.0, "Bye.")]
    channels = [{"channel_label": "ch_0", "items": items[2:]}, {"channel_label": "ch_1", "items": items[:2]}]
    apart = read({"results": {"items": items, "channel_labels": {"channels": channels}}})
    assert [turn[:2] for turn in turns(apart)] == [("ch_1", "Hello."), ("ch_0", "Bye.")]


def google(word: str, start: float, tag: int = 0) -> dict[str, Any]:
    told = {"speakerTag": tag} if tag else {}
    return {"word": word, "startTime": f"{start:.3f}s", "endTime": f"{start + 0.3:.3f}s", **told}


def test_google_says_everything_once_though_the_file_says_it_twice() -> None:
    results = [
        {"alternatives": [{"transcript": "how are you", "words": [google("how", 0), google("are", 0.4),
                                                                  google("you", 0.8)]}]},
        {"alternatives": [{"transcript": " fine", "words": [google("fine", 2.0)]}], "languageCode": "en-us"},
        {"alternatives": [{"words": [google("how", 0, 1), google("are", 0.4, 1), google("you", 0.8, 1),
                                     google("fine", 2.0, 2)]}]},
    ]  # fmt: skip
    assert [turn[:3] for turn in turns(read({"results": results}))] == [
        ("Speaker 1", "how are you", 0.0), ("Speaker 2", "fine", 2.0),
    ]  # fmt: skip
    without = read({"response": {"results": results[:2]}})
    assert turns(without)[0][:3] == ("", "how are you fine", 0.0)


def test_google_may_spell_the_second_time_otherwise() -> None:
    first = {"alternatives": [{"transcript": "ten percent"}]}
    again = {"alternatives": [{"words": [google("10%", 0.5, 1)]}]}
    assert [turn[:3] for turn in turns(read({"results": [first, again]}))] == [("Speaker 1", "10%", 0.5)]


def test_google_times_as_objects_and_results_without_words() -> None:
    word = {"word": "Good", "startTime": {"seconds": "61", "nanos": 500000000}, "endTime": {"seconds": "62"}}
    results = [{"alternatives": [{"transcript": "Before."}], "resultEndTime": "60s"},
               {"alternatives": [{"transcript": "Good.", "words": [word]}], "resultEndTime": "62s"}]  # fmt: skip
    assert clock(read({"results": results})) == [(0.0, "Before. Good."), (61.5, "Good.")]


def rev(*elements: tuple[str, str] | tuple[str, str, float]) -> list[dict[str, Any]]:
    names = ("type", "value", "ts")
    return [dict(zip(names, element, strict=False)) for element in elements]


def test_rev_keeps_its_own_blanks() -> None:
    said = rev(("text", "Twenty", 0.5), ("punct", "-"), ("text", "one", 0.9), ("punct", "."), ("punct", " "),
               ("unknown", "<crosstalk>"), ("punct", " "), ("text", "Go", 2.0), ("punct", "!"))  # fmt: skip
    bare = rev(("text", "Good", 3.0), ("text", "day", 3.4))
    named = {"speaker": 1, "speaker_info": {"display_name": "Jo"}, "elements": bare}
    transcript = read({"monologues": [{"speaker": 0, "elements": said}, named]})
    assert [turn[:3] for turn in turns(transcript)] == [
        ("Speaker 0", "Twenty-one. <crosstalk> Go!", 0.5), ("Jo", "Good day", 3.0),
    ]  # fmt: skip


def test_azure_batch_fast_and_capitalised() -> None:
    best = {"confidence": 0.9, "lexical": "hello world", "display": "Hello world.",
            "words": [{"word": "hello", "offsetInTicks": 7e6, "durationInTicks": 1e6}]}  # fmt: skip
    phrase = {"recognitionStatus": "Success", "channel": 0, "speaker": 1, "offset": "PT0.7S", "duration": "PT1M1.5S",
              "offsetInTicks": 7000000.0, "durationInTicks": 615000000.0,
              "nBest": [best, {"display": "Yellow."}]}  # fmt: skip
    nothing = {"recognitionStatus": "Failure", "channel": 0, "offset": "PT70S"}
    batch = turns(read({"source": "u", "combinedRecognizedPhrases": [], "recognizedPhrases": [phrase, nothing]}))
    assert batch == [("Speaker 1", "Hello world.", pytest.approx(0.7), pytest.approx(62.2))]
    older = {"Offset": "PT0.7S", "Duration": "PT1S", "Speaker": 2, "NBest": [{"Display": "Hello."}]}
    assert turns(read({"RecognizedPhrases": [older]})) == [("Speaker 2", "Hello.", 0.7, 1.7)]
    fast = {"offsetMilliseconds": 80, "durationMilliseconds": 1920, "text": "Good.", "locale": "en-US", "speaker": 1}
    transcript = read({"durationMilliseconds": 2000, "combinedPhrases": [{"text": "Good."}], "phrases": [fast]})
    assert turns(transcript) == [("Speaker 1", "Good.", 0.08, 2.0)]


def test_oyez_turns_with_their_blocks() -> None:
    def turn(name: str | None, *blocks: tuple[float, float, str]) -> dict[str, Any]:
        parts = [{"start": a, "stop": b, "text": text, "byte_start": 1} for a, b, text in blocks]
        return {"speaker": name and {"name": name, "roles": None, "ID": 1}, "text_blocks": parts, "start": 0}

    sections = [{"turns": [turn("Mary Roe", (0, 3.5, "We hear the case."), (3.5, 5, "Proceed.")),
                           turn("Jo Doe", (5, 9, "May it please the court."))]},
                {"turns": [turn(None, (9, 10, "[Laughter]"))]}]  # fmt: skip
    record = {"title": "Roe v. Doe", "sections": sections}
    transcript = read({"title": "Oral Argument - December 13, 1971", "transcript": record, "media_file": []})
    assert turns(transcript) == [
        ("Mary Roe", "We hear the case. Proceed.", 0.0, 5.0), ("Jo Doe", "May it please the court.", 5.0, 9.0),
        ("", "[Laughter]", 9.0, 10.0),
    ]  # fmt: skip
    assert transcript.title == "Roe v. Doe, Oral Argument - December 13, 1971"
    assert transcript.date == "1971-12-13"
    assert clock(transcript)[1] == (3.5, "Proceed. May")


def test_qmsum_items_are_turns_and_its_questions_are_left_out() -> None:
    said = [{"speaker": "Chair", "content": "{vocalsound} Is it {disfmarker} so ?"},
            {"speaker": "Chair", "content": "Well ."}, {"speaker": "Marketing", "content": "Yes ."}]  # fmt: skip
    asked = [{"query": "What did Marketing say?", "answer": "It agreed.", "relevant_text_span": [["0", "2"]]}]
    transcript = read({"topic_list": [], "specific_query_list": asked, "meeting_transcripts": said})
    assert [turn[:2] for turn in turns(transcript)] == [(item["speaker"], item["content"]) for item in said]
    assert "agreed" not in transcript.text


def test_fireflies_with_or_without_its_envelope() -> None:
    lines = [{"index": 0, "speaker_name": "Ann Lee", "speaker_id": 0, "text": "We start.", "raw_text": "we start",
              "start_time": "0.5", "end_time": "2.0"},
             {"index": 1, "speaker_name": None, "speaker_id": 1, "raw_text": "fine", "start_time": 2.5}]  # fmt: skip
    inner = {"title": "Weekly", "date": 1710255600000, "sentences": lines, "transcript_url": "https://e.org/x"}
    for data in (inner, {"data": {"transcript": inner}}):
        transcript = read(data)
        assert turns(transcript) == [("Ann Lee", "We start.", 0.5, 2.0), ("Speaker 1", "fine", 2.5, None)]
        assert (transcript.title, transcript.date, transcript.url) == ("Weekly", "2024-03-12", "https://e.org/x")
        assert transcript.text[transcript.turns[0].start : transcript.turns[0].end] == "Weekly"


def test_stream_and_otter() -> None:
    entry = {"id": "1", "text": "Hello all.", "speakerDisplayName": "Jo Doe", "startOffset": "00:01:02.2500000",
             "endOffset": "00:01:03.0000000"}  # fmt: skip
    assert turns(read({"type": "Transcript", "entries": [entry]})) == [("Jo Doe", "Hello all.", 62.25, 63.0)]
    said = [{"transcript": "Hello.", "speaker_id": 7, "start_offset": 132400},
            {"transcript": "Yes.", "speaker_id": None, "speaker_model_label": "2", "start_offset": 191240}]  # fmt: skip
    otter = {"title": "Call", "speakers": [{"id": 7, "speaker_name": "Ann Lee"}], "transcripts": said}
    expected = [("Ann Lee", "Hello.", None, None), ("Speaker 2", "Yes.", None, None)]
    assert turns(read({"status": "OK", "speech": otter})) == turns(read(otter)) == expected


def test_turns_as_a_bare_list_and_as_json_lines() -> None:
    items = [{"speaker": "Q", "text": "Why?"}, {"speaker": "A", "text": "Because."}, {"text": "(Laughter.)"}]
    expected = [("Q", "Why?", None, None), ("A", "Because.", None, None), ("", "(Laughter.)", None, None)]
    assert turns(read(items)) == expected
    for end in ("\n", "\r\n", "\n\n"):
        lines = end.join(json.dumps(item) for item in items) + end
        assert turns(transcripts.parse(lines.encode(), "a.json")) == expected
    assert turns(read(items[0])) == expected[:1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "expected"),
        ("{}", "Deepgram"),
        ("3", "Whisper"),
        ('[{"text": "no speaker anywhere"}]', "expected"),
        ('{"blocks": [{"text": "x"}]}', "WhisperX or QMSum"),
        ('{"segments": 3}', "segments must be a list"),
        ('{"segments": [3]}', "segments[0] must be an object"),
        ('{"segments": [{"text": 3}]}', "segments[0].text must be a string"),
        ('{"segments": [{"text": "a", "start": "soon"}]}', "segments[0].start must be a time"),
        ('{"segments": [{"text": "a", "start": -1}]}', "segments[0].start must be a time"),
        ('{"segments": [{"text": "a", "start": NaN}]}', "segments[0].start must be a time"),
        ('{"segments": [{"text": "a", "end": true}]}', "segments[0].end must be a time"),
        ('{"segments": [{"text": "a", "speaker": [1]}]}', "segments[0].speaker must be a string"),
        ('{"segments": [{"text": "\\ud800"}]}', "segments[0].text holds half a surrogate"),
        ('{"segments": [{"text": "a", "words": [{"word": 1}]}]}', "segments[0].words[0].word must be a string"),
        ('{"segments": [{"text": " "}]}', "no words"),
        ('{"chunks": [{"text": "a", "timestamp": 3}]}', "chunks[0].timestamp must be a list of two times"),
        ('{"results": {"channels": [{"alternatives": [{"words": {}}]}]}}', "alternatives[0].words must be a list"),
        (
            '{"meeting_transcripts": [{"speaker": "A"}]}',
            'meeting_transcripts[0] must be an object with a string "con',
        ),
        ('{"turns": {}}', "expected"),
        ('{"speaker": "A", "text": "a"}\n{"speaker": "A", "text": "a"', "line 2"),
        ('{"transcript": ' * 50_000, "cannot be read"),
        ('{"segments": [{"text": "a", "start": 1' + "0" * 400 + "}]}", "segments[0].start must be a time"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(content: str, says: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        transcripts.parse(content.encode(), "a.json")
    assert says in str(caught.value)
    assert str(caught.value).startswith("a.json: ")
    assert "\n" not in str(caught.value)


def nested(depth: int, key: str) -> str:
    return f'{{"{key}": ' * depth + "1" + "}" * depth


@pytest.mark.parametrize("depth", [100, 900, 990, 5000])  # Python itself reads less than a thousand levels
@pytest.mark.parametrize(
    ("key", "inner"), [("speaker", "name"), ("start", "seconds"), ("start", "nanos"), ("text", "text")]
)
def test_deep_values_are_refused_where_they_stand(depth: int, key: str, inner: str) -> None:
    content = f'{{"segments": [{{"text": "a", "{key}": {nested(depth, inner)}}}]}}'
    with pytest.raises(TranscriptError, match=rf"^a\.json: (?:segments\[0\]\.{key}|this JSON cannot be read)"):
        transcripts.parse(content.encode(), "a.json")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("english", "en"),
        ("en_US", "en-us"),
        ("zh-Hans-CN", "zh-hans-cn"),
        ("en_\u2028s", ""),
        ("e", ""),
        ("énglish", ""),
    ],
)
def test_languages(given: str, code: str) -> None:
    assert read({"language": given, "segments": [segment("So.", 0, 1)]}).language == code


def test_many_words_that_are_nowhere_take_no_long_time() -> None:
    said = [heard("nowhere", 1.0)] * 100_000
    assert read({"segments": [segment("a " * 200_000, 0, 9, words=said)]}).text.startswith("a a")


_NAMES = st.sampled_from(["Ann Lee", "SPEAKER_00", "主席", "Dr. A. Smith", "Q"])
_SAID = speech.filter(str.strip).map(str.strip)
_TURNS = st.lists(st.tuples(_NAMES, st.lists(_SAID, min_size=1, max_size=4)), min_size=1, max_size=6)
Rendered = list[tuple[str, list[str]]]


def _numbered(given: Rendered) -> list[tuple[str, str, int]]:
    flat = [(speaker, said) for speaker, parts in given for said in parts]
    return [(speaker, said, index * 3) for index, (speaker, said) in enumerate(flat)]


_RENDER: dict[str, Callable[[Rendered], Any]] = {
    "whisper": lambda g: {"segments": [segment(t, n, n + 1, speaker=s) for s, t, n in _numbered(g)]},
    "list": lambda g: [segment(t, n, n + 1, speaker=s) for s, t, n in _numbered(g)],
    "assembly": lambda g: {"utterances": [{"speaker": s, "text": t, "start": n * 1000} for s, t, n in _numbered(g)]},
    "rev": lambda g: {"monologues": [{"speaker_info": {"display_name": s}, "elements": rev(("text", t, n))}
                                     for s, t, n in _numbered(g)]},
    "fireflies": lambda g: {"sentences": [{"speaker_name": s, "text": t, "start_time": n} for s, t, n in _numbered(g)]},
    "oyez": lambda g: {"transcript": {"sections": [{"turns": [
        {"speaker": {"name": s}, "text_blocks": [{"text": t, "start": n, "stop": n + 1}]} for s, t, n in _numbered(g)
    ]}]}},
}  # fmt: skip


@pytest.mark.parametrize("form", sorted(_RENDER))
@given(given_turns=_TURNS)
def test_everything_said_comes_back_with_its_speaker_and_time(form: str, given_turns: Rendered) -> None:
    transcript = read(_RENDER[form](given_turns))
    flat = _numbered(given_turns)
    at = 0
    for speaker, said, seconds in flat:
        at = transcript.text.index(said, at)
        name = f"Speaker {speaker}" if form == "assembly" and len(speaker) == 1 else speaker
        assert transcript.turns[transcript.turn_at(at)].speaker == name
        assert transcript.seconds_at(at) == seconds
        at += len(said)
    squeezed = "".join("".join(transcript.text[t.start : t.end].split()) for t in transcript.turns)
    assert squeezed == "".join("".join(said.split()) for _, said, _ in flat)


_WORDS = st.lists(
    st.tuples(st.sampled_from(["S0", "S1"]), _SAID.map(lambda said: said.split()[0])), min_size=1, max_size=30
)


@pytest.mark.parametrize("form", ["whisperx", "deepgram", "amazon"])
@given(spoken=_WORDS)
def test_every_word_comes_back_with_its_speaker(form: str, spoken: list[tuple[str, str]]) -> None:
    said = [heard(word, float(index), speaker) for index, (speaker, word) in enumerate(spoken)]
    items = [amazon(word, float(index), speaker_label=speaker) for index, (speaker, word) in enumerate(spoken)]
    transcript = read({
        "whisperx": {"segments": [segment(" ".join(word for _, word in spoken), 0, 99, words=said)]},
        "deepgram": {"results": {"channels": [{"alternatives": [{"words": said}]}]}},
        "amazon": {"results": {"items": items}},
    }[form])  # fmt: skip
    at = 0
    for index, (speaker, word) in enumerate(spoken):
        at = transcript.text.index(word, at)
        assert transcript.turns[transcript.turn_at(at)].speaker == speaker
        seconds = transcript.seconds_at(at)
        assert seconds is not None
        assert index - 10 <= seconds <= index
        at += len(word)


@given(_TURNS)
def test_turns_of_the_simple_form_come_back(given_turns: Rendered) -> None:
    flat = [(speaker, said) for speaker, said, _ in _numbered(given_turns)]
    content = "\n".join(json.dumps({"speaker": speaker, "text": said}) for speaker, said in flat)
    assert [turn[:2] for turn in turns(transcripts.parse(content.encode(), "a.json"))] == flat


_KEYS = st.sampled_from(
    "segments text words word start end speaker results channels alternatives transcript transcripts items type "
    "transcription offsets from monologues elements value ts utterances recognizedPhrases nBest display phrases "
    "sections turns text_blocks sentences entries chunks timestamp meeting_transcripts content data response "
    "paragraphs audio_segments speaker_labels channel_labels language title date id duration".split()
)
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**20), st.floats(), st.sampled_from(["", "a b.", "1.5s", "PT1S", "é"])
)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5), max_leaves=30
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=6) | _VALUES)
def test_any_json_is_read_or_refused(data: Any) -> None:
    try:
        read(data)  # raises ValueError where turns overlap or a paragraph leaves its turn
    except TranscriptError as error:
        assert "\n" not in str(error)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_read_or_refused(content: str) -> None:
    try:
        transcripts.parse(content.encode(), "a.json")
    except TranscriptError as error:
        assert "\n" not in str(error)
