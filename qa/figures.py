"""Results to figures: each a mean with a 95 % interval from resampled questions (bootstrap, Efron 1979)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import ir_measures
import numpy as np
from ir_measures import AP, RR, Success, nDCG
from numpy.typing import NDArray

from qa.evaluate import Result
from qa.question_sets import Asked

Figure = dict[str, float]
Floats = NDArray[np.float64]
_SAMPLES = 1000
RETRIEVAL = {"hit@1": Success @ 1, "hit@5": Success @ 5, "hit@10": Success @ 10, "MRR": RR, "nDCG@10": nDCG @ 10}
_COVERAGE = 0.9  # of the answerable questions that are to be answered
_BINS = 10
_AREA = "area under the risk-coverage curve"
UNANSWERABLE = ("adversarial", "off topic")
CAME_AGAIN = "wrong quotes that came again"


def figures(results: Sequence[Result], seed: int = 1) -> dict[str, Any]:
    """All sections of a report, as results.json has them."""
    chance = np.random.default_rng(seed)
    per = per_question(results)
    kinds = sorted({result.asked.kind for result in results if result.group == "answerable"})
    answerable = [i for i, result in enumerate(results) if result.group == "answerable"]

    def summary(names: Iterable[str], rows: Sequence[int]) -> dict[str, Figure]:
        found = {name: np.array([per[i][name] for i in rows if name in per[i]]) for name in names}
        return {name: mean(values, chance) for name, values in found.items() if len(values)}

    retrievers = dict.fromkeys(name.partition(": ")[0] for row in per for name in row if ": " in name)
    return {
        "questions": {
            group: sum(r.group == group for r in results) for group in dict.fromkeys(r.group for r in results)
        },
        "retrieval": {
            retriever: {
                name.partition(": ")[2]: figure
                for name, figure in summary(
                    [f"{retriever}: {measure}" for measure in (*RETRIEVAL, _TURNS)], answerable
                ).items()
            }
            for retriever in retrievers
        },
        "answers": summary(_ANSWERS, answerable),
        "marked wrong": summary([CAME_AGAIN], range(len(results))),
        "refusals": refusals(results, chance),
        "calibration": calibration(results, chance),
        "kinds": {kind: summary(_ANSWERS, [i for i in answerable if results[i].asked.kind == kind]) for kind in kinds},
        "speed": {stage: _speed([r.seconds[stage] for r in results]) for stage in ("search", "read", "answer")},
    }


_TURNS = "recall of relevant turns@10"
_ANSWERS = ("right first", "right among three", "shown right first", "shown right", "answered", "MAP", "MRR", "F1")


def per_question(results: Sequence[Result]) -> list[dict[str, float]]:
    """For every question its measures by name; "lexical: hit@5" is one of the retriever's."""
    rows: list[dict[str, float]] = [_answer(result) for result in results]
    wanted = [i for i, result in enumerate(results) if result.relevant]
    qrels = {str(i): {str(number): 1 for number in results[i].relevant} for i in wanted}
    for retriever in dict.fromkeys(name for i in wanted for name in results[i].found):
        run = {
            str(i): {str(number): float(-rank) for rank, number in enumerate(results[i].found[retriever])}
            for i in wanted
        }
        for metric in ir_measures.iter_calc(RETRIEVAL.values(), qrels, run):
            name = next(name for name, measure in RETRIEVAL.items() if measure == metric.measure)
            rows[int(metric.query_id)][f"{retriever}: {name}"] = metric.value
    for i in wanted:
        rows[i][f"fused: {_TURNS}"] = results[i].turns_found
    _sentences(results, rows)
    return rows


def _answer(result: Result) -> dict[str, float]:
    best = result.golden[0] if result.golden else 0
    row = {"answered": float(result.answered), "confidence": result.confidence}
    if result.group == "unknown":
        return row | {CAME_AGAIN: float(not set(result.quotes).isdisjoint(result.asked.not_these))}
    if result.group in UNANSWERABLE or not result.asked.has_gold:
        return row
    return row | {
        "right first": float(best == 1), "right among three": float(0 < best <= 3),
        "shown right first": float(result.right[:1] == (True,)), "shown right": float(any(result.right)),
        "F1": result.f1,
    }  # fmt: skip


