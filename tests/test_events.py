from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import events, siblings, transcripts
from qa.types import Page, Transcript
from tests.fakes import as_json
from tests.strategies import transcripts as generated

TITLE = "Press conference on the harbour and its cranes"
HEAD = f"{TITLE}\n\nHarbour News, March 12, 2024\n\n"


def grouped(*names: str) -> list[list[str]]:
    files = [(Path("/nowhere") / name, name) for name in names]
    return [[source for _, source in group.files] for group in siblings.groups(files)]


def labels(*names: str) -> list[tuple[str, ...]]:
    return [group.labels for group in siblings.groups([(Path("/nowhere") / name, name) for name in names])]


def joined(*pages: str, suffix: str = ".txt") -> Transcript:
    parts = [transcripts.parse(text.encode(), f"talks/page-{n}{suffix}") for n, text in enumerate(pages, 1)]
    return events.join(parts, [str(n) for n in range(1, len(pages) + 1)])


def spoken(transcript: Transcript) -> list[tuple[str, str, str]]:
    return [(turn.role, turn.speaker, transcript.text[turn.start : turn.end]) for turn in transcript.turns]


# -- which files are pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([f"page-{n}.txt" for n in range(1, 12)], tuple(str(n) for n in range(1, 12))),
        (["page-01.md", "page-02.md"], ("1", "2")),
        (["hearing p1.pdf", "hearing p2.pdf"], ("1", "2")),
        (["apr-14-2026_seg000.json", "apr-14-2026_seg001.json"], ("seg000", "seg001")),
        (["TalkPart1.docx", "TalkPart2.docx"], ("Part1", "Part2")),
        (["hearing_disc_1.srt", "hearing_disc_2.srt"], ("disc 1", "disc 2")),
        (["talk 1 of 3.txt", "talk 2 of 3.txt", "talk 3 of 3.txt"], ("1", "2", "3")),
        (["talk (1).txt", "talk (2).txt"], ("1", "2")),
        (["content_7016.htm", "content_7016_2.htm", "content_7016_3.htm"], ("1", "2", "3")),
        (["talk.html", "talk-page-2.html", "talk-page-3.html"], ("1", "2", "3")),
        (["第1页.txt", "第2页.txt"], ("1", "2")),
    ],
)
def test_names_that_say_so(names: list[str], expected: tuple[str, ...]) -> None:
    assert grouped(*reversed(names)) == [names]
    assert labels(*names) == [expected]


@pytest.mark.parametrize(
    "names",
    [
        ["fomc-2023-01.pdf", "fomc-2023-02.pdf"],
        ["FOMCpresconf20111102.pdf", "FOMCpresconf20120620.pdf"],
        ["20240131.txt", "20240201.txt"],
        ["meeting-1.txt", "meeting-2.txt", "meeting-12.txt"],
        ["May_1.txt", "May_2.txt"],
        ["js-party-92.md", "js-party-127.md"],
        ["en__28_predictions.srt", "en__52_wordpiece.srt"],
        ["counterpart-1.txt", "counterpart-2.txt"],
        ["page-2.txt", "page-3.txt"],
        ["page-1.txt", "page-3.txt"],
        ["page-1.txt", "page-01.txt", "page-2.txt"],
        ["page-1.txt", "page-2.md"],
        ["page-1.en.vtt", "page-2.fr.vtt"],
        ["talk.txt", "talk (1).txt", "talk (2).txt"],
        ["talk.html", "talk-2.html"],
        ["_2.txt", "_3.txt"],
        ["a/page-1.txt", "b/page-2.txt"],
        ["page-1.txt"],
        [],
    ],
)
def test_names_that_do_not(names: list[str]) -> None:
    assert grouped(*names) == []


def written(folder: Path, *texts: str, name: str = "talk-{}.txt") -> list[tuple[Path, str]]:
    files = []
    for number, text in enumerate(texts, 1):
        file = folder / name.format(number)
        file.write_text(text)
        files.append((file, file.name))
    return files


def test_a_serial_number_is_a_page_where_the_files_say_which(tmp_path: Path) -> None:
    files = written(tmp_path, *(f"Ann Lee: Word {n}.\nPage {n} of 3" for n in (1, 2, 3)))
    assert [group.labels for group in siblings.groups(files)] == [("1", "2", "3")]


