"""Passages to answer sentences, or none. Every sentence of the passages is scored by a linear model over what
similarity, shared words, the passage's rank and the kind of question say; a second one judges whether the best answers.

The weights and the threshold are fitted by benchmarks/fit_reader.py and stand in reader.json.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np

from qa.formats.origin import find_date
from qa.question import Question, gives, understand
from qa.text import content_terms, is_interrogative, sentences_of, terms, words
from qa.types import Encoder, Hit, Range, Reading, Scope, Span, Transcript, Vectors

MAX_QUOTES = 3
RANKING = (
    "cosine", "coverage", "coverage_near", "coverage_passage", "cosine_near", "passage_cosine", "log_words", "fragment",
    "gives", "unit", "phrases", "opening",
)  # fmt: skip
JUDGING = (
    "passage_cosine", "peak", "coverage_all", "few_words", "lacks_number", "lacks_date", "lacks_count", "names_missing",
)  # fmt: skip
_FRAGMENT = 6  # words: "Thank you very much." answers nothing
_WHOLE = 0.999
_FEW = 2  # content words: so short a question is near to nothing, also where it is answered
_OPENING = 4  # terms: where a sentence says what it is about
_CACHED = 4096  # passages whose sentence vectors are kept in memory, about 8 KB each


@dataclass(frozen=True, slots=True)
class Weights:
    """Two linear models over RANKING and JUDGING, the confidence to answer from, and how far behind the best sentence
    another may be to be quoted too."""

    ranking: tuple[float, ...]
    judging: tuple[float, ...]
    bias: float
    threshold: float
    behind: float

    @classmethod
    def load(cls) -> Weights:
        data = json.loads(files("qa").joinpath("reader.json").read_text())
        return cls(
            tuple(data["ranking"][name] for name in RANKING), tuple(data["judging"][name] for name in JUDGING),
            data["bias"], data["threshold"], data["behind"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, its place among the passage's sentences, and the rank of its passage."""

    span: Span
    rank: int
    place: int


class SentenceReader:
    """Keeps the Reader protocol. Safe to share between threads."""

    def __init__(self, encoder: Encoder, weights: Weights | None = None) -> None:
        self._encoder = encoder
        self._weights = weights or Weights.load()
        self._encode = lru_cache(maxsize=_CACHED)(self._encode_passage)

    def read(self, question: str, hits: Sequence[Hit], scope: Scope = Scope()) -> Reading:
        """At most three sentences, best first; none if the confidence is below the threshold."""
        asked = understand(question)
        if heading := _heading(asked, hits):
            return Reading((heading,), 1.0)
        candidates = eligible(asked, hits, scope)
        if not candidates:
            return Reading((), 0.0)
        evidence = self.weigh(asked, hits, candidates)
        scores = evidence.table @ np.array(self._weights.ranking)
        confidence = self.judge(asked, evidence, scores)
        if confidence < self._weights.threshold:
            return Reading((), confidence)
        order = sorted(range(len(candidates)), key=lambda i: (-scores[i], candidates[i].span.start))
        near = [i for i in order if scores[i] >= scores[order[0]] - self._weights.behind]
        return Reading(_complete([candidates[i].span for i in near], hits), confidence)

    def judge(self, asked: Question, evidence: Evidence, scores: Vectors) -> float:
        """Probability that the best candidate answers; certain where the transcript's own structure tells."""
        if asked.wants == "asked" and (asked.askers or not asked.topical):  # every candidate is such a question
            return 1.0
        if asked.wants == "keywords" and evidence.table[int(np.argmax(scores)), RANKING.index("coverage")] > _WHOLE:
            return 1.0  # all the words stand in the sentence
        values = judging_features(asked, evidence, scores)
        return 1 / (1 + math.exp(-float(np.dot(values, self._weights.judging)) - self._weights.bias))

    def weigh(self, asked: Question, hits: Sequence[Hit], candidates: Sequence[Candidate]) -> Evidence:
        """What speaks for each candidate, and for the question being answered at all."""
        query = np.asarray(self._encoder.encode_query([asked.text]), dtype=np.float32)[0]
        # A passage that keywords alone found is no nearer to the question than the last one that its vector found.
        floor = min((hit.dense for hit in hits if hit.dense is not None), default=0.0)
        read = [_Read(hit, self._sentence_vectors(hit) @ query, floor) for hit in hits]
        weight = _Coverage(asked.text, [bag for passage in read for bag in passage.bags])
        rows = [tuple(_row(asked, read[c.rank], c, weight).values()) for c in candidates]
        everything = frozenset().union(*(passage.bag for passage in read))
        return Evidence(np.array(rows, dtype=np.float32), weight(everything), names_missing(asked.text, everything))

    def _sentence_vectors(self, hit: Hit) -> Vectors:
        return self._encode(tuple(span.quote for span in spans_of(hit)))

    def _encode_passage(self, quotes: tuple[str, ...]) -> Vectors:
        """Always a whole passage at a time: in bfloat16 a vector depends a little on what else is in its batch."""
        return np.asarray(self._encoder.encode_document(list(quotes)), dtype=np.float32)


