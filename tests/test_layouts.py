"""The layouts of plain text and Markdown: what becomes a speaker, a time, a heading, and what stays speech."""

from __future__ import annotations

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import transcripts
from qa.errors import TranscriptError
from qa.formats.origin import find_date
from qa.text import sentences_of
from qa.types import Range, Transcript


def read(text: str, name: str = "made.txt") -> Transcript:
    return transcripts.parse(text.encode(), name)


def said(text: str, name: str = "made.txt") -> list[tuple[str, str]]:
    made = read(text, name)
    return [(turn.speaker, made.text[turn.start : turn.end]) for turn in made.turns if turn.role != "heading"]


def shape(text: str, name: str = "made.txt") -> list[tuple[str, str]]:
    """(speaker, words) of the turns, "#" for a heading."""
    made = read(text, name)
    return [("#" if t.role == "heading" else t.speaker, made.text[t.start : t.end]) for t in made.turns]


def timed(text: str, name: str = "made.txt") -> list[tuple[str, float | None, str]]:
    made = read(text, name)
    spoken = [turn for turn in made.turns if turn.role != "heading"]
    return [(turn.speaker, turn.seconds, made.text[turn.start : turn.end]) for turn in spoken]


def headings(made: Transcript) -> list[str]:
    return [made.text[turn.start : turn.end] for turn in made.turns if turn.role == "heading"]


def test_a_press_briefing_in_markdown() -> None:
    made = read(
        "---\ntags: briefings\ndate: '2021-04-08'\nsource_url: https://example.org/a\n"
        'title: "Briefing by Ann\\_Lee\\\n'
        '  \\ and others"\n---\n \nBriefing Room\n\n12:44 P.M. EDT  \n   \n'
        "MS. LEE:  Hi, everyone.  It is one of\nthose "
        "days.  \n   \nAt 7:06 P.M. we <s>left</s> \\[arrived\\].\n\nQ\xa0 \xa0 \xa0 Why: so late?\n\nMS.\xa0 LEE:  "
        "Traffic.  (Laughter.)\n\nQ    And\nnow?\n\nMR. OKAFOR:  Now we begin.\n",
        "a.md",
    )
    assert (made.title, made.date, made.url) == (
        "Briefing by Ann Lee and others",
        "2021-04-08",
        "https://example.org/a",
    )
    assert headings(made) == ["Briefing Room", "12:44 P.M. EDT"]
    assert [(t.speaker, made.text[t.start : t.end]) for t in made.turns if t.role != "heading"] == [
        ("MS. LEE", "Hi, everyone.  It is one of\nthose days.  \n   \nAt 7:06 P.M. we <s>left</s> \\[arrived\\]."),
        ("Q", "Why: so late?"),
        ("MS. LEE", "Traffic.  (Laughter.)"),
        ("Q", "And\nnow?"),
        ("MR. OKAFOR", "Now we begin."),
    ]
    assert len(made.paragraphs) == 6


@pytest.mark.parametrize(
    "block",
    [
        "---\ntitle: [\n---\n",
        "---\n- a\n---\n",
        "---\nAnn: Hello.\nBo: Hi.\n---\n",
        "---\ntitle: x\n",
        "---\n" + "[" * 9000,
    ],
)
def test_a_broken_block_is_text(block: str) -> None:
    made = read(f"{block}\nAnn Lee: Good day.\n\nBo Li: Good day.\n", "a.md")
    assert {"Ann Lee", "Bo Li"} <= set(made.speakers()) or "Good day." in made.text[made.turns[-1].start :]


def test_half_a_surrogate_pair_in_front_matter_is_no_title() -> None:
    assert read('---\ntitle: "\\ud800"\ndate: 2021-03-04\n---\nHello there.\n', "a.md").title == "a"


def test_names_in_capitals_with_a_full_stop() -> None:
    text = (
        "CHAIR REED.  Good afternoon. The U.S. economy\ngrew.\n\nIt grew more.\n\n"
        "ANN O'NEIL.  Why so?\n\nCHAIR REED.  Because."
    )
    assert said(text) == [
        ("CHAIR REED", "Good afternoon. The U.S. economy\ngrew.\n\nIt grew more."),
        ("ANN O'NEIL", "Why so?"),
        ("CHAIR REED", "Because."),
    ]


