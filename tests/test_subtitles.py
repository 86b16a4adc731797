from __future__ import annotations

import hashlib
import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import transcripts
from qa.errors import TranscriptError
from qa.formats.origin import Origin
from qa.formats.subtitles import parse_srt, parse_vtt
from qa.types import Transcript


def origin(name: str) -> Origin:
    return Origin(hashlib.sha256(b"").hexdigest(), name, name.split(".")[0])


def vtt(text: str) -> Transcript:
    made = parse_vtt(text, origin("talk.vtt"))
    transcripts.check(made)
    return made


def srt(text: str) -> Transcript:
    made = parse_srt(text, origin("talk.srt"))
    transcripts.check(made)
    return made


def turns(transcript: Transcript) -> list[tuple[str, str]]:
    spoken = [turn for turn in transcript.turns if turn.role != "heading"]
    return [(turn.speaker, transcript.text[turn.start : turn.end]) for turn in spoken]


def paragraphs(transcript: Transcript) -> list[str]:
    return [transcript.text[start:end] for start, end in transcript.paragraphs]


def cues(*lines: str, web: bool = True, pause: float = 0.0) -> str:
    """A file of cues of two seconds each, ``pause`` seconds apart."""
    blocks = ["WEBVTT"] if web else []
    for number, text in enumerate(lines):
        start = number * (2 + pause)
        times = f"{clock(start)} --> {clock(start + 2)}"
        blocks.append(f"{times}\n{text}" if web else f"{number + 1}\n{times.replace('.', ',')}\n{text}")
    return "\n\n".join(blocks) + "\n"


def clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


WEB = """WEBVTT - Harbour talk, March 12, 2024
Kind: captions
Language: en-GB

NOTE
Made by hand.
--

STYLE
::cue(v[voice="Ann Lee"]) { color: red }

REGION
id:fred
width:40%

intro
00:01.000 --> 00:02.500 align:start position:0%
<v.loud Ann Lee>Is <i>a &lt; b</i> &amp;amp; <00:01.200><c.red>so</c>&nbsp;old?</v>

slide-2
00:02.500 --> 00:04.000
<v Bo &amp; Li>Yes, if a<b and c>d,

3
00:04.000 --> 00:05.250 line:15%
<v Bo &amp; Li>it is.</v>
<v Ann Lee>Thank you.

NOTE 00:05 was cut here

01:00:00.000 --> 01:00:02.000
<v Ann Lee>Bye.
NOTE well: bye.

and bye again.
"""


def test_web_captions_with_voices() -> None:
    transcript = vtt(WEB)
    assert turns(transcript) == [
        ("Ann Lee", "Is a < b &amp; so\xa0old?"),
        ("Bo & Li", "Yes, if a<b and c>d, it is."),
        ("Ann Lee", "Thank you.\n\nBye. NOTE well: bye. and bye again."),
    ]
    spoken = transcript.turns[1:]
    assert [(turn.seconds, turn.until) for turn in spoken] == [(1.0, 2.5), (2.5, 5.25), (4.0, 3602.0)]
    told = [(transcript.text[m.start :].split()[0], m.seconds) for m in transcript.moments]
    assert told == [("Is", 1.0), ("Yes,", 2.5), ("it", 4.0), ("Thank", 4.0), ("Bye.", 3600.0)]
    assert (transcript.title, transcript.language) == ("Harbour talk, March 12, 2024", "en-gb")
    assert transcript.turns[0].role == "heading"


def test_a_tag_where_the_speaker_changes_holds_till_the_next() -> None:
    said = ["<v Ann>We begin", "with this.", "And that.", "<v ->Who is it?", "Me.", "Only me.", "<v Bo>Yes."]
    assert turns(vtt(cues(*said))) == [
        ("Ann", "We begin with this. And that."), ("", "Who is it? Me. Only me."), ("Bo", "Yes."),
    ]  # fmt: skip


def test_where_most_cues_are_tagged_one_without_is_unknown() -> None:
    assert turns(vtt(cues("<v Ann>One.</v> Two.", "<v Ann>Three.", "Four.", "<v Bo>Five."))) == [
        ("Ann", "One."), ("", "Two."), ("Ann", "Three."), ("", "Four."), ("Bo", "Five."),
    ]  # fmt: skip


