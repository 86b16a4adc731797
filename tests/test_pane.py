"""What the page's transcript is given: blocks, citations of links, and checks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa import citations, transcripts
from qa.events import join
from qa.service import Service, blocks
from qa.types import Span, Transcript
from tests.fakes import hashing, spoken, write_hearing

OURS = {"X-On-The-Record": "1"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "talks").mkdir()
    return write_hearing(tmp_path / "talks")


@pytest.fixture
def transcript(file: Path) -> Transcript:
    return transcripts.read(file, "talks/hearing.json")


@pytest.fixture
def client(file: Path, tmp_path: Path) -> Iterator[TestClient]:
    from app import create_app

    with TestClient(create_app(Service(tmp_path / "library", file.parent, hashing), read_only=True)) as client:
        while client.get("/readyz").status_code == 503:
            time.sleep(0.02)
        assert client.get("/readyz").json() == {"status": "ready"}
        yield client


def verify(client: TestClient, claim: Any) -> dict[str, Any]:
    content = claim if isinstance(claim, bytes) else json.dumps(claim)
    answer = client.post("/verify", content=content, headers=OURS)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def cited(transcript: Transcript, paragraph: int = 2) -> dict[str, Any]:
    start, end = transcript.paragraphs[paragraph - 1]
    return citations.to_dict(Span(transcript, start, end - 4))


# -- blocks ------------------------------------------------------------------------------------------------------------


def test_blocks_and_what_stands_between_give_every_turn_whole() -> None:
    transcript = spoken(("A", "One 😀.\n\nTwo.\n\nThree."), ("", "Four."), ("A", "Five.\n\nSix."), title="T")
    shown = blocks(transcript)
    for number, turn in enumerate(transcript.turns):
        own = [block for block in shown if block["turn"] == number]
        assert "".join(f"{block['text']}{block['after']}" for block in own) == transcript.text[turn.start : turn.end]
        assert [block["speaker"] for block in own] == [turn.speaker] + [""] * (len(own) - 1)


def test_labels_of_one_person_have_one_name() -> None:
    shown = blocks(spoken(("Mayor Lee", "One.\n\nTwo."), ("Clerk", "Three."), ("MAYOR LEE", "Four."), ("", "Five.")))
    assert [block["speaker"] for block in shown] == ["Mayor Lee", "", "Clerk", "MAYOR LEE", ""]
    assert [block["person"] for block in shown] == ["Mayor Lee", "", "Clerk", "Mayor Lee", ""]


def test_a_page_is_named_where_it_begins() -> None:
    pages = [spoken(("A", "One.\n\nTwo."), source="t-1.json"), spoken(("A", "Three."), source="t-2.json")]
    shown = blocks(join(pages, ["1", "2"]))
    assert [block["page"] for block in shown if block["paragraph"]] == ["1", "", "2"]
    assert {block["page"] for block in blocks(spoken(("A", "One."), ("B", "Two.")))} == {""}


# -- GET /transcripts/ID -----------------------------------------------------------------------------------------------


def test_a_transcript_is_given_with_the_citation_asked_for(client: TestClient, transcript: Transcript) -> None:
    claim = cited(transcript)
    place = {"start": claim["start"], "end": claim["end"]}
    found = client.get(f"/transcripts/{transcript.id}", params=place).json()
    assert found["citation"] == claim
    assert found["blocks"] == json.loads(json.dumps(blocks(transcript)))
    assert found["language"] == transcript.language
    assert verify(client, found["citation"])["result"] == "verbatim"


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (5, 5), (9, 3), (-3, 4), (0, 10**9), (10**9, 10**9 + 1), (0, 10**40)]
)
def test_what_is_no_passage_has_no_citation(client: TestClient, transcript: Transcript, start: int, end: int) -> None:
    found = client.get(f"/transcripts/{transcript.id}", params={"start": start, "end": end}).json()
    assert found["id"] == transcript.id
    assert found["citation"] is None


def test_words_of_two_speakers_are_no_passage(client: TestClient, transcript: Transcript) -> None:
    start, end = transcript.paragraphs[0].start, transcript.paragraphs[1].end
    assert client.get(f"/transcripts/{transcript.id}?start={start}&end={end}").json()["citation"] is None


def test_a_transcript_that_is_not_there_is_said(client: TestClient) -> None:
    assert client.get("/transcripts/none").json() == {"error": "this transcript is no longer in the library"}


# -- POST /verify ------------------------------------------------------------------------------------------------------


def test_a_citation_is_checked_against_the_file_as_it_is_now(
    client: TestClient, transcript: Transcript, file: Path
) -> None:
    claim = cited(transcript)
    carried = {key: claim[key] for key in ("sha256", "source", "start", "end")}
    assert verify(client, claim) == {
        "result": "verbatim", "detail": f"characters {claim['start']}-{claim['end']} of {claim['source']}", **carried
    }  # fmt: skip
    assert verify(client, {**claim, "speaker": "Chair Okafor"})["result"] == "misattributed"
    assert verify(client, {**claim, "start": claim["start"] - 1, "end": claim["end"] - 1})["result"] == "moved"
    assert verify(client, {**claim, "quote": "It was never lowered."})["result"] == "altered"
    file.write_bytes(file.read_bytes().replace(b"three tonnes", b"thirty tonnes"))
    assert verify(client, claim)["result"] == "source changed"
    file.unlink()
    assert verify(client, claim)["result"] == "source missing"


def test_only_files_of_the_library_are_looked_at(
    client: TestClient, transcript: Transcript, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "elsewhere" / "secret.json"
    secret.parent.mkdir()
    secret.write_bytes((tmp_path / "talks" / "hearing.json").read_bytes().replace(b"three", b"nine"))
    monkeypatch.chdir(secret.parent)
    other = transcripts.read(secret, "secret.json")
    for source in ("secret.json", str(secret), "../elsewhere/secret.json"):
        assert verify(client, {**cited(other), "source": source})["result"] == "source missing"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"[" * 100_000, b'{"quote": 1}', b"\xff", b"{}"])
def test_what_is_no_citation_is_said(client: TestClient, content: bytes) -> None:
    assert set(verify(client, content)) == {"error"}


def test_half_a_surrogate_and_a_flood_are_no_citation(client: TestClient, transcript: Transcript) -> None:
    assert "surrogate" in verify(client, {**cited(transcript), "quote": "\ud83d"})["error"]
    assert client.post("/verify", content=b"[" + b" " * (1 << 20), headers=OURS).status_code == 413


def test_no_other_sites_page_can_have_it_checked(client: TestClient, transcript: Transcript) -> None:
    assert client.post("/verify", json=cited(transcript)).status_code == 403
