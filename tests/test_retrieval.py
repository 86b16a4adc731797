from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.dense import DenseIndex
from qa.derived import Contents, build_at
from qa.errors import QAError
from qa.hybrid import HybridRetriever, Indexes
from qa.lexical import LexicalIndex
from qa.sentences import SentenceIndex
from qa.text import is_latin, layout, spans_of
from qa.types import Encoder, Passage, Range, Scope
from tests.fakes import hashing, spoken


def passages(*texts: str, speaker: str = "A", context: str = "") -> list[Passage]:
    transcripts = [spoken((speaker, text)) for text in texts]
    return [Passage(t, (Range(t.turns[0].start, t.turns[0].end),), context) for t in transcripts]


class Held:
    """Keeps the Passages protocol."""

    def __init__(self, held: Sequence[Passage]) -> None:
        self._held = list(held)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        return [self._held[number] for number in numbers]

    def owners(self, numbers: Sequence[int]) -> list[str]:
        return [self._held[number].transcript.id for number in numbers]

    def numbers(self, scope: Scope) -> NDArray[np.int64] | None:
        return None

    def languages(self) -> list[str]:
        return sorted({passage.transcript.language for passage in self._held})


def indexes(held: Sequence[Passage]) -> Indexes:
    vectors, parts = hashing().encode_passages([p.embedded for p in held], [layout(p) for p in held])
    return build_at(None, Contents(held, vectors, parts, sum(map(len, parts))))


class Collection:
    def __init__(self, held: Sequence[Passage], encoder: Encoder | None = None) -> None:
        self.retriever = HybridRetriever(Held(held), indexes(held), encoder or hashing())


def test_bm25_by_hand() -> None:
    held = passages("gas stoves gas", "gas boilers were recalled here", "nothing else at all")
    found = LexicalIndex.build(held).search("gas", 3)
    lengths, frequencies = [3, 5, 4], [2, 1]
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    average = sum(lengths) / 3

    def score(frequency: int, length: int) -> float:  # k1 = 1.2, b = 0.75
        return idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / average))

    expected = [score(f, n) for f, n in zip(frequencies, lengths, strict=False)]
    assert [number for number, _ in found] == [0, 1]
    assert [value for _, value in found] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("市场监管总局加强了产品质量监管。", "质量监管怎么样？"),
        ("製品の品質検査を強化しました。", "品質検査は？"),
        ("제품의 품질 검사를 강화했습니다.", "품질 검사?"),
    ],
)
def test_chinese_japanese_and_korean_are_found_by_keyword(text: str, question: str) -> None:
    held = passages("完全不同的内容在这里。", text, "まったく別の話。", "전혀 다른 이야기.")
    assert LexicalIndex.build(held).search(question, 1)[0][0] == 1


def test_the_context_counts_but_less_than_the_passage() -> None:
    held = [*passages("the crane is old", context="stoves"), *passages("the stoves are old")]
    found = LexicalIndex.build(held).search("stoves", 2)
    assert [number for number, _ in found] == [1, 0]


def test_lexical_filters_keep_the_scores() -> None:
    held = [*passages("gas stoves", speaker="A"), *passages("gas boilers and more", speaker="B")]
    index = LexicalIndex.build(held)
    everywhere = dict(index.search("gas", 5))
    assert index.search("gas", 5, Scope(speakers=frozenset("B"))) == [(1, pytest.approx(everywhere[1]))]
    only = Scope(transcripts=frozenset({held[0].transcript.id}))
    assert index.search("gas", 5, only) == [(0, pytest.approx(everywhere[0]))]
    assert index.search("gas", 5, Scope(frozenset({held[0].transcript.id}), frozenset("B"))) == []


@pytest.mark.parametrize(
    "question", ["", "?!", '+ - && || ! ( ) { } [ ] ^ " ~ * : \\ /', "body:other", "x" * 5000, "\0"]
)
def test_no_question_is_read_as_query_syntax(question: str) -> None:
    assert LexicalIndex.build(passages("gas stoves")).search(question, 5) == []


def test_equal_scores_are_ordered_by_number() -> None:
    held = passages(*(["the same words"] * 30))
    assert [n for n, _ in LexicalIndex.build(held).search("words", 10)] == list(range(10))
    vectors = hashing().encode_document([p.embedded for p in held])
    found = DenseIndex.build(vectors).search(vectors[0], 10)
    assert [n for n, _ in found] == sorted(n for n, _ in found)


