"""Two reports, question by question: what got better, what got worse, and whether that may be chance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import QAError
from qa.report import RESULTS, is_right

_SAMPLES = 10_000
_MEASURES = ("right first", "right among three", "shown right first", "MAP", "F1", "fused: hit@5", "fused: MRR@10",
             "reranked: hit@5", "reranked: MRR@10")  # fmt: skip


def load(folder: Path) -> dict[str, Any]:
    """What a report's results.json holds. Raises QAError, one line, if it is none."""
    file = folder / RESULTS if folder.is_dir() else folder
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        rows = [(row["id"], row["group"], row["question"], row["quotes"], row["measures"]) for row in data["each"]]
    except OSError as error:
        raise QAError(f"{file}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise QAError(f"{file}: not the results of an evaluation") from None
    if not rows:
        raise QAError(f"{file}: no questions in it")
    return dict(data)


def compare(before: dict[str, Any], after: dict[str, Any], seed: int = 1) -> dict[str, Any]:
    """Means of the questions that both have, the probability of a difference so large by chance (paired
    randomisation, Smucker et al. 2007), and the questions that changed sides. Raises QAError if none is in both."""
    own = {_key(row): row for row in before["each"]}
    pairs = [(own[_key(row)], row) for row in after["each"] if _key(row) in own]
    if not pairs:
        raise QAError("the two reports have no question in common")
    chance = np.random.default_rng(seed)
    measures: dict[str, dict[str, float]] = {}
    for name in _MEASURES:
        both = [
            (a["measures"][name], b["measures"][name])
            for a, b in pairs
            if name in a["measures"] and name in b["measures"]
        ]
        if both:
            measures[name] = _test(np.array(both), chance)
    changed = [(a, b) for a, b in pairs if is_right(a) != is_right(b)]
    return {
        "questions": len(pairs),
        "only in one": len(before["each"]) + len(after["each"]) - 2 * len(pairs),
        "measures": measures,
        "better": [_change(a, b) for a, b in changed if is_right(b)],
        "worse": [_change(a, b) for a, b in changed if is_right(a)],
    }


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["id"], row["group"], row["question"]


def _test(both: np.ndarray, chance: np.random.Generator) -> dict[str, float]:
    """``both`` is ``(questions, 2)``. Signs of the differences are drawn at random, as if the two were one system."""
    gaps = both[:, 1] - both[:, 0]
    told = gaps[gaps != 0]
    signs = chance.choice(np.array([-1.0, 1.0], np.float32), (_SAMPLES, len(told)))
    beyond = np.abs(signs @ told.astype(np.float32)) >= abs(told.sum()) - 1e-6
    p = (beyond.sum() + 1) / (_SAMPLES + 1) if len(told) else 1.0
    return {"before": round(float(both[:, 0].mean()), 4), "after": round(float(both[:, 1].mean()), 4),
            "p": round(float(p), 4), "questions": len(both)}  # fmt: skip


def _change(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {"question": after["question"], "group": after["group"],
            "before": before["quotes"][:1], "after": after["quotes"][:1]}  # fmt: skip


def to_text(found: dict[str, Any]) -> str:
    lines = [f"{found['questions']} questions in both, {found['only in one']} in one only", ""]
    lines += [
        f"{name:20} {m['before']:.3f} -> {m['after']:.3f}   p = {m['p']:.4f}" for name, m in found["measures"].items()
    ]
    for side in ("better", "worse"):
        lines += ["", f"{side}: {len(found[side])}"]
        for change in found[side]:
            lines += [
                f"  {change['question']}",
                f"    before: {_shown(change['before'])}",
                f"    after:  {_shown(change['after'])}",
            ]
    return "\n".join(lines) + "\n"


def _shown(quotes: Sequence[str]) -> str:
    return quotes[0] if quotes else "refused"
