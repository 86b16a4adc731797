"""The reader's model: the same loading code on a tiny checkpoint made on the spot, and where its scores come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

from qa import crossencoder
from qa.chunking import chunk
from qa.crossencoder import CrossEncoder, collate, sentence_scores
from qa.encoder import PassageEncoder
from qa.errors import EncoderError
from qa.text import layout, spans_of
from qa.types import Passage, Range, Transcript
from tests.fakes import hashing, spoken
from tests.strategies import transcripts

ENCODER = hashing()


def tiny(folder: Path, tokenizer: PreTrainedTokenizerFast, labels: int = 1) -> Path:
    """An untrained model of one layer with the default encoder's tokenizer."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=512, num_labels=labels,
    )  # fmt: skip
    BertForTokenClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, minilm: PassageEncoder) -> CrossEncoder:
    folder = tiny(tmp_path_factory.mktemp("tiny"), minilm.model.tokenizer)
    return crossencoder.load(str(folder), "float32")


@given(transcripts())
def test_the_layout_names_every_sentence_in_what_the_model_reads(transcript: Transcript) -> None:
    for passage in chunk(transcript, ENCODER.count, ENCODER.limit):
        found = [passage.embedded[start:end] for start, end in layout(passage)]
        assert found == [span.quote for span in spans_of(passage)]


@given(transcripts())
@settings(max_examples=20)
def test_every_sentence_gets_a_score_whatever_is_read_with_it(model: CrossEncoder, transcript: Transcript) -> None:
    passages = chunk(transcript, ENCODER.count, ENCODER.limit)
    together = model.score("What was said about quality?", passages)
    assert [len(scores) for scores in together] == [len(spans_of(passage)) for passage in passages]
    for passage, scores in zip(passages[:3], together, strict=False):
        (alone,) = model.score("What was said about quality?", [passage])
        np.testing.assert_allclose(alone, scores, atol=1e-4)


def test_a_question_of_any_length_leaves_the_passage_whole(model: CrossEncoder) -> None:
    transcript = spoken(("A", "Rates rose in March. They fell in May."), ("B", "Yes."))
    passages = chunk(transcript, ENCODER.count, ENCODER.limit)
    scores = model.score("why " * 1000, passages)
    assert [len(row) for row in scores] == [len(spans_of(passage)) for passage in passages]


def test_a_sentence_behind_the_models_last_token_does_not_answer(model: CrossEncoder) -> None:
    transcript = spoken(("A", "Rates rose in March and fell again in summer. " * 200), ("B", "Yes."))
    (scores,) = model.score("Why?", [Passage(transcript, (transcript.paragraphs[0],))])
    assert len(scores) == 200
    assert (scores[:20] > -30).all() and (scores[-20:] == -30).all()


def test_a_score_is_the_mean_of_the_sentence_and_the_first_token() -> None:
    logits = torch.tensor([[1.0, 9.0, 2.0, 4.0, 6.0]])
    (scores,) = sentence_scores(logits, [[Range(2, 4), Range(4, 5), Range(0, 0)]])
    assert scores.tolist() == [4.0, 7.0, -30.0]


def test_a_sentence_is_given_its_own_tokens(minilm: PassageEncoder) -> None:
    transcript = spoken(("A", "Rates rose. They fell again in May."), ("B", "That is all, thank you very much indeed."))
    passage = chunk(transcript, ENCODER.count, ENCODER.limit)[0]
    tokenizer = minilm.model.tokenizer
    batch = collate(tokenizer, ["When?"], [passage])
    ids = batch.inputs["input_ids"][0]
    read = [tokenizer.decode(ids[start:end]) for start, end in batch.sentences[0]]
    assert read[:2] == ["rates rose.", "they fell again in may."]


def test_what_is_no_such_model_is_one_line(tmp_path: Path, minilm: PassageEncoder) -> None:
    with pytest.raises(EncoderError, match="no encoder at"):
        crossencoder.load(str(tmp_path / "nowhere"))
    with pytest.raises(EncoderError, match="2 labels; one is needed"):
        crossencoder.load(str(tiny(tmp_path / "two", minilm.model.tokenizer, labels=2)))
    (tmp_path / "empty").mkdir()
    with pytest.raises(EncoderError, match="safetensors"):
        crossencoder.load(str(tmp_path / "empty"))
