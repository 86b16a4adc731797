"""A user's own models: tiny checkpoints made on the spot, through the same loading code, by folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

from qa import encoder, reranker
from qa.chunking import chunk
from qa.cli import main
from qa.encoder import PassageEncoder
from qa.errors import EncoderError
from qa.library import Library
from qa.pipeline import Models, Pipeline
from qa.text import spans_of
from qa.types import Hit
from tests.fakes import hashing, spoken
from tests.test_crossencoder import tiny as tiny_reader


def config(tokenizer: PreTrainedTokenizerFast, labels: int = 1) -> BertConfig:
    torch.manual_seed(0)
    return BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=128, num_labels=labels,
    )  # fmt: skip


@pytest.fixture(scope="module")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory, minilm: PassageEncoder) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    BertModel(config(minilm.model.tokenizer)).save_pretrained(folder / "bare")
    minilm.model.tokenizer.save_pretrained(folder / "bare")
    part = Transformer(str(folder / "bare"), max_seq_length=96)
    SentenceTransformer(modules=[part, Pooling(16)], device="cpu").save(str(folder / "whole"))
    return folder / "whole"


def tiny_reranker(folder: Path, minilm: PassageEncoder, labels: int = 1) -> Path:
    BertForSequenceClassification(config(minilm.model.tokenizer, labels)).save_pretrained(folder)
    minilm.model.tokenizer.save_pretrained(folder)
    return folder


def test_the_untuned_encoder_is_one_setting_away() -> None:
    untuned = encoder.load(encoder.UNTUNED)
    assert untuned.sha256 == encoder.SHA256[encoder.UNTUNED] != encoder.load().sha256
    one, other = untuned.encode_query(["Will rates rise?"]), encoder.load().encode_query(["Will rates rise?"])
    assert one.shape == other.shape == (1, 384) and not np.allclose(one, other, atol=0.01)


def test_damaged_weights_of_the_shipped_encoder_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(encoder.SHA256, encoder.DEFAULT, "0" * 64)
    with pytest.raises(EncoderError, match="damaged"):
        encoder.load()


def test_a_whole_library_with_models_of_one_s_own(
    tmp_path: Path, tiny_encoder: Path, minilm: PassageEncoder, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = tiny_reader(tmp_path / "reader", minilm.model.tokenizer)
    ranker = tiny_reranker(tmp_path / "reranker", minilm)
    home = ["--index", str(tmp_path / "library")]
    assert main(["index", str(corpus), "--encoder", str(tiny_encoder), *home]) == 0
    with Pipeline(Library(tmp_path / "library")) as plain:
        found, _ = plain.search("vehicles recalled", k=reranker.DEPTH)
    wanted = [hit.span.start for hit in reranker.load(str(ranker)).rerank("vehicles recalled", found)[:3]]
    assert main(["search", "vehicles recalled", "--json", "-k", "3", "--reranker", str(ranker), *home]) == 0
    assert [hit["start"] for hit in json.loads(capsys.readouterr().out)["hits"]] == wanted
    confidences = []
    for models in ([], ["--reader", str(reader)], ["--reader", str(reader), "--reranker", str(ranker)]):
        assert main(["ask", "How many vehicles were recalled?", "--json", *models, *home]) == 0
        confidences.append(json.loads(capsys.readouterr().out)["confidence"])
    assert confidences[0] != confidences[1], "the reader that was named is the one that read"


def test_an_answer_s_passages_stand_in_the_order_in_which_they_were_read(shipped_home: list[str]) -> None:
    question = "How many vehicles were recalled in 2023?"
    with Pipeline(Library(Path(shipped_home[1]))) as pipeline:
        searched, _ = pipeline.search(question)
        trace = pipeline.trace(question)
        shown = reranker.as_read(searched, trace.reading.odds)
        assert trace.hits == tuple(shown) and [hit.passage for hit in shown] != [hit.passage for hit in searched]
        fast = Pipeline(pipeline.library, models=Models(fast=True)).trace(question)
        assert not fast.reading.odds and [hit.passage for hit in fast.hits] == [hit.passage for hit in searched]


def test_a_title_has_no_odds_of_its_own(shipped_home: list[str]) -> None:
    with Pipeline(Library(Path(shipped_home[1]))) as pipeline:
        hits, _ = pipeline.search("SCIO press conference on the quality supervision", k=10)
        titles = {i for i, hit in enumerate(hits) if all(span.role == "heading" for span in spans_of(hit.passage))}
        odds = pipeline.reader.read("SCIO press conference on the quality supervision", hits).odds
        assert titles and len(odds) == len(hits)
        assert all(odds[i] == min(odds) for i in titles)


def test_search_and_reader_share_the_question_s_vector(minilm: PassageEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    encode = minilm.model.encode_query

    def noted(texts: list[str], **options: object) -> object:
        read.extend(texts)
        return encode(texts, **options)

    monkeypatch.setattr(minilm.model, "encode_query", noted)
    own = PassageEncoder(minilm.name, minilm.sha256, minilm.model)
    first = own.encode_query(["Will rates rise?"])
    both = own.encode_query(["Who was there?", "Will rates rise?", "Who was there?"])
    assert read == ["Will rates rise?", "Who was there?"] and own.encode_query([]).shape == (0, 384)
    assert (both[1] == first[0]).all() and (both[0] == both[2]).all() and not np.allclose(both[0], both[1], atol=0.01)
    for number in range(50):
        own.encode_query([f"Question {number}?"])
    assert len(own._asked) < 50, "only the last few are kept"


def test_fast_answers_without_the_reader(shipped_home: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "How many vehicles were recalled in 2023?", "--fast", "--json", *shipped_home]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "6.728 million" in answer["citations"][0]["quote"]


@pytest.fixture
def shipped_home(tmp_path: Path, corpus: Path) -> list[str]:
    home = ["--index", str(tmp_path / "library")]
    assert main(["index", str(corpus), *home]) == 0
    return home


def hits(scores: list[float]) -> list[Hit]:
    transcript = spoken(*((f"S{i}", f"Prices in town {i} rose by {i} percent, said the mayor, and nobody liked it.")
                          for i in range(len(scores))))  # fmt: skip
    own = hashing()
    passages = chunk(transcript, own.count, own.limit)
    return [Hit(passage, score) for passage, score in zip(passages, scores, strict=True)]


class Scores:
    def __init__(self, *given: float) -> None:
        self.given = given

    def predict(self, pairs: list[tuple[str, str]], **kwargs: object) -> list[float]:
        assert len(pairs) == len(self.given)
        return list(self.given)


def test_search_and_reranker_have_the_same_say() -> None:
    given = hits([1.0, 0.6, 0.5, 0.0])
    found = reranker.Reranker("made up", Scores(-2.0, 2.0, 8.0, 4.0)).rerank("Why?", given)
    assert [hit.passage for hit in found] == [given[i].passage for i in (2, 0, 1, 3)]
    assert [round(hit.score, 3) for hit in found] == [0.75, 0.5, 0.5, 0.3]


def test_the_reader_s_odds_are_added_to_the_fused_score() -> None:
    given = hits([3.0, 2.0, 1.0, 0.0])
    found = reranker.as_read(given, [-2.0, 0.0, 4.0, -1.0])
    assert [hit.passage for hit in found] == [given[i].passage for i in (0, 2, 1, 3)]
    assert [hit.score for hit in found] == pytest.approx([2.4, 2.2, 2.0, -0.3])
    assert [hit.passage for hit in reranker.as_read(given[:1] * 2, [1.0, 1.0])] == [given[0].passage] * 2
    assert reranker.as_read(given, [0.0, 9.0, 0.0, 0.0])[0].passage == given[1].passage


def test_equal_scores_keep_the_order() -> None:
    given = hits([0.5, 0.5, 0.5])
    assert reranker.Reranker("made up", Scores(1.0, 1.0, 1.0)).rerank("Why?", given) == [
        Hit(hit.passage, 0.0) for hit in given
    ]
    assert reranker.Reranker("made up", Scores()).rerank("Why?", given[:1]) == given[:1]


def test_what_is_no_reranker_is_one_line(tmp_path: Path, minilm: PassageEncoder) -> None:
    with pytest.raises(EncoderError, match="no such folder"):
        reranker.load(str(tmp_path / "nowhere"))
    with pytest.raises(EncoderError, match="gives 3 scores for a pair"):
        reranker.load(str(tiny_reranker(tmp_path / "three", minilm, labels=3)))
    (tmp_path / "empty").mkdir()
    with pytest.raises(EncoderError, match="cannot load the reranker") as raised:
        reranker.load(str(tmp_path / "empty"))
    assert "\n" not in str(raised.value)


def test_the_loaded_reranker_scores_as_its_own_library_does(tmp_path: Path, minilm: PassageEncoder) -> None:
    folder = tiny_reranker(tmp_path / "one", minilm)
    given = hits([0.9, 0.5, 0.1])
    own = CrossEncoder(str(folder), device="cpu").predict([("Why?", hit.passage.embedded) for hit in given])
    loaded = reranker.load(str(folder), "float32")._model.predict([("Why?", hit.passage.embedded) for hit in given])
    np.testing.assert_allclose(own, loaded, atol=1e-5)