def test_a_text_all_in_capitals_has_no_such_names() -> None:
    assert {speaker for speaker, _ in said("THANK YOU.  I AM HERE.\n\nTHANK YOU.  WE ARE ALL HERE.\n")} == {""}


def test_questions_and_answers_with_a_full_stop() -> None:
    text = "Q. Where were you?\nA. At home.\nQ. Why?\nA. It rained.\n"
    assert said(text) == [("Q", "Where were you?"), ("A", "At home."), ("Q", "Why?"), ("A", "It rained.")]


def test_a_single_lone_letter_is_no_speaker() -> None:
    assert said("Ann Lee: Plans.\n\nA   plan it is.\n\nBo Li: Yes.\n")[0] == ("Ann Lee", "Plans.\n\nA   plan it is.")


def test_a_podcast_with_bold_names_and_times() -> None:
    text = (
        "**Ann Lee:** Hello there.\n\n**Bo:** \\[01:46\\] Hi. \\[laughs\\]\n\n\\[02:12\\] And more.\n\n"
        "**Break:** \\[03:00\\]\n\n**Ann Lee**: Bye.\n\n**Bo:** Bye.\n"
    )
    assert timed(text, "a.md") == [
        ("Ann Lee", None, "Hello there."),
        ("Bo", 106.0, "Hi. \\[laughs\\]"),
        ("Bo", 132.0, "And more."),
        ("Ann Lee", 180.0, "Bye."),
        ("Bo", None, "Bye."),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ann Lee (00:12:03)\n", "Bo Li (00:12:09)\n"),
        ("[00:12:03] Ann Lee:\n", "[00:12:09] Bo Li:\n"),
        ("Ann Lee: (12:03)\n", "Bo Li: (12:09)\n"),
        ("00:12:03 Ann Lee: ", "00:12:09 Bo Li: "),
        ("Ann Lee  12:03\n", "Bo Li  12:09\n"),
        ("**Ann Lee** (12:03): ", "**Bo Li** (12:09): "),
        ("[12:03 --> 12:08] Ann Lee: ", "[12:09 --> 12:10] Bo Li: "),
        ("Ann Lee: \\[12:03\\] ", "Bo Li: \\[12:09\\] "),
        ("00:12:03\nAnn Lee: ", "00:12:09\nBo Li: "),
        ("00:12:03 Ann Lee\n", "00:12:09 Bo Li\n"),
    ],
)
def test_times_beside_the_names(first: str, second: str) -> None:
    later = first.replace("12:0", "13:0"), second.replace("12:0", "13:0")
    text = f"{first}We begin now.\n\n{second}It is 7:06 P.M.\n\n{later[0]}Again.\n\n{later[1]}Yes.\n"
    assert timed(text)[:2] == [("Ann Lee", 723.0, "We begin now."), ("Bo Li", 729.0, "It is 7:06 P.M.")]


@pytest.mark.parametrize("layout", ["{}  {}\n{}", "{} {}\n{}", "{} ({}):\n{}", "{} ({}): {}", "**{}** ({})\n{}"])
@pytest.mark.parametrize("other", ["Ann Lee", "Speaker 1", "Interviewer 12"])
def test_times_beside_numbered_speakers(layout: str, other: str) -> None:
    given = [(other, 0.0, "Who signed it?"), ("Speaker 2", 5.0, "I did."), (other, 9.0, "Thank you.")]
    text = "\n\n".join(layout.format(name, f"0:0{seconds:.0f}", words) for name, seconds, words in given)
    assert timed(text) == given


@pytest.mark.parametrize("line", ["May 3  10:30", "March 3, 2021 10:30", "Room 2  10:30", "Budget 2021  10:30"])
def test_a_heading_with_a_number_and_a_time_of_day_is_no_speaker(line: str) -> None:
    made = read(f"On the bridge\n{line}\n\nAnn Lee: Who signed?\n\nBo Ray: I did.\n\nAnn Lee: So.\n")
    assert headings(made) == ["On the bridge", line]
    assert [(turn.speaker, turn.seconds) for turn in made.turns[2:]] == [
        ("Ann Lee", None), ("Bo Ray", None), ("Ann Lee", None),
    ]  # fmt: skip


