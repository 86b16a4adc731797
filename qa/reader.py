"""Passages to answer sentences, or none. A linear model over the evidence for each sentence ranks them; a second one
judges whether the best answers.

The weights and the threshold are fitted by training/fit_reader.py and stand in reader.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import pairwise

import numpy as np

from qa.askers import is_meant, speaks
from qa.evidence import JUDGING, RANKING, Candidate, Evidence, Scales, judging_features
from qa.exchanges import asked_alike, declined, said_in
from qa.lists import asks_for_list, list_at, may_ask_for_list
from qa.question import Question, understand
from qa.roles import requests
from qa.speakers import TITLES
from qa.text import content_words, is_interrogative, spans_of, terms, whole, words
from qa.types import Encoder, Hit, Reading, Scope, SentenceScorer, Span, Vectors

MAX_QUOTES = 3
_WHOLE = 0.999


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
    def load(cls, fast: bool = False) -> Weights:
        """``fast``: fitted without the trained model."""
        data = json.loads(files("qa").joinpath("reader.json").read_text())["fast" if fast else "full"]
        return cls(
            tuple(data["ranking"][name] for name in RANKING), tuple(data["judging"][name] for name in JUDGING),
            data["bias"], data["threshold"], data["behind"],
        )  # fmt: skip


class SentenceReader:
    """Keeps the Reader protocol. Safe to share between threads."""

    def __init__(self, encoder: Encoder, scorer: SentenceScorer | None, weights: Weights | None = None) -> None:
        """Without a ``scorer`` nothing reads question and passage together: it refuses less surely."""
        self._scales = Scales(encoder, scorer)
        self._weights = weights or Weights.load(fast=scorer is None)

    def read(self, question: str, hits: Sequence[Hit], scope: Scope = Scope()) -> Reading:
        """At most three sentences, best first; none if the confidence is below the threshold."""
        asked = understand(question)
        candidates = eligible(asked, hits, scope) if words(question) else []
        if not candidates and asked.askers:
            asked, candidates = _told_of_askers(asked, hits, scope)
        if not candidates:
            return Reading((), 0.0, threshold=self._weights.threshold)
        evidence = self._scales.weigh(asked, hits, candidates)
        scores = evidence.table @ np.array(self._weights.ranking)
        confidence = self.judge(asked, evidence, scores, candidates)
        order = sorted(range(len(candidates)), key=lambda i: (-scores[i], candidates[i].span.start))
        ranked = tuple(candidates[i].span for i in order)
        read = Reading((), confidence, ranked, (), self._weights.threshold, evidence.odds)
        if confidence < read.threshold:
            return replace(read, exchange=asked_alike(asked, hits, scope, self._scales.cosines))
        if exchange := declined(asked, ranked[0], hits, scope, self._scales.cosines):
            return replace(read, confidence=0.0, exchange=exchange)
        if items := _listed(asked, ranked[0]):
            return replace(read, quotes=items)
        near = [i for i in order if scores[i] >= scores[order[0]] - self._weights.behind]
        return replace(read, quotes=_complete([candidates[i].span for i in near], hits))

    def judge(self, asked: Question, evidence: Evidence, scores: Vectors, candidates: Sequence[Candidate]) -> float:
        """Probability that the best candidate answers; certain where the transcript's own structure tells."""
        if asked.wants == "asked" and not asked.picked and not asked.topical:
            return 1.0  # every candidate is such a question
        best = int(np.argmax(scores))
        covered = asked.wants == "keywords" and evidence.table[best, RANKING.index("coverage")] > _WHOLE
        if covered and _holds(candidates[best].span, asked.text):
            return 1.0  # all the words stand in the sentence
        values = judging_features(evidence, best)
        return 1 / (1 + math.exp(-float(np.dot(values, self._weights.judging)) - self._weights.bias))


def _listed(asked: Question, best: Span) -> tuple[Span, ...]:
    """Where a list is asked for and the best sentence announces it or opens an item: what announces it, if that is the
    best, and all that open its items, in their order. Where an item may be all that is meant it has to be announced."""
    items = list_at(best) if may_ask_for_list(asked.text) else ()
    if best in items and not asks_for_list(asked.text):
        return ()
    return (best, *items) if items and best not in items else items


