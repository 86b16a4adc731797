"""Fits the reader's two linear models and its threshold, and writes qa/reader.json.

    python -m benchmarks.fit_reader EVAL_FOLDER

Fits on two thirds of pressqa's excerpts and reports on the last third, one excerpt at a time and twenty pooled.
Off-topic questions are those of another excerpt.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from benchmarks.machine import save
from benchmarks.sets import Collection, Document, documents, passages_of, questions
from qa import encoder as encoders
from qa.encoder import PassageEncoder
from qa.pipeline import HITS
from qa.question import Question, understand
from qa.reader import JUDGING, RANKING, Candidate, Evidence, SentenceReader, Weights, eligible, judging_features
from qa.types import Span, Vectors

_SEED = 7
SETS = ("pressqa", "squad2_calib")
_POOL = 20  # documents
_NOTHING = Evidence(np.empty((0, len(RANKING)), np.float32), 0.0, 0.0)
_NEUTRAL = Weights(tuple(1.0 for _ in RANKING), tuple(0.0 for _ in JUDGING), 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Case:
    """A question put to a collection: its candidates, their features, and which of them answer."""

    kind: str  # answerable, adversarial, off topic
    mode: str  # one, pooled
    fit: bool
    asked: Question
    candidates: list[Candidate]
    evidence: Evidence
    gold: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval_folder", type=Path)
    folder = parser.parse_args().eval_folder
    encoder = encoders.load()
    cases = {name: collect(folder, name, encoder) for name in SETS}
    weights = fit([case for name in SETS for case in cases[name] if case.fit])
    Path("qa/reader.json").write_text(json.dumps(as_json(weights), indent=1) + "\n")
    figures = {
        f"{name}, {mode}": report(weights, part)
        for name in SETS
        for mode in ("one", "pooled")
        if (part := [case for case in cases[name] if case.mode == mode and not case.fit])
    }
    save("reader", {"part": "every third document, not fitted on", **figures})


def collect(folder: Path, name: str, encoder: PassageEncoder) -> list[Case]:
    """The set's questions put to their own document, to another one, and to up to twenty pooled. Every third document
    is kept for the report."""
    docs = documents(folder / name)
    own = {d.id: passages_of(d, encoder) for d in docs}
    vectors = {d: encoder.encode_document([p.embedded for p in passages]) for d, passages in own.items()}
    by_id = {d.id: d for d in docs}
    parts = {False: [d.id for i, d in enumerate(docs) if i % 3 != 2], True: [d.id for d in docs[2::3]]}
    reader = SentenceReader(encoder, _NEUTRAL)
    random = np.random.default_rng(_SEED)
    asked = questions(folder / name)
    cases: list[Case] = []
    for held, members in parts.items():
        alone = {d: Collection(own[d], vectors[d], encoder) for d in members}
        pool = {d: members[i - i % _POOL : i - i % _POOL + _POOL] for i, d in enumerate(members)}
        pooled = {
            group[0]: Collection(
                [p for d in group for p in own[d]], np.concatenate([vectors[d] for d in group]), encoder
            )
            for group in pool.values()
        }
        for question in (q for q in asked if q["doc_id"] in alone):
            kind = "answerable" if question["answerable"] else "adversarial"
            other = random.choice([d for d in members if d != question["doc_id"]])
            put = [(kind, "one", alone[question["doc_id"]]), ("off topic", "one", alone[other])]
            if len(docs) > _POOL:
                put.append((kind, "pooled", pooled[pool[question["doc_id"]][0]]))
            cases += [_case(*how, not held, question, reader, by_id[question["doc_id"]]) for how in put]
    return cases


def _case(
    kind: str, mode: str, collection: Collection, fit: bool, question: dict[str, Any], reader: SentenceReader,
    document: Document,
) -> Case:  # fmt: skip
    asked = understand(question["question"])
    hits = collection.retriever.search(question["question"], HITS)
    candidates = eligible(asked, hits)
    evidence = reader.weigh(asked, hits, candidates) if candidates else _NOTHING
    spans = question["answer_spans"] + question.get("also_spans", []) if kind == "answerable" else []
    gold = np.array([any(_is(document, c.span, span) for span in spans) for c in candidates], dtype=bool)
    return Case(kind, mode, fit, asked, candidates, evidence, gold)


def _is(document: Document, span: Span, gold: dict[str, Any]) -> bool:
    """Whether the sentence and the gold span share more than half of the shorter one."""
    if span.transcript.id != document.id or document.own[span.turn] != gold["turn"]:
        return False
    offset = span.transcript.turns[span.turn].start
    shared = min(span.end - offset, gold["end"]) - max(span.start - offset, gold["start"])
    return bool(shared > 0.5 * min(span.end - span.start, gold["end"] - gold["start"]))


def fit(cases: list[Case]) -> Weights:
    """Ranking on the answerable, judging on all. More evidence never lowers the confidence: signs are bounded, or the
    model learns that questions made to mislead repeat the text's words."""
    draft = replace(_NEUTRAL, ranking=tuple(_listwise([c for c in cases if c.kind == "answerable" and c.gold.any()])))
    usable = [case for case in cases if case.candidates]
    values = np.array([_judging(draft, case) for case in usable])
    labels = np.array([case.kind == "answerable" for case in usable])
    share = Counter(case.kind for case in usable)
    weight = np.array([_WEIGHT[case.kind] * len(usable) / 2 / share[case.kind] for case in usable])
    judging, bias = _logistic(values, labels, weight, [(None, 0.0) if n in _AGAINST else (0.0, None) for n in JUDGING])
    draft = replace(draft, judging=tuple(judging), bias=bias)
    return replace(draft, threshold=_threshold(draft, usable), behind=_BEHIND)


