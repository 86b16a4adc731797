"""Fits what the reader makes of its evidence, two linear models and a threshold, and writes qa/reader.json.

    python -m training.fit_reader EVAL_FOLDER

Fits on documents that the trained model has not seen, and reports on others that neither has seen.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from benchmarks.machine import save
from benchmarks.sets import Collection, Document, passages_of
from qa import crossencoder
from qa import encoder as encoders
from qa.encoder import PassageEncoder
from qa.evidence import JUDGING, RANKING, Evidence, Scales, judging_features
from qa.pipeline import HITS
from qa.question import Question, understand
from qa.reader import Weights, eligible
from qa.types import Passage, Vectors
from training.examples import QuestionSet, question_set

_SEED = 7
_NOTHING = Evidence(np.empty((0, len(RANKING)), np.float32), 0.0)
_NEUTRAL = Weights(tuple(1.0 for _ in RANKING), tuple(0.0 for _ in JUDGING), 0.0, 0.0, 0.0)

# What a question is put to: its own document; its own paragraph; all documents that were not trained on, pooled.
MODES = {
    "pressqa": ("one", "pooled"),
    "written": ("one",),
    "later": ("one",),
    "squad2_calib": ("paragraph", "one"),
    "selqa": ("one",),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A question put to a collection: how many candidates it has, their features, and which of them answer."""

    kind: str  # answerable, adversarial, off topic
    asked: Question
    candidates: int
    evidence: Evidence
    gold: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    parser.add_argument("--encoder", default=encoders.DEFAULT)
    parser.add_argument("--reader", default="", help="the trained model; default: the shipped one")
    parser.add_argument("--cases", type=Path, help="a file that keeps the evidence, to fit again without reading again")
    options = parser.parse_args()
    if options.cases and options.cases.exists():
        cases = pickle.loads(options.cases.read_bytes())  # noqa: S301  written by this script
    else:
        cases = _all_cases(options.eval_folder, options.encoder, options.reader)
        if options.cases:
            options.cases.write_bytes(pickle.dumps(cases))
    unread = {key: [_unread(case) for case in own] for key, own in cases.items()}
    weights = {"full": fit(cases), "fast": fit(unread)}
    Path("qa/reader.json").write_text(json.dumps({k: as_json(w) for k, w in weights.items()}, indent=1) + "\n")
    figures = {
        name: {f"{s}, {mode}": report(weights[name], own) for (s, mode, part), own in held.items() if part == "report"}
        for name, held in (("full", cases), ("fast", unread))
    }
    save("reader", {"part": "report: documents neither trained nor fitted on", **figures})


def _all_cases(folder: Path, encoder: str, reader: str) -> dict[tuple[str, str, str], list[Case]]:
    loaded = encoders.load(encoder)
    scales = Scales(loaded, crossencoder.load(reader))
    return {
        (name, mode, part): list(_cases(question_set(name, folder), part, mode, loaded, scales))
        for name, modes in MODES.items()
        for mode in modes
        for part in ("fit", "report")
    }


def _unread(case: Case) -> Case:
    """As if nothing read question and passage together."""
    table = case.evidence.table.copy()
    table[:, RANKING.index("reader")] = 0.0
    return replace(case, evidence=replace(case.evidence, table=table))


def _cases(given: QuestionSet, part: str, mode: str, encoder: PassageEncoder, scales: Scales) -> Iterator[Case]:
    """The part's questions put to what ``mode`` says, and each to another document, where it is off topic."""
    own = given.part(part)
    passages = {document.id: passages_of(document, encoder) for document in own.documents}
    alone = {name: Collection.of(found, encoder) for name, found in passages.items()}
    everything = [*given.part("fit").documents, *given.part("report").documents] if mode == "pooled" else []
    pool = Collection.of([p for d in everything for p in passages_of(d, encoder)], encoder) if everything else None
    by_id = {document.id: document for document in own.documents}
    chance = random.Random(_SEED)
    for question in own.questions:
        document = by_id[question["doc_id"]]
        collection = pool or alone[document.id]
        if mode == "paragraph":
            collection = _paragraph(question, document, passages[document.id], encoder)
        yield _case("answerable" if question["answerable"] else "adversarial", question, document, collection, scales)
        if mode == "one" and len(alone) > 1:
            other = chance.choice([name for name in alone if name != document.id])
            yield _case("off topic", question, document, alone[other], scales)


def _paragraph(
    question: dict[str, Any], document: Document, passages: list[Passage], encoder: PassageEncoder
) -> Collection:
    turns = set(question["relevant_turns"] or question["distractor_turns"])
    return Collection.of([p for p in passages if document.turns_of(p) & turns], encoder)


def _case(kind: str, question: dict[str, Any], document: Document, collection: Collection, scales: Scales) -> Case:
    asked = understand(question["question"])
    hits = collection.retriever.search(question["question"], HITS)
    candidates = eligible(asked, hits)
    evidence = scales.weigh(asked, hits, candidates) if candidates else _NOTHING
    answers = question["answer_spans"] + question.get("also_spans", []) if kind == "answerable" else []
    gold = np.array([any(document.shares(c.span, answer) for answer in answers) for c in candidates], dtype=bool)
    return Case(kind, asked, len(candidates), evidence, gold)


def fit(cases: dict[tuple[str, str, str], list[Case]]) -> Weights:
    """Ranking on the answerable questions of all sets; judging and the threshold on the questions that are asked of
    press conferences, one excerpt at a time. More evidence never lowers the confidence: signs are bounded."""
    every = [case for (_, _, part), found in cases.items() if part == "fit" for case in found if case.gold.any()]
    draft = replace(_NEUTRAL, ranking=tuple(_listwise(every)), behind=_BEHIND)
    own = [case for name in _JUDGED for case in cases[name, "one", "fit"]]
    judged = [case for case in own if case.candidates]
    values = np.array([_judging(draft, case) for case in judged])
    labels = np.array([case.kind == "answerable" for case in judged])
    share = Counter(case.kind for case in judged)
    weight = np.array([_WEIGHT[case.kind] * len(judged) / 2 / share[case.kind] for case in judged])
    judging, bias = _logistic(values, labels, weight, [(None, 0.0) if n in _AGAINST else (0.0, None) for n in JUDGING])
    draft = replace(draft, judging=tuple(judging), bias=bias)
    return replace(draft, threshold=_threshold(draft, own))


_JUDGED = ("pressqa", "written")
_AGAINST = ("lacks_number", "lacks_date", "names_missing")
_WEIGHT = {"answerable": 1.0, "adversarial": 0.5, "off topic": 0.5}
_BEHIND = 2.0


_REFUSED = 0.8  # of the questions that are not answered there


def _threshold(weights: Weights, cases: list[Case]) -> float:
    """The lowest confidence from which on to answer that still refuses _REFUSED of the others."""
    return float(np.quantile([confidence(weights, case) for case in cases if case.kind != "answerable"], _REFUSED))


def _listwise(cases: list[Case]) -> list[float]:
    """Weights that make a gold sentence the most probable of its question's candidates (Cao et al. 2007, top one)."""
    tables = np.vstack([case.evidence.table for case in cases]).astype(float)
    gold = np.concatenate([case.gold for case in cases]).astype(float)
    mean, scale = tables.mean(axis=0), np.maximum(tables.std(axis=0), 1e-9)
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
