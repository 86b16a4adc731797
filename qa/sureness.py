"""What the confidence is worth: answerable questions told from the others, risk and coverage, calibration."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluate import UNANSWERABLE, Result
from qa.resampling import Figure, Floats, by_question, figure, mean, resampled, rounded

_COVERAGE = 0.9  # of the answerable questions that are to be answered
_BINS = 10
_AREA = "area under the risk-coverage curve"


def refusals(results: Sequence[Result], chance: np.random.Generator) -> dict[str, Any]:
    """How well the confidence tells answerable questions from the others, for each kind of the others."""
    found: dict[str, Any] = {}
    for group in UNANSWERABLE:
        others = [r for r in results if r.group == group]
        if not others:
            continue
        found[group] = {}
        both = [r for r in results if r.group in ("answerable", group)]
        if len(both) > len(others):
            found[group]["AUROC"] = _of_two(auroc, both, chance)
            found[group][f"false answers at {_COVERAGE:.0%} coverage"] = _of_two(false_at_coverage, both, chance)
        found[group]["false answers"] = mean(np.array([float(r.answered) for r in others]), chance)
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
    measure: Callable[[Floats, Floats], float], results: Sequence[Result], chance: np.random.Generator
) -> Figure:
    """Of the confidences of the answerable and of the others. A question that is in both, as it was put to another
    document too, is drawn once for both."""
    sure = np.array([r.confidence for r in results])
    answerable = np.array([r.group == "answerable" for r in results])

    def of(rows: NDArray[np.int64]) -> float:
        return measure(sure[rows[answerable[rows]]], sure[rows[~answerable[rows]]])

    samples = np.array([of(rows) for rows in resampled(results, chance)])
    return figure(of(np.arange(len(results))), samples, len(by_question(results)))


def _judged(results: Sequence[Result]) -> list[Result]:
    """Those of which it is known whether the first quote answers."""
    return [r for r in results if r.group in UNANSWERABLE or r.asked.has_gold]


def _sureness(judged: Sequence[Result]) -> tuple[Floats, Floats]:
    """The confidence of each, and 1 where the first quote answers."""
    return np.array([r.confidence for r in judged]), np.array([float(r.first_is_right) for r in judged])


def _of_judged(
    measure: Callable[[Floats, Floats], float], judged: Sequence[Result], chance: np.random.Generator
) -> Figure:
    sure, right = _sureness(judged)
    samples = [measure(sure[rows], right[rows]) for rows in resampled(judged, chance)]
    return figure(measure(sure, right), np.array(samples), len(by_question(judged)))


def risk_coverage(results: Sequence[Result]) -> list[tuple[float, float]]:
    """(coverage, risk) as ever less sure answers are given: share answered, and share of these that are wrong
    (El-Yaniv & Wiener 2010). Wrong is a first quote that does not answer."""
    judged = sorted(_judged(results), key=lambda r: -r.confidence)
    points, wrong = [], 0
    for place, result in enumerate(judged, 1):
        wrong += not result.first_is_right
        if place == len(judged) or judged[place].confidence < result.confidence:
            points.append((rounded(place / len(judged)), rounded(wrong / place)))
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
            "confidence": rounded(sure[bins == b].mean()),
            "right": rounded(right[bins == b].mean()),
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