@pytest.mark.parametrize(
    "texts",
    [
        [f"Ann Lee: Word {n}.\nPage {n + 1} of 9" for n in (1, 2, 3)],  # other pages than the names say
        ["Ann Lee: Word.\nPage 1 of 3", "Ann Lee: More.\nPage 2 of 3", "Ann Lee: Last."],
        [f"{TITLE}\n\nAnn Lee: Word {n}." for n in (1, 2)],  # a committee's meetings have one title
        [f"{TITLE}\nMarch {n}, 2024\nAnn Lee: Word {n}.\n1 2 3 Next" for n in (1, 2)],
        ["Page 1 of 2 and one", "\0\x01"],
    ],
)
def test_a_serial_number_is_none_without(tmp_path: Path, texts: list[str]) -> None:
    assert siblings.groups(written(tmp_path, *texts)) == []


def test_one_title_and_a_pager_say_so_too(tmp_path: Path) -> None:
    page = f"<html><title>{TITLE}</title><body><p>Ann Lee: Word {{}}.</p><a>1</a>\n<a>2</a>&nbsp;<a>Next</a></body>"
    files = written(tmp_path, page.format(1), page.format(2), name="talk-{}.html")
    assert len(siblings.groups(files)) == 1


def test_what_is_known_needs_no_further_reason(tmp_path: Path) -> None:
    files = written(tmp_path, "one", "two")
    assert siblings.groups(files) == []
    assert len(siblings.groups(files, {path for path, _ in files})) == 1
    assert siblings.groups([*files, *written(tmp_path, "one", "two", "3")[2:]], {path for path, _ in files}) == []


def test_a_copy_is_no_further_page(tmp_path: Path) -> None:
    assert siblings.groups(written(tmp_path, "same words", "same words", name="page-{}.txt")) == []


def test_what_is_missing_between_is_told() -> None:
    files = [(Path(f"/nowhere/page-{n}.txt"), f"page-{n}.txt") for n in (1, 2, 5)]
    assert siblings.families(files)[0].missing == (3, 4)


# -- joining -------------------------------------------------------------------------------------------------------

FIRST = HEAD + "Chair Okafor:\n\nWelcome.\n\nHarbour Times:\n\nWhen was the limit lowered?\n"
SECOND = HEAD + "Lena Brandt:\n\nIt was lowered in 2022. The operators were told in\n\n1 2 3 Next\n"
THIRD = HEAD + "writing, as they had asked.\n\nThank you.\n\nChair Okafor:\n\nWe end here.\n\nLena Brandt:\n\nYes.\n"


def test_a_reply_goes_on_over_the_page_and_knows_its_question() -> None:
    event = joined(FIRST, SECOND, THIRD)
    assert spoken(event) == [
        ("heading", "", TITLE),
        ("heading", "", "Harbour News, March 12, 2024"),
        ("statement", "Chair Okafor", "Welcome."),
        ("question", "Harbour Times", "When was the limit lowered?"),
        ("heading", "", TITLE),
        ("heading", "", "Harbour News, March 12, 2024"),
        ("answer", "Lena Brandt", "It was lowered in 2022. The operators were told in"),
        ("heading", "", TITLE),
        ("heading", "", "Harbour News, March 12, 2024"),
        ("answer", "Lena Brandt", "writing, as they had asked."),
        ("answer", "Lena Brandt", "Thank you."),
        ("answer", "Chair Okafor", "We end here."),
        ("answer", "Lena Brandt", "Yes."),
    ]
    assert event.turns[event.question_of(6)].speaker == "Harbour Times"
    assert (event.title, event.date, event.source) == (TITLE, "2024-03-12", "talks/page-1.txt")
    assert [page.label for page in event.pages] == ["1", "2", "3"]
    assert event.pages[1] == Page(len(FIRST) + 2, "2", "talks/page-2.txt")
    assert all(event.paragraph_at(turn.start) for turn in event.turns if turn.role != "heading")


def test_its_identity_can_be_made_from_the_files_alone() -> None:
    digests = [hashlib.sha256(page.encode()).hexdigest() for page in (FIRST, SECOND)]
    event = joined(FIRST, SECOND)
    assert event.sha256 == hashlib.sha256("\n".join(digests).encode()).hexdigest()
    assert event.id == event.sha256[:16]


def test_nobody_named_is_continued_by_nobody() -> None:
    event = joined(
        "We spoke of many things here, and of the cranes.\n", "And then of ships, which is another matter.\n"
    )
    assert {turn.speaker for turn in event.turns} == {""}


