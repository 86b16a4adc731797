from __future__ import annotations

import pytest
from hypothesis import given, settings

from qa.chunking import Sizes, chunk
from qa.encoder import PassageEncoder
from qa.types import Transcript
from tests.fakes import hashing, spoken
from tests.strategies import transcripts

ENCODER = hashing()


@given(transcripts())
def test_every_character_of_every_turn_lies_in_exactly_one_passage(transcript: Transcript) -> None:
    covered = [0] * len(transcript.text)
    for passage in chunk(transcript, ENCODER.count, ENCODER.limit):
        for start, end in passage.pieces:
            assert transcript.turn_at(start) == transcript.turn_at(end - 1) >= 0
            assert transcript.text[start:end] in passage.text
            for at in range(start, end):
                covered[at] += 1
    for turn in transcript.turns:
        for at in range(turn.start, turn.end):
            assert covered[at] == 1 or (covered[at] == 0 and transcript.text[at].isspace())


@given(transcripts())
def test_no_passage_exceeds_the_limit(transcript: Transcript) -> None:
    for passage in chunk(transcript, ENCODER.count, ENCODER.limit):
        assert ENCODER.count([passage.embedded])[0] <= ENCODER.limit


@given(transcripts())
@settings(max_examples=20)
def test_the_real_tokenizer_stays_within_the_limit(minilm: PassageEncoder, transcript: Transcript) -> None:
    passages = chunk(transcript, minilm.count, minilm.limit)
    assert max(minilm.count([passage.embedded for passage in passages])) <= minilm.limit


def test_context_is_the_speaker_and_the_question_and_is_never_quoted() -> None:
    reply = "The wall was inspected in spring by two engineers and they found no new cracks in it at all."
    question = "When was the old harbour wall last inspected, by whom, and what exactly did the inspection find there?"
    transcript = spoken(("Q", question), ("Lena Brandt", reply))
    passage = chunk(transcript, ENCODER.count, ENCODER.limit)[-1]
    assert passage.context == f"Lena Brandt\n{question}"
    assert passage.span.quote == passage.text == reply
    assert passage.embedded == f"Lena Brandt\n{question}\n{reply}"


def test_short_turns_are_joined_for_search_but_keep_their_own_speakers() -> None:
    transcript = spoken(("Q", "Is it safe?"), ("Lena Brandt", "Yes."), ("Q", "Sure?"), ("Lena Brandt", "Quite sure."))
    passages = chunk(transcript, ENCODER.count, ENCODER.limit)
    first = passages[0]
    assert len(first.pieces) == 2
    assert [transcript.turns[transcript.turn_at(start)].speaker for start, _ in first.pieces] == ["Q", "Lena Brandt"]
    assert first.span.quote in ("Is it safe?", "Yes.")


def test_paragraphs_are_kept_together_where_they_fit() -> None:
    paragraphs = [f"{word} " * 30 + "ends here." for word in ("alpha", "beta", "gamma")]
    transcript = spoken(("A Speaker", "\n\n".join(paragraphs)))
    texts = [p.text for p in chunk(transcript, ENCODER.count, 100, Sizes(passage=80, context=10))]
    assert texts == [paragraph.strip() for paragraph in paragraphs]


def test_what_cannot_be_made_to_fit_is_an_error_and_never_cut_in_silence() -> None:
    with pytest.raises(ValueError, match="exceeds the encoder's limit"):
        chunk(spoken(("A", "word " * 50)), lambda texts: [999 for _ in texts], 10)