def spans_of(hit: Hit) -> list[Span]:
    """The sentences of a passage, in order."""
    transcript = hit.passage.transcript
    return [Span(transcript, *r) for piece in hit.passage.pieces for r in sentences_of(transcript, piece)]


def eligible(asked: Question, hits: Sequence[Hit], scope: Scope = Scope()) -> list[Candidate]:
    """The sentences that may answer: never a heading, and a reporter's words only where those are asked for."""
    found = [
        Candidate(span, rank, place)
        for rank, hit in enumerate(hits)
        for place, span in enumerate(spans_of(hit))
        if span.role != "heading" and scope.admits(span.transcript, span.start)
    ]
    if asked.wants == "asked":
        return [c for c in found if c.span.role == "question" and _asked_by(asked, c.span) and _is_asking(c.span)]
    if asked.subject:
        found = [c for c in found if not asked.subject.isdisjoint(words(c.span.quote))]
    return [c for c in found if (c.span.role != "question" or scope.speakers) and not is_interrogative(c.span.quote)]


def _asked_by(asked: Question, span: Span) -> bool:
    """Whether one who is asked about speaks here: by the label, or by how the turn introduces itself."""
    turn = span.transcript.turns[span.turn]
    opening = span.transcript.text[turn.start : min(turn.end, turn.start + 200)]
    introduced = " ".join(match[1] or match[2] for match in _INTRODUCTION.finditer(opening))
    known = frozenset(words(f"{turn.speaker} {introduced}"))
    return not asked.askers or any(name <= known for name in asked.askers)


# "I'm Ann Lee with the Washington Post", "Reuters reporter here"; not every name that a question mentions.
_INTRODUCTION = re.compile(r"\b(?:I am|I['’]m|[Tt]his is|[Mm]y name is)\b([^.?!]{1,80})|^([^.?!]{1,40}) here\b")


def _is_asking(span: Span) -> bool:
    """In a reporter's turn: a question or a request; all of it if the turn holds neither."""
    turn = span.transcript.turns[span.turn]
    own = [Span(span.transcript, *r) for r in sentences_of(span.transcript, Range(turn.start, turn.end))]
    asking = [s for s in own if is_interrogative(s.quote)]
    return not asking or is_interrogative(span.quote)


def _heading(asked: Question, hits: Sequence[Hit]) -> Span | None:
    """The dateline or the title of the best hit's transcript, where the event's date or topic is asked for."""
    if asked.wants not in ("event date", "title") or not hits:
        return None
    headings = _headings(hits[0].passage.transcript)
    if asked.wants == "event date":
        date = hits[0].passage.transcript.date
        return next((span for span in headings if date and date in (span.quote, find_date(span.quote))), None)
    return next((span for span in headings if span.quote == span.transcript.title), None)


def _headings(transcript: Transcript) -> list[Span]:
    return [Span(transcript, turn.start, turn.end) for turn in transcript.turns if turn.role == "heading"]


def _complete(best: Sequence[Span], hits: Sequence[Hit]) -> tuple[Span, ...]:
    """At most MAX_QUOTES; a sentence that ends in a colon is followed by what it announces."""
    following = {
        (before.transcript.id, before.start): after
        for hit in hits
        for before, after in pairwise(spans_of(hit))
        if before.turn == after.turn
    }
    quotes: list[Span] = []
    for span in best:
        announced = following.get((span.transcript.id, span.start)) if span.quote.endswith((":", "：")) else None
        quotes.extend(s for s in (span, announced) if s is not None and s not in quotes)
    return tuple(quotes[:MAX_QUOTES])


@dataclass(frozen=True, slots=True)
class Evidence:
    """``table`` is ``(n, len(RANKING))`` float32, a row for each candidate; the rest is about all hits together."""

    table: Vectors
    coverage_all: float
    names_missing: float


