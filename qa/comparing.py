"""Two reports, question by question: what got better, what got worse, and whether that may be chance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import QAError
from qa.report import RESULTS, is_right
from qa.text import printable

_SAMPLES = 10_000
_AT_ONCE = 1000  # samples in memory
_TIED = 1e-9  # of the sum: what is nearer than that is equal but for the rounding


def load(folder: Path) -> dict[str, Any]:
    """What a report's results.json holds. Raises QAError, one line, if it is none."""
    file = folder / RESULTS if folder.is_dir() else folder
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        rows = [(_key(row), row["quotes"], row["measures"]["answered"]) for row in data["each"]]
        str(data["about"]["set"])
    except OSError as error:
        raise QAError(f"{file}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise QAError(f"{file}: not the results of an evaluation, or of another version's; measure again") from None
    if not rows:
        raise QAError(f"{file}: no questions in it")
    return dict(data)


def compare(before: dict[str, Any], after: dict[str, Any], seed: int = 1) -> dict[str, Any]:
    """Means of the questions that both have, for every measure that both have, the probability of a difference so large
    by chance (paired randomisation, Smucker et al. 2007), and the questions that changed sides. Raises QAError if the
    two are not of one set, or no question is in both."""
    sets = [printable(str(data["about"]["set"])) for data in (before, after)]
    if sets[0] != sets[1]:
        raise QAError(f"the two reports are of different sets: {sets[0]!r} and {sets[1]!r}")
    own = {_key(row): row for row in before["each"]}
    pairs = [(own[_key(row)], row) for row in after["each"] if _key(row) in own]
    if not pairs:
        raise QAError("the two reports have no question in common")
    chance = np.random.default_rng(seed)
    changed = [(a, b) for a, b in pairs if is_right(a) != is_right(b)]
    return {
        "questions": len(pairs),
        "only in one": len(before["each"]) + len(after["each"]) - 2 * len(pairs),
        "measures": {name: _test(np.array(both), chance) for name, both in _measured(pairs).items()},
        "better": [_change(a, b) for a, b in changed if is_right(b)],
        "worse": [_change(a, b) for a, b in changed if is_right(a)],
    }


def _measured(pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, list[tuple[float, float]]]:
    """Both values of each question by the measure's name; whether it was answered, for each group by itself: there it
    is right, here it is wrong."""
    found: dict[str, list[tuple[float, float]]] = {}
    for a, b in pairs:
        for name in a["measures"].keys() & b["measures"].keys() - {"confidence"}:
            shown = f"{a['group']}, answered" if name == "answered" else name
            found.setdefault(shown, []).append((a["measures"][name], b["measures"][name]))
    return dict(sorted(found.items(), key=lambda pair: (": " in pair[0], pair[0])))


def _key(row: dict[str, Any]) -> tuple[str, str, str, str]:
    """What was asked, and of which document: off topic, that is drawn by the seed."""
    return row["id"], row["group"], row["question"], row["put to"]


def _test(both: np.ndarray, chance: np.random.Generator) -> dict[str, float]:
    """``both`` is ``(questions, 2)``. Signs of the differences are drawn at random, as if the two were one system."""
    gaps = both[:, 1] - both[:, 0]
    told = gaps[gaps != 0]
    beyond = 0
    for _ in range(_SAMPLES // _AT_ONCE if len(told) else 0):
        signs = chance.choice(np.array([-1.0, 1.0]), (_AT_ONCE, len(told)))
        beyond += int((np.abs(signs @ told) >= abs(told.sum()) - _TIED * np.abs(told).sum()).sum())
    p = (beyond + 1) / (_SAMPLES + 1) if len(told) else 1.0
    return {"before": round(float(both[:, 0].mean()), 4), "after": round(float(both[:, 1].mean()), 4),
            "p": round(float(p), 4), "questions": len(both)}  # fmt: skip


def _change(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {"question": after["question"], "group": after["group"],
            "before": before["quotes"][:1], "after": after["quotes"][:1]}  # fmt: skip


def to_text(found: dict[str, Any]) -> str:
    lines = [f"{found['questions']} questions in both, {found['only in one']} in one only", ""]
    lines += [
        f"{name:36} {m['before']:.3f} -> {m['after']:.3f}   p = {m['p']:.4f}" for name, m in found["measures"].items()
    ]
    for side in ("better", "worse"):
        lines += ["", f"{side}: {len(found[side])}"]
        for change in found[side]:
            lines += [
                f"  {printable(change['question'])}",
                f"    before: {_shown(change['before'])}",
                f"    after:  {_shown(change['after'])}",
            ]
    return "\n".join(lines) + "\n"


def _shown(quotes: Sequence[str]) -> str:
    return printable(quotes[0]) if quotes else "refused"
