"""The figures of `qa eval`, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import figures, report, resampling, sureness
from qa.evaluate import Result
from qa.gold import Gold
from qa.question_sets import Asked, Place
from qa.types import Span
from tests.fakes import spoken
from tests.results import numbered, result


def test_no_sentence_is_in_turns_of_a_document_that_is_not_held() -> None:
    transcript = spoken(("Bo Ray", "The harbour has seven cranes."))
    gold = Gold(Asked("1", "q", True, turns=frozenset([0])), None)
    assert not gold.answers(Span(transcript, 0, len(transcript.text)))


def turn_of(*texts: str, **other: Any) -> Gold:
    """Gold that is parts of one turn, one behind the other."""
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
    places = tuple(Place(0, at, at + len(text), text) for at, text in zip(starts, texts, strict=False))
    return Gold(Asked("1", "q", True, places=places, turns=frozenset([0]), **other), None)


def test_f1_of_an_answer_in_two_parts() -> None:
    gold = turn_of("seven cranes", "two in repair")
    assert gold.f1(["Seven cranes", "two in repair"]) == gold.f1(["seven cranes"]) == 1.0
    assert gold.f1([]) == 0.0


def test_f1_of_alternatives_that_overlap_is_not_that_of_both() -> None:
    gold = turn_of("in March")
    both = replace(gold.asked, places=(*gold.asked.places, Place(0, 3, 8, "March")))
    assert Gold(both, None).f1(["in March March"]) == pytest.approx(2 * 2 / 5)


def test_f1_of_chinese_counts_characters() -> None:
    assert turn_of("四分钟").f1(["则四分钟内不得进行配对。"]) == pytest.approx(2 * 3 / (3 + 11))
    assert turn_of("GDP四月").f1(["四月 GDP"]) == 1.0


def test_no_f1_where_no_words_are_known() -> None:
    assert Gold(Asked("1", "q", True, turns=frozenset([0])), None).f1(["Anything."]) is None
    (row,) = figures.per_question([replace(result(0.9, True), f1=None)])
    assert "F1" not in row and row["right first"] == 1.0


def test_measures_of_one_question() -> None:
    (row,) = figures.per_question([result(0.9, False)])
    assert row["fused: hit@1"] == 0.0 and row["fused: hit@5"] == 1.0 and row["fused: MRR@10"] == 0.5
    ideal = 1 + 1 / np.log2(3)
    assert row["fused: nDCG@10"] == pytest.approx(1 / np.log2(3) / ideal, abs=1e-4)
    assert row["MRR"] == pytest.approx(1 / 3) and row["MAP"] == pytest.approx((1 / 3 + 2 / 5) / 2)
    assert (row["right first"], row["right among three"], row["shown right"]) == (0.0, 1.0, 0.0)


def test_a_question_whose_answer_no_passage_holds_counts_as_not_found() -> None:
    lost = replace(result(0.9, False), relevant=frozenset(), found={"fused": (4,), "reranked": ()})
    found = figures.figures([lost, result(0.9, True)])["retrieval"]["fused"]
    assert found["hit@5"]["value"] == 0.5 and found["MRR@10"]["questions"] == 2


def test_reciprocal_ranks_end_at_the_tenth_in_every_list() -> None:
    far = replace(result(0.9, True), found={"fused": (*range(20, 30), 5), "dense": (*range(20, 29), 5)})
    (row,) = figures.per_question([far])
    assert row["fused: MRR@10"] == 0.0 and row["dense: MRR@10"] == pytest.approx(0.1)


def test_figures_by_kind(tmp_path: Path) -> None:
    rows = [
        replace(row, asked=replace(row.asked, kind=kind))
        for kind, quoted in (("who", True), ("why", False))
        for row in (result(0.9, quoted), result(0.5, False, "adversarial", quoted))
    ]
    found = figures.figures(rows)
    assert found["retrieval by kind"]["who"]["fused"]["hit@5"] == {
        "value": 1.0, "low": 1.0, "high": 1.0, "questions": 1,
    }  # fmt: skip
    answered = {kind: own["answered"]["value"] for kind, own in found["false answers by kind"]["adversarial"].items()}
    assert answered == {"who": 1.0, "why": 0.0}
    report.write(tmp_path, {"set": "kinds"}, found, rows)
    page = (tmp_path / "index.html").read_text()
    assert "fused, why" in page and "adversarial, who" in page


def test_false_answers_are_counted_where_nothing_is_answerable() -> None:
    found = sureness.refusals([result(0.5, False, "adversarial")], np.random.default_rng(1))
    assert found["adversarial"].keys() == {"false answers"}


def test_answering_sentences_that_were_not_weighed_count_as_never_found() -> None:
    (row,) = figures.per_question([replace(result(0.9, False), missed=2)])
    assert row["MAP"] == pytest.approx((1 / 3 + 2 / 5) / 4) and row["MRR"] == pytest.approx(1 / 3)


def marked_wrong(shown: tuple[str, ...], quotes: tuple[str, ...]) -> Result:
    asked = Asked("1", "q", None if shown else True, "marked wrong", not_these=shown)
    group = "unknown" if shown else "answerable"
    return replace(result(0.9, False, group), asked=asked, quotes=quotes, golden=(), right=(False,) * len(quotes),
                   relevant=frozenset())  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "quotes", "right"),
    [
        (("A",), ("A", "B"), False),
        (("A",), ("B",), True),
        (("A",), (), True),
        ((), ("A",), True),
        ((), (), False),
    ],
)
def test_what_was_marked_wrong(shown: tuple[str, ...], quotes: tuple[str, ...], right: bool, tmp_path: Path) -> None:
    rows = [marked_wrong(shown, quotes)]
    data = report.write(tmp_path, {"set": "marks"}, figures.figures(rows), rows)
    assert report.is_right(data["each"][0]) is right
    assert data["refusals"] == data["calibration"] == {}
    assert data["answers"].keys() <= {"answered"}
    assert [f["value"] for f in data["marked wrong"].values()] == ([float(not right)] if shown else [])
    assert (figures.CAME_AGAIN in (tmp_path / "index.html").read_text()) == bool(shown)


def test_auroc_counts_ties_half() -> None:
    assert sureness.auroc(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == (2 + 1.5) / 4
    assert sureness.auroc(np.array([0.1]), np.array([0.9])) == 0.0


def test_false_answers_at_coverage() -> None:
    sure = np.arange(1, 11) / 10  # nine of ten are at least .2
    assert sureness.false_at_coverage(sure, np.array([0.15, 0.2, 0.9, 0.05])) == 0.5


def test_risk_and_coverage() -> None:
    rows = [result(0.9, True), result(0.8, False), result(0.8, True), result(0.1, False, "adversarial", False)]
    assert sureness.risk_coverage(rows) == [(0.25, 0.0), (0.75, 0.3333), (1.0, 0.5)]
    area = sureness.refusals(rows, np.random.default_rng(1))["area under the risk-coverage curve"]
    assert area["value"] == pytest.approx((0 + 0.5 / 2 + 1 / 3 + 2 / 4) / 4, abs=1e-4)
    assert 0 <= area["low"] < area["value"] < area["high"] <= 1 and area["questions"] == 4


def test_the_area_under_the_risk_counts_the_surest_too() -> None:
    assert sureness.area_under_risk(np.ones(5), np.zeros(5)) == 1.0
    sure, right = np.repeat([1.0, 0.5], 50), np.repeat([0.0, 1.0], 50)
    risks = [min(k, 50) / k for k in range(1, 101)]
    assert sureness.area_under_risk(sure, right) == pytest.approx(np.mean(risks)) == pytest.approx(0.844, abs=1e-3)
    mixed = np.tile([0.0, 1.0], 50)
    assert sureness.area_under_risk(np.ones(100), mixed) == pytest.approx(0.5)
    assert sureness.area_under_risk(np.arange(100) / 100, mixed) == pytest.approx(
        np.mean([np.mean(1 - mixed[-k:]) for k in range(1, 101)])
    )


def test_a_question_put_to_two_documents_is_drawn_once() -> None:
    """Each is a little surer in its own document, so that drawing both at once tells the two apart more surely."""
    rows = [row for n in range(12) for row in (result(0.5 + n / 20, True), result(0.4 + n / 20, True, "off topic"))]
    once = [replace(row, asked=replace(row.asked, id=str(n // 2), answerable=True)) for n, row in enumerate(rows)]
    twice = numbered(rows)
    widths = []
    for given, questions in ((once, 12), (twice, 24)):
        found = sureness.refusals(given, np.random.default_rng(1))["off topic"]
        assert [figure["questions"] for figure in found.values()] == [questions, questions, 12]
        widths.append(found["AUROC"]["high"] - found["AUROC"]["low"])
    assert widths[0] < 0.8 * widths[1]


def test_each_figure_tells_of_how_many_questions_it_is(tmp_path: Path) -> None:
    rows = numbered([result(0.9, True) for _ in range(4)] + [result(0.5, False, "adversarial")])
    report.write(tmp_path, {"set": "towns"}, figures.figures(rows), rows)
    refusals = (tmp_path / "index.html").read_text().partition("<h2>Refusals")[2].partition("</table>")[0]
    assert refusals.count("n = 5") == 2 and refusals.count("n = 1<") == 1


def test_calibration() -> None:
    rows = [result(0.95, True), result(0.91, False), result(0.15, False)]
    found = sureness.calibration(rows, np.random.default_rng(1))
    assert [row["questions"] for row in found["bins"]] == [1, 2]
    assert found["bins"][1] == {"confidence": 0.93, "right": 0.5, "questions": 2}
    assert found["expected error"]["value"] == pytest.approx((0.15 + 2 * 0.43) / 3, abs=1e-4)
    assert found["Brier score"]["value"] == pytest.approx((0.05**2 + 0.91**2 + 0.15**2) / 3, abs=1e-4)
    for name in ("expected error", "Brier score"):
        assert found[name]["low"] < found[name]["value"] < found[name]["high"]


def test_the_interval_holds_the_mean_and_shrinks() -> None:
    chance = np.random.default_rng(1)
    few, many = (resampling.mean(np.arange(n) % 2.0, chance) for n in (20, 2000))
    for figure in (few, many):
        assert figure["low"] <= figure["value"] <= figure["high"]
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 5


def test_nothing_of_a_question_is_markup(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>"
    asked = Asked(nasty, nasty, True, kind=nasty)
    rows = [replace(result(0.9, False), asked=asked, quotes=(nasty,), best=nasty)]
    report.write(tmp_path, {"set": nasty}, figures.figures(rows), rows)
    assert "<script" not in (tmp_path / "index.html").read_text()