def test_entities_are_decoded_once_and_only_where_the_format_has_them() -> None:
    said = "&lt;b&gt;R&amp;D&lt;/b&gt; &amp;lt; AT&T; &lrm;&#233;&bogus;"
    assert turns(vtt(cues(said))) == [("", "<b>R&D</b> &lt; AT&T; \u200eé&bogus;")]
    assert turns(srt(cues(said, web=False))) == [("", said)]


def test_readings_beside_a_word_are_not_said_twice() -> None:
    assert turns(vtt(cues("<ruby>東京<rt>とうきょう</rt></ruby>です。"))) == [("", "東京です。")]


SUBRIP = """\ufeff1
00:00:01,000 --> 00:00:02,000
{\\an8}<i>One</i> &amp; <font color="#fff">two</font> <s> a<b c>d
3
0:00:02.5 --> 0:00:03.5  X1:10 X2:20 Y1:1 Y2:2
42

4
00:00:03,500-->00:00:06,000行：15%
is the answer.

It is.
9
00:00:06,500 --> 00:00:08,000 Said at once.
"""


def test_subrip_badly_written() -> None:
    transcript = srt(SUBRIP)
    assert turns(transcript) == [("", "One &amp; two <s> a<b c>d 42 is the answer. It is. Said at once.")]
    assert [m.seconds for m in transcript.moments] == [1.0, 2.5, 3.5, 6.5]
    assert (transcript.turns[0].seconds, transcript.turns[0].until) == (1.0, 8.0)
    assert transcript.title == "talk"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_blank_line_behind_every_line(end: str) -> None:
    wide = cues("One", "two.", "7", web=False).replace("\n", "\n\n").replace("\n", end)
    assert turns(srt(wide)) == [("", "One two. 7")]
    assert turns(vtt(cues("One", "two.", "7").replace("\n", end))) == [("", "One two. 7")]


def test_line_separators_within_a_line_are_no_line_ends() -> None:
    assert turns(srt(cues("One\u2028two\x0bthree.", web=False))) == [("", "One\u2028two\x0bthree.")]


ROLLED = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
 
is<00:00:00.500><c> it</c><00:00:01.000><c> old</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
is it old
 

00:00:02.010 --> 00:00:04.000 align:start position:0%
is it old
No.

00:00:04.000 --> 00:00:04.010 align:start position:0%
No.
 

00:00:04.010 --> 00:00:06.000 align:start position:0%
No.
No.

00:00:06.000 --> 00:00:06.010 align:start position:0%
No.
 

00:00:06.010 --> 00:00:08.000 align:start position:0%
No.
it<00:00:07.000><c> is</c><00:00:07.500><c> new.</c>