_AGAINST = ("lacks_number", "lacks_date", "lacks_count", "names_missing")
_WEIGHT = {"answerable": 1.0, "adversarial": 0.15, "off topic": 0.85}
_BEHIND = 2.0
_COVERAGE = 0.96  # of the answerable questions that are to be answered


def _threshold(weights: Weights, cases: list[Case]) -> float:
    """The confidence that _COVERAGE of the answerable questions, one excerpt at a time, reach."""
    confidences = [confidence(weights, case) for case in cases if case.kind == "answerable" and case.mode == "one"]
    return float(np.quantile(confidences, 1 - _COVERAGE))


def _listwise(cases: list[Case]) -> list[float]:
    """Weights that make a gold sentence the most probable of its question's candidates (Cao et al. 2007, top one)."""
    tables = np.vstack([case.evidence.table for case in cases]).astype(float)
    gold = np.concatenate([case.gold for case in cases]).astype(float)
    mean, scale = tables.mean(axis=0), tables.std(axis=0)
    scaled = (tables - mean) / scale
    sizes = [len(case.gold) for case in cases]
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    group = np.repeat(np.arange(len(cases)), sizes)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        scores = scaled @ x
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        every, right = np.add.reduceat(odds, starts), np.add.reduceat(odds * gold, starts)
        slope = odds / every[group] - odds * gold / right[group]
        return float(np.log(every / right).sum() + 0.5 * x @ x), scaled.T @ slope + x

    found = minimize(loss, np.zeros(len(RANKING)), jac=True, method="L-BFGS-B")
    return (found.x / scale).tolist()


def _logistic(
    table: Vectors, labels: np.ndarray, weight: np.ndarray, bounds: list[tuple[float | None, float | None]]
) -> tuple[list[float], float]:
    """Weights and bias of a logistic regression with an L2 penalty of 1 on standardised features."""
    mean, scale = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-9)
    scaled = (table - mean) / scale
    signs = np.where(labels, 1.0, -1.0)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        margin = signs * (scaled @ x[:-1] + x[-1])
        slope = -weight * signs * expit(-margin)
        value = float(weight @ np.logaddexp(0, -margin)) + 0.5 * float(x[:-1] @ x[:-1])
        return value, np.r_[scaled.T @ slope + x[:-1], slope.sum()]

    found = minimize(loss, np.zeros(table.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = found.x[:-1] / scale
    return weights.tolist(), float(found.x[-1] - weights @ mean)


def _judging(weights: Weights, case: Case) -> list[float]:
    return judging_features(case.asked, case.evidence, case.evidence.table @ np.array(weights.ranking))


def confidence(weights: Weights, case: Case) -> float:
    if not case.candidates:
        return 0.0
    return float(1 / (1 + np.exp(-np.dot(_judging(weights, case), weights.judging) - weights.bias)))


def report(weights: Weights, cases: list[Case]) -> dict[str, float]:
    answerable = [case for case in cases if case.kind == "answerable"]
    ranked = [
        case.gold[np.argsort(-(case.evidence.table @ np.array(weights.ranking)), kind="stable")] for case in answerable
    ]
    values = {kind: np.array([confidence(weights, c) for c in cases if c.kind == kind]) for kind in _WEIGHT}
    figures = {
        "questions": len(answerable),
        "gold sentence first": np.mean([g[:1].any() for g in ranked]),
        "gold sentence among three": np.mean([g[:3].any() for g in ranked]),
        "answered": np.mean(values["answerable"] >= weights.threshold),
    }
    for kind in ("adversarial", "off topic"):
        if len(values[kind]):
            labels = np.r_[np.ones(len(values["answerable"])), np.zeros(len(values[kind]))]
            figures[f"AUROC, {kind}"] = roc_auc_score(labels, np.r_[values["answerable"], values[kind]])
            figures[f"answered although {kind}"] = np.mean(values[kind] >= weights.threshold)
    return {name: round(float(value), 3) for name, value in figures.items()}


def as_json(weights: Weights) -> dict[str, Any]:
    return {
        "ranking": {n: round(w, 4) for n, w in zip(RANKING, weights.ranking, strict=True)},
        "judging": {n: round(w, 4) for n, w in zip(JUDGING, weights.judging, strict=True)},
        "bias": round(weights.bias, 4), "threshold": round(weights.threshold, 4), "behind": weights.behind,
    }  # fmt: skip


if __name__ == "__main__":
    main()
