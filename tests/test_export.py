"""A conversation exported: every quote from the library and not from the browser, and text is never markup."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa import citations, export, indexing
from qa.cli import main
from qa.errors import CitationError
from qa.inputs import claims_in
from qa.library import Library
from qa.recheck import Recheck
from qa.render import answer_to_dict
from qa.types import Answer, Range, Span
from tests.fakes import as_json, hashing, write_hearing
from tests.serving import client as serving

OURS = {"X-On-The-Record": "1"}
NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
PAGE = "http://127.0.0.1:7860/"
HOSTILE = "</title><script>alert(1)</script> [a](javascript:alert) \u202e `x` & \"q\" 'p' <!-- 記者會 👩‍👩‍👧"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "talks"
    folder.mkdir()
    write_hearing(folder)
    indexing.index(tmp_path / "library", [folder], load=hashing)
    return Library(tmp_path / "library", hashing)


def span(library: Library, words: str) -> Span:
    (transcript,) = library.transcripts()
    start = transcript.text.index(words)
    return Span(transcript, start, start + len(words))


def answer(library: Library, *quotes: str, question: str = "When?", note: str = "") -> dict[str, Any]:
    return answer_to_dict(Answer(question, tuple(span(library, q) for q in quotes), (), 0.8, note=note, threshold=0.25))


def written(kind: str, library: Library, *answers: dict[str, Any]) -> str:
    return export.write(kind, export.reread(answers, library), PAGE, NOW).decode()


class Tags(HTMLParser):
    """What a browser would see: the tags, and the text that is no style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_each_form_holds_question_quote_speaker_and_place(library: Library) -> None:
    given = answer(library, "It was lowered to three tonnes on 4 November 2022.")
    for kind in ("markdown", "html"):
        text = written(kind, library, given)
        for part in ("When?", "three tonnes on 4 November 2022", "Lena Brandt", "2024-05-06, 07:08 UTC"):
            assert part in text.replace("\\", ""), kind
    assert "Asked by Chair Okafor" in written("html", library, given)


def test_the_page_shows_the_words_around_the_quote(library: Library) -> None:
    page = written("html", library, answer(library, "The operators were told in writing the same week."))
    assert "<mark>The operators were told in writing the same week.</mark>" in page
    assert "It was lowered to three tonnes" in page and "a mistake." in page


def saying(folder: Path, said: str) -> Library:
    """One speaker's words, indexed."""
    (folder / "talks").mkdir()
    (folder / "talks" / "a.json").write_bytes(as_json(("A", said)))
    indexing.index(folder / "library", [folder / "talks"], load=hashing)
    return Library(folder / "library", hashing)


def test_a_long_paragraph_is_cut_around_the_quote(tmp_path: Path) -> None:
    library = saying(tmp_path, f"{'Before this. ' * 200}The ferry runs. {'Behind it. ' * 200}")
    page = written("html", library, answer(library, "The ferry runs."))
    shown = page.partition("<blockquote")[2].partition("</blockquote>")[0]
    assert "… " in shown and " …" in shown and len(shown) < 1400


