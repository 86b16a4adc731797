"""Feedback on answers: kept in the library's folder, in the record's words, as questions that `qa eval` reads."""

from __future__ import annotations

import json
import multiprocessing
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa import evaluation, feedback, figures, question_sets, structure
from qa.errors import QAError
from tests.fakes import as_json, hashing, write_hearing
from tests.serving import client as serving
from tests.serving import hearing, made, wait_for

OURS = {"X-On-The-Record": "1"}
HOSTILE = '<script>1</script>\n{"question": "forged", "right": true}\u2028 👩‍👩‍👧'


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as client:
        yield client


def judge(client: TestClient, question: str, right: bool | None, note: str = "", **other: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/ask", json={"question": question}).json()
    body = {"id": uuid.uuid4().hex, "question": question, "right": right, "note": note,
            "citations": answer["citations"], **other}  # fmt: skip
    given = client.post("/feedback", json=body, headers=OURS)
    assert given.json() == {"kept": True}, given.text
    return answer


def kept(home: Path) -> tuple[question_sets.Asked, ...]:
    return question_sets.read(home / "library" / feedback.FILE).questions


def test_feedback_is_a_question_set(client: TestClient, tmp_path: Path) -> None:
    when, bread = "When was the load limit lowered?", "How do I bake sourdough?"
    answer = judge(client, when, True)
    judge(client, bread, True)
    judge(client, when, False, "too long")
    judge(client, bread, False)
    first = answer["citations"][0]["quote"]
    right, refused, wrong, missed = kept(tmp_path)
    assert (right.answerable, right.must_quote) == (True, first)
    assert (refused.answerable, refused.must_quote) == (False, "")
    assert (wrong.answerable, wrong.not_these[0]) == (None, first), "these quotes must not come again"
    assert (missed.answerable, missed.kind) == (True, "marked wrong"), "something should have been quoted"


def test_eval_reports_on_feedback(client: TestClient, tmp_path: Path) -> None:
    judge(client, "When was the load limit lowered?", True)
    judge(client, "How do I bake sourdough?", True)
    judge(client, "Does the crane work at night?", False)
    file = tmp_path / "library" / feedback.FILE
    data, _ = evaluation.run(file, tmp_path / "report", corpus=tmp_path / "talks", load=hashing)
    assert data["questions"] == {"answerable": 1, "adversarial": 1, "unknown": 1}
    assert data["each"][0]["measures"]["right first"] == 1.0


def test_the_last_word_on_an_answer_counts(client: TestClient, tmp_path: Path) -> None:
    mine, other = uuid.uuid4().hex, uuid.uuid4().hex
    question = "When was the load limit lowered?"
    for right in (True, False):
        judge(client, question, right, id=mine)
    judge(client, question, True, id=other)
    judge(client, question, None, id=other)
    (asked,) = kept(tmp_path)
    assert (asked.id, asked.kind) == (mine, "marked wrong")


def test_the_words_kept_are_the_records(client: TestClient, tmp_path: Path) -> None:
    question = "When was the load limit lowered?"
    claim = client.post("/api/v1/ask", json={"question": question}).json()["citations"][0]
    body = {"id": "0" * 32, "question": question, "right": True, "citations": [{**claim, "quote": "Never."}]}
    refused = client.post("/feedback", json=body, headers=OURS)
    assert refused.status_code == 422 and "no longer in the record" in refused.json()["error"]
    assert not (tmp_path / "library" / feedback.FILE).exists()


def test_what_was_shown_instead_of_an_answer_must_not_come_again(client: TestClient, tmp_path: Path) -> None:
    question = "When was the load limit lowered?"
    answer = client.post("/api/v1/ask", json={"question": question}).json()
    shown, chosen = answer["citations"][:1], [answer["citations"][0]["transcript"]]
    body = {"id": "b" * 32, "question": question, "right": False, "exchange": shown, "transcripts": chosen}
    assert client.post("/feedback", json=body, headers=OURS).json() == {"kept": True}
    (asked,) = kept(tmp_path)
    assert (asked.answerable, asked.not_these) == (None, (shown[0]["quote"],))
    assert asked.transcripts == tuple(chosen), "what was asked of one transcript is asked of it again"
    data, _ = evaluation.run(tmp_path / "library" / feedback.FILE, tmp_path / "report", library=tmp_path / "library",
                             load=hashing)  # fmt: skip
    assert data["each"][0]["measures"][figures.CAME_AGAIN] == 1.0


def test_a_judgement_is_taken_back_when_the_record_has_changed(client: TestClient, tmp_path: Path) -> None:
    question, mine = "When was the load limit lowered?", uuid.uuid4().hex
    answer = judge(client, question, True, id=mine)
    judge(client, "Does the crane work at night?", True)
    gone = [{**claim, "quote": "Never."} for claim in answer["citations"]]
    body = {"id": mine, "question": question, "right": None, "citations": gone}
    assert client.post("/feedback", json=body, headers=OURS).json() == {"kept": True}
    assert [asked.question for asked in kept(tmp_path)] == ["Does the crane work at night?"]


def test_a_line_without_its_end_harms_no_other(client: TestClient, tmp_path: Path) -> None:
    judge(client, "When was the load limit lowered?", True)
    file = tmp_path / "library" / feedback.FILE
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    judge(client, "Does the crane work at night?", True)
    assert len(kept(tmp_path)) == 2


def test_hostile_notes_and_questions_stay_one_line_each(client: TestClient, tmp_path: Path) -> None:
    body = {"id": "a" * 32, "question": HOSTILE, "right": True, "note": HOSTILE}
    assert client.post("/feedback", json=body, headers=OURS).json() == {"kept": True}
    (line,) = (tmp_path / "library" / feedback.FILE).read_text().splitlines()
    assert json.loads(line)["note"] == HOSTILE
    (asked,) = kept(tmp_path)
    assert asked.question == HOSTILE


def test_the_longest_answer_is_judged_exported_and_verified(tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    turns = ((f"Paper {i}", f"What is number {i}?") for i in range(66))
    (tmp_path / "talks" / "press.json").write_bytes(as_json(*turns, title="Press " * 100))
    (tmp_path / "talks" / "more.json").write_bytes(as_json(("Ann Lee", "How are exports?"), title="More " * 100))
    with serving(tmp_path) as client:
        answer = judge(client, "How many questions were asked?", True)
        assert len(answer["citations"]) == structure.MOST and len(answer["note"]) > 1000
        exported = client.post("/export/json", json={"answers": [answer]}, headers=OURS).json()
        assert len(exported[0]["citations"]) == structure.MOST and exported[0]["note"] == answer["note"]
        assert len(client.post("/api/v1/verify", json=answer).json()) == structure.MOST


def test_what_is_no_feedback_is_refused(client: TestClient, tmp_path: Path) -> None:
    good: dict[str, Any] = {"id": "a" * 32, "question": "Why?", "right": True}
    for wrong in ({"id": "../x"}, {"question": ""}, {"question": "q" * 2001}, {"note": "n" * 1001}, {"right": "maybe"},
                  {"citations": [{}]}, {"citations": {}}):  # fmt: skip
        given = client.post("/feedback", json={**good, **wrong}, headers=OURS)
        assert given.status_code == 422 and given.json()["error"], wrong
    assert client.post("/feedback", json=good).status_code == 403
    assert not (tmp_path / "library" / feedback.FILE).exists()


def test_a_read_only_page_keeps_no_feedback(tmp_path: Path) -> None:
    service = hearing(tmp_path)
    with TestClient(made(service, read_only=True)) as client:
        wait_for(lambda: service.status() == "ready")
        body = {"id": "a" * 32, "question": "Why?", "right": True}
        assert client.post("/feedback", json=body, headers=OURS).status_code in (404, 405)
        assert client.post("/export/json", json={"answers": [{"question": "Why?"}]}, headers=OURS).status_code == 200


def _write(folder: Path, name: int) -> None:
    for number in range(50):
        feedback.append(folder, {"question": f"{name}-{number}", "right": True, "note": "n" * 900})


def test_lines_of_many_writers_never_mix(tmp_path: Path) -> None:
    write_hearing(tmp_path)
    processes = [multiprocessing.get_context("spawn").Process(target=_write, args=(tmp_path, n)) for n in range(2)]
    threads = [threading.Thread(target=_write, args=(tmp_path, n)) for n in range(2, 6)]
    for one in (*processes, *threads):
        one.start()
    for one in (*processes, *threads):
        one.join()
    lines = (tmp_path / feedback.FILE).read_bytes().splitlines()
    assert {json.loads(line)["question"] for line in lines} == {f"{n}-{i}" for n in range(6) for i in range(50)}


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    feedback.append(tmp_path, {"question": "a"}, most=40)
    with pytest.raises(QAError, match="has reached"):
        feedback.append(tmp_path, {"question": "b" * 40}, most=40)
    assert json.loads((tmp_path / feedback.FILE).read_text()) == {"question": "a"}
    with pytest.raises(QAError, match="No such file"):
        feedback.append(tmp_path / "nowhere", {})
