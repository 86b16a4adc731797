"""Figures with a 95 % interval from resampled questions (bootstrap, Efron 1979)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.evaluate import Result
from qa.question_sets import Asked

Figure = dict[str, float]
"""{"value", "low", "high", "questions"}"""
Floats = NDArray[np.float64]
SAMPLES = 1000


def mean(values: Floats, chance: np.random.Generator) -> Figure:
    """``values`` is ``(questions,)``, at least one."""
    samples = values[chance.integers(0, len(values), (SAMPLES, len(values)))].mean(axis=1)
    return figure(float(values.mean()), samples, len(values))


def figure(value: float, samples: Floats, questions: int) -> Figure:
    """``samples`` is ``(SAMPLES,)``: what the value is on resampled questions."""
    low, high = np.percentile(samples, [2.5, 97.5])
    return {"value": rounded(value), "low": rounded(low), "high": rounded(high), "questions": questions}


def rounded(value: float) -> float:
    return round(float(value), 4)


def by_question(results: Sequence[Result]) -> list[list[int]]:
    """The rows of each question: those that are put to another document as well have two."""
    seen: Counter[tuple[Asked, str]] = Counter()
    rows: dict[tuple[Asked, int], list[int]] = {}
    for row, result in enumerate(results):
        seen[result.asked, result.group] += 1
        rows.setdefault((result.asked, seen[result.asked, result.group]), []).append(row)
    return list(rows.values())


def resampled(results: Sequence[Result], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Rows of resampled questions: a question is drawn with all its rows, from those that were put to the same groups,
    so that none of these is ever empty."""
    alike: dict[tuple[str, ...], list[list[int]]] = {}
    for rows in by_question(results):
        alike.setdefault(tuple(sorted(results[row].group for row in rows)), []).append(rows)
    strata = [np.array(rows, dtype=np.int64) for rows in alike.values()]
    for _ in range(SAMPLES):
        yield np.concatenate([rows[chance.integers(0, len(rows), len(rows))].ravel() for rows in strata])
