from __future__ import annotations

import json
import re
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from gradio_client import Client
from gradio_client.exceptions import AppError

import qa
from qa import cli, http, verification
from qa.desk import BUSY, NO_JSON, Desk
from qa.encoder import PassageEncoder
from qa.errors import EncoderError, NotReadyError
from qa.service import Service
from tests.fakes import hashing
from tests.serving import client as serving
from tests.serving import hearing, made, served, wait_for

LIMIT = "When was the load limit lowered?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("http")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with serving(home) as client:
        yield client


def ask(client: TestClient, question: str = LIMIT, **narrowed: Any) -> dict[str, Any]:
    response = client.post("/api/v1/ask", json={"question": question, **narrowed})
    assert response.status_code == 200, response.text
    return dict(response.json())


def cited(client: TestClient) -> dict[str, Any]:
    return next(hit for hit in ask(client)["hits"] if "lowered to three tonnes" in hit["quote"])


def test_ask_and_search_give_what_the_command_line_prints(
    client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qa.commands._pipeline", lambda options: qa.open(home / "library", load=hashing))
    for command in ("ask", "search"):
        assert cli.main([command, LIMIT, "--json", "-k", "3", "--speaker", "Brandt"]) == 0
        given = {"question": LIMIT, "k": 3, "speakers": ["Brandt"], "transcripts": []}
        assert client.post(f"/api/v1/{command}", json=given).json() == json.loads(capsys.readouterr().out)


def test_speakers_transcripts_and_k_narrow(client: TestClient) -> None:
    assert {hit["speaker"] for hit in ask(client, speakers=["Okafor"])["hits"]} == {"Chair Okafor"}
    assert len(ask(client, k=1)["hits"]) == 1
    identity = client.get("/api/v1/transcripts").json()["transcripts"][0]["id"]
    assert {hit["transcript"] for hit in ask(client, transcripts=[identity])["hits"]} == {identity}


def test_the_transcripts_are_listed(client: TestClient) -> None:
    (held,) = client.get("/api/v1/transcripts").json()["transcripts"]
    assert (held["title"], held["date"]) == ("Harbour Committee, public hearing", "2024-03-12")
    assert held["speakers"] == ["Chair Okafor", "Lena Brandt"]


def test_a_quote_with_its_citation_and_the_paragraphs_around_it(client: TestClient) -> None:
    hit = cited(client)
    start, end = hit["start"], hit["start"] + 10
    where = f"/api/v1/transcripts/{hit['transcript']}/quote"
    none = client.get(where, params={"start": start, "end": end, "context": 0}).json()
    assert none["quote"] == none["citation"]["quote"] == hit["quote"][:10]
    assert [one["speaker"] for one in none["paragraphs"]] == ["Lena Brandt"]
    assert none["paragraphs"][0]["text"].startswith(none["quote"])
    one = client.get(where, params={"start": start, "end": end, "context": 1}).json()
    assert [one["speaker"] for one in one["paragraphs"]] == ["Chair Okafor", "Lena Brandt", "Chair Okafor"]
    assert client.post("/api/v1/verify", json=one["citation"]).json()[0]["status"] == "verbatim"


def test_verify_takes_a_citation_an_answer_or_a_list(client: TestClient) -> None:
    citation = cited(client)
    changed = {**citation, "quote": citation["quote"].replace("three", "four")}
    assert [r["status"] for r in client.post("/api/v1/verify", json=citation).json()] == ["verbatim"]
    both = client.post("/api/v1/verify", json={"citations": [citation, changed]}).json()
    assert [r["status"] for r in both] == ["verbatim", "altered"]
    assert both[1]["citation"] == "answer 1, citation 2"
    listed = client.post("/api/v1/verify", json=[citation, {"citations": []}, changed]).json()
    assert [r["citation"] for r in listed] == ["answer 1, citation 1", "answer 3, citation 1"]


def test_verify_reads_no_file_that_the_library_does_not_know(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.txt").write_text("Ann Lee: The code is seven.\n")
    monkeypatch.chdir(tmp_path)
    claim = {
        "sha256": "0" * 64,
        "source": "secret.txt",
        "speaker": "Ann Lee",
        "start": 9,
        "end": 20,
        "quote": "The code",
    }
    assert verification.verify(claim, None).status == "source changed"  # so the command line would find it
    assert client.post("/api/v1/verify", json=claim).json()[0]["status"] == "source missing"


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("ask", b"{", 422, NO_JSON),
        ("ask", b"[" * 100_000, 422, NO_JSON),
        ("ask", b"\xff\xfe", 422, NO_JSON),
        ("ask", b"[]", 422, NO_JSON),
        ("ask", b"{}", 422, "question: Field required"),
        ("ask", b'{"question": 7}', 422, "question: Input should be a valid string"),
        ("ask", b'{"question": "  "}', 422, "the question is empty; write one in plain words"),
        ("ask", b'{"question": "\\ud800"}', 422, "the question is not UTF-8"),
        ("ask", b'{"question": "Why?", "k": 0}', 422, "k: Input should be greater than or equal to 1"),
        ("ask", b'{"question": "Why?", "k": "3"}', 422, "k: Input should be a valid integer"),
        ("ask", b'{"question": "Why?", "K": 3}', 422, "K: Extra inputs are not permitted"),
        ("ask", b'{"question": "Why?", "speakers": "Liu"}', 422, "speakers: Input should be a valid list"),
        ("ask", b'{"question": "Why?", "speakers": ["\\ud800"]}', 422, "speakers.0: Input should be a valid string"),
        ("ask", b'{"question": "Why?", "speakers": ["Nobody"]}', 404, "no speaker 'Nobody' in the library"),
        ("search", b'{"question": "Why?", "transcripts": ["none"]}', 404, "no transcript 'none' in the library"),
        ("verify", b'{"question": "Why?"}', 422, "answer 1 has no list of citations"),
        ("verify", b'{"citations": [{"quote": "x"}]}', 422, 'answer 1, citation 1: a citation needs "sha256"'),
        ("verify", b'[{"quote": "x"}' + b', {"quote": "x"}' * 100 + b"]", 422, "101 citations; the limit is 100"),
        ("ask", b'{"question": "' + b"a" * (1 << 20) + b'"}', 413, "This is larger than the limit of 1 MB."),
        ("nothing", b"{}", 404, "POST /api/v1/nothing is not offered"),
    ],
)
def test_what_goes_wrong_is_one_line(client: TestClient, path: str, body: bytes, status: int, said: str) -> None:
    response = client.post(f"/api/v1/{path}", content=body, headers={"content-type": "application/json"})
    assert response.json()["error"].startswith(said)
    assert "\n" not in response.json()["error"]
    assert response.status_code == status


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("start=0", 422, "end: Field required"),
        ("start=x&end=1", 422, "start: Input should be a valid integer"),
        ("start=5&end=2", 422, "characters 5 to 2 are not within"),
        ("start=0&end=100000000000000000000", 422, "characters 0 to 100000000000000000000 are not within"),
        ("start=0&end=9&context=99", 422, "context: Input should be less than or equal to 20"),
    ],
)
def test_a_quote_that_is_none_is_one_line(client: TestClient, query: str, status: int, said: str) -> None:
    response = client.get(f"/api/v1/transcripts/{cited(client)['transcript']}/quote?{query}")
    assert (response.status_code, list(response.json())) == (status, ["error"])
    assert response.json()["error"].startswith(said)


