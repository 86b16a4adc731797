"""Keyword and vector search together: a weighted sum over the union of their candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.dense import DenseIndex
from qa.errors import QAError
from qa.lexical import LexicalIndex, Pairs
from qa.question import understand
from qa.sentences import OPENING, REPLY, SentenceIndex
from qa.text import is_latin, sentences, spans_of
from qa.types import Encoder, Hit, Passage, RetrieverReport, Scope, Vectors

_CANDIDATES = 100  # of each retriever
_SPREAD = 0.05  # the least standard deviation: a handful of passages tells none
_MANY = 20  # words of a question that is asked as reporters ask: with what led to it


@dataclass(frozen=True, slots=True)
class _Weights:
    """What the fused score is made of. BM25 is divided by the best one's; cosines count in standard deviations of the
    question's cosines to all passages, from their mean."""

    words: float
    transcript: float  # the transcript's BM25: which event it is
    passage: float  # the question's cosine to the passage
    sentence: float  # and to the passage's nearest sentence
    part: float  # the nearest of the question's sentences, to the passage
    reply: float  # for standing in a reply: questions are answered there, unless they ask what was asked
    opening: float  # and at its beginning


# Fitted on several sets together, see benchmarks/LOG.md.
_SHORT = _Weights(words=1.5, transcript=1.5, passage=0.2, sentence=1.3, part=0.7, reply=0.8, opening=0.5)
_LONG = _Weights(words=1.5, transcript=2.0, passage=0.3, sentence=0.5, part=0.7, reply=1.6, opening=0.9)