def test_dense_is_exact_and_filters(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    vectors = random.standard_normal((50, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    built = DenseIndex.build(vectors, tmp_path / "dense.faiss")
    best = np.argsort(-(vectors @ vectors[7]))[:5]
    for index in (built, DenseIndex.open(tmp_path / "dense.faiss")):
        assert [n for n, _ in index.search(vectors[7], 5)] == best.tolist()
        assert {n for n, _ in index.search(vectors[7], 5, np.array([3, 4]))} == {3, 4}
        assert index.search(vectors[7], 5, np.array([], dtype=np.int64)) == []


class Directions:
    """Texts to the directions that a table gives; a token is a word, as in ``sentence``."""

    def __init__(self, **directions: tuple[float, float]) -> None:
        self._directions = directions

    def encode_query(self, sentences: list[str], **kwargs: object) -> NDArray[np.float32]:
        return np.array([self._directions[text.split()[0].strip("?.")] for text in sentences], dtype=np.float32)

    encode_document = encode_query


def exchange() -> tuple[list[Passage], Indexes]:
    """A question, a reply in two passages, and a statement; their vectors and their sentences' are given."""
    held = spoken(("Ann", "Is it so?"), ("Ben", "One. Two."), ("Cid", "Is that so?"), ("Ben", "Three."))
    said = [Passage(held, (Range(turn.start, turn.end),)) for turn in held.turns]
    said[1:2] = [replace(said[1], pieces=(Range(at, at + 4),)) for at in (held.turns[1].start, held.turns[1].start + 5)]
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1], [0.8, 0.6], [0, -1]], dtype=np.float32)
    parts = [vectors[[0]], np.array([[0.6, 0.8], [1, 0]], np.float32), vectors[[2]], vectors[[3]], vectors[[4]]]
    return said, build_at(None, Contents(said, vectors, parts, 6))


def test_fusion_by_hand() -> None:
    held, indexes = exchange()
    retriever = HybridRetriever(Held(held), indexes, Directions(Why=(1, 0), Then=(0, 1)))
    cosines = np.array([1, 0.6, 0, 0.8, 0])
    spread, mean = cosines.std(), cosines.mean()
    nearest = np.array([1, 1, 0, 0.8, 0])  # of each passage's sentences
    standing = np.array([[0, 0], [1, 1], [1, 0], [0, 0], [1, 1]])  # in a reply, at its beginning

    def of(question: str) -> list[float]:
        fused = dict(retriever.each(question)["fused"])
        return [fused[number] for number in range(5)]

    lexical = np.array([0, 0, 1.5, 0, 0]) + 1.5  # all five are of one transcript, and it has the word
    near = (0.2 * cosines + 1.3 * nearest + 0.7 * cosines - 2.2 * mean) / spread
    assert of("Why two?") == pytest.approx(lexical + near + standing @ [0.8, 0.5], abs=1e-3)
    parts = np.array([1, 0.8, 1, 0.8, 0])  # of the question's sentences, the nearest to each passage
    near = (0.2 * cosines + 1.3 * nearest + 0.7 * parts - 2.2 * mean) / spread
    assert of("Why now? Then what?") == pytest.approx(near + standing @ [0.8, 0.5], abs=1e-3)
    near = (0.3 * cosines + 0.5 * nearest + 0.7 * cosines - 1.5 * mean) / spread
    assert of("Why" + " now" * 19) == pytest.approx(near + standing @ [1.6, 0.9], abs=1e-3)


def test_in_a_transcript_a_word_counts_once_and_a_rare_one_more(tmp_path: Path) -> None:
    held = passages("gas gas gas stoves", "gas was here", "wood was there", "gas again")
    held.append(replace(held[1], context="stoves"))
    for index in (LexicalIndex.build(held), LexicalIndex.build(held, tmp_path), LexicalIndex.open(tmp_path)):
        found = dict(index.transcripts("Gas from stoves?"))
        assert sorted(found) == [0, 1, 3]  # by the first passage of each
        assert found[0] > found[1] + found[3] / 2
        assert found == dict(LexicalIndex.build(passages("gas stoves", *(p.text for p in held[1:4]))).transcripts(
            "gas stoves gas"
        ))  # fmt: skip
        assert index.transcripts("") == index.transcripts("of the?") == []


def test_a_rare_word_elsewhere_in_its_transcript_speaks_for_a_passage() -> None:
    held = [spoken(("Ann", "The rates rose."), ("Ben", f"{word} was discussed.")) for word in ("Inflation", "Twist")]
    said = [Passage(one, (Range(turn.start, turn.end),)) for one in held for turn in one.turns]
    retriever = HybridRetriever(Held(said), indexes(said), hashing())
    found = [hit.passage for hit in retriever.search("Did rates rise in the Twist?", 4)]
    assert found.index(said[2]) < found.index(said[0])


def test_what_was_asked_is_found_in_questions_as_well_as_in_replies() -> None:
    held, indexes = exchange()
    retriever = HybridRetriever(Held(held), indexes, Directions(What=(1, 0)))
    assert retriever.each("What did Ann ask?")["fused"][0][0] == 0
    assert [hit.passage for hit in retriever.search("What then?", 1)] == [held[1]]


def test_each_hit_tells_what_each_retriever_gave() -> None:
    collection = Collection(passages("gas stoves were recalled", "an old harbour wall", "stoves again"))
    hits, reports = collection.retriever.search_with_reports("gas stoves", 3)
    assert hits[0].span.quote == "gas stoves were recalled"
    assert hits[0].lexical is not None
    assert hits[0].dense is not None
    assert [(r.name, r.error) for r in reports] == [("lexical", ""), ("dense", "")]
    assert next(h for h in hits if "harbour" in h.span.quote).lexical is None


