from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import qa
from qa.encoder import PassageEncoder
from qa.errors import EncoderError, LibraryError
from qa.indexing import index
from qa.service import Service, blocks, example_questions
from qa.transcripts import MAX_BYTES, read
from tests.fakes import hashing, spoken, write_hearing


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "talks").mkdir()
    write_hearing(tmp_path / "talks")
    return tmp_path / "talks"


def test_the_page_answers_before_the_model_is_loaded(tmp_path: Path, folder: Path) -> None:
    from app import create_app

    loading = threading.Event()

    def slow(name: str) -> PassageEncoder:
        loading.wait()
        return hashing(name)

    service = Service(tmp_path / "library", folder, slow)
    with TestClient(create_app(service)) as client:
        assert client.get("/").status_code == 200
        assert client.get("/healthz").json() == {"status": "ok"}
        unready = client.get("/readyz")
        assert (unready.status_code, unready.json()) == (503, {"status": "loading"})
        loading.set()
        wait_for(lambda: client.get("/readyz").status_code == 200)
    assert service.ask("When was the load limit lowered?").hits


MANY = 60  # more than the server has threads for its routes


def test_who_waits_for_the_model_does_not_hold_up_the_page(tmp_path: Path, folder: Path) -> None:
    from app import create_app

    loading = threading.Event()

    def slow(name: str) -> PassageEncoder:
        loading.wait()
        return hashing(name)

    with TestClient(create_app(Service(tmp_path / "library", folder, slow))) as client, ThreadPoolExecutor() as pool:
        waiting = [threading.Thread(target=client.get, args=[f"/transcripts{n % 2 * '/x'}"]) for n in range(MANY)]
        try:
            for thread in waiting:
                thread.start()
            time.sleep(1)  # all have arrived: if not, the test passes
            assert pool.submit(client.get, "/").result(timeout=30).status_code == 200
            assert all(thread.is_alive() for thread in waiting)
        finally:
            loading.set()
        for thread in waiting:
            thread.join()


