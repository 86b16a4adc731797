from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import citations, transcripts, verification
from qa.chunking import chunk
from qa.errors import CitationError
from qa.indexing import index
from qa.library import Library
from qa.types import Span, Transcript
from tests.fakes import as_json, hashing, spoken, write_hearing
from tests.strategies import transcripts as generated

ENCODER = hashing()


@pytest.fixture
def hearing(tmp_path: Path) -> Path:
    return write_hearing(tmp_path)


@pytest.fixture
def library(tmp_path: Path, hearing: Path) -> Library:
    index(tmp_path / "library", [hearing], load=hashing)
    return Library(tmp_path / "library", hashing)


def cite(hearing: Path, quote: str) -> dict[str, Any]:
    transcript = transcripts.read(hearing, hearing.name)
    start = transcript.text.index(quote)
    return citations.to_dict(Span(transcript, start, start + len(quote)))


QUOTE = "The operators were told in writing the same week."


def test_fields(hearing: Path) -> None:
    claim = cite(hearing, QUOTE)
    assert claim["quote"] == QUOTE
    assert (claim["speaker"], claim["turn"], claim["paragraph"], claim["time"]) == ("Lena Brandt", 2, 2, None)
    assert claim["sha256"] == hashlib.sha256(hearing.read_bytes()).hexdigest()
    assert claim["transcript"] == claim["sha256"][:16]
    assert claim["title"] == "Harbour Committee, public hearing"
    assert json.loads(json.dumps(claim)) == claim


def test_verbatim(library: Library, hearing: Path) -> None:
    assert verification.verify(cite(hearing, QUOTE), library).status == "verbatim"


def test_verbatim_without_a_library(hearing: Path) -> None:
    assert verification.verify(cite(hearing, QUOTE), None, hearing.parent).status == "verbatim"


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"quote": "The operators were not told."}, "altered", "not in hearing.json"),
        ({"quote": QUOTE.lower()}, "altered", "there stands"),
        ({"start": 0, "end": 4}, "moved", "¶2"),
        ({"start": -5}, "moved", "¶2"),
        ({"end": 10**9}, "moved", "¶2"),
        ({"paragraph": 7}, "moved", "paragraph is 2, not 7"),
        ({"turn": 1}, "moved", "turn is 2, not 1"),
        ({"speaker": "Chair Okafor"}, "misattributed", "said by Lena Brandt, not by Chair Okafor"),
        ({"speaker": "Chair Okafor", "start": 0}, "misattributed", "said by Lena Brandt"),
    ],
)
def test_what_was_changed_in_the_citation_is_found(
    library: Library, hearing: Path, change: dict[str, Any], status: str, says: str
) -> None:
    verdict = verification.verify({**cite(hearing, QUOTE), **change}, library)
    assert verdict.status == status
    assert says in verdict.detail


@pytest.mark.parametrize("key", ["title", "date", "url", "link", "transcript"])
def test_what_is_said_of_the_source_must_hold(library: Library, hearing: Path, key: str) -> None:
    verdict = verification.verify({**cite(hearing, QUOTE), key: "something else"}, library)
    assert (verdict.status, key in verdict.detail) == ("altered", True)


def test_a_time_beyond_all_numbers_is_another_time(tmp_path: Path) -> None:
    file = tmp_path / "talk.vtt"
    file.write_text("WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann Lee>The bridge opens in May.\n")
    claim = cite(file, "The bridge opens in May.")
    assert verification.verify(claim, None, tmp_path).status == "verbatim"
    assert verification.verify({**claim, "time": 10**400}, None, tmp_path).status == "moved"


