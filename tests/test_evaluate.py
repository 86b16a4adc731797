"""`qa eval` from end to end: the forms of questions, what is put to what, and the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa import comparing, evaluation, figures, machine, question_sets
from qa.cli import main
from qa.encoder import PassageEncoder
from qa.errors import QAError
from qa.evaluate import evaluate
from qa.gold import Gold, unasked, write_documents
from qa.indexing import index
from qa.library import Library
from qa.pipeline import HITS, Models, Pipeline
from qa.question_sets import Asked, QuestionSet
from qa.text import sentences
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
    assert data["retrieval"].keys() == {"lexical", "dense", "fused", "reranked"}
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
        ('{"question": "%s", "answerable": false}\n' % ("a" * 2001), "line 1: the question has 2001 characters"),
        ('{"question": "a", "answerable": false, "kind": "\\ud83d"}\n', "line 1: cannot use it: UnicodeEncodeError"),
        ('{"question": "a", "right": "false", "quotes": []}\n', 'line 1: .*"right" is neither true nor false'),
        ('{"question": "a", "right": true, "quotes": "The"}\n', 'line 1: .*"quotes" is not a list of strings'),
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


@pytest.mark.parametrize(
    ("gold", "error"),
    [
        ({"answer_spans": [{"turn": 7, "start": 0, "end": 4}]}, "turn 7 of 'harbour', which has 2"),
        ({"relevant_turns": [-1]}, "turn -1 of 'harbour', which has 2"),
        ({"answer_spans": [{"turn": 1, "start": 500, "end": 504}]}, "characters 500 to 504 of turn 1 of 'harbour'"),
        ({"answer_spans": [{"turn": 1, "start": 9, "end": 5}]}, "characters 9 to 5 of turn 1"),
        ({"answer_spans": [{"turn": 1, "start": -13, "end": 5}]}, "characters -13 to 5 of turn 1"),
    ],
)
def test_a_place_that_is_not_there_is_refused(tmp_path: Path, gold: dict[str, Any], error: str) -> None:
    question = {"question": "How many cranes?", "doc_id": "harbour", "answerable": True, **gold}
    folder = write(tmp_path / "towns", [QUESTIONS[0], question], DOCUMENTS)
    with pytest.raises(QAError, match=rf"questions\.jsonl: line 2: {error}"):
        question_sets.read(folder)


def test_what_is_not_answerable_has_no_gold(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "a", "answerable": false, "must_quote": "The harbour is old."}\n')
    (asked,) = question_sets.read(file).questions
    assert not asked.has_gold and asked.must_quote == ""


def test_places_count_from_the_turn_s_first_character_be_it_a_blank(tmp_path: Path, minilm: PassageEncoder) -> None:
    text = "   \n      Yes it is. No it is not. We hold rates."
    documents = [{"doc_id": "a", "title": "", "turns": [{"speaker": "Ann Lee", "text": text}]}]
    at = text.index("No it")
    answer = {"turn": 0, "start": at, "end": at + len("No it is not.")}
    questions = [{"doc_id": "a", "question": "Is it?", "answerable": True, "answer_spans": [answer]}]
    given = question_sets.read(write(tmp_path / "blanks", questions, documents))
    held = write_documents(given, tmp_path / "files")
    index(tmp_path / "library", [tmp_path / "files"], load=lambda name: minilm)
    with Pipeline(Library(tmp_path / "library", lambda name: minilm)) as pipeline:
        (transcript,) = pipeline.library.transcripts()
        gold = Gold(given.questions[0], held["a"])
        said = [Span(transcript, *place) for place in sentences(transcript.text)]
        assert [span.quote for span in said if gold.answers(span)] == ["No it is not."]
        (passage,) = pipeline.library.passages([0])
        assert gold.relevant(passage)


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


@pytest.mark.parametrize("out", ["taken", "taken/within"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_asked(tmp_path: Path, out: str) -> None:
    folder = write(tmp_path / "towns", QUESTIONS, DOCUMENTS)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(QAError, match="taken: not a folder"):
        evaluation.run(folder, tmp_path / out, load=lambda name: pytest.fail("the model was loaded"))


def test_turns_are_found_by_each_retriever(tmp_path: Path) -> None:
    questions = [*QUESTIONS[1:2], {"question": "Who is Bo Ray?", "answerable": True, "must_quote": "The harbour has"}]
    folder = write(tmp_path / "towns", questions, DOCUMENTS)
    data, _ = evaluation.run(folder, tmp_path / "report", models=Models(fast=True), load=hashing)
    for retriever in ("lexical", "dense", "fused"):
        assert data["retrieval"][retriever]["recall of relevant turns@10"]["questions"] == 1
        assert data["retrieval"][retriever]["hit@10"]["questions"] == 2


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


def test_documents_that_no_question_names_are_searched_too(tmp_path: Path) -> None:
    folder = write(tmp_path / "towns", QUESTIONS[:1], DOCUMENTS)
    assert len(question_sets.read(folder).documents) == 2
    data, _ = evaluation.run(folder, tmp_path / "alone", models=Models(fast=True), load=hashing)
    assert data["questions"] == {"answerable": 1, "off topic": 1}


def test_a_sentence_over_several_passages_counts_once(tmp_path: Path) -> None:
    words = "The committee left the rate at five percent" + ", and it looked at prices in many towns" * 60
    turn = {"speaker": "Ann Lee", "text": f"{words}. Growth was solid."}
    document = {"doc_id": "rates", "title": "", "turns": [turn]}
    span = {"turn": 0, "start": 0, "end": len(words)}
    folder = write(tmp_path / "towns", [{**QUESTIONS[0], "answer_spans": [span]}], [document])
    data, _ = evaluation.run(folder, tmp_path / "report", models=Models(fast=True), load=hashing)
    assert data["answers"]["MAP"]["value"] == 1.0


def test_what_must_be_quoted_may_go_over_a_line() -> None:
    transcript = spoken(("Bo Ray", "The harbour has seven\ncranes, and two are in repair."))
    gold = Gold(Asked("1", "q", True, must_quote="seven cranes"), None)
    assert gold.answers(Span(transcript, *transcript.turns[0][:2]))


def test_times_are_of_what_was_searched(tmp_path: Path) -> None:
    asked = [QUESTIONS[1], {**QUESTIONS[1], "qid": "s", "question": "Who spoke?"}]
    given = question_sets.read(write(tmp_path / "towns", asked, DOCUMENTS))
    held = write_documents(given, tmp_path / "corpus")
    index(tmp_path / "library", [tmp_path / "corpus"], join=False, load=hashing)
    with Pipeline(Library(tmp_path / "library", hashing), models=Models(fast=True)) as pipeline:
        results = evaluate(given.questions, pipeline, held)
    searched, told = (result for result in results if result.group == "answerable")
    assert list(searched.seconds) == ["lexical", "dense", "search", "read", "answer"] and told.seconds == {}
    seconds = searched.seconds
    assert seconds["lexical"] + seconds["dense"] <= seconds["search"]
    assert seconds["search"] + seconds["read"] <= seconds["answer"]
    assert figures.figures([told])["speed"] == {} and figures.figures(results)["speed"]["answer"]["p50 ms"] > 0


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


def test_the_document_that_a_question_was_put_to_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "towns", QUESTIONS[:2], DOCUMENTS)
    data, _ = evaluation.run(folder, tmp_path / "report", models=Models(fast=True), load=hashing)
    assert [(row["id"], row["group"], row["put to"]) for row in data["each"]] == [
        ("a", "answerable", "rates"), ("a", "off topic", "harbour"),
        ("b", "answerable", "harbour"), ("b", "off topic", "rates"),
    ]  # fmt: skip