00:00:12.000 --> 00:00:13.000 align:start position:0%
it is new.
"""  # noqa: W293


def test_rolling_captions_are_said_once_and_a_repetition_twice() -> None:
    transcript = vtt(ROLLED)
    said = [(transcript.text[m.start :].split("\n")[0], m.seconds) for m in transcript.moments]
    assert " ".join(transcript.text.split()) == "is it old No. No. it is new. it is new."
    assert [seconds for _, seconds in said] == [0.0, 2.01, 4.01, 6.01, 12.0]
    assert transcript.language == "en"


def test_three_rows_that_roll() -> None:
    rows = ["a one", "b two", "c three", *["d four"] * 4, "e five."]
    shown = ["\n".join(rows[max(0, i - 2) : i + 1]) for i in range(len(rows))]
    assert turns(srt(cues(*shown, web=False))) == [("", "a one b two c three d four d four d four d four e five.")]


def test_captions_that_do_not_roll_keep_what_is_said_again() -> None:
    said = ["No. No.", "No. No.", "Never.", "Never.\nWhy?", "Because.", "So it is.", "It is.", "It is."]
    assert turns(srt(cues(*said, web=False))) == [("", " ".join(said).replace("\n", " "))]


def test_speech_set_off_from_its_times_is_no_name_of_the_next_cue() -> None:
    times = ["00:01.000 --> 00:02.000", "00:02.000 --> 00:03.000", "00:03.000 --> 00:04.000"]
    said = ["Hello there.", "I did not do it.", "Goodbye now."]
    text = "WEBVTT\n\n" + "\n".join(f"{time}\n\n{words}" for time, words in zip(times, said, strict=True))
    assert vtt(text).text == "Hello there. I did not do it. Goodbye now."


def test_the_name_of_a_cue_behind_one_without_a_word_is_not_said() -> None:
    text = (
        "WEBVTT\n\none\n00:01.000 --> 00:02.000\nHello there.\n\ntwo\n00:02.000 --> 00:03.000\n\n"
        "three\n00:03.000 --> 00:04.000\nGoodbye now.\n"
    )
    assert vtt(text).text.split() == "Hello there. Goodbye now.".split()


def test_dashes_and_chevrons_are_speakers_not_named() -> None:
    said = ["(bell)", "- Is it old?\n- Yes.", "It is, and he", "- the mayor - knows.", "&gt;&gt; -5 degrees."]
    assert turns(vtt(cues(*said))) == [
        ("", "(bell)"), ("", "Is it old?"), ("", "Yes. It is, and he - the mayor - knows."), ("", "-5 degrees."),
    ]  # fmt: skip


def test_chevrons_with_and_without_names() -> None:
    said = [">> ANN LEE: Good", "evening. a >> b.", ">> REPORTER: Why?", ">>> Because. >> Oh.", ">> Well: no."]
    assert turns(srt(cues(*said, web=False))) == [
        ("ANN LEE", "Good evening. a"), ("", "b."), ("REPORTER", "Why?"), ("", "Because."), ("", "Oh."),
        ("", "Well: no."),
    ]  # fmt: skip
    assert turns(srt(cues("We shift a >> b.", web=False))) == [("", "We shift a >> b.")]


def test_names_with_a_colon_that_come_again() -> None:
    said = ["Ann Lee: Is it old?", "Bo Li: It is", "Bo Li: very old.", "And one", "thing: it leaks.", "Ann Lee: Oh."]
    assert turns(vtt(cues(*said))) == [
        ("Ann Lee", "Is it old?"), ("Bo Li", "It is very old. And one thing: it leaks."), ("Ann Lee", "Oh."),
    ]  # fmt: skip
    chinese = ["记者：质量如何？", "刘三江：质量", "很好。", "记者：谢谢。", "刘三江：不客气。"]
    assert [speaker for speaker, _ in turns(srt(cues(*chinese, web=False)))] == ["记者", "刘三江"] * 2


@pytest.mark.parametrize(
    "said",
    [
        ["One thing.", "Remember: it leaks.", "It does.", "It is old.", "Remember: it leaks."],
        ["At 7:06 we", "begin.", "Bo Li: a name", "said once."],
        ["WE ASK.", "THE ANSWER: NO.", "WHY SO?", "IT IS OLD.", "THE ANSWER: NO."],
    ],
)
def test_a_colon_that_is_not_certain_was_said(said: list[str]) -> None:
    assert turns(srt(cues(*said, web=False))) == [("", " ".join(said))]


def test_two_languages_stand_paragraph_by_paragraph() -> None:
    said = ["- 我们现在\n- Now we", "开始。\nbegin.", "BERT 库\nThe BERT library", "2024\n2024", "很好。\nis good."]
    transcript = srt(cues(*said, web=False, pause=1.0))
    assert paragraphs(transcript) == [
        "我们现在开始。", "Now we begin.", "BERT 库 2024 很好。", "The BERT library 2024 is good.",
    ]  # fmt: skip
    assert [transcript.seconds_at(start) for start, _ in transcript.paragraphs] == [0.0, 0.0, 6.0, 6.0]
    assert len(turns(transcript)) == 1


def test_two_lines_of_one_language_are_one_text() -> None:
    assert paragraphs(srt(cues("你好，\n世界。", "Hello,\nworld.", web=False))) == ["你好，世界。Hello, world."]


def test_paragraphs_end_at_a_pause_behind_a_sentence() -> None:
    said = ["One", "two.", "Three."]
    assert paragraphs(vtt(cues(*said, pause=1.0))) == ["One two.", "Three."]
    assert paragraphs(vtt(cues(*said, pause=0.9))) == ["One two. Three."]


def test_speech_without_full_stops_is_cut_short_enough_to_be_quoted() -> None:
    found = paragraphs(vtt(cues(*["and so we go on with it"] * 100)))
    assert " ".join(found) == " ".join(["and so we go on with it"] * 100)
    assert max(map(len, found)) < 300
    chinese = paragraphs(vtt(cues(*["作为非端到端而是点对点"] * 100)))
    assert max(map(len, chinese)) < 120
    assert "".join(chinese) == "作为非端到端而是点对点" * 100


def test_other_scripts() -> None:
    arabic, hindi = "ما هو السؤال؟", "यह पुराना है।"
    assert turns(vtt(cues("<v ليلى>" + arabic, "<v अनु>" + hindi))) == [("ليلى", arabic), ("अनु", hindi)]
    assert turns(vtt(cues("東京です", "か。", "한국", "어"))) == [("", "東京ですか。한국 어")]


@pytest.mark.parametrize("parse", [parse_vtt, parse_srt])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no captions"),
        ("WEBVTT\n\nHello.", "no captions"),
        ("1\n00:00:0l,000 --> 00:00:02,000\nHello.", "line 2: not two times"),
        ("1\n00:01.000 -->\nHello.", "line 2: not two times"),
    ],
)
def test_refused_in_one_line(parse: object, text: str, says: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(text, origin("talk.vtt"))  # type: ignore[operator]
    assert says in str(caught.value)
    assert str(caught.value).startswith("talk.vtt: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "part",
    ["<", "<v ", "<c.", "<rt>", "<rt.", "&#9", "&a", "- ", ">> ", "Ann Lee: ", " ", "{\\", "00:", "-->", "\n\n", "a:,",
     "00:01.000 --> 00:02.000 a:1,\n", "00:01.000 --> 00:02.000\nNo.\n", "No.\n",
     "00:01.000 --> 00:02.000\n" + "No.\n" * 20_000, "你好\nhello\n"],
)  # fmt: skip
def test_time_grows_with_the_size_only(part: str) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000 " + part * (100_000 // len(part))
    begin = time.perf_counter()
    for parse in (parse_vtt, parse_srt):
        parse(text, origin("talk.vtt"))
    assert time.perf_counter() - begin < 10


_WORDS = st.lists(
    st.sampled_from(
        ["rates", "U.S.", "said.", "Why?", "No.", "<b>bold</b>", "&amp;", "a<b", "c>d", "质量是", "👩‍👧", "été"]
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip
_SPEECH = st.lists(st.tuples(st.sampled_from(["Ann Lee", "Bo & Li", "刘三江", ""]), _WORDS), min_size=1, max_size=8)


@given(_SPEECH, st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_as_voices_is_read_back(given: list[tuple[str, list[str]]], end: str) -> None:
    said = [f"<v {html.escape(name)}>{html.escape(' '.join(words))}</v>" for name, words in given]
    expected: list[tuple[str, str]] = []
    for name, words in given:
        if expected and expected[-1][0] == name:
            expected[-1] = (name, expected[-1][1] + "".join(words))
        else:
            expected.append((name, "".join(words)))
    found = turns(vtt(cues(*said).replace("\n", end)))
    assert [(name, "".join(words.split())) for name, words in found] == expected


@given(st.lists(_WORDS, min_size=1, max_size=30), st.booleans())
def test_every_cue_is_found_at_its_time(given: list[list[str]], web: bool) -> None:
    said = [" ".join(["x", *words]) for words in given]
    text = cues(*(map(html.escape, said) if web else said), web=web)
    transcript = vtt(text) if web else srt(text.replace("<b>", "").replace("</b>", ""))
    shown = said if web else [line.replace("<b>", "").replace("</b>", "") for line in said]
    assert [moment.seconds for moment in transcript.moments] == [2.0 * number for number in range(len(said))]
    for moment, line in zip(transcript.moments, shown, strict=True):
        assert transcript.text.startswith(line, moment.start)


_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["WEBVTT", "WEBVTT x", "NOTE x", "STYLE", "\n", "\n\n", "1\n", "\ufeff", "00:01.000 --> 00:02.000\n",
             "00:00:03,000 --> 00:00:04,000\n", "00:03 --> x", "<v Ann>", "</v>", "<br>", "<rt>", "- ", ">> ", "Ann: ",
             "Bo Li：", "你好。", "hello", "No.", "&#10;&#10;", "&#0;", "&#xD800;", "&nbsp;", " ", "\0", "\x85"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    ),
    max_size=40,
)  # fmt: skip


@given(_PIECES)
def test_any_text_is_read_or_refused(given: list[str]) -> None:
    for read in (vtt, srt):
        try:
            transcript = read("".join(given))
        except TranscriptError:
            continue
        for turn in transcript.turns:
            said = transcript.text[turn.start : turn.end]
            assert said and said == said.strip()