def test_the_question_it_replies_to_is_checked_too(library: Library, hearing: Path) -> None:
    (question, other) = (cite(hearing, q) for q in ("When was the load limit lowered", "Does the crane work at night?"))
    claim = {**cite(hearing, QUOTE), "replies_to": question}
    assert verification.verify_with_question(claim, library).status == "verbatim"
    invented = {**claim, "replies_to": {**question, "quote": "Did you lie?"}}
    assert verification.verify_with_question(invented, library).status == "altered"
    assert verification.verify_with_question({**claim, "replies_to": other}, library).status == "altered"
    later = {**cite(hearing, "The night shifts ended"), "replies_to": question}  # asked before it, and answered before
    assert verification.verify_with_question(later, library).status == "altered"
    assert verification.verify_with_question({**later, "replies_to": other}, library).status == "verbatim"


def test_a_quote_over_two_speakers_is_misattributed(hearing: Path) -> None:
    claim = cite(hearing, "told about it?\n\nIt was lowered")
    assert verification.verify(claim, None, hearing.parent).status == "misattributed"


def test_a_changed_source_is_said_and_whether_the_words_are_still_there(library: Library, hearing: Path) -> None:
    kept, lost = cite(hearing, QUOTE), cite(hearing, "three tonnes")
    write_hearing(hearing.parent, load="two tonnes")
    assert verification.verify(kept, library).status == "source changed"
    assert "the quote now stands at" in verification.verify(kept, library).detail
    assert "no longer in it" in verification.verify(lost, library).detail
    index(library.folder, [hearing], load=hashing)
    assert verification.verify(kept, library).status == "source changed"


def test_a_missing_source(library: Library, hearing: Path) -> None:
    claim = cite(hearing, QUOTE)
    hearing.unlink()
    verdict = verification.verify(claim, library)
    assert verdict.status == "source missing"
    assert "still holds these words" in verdict.detail
    assert verification.verify(claim, None, hearing.parent).status == "source missing"


@pytest.mark.parametrize("change", [{"quote": None}, {"quote": ""}, {"start": "1"}, {"start": True}, {"sha256": "x"}])
def test_what_is_no_citation_is_an_error_of_one_line(hearing: Path, change: dict[str, Any]) -> None:
    with pytest.raises(CitationError):
        verification.verify({**cite(hearing, QUOTE), **change}, None)


@pytest.mark.parametrize("source", ["/etc/passwd", "../" * 9 + "etc/passwd", "\0", "", ".", "x" * 5000])
def test_a_hostile_source_is_missing_or_changed(hearing: Path, source: str) -> None:
    verdict = verification.verify({**cite(hearing, QUOTE), "source": source}, None, hearing.parent)
    assert verdict.status in ("source missing", "source changed")


@given(generated(), st.data())
def test_what_is_cited_is_verbatim_and_what_is_altered_is_not(transcript: Transcript, data: st.DataObject) -> None:
    passage = data.draw(st.sampled_from(chunk(transcript, ENCODER.count, ENCODER.limit)))
    span = passage.span
    claim = citations.to_dict(span)
    assert transcript.text[claim["start"] : claim["end"]] == claim["quote"]
    turn = transcript.turns[span.turn]
    assert turn.start <= claim["start"] < claim["end"] <= turn.end
    assert claim["speaker"] == turn.speaker
    note = citations.annotation(span)["target"]["selector"]
    before, after = note[1]["prefix"], note[1]["suffix"]
    assert transcript.text[note[0]["start"] : note[0]["end"]] == note[1]["exact"]
    assert f"{before}{note[1]['exact']}{after}" in transcript.text