def _holds(span: Span, keywords: str) -> bool:
    """Whether no keyword is covered only by another word of its stem, "imports" by "important"; a plural may be."""
    language = span.transcript.language
    told = words if span.quote.isupper() or span.quote.islower() else content_words  # else "us" is not "US"
    own, stems = set(told(span.quote)), set(terms(span.quote, language))
    held = own.union(*map(_plurals, own))
    asked = [word for word in content_words(keywords) if word.isascii()]
    return all(
        word in held or not own.isdisjoint(_plurals(word)) or stems.isdisjoint(terms(word, language)) for word in asked
    )


def _plurals(word: str) -> set[str]:
    return {f"{word}s", f"{word}es", f"{word.removesuffix('y')}ies"}


def eligible(asked: Question, hits: Sequence[Hit], scope: Scope = Scope()) -> list[Candidate]:
    """The sentences that may answer: never a heading, and a reporter's words only where those are asked for."""
    found = [
        Candidate(whole(span), rank, place)
        for rank, hit in enumerate(hits)
        for place, span in enumerate(spans_of(hit.passage))
        if span.role != "heading" and scope.admits(span.transcript, span.start)
    ]
    if asked.wants == "asked":
        return [c for c in found if _is_asking(asked, c.span) and _is_by_asker(asked, c.span)]
    if subject := asked.subject - TITLES or asked.subject:
        found = [c for c in found if not subject.isdisjoint(words(c.span.quote))]
    return [c for c in found if _may_answer(asked, c.span, scope)]


def _told_of_askers(asked: Question, hits: Sequence[Hit], scope: Scope) -> tuple[Question, list[Candidate]]:
    """Where nobody called so asks: an ordinary question, to be answered by what names one of those who asked."""
    plain = replace(asked, wants="other", askers=())
    found = eligible(plain, hits, scope)
    return plain, [c for c in found if any(name <= set(words(c.span.quote)) for name in asked.askers)]


def _may_answer(asked: Question, span: Span, scope: Scope) -> bool:
    if span.role != "question":
        return not is_interrogative(span.quote)
    if scope.speakers or asked.press == "asking":
        return True
    if asked.press and not is_interrogative(span.quote):
        return True
    return any(speaks(name, asked.text, span.transcript, span.turn) for name in asked.named)


def _is_by_asker(asked: Question, span: Span) -> bool:
    """Whether one whose questions are asked for speaks here; anybody does if nobody is named."""
    return not asked.askers or any(is_meant(name, asked.text, span.transcript, span.turn) for name in asked.askers)


def _is_asking(asked: Question, span: Span) -> bool:
    """In a reporter's turn: a question or a request; all of it if the turn holds neither. Elsewhere only a question of
    one who is named."""
    if span.role != "question":
        return bool(asked.askers) and is_interrogative(span.quote)
    return _asks(span.quote) or not any(_asks(s.quote) for s in said_in(span.transcript, span.turn))


def _asks(sentence: str) -> bool:
    return is_interrogative(sentence) or requests(sentence)


def _complete(best: Sequence[Span], hits: Sequence[Hit]) -> tuple[Span, ...]:
    """At most MAX_QUOTES; a sentence that ends in a colon is followed by what it announces. The same words of the same
    speaker are quoted once, however often they were said, or the file was indexed."""
    following = {
        (before.transcript.id, before.start): after
        for hit in hits
        for before, after in pairwise(spans_of(hit.passage))
        if before.turn == after.turn
    }
    quotes: list[Span] = []
    for span in best:
        announced = following.get((span.transcript.id, span.start)) if span.quote.endswith((":", "：")) else None
        quotes += [s for s in (span, announced) if s is not None]
    once = {(span.speaker, " ".join(span.quote.split()).casefold()): span for span in reversed(quotes)}
    return tuple(sorted(once.values(), key=quotes.index))[:MAX_QUOTES]
