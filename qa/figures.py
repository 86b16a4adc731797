"""Results to figures: each a mean with a 95 % interval from resampled questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ir_measures
import numpy as np
from ir_measures import AP, RR, Success, nDCG

from qa.evaluate import UNANSWERABLE, Result
from qa.resampling import Figure, mean
from qa.sureness import calibration, refusals

RETRIEVAL = {
    "hit@1": Success @ 1, "hit@5": Success @ 5, "hit@10": Success @ 10, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10,
}  # fmt: skip
CAME_AGAIN = "wrong quotes that came again"


def figures(results: Sequence[Result], seed: int = 1) -> dict[str, Any]:
    """All sections of a report, as results.json has them."""
    chance = np.random.default_rng(seed)
    per = per_question(results)
    retrievers = dict.fromkeys(name.partition(": ")[0] for row in per for name in row if ": " in name)

    def rows(*groups: str) -> list[int]:
        return [i for i, result in enumerate(results) if result.group in groups]

    def kinds(chosen: Sequence[int]) -> dict[str, list[int]]:
        names = sorted({results[i].asked.kind for i in chosen})
        return {kind: [i for i in chosen if results[i].asked.kind == kind] for kind in names}

    def summary(names: Iterable[str], chosen: Sequence[int]) -> dict[str, Figure]:
        found = {name: np.array([per[i][name] for i in chosen if name in per[i]]) for name in names}
        return {name: mean(values, chance) for name, values in found.items() if len(values)}

    def retrieval(chosen: Sequence[int]) -> dict[str, dict[str, Figure]]:
        names = (*RETRIEVAL, _TURNS)
        found = {retriever: summary([f"{retriever}: {name}" for name in names], chosen) for retriever in retrievers}
        return {
            retriever: {name.partition(": ")[2]: figure for name, figure in own.items()}
            for retriever, own in found.items()
        }

    answerable = rows("answerable")
    return {
        "questions": {group: len(rows(group)) for group in dict.fromkeys(r.group for r in results)},
        "retrieval": retrieval(answerable),
        "answers": summary(_ANSWERS, answerable),
        "marked wrong": summary([CAME_AGAIN], rows("unknown")),
        "refusals": refusals(results, chance),
        "calibration": calibration(results, chance),
        "kinds": {kind: summary(_ANSWERS, own) for kind, own in kinds(answerable).items()},
        "retrieval by kind": {kind: retrieval(own) for kind, own in kinds(answerable).items()},
        "false answers by kind": {
            group: {kind: summary(["answered"], own) for kind, own in kinds(rows(group)).items()}
            for group in UNANSWERABLE
        },
        "speed": {
            stage: _speed([r.seconds[stage] for r in results if stage in r.seconds])
            for stage in dict.fromkeys(stage for r in results for stage in r.seconds)
        },
    }


_TURNS = "recall of relevant turns@10"
_ANSWERS = ("right first", "right among three", "shown right first", "shown right", "answered", "MAP", "MRR", "F1")


def per_question(results: Sequence[Result]) -> list[dict[str, float]]:
    """For every question its measures by name; "lexical: hit@5" is one of the retriever's."""
    rows: list[dict[str, float]] = [_answer(result) for result in results]
    wanted = [i for i, result in enumerate(results) if result.group == "answerable" and result.asked.has_gold]
    qrels = {str(i): {str(number): 1 for number in results[i].relevant} or {"none": 1} for i in wanted}
    for retriever in dict.fromkeys(name for i in wanted for name in results[i].found):
        run = {
            str(i): {str(number): float(-rank) for rank, number in enumerate(results[i].found.get(retriever, ()))}
            for i in wanted
        }
        for metric in ir_measures.iter_calc(RETRIEVAL.values(), qrels, run):
            name = next(name for name, measure in RETRIEVAL.items() if measure == metric.measure)
            rows[int(metric.query_id)][f"{retriever}: {name}"] = metric.value
    for i in wanted:
        rows[i] |= {f"{retriever}: {_TURNS}": share for retriever, share in results[i].turns_found.items()}
    _sentences(results, rows)
    return rows


def _answer(result: Result) -> dict[str, float]:
    best = result.golden[0] if result.golden else 0
    row = {"answered": float(result.answered), "confidence": result.confidence}
    if result.group == "unknown":
        return row | {CAME_AGAIN: float(not {*result.quotes, *result.exchange}.isdisjoint(result.asked.not_these))}
    if result.group in UNANSWERABLE or not result.asked.has_gold:
        return row
    row |= {
        "right first": float(best == 1), "right among three": float(0 < best <= 3),
        "shown right first": float(result.right[:1] == (True,)), "shown right": float(any(result.right)),
    }  # fmt: skip
    return row if result.f1 is None else row | {"F1": result.f1}


def _sentences(results: Sequence[Result], rows: list[dict[str, float]]) -> None:
    """Mean average precision and reciprocal rank of the sentences' order; what was not weighed was never found."""
    wanted = [i for i, result in enumerate(results) if result.group == "answerable" and result.asked.has_gold]
    qrels = {}
    for i in wanted:
        missed = [f"missed {number}" for number in range(results[i].missed)]
        qrels[str(i)] = dict.fromkeys([*map(str, results[i].golden), *missed] or ["none"], 1)
    last = {i: max(results[i].golden, default=1) for i in wanted}  # what stands behind it tells nothing
    run = {str(i): {str(place): float(-place) for place in range(1, last[i] + 1)} for i in wanted}
    if wanted:
        for metric in ir_measures.iter_calc([AP, RR], qrels, run):
            rows[int(metric.query_id)]["MAP" if metric.measure == AP else "MRR"] = metric.value


def _speed(seconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(seconds, [50, 95])
    return {"p50 ms": round(float(p50) * 1000, 1), "p95 ms": round(float(p95) * 1000, 1)}
