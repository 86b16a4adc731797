"""What speaks for each sentence, and for the question being answered at all: numbers that the reader weighs."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

import numpy as np

from qa.abbreviations import also
from qa.numbers import agreed, restated
from qa.question import Question, gives
from qa.text import spans_of, terms, wordings
from qa.types import Encoder, Hit, SentenceScorer, Span, Vectors

RANKING = (
    "reader", "cosine", "coverage", "coverage_near", "coverage_passage", "cosine_near", "passage_cosine", "gives",
    "unit", "phrases",
)  # fmt: skip
JUDGING = ("reader_any", "reader_elsewhere", "near", "names_missing")
_NEAR = 0.45  # cosine: nearly half of the questions that are answered have no nearer sentence; nearer ones tell no more
_CACHED = 4096  # passages whose sentence vectors are kept in memory, about 8 KB each


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, its place among the passage's sentences, and the rank of its passage."""

    span: Span
    rank: int
    place: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """``table`` is ``(n, len(RANKING))`` float32, a row for each candidate; ``odds`` are those of the hits, that any
    candidate answers, none if nothing read them; ``names_missing`` is about all hits together."""

    table: Vectors
    names_missing: float
    odds: tuple[float, ...] = ()


class Scales:
    """Weighs candidates with the encoder and the trained model. Safe to share between threads."""

    def __init__(self, encoder: Encoder, scorer: SentenceScorer | None) -> None:
        """Without a ``scorer`` its odds are even for every sentence."""
        self._encoder = encoder
        self._scorer = scorer
        self._encode = lru_cache(maxsize=_CACHED)(self._encode_passage)

    def weigh(self, asked: Question, hits: Sequence[Hit], candidates: Sequence[Candidate]) -> Evidence:
        """What speaks for each candidate, and for the question being answered at all."""
        question = restated(asked.text, [hit.passage.text for hit in hits])
        query = np.asarray(self._encoder.encode_query([question]), dtype=np.float32)[0]
        # Where a passage's cosine is not known it is no nearer to the question than any other.
        floor = min((hit.dense for hit in hits if hit.dense is not None), default=0.0)
        cosines = [self._sentence_vectors(hit) @ query for hit in hits]
        scored = (
            self._scorer.score(question, [hit.passage for hit in hits])
            if self._scorer
            else [np.zeros_like(own) for own in cosines]
        )
        read = [_Read(asked.text, hit, own, odds, floor) for hit, own, odds in zip(hits, cosines, scored, strict=True)]
        languages = {hit.passage.transcript.language for hit in hits}
        weight = _Coverage(asked.text, [bag for passage in read for bag in passage.bags], languages)
        rows = [tuple(_row(asked, read[c.rank], c, weight).values()) for c in candidates]
        everything = frozenset().union(*(passage.bag for passage in read))
        table = np.array(rows, dtype=np.float32)
        odds = _odds(table[:, RANKING.index("reader")], candidates, len(hits)) if self._scorer else ()
        return Evidence(table, names_missing(asked.text, everything, languages), odds)

    def cosines(self, question: str, texts: Sequence[str]) -> Vectors:
        """``(n,)`` float32: how near each text is to the question."""
        if not texts:
            return np.empty(0, np.float32)
        query = np.asarray(self._encoder.encode_query([question]), dtype=np.float32)[0]
        vectors: Vectors = np.asarray(self._encoder.encode_document(list(texts)), dtype=np.float32)
        return np.asarray(vectors @ query, dtype=np.float32)

    def _sentence_vectors(self, hit: Hit) -> Vectors:
        if hit.sentences is not None:
            return hit.sentences
        return self._encode(tuple(span.quote for span in spans_of(hit.passage)))

    def _encode_passage(self, quotes: tuple[str, ...]) -> Vectors:
        """Always a whole passage at a time: in bfloat16 a vector depends a little on what else is in its batch."""
        return np.asarray(self._encoder.encode_document(list(quotes)), dtype=np.float32)