def test_the_json_is_what_verify_takes(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [answer(library, "The crane does not work at night."), answer(library, "three tonnes")]
    file = tmp_path / "conversation.json"
    file.write_text(written("json", library, *given), encoding="utf-8")
    assert len(list(claims_in(json.loads(file.read_text())))) == 2
    assert main(["verify", str(file), "--index", str(tmp_path / "library")]) == 0
    assert capsys.readouterr().out.count("verbatim") == 2


def test_a_browsers_words_are_never_believed(library: Library) -> None:
    forged = answer(library, "The crane does not work at night.")
    forged["citations"][0]["quote"] = "The crane works every night."
    renamed = answer(library, "The crane does not work at night.")
    renamed["citations"][0]["speaker"] = "Somebody Else"
    for kind in export.KINDS:
        text = written(kind, library, forged, renamed)
        assert "every night" not in text and "Somebody Else" not in text
        assert text.count("altered") == 1 and text.count("misattributed") == 1


@pytest.mark.parametrize("change", ["rewritten", "removed"])
def test_a_quote_whose_source_changed_is_exported_as_such(library: Library, tmp_path: Path, change: str) -> None:
    given = answer(library, "It was lowered to three tonnes on 4 November 2022.")
    if change == "rewritten":
        write_hearing(tmp_path / "talks", load="nine tonnes")
    else:
        (tmp_path / "talks" / "hearing.json").unlink()
    status = "source changed" if change == "rewritten" else "source missing"
    for kind in export.KINDS:
        text = written(kind, library, given)
        assert "three tonnes" not in text and status in text
    (kept,) = json.loads(written("json", library, given))
    assert kept["citations"] == [] and [lost["status"] for lost in kept["lost"]] == [status]


def test_a_transcript_that_left_the_library_is_lost_too(library: Library, tmp_path: Path) -> None:
    given = answer(library, "The crane does not work at night.")
    write_hearing(tmp_path / "talks", load="nine tonnes")
    indexing.index(tmp_path / "library", [tmp_path / "talks"], load=hashing)
    assert "source changed" in written("html", Library(tmp_path / "library", hashing), given)


def test_blanks_around_a_quote_are_no_fault(tmp_path: Path) -> None:
    library = saying(tmp_path, f"Before this.{' ' * 900}The ferry runs.{' ' * 900}Behind it.")
    assert "<mark>The ferry runs.</mark>" in written("html", library, answer(library, "The ferry runs."))


def test_the_question_of_an_exchange_is_said_once(library: Library) -> None:
    given = answer(library)
    asked, reply = "When was the load limit lowered, and who was told about it?", "The operators were told in writing"
    given["exchange"] = [citations.to_dict(span(library, words)) for words in (asked, reply)]
    for kind in ("markdown", "html"):
        assert written(kind, library, given).replace("\\", "").count(asked) == 1


def test_a_refusal_says_so_and_shows_the_closest_as_such(library: Library) -> None:
    given = answer(library)
    given["hits"] = [citations.to_dict(span(library, "The night shifts ended on 30 June."))] * 5
    for kind in ("markdown", "html"):
        text = written(kind, library, given)
        assert "Not in the record." in text and "may not answer" in text
        assert text.replace("\\", "").count("The night shifts ended on 30 June.") == 3


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "a.json").write_bytes(as_json((HOSTILE, f"Why? {HOSTILE}"), (HOSTILE, HOSTILE), title=HOSTILE))
    indexing.index(tmp_path / "library", [folder], load=hashing)
    library = Library(tmp_path / "library", hashing)
    (transcript,) = library.transcripts()
    quote = Span(transcript, *transcript.turns[-1][:2])
    given = answer_to_dict(Answer(HOSTILE, (quote,), (), 1.0, note=HOSTILE))
    page = Tags(written("html", library, given))
    assert page.tags == {"html", "head", "meta", "title", "style", "body", "main", "header", "h1", "p", "section", "h2",
                         "figure", "blockquote", "mark", "figcaption", "a"}  # fmt: skip
    assert all(link.startswith(PAGE) for link in page.links)
    assert page.text.count(HOSTILE) >= 4
    markdown = written("markdown", library, given)
    assert "<script" not in markdown.replace("\\<", "") and "](javascript" not in markdown and "\n<" not in markdown


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/a>b c?d=1#top", "https://example.org/a%3Eb%20c?d=1#top:~:text=The"),
        ("javascript:alert(1)//", None),
        ("", None),
    ],
)
def test_only_addresses_of_the_web_are_linked(library: Library, url: str, linked: str | None) -> None:
    from dataclasses import replace

    (transcript,) = library.transcripts()
    start = transcript.text.index("The crane")
    source = export._source(Span(replace(transcript, url=url), start, start + 3))
    assert source == linked


def test_each_file_is_read_once_and_not_too_many(library: Library) -> None:
    claim = citations.to_dict(span(library, "three tonnes"))
    reads: list[str] = []

    class Counting:
        def transcript(self, identity: str) -> Any:
            reads.append(identity)
            return library.transcript(identity)

        def files(self) -> Any:
            return library.files()

    checks = Recheck(Counting())
    assert all(checks.find(claim).span for _ in range(30))
    assert len(reads) <= 2
    with pytest.raises(CitationError, match="more than 100 transcripts"):
        for number in range(101):
            checks.find({**claim, "sha256": f"{number:016x}{0:048}"})


def test_a_citation_of_no_turn_is_altered_not_a_fault(library: Library) -> None:
    claim = citations.to_dict(span(library, "three tonnes"))
    for wrong in (Range(-5, -1), Range(10**9, 10**9 + 12), Range(5, 5)):
        assert Recheck(library).find({**claim, "start": wrong.start, "end": wrong.end}).span is None


# -- over HTTP -----------------------------------------------------------------------------------------------------


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as client:
        yield client


def asked(client: TestClient, question: str) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/api/v1/ask", json={"question": question}).json()
    return found


def test_the_page_exports_what_it_was_answered(client: TestClient) -> None:
    answers = [asked(client, "When was the load limit lowered?"), asked(client, "What did Chair Okafor ask?")]
    answers.append(asked(client, "How do I bake bread?"))
    for kind, media in export.KINDS.items():
        given = client.post(f"/export/{kind}", json={"answers": answers}, headers=OURS)
        assert given.status_code == 200, given.text
        assert given.headers["content-type"].startswith(media)
        assert given.headers["content-disposition"] == "attachment"
        assert "no longer in the record" not in given.text
    assert all(one["lost"] == [] for one in client.post("/export/json", json={"answers": answers}, headers=OURS).json())


def test_what_is_no_conversation_is_refused_in_one_line(client: TestClient) -> None:
    good = asked(client, "When was the load limit lowered?")
    no_claim = {**copy.deepcopy(good), "citations": [{"quote": "x"}]}
    for body in (
        {},
        {"answers": []},
        {"answers": [good] * 51},
        {"answers": [no_claim]},
        [],
        {"answers": [{**good, "threshold": 2}]},
        {"answers": [{**good, "question": "q" * 2001}]},
    ):
        given = client.post("/export/html", json=body, headers=OURS)
        assert given.status_code == 422 and "\n" not in given.json()["error"], body
    for raw in (b"{", b"[" * 100_000, b"\xff", b'{"answers": [{"question": "\\ud800"}]}'):
        assert client.post("/export/html", content=raw, headers=OURS).status_code in (200, 422)
    assert client.post("/export/exe", json={"answers": [good]}, headers=OURS).status_code == 404
    assert client.post("/export/html", json={"answers": [good]}).status_code == 403
    assert client.post("/export/html", content=b"[" * (2 << 20), headers=OURS).status_code == 413