def _sentences(results: Sequence[Result], rows: list[dict[str, float]]) -> None:
    """Mean average precision and reciprocal rank of the sentences' order."""
    wanted = [i for i, result in enumerate(results) if result.group == "answerable" and result.asked.has_gold]
    qrels = {str(i): {str(place): 1 for place in results[i].golden} or {"none": 1} for i in wanted}
    last = {
        i: max(results[i].golden, default=1) for i in wanted
    }  # what stands behind the last golden one tells nothing
    run = {str(i): {str(place): float(-place) for place in range(1, last[i] + 1)} for i in wanted}
    if wanted:
        for metric in ir_measures.iter_calc([AP, RR], qrels, run):
            rows[int(metric.query_id)]["MAP" if metric.measure == AP else "MRR"] = metric.value


def mean(values: Floats, chance: np.random.Generator) -> Figure:
    samples = values[chance.integers(0, len(values), (_SAMPLES, len(values)))].mean(axis=1)
    return _figure(float(values.mean()), samples, len(values))


def _figure(value: float, samples: Floats, questions: int) -> Figure:
    low, high = np.percentile(samples, [2.5, 97.5])
    return {"value": _round(value), "low": _round(low), "high": _round(high), "questions": questions}


def _round(value: float) -> float:
    return round(float(value), 4)


def _questions(results: Sequence[Result]) -> list[list[int]]:
    """The rows of each question: those that are put to another document as well have two."""
    seen: Counter[tuple[Asked, str]] = Counter()
    rows: dict[tuple[Asked, int], list[int]] = {}
    for row, result in enumerate(results):
        seen[result.asked, result.group] += 1
        rows.setdefault((result.asked, seen[result.asked, result.group]), []).append(row)
    return list(rows.values())