def test_times_alone_on_a_line_without_names() -> None:
    assert timed("A talk\n\n0:00\nhello and\n0:03\nwelcome to\n1:00:05\nthis") == [
        ("", 0.0, "hello and"), ("", 3.0, "welcome to"), ("", 3605.0, "this"),
    ]  # fmt: skip


def test_the_ranges_of_a_recogniser() -> None:
    made = read("[00:00.000 --> 00:05.500]  Hello there\n[00:05.500 --> 00:08.000]  and more.\n")
    assert [(turn.seconds, turn.until) for turn in made.turns] == [(0.0, 5.5), (5.5, 8.0)]


def test_a_time_that_is_no_clock_is_speech() -> None:
    text = "Ann Lee: When?\n\nBo Li: We meet at\n12:30 as always, and then it is over.\n\nAnn Lee: Good.\n"
    assert said(text)[1] == ("Bo Li", "We meet at\n12:30 as always, and then it is over.")


def test_labels_in_front_of_the_words_beside_names_alone_on_a_line() -> None:
    text = (
        "Ann Lee:\nGood morning.\n\nBob Ray: I deny it.\n\nAnn Lee:\nTell us more.\n\nBob Ray: I was at home.\n\n"
        "Ann Lee:\nSo.\n\nCy Orr:\nFirst: where?\n\nFirst: when?\n\nAnn Lee:\nThank you.\n"
    )
    assert said(text) == [
        ("Ann Lee", "Good morning."), ("Bob Ray", "I deny it."), ("Ann Lee", "Tell us more."),
        ("Bob Ray", "I was at home."), ("Ann Lee", "So."),
        ("Cy Orr", "First: where?\n\nFirst: when?"), ("Ann Lee", "Thank you."),
    ]  # fmt: skip


def test_a_name_that_is_not_in_capitals_among_names_that_are() -> None:
    text = "".join(f"MS. LEE:  It is {at}.\n\nQ:  And?\n\n" for at in range(20))
    phrases = "We build it.\n\nOn Peru: we help.\n\nClimate Change: we do it now.\n\nHonestly: we do."
    text += f"Secretary Cole: {phrases}\n\nMS. LEE:  Thank you.\n"
    assert said(text)[-3:] == [("Q", "And?"), ("Secretary Cole", phrases), ("MS. LEE", "Thank you.")]


def test_a_phrase_that_is_repeated_is_no_name() -> None:
    words = "It is the bottom of the line.\n\nBottom Line: we win.\n\nBottom Line: we stay."
    text = f"Ann Lee:\nGood morning.\n\nCy Orr:\n{words}\n\nAnn Lee:\nThank you.\n\nCy Orr:\nSo.\n"
    assert said(text)[1] == ("Cy Orr", words)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Jose\u0301 Garci\u0301a", "José García"), ("नरेन्द्र मोदी", "नरेन्द्र मोदी"), ("علی\u200cرضا", "علی\u200cرضا"),
        ("\ufeffBob Ray", "Bob Ray"), ("\u200bBob Ray", "Bob Ray"), ("\u200eBob Ray\u200e", "Bob Ray"),
        *((name, name) for name in (
            "Jane Doe - Reuters", "Jane Doe – Reuters", "Speaker #2", "Bob Ray [Mayor]", "Ann & Bob", "Ann / Bob",
        )),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name_of_file", ["made.txt", "made.html", "made.vtt"])
def test_names_with_marks_signs_and_what_is_not_seen(label: str, name: str, name_of_file: str) -> None:
    given = [("Ann Lee", "Were you there?"), (label, "I was."), ("Ann Lee", "So."), (label, "Yes.")]
    lines = [f"{speaker}: {words}" for speaker, words in given]
    times = [f"00:0{at}.000 --> 00:0{at + 1}.000" for at in range(len(lines))]
    text = {
        "made.txt": "\n\n".join(lines),
        "made.html": "".join(f"<p>{html.escape(line)}</p>" for line in lines),
        "made.vtt": "\n\n".join(["WEBVTT", *(f"{time}\n{line}" for time, line in zip(times, lines, strict=True))]),
    }[name_of_file]
    expected = [(name if speaker == label else speaker, words) for speaker, words in given]
    assert said(text, name_of_file) == expected


