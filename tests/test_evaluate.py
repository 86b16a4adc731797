"""`qa eval`: the forms of questions, the figures by hand, the report, and two reports side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import comparing, evaluation, figures, machine, question_sets, report, resampling, sureness
from qa.cli import main
from qa.encoder import PassageEncoder
from qa.errors import QAError
from qa.evaluate import Result, evaluate
from qa.gold import Gold, unasked, write_documents
from qa.indexing import index
from qa.library import Library
from qa.pipeline import HITS, Models, Pipeline
from qa.question_sets import Asked, Place, QuestionSet
from qa.types import Span, Vectors
from tests.fakes import HashingEncoder, hashing, spoken

DOCUMENTS = [
    {"doc_id": "rates", "title": "On rates", "turns": [
        {"speaker": "Ann Lee", "text": "Good morning. The committee left the rate at five percent. Growth was solid."},
        {"speaker": "Reporter", "text": "Thank you. How many people lost their jobs in March?"},
        {"speaker": "Ann Lee", "text": "We saw twelve thousand layoffs in March. That is fewer than a year ago."}]},
    {"doc_id": "harbour", "title": "On the harbour", "turns": [
        {"speaker": "Bo Ray", "text": "The harbour has seven cranes. Two of the cranes are in repair."},
        {"speaker": "Bo Ray", "text": "Ships wait three days. The pilots ask for a second channel."}]},
]  # fmt: skip


def place(document: int, turn: int, words: str) -> dict[str, Any]:
    at = DOCUMENTS[document]["turns"][turn]["text"].index(words)  # type: ignore[index]
    return {"turn": turn, "start": at, "end": at + len(words), "text": words}


QUESTIONS = [
    {"qid": "a", "doc_id": "rates", "question": "At what percent did the committee leave the rate?", "kind": "number",
     "answerable": True, "answer_spans": [place(0, 0, "five percent")]},
    {"qid": "b", "doc_id": "harbour", "question": "How many cranes has the harbour?", "kind": "number",
     "answerable": True, "answer_spans": [place(1, 0, "seven cranes")]},
    {"qid": "c", "doc_id": "harbour", "question": "What do the pilots ask for?", "kind": "fact",
     "answerable": True, "answer_spans": [place(1, 1, "a second channel")]},
    {"qid": "d", "doc_id": "harbour", "question": "Who paid for the cranes in Rotterdam?", "kind": "who",
     "answerable": False, "distractor_turns": [0]},
    {"qid": "e", "doc_id": "rates", "question": "How many people lost their jobs in March?", "kind": "reply",
     "answerable": True, "relevant_turns": [2], "question_turn": 1},
]  # fmt: skip


def write(folder: Path, questions: list[dict[str, Any]], documents: list[dict[str, Any]] | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in (("questions", questions), ("corpus", documents)):
        if rows is not None:
            (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory, minilm: PassageEncoder) -> tuple[dict[str, Any], Path]:
    folder = write(tmp_path_factory.mktemp("eval") / "towns", QUESTIONS, DOCUMENTS)
    return evaluation.run(folder, folder.parent / "report", load=lambda name: minilm)


def test_the_common_form(common: tuple[dict[str, Any], Path]) -> None:
    data, _ = common
    assert data["about"]["set"] == "towns"
    assert data["questions"] == {"answerable": 4, "off topic": 4, "adversarial": 1}
    assert data["retrieval"].keys() == {"lexical", "dense", "fused"}
    assert data["retrieval"]["fused"]["hit@1"]["value"] == 1.0
    assert data["answers"]["right first"] == {"value": 1.0, "low": 1.0, "high": 1.0, "questions": 4}
    assert data["kinds"].keys() == {"number", "fact", "reply"}
    assert data["refusals"]["off topic"]["AUROC"]["value"] == 1.0
    assert data["speed"]["answer"]["p50 ms"] > 0


def test_the_question_s_own_turn_is_not_there(common: tuple[dict[str, Any], Path]) -> None:
    row = next(row for row in common[0]["each"] if row["id"] == "e" and row["group"] == "answerable")
    assert row["best"].startswith("We saw twelve thousand")
    assert not any("lost their jobs" in row["best"] for row in common[0]["each"])


def test_a_reply_stays_one_and_gets_no_other_question_as_context(tmp_path: Path) -> None:
    said = (
        ("Reporter", "Could you say how many of the people in the survey expect that prices will rise soon?"),
        ("Ann Lee", "Half of the people in it expect that prices will rise within the year, few expect more."),
        ("Reporter", "How many of the people who work at the port lost their jobs in March, and how many in April?"),
        ("Ann Lee", "We saw twelve thousand layoffs there in March, which is far fewer than in the year before."),
        ("Reporter", "Were they told?"),
        ("Ann Lee", "Yes, in writing."),
    )
    document = {"doc_id": "port", "turns": [{"speaker": speaker, "text": text} for speaker, text in said]}
    asked = tuple(Asked(str(turn), said[turn][1], True, document="port", own_turn=turn) for turn in (2, 4))
    held = write_documents(QuestionSet("port", asked, (document,)), tmp_path / "corpus")
    index(tmp_path / "library", [tmp_path / "corpus"], join=False, load=hashing, keep=unasked(held.values()))
    library = Library(tmp_path / "library", hashing)
    passages = library.passages(range(library.passage_count()))
    library.close()
    assert [p.text for p in passages] == [said[turn][1] for turn in (0, 1, 3, 5)]
    assert [p.context for p in passages] == ["Reporter", f"Ann Lee\n{said[0][1]}", "Ann Lee", "Ann Lee"]
    assert [p.span.role for p in passages] == ["question", "answer", "answer", "answer"]


def test_the_report_is_a_page_and_needs_nothing_else(common: tuple[dict[str, Any], Path]) -> None:
    data, folder = common
    page = (folder / "index.html").read_text()
    assert json.loads((folder / "results.json").read_text())["about"] == data["about"]
    assert "<svg" in page and "http" not in page.replace("http-equiv", "") and "src=" not in page


def test_what_is_measured_is_what_ask_answers(tmp_path: Path, minilm: PassageEncoder) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "harbour.txt").write_text("BO RAY: The harbour has seven cranes.\n\nANN LEE: Cranes are old, and rust.\n")
    lines = [
        {"question": "Who spoke?", "answerable": True, "must_quote": "Cranes are old"},
        {"question": "What did Ray say about cranes?", "answerable": True, "must_quote": "seven cranes"},
    ]
    file = write(tmp_path, lines) / "questions.jsonl"
    data, _ = evaluation.run(file, tmp_path / "report", corpus=corpus, load=lambda name: minilm)
    spoke, said = data["each"]
    assert spoke["quotes"] == ["The harbour has seven cranes.", "Cranes are old, and rust."]
    assert (spoke["measures"]["shown right"], spoke["measures"]["shown right first"]) == (1.0, 0.0)
    assert said["best"] == "The harbour has seven cranes."


def test_pooled(tmp_path: Path, minilm: PassageEncoder) -> None:
    data, _ = evaluation.run(
        write(tmp_path / "towns", QUESTIONS, DOCUMENTS), tmp_path / "report", pooled=True, load=lambda name: minilm
    )
    assert data["about"]["set"] == "towns, all documents pooled"
    assert "off topic" not in data["questions"]


def test_fast_and_some_only(tmp_path: Path, minilm: PassageEncoder) -> None:
    data, _ = evaluation.run(
        write(tmp_path / "towns", QUESTIONS, DOCUMENTS), tmp_path / "report", models=Models(fast=True), most=2,
        load=lambda name: minilm,
    )  # fmt: skip
    assert data["about"]["reader"] == "none"
    assert data["about"]["questions"] == 2


def test_plain_lines_and_marks(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "harbour.txt").write_text("BO RAY: The harbour has seven cranes.\n\nBO RAY: Ships wait three days.\n")
    lines = [
        {"question": "How many cranes has the harbour?", "answerable": True, "must_quote": "seven cranes"},
        {"question": "Who is the mayor of Rotterdam?", "answerable": False},
        {
            "question": "How long do ships wait?",
            "outcome": "answered",
            "quotes": ["Ships wait three days."],
            "right": True,
        },
        {"question": "How many cranes?", "outcome": "answered", "quotes": ["Ships wait three days."], "right": False},
        {"question": "What do ships do?", "outcome": "not_in_record", "quotes": [], "right": False},
    ]
    file = write(tmp_path, lines) / "questions.jsonl"
    data, _ = evaluation.run(file, tmp_path / "report", corpus=corpus, models=Models(fast=True), load=hashing)
    assert data["questions"] == {"answerable": 3, "adversarial": 1, "unknown": 1}
    rows = {row["question"]: row["measures"] for row in data["each"]}
    assert rows["How many cranes has the harbour?"]["right first"] == 1.0
    for unknown in ("How many cranes?", "What do ships do?"):  # it is known what was wrong, not what is right
        assert not {"right first", "MAP", "F1"} & rows[unknown].keys()
    assert rows["How many cranes?"][figures.CAME_AGAIN] == 0.0, "anything but the quote that was wrong"
    assert data["marked wrong"][figures.CAME_AGAIN]["questions"] == 1
    assert data["answers"]["right first"]["questions"] == 2 and data["answers"]["answered"]["questions"] == 3
    assert data["calibration"]["bins"] and sum(row["questions"] for row in data["calibration"]["bins"]) == 3


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ("", "no questions in it"),
        ("[1]\n", "line 1: expected an object"),
        ('{"question": "a", "answerable": false}\n{"question"\n', "line 2: not JSON"),
        ('{"answerable": true}\n', 'line 1: no "question"'),
        ('{"question": "a", "answerable": "no"}\n', "neither true nor false"),
        ('{"question": "a", "answerable": true}\n', 'needs "must_quote"'),
        ('{"question": "a", "answerable": true, "answer_spans": [{"turn": "x"}]}\n', "line 1: cannot use it"),
        ('{"question": "a", "answerable": false, "doc_id": "z"}\n', "document 'z' is named"),
        ('{"question": "a", "answerable": true, "relevant_turns": [3]}\n', 'line 1: .* need "doc_id"'),
        (
            '{"question": "a", "answerable": true, "answer_spans": [{"turn": 0, "start": 0, "end": 1}]}\n',
            'line 1: .* need "doc_id"',
        ),
    ],
)
def test_bad_questions_are_one_line(tmp_path: Path, lines: str, error: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(lines)
    with pytest.raises(QAError, match=error) as raised:
        question_sets.read(file)
    assert "\n" not in str(raised.value) and str(file) in str(raised.value)


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


def test_the_words_of_a_span_are_read_from_the_document(tmp_path: Path) -> None:
    bare = {key: value for key, value in place(1, 0, "seven cranes").items() if key != "text"}
    far = {"turn": 9, "start": 0, "end": 3}
    questions = [{**QUESTIONS[1], "answer_spans": [bare], "also_spans": [far]}]
    (asked,) = question_sets.read(write(tmp_path / "towns", questions, DOCUMENTS)).questions
    assert [(p.text, p.also) for p in asked.places] == [("seven cranes", False), ("", True)]


def test_the_versions_of_all_that_figures_hang_on_are_told() -> None:
    assert {"ir-measures", "sentencex", "snowballstemmer", "numpy", "tantivy"} <= machine.versions().keys()


def test_without_transcripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, [{"question": "a", "answerable": False}]) / "questions.jsonl"
    assert main(["eval", str(file), "--index", str(tmp_path / "none")]) == 2
    assert "no library" in capsys.readouterr().err
    assert main(["eval"]) == 2
    assert "--compare" in capsys.readouterr().err


# -- figures by hand -------------------------------------------------------------------------------------------------


def result(confidence: float, right: bool, group: str = "answerable", quoted: bool = True) -> Result:
    asked = Asked("1", "q", group == "answerable", places=(Place(0, 0, 3, "one two"),), turns=frozenset([0]))
    found = {"fused": (4, 5, 6)}
    return Result(asked, "", group, confidence, ("one three",) if quoted else (), (right,) * quoted, "one three",
                  (1,) if right else (3, 5), 0,
                  0.5, found, frozenset([5, 9]) if group == "answerable" else frozenset(), {"fused": 0.5},
                  {"search": 0.1, "read": 0.2, "answer": 0.3})  # fmt: skip


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


def test_turns_are_found_by_each_retriever(tmp_path: Path) -> None:
    questions = [*QUESTIONS[1:2], {"question": "Who is Bo Ray?", "answerable": True, "must_quote": "The harbour has"}]
    folder = write(tmp_path / "towns", questions, DOCUMENTS)
    data, _ = evaluation.run(folder, tmp_path / "report", models=Models(fast=True), load=hashing)
    for retriever in ("lexical", "dense", "fused"):
        assert data["retrieval"][retriever]["recall of relevant turns@10"]["questions"] == 1
        assert data["retrieval"][retriever]["hit@10"]["questions"] == 2


def test_answering_sentences_that_were_not_weighed_count_as_never_found() -> None:
    (row,) = figures.per_question([replace(result(0.9, False), missed=2)])
    assert row["MAP"] == pytest.approx((1 / 3 + 2 / 5) / 4) and row["MRR"] == pytest.approx(1 / 3)


def test_answering_sentences_outside_of_what_was_read_are_missed(tmp_path: Path) -> None:
    turns = [
        {"speaker": "Ann Lee", "text": f"Crane number {n} stands in the harbour. " + "It is old and rusts away. " * 20}
        for n in range(HITS + 5)
    ]
    spans = [{"turn": n, "start": 0, "end": 30} for n in range(len(turns))]
    question = {**QUESTIONS[1], "doc_id": "d", "question": "Which crane stands in the harbour?", "answer_spans": spans}
    given = question_sets.read(write(tmp_path / "d", [question], [{"doc_id": "d", "turns": turns}]))
    held = write_documents(given, tmp_path / "corpus")
    index(tmp_path / "library", [tmp_path / "corpus"], join=False, load=hashing)
    with Pipeline(Library(tmp_path / "library", hashing), models=Models(fast=True)) as pipeline:
        (found,) = evaluate(given.questions, pipeline, held)
    assert found.missed > 0 and len(found.golden) + found.missed == len(turns)


def test_a_failing_retriever_is_no_result(tmp_path: Path) -> None:
    class Broken(HashingEncoder):
        def encode_query(self, sentences: list[str], **kwargs: Any) -> Vectors:
            if "Broken?" in sentences:
                raise RuntimeError("out of memory")
            return super().encode_query(sentences)

    def broken(name: str) -> PassageEncoder:
        fast = hashing(name)
        return Broken(fast.name, fast.sha256, fast.model)

    folder = write(tmp_path / "towns", [{**QUESTIONS[0], "question": "Broken?"}], DOCUMENTS)
    with pytest.raises(QAError, match=r"'Broken\?': dense retriever: out of memory"):
        evaluation.run(folder, tmp_path / "report", models=Models(fast=True), load=broken)


def test_times_are_of_what_was_searched(tmp_path: Path) -> None:
    asked = [QUESTIONS[1], {**QUESTIONS[1], "qid": "s", "question": "Who spoke?"}]
    given = question_sets.read(write(tmp_path / "towns", asked, DOCUMENTS))
    held = write_documents(given, tmp_path / "corpus")
    index(tmp_path / "library", [tmp_path / "corpus"], join=False, load=hashing)
    with Pipeline(Library(tmp_path / "library", hashing), models=Models(fast=True)) as pipeline:
        results = evaluate(given.questions, pipeline, held)
    searched, told = results
    assert list(searched.seconds) == ["lexical", "dense", "search", "read", "answer"] and told.seconds == {}
    seconds = searched.seconds
    assert seconds["lexical"] + seconds["dense"] <= seconds["search"]
    assert seconds["search"] + seconds["read"] <= seconds["answer"]
    assert figures.figures([told])["speed"] == {} and figures.figures(results)["speed"]["answer"]["p50 ms"] > 0


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


# -- two reports ------------------------------------------------------------------------------------------------------


def test_compare(tmp_path: Path, common: tuple[dict[str, Any], Path]) -> None:
    data, folder = common
    worse = json.loads(json.dumps(data))
    for row in worse["each"]:
        if row["group"] == "answerable":
            row["quotes"] = []
            row["measures"] |= {"shown right": 0.0, "right first": 0.0}
    other = tmp_path / "other"
    other.mkdir()
    (other / "results.json").write_text(json.dumps(worse))
    found = comparing.compare(comparing.load(folder), comparing.load(other))
    shown = [row for row in data["each"] if row["measures"].get("shown right")]
    assert len(found["worse"]) == len(shown) > 1 and not found["better"]
    # Four differences of one sign: 2 of 16 ways to choose the signs are as far apart.
    assert found["measures"]["right first"]["p"] == pytest.approx(2 / 16, abs=0.02)
    assert found["measures"]["MAP"]["p"] == 1.0
    assert "refused" in comparing.to_text(found)


def reported(folder: Path, rows: list[Result], name: str = "towns") -> dict[str, Any]:
    report.write(folder, {"set": name}, figures.figures(rows), rows)
    return comparing.load(folder)


def numbered(rows: list[Result]) -> list[Result]:
    return [replace(row, asked=replace(row.asked, id=str(n))) for n, row in enumerate(rows)]


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


def test_nothing_of_a_question_steers_the_terminal(tmp_path: Path) -> None:
    row = result(0.9, True)
    hostile = replace(row, asked=replace(row.asked, question="q\x1b[2J"), quotes=("a\x1b[2J",))
    worse = replace(hostile, right=(False,))
    rows = [reported(tmp_path / name, [one]) for name, one in (("a", hostile), ("b", worse))]
    text = comparing.to_text(comparing.compare(*rows))
    assert "\x1b" not in text and text.count("<U+001B>[2J") == 3


def test_the_document_that_a_question_was_put_to_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "towns", QUESTIONS[:2], DOCUMENTS)
    data, _ = evaluation.run(folder, tmp_path / "report", models=Models(fast=True), load=hashing)
    assert [(row["id"], row["group"], row["put to"]) for row in data["each"]] == [
        ("a", "answerable", "rates"), ("a", "off topic", "harbour"),
        ("b", "answerable", "harbour"), ("b", "off topic", "rates"),
    ]  # fmt: skip


def test_compare_what_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "results.json").write_text("{}")
    assert main(["eval", "--compare", str(tmp_path), str(tmp_path)]) == 2
    assert "not the results of an evaluation" in capsys.readouterr().err


def test_nothing_of_a_question_is_markup(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>"
    asked = Asked(nasty, nasty, True, kind=nasty)
    rows = [replace(result(0.9, False), asked=asked, quotes=(nasty,), best=nasty)]
    report.write(tmp_path, {"set": nasty}, figures.figures(rows), rows)
    assert "<script" not in (tmp_path / "index.html").read_text()