def test_a_transcript_that_is_not_held_is_404(client: TestClient) -> None:
    response = client.get("/api/v1/transcripts/0000000000000000/quote?start=0&end=9")
    assert (response.status_code, response.json()) == (404, {"error": "this transcript is no longer in the library"})


@pytest.mark.parametrize("method", ["OPTIONS", "PUT"])
@pytest.mark.parametrize("path", ["transcripts", "ask", "nothing"])
def test_a_method_that_is_not_offered_is_one_line(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, f"/api/v1/{path}")
    said = {"error": f"{method} /api/v1/{path} is not offered"}
    assert (response.status_code, response.json()) == (404, said)


def test_what_can_be_read_has_a_head(client: TestClient) -> None:
    hit = cited(client)
    for path in ("transcripts", f"transcripts/{hit['transcript']}/quote?start={hit['start']}&end={hit['end']}"):
        response = client.head(f"/api/v1/{path}")
        assert (response.status_code, response.headers["content-type"]) == (200, "application/json"), path
    assert client.head("/api/v1/ask").status_code == 404


def test_a_fault_of_ours_is_one_line_without_a_traceback(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Desk, asked: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Desk, "ask", broken)
    response = client.post("/api/v1/ask", json={"question": "Why?"})
    assert (response.status_code, response.json()) == (500, {"error": "a fault in the program; its log says more"})