def test_wrapped_lines_are_continued_as_one_turn() -> None:
    event = joined(FIRST, SECOND, "writing the same\nweek, as agreed.\n\nChair Okafor:\n\nWe end here.\n")
    assert ("answer", "Lena Brandt", "writing the same\nweek, as agreed.") in spoken(event)


@pytest.mark.parametrize(
    ("above", "rest"),
    [
        ("Cranes at night", ""),
        ("What about the cranes?", "\nChair Okafor:\n\nYes.\n\nHarbour Times:\n\nThanks.\n"),
        ("Harbour Times: and so it goes.", ""),
    ],
)
def test_behind_a_heading_of_its_own_or_a_label_nobody_goes_on(above: str, rest: str) -> None:
    event = joined(FIRST, SECOND, f"{above}\n\nWe know that they were told by the board itself.\n{rest}")
    assert "Lena Brandt" not in {turn.speaker for turn in event.turns if turn.start >= event.pages[2].start}


def test_recognised_speech_without_a_speaker_stays_unknown() -> None:
    pages = (as_json(("Ann Lee", "We begin.")), as_json(("", "And we go on."), ("Bo Li", "Yes.")))
    parts = [transcripts.parse(page, f"seg00{n}.json") for n, page in enumerate(pages)]
    assert [turn.speaker for turn in events.join(parts, ["seg000", "seg001"]).turns] == ["Ann Lee", "", "Bo Li"]


def test_each_segment_keeps_its_own_clock() -> None:
    page = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann Lee>Words number {} are said here.</v>\n"
    parts = [transcripts.parse(page.format(n).encode(), f"seg00{n}.vtt") for n in (0, 1)]
    event = events.join(parts, ["seg000", "seg001"])
    assert [turn.seconds for turn in event.turns if turn.speaker] == [1.0, 1.0]
    last = event.turns[-1].start
    assert (event.seconds_at(last), event.page_at(last)) == (1.0, Page(event.pages[1].start, "seg001", "seg001.vtt"))


def test_pages_within_a_file_are_counted_in_it() -> None:
    parts = [transcripts.parse(f"Ann Lee: Word {n}.\nBo Li: Yes.".encode(), f"part{n}.txt") for n in (1, 2)]
    inner = (Page(0, "1"), Page(10, "2"))
    paged = [Transcript(p.id, p.sha256, p.text, p.turns, p.paragraphs, source=p.source, pages=inner) for p in parts]
    event = events.join(paged, ["1", "2"])
    assert [(page.label, page.source) for page in event.pages] == [
        ("1.1", "part1.txt"), ("1.2", "part1.txt"), ("2.1", "part2.txt"), ("2.2", "part2.txt"),
    ]  # fmt: skip


@given(st.lists(generated(), min_size=2, max_size=4))
def test_every_turn_of_a_part_stands_in_the_event_at_its_shifted_place(parts: list[Transcript]) -> None:
    event = events.join(parts, [str(n) for n, _ in enumerate(parts)])
    shifted = [
        (turn.start + page.start, part.text[turn.start : turn.end], turn.speaker)
        for part, page in zip(parts, event.pages, strict=True)
        for turn in part.turns
    ]
    assert [(t.start, event.text[t.start : t.end], t.speaker) for t in event.turns] == shifted
    assert len(event.paragraphs) == sum(len(part.paragraphs) for part in parts)


@given(st.lists(st.text(st.sampled_from("Ann Lee:.\n ?word"), min_size=1, max_size=80), min_size=2, max_size=4))
def test_no_word_is_lost_and_no_turn_leaves_its_page(texts: list[str]) -> None:
    parts = [
        transcripts.parse(f"{text}\n\nAnn Lee: We said so.\n\nBo Li: Yes.\n".encode(), f"page-{n}.txt")
        for n, text in enumerate(texts, 1)
    ]
    event = events.join(parts, [str(n) for n, _ in enumerate(parts)])
    for part, page in zip(parts, event.pages, strict=True):
        for turn in part.turns:
            index = event.turn_at(turn.start + page.start)
            held = event.turns[index]
            assert held.start <= turn.start + page.start < turn.end + page.start <= held.end
            assert page.start <= held.start < held.end <= page.start + len(part.text)
            assert not turn.speaker or held.speaker == turn.speaker
