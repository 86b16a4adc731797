"""Keyword and vector search together: the mean of the two normalised scores over the union of their candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.lexical import LexicalIndex
from qa.text import is_latin
from qa.types import Encoder, Hit, Passage, RetrieverReport, Scope, VectorStore

_CANDIDATES = 100  # of each retriever
# Of the vectors in the mean. Chosen on the train parts, see benchmarks/LOG.md; .5 to .7 differ little.
_DENSE_WEIGHT = 0.6
_FOREIGN_WEIGHT = 0.0  # of vectors that know English only, for a question in another script: they only fill up

Pairs = list[tuple[int, float]]


class Passages(Protocol):
    """The passages behind the numbers that the indexes give."""

    def passages(self, numbers: Sequence[int]) -> list[Passage]: ...

    def numbers(self, scope: Scope) -> NDArray[np.int64] | None:
        """Those that ``scope`` admits, ascending; None: all of them."""


class HybridRetriever:
    """Keeps the Retriever protocol. ``reports`` says what each retriever did; a failing one is never hidden."""

    def __init__(
        self, passages: Passages, lexical: LexicalIndex, dense: VectorStore, encoder: Encoder, english: bool = False
    ) -> None:
        """``english``: the encoder knows no other language."""
        self._passages = passages
        self._lexical = lexical
        self._dense = dense
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
        lexical, first = _attempt("lexical", lambda: self._lexical.search(question, _CANDIDATES, scope))
        dense, second = _attempt("dense", lambda: self._nearest(question, scope))
        given = (dict(lexical), dict(dense))
        fused = fuse(lexical, dense, self._weight(question))[: max(k, 0)]
        hits = [
            Hit(_within(passage, scope), score, given[0].get(number), given[1].get(number))
            for passage, (number, score) in zip(self._passages.passages([n for n, _ in fused]), fused, strict=True)
        ]
        return hits, (first, second)

    def each(self, question: str, scope: Scope = Scope()) -> dict[str, Pairs]:
        """What each retriever finds alone, and their fusion: (number, score), best first. Raises what they raise."""
        lexical, dense = self._lexical.search(question, _CANDIDATES, scope), self._nearest(question, scope)
        return {"lexical": lexical, "dense": dense, "fused": fuse(lexical, dense, self._weight(question))}

    def _weight(self, question: str) -> float:
        return _FOREIGN_WEIGHT if self._english and not is_latin(question) else _DENSE_WEIGHT

    def _nearest(self, question: str, scope: Scope) -> Pairs:
        vector = np.asarray(self._encoder.encode_query([question]), dtype=np.float32)[0]
        return self._dense.search(vector, _CANDIDATES, self._passages.numbers(scope))


def _within(passage: Passage, scope: Scope) -> Passage:
    """The passage without the short turns of others that were joined to it, where one speaker's words are wanted."""
    own = tuple(piece for piece in passage.pieces if scope.admits(passage.transcript, piece.start))
    return replace(passage, pieces=own or passage.pieces) if scope.speakers else passage


def fuse(lexical: Pairs, dense: Pairs, weight: float = _DENSE_WEIGHT) -> Pairs:
    """(number, score in 0 to 1), best first; the vectors have ``weight``. BM25 is divided by its best, a cosine placed
    between the worst and the best candidate's; what a retriever did not find gets 0 from it. Equals go by number."""
    scores: dict[int, float] = {}
    best = max((score for _, score in lexical), default=0.0)
    for number, score in lexical:
        scores[number] = (1 - weight) * score / best
    low = min((score for _, score in dense), default=0.0)
    width = max((score for _, score in dense), default=0.0) - low
    for number, score in dense:
        scores[number] = scores.get(number, 0.0) + weight * ((score - low) / width if width > 0 else 1.0)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _attempt(name: str, search: Callable[[], Pairs]) -> tuple[Pairs, RetrieverReport]:
    try:
        found = search()
    except Exception as error:  # whatever it is, the other retriever still serves, and the user is told
        return [], RetrieverReport(name, 0, str(error).splitlines()[0] if str(error) else type(error).__name__)
    return found, RetrieverReport(name, len(found))