def test_before_the_model_is_ready_it_is_503_at_once(tmp_path: Path) -> None:
    loading = threading.Event()

    def slow(name: str) -> PassageEncoder:
        loading.wait()
        return hashing(name)

    hearing(tmp_path)
    with TestClient(made(Service(tmp_path / "library", tmp_path / "talks", slow))) as client:
        response = client.post("/api/v1/ask", json={"question": "Why?"})
        assert (response.status_code, response.headers["retry-after"]) == (503, "10")
        assert response.json() == {"error": "the model is still loading; ask again in a minute"}
        loading.set()


def test_a_model_that_does_not_load_is_503(tmp_path: Path) -> None:
    def broken(name: str) -> PassageEncoder:
        raise EncoderError("no such model")

    hearing(tmp_path)
    service = Service(tmp_path / "library", tmp_path / "talks", broken)
    with TestClient(made(service)) as client:
        wait_for(lambda: service.status() == "no such model")
        response = client.post("/api/v1/ask", json={"question": "Why?"})
        assert (response.status_code, response.json()) == (503, {"error": "no such model"})


def test_more_questions_than_can_wait_are_turned_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import anyio

    service = hearing(tmp_path)
    service.start()
    wait_for(lambda: service.status() == "ready")
    answering, refused = threading.Event(), []
    monkeypatch.setattr("qa.desk._WAITING", 2)
    monkeypatch.setattr(service, "transcript", lambda identity: answering.wait() and (_ for _ in ()).throw(KeyError()))
    desk = Desk(service, 1)

    async def one() -> None:
        try:
            await desk.quote("x", 0, 1)
        except NotReadyError as error:
            refused.append(str(error))
            answering.set()
        except KeyError:
            pass

    async def many() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(one)

    anyio.run(many)
    assert refused == [BUSY]


def test_gradio_client_asks_and_searches_by_name(home: Path, tmp_path: Path) -> None:
    with served(tmp_path) as address:
        record = Client(address, verbose=False)
        named = record.view_api(return_format="dict", print_info=False)
        assert sorted(named["named_endpoints"]) == ["/ask", "/search"]
        assert named["unnamed_endpoints"] == {}
        answer = record.predict(LIMIT, api_name="/ask")
        assert answer["question"] == LIMIT
        assert answer["hits"]
        (hit,) = record.predict("crane at night", k=1, speakers=["Brandt"], api_name="/search")["hits"]
        assert hit["speaker"] == "Lena Brandt"
        for wrong, said in (({"k": 0}, "k: Input should be"), ({"speakers": ["Nobody"]}, "no speaker 'Nobody'")):
            with pytest.raises(AppError, match=said):
                record.predict(LIMIT, api_name="/ask", **wrong)


def test_the_documented_requests_are_answered(client: TestClient) -> None:
    lines = re.findall(r"^    (curl .*)$", http.__doc__ or "", re.MULTILINE)
    assert len(lines) == 6
    answer = json.dumps(ask(client))
    identity = cited(client)["transcript"]
    for line in lines:
        words = shlex.split(re.sub(r" >\S+", "", line).replace("Liu", "Brandt").replace("7d39b40bddcf2d85", identity))
        url = words[1].replace("$B", "/api/v1").replace("start=2000&end=2040", f"start={cited(client)['start']}&end="
                                                        f"{cited(client)['end']}")  # fmt: skip
        if "-d" not in words:
            response = client.get(url)
        else:
            data = words[words.index("-d") + 1].replace("@answer.json", answer)
            response = client.post(url, content=data, headers={"content-type": "application/json"})
        assert response.status_code == 200, (line, response.text)