@pytest.mark.parametrize(
    "words",
    ["Note - this", "Note - This", "Item 3 - Budget", "Step 1 - Install", "Q & A", "N / A", "- Cost", "Ann -", "& Bob",
     "[Music] Ann", "[1]", "#1 Priority", "10 - 12", "उन्होंने आज यहाँ पर कहा"],
)  # fmt: skip
def test_what_is_written_with_signs_and_is_no_name(words: str) -> None:
    assert said(f"Ann Lee: So.\n\n{words}: it is.\n\nBo Ray: Yes.\n")[0] == ("Ann Lee", f"So.\n\n{words}: it is.")


def test_numbered_persons() -> None:
    text = "[PERSON1] Hello (PERSON2).\n[PERSON2] Hi.\n(PERSON3) laughs here.\n[PERSON1] So.\n"
    assert said(text) == [
        ("PERSON1", "Hello (PERSON2)."), ("PERSON2", "Hi.\n(PERSON3) laughs here."), ("PERSON1", "So."),
    ]  # fmt: skip


def test_initials_with_a_key_a_line_each() -> None:
    text = (
        "Speaker key:\nFC  Fay Cole\nTAG Dr Tim Anders Good\nMI  Michelle\n\n00:00:12\n\nFC  Hello, TAG.\n\n"
        "TAG  Thank you.\n\n00:01:10\n\nMore of it.\n\nMI  Is it so?\n\nFC  Bye.\n"
    )
    assert timed(text) == [
        ("Fay Cole", 12.0, "Hello, TAG."),
        ("Dr Tim Anders Good", None, "Thank you."),
        ("Dr Tim Anders Good", 70.0, "More of it."),
        ("Michelle", None, "Is it so?"),
        ("Fay Cole", None, "Bye."),
    ]


def test_initials_with_a_key_all_in_one_paragraph() -> None:
    text = (
        "Virtual Press conference 2 October 2020 Speaker key: FC Fay Cole TAG Dr Tim Anders Good MI Michelle 00:00:49 "
        "FC Hello, all. Tim, the floor is yours. TAG Thank you, Fay. Ask MI later. 00:02:42 We go on. MI Is it so?"
    )
    assert timed(text) == [
        ("Fay Cole", 49.0, "Hello, all. Tim, the floor is yours."),
        ("Dr Tim Anders Good", None, "Thank you, Fay. Ask MI later."),
        ("Dr Tim Anders Good", 162.0, "We go on."),
        ("Michelle", None, "Is it so?"),
    ]
    assert read(text).date == "2020-10-02"


def test_initials_without_a_key() -> None:
    text = (
        "00:00:00\n\nCL          Hello and welcome.\n\nThe WHO is here.\n\n00:01:00\n\n"
        "TAG        Thank you.\n\nCL    Bye.\n"
    )
    assert timed(text) == [
        ("CL", 0.0, "Hello and welcome.\n\nThe WHO is here."), ("TAG", 60.0, "Thank you."), ("CL", None, "Bye."),
    ]  # fmt: skip


def test_wrapped_chinese_with_page_headers() -> None:
    page = "議會  ─  2013年 5月 20日  \n \n{}\n"
    text = (
        page.format(31) + "會議正式紀錄全文\n \n出席議員： \n \n張三議員\n \n李四議員 \n"
        + page.format(32) + "主席：各位早晨。我們繼續就有修正案的總目的款\n額進行辯論。 \n \n"
        + "(張三議員站起來 ) \n \n張三議員：主席，有何根據？ \n"
        + page.format(33) + "主席：現時面對的問題是：時間不足。 \n \n張三議員：明白。\n"
    )  # fmt: skip
    made = read(text)
    assert (made.title, made.date) == ("會議正式紀錄全文", "")
    assert said(text) == [
        ("主席", "各位早晨。我們繼續就有修正案的總目的款\n額進行辯論。"),
        ("張三議員", "主席，有何根據？"),
        ("主席", "現時面對的問題是：時間不足。"),
        ("張三議員", "明白。"),
    ]
    first = next(turn for turn in made.turns if turn.speaker)
    spans = sentences_of(made, Range(first.start, first.end))
    assert made.text[spans[1].start : spans[1].end] == "我們繼續就有修正案的總目的款\n額進行辯論。"


