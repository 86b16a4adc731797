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
from qa.lexical import LexicalIndex
from qa.question import understand
from qa.sentences import OPENING, REPLY, SentenceIndex
from qa.text import is_latin, sentences, spans_of
from qa.types import Encoder, Hit, Passage, RetrieverReport, Scope, Vectors

_CANDIDATES = 100  # of each retriever
# What the fused score is made of. BM25 is divided by the best one's; cosines count in standard deviations of the
# question's cosines to all passages, from their mean. Chosen on several sets together, see benchmarks/LOG.md.
_LEXICAL = 1.5
_PASSAGE = 0.3  # the question's cosine to the passage
_SENTENCE = 1.1  # and to the passage's nearest sentence
_PART = 0.7  # the nearest of the question's sentences, to the passage
_REPLY = 0.9  # for standing in a reply: questions are answered there, unless they ask what was asked
_OPENING = 0.6  # and at its beginning
_DOCUMENT = 1.3  # how much of the question's words the transcript's best passages have, in the mean
_BEST = 10  # so many of them: a rare word may stand in another passage of the event than the one that answers
_SPREAD = 0.05  # the least standard deviation: a handful of passages tells none

Pairs = list[tuple[int, float]]


class Passages(Protocol):
    """The passages behind the numbers that the indexes give."""

    def passages(self, numbers: Sequence[int]) -> list[Passage]: ...

    def numbers(self, scope: Scope) -> NDArray[np.int64] | None:
        """Those that ``scope`` admits, ascending; None: all of them."""

    def owners(self, numbers: Sequence[int]) -> list[str]:
        """The passages' transcripts, by their ids."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """The same passages, by the same numbers."""

    lexical: LexicalIndex
    dense: DenseIndex
    sentences: SentenceIndex


@dataclass(frozen=True, slots=True)
class _Found:
    """What the retrievers found; ``queries`` are the vectors of the question and of its sentences, if there are any."""

    lexical: Pairs
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

        def nearest() -> Pairs:
            parts = [question[start:end] for start, end in sentences(question)]
            asked = [question, *(parts if len(parts) > 1 else [])]
            held.append(np.asarray(self._encoder.encode_query(asked), dtype=np.float32))
            return self._indexes.dense.search(held[0][0], _CANDIDATES, self._passages.numbers(scope))

        lexical, first = _attempt("lexical", lambda: self._indexes.lexical.search(question, _CANDIDATES, scope))
        dense, second = _attempt("dense", nearest)
        return _Found(lexical, dense, held[0] if held and not second.error else None, (first, second))

    def _fuse(self, question: str, found: _Found) -> Pairs:
        """(number, score), best first; equals go by number."""
        best = max((score for _, score in found.lexical), default=1.0)
        lexical = {number: score / best for number, score in found.lexical}
        numbers = np.array(sorted({*lexical, *(number for number, _ in found.dense)}), dtype=np.int64)
        words = np.array([lexical.get(number, 0.0) for number in numbers.tolist()])
        scores = _LEXICAL * words + _DOCUMENT * _by_document(self._passages.owners(numbers.tolist()), words)
        # Vectors that know English only fill up behind the words for a question in another script.
        if not self._english or is_latin(question):
            scores = scores + self._near(found.queries, numbers) + self._standing(question, numbers)
        order = np.lexsort((numbers, -scores))
        return [(int(numbers[at]), float(scores[at])) for at in order]

    def _near(self, queries: Vectors | None, numbers: NDArray[np.int64]) -> Vectors:
        """``(n,)``: how near the passages are to the question, in the mean 0."""
        if queries is None or not len(numbers):
            return np.zeros(len(numbers), np.float32)
        vectors = self._indexes.dense.vectors(numbers)
        near = _PASSAGE * (vectors @ queries[0])
        near += _SENTENCE * self._indexes.sentences.nearest(queries[0], numbers)
        near += _PART * (vectors @ queries[1 if len(queries) > 1 else 0 :].T).max(axis=1)
        mean, spread = self._indexes.dense.usual(queries[0])
        return np.asarray((near - (_PASSAGE + _SENTENCE + _PART) * mean) / max(spread, _SPREAD))

    def _standing(self, question: str, numbers: NDArray[np.int64]) -> Vectors:
        if understand(question).wants == "asked":
            return np.zeros(len(numbers), np.float32)
        found = self._indexes.sentences.standing(numbers)
        return np.asarray(_REPLY * (found >= REPLY) + _OPENING * (found == OPENING), dtype=np.float32)

    def _cosines(self, numbers: Sequence[int], queries: Vectors | None) -> dict[int, float]:
        if queries is None or not numbers:
            return {}
        cosines = self._indexes.dense.vectors(np.array(numbers)) @ queries[0]
        return dict(zip(numbers, cosines.tolist(), strict=True))


def _by_document(owners: Sequence[str], words: Vectors) -> Vectors:
    """``(n,)``: for each passage the mean of the _BEST scores in its transcript, missing ones being 0."""
    scores: dict[str, list[float]] = {}
    for owner, score in zip(owners, words.tolist(), strict=True):
        scores.setdefault(owner, []).append(score)
    means = {owner: sum(sorted(own, reverse=True)[:_BEST]) / _BEST for owner, own in scores.items()}
    return np.array([means[owner] for owner in owners], dtype=np.float32)


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
