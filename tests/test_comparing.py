"""Two reports of `qa eval` side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import comparing, figures, report
from qa.cli import main
from qa.errors import QAError
from qa.evaluate import Result
from tests.results import numbered, result


def reported(folder: Path, rows: list[Result], name: str = "towns") -> dict[str, Any]:
    report.write(folder, {"set": name}, figures.figures(rows), rows)
    return comparing.load(folder)


def test_compare_tests_refusals_and_every_shared_measure(tmp_path: Path) -> None:
    right = [result(0.9, True) for _ in range(20)]
    before, after = (
        reported(tmp_path / name, numbered(right + [result(0.5, False, "adversarial", n < some) for n in range(20)]))
        for name, some in (("before", 2), ("after", 20))
    )
    found = comparing.compare(before, after)
    false = found["measures"]["adversarial, answered"]
    assert (false["before"], false["after"], false["questions"]) == (0.1, 1.0, 20) and false["p"] < 0.001
    assert found["measures"]["answerable, answered"]["p"] == 1.0
    assert {"shown right", "fused: hit@1", "fused: hit@10", "fused: nDCG@10", "F1"} <= found["measures"].keys()
    assert "confidence" not in found["measures"]
    assert len(found["worse"]) == 18 and "adversarial, answered" in comparing.to_text(found)


def test_compare_pairs_what_was_put_to_the_same_document(tmp_path: Path) -> None:
    before, after = (
        reported(tmp_path / name, [result(0.9, True), replace(result(0.5, False, "off topic"), document=name)])
        for name in ("rates", "harbour")
    )
    found = comparing.compare(before, after)
    assert (found["questions"], found["only in one"]) == (1, 2)
    with pytest.raises(QAError, match="different sets: 'towns' and 'towns, all documents pooled'"):
        comparing.compare(before, reported(tmp_path / "p", [result(0.9, True)], "towns, all documents pooled"))


def test_gains_and_losses_that_are_equal_but_for_the_rounding_are_ties() -> None:
    gaps = np.array([2 / 3] * 11 + [-2 / 3] * 9)
    found = comparing._test(np.stack([np.zeros(20), gaps], axis=1), np.random.default_rng(1))
    assert found["p"] > 0.8, "every draw but the even one is as far apart"


def test_nothing_of_a_question_steers_the_terminal(tmp_path: Path) -> None:
    row = result(0.9, True)
    hostile = replace(row, asked=replace(row.asked, question="q\x1b[2J"), quotes=("a\x1b[2J",))
    worse = replace(hostile, right=(False,))
    rows = [reported(tmp_path / name, [one]) for name, one in (("a", hostile), ("b", worse))]
    text = comparing.to_text(comparing.compare(*rows))
    assert "\x1b" not in text and text.count("<U+001B>[2J") == 3


def test_compare_what_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "results.json").write_text("{}")
    assert main(["eval", "--compare", str(tmp_path), str(tmp_path)]) == 2
    assert "not the results of an evaluation" in capsys.readouterr().err
