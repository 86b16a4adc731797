"""Results of questions, made by hand."""

from __future__ import annotations

from dataclasses import replace

from qa.evaluate import Result
from qa.question_sets import Asked, Place


def result(confidence: float, right: bool, group: str = "answerable", quoted: bool = True) -> Result:
    asked = Asked("1", "q", group == "answerable", places=(Place(0, 0, 3, "one two"),), turns=frozenset([0]))
    found = {"fused": (4, 5, 6)}
    return Result(asked, "", group, confidence, ("one three",) if quoted else (), (right,) * quoted, "one three",
                  (1,) if right else (3, 5), 0,
                  0.5, found, frozenset([5, 9]) if group == "answerable" else frozenset(), {"fused": 0.5},
                  {"search": 0.1, "read": 0.2, "answer": 0.3})  # fmt: skip


def numbered(rows: list[Result]) -> list[Result]:
    return [replace(row, asked=replace(row.asked, id=str(n))) for n, row in enumerate(rows)]