class Passages(Protocol):
    """The passages behind the numbers that the indexes give."""

    def passages(self, numbers: Sequence[int]) -> list[Passage]: ...

    def numbers(self, scope: Scope) -> NDArray[np.int64] | None:
        """Those that ``scope`` admits, ascending; None: all of them."""

    def owners(self, numbers: Sequence[int]) -> list[str]:
        """The passages' transcripts, by their ids."""

    def languages(self) -> Sequence[str]:
        """Those of the transcripts; "": not known."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """The same passages, by the same numbers."""

    lexical: LexicalIndex
    dense: DenseIndex
    sentences: SentenceIndex


@dataclass(frozen=True, slots=True)
class _Found:
    """What the retrievers found, ``transcripts`` by their first passages; ``queries`` are the vectors of the question
    and of its sentences, if there are any."""

    lexical: Pairs
    transcripts: Pairs
    dense: Pairs
    queries: Vectors | None
    reports: tuple[RetrieverReport, RetrieverReport]


class HybridRetriever:
    """Keeps the Retriever protocol. ``reports`` says what each retriever did; a failing one is never hidden."""

    def __init__(self, passages: Passages, indexes: Indexes, encoder: Encoder, english: bool = False) -> None:
        """``english``: the encoder knows no other language."""
        self._passages = passages
        self._indexes = indexes
        self._encoder = encoder
        self._english = english

    def search(self, question: str, k: int, scope: Scope = Scope()) -> list[Hit]:
        """The ``k`` best hits. Raises what a failing retriever raises."""
        hits, reports = self.search_with_reports(question, k, scope)
        for report in reports:
            if report.error:
                raise RuntimeError(f"{report.name} retriever: {report.error}")
        return hits

    def search_with_reports(
        self, question: str, k: int, scope: Scope = Scope()
    ) -> tuple[list[Hit], tuple[RetrieverReport, ...]]:
        """The ``k`` best hits of the retrievers that worked, and what each did."""
        found = self._find(question, scope)
        fused = self._fuse(question, found)[: max(k, 0)]
        numbers = [number for number, _ in fused]
        given = dict(found.lexical)
        cosines = self._cosines(numbers, found.queries)
        hits = [
            _within(
                Hit(passage, score, given.get(number), cosines.get(number), self._indexes.sentences.of(number)), scope
            )
            for passage, (number, score) in zip(self._passages.passages(numbers), fused, strict=True)
        ]
        return hits, found.reports

    def each(self, question: str, scope: Scope = Scope()) -> dict[str, Pairs]:
        """What each retriever finds alone, and their fusion: (number, score), best first. Raises QAError if one
        fails: that it found nothing would be taken for its result."""
        found = self._find(question, scope)
        for report in found.reports:
            if report.error:
                raise QAError(f"{report.name} retriever: {report.error}")
        return {"lexical": found.lexical, "dense": found.dense, "fused": self._fuse(question, found)}

    def _find(self, question: str, scope: Scope) -> _Found:
        held: list[Vectors] = []
        events: Pairs = []

        def worded() -> Pairs:
            languages = self._passages.languages()
            events[:] = self._indexes.lexical.transcripts(question, languages)
            return self._indexes.lexical.search(question, _CANDIDATES, scope, languages)

        def nearest() -> Pairs:
            parts = [question[start:end] for start, end in sentences(question)]
            asked = [question, *(parts if len(parts) > 1 else [])]
            held.append(np.asarray(self._encoder.encode_query(asked), dtype=np.float32))
            return self._indexes.dense.search(held[0][0], _CANDIDATES, self._passages.numbers(scope))

        lexical, first = _attempt("lexical", worded)
        dense, second = _attempt("dense", nearest)
        return _Found(lexical, events, dense, held[0] if held and not second.error else None, (first, second))

    def _fuse(self, question: str, found: _Found) -> Pairs:
        """(number, score), best first; equals go by number."""
        weights = _LONG if len(question.split()) >= _MANY else _SHORT
        lexical = _to_best(found.lexical)
        numbers = np.array(sorted({*lexical, *(number for number, _ in found.dense)}), dtype=np.int64)
        scores = weights.words * np.array([lexical.get(number, 0.0) for number in numbers.tolist()])
        scores += weights.transcript * self._event(found.transcripts, numbers)
        # Vectors that know English only fill up behind the words for a question in another script.
        if not self._english or is_latin(question):
            scores += self._near(found.queries, numbers, weights) + self._standing(question, numbers, weights)
        order = np.lexsort((numbers, -scores))
        return [(int(numbers[at]), float(scores[at])) for at in order]

    def _event(self, transcripts: Pairs, numbers: NDArray[np.int64]) -> Vectors:
        """``(n,)``: how much of the question's words the passages' transcripts have, from 0 to 1."""
        found = _to_best(transcripts)
        owners = dict(zip(self._passages.owners(list(found)), found.values(), strict=True))
        return np.array([owners.get(owner, 0.0) for owner in self._passages.owners(numbers.tolist())])

    def _near(self, queries: Vectors | None, numbers: NDArray[np.int64], weights: _Weights) -> Vectors:
        """``(n,)``: how near the passages are to the question, in the mean 0."""
        if queries is None or not len(numbers):
            return np.zeros(len(numbers), np.float32)
        vectors = self._indexes.dense.vectors(numbers)
        near = weights.passage * (vectors @ queries[0])
        near += weights.sentence * self._indexes.sentences.nearest(queries[0], numbers)
        near += weights.part * (vectors @ queries[1 if len(queries) > 1 else 0 :].T).max(axis=1)
        mean, spread = self._indexes.dense.usual(queries[0])
        return np.asarray((near - (weights.passage + weights.sentence + weights.part) * mean) / max(spread, _SPREAD))

    def _standing(self, question: str, numbers: NDArray[np.int64], weights: _Weights) -> Vectors:
        if understand(question).wants == "asked":
            return np.zeros(len(numbers), np.float32)
        found = self._indexes.sentences.standing(numbers)
        return np.asarray(weights.reply * (found >= REPLY) + weights.opening * (found == OPENING), dtype=np.float32)

    def _cosines(self, numbers: Sequence[int], queries: Vectors | None) -> dict[int, float]:
        if queries is None or not numbers:
            return {}
        cosines = self._indexes.dense.vectors(np.array(numbers)) @ queries[0]
        return dict(zip(numbers, cosines.tolist(), strict=True))


def _to_best(pairs: Pairs) -> dict[int, float]:
    """The scores by number, divided by the best."""
    best = max((score for _, score in pairs), default=1.0)
    return {number: score / best for number, score in pairs}


def _within(hit: Hit, scope: Scope) -> Hit:
    """The hit without the short turns of others that were joined to it, where one speaker's words are wanted."""
    passage = hit.passage
    own = tuple(piece for piece in passage.pieces if scope.admits(passage.transcript, piece.start))
    if not scope.speakers or not own or own == passage.pieces:
        return hit
    kept = [any(piece.start <= span.start < piece.end for piece in own) for span in spans_of(passage)]
    vectors = None if hit.sentences is None else hit.sentences[kept]
    return replace(hit, passage=replace(passage, pieces=own), sentences=vectors)


def _attempt(name: str, search: Callable[[], Pairs]) -> tuple[Pairs, RetrieverReport]:
    began = perf_counter()
    try:
        found, error = search(), ""
    except Exception as failure:  # whatever it is, the other retriever still serves, and the user is told
        found, error = [], str(failure).splitlines()[0] if str(failure) else type(failure).__name__
    return found, RetrieverReport(name, len(found), error, perf_counter() - began)