def test_a_head_of_facts() -> None:
    text = (
        "• A briefing on harbours and cranes\n\n    Speaker:\n\n    Peng Hua, member of the Committee\n\n    Date:\n\n"
        "    April 20, 2020\n\n    Xi Yan:\n\n    Good morning.\n\n    Peng Hua:\n\n    Thank you.\n"
    )
    made = read(text)
    assert (made.title, made.date) == ("A briefing on harbours and cranes", "2020-04-20")
    assert headings(made)[1:] == ["Peng Hua, member of the Committee", "April 20, 2020"]
    assert said(text) == [("Xi Yan", "Good morning."), ("Peng Hua", "Thank you.")]


def test_a_head_of_keys_and_values() -> None:
    text = (
        "Case Number: 12\nRecorded By: A. Smith\nDate: 3 May 2020\nTitle: On the bridge\nSource: https://example.org/x\n\n"
        "Ann: What is it?\nBo: It is.\n\nAnn: Yes.\n"
    )
    made = read(text)
    assert (made.title, made.date, made.url) == ("On the bridge", "2020-05-03", "https://example.org/x")
    assert made.speakers() == ["Ann", "Bo"]


def test_recognised_speech_without_a_full_stop() -> None:
    text = "[Music] [Applause] good afternoon and welcome [Music] we begin"
    assert said(text) == [("", text)]


def test_wrapped_text_without_names_is_all_speech() -> None:
    text = "This is the first line of a talk that was wrapped at some\nwidth and goes on. It ends.\n\nSo it is."
    assert said(text) == [("", text)]


def test_headings_in_markdown_are_nobodys() -> None:
    made = read("# A title here\n\nAnn Lee: One.\n\n## Part two\n\nTwo.\n\nBo Li: Three.\n", "a.md")
    assert (made.title, headings(made)) == ("A title here", ["A title here", "Part two"])
    assert [turn.speaker for turn in made.turns] == ["", "Ann Lee", "", "Ann Lee", "Bo Li"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Apr 22, 2020", "2020-04-22"), ("on 2 Sept. 2021", "2021-09-02"), ("MARCH 21ST, 2018", "2018-03-21"),
        ("2013年 5月 20日", "2013-05-20"), ("2020/04/22", "2020-04-22"), ("31 June 2020, 1 July 2020", "2020-07-01"),
        ("May 2020", ""), ("32 May 2020x", ""),
    ],
)  # fmt: skip
def test_dates(text: str, date: str) -> None:
    assert find_date(text) == date


_NAMES = st.sampled_from(["Ann Lee", "Bo Li", "Dr. Cole", "Reuters", "THE PRESIDENT", "MS. LEE"])
_WORDS = st.sampled_from(
    "rates rose, (Laughter.) at 7:06 P.M. see: https://e.org/a:b <s>x</s> \\[y\\] 12:30 質量 😀 été - A Q".split()
)
_SAID = st.lists(_WORDS, min_size=1, max_size=12).map(lambda words: "Well, " + " ".join(words) + ".")
_LAYOUTS = st.sampled_from(["{}: {}", "{}:\n\n{}", "**{}:** {}", "{} (00:01:02)\n{}", "[00:01:02] {}: {}", "{}:\t{}"])


@given(st.lists(st.tuples(_NAMES, _SAID), min_size=2, max_size=9), _LAYOUTS, st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_read(turns: list[tuple[str, str]], layout: str, end: str) -> None:
    turns = [*turns, ("Ann Lee", "Well, yes."), ("Ann Lee", "Well, no.")]
    text = "\n\n".join(layout.format(*turn) for turn in turns).replace("\n", end)
    assert said(text) == turns


_PIECES = st.sampled_from(
    ["\n", "\n\n", "\r", "  ", "Q   ", "A. ", "CHAIR REED.  ", "ANN LEE: ", "[PERSON1] ", "(00:01:02)",
     "\\[01:02\\] ", "12:03", "---\n", "title: x\n", "# ", "**", "主席：", "出席議員：",
     "FC Fay Cole TAG Tim Good MI Mike ", "FC ",
     "00:00:12 ",
     "1\n2\n3\n", "Date: ", "May 1, 2020", "well. ", "words ", "\x1c", "\u2028", "\x85",
     "0 Comment(s)Print E-mail\n", "• "]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=60).map("".join), st.sampled_from(["a.txt", "a.md"]))