class _Read:
    """A passage with its sentences' terms, their cosines to the question and their odds."""

    def __init__(self, question: str, hit: Hit, cosines: Vectors, odds: Vectors, floor: float) -> None:
        transcript = hit.passage.transcript
        language = transcript.language
        self.cosine = floor if hit.dense is None else hit.dense
        self.cosines = cosines
        self.odds = odds
        quotes = [span.quote for span in spans_of(hit.passage)]
        self.terms = [terms(quote, language) for quote in quotes]
        # What a sentence says in other words: a name's short form, a number that is rounded in the question.
        self.bags = [
            frozenset(row) | also(transcript, quote) | agreed(question, quote)
            for row, quote in zip(self.terms, quotes, strict=True)
        ]
        self.bag = frozenset(terms(hit.passage.context, language)).union(*self.bags)


def _odds(own: Vectors, candidates: Sequence[Candidate], hits: int) -> tuple[float, ...]:
    """For each hit, that any of its candidates answers; where it has none, a title say, the least of the others."""
    ranks = np.array([candidate.rank for candidate in candidates])
    known = {rank: float(np.logaddexp.reduce(own[ranks == rank])) for rank in set(ranks.tolist())}
    return tuple(known.get(rank, min(known.values())) for rank in range(hits))


class _Coverage:
    """How much of the question's weight a set of terms covers, 0 to 1; rare terms weigh more (Robertson 2004)."""

    def __init__(self, question: str, bags: Sequence[frozenset[str]], languages: Set[str]) -> None:
        self._weights = {
            word: math.log1p(len(bags) / (sum(not word.isdisjoint(bag) for bag in bags) + 0.5))
            for word in wordings(question, languages)
        }
        self._total = sum(self._weights.values())
        own = wordings(question, languages, content=False)
        self._pairs = {pair for pair in pairwise(own) if not self._weights.keys().isdisjoint(pair)}

    def __call__(self, bag: frozenset[str]) -> float:
        held = sum(weight for word, weight in self._weights.items() if not word.isdisjoint(bag))
        return held / self._total if self._total else 0.0

    def phrases(self, sentence: Sequence[str]) -> float:
        """Share of the question's neighbouring words that are neighbours in the sentence too."""
        there = set(pairwise(sentence))
        held = sum(any(pair in there for pair in product(*words)) for words in self._pairs)
        return held / len(self._pairs) if self._pairs else 0.0


def _row(asked: Question, read: _Read, candidate: Candidate, weight: _Coverage) -> dict[str, float]:
    """The values of RANKING for one candidate."""
    at, cosines, bags = candidate.place, read.cosines, read.bags
    near = [i for i in (at - 1, at + 1) if 0 <= i < len(bags)]
    return {
        "reader": float(read.odds[at]),
        "cosine": float(cosines[at]),
        "coverage": weight(bags[at]),
        "coverage_near": weight(bags[at].union(*(bags[i] for i in near))),
        "coverage_passage": weight(read.bag),
        "cosine_near": max((float(cosines[i]) for i in near), default=0.0),
        "passage_cosine": read.cosine,
        "gives": float(gives(asked.wants, candidate.span.quote)),
        "unit": float(not asked.unit or not bags[at].isdisjoint(terms(" ".join(asked.unit)))),
        "phrases": weight.phrases(read.terms[at]),
    }


_NAME = re.compile(r"(?<=[\w,] )[A-Z][\w.’'-]*")  # not the question's first word


def names_missing(question: str, everything: frozenset[str], languages: Set[str]) -> float:
    """Share of the question's proper names that no passage holds; 0 if it has none."""
    names = [wordings(name, languages, content=False) for name in _NAME.findall(question)]
    missing = sum(any(word.isdisjoint(everything) for word in name) for name in names)
    return missing / len(names) if names else 0.0


def judging_features(evidence: Evidence, best: int) -> list[float]:
    """The values of JUDGING: the odds that any sentence answers, how much likelier the trained model finds another one
    than the ``best``, whether one is near at all, what is lacking."""
    cosines = evidence.table[:, RANKING.index("cosine")]
    odds = evidence.table[:, RANKING.index("reader")]
    values = {
        "reader_any": float(np.logaddexp.reduce(odds)) if odds.any() else 0.0,  # all even: nothing was read
        "reader_elsewhere": float(odds.max() - odds[best]),
        "near": min(float(cosines.max()), _NEAR),
        "names_missing": evidence.names_missing,
    }
    return [values[name] for name in JUDGING]
