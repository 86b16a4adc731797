"""Questions with known answers, put to a pipeline: what each retriever found, what was quoted, how sure, how long."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from qa.errors import QAError
from qa.gold import Gold, Held
from qa.pipeline import Pipeline
from qa.question_sets import Asked
from qa.text import spans_of, whole
from qa.types import Passage, Range, Scope, Span, Trace

Progress = Callable[[int, int], None]
UNANSWERABLE = ("adversarial", "off topic")  # groups


@dataclass(frozen=True, slots=True)
class Result:
    """One question, put to ``document`` ("": to the whole library). ``group`` is answerable, adversarial (near, but not
    answered), off topic (put to another document) or unknown.

    ``found`` has for each retriever the numbers of its passages, best first, ``relevant`` those that are;
    ``turns_found`` the share of the relevant turns among the first ten, where any are known. ``right`` tells of each
    quote whether it answers; ``golden`` are the places, from 1, of the sentences that answer among all that were
    weighed, whether or not any was quoted; ``missed`` is how many more the relevant passages hold. ``f1`` is None where
    no answer's words are known. ``seconds`` are those of each stage, "answer" of the whole; empty where the structure
    of the transcript answers. ``exchange`` is shown where the question was asked, but not answered.
    """

    asked: Asked
    document: str
    group: str
    confidence: float
    quotes: tuple[str, ...]
    right: tuple[bool, ...]
    best: str
    golden: tuple[int, ...]
    missed: int
    f1: float | None
    found: dict[str, tuple[int, ...]]
    relevant: frozenset[int]
    turns_found: dict[str, float]
    seconds: dict[str, float]
    exchange: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        return bool(self.quotes)

    @property
    def first_is_right(self) -> bool:
        """Whether the first quote answers; where none is given, the sentence that would have been it."""
        return self.right[0] if self.right else self.golden[:1] == (1,)


def evaluate(
    questions: Sequence[Asked], pipeline: Pipeline, held: dict[str, Held], *,
    pooled: bool = False, seed: int = 1, progress: Progress = lambda done, total: None,
) -> list[Result]:  # fmt: skip
    """Puts every question to its own document, or to all if ``pooled`` or if it names none. Not pooled, every
    answerable question is put to another document as well, where it is off topic. Raises QAError, also if a retriever
    fails."""
    pipeline.trace("ready?")  # loads the models, so that the first question does not pay for it
    cases = list(_cases(questions, held, pooled, random.Random(seed)))
    library = pipeline.library
    passages = library.passages(range(library.passage_count()))
    places: dict[str, list[int]] = {}
    numbers: dict[tuple[str, Range], int] = {}  # by the transcript and each piece: a hit may hold some of them only
    for number, passage in enumerate(passages):
        places.setdefault(passage.transcript.id, []).append(number)
        for piece in passage.pieces:
            numbers[passage.transcript.id, piece] = number
    results = []
    for done, (gold, group, document) in enumerate(cases, 1):
        scope = Scope(frozenset([held[document].id])) if document else _as_chosen(gold.asked, pipeline)
        near = [n for identity in scope.transcripts for n in places.get(identity, ())]
        own = near if scope.transcripts else range(len(passages))
        relevant = frozenset(n for n in own if group == "answerable" and gold.relevant(passages[n]))
        results.append(_put(gold, group, document, scope, pipeline, passages, numbers, relevant))
        progress(done, len(cases))
    return results


def _as_chosen(asked: Asked, pipeline: Pipeline) -> Scope:
    """The transcripts that were asked, as far as the library holds them; all if it holds none."""
    held = {t.id for t in pipeline.library.transcripts()} if asked.transcripts else set()
    return Scope(frozenset(asked.transcripts) & held)


def _cases(
    questions: Sequence[Asked], held: dict[str, Held], pooled: bool, chance: random.Random
) -> Iterator[tuple[Gold, str, str]]:
    """Gold, group, and the document that the question is put to."""
    for asked in questions:
        gold = Gold(asked, held.get(asked.document))
        group = {True: "answerable", False: "adversarial", None: "unknown"}[asked.answerable]
        alone = gold.held is not None and not pooled
        yield gold, group, asked.document if alone else ""
        others = sorted(name for name in held if name != asked.document) if alone and asked.answerable else []
        if others:
            yield gold, "off topic", chance.choice(others)


def _put(
    gold: Gold, group: str, document: str, scope: Scope, pipeline: Pipeline, passages: Sequence[Passage],
    numbers: dict[tuple[str, Range], int], relevant: frozenset[int],
) -> Result:  # fmt: skip
    question = gold.asked.question
    began = perf_counter()
    trace = pipeline.trace(question, scope)
    took = perf_counter() - began
    if failed := next((report for report in trace.retrievers if report.error), None):
        raise QAError(f"{question!r}: {failed.name} retriever: {failed.error}")
    reading = trace.reading
    found = {name: tuple(own) for name, own in pipeline.library.each(question, scope).items()}
    if pipeline.models.reranker or not pipeline.models.fast:
        shown = [numbers[hit.passage.transcript.id, hit.passage.pieces[0]] for hit in trace.hits]
        found["reranked"] = tuple(dict.fromkeys([*shown, *found["fused"]]))
    own = group != "off topic"
    # A sentence that is cut over several passages was weighed in each: it counts once, where it stood first.
    ranked = list({_place(span): span for span in reversed(reading.ranked)}.values())[::-1]
    golden = [place for place, span in enumerate(ranked, 1) if own and gold.answers(span)]
    turns_found = {
        name: len({turn for number in order[:10] for turn in gold.turns(passages[number])}) / len(gold.asked.turns)
        for name, order in found.items()
        if group == "answerable" and gold.asked.turns
    }
    sentences = (whole(span) for number in relevant for span in spans_of(passages[number]))
    answering = {_place(span) for span in sentences if gold.answers(span)}
    quotes = tuple(span.quote for span in reading.quotes)
    return Result(
        gold.asked, document, group, reading.confidence, quotes,
        tuple(own and gold.answers(span) for span in reading.quotes),
        ranked[0].quote if ranked else "", tuple(golden),
        len(answering - set(map(_place, ranked))), gold.f1(quotes) if group == "answerable" else None,
        found, relevant, turns_found,
        _seconds(trace, took), tuple(span.quote for span in reading.exchange),
    )  # fmt: skip


def _seconds(trace: Trace, took: float) -> dict[str, float]:
    """Of each stage; of none where nothing was searched, as the structure tells."""
    if not trace.retrievers:
        return {}
    each = {report.name: report.seconds for report in trace.retrievers}
    return {**each, "search": trace.seconds[0], "read": trace.seconds[1], "answer": took}


def _place(span: Span) -> tuple[str, int, int]:
    return span.transcript.id, span.start, span.end