def test_any_mixture_keeps_the_laws(text: str, name: str) -> None:
    try:
        made = read(text, name)  # raises ValueError where turns overlap or a paragraph leaves its turn
    except TranscriptError as error:
        assert "\n" not in str(error)
        return
    pieces = [made.text[start:end] for start, end in [*made.paragraphs, *((t.start, t.end) for t in made.turns)]]
    assert all(piece and piece == piece.strip() for piece in pieces)
    spoken = "".join("".join(made.text[t.start : t.end].split()) for t in made.turns if t.role != "heading")
    assert spoken == "".join("".join(made.text[start:end].split()) for start, end in made.paragraphs)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    try:
        transcripts.parse(content, name)
    except TranscriptError as error:
        assert str(error).startswith(name)


@pytest.mark.parametrize(
    "line",
    ["A:\n", "0:00\n", "1\n", "Q  a\n", "Print E-mail ", "1 1" + " " * 390 + "x\n", "[", "AB ", "FC Ab ", "a\r",
     "# a\n", "• ", "Date: x\n", "Aaa ", "\n \n", "May 1, "],
)  # fmt: skip
def test_no_line_takes_more_than_its_share_of_time(line: str) -> None:
    from qa.formats import plain
    from qa.formats.origin import Origin

    text = line * (200_000 // len(line))
    began = time.process_time()
    plain.parse(text, Origin("0" * 64, "a.md", "a"))
    assert time.process_time() - began < 10  # about a second; a quadratic step would take minutes


def test_a_stage_direction_is_nobodys_words() -> None:
    text = (
        "Ann Lee: Will it close?\n\nBen Ray: It will close in May.\n\n(Laughter.)\n\nAnd it opens in June.\n\n"
        "[A bell rings]\n\nAnn Lee: And the ferry\n(which is old) runs on?\n\nBen Ray: Yes (as it should).\n"
        "(He sits down.)\n(inaudible)\n\n5:59 P.M. EDT\n"
    )
    assert shape(text) == [
        ("Ann Lee", "Will it close?"), ("Ben Ray", "It will close in May."), ("#", "(Laughter.)"),
        ("Ben Ray", "And it opens in June."), ("#", "[A bell rings]"),
        ("Ann Lee", "And the ferry\n(which is old) runs on?"), ("Ben Ray", "Yes (as it should)."),
        ("#", "(He sits down.)"), ("#", "(inaudible)"), ("#", "5:59 P.M. EDT"),
    ]  # fmt: skip


def test_a_chinese_stage_direction_is_nobodys_words() -> None:
    text = (
        "主席：現在開始。\n\n(梁國雄議員站起來 )\n\n主席：梁議員，請說。\n\n梁國雄議員：規程問題。\n\n暫停會議\n\n"
        "主席：會議暫停，因為\n\n尚未完成\n\n梁國雄議員：謝謝。\n（會議暫停）\n"
    )
    nobody = ["(梁國雄議員站起來 )", "暫停會議", "（會議暫停）"]
    assert [words for speaker, words in shape(text) if speaker == "#"] == nobody


def test_words_on_the_line_of_the_first_time_are_a_paragraph() -> None:
    made = read("[0:00:00-->0:00:09] It begins here")
    assert [made.text[start:end] for start, end in made.paragraphs] == ["It begins here"]


def test_a_title_is_one_line() -> None:
    assert read("Meeting of the\u2028city council\n\nAnn Lee: Good.\n\nBo Li: Yes.\n\nAnn Lee: So.\n").title == (
        "Meeting of the city council"
    )


def test_a_sentence_that_goes_on_from_elsewhere_is_no_title() -> None:
    made = read("on until November, as before. It is paid by all.\n\nAnn Lee: Who pays?\n\nBo Li: The state pays.\n")
    assert made.title == "made"
    assert [turn.speaker for turn in made.turns if turn.role != "heading"] == ["", "Ann Lee", "Bo Li"]