def _samples(results: Sequence[Result], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Rows of resampled questions: a question is drawn with all its rows, from those that were put to the same groups,
    so that none of these is ever empty."""
    alike: dict[tuple[str, ...], list[list[int]]] = {}
    for rows in _questions(results):
        alike.setdefault(tuple(sorted(results[row].group for row in rows)), []).append(rows)
    strata = [np.array(rows, dtype=np.int64) for rows in alike.values()]
    for _ in range(_SAMPLES):
        yield np.concatenate([rows[chance.integers(0, len(rows), len(rows))].ravel() for rows in strata])


# -- refusals ------------------------------------------------------------------------------------------------------


def refusals(results: Sequence[Result], chance: np.random.Generator) -> dict[str, Any]:
    """How well the confidence tells answerable questions from the others, for each kind of the others."""
    sure = np.array([r.confidence for r in results if r.group == "answerable"])
    found: dict[str, Any] = {}
    for group in UNANSWERABLE:
        others = np.array([r.confidence for r in results if r.group == group])
        if len(sure) and len(others):
            found[group] = {
                "AUROC": _of_two(auroc, sure, others, chance),
                f"false answers at {_COVERAGE:.0%} coverage": _of_two(false_at_coverage, sure, others, chance),
                "false answers": mean(np.array([float(r.answered) for r in results if r.group == group]), chance),
            }
    if curve := risk_coverage(results):
        found[_AREA] = _of_judged(area_under_risk, _judged(results), chance)
        step = max(1, len(curve) // 200)
        found["risk-coverage curve"] = [*curve[:-1:step], curve[-1]]
    return found


def auroc(higher: Floats, lower: Floats) -> float:
    """Probability that one of ``higher`` is above one of ``lower``; ties count half (Hanley & McNeil 1982)."""
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, side="left")
    upto = np.searchsorted(ordered, higher, side="right")
    return float((below + upto).mean() / 2 / len(lower))


def false_at_coverage(sure: Floats, others: Floats) -> float:
    """Share of ``others`` answered where the threshold lets just so many of ``sure`` through."""
    least = np.sort(sure)[len(sure) - math.ceil(_COVERAGE * len(sure) - 1e-9)]
    return float((others >= least).mean())


def _of_two(
    measure: Callable[[Floats, Floats], float], one: Floats, other: Floats, chance: np.random.Generator
) -> Figure:
    samples = [measure(chance.choice(one, len(one)), chance.choice(other, len(other))) for _ in range(_SAMPLES)]
    return _figure(measure(one, other), np.array(samples), len(one) + len(other))


def _judged(results: Sequence[Result]) -> list[Result]:
    """Those of which it is known whether the first quote answers."""
    return [r for r in results if r.group in UNANSWERABLE or r.asked.has_gold]


def _sureness(judged: Sequence[Result]) -> tuple[Floats, Floats]:
    """The confidence of each, and 1 where the first quote answers."""
    return np.array([r.confidence for r in judged]), np.array([float(r.golden[:1] == (1,)) for r in judged])


def _of_judged(
    measure: Callable[[Floats, Floats], float], judged: Sequence[Result], chance: np.random.Generator
) -> Figure:
    sure, right = _sureness(judged)
    samples = [measure(sure[rows], right[rows]) for rows in _samples(judged, chance)]
    return _figure(measure(sure, right), np.array(samples), len(_questions(judged)))


def risk_coverage(results: Sequence[Result]) -> list[tuple[float, float]]:
    """(coverage, risk) as ever less sure answers are given: share answered, and share of these that are wrong
    (El-Yaniv & Wiener 2010). Wrong is a first quote that does not answer."""
    judged = sorted(_judged(results), key=lambda r: -r.confidence)
    points, wrong = [], 0
    for place, result in enumerate(judged, 1):
        wrong += result.golden[:1] != (1,)
        if place == len(judged) or judged[place].confidence < result.confidence:
            points.append((_round(place / len(judged)), _round(wrong / place)))
    return points


def area_under_risk(sure: Floats, right: Floats) -> float:
    """The mean risk over the coverages k/n; where some are equally sure, over the orders that they may stand in
    (Geifman & El-Yaniv 2017)."""
    order = np.argsort(-sure, kind="stable")
    edges = np.flatnonzero(np.diff(sure[order], append=-np.inf)) + 1  # how many are at least so sure
    wrong = np.concatenate([[0.0], np.cumsum(1 - right[order])[edges - 1]])
    sizes = np.diff(edges, prepend=0)
    rate = np.repeat(np.diff(wrong) / sizes, sizes)  # of the questions as sure as the k-th
    before, sooner = np.repeat(wrong[:-1], sizes), np.repeat(edges - sizes, sizes)
    k = np.arange(1, len(sure) + 1)
    return float(((before + (k - sooner) * rate) / k).mean())


def calibration(results: Sequence[Result], chance: np.random.Generator) -> dict[str, Any]:
    """How often the first quote answers where the confidence says so; bins of equal width (Guo et al. 2017)."""
    judged = _judged(results)
    if not judged:
        return {}
    sure, right = _sureness(judged)
    bins = _bins(sure)
    rows = [
        {
            "confidence": _round(sure[bins == b].mean()),
            "right": _round(right[bins == b].mean()),
            "questions": int((bins == b).sum()),
        }
        for b in np.unique(bins)
    ]
    return {
        "bins": rows,
        "expected error": _of_judged(expected_error, judged, chance),
        "Brier score": _of_judged(lambda sure, right: float(((sure - right) ** 2).mean()), judged, chance),
    }


def expected_error(sure: Floats, right: Floats) -> float:
    """How far confidence and share right are apart in a bin, in the mean over the questions."""
    return float(np.abs(np.bincount(_bins(sure), sure - right)).sum() / len(sure))


def _bins(sure: Floats) -> NDArray[np.int64]:
    return np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)


def _speed(seconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(seconds, [50, 95]) if seconds else (0.0, 0.0)
    return {"p50 ms": round(float(p50) * 1000, 1), "p95 ms": round(float(p95) * 1000, 1)}