def test_a_failing_retriever_is_reported_and_never_silent() -> None:
    class Broken:
        def encode_query(self, sentences: list[str], **kwargs: object) -> object:
            raise RuntimeError("out of memory\nand more")

        encode_document = encode_query

    collection = Collection(passages("gas stoves", "a wall"), Broken())
    hits, reports = collection.retriever.search_with_reports("gas stoves", 2)
    assert [hit.span.quote for hit in hits] == ["gas stoves"]
    assert [r.error for r in reports] == ["", "out of memory"]
    with pytest.raises(RuntimeError, match="dense retriever: out of memory"):
        collection.retriever.search("gas stoves", 2)
    with pytest.raises(QAError, match="dense retriever: out of memory"):
        collection.retriever.each("gas stoves")


def test_a_failing_keyword_index_leaves_the_vectors() -> None:
    held = passages("gas stoves", "a wall")
    built = indexes(held)

    class Broken:
        def __getattr__(self, name: str) -> object:
            raise OSError("the index is gone")

    retriever = HybridRetriever(Held(held), replace(built, lexical=Broken()), hashing())  # type: ignore[arg-type]
    hits, reports = retriever.search_with_reports("gas stoves", 2)
    assert hits[0].span.quote == "gas stoves" and [r.error for r in reports] == ["the index is gone", ""]


def test_the_question_s_words_are_searched_in_the_record_s_languages() -> None:
    held = passages("Die Entwicklungen wurden besprochen.", "developments were discussed", "Entwicklungen")
    held[0] = replace(held[0], transcript=replace(held[0].transcript, language="de-AT"))
    retriever = HybridRetriever(Held(held), indexes(held), hashing())
    assert {number for number, _ in retriever.each("Entwicklungen?")["lexical"]} == {0, 2}
    assert [number for number, _ in retriever.each("development?")["lexical"]] == [1]


@pytest.mark.parametrize(
    ("text", "latin"),
    [("Will rates rise?", True), ("Où va l'Europe ?", True), ("质量是什么？", False), ("Что сказал министр?", False),
     ("What is 质量?", True), ("NBA什么时候", False), ("2023?", True), ("", True)],
)  # fmt: skip
def test_which_script_a_question_is_in(text: str, latin: bool) -> None:
    assert is_latin(text) == latin


def test_vectors_that_know_english_only_fill_up_on_other_scripts() -> None:
    held = passages("质量监管", "gas stoves", "质量")
    retriever = HybridRetriever(Held(held), indexes(held), hashing(), english=True)
    found = retriever.each("质量监管怎么样？")
    events = indexes(held).lexical.transcripts("质量监管怎么样？")
    assert [number for number, _ in found["lexical"]] == [number for number, _ in events] == [0, 2]
    shares = np.array([[score / own[0][1] for _, score in own] for own in (found["lexical"], events)])
    assert [score for _, score in found["fused"][:2]] == pytest.approx((1.5 * shares.sum(axis=0)).tolist())
    assert [number for number, score in found["fused"] if score == 0] == [1]


def test_the_sentences_vectors_go_with_the_speakers_own_pieces() -> None:
    held = spoken(("Ann", "Yes."), ("Ben", "It is. It was."), ("Ann", "No."))
    passage = Passage(held, tuple(Range(turn.start, turn.end) for turn in held.turns))
    retriever = HybridRetriever(Held([passage]), indexes([passage]), hashing())
    (hit,) = retriever.search("Was it?", 1, Scope(speakers=frozenset({"Ben"})))
    assert [span.quote for span in spans_of(hit.passage)] == ["It is.", "It was."]
    assert hit.sentences is not None
    assert hit.sentences == pytest.approx(hashing().encode_query(["It is.", "It was."]), abs=1e-3)


def test_sentences_are_kept_on_disk_as_in_memory(tmp_path: Path) -> None:
    rows = [np.eye(4, dtype=np.float32)[:2], np.eye(4, dtype=np.float32)[2:3]]
    for built in (
        SentenceIndex.build(rows, (3, 4), [0, 2]),
        SentenceIndex.build(rows, (3, 4), [0, 2], tmp_path),
        SentenceIndex.open(tmp_path),
    ):
        assert [built.of(number).tolist() for number in range(2)] == [part.tolist() for part in rows]
        assert built.nearest(np.array([0, 0.5, 1, 0], np.float32), np.array([0, 1])).tolist() == [0.5, 1]
        assert built.nearest(np.array([0, 0.5, 1, 0], np.float32), np.array([], np.int64)).tolist() == []
        assert built.standing(np.array([1, 0])).tolist() == [2, 0]
    (tmp_path / "empty").mkdir()
    assert SentenceIndex.build([], (0, 4), [], tmp_path / "empty").standing(np.array([], np.int64)).tolist() == []


def test_the_usual_cosine_is_that_to_all() -> None:
    vectors = np.random.default_rng(1).standard_normal((60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    mean, spread = DenseIndex.build(vectors).usual(vectors[3])
    cosines = vectors @ vectors[3]
    assert (mean, spread) == pytest.approx((cosines.mean(), cosines.std()), abs=1e-4)