def test_web_annotation(hearing: Path) -> None:
    transcript = transcripts.read(hearing, "hearing.json")
    start = transcript.text.index(QUOTE)
    note = citations.annotation(Span(transcript, start, start + len(QUOTE)))
    assert note["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert note["type"] == "Annotation"
    position, quote = note["target"]["selector"]
    assert position == {"type": "TextPositionSelector", "start": start, "end": start + len(QUOTE)}
    assert quote["exact"] == QUOTE
    assert quote["prefix"].endswith("2022. ")
    assert quote["suffix"].startswith(" The residents")


def test_text_fragment() -> None:
    transcript = transcripts.parse(
        as_json(("A", "Well-known, isn't it? 6 & 7."), source="https://e.org/a?b#c"), "a.json"
    )
    link = citations.text_fragment(Span(transcript, transcript.turns[-1].start, transcript.turns[-1].end))
    assert link is not None
    base, _, directive = link.partition(":~:text=")
    assert base == "https://e.org/a?b#c"
    assert unquote(directive) == "Well-known, isn't it? 6 & 7."
    assert not set("-,&") & set(directive)
    assert citations.text_fragment(Span(spoken(("A", "Hi.")), 4, 7)) is None


# -- events --------------------------------------------------------------------------------------------------------

PAGES = (
    "Chair Okafor:\n\nWelcome.\n\nHarbour Times:\n\nWhen was the limit lowered?\n\nLena Brandt:\n\n2022. They were\n",
    "told in writing by us.\n\nChair Okafor:\n\nThank you.\n\nLena Brandt:\n\nThe crane does not work at night.\n",
    "Chair Okafor:\n\nWe end here.\n\nLena Brandt:\n\nGood night to all of you.\n",
)


@pytest.fixture
def event(tmp_path: Path) -> Path:
    folder = tmp_path / "talks"
    folder.mkdir()
    for number, page in enumerate(PAGES, 1):
        (folder / f"page-{number}.txt").write_text(page)
    return folder


def of_event(folder: Path, quote: str, library: Path) -> tuple[dict[str, Any], Library]:
    index(library, [folder], join=True, load=hashing)
    records = Library(library, hashing)
    (transcript,) = records.transcripts()
    start = transcript.text.index(quote)
    return citations.to_dict(Span(transcript, start, start + len(quote))), records


def test_a_citation_of_an_event_names_the_page_and_its_file(event: Path, tmp_path: Path) -> None:
    claim, records = of_event(event, "told in writing by us.", tmp_path / "library")
    assert (claim["source"], claim["page"], claim["speaker"]) == ("talks/page-2.txt", "2", "Lena Brandt")
    assert verification.verify(claim, records).status == "verbatim"
    assert verification.verify(claim, None, tmp_path).status == "verbatim"
    assert verification.verify({**claim, "page": "3"}, records).status == "moved"
    assert verification.verify({**claim, "source": "talks/page-3.txt"}, records).status == "moved"
    assert verification.verify({**claim, "speaker": "Chair Okafor"}, None, tmp_path).status == "misattributed"
    index(tmp_path / "library", [event], join=False, load=hashing)
    assert verification.verify(claim, Library(tmp_path / "library", hashing)).status == "verbatim"


def test_a_changed_page_is_a_changed_source(event: Path, tmp_path: Path) -> None:
    claim, records = of_event(event, "told in writing by us.", tmp_path / "library")
    (event / "page-3.txt").write_text(PAGES[2].replace("Good night", "Farewell"))
    for verdict in (verification.verify(claim, records), verification.verify(claim, None, tmp_path)):
        assert verdict.status == "source changed"
        assert "the quote now stands at" in verdict.detail


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_missing_page_is_named(event: Path, tmp_path: Path, lost: int) -> None:
    claim, records = of_event(event, "told in writing by us.", tmp_path / "library")
    (event / f"page-{lost}.txt").unlink()
    verdict = verification.verify(claim, records)
    assert (verdict.status, f"talks/page-{lost}.txt is not there" in verdict.detail) == ("source missing", True)
    alone = verification.verify(claim, None, tmp_path)
    assert alone.status == ("source changed" if lost == 3 else "source missing")


def test_nothing_outside_the_root_is_read(event: Path, tmp_path: Path) -> None:
    claim = cite(write_hearing(tmp_path), QUOTE)
    inside = event / "link.json"
    inside.symlink_to(tmp_path / "hearing.json")
    for source in (str(tmp_path / "hearing.json"), "../hearing.json", "link.json"):
        assert verification.verify({**claim, "source": source}, None, event).status == "source missing"
