"""Questions with known answers, put to a pipeline: what each retriever found, what was quoted, how sure, how long."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.gold import Gold, Held
from qa.pipeline import Pipeline
from qa.question_sets import Asked
from qa.types import Passage, Reading, Scope

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """One question. ``group`` is answerable, adversarial (near, but not answered), off topic (put to another document)
    or unknown. ``found`` has for each retriever the numbers of its passages, best first, ``relevant`` those that are.

    ``golden``: places, from 1, of the sentences that answer among all that were weighed, whether or not any was quoted.
    """

    asked: Asked
    group: str
    confidence: float
    quotes: tuple[str, ...]
    best: str
    golden: tuple[int, ...]
    f1: float
    found: dict[str, tuple[int, ...]]
    relevant: frozenset[int]
    turns_found: float
    seconds: dict[str, float]

    @property
    def answered(self) -> bool:
        return bool(self.quotes)


def evaluate(
    questions: Sequence[Asked], pipeline: Pipeline, held: dict[str, Held], *,
    pooled: bool = False, seed: int = 1, progress: Progress = lambda done, total: None,
) -> list[Result]:  # fmt: skip
    """Puts every question to its own document, or to all if ``pooled`` or if it names none. Not pooled, every
    answerable question is put to another document as well, where it is off topic. Raises QAError."""
    pipeline.reader.read("", [])  # loads the models, so that the first question does not pay for it
    pipeline.library.each("ready?")
    cases = list(_cases(questions, held, pooled, random.Random(seed)))
    library = pipeline.library
    passages = library.passages(range(library.passage_count()))
    places: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        places.setdefault(passage.transcript.id, []).append(number)
    results = []
    for done, (gold, group, scope) in enumerate(cases, 1):
        near = [n for identity in scope.transcripts for n in places.get(identity, ())]
        own = near if scope.transcripts else range(len(passages))
        relevant = frozenset(n for n in own if group == "answerable" and gold.relevant(passages[n]))
        results.append(_put(gold, group, scope, pipeline, passages, relevant))
        progress(done, len(cases))
    return results


def _cases(
    questions: Sequence[Asked], held: dict[str, Held], pooled: bool, chance: random.Random
) -> Iterator[tuple[Gold, str, Scope]]:
    for asked in questions:
        gold = Gold(asked, held.get(asked.document))
        group = {True: "answerable", False: "adversarial", None: "unknown"}[asked.answerable]
        alone = gold.held is not None and not pooled
        yield gold, group, Scope(frozenset([gold.held.id])) if alone and gold.held else Scope()
        others = sorted(name for name in held if name != asked.document) if alone and asked.answerable else []
        if others:
            yield gold, "off topic", Scope(frozenset([held[chance.choice(others)].id]))


def _put(
    gold: Gold, group: str, scope: Scope, pipeline: Pipeline, passages: Sequence[Passage], relevant: frozenset[int]
) -> Result:
    question = gold.asked.question
    began = time.perf_counter()
    hits, _ = pipeline.search(question, scope)
    searched = time.perf_counter()
    reading: Reading = pipeline.reader.read(question, hits, scope)
    read = time.perf_counter()
    found = {name: tuple(numbers) for name, numbers in pipeline.library.each(question, scope).items()}
    if pipeline.models.reranker:
        numbers = {(p.transcript.id, p.pieces): number for number, p in enumerate(passages)}
        found["reranked"] = tuple(numbers[hit.passage.transcript.id, hit.passage.pieces] for hit in hits)
    golden = [place for place, span in enumerate(reading.ranked, 1) if group != "off topic" and gold.answers(span)]
    covered = {turn for number in found["fused"][:10] for turn in gold.turns(passages[number])}
    quotes = tuple(span.quote for span in reading.quotes)
    return Result(
        gold.asked, group, reading.confidence, quotes, reading.ranked[0].quote if reading.ranked else "",
        tuple(golden), gold.f1(quotes) if group == "answerable" else 0.0, found, relevant,
        len(covered) / len(gold.asked.turns) if gold.asked.turns else float(bool(relevant & {*found["fused"][:10]})),
        {"search": searched - began, "read": read - searched, "answer": read - began},
    )  # fmt: skip