class _Read:
    """A passage with its sentences' terms and their cosines to the question."""

    def __init__(self, hit: Hit, cosines: Vectors, floor: float) -> None:
        language = hit.passage.transcript.language
        self.cosine = floor if hit.dense is None else hit.dense
        self.cosines = cosines
        self.terms = [terms(span.quote, language) for span in spans_of(hit)]
        self.bags = [frozenset(row) for row in self.terms]
        self.bag = frozenset(terms(hit.passage.context, language)).union(*self.bags)


class _Coverage:
    """How much of the question's weight a set of terms covers, 0 to 1; rare terms weigh more (Robertson 2004)."""

    def __init__(self, question: str, bags: Sequence[frozenset[str]]) -> None:
        seen = Counter(term for bag in bags for term in bag)
        self._weights = {
            term: math.log1p(len(bags) / (seen[term] + 0.5)) for term in dict.fromkeys(content_terms(question))
        }
        self._total = sum(self._weights.values())
        own = terms(question)
        self._pairs = {pair for pair in pairwise(own) if not self._weights.keys().isdisjoint(pair)}

    def __call__(self, bag: frozenset[str]) -> float:
        return (
            sum(weight for term, weight in self._weights.items() if term in bag) / self._total if self._total else 0.0
        )

    def phrases(self, sentence: Sequence[str]) -> float:
        """Share of the question's neighbouring words that are neighbours in the sentence too."""
        there = set(pairwise(sentence))
        return len(self._pairs & there) / len(self._pairs) if self._pairs else 0.0


def _row(asked: Question, read: _Read, candidate: Candidate, weight: _Coverage) -> dict[str, float]:
    """The values of RANKING for one candidate."""
    at, cosines, bags = candidate.place, read.cosines, read.bags
    near = [i for i in (at - 1, at + 1) if 0 <= i < len(bags)]
    length = len(words(candidate.span.quote))
    return {
        "cosine": float(cosines[at]),
        "coverage": weight(bags[at]),
        "coverage_near": weight(bags[at].union(*(bags[i] for i in near))),
        "coverage_passage": weight(read.bag),
        "cosine_near": max((float(cosines[i]) for i in near), default=0.0),
        "passage_cosine": read.cosine,
        "log_words": math.log1p(length),
        "fragment": float(length < _FRAGMENT),
        "gives": float(gives(asked.wants, candidate.span.quote)),
        "unit": float(not asked.unit or not bags[at].isdisjoint(terms(" ".join(asked.unit)))),
        "phrases": weight.phrases(read.terms[at]),
        "opening": weight(frozenset(read.terms[at][:_OPENING])),
    }


def names_missing(question: str, everything: frozenset[str]) -> float:
    """Share of the question's proper names that no passage holds; 0 if it has none."""
    names = [terms(name) for name in re.findall(r"(?<=[\w,] )[A-Z][\w.’'-]*", question)]
    return sum(not everything.issuperset(name) for name in names) / len(names) if names else 0.0


def judging_features(asked: Question, evidence: Evidence, scores: Vectors) -> list[float]:
    """The values of JUDGING: how near the hits come, how far the nearest sentence stands out, and what is lacking."""
    best = dict(zip(RANKING, evidence.table[int(np.argmax(scores))].tolist(), strict=True))
    cosines = evidence.table[:, RANKING.index("cosine")]
    values = {
        "passage_cosine": float(evidence.table[:, RANKING.index("passage_cosine")].max()),
        "peak": float(cosines.max() - cosines.mean()),
        "coverage_all": evidence.coverage_all,
        "few_words": float(len(content_terms(asked.text)) <= _FEW),
        "lacks_number": float(asked.wants == "number" and not best["gives"]),
        "lacks_date": float(asked.wants == "date" and not best["gives"]),
        "lacks_count": float(bool(asked.unit) and not _counts(evidence.table, scores)),
        "names_missing": evidence.names_missing,
    }
    return [values[name] for name in JUDGING]


def _counts(table: Vectors, scores: Vectors) -> bool:
    """Whether one of the best sentences holds a number and what is to be counted."""
    best = np.argsort(-scores, kind="stable")[:MAX_QUOTES]
    both = table[best][:, [RANKING.index("gives"), RANKING.index("unit")]]
    return bool((both.min(axis=1) > 0).any())