def test_files_that_are_read_do_not_hold_up_the_page(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import create_app

    let = threading.Event()
    monkeypatch.setattr(Service, "inspect", lambda *given: let.wait() and None)
    with TestClient(create_app(Service(tmp_path / "library", folder, hashing))) as client, ThreadPoolExecutor() as pool:
        wait_for(lambda: client.get("/readyz").status_code == 200)
        send = partial(client.post, "/transcripts/inspect?name=a.txt", content=TALK, headers=OURS)
        reading = [threading.Thread(target=send) for _ in range(MANY)]
        try:
            for thread in reading:
                thread.start()
            time.sleep(1)
            assert pool.submit(client.get, "/transcripts").result(timeout=30).json()["transcripts"]
        finally:
            let.set()
        for thread in reading:
            thread.join()


def test_security_headers_and_nothing_of_the_makers(tmp_path: Path, folder: Path) -> None:
    from app import create_app

    with TestClient(create_app(Service(tmp_path / "library", folder, hashing))) as client:
        page = client.get("/")
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        assert client.get("/page/style.css").status_code == 200
        for closed in ("/docs", "/monitoring/summary", "/gradio_api/runs", "/page/../app.py"):
            assert client.get(closed).status_code in (403, 404), closed


def test_a_model_that_does_not_load_is_said_and_not_waited_for(tmp_path: Path, folder: Path) -> None:
    def broken(name: str) -> PassageEncoder:
        raise EncoderError("no such model")

    service = Service(tmp_path / "library", folder, broken)
    service.start()
    wait_for(lambda: service.status() == "no such model")
    with pytest.raises(LibraryError, match="no such model"):
        service.ask("Why?")


def test_blocks_show_every_spoken_character_at_its_offset() -> None:
    transcript = spoken(("A", "One 😀.\n\nTwo."), ("B", "Three."), title="T t", date="2024-01-01")
    shown = blocks(transcript)
    assert [block["speaker"] for block in shown] == ["", "", "A", "", "B"]
    assert [block["paragraph"] for block in shown] == [0, 0, 1, 2, 3]
    for block in shown:
        assert transcript.text[block["start"] : block["end"]] == block["text"]  # type: ignore[misc]


def test_the_examples_are_about_the_shipped_transcript(corpus: Path) -> None:
    from app import SHIPPED

    assert [read(file).id for file in corpus.iterdir()] == [SHIPPED]


def test_example_questions_come_from_the_structure() -> None:
    transcript = spoken(("Reuters", "Will rates rise?"), ("Chair", "No."), date="2024-01-01")
    assert example_questions([transcript]) == ["What did Reuters ask?", "When was this?"]
    assert example_questions([]) == []


def test_nothing_but_a_question_uses_the_queue(tmp_path: Path, folder: Path) -> None:
    """Gradio loses an event that is sent while the queue's event stream closes; a question must not meet that."""
    from app import create_app

    with TestClient(create_app(Service(tmp_path / "library", folder, hashing))) as client:
        events = client.get("/config").json()["dependencies"]
    queued = [event["targets"] for event in events if event["queue"] is not False]
    assert [event for targets in queued for _, event in targets] == ["submit", "example"]


OURS = {"X-On-The-Record": "1"}
TALK = b"Ann Lee: Will the ferry run in winter?\n\nBen Ray: The ferry runs until November and again from March.\n"


@pytest.fixture
def client(tmp_path: Path, folder: Path) -> Iterator[TestClient]:
    from app import create_app

    with TestClient(create_app(Service(tmp_path / "library", folder, hashing))) as client:
        wait_for(lambda: client.get("/readyz").status_code == 200)
        yield client


def test_a_file_is_reported_on_then_added_then_found(client: TestClient, tmp_path: Path) -> None:
    asked = client.post("/transcripts/inspect?name=ferry.txt", content=TALK, headers=OURS).json()
    assert [speaker["label"] for speaker in asked["report"]["speakers"]] == ["Ann Lee", "Ben Ray"]
    assert not (tmp_path / "library" / "uploads").exists()
    added = client.post("/transcripts?name=ferry.txt", content=TALK, headers=OURS).json()
    library = qa.open(tmp_path / "library").library
    assert library.transcript(added["transcript"]).source == "ferry.txt"
    again = client.post("/transcripts/inspect?name=other.txt", content=TALK, headers=OURS).json()
    assert again == {"error": "other.txt: already in the library, as ferry.txt"}
    again = client.post("/transcripts/inspect?name=ferry.md", content=TALK, headers=OURS).json()
    assert again["error"].endswith("already in the library, as ferry.txt; delete that to have it read as .md")


def test_another_file_of_the_same_name_does_not_replace_the_first(client: TestClient, tmp_path: Path) -> None:
    for content in (TALK, TALK.replace(b"March", b"April")):
        assert "error" not in client.post("/transcripts?name=ferry.txt", content=content, headers=OURS).json()
    assert sorted(file.name for file in (tmp_path / "library" / "uploads").iterdir()) == ["ferry-2.txt", "ferry.txt"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("talk.json", b"{", "talk.json: "),
        ("talk.exe", b"MZ", "talk.exe: cannot read .exe"),
        ("talk.txt", b"", "talk.txt: "),
        ("../../talk.txt", TALK * 0, "talk.txt: "),
        ("big.txt", b"a" * (MAX_BYTES + 1), "over the limit of 64 MB"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_kept(
    client: TestClient, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    for where in ("/transcripts/inspect", "/transcripts"):
        answer = client.post(where, params={"name": name}, content=content, headers=OURS)
        assert answer.json()["error"].startswith(said)
    kept = tmp_path / "library" / "uploads"
    assert not kept.exists() or not list(kept.iterdir())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/ferry.txt", "ferry.txt"),
        ("C:\\talks\\ferry.txt", "ferry.txt"),
        ("<img src=x>.txt", "_img src_x_.txt"),
        ("記者會.txt", "記者會.txt"),
        (".txt", "transcript.txt"),
        ("會" * 105 + ".markdown", "會" * 66 + ".markdown"),
    ],
)
def test_a_files_name_is_made_safe(client: TestClient, tmp_path: Path, name: str, kept: str) -> None:
    assert "error" not in client.post("/transcripts", params={"name": name}, content=TALK, headers=OURS).json()
    assert [file.name for file in (tmp_path / "library" / "uploads").iterdir()] == [kept]


def test_what_cannot_be_written_is_said_and_not_kept(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[:9])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write)
    answer = client.post("/transcripts?name=ferry.txt", content=TALK, headers=OURS).json()
    assert answer == {"error": "ferry.txt: No space left on device"}
    assert list((tmp_path / "library" / "uploads").iterdir()) == []


def test_what_was_being_added_when_the_program_was_killed_is_deleted(client: TestClient, tmp_path: Path) -> None:
    kept = tmp_path / "library" / "uploads"
    client.post("/transcripts?name=ferry.txt", content=TALK, headers=OURS)
    (kept / "lost.txt").write_bytes(TALK[:9])
    for name in ("ferry.txt", "lost.txt"):  # the one was indexed before, the other was not
        (kept / f".adding-{name}").touch()
    (kept / "mine.txt").write_text("nothing that was added here")
    client.post("/transcripts?name=other.txt", content=TALK.replace(b"March", b"April"), headers=OURS)
    assert sorted(file.name for file in kept.iterdir()) == ["ferry.txt", "mine.txt", "other.txt"]


def test_no_other_sites_page_can_add(client: TestClient) -> None:
    assert client.post("/transcripts?name=ferry.txt", content=TALK).status_code == 403


def test_a_read_only_page_takes_no_file(tmp_path: Path, folder: Path) -> None:
    from app import create_app

    with TestClient(create_app(Service(tmp_path / "library", folder, hashing), read_only=True)) as client:
        assert client.post("/transcripts?name=ferry.txt", content=TALK, headers=OURS).status_code in (404, 405)
        wait_for(lambda: client.get("/readyz").status_code == 200)
        (held,) = client.get("/transcripts").json()["transcripts"]
        assert client.delete(f"/transcripts/{held['id']}", headers=OURS).status_code in (404, 405)


def test_the_list_says_who_speaks_and_what_can_be_deleted(client: TestClient) -> None:
    client.post("/transcripts?name=ferry.txt", content=TALK, headers=OURS)
    found = client.get("/transcripts").json()
    assert ".pdf" in found["endings"]
    ferry, hearing = found["transcripts"]
    assert (ferry["title"], ferry["speakers"], ferry["deletable"]) == ("ferry", ["Ann Lee", "Ben Ray"], True)
    assert (hearing["date"], hearing["words"], hearing["deletable"]) == ("2024-03-12", 66, False)


def test_the_list_names_each_person_once(client: TestClient) -> None:
    said = b"Mayor Lee: The ferry runs.\n\nBen Ray: When?\n\nMAYOR LEE: In winter.\n\nBEN RAY: Thank you.\n"
    client.post("/transcripts?name=ferry.txt", content=said, headers=OURS)
    assert client.get("/transcripts").json()["transcripts"][0]["speakers"] == ["Mayor Lee", "Ben Ray"]


def test_adding_tells_how_far_it_is(client: TestClient) -> None:
    accept = {**OURS, "Accept": "application/x-ndjson"}
    answer = client.post("/transcripts?name=ferry.txt", content=TALK, headers=accept)
    *steps, last = [json.loads(line) for line in answer.text.splitlines()]
    assert steps and all(step["done"] <= step["total"] for step in steps)
    assert list(last) == ["transcript"]
    again = client.post("/transcripts?name=ferry.txt", content=TALK, headers=accept).text.splitlines()
    assert [json.loads(line) for line in again] == [{"error": "ferry.txt: already in the library, as ferry.txt"}]


def test_what_is_deleted_is_nowhere_any_more(client: TestClient, tmp_path: Path) -> None:
    content = b"Ann Lee: Will the zeppelin run in winter?\n\nBen Ray: The zeppelin runs until November.\n"
    added = client.post("/transcripts?name=ferry.txt", content=content, headers=OURS).json()["transcript"]
    span = {"start": 9, "end": 30}
    citation = client.get(f"/transcripts/{added}", params=span).json()["citation"]
    assert client.post("/verify", json=citation, headers=OURS).json()["result"] == "verbatim"
    assert client.delete(f"/transcripts/{added}", headers=OURS).json() == {"deleted": "ferry"}
    assert added not in [one["id"] for one in client.get("/transcripts").json()["transcripts"]]
    assert client.get(f"/transcripts/{added}").json() == {"error": "this transcript is no longer in the library"}
    assert client.post("/verify", json=citation, headers=OURS).json()["result"] == "source missing"
    hits = client.post("/api/v1/search", json={"question": "zeppelin in winter"}).json()["hits"]
    assert added not in [hit["transcript"] for hit in hits]
    left = [file for file in (tmp_path / "library").rglob("*") if file.is_file()]
    assert not [file for file in left if b"zeppelin" in file.read_bytes().lower()]
    assert client.delete(f"/transcripts/{added}", headers=OURS).json()["error"].endswith("no longer in the library")


def test_what_a_folder_would_bring_back_is_not_deleted(client: TestClient) -> None:
    (hearing,) = client.get("/transcripts").json()["transcripts"]
    said = client.delete(f"/transcripts/{hearing['id']}", headers=OURS).json()["error"]
    assert said == f"{hearing['title']}: comes from a folder that is indexed; remove its file there"
    assert client.get("/transcripts").json()["transcripts"] == [hearing]


def test_the_last_transcript_can_be_deleted_and_another_added(tmp_path: Path, folder: Path) -> None:
    service = Service(tmp_path / "library", folder, hashing)
    service.start()
    added = service.add("ferry.txt", TALK)
    index(tmp_path / "library", [], remove=[folder], load=hashing)
    service.remove(added.id)
    assert service.overview() == []
    assert service.ask("Will the ferry run?").outcome == "not_in_record"
    service.add("ferry.txt", TALK)
    assert [one["title"] for one in service.overview()] == ["ferry"]


def test_no_other_sites_page_can_delete(client: TestClient) -> None:
    added = client.post("/transcripts?name=ferry.txt", content=TALK, headers=OURS).json()["transcript"]
    assert client.delete(f"/transcripts/{added}").status_code == 403
    foreign = {**OURS, "Origin": "http://example.org"}
    assert client.delete(f"/transcripts/{added}", headers=foreign).status_code == 403
    assert len(client.get("/transcripts").json()["transcripts"]) == 2
