"""Saved web pages: what is kept of them, who speaks, and what they say of themselves."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import transcripts
from qa.errors import TranscriptError
from qa.formats import web
from qa.formats.origin import Origin
from qa.types import Transcript


def page(body: str | bytes, head: str = "", name: str = "made.html") -> Transcript:
    content = body if isinstance(body, bytes) else f"<!DOCTYPE html><html lang=en>{head}<body>{body}</body>".encode()
    transcript = web.parse(content, Origin("0" * 64, name, name.split(".")[0]))
    transcripts.check(transcript)
    return transcript


def shape(transcript: Transcript) -> list[tuple[str, str]]:
    """Speaker and words; the speaker of a heading is "#"."""
    return [("#" if t.role == "heading" else t.speaker, transcript.text[t.start : t.end]) for t in transcript.turns]


def said(body: str | bytes) -> list[tuple[str, str]]:
    return [turn for turn in shape(page(body)) if turn[0] != "#"]


_LONG = "We looked at every crane in the harbour, one after the other, and we found that most of them were sound."

BRIEFING = f"""<!DOCTYPE html><html class="no-js" lang="en-US"><head><meta charset="utf-8"/>
<meta property="og:title" content="Remarks on the Harbour | The Town Hall"/><meta property="og:site_name"
content="The Town Hall"/><link rel="canonical" href="https://town.example/harbour/"/>
<title>Remarks on the Harbour | The Town Hall</title><style>p {{ color: red }}</style></head><body>
<header class="site"><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News: latest</a></li></ul></nav></header>
<div class="cookie-notice"><p>We use cookies to make this site work. By going on you accept all of them.</p></div>
<main><h1>Remarks on the Harbour</h1><p class="meta">Issued on: <time datetime="2021-03-05">March 5, 2021</time></p>
<div class="editor"><aside><ul><li>Share:</li><li><a href="#">Twitter</a></li></ul></aside>
<!-- The content --><p>The Old Pier</p><p>March 4, 2021<br>
  5:14 P.M. EST</p>
<p>THE MAYOR:&nbsp; Good   evening.&nbsp; {_LONG}&nbsp; (Laughter.)</p>
<p>(Applause.)</p><p>At 7:06 we start: be there.</p>
<p>Q&nbsp; &nbsp;Is it <em>safe</em> &mdash; today?</p>
<p>DR. REED:&nbsp; AT&amp;T says &amp;lt;yes&amp;gt;.</p>
<script>var x = "<p>MR. NOBODY: no.</p>";</script>
<p>Q&nbsp; And tomorrow?</p><p>THE MAYOR:&nbsp; It is.</p>
<p style="text-align:center">END&nbsp; 6:02 P.M. EST</p></div></main>
<div id="comments"><h3>Leave a reply</h3><form><p>Your comment must be signed with your name.</p></form></div>
<footer><p>The Town Hall, 1 Quay Street. All rights reserved by the town.</p></footer></body></html>"""


def test_a_briefing_among_menus() -> None:
    transcript = page(BRIEFING.encode())
    assert shape(transcript) == [
        ("#", "Remarks on the Harbour"),
        ("#", "The Old Pier"),
        ("#", "March 4, 2021"),
        ("#", "5:14 P.M. EST"),
        ("THE MAYOR", f"Good evening.  {_LONG}  (Laughter.)\n\n(Applause.)\n\nAt 7:06 we start: be there."),
        ("Q", "Is it safe — today?"),
        ("DR. REED", "AT&T says &lt;yes&gt;."),
        ("Q", "And tomorrow?"),
        ("THE MAYOR", "It is."),
        ("#", "END  6:02 P.M. EST"),
    ]
    assert [transcript.text[s:e] for s, e in transcript.paragraphs[:3]] == [
        f"Good evening.  {_LONG}  (Laughter.)",
        "(Applause.)",
        "At 7:06 we start: be there.",
    ]
    assert (transcript.title, transcript.date) == ("Remarks on the Harbour", "2021-03-04")
    assert (transcript.url, transcript.language) == ("https://town.example/harbour/", "en-us")


def test_a_page_wholly_in_a_form_and_without_any_names_of_parts() -> None:
    bare = re.sub(r"<(/?)(?:main|aside|header|nav|footer)\b", r"<\1div", BRIEFING)
    bare = re.sub(r" (?:class|id)=\"?[\w-]+\"?", "", bare).replace("<body>", "<body><form action=/>")
    words = shape(page(bare.encode()))
    turns = [turn for turn in words if turn[0] not in ("", "#")]
    assert turns == [turn for turn in shape(page(BRIEFING.encode())) if turn[0] not in ("", "#")]
    assert not {"Home", "Twitter"} & {text for _, text in words}


MINUTES = """<main><h2>Minutes of the second meeting</h2><p><strong>Present:</strong> Ann Lee (Quay), Bo Li</p>
<section class=toc><ol><li><a href="#a">Cranes</a></li></ol></section>
<h3>Cranes</h3><p class="phone" id="x01"><cite>Ann Lee:</cite> We begin with the cranes.<br>
... They are old.</p><p class=phone><cite>bo_li:</cite> How old?</p><p class=irc><cite>&lt;ann&gt;</cite> nine years</p>
<p>Related: <a href=x>issue 7</a>.</p><h3>Tides</h3><p>See issue 9.</p>
<p class=phone><cite>Ann Lee:</cite> <cite>The Tide</cite> is a good book.</p>
<p class=phone><cite>bo_li</cite>: It is. Thank you.</p></main>"""


def test_minutes_with_names_in_cite() -> None:
    words = shape(page(MINUTES))
    assert words[-8:] == [
        ("#", "Cranes"),
        ("Ann Lee", "We begin with the cranes.\n... They are old."),
        ("bo_li", "How old?"),
        ("ann", "nine years\n\nRelated: issue 7."),
        ("#", "Tides"),
        ("", "See issue 9."),
        ("Ann Lee", "The Tide is a good book."),
        ("bo_li", "It is. Thank you."),
    ]
    assert "Present" not in {speaker for speaker, _ in words}


_TALK = [("Ann Lee", "Is it safe?"), ("Bo Li", "It is safe today."), ("Ann Lee", "And then?"), ("Bo Li", "Then, too.")]


@pytest.mark.parametrize(
    ("turn", "around"),
    [
        ("<p><strong>{0}</strong>: {1}</p>", "<div>{}</div>"),
        ("<p><strong>{0}:</strong> {1}</p>", "<div>{}</div>"),
        ("<p><b>{0}</b><br>{1}</p>", "<div>{}</div>"),
        ("<p><b>{0}</b> {1}</p>", "<div>{}</div>"),
        ("<h4>{0}</h4><p>{1}</p>", "<article>{}</article>"),
        ("<dt>{0}</dt><dd>{1}</dd>", "<dl>{}</dl>"),
        ("<tr><td>{0}</td><td>{1}</td></tr>", "<table><tbody>{}</tbody></table>"),
        ("<tr><th>{0}:</th><td><p>{1}</p></td></tr>", "<table>{}</table>"),
        ("<li>{0}: {1}", "<ol>{}</ol>"),
        ("{0}: {1}<br>", "<div>{}</div>"),
        ("<div class=turn><span class=speaker>{0}</span> <span>{1}</span></div>", "<div>{}</div>"),
        ("<div><div class=speaker-name>{0}</div><div>{1}</div></div>", "<div>{}</div>"),
        ("<div class=speaker-turn><b>{0}</b><p>{1}</p></div>", "<div>{}</div>"),
        ("<blockquote><p>{0}: {1}</p></blockquote>", "<div>{}</div>"),
        ("{0}: {1}\n\n", "<pre>{}</pre>"),
    ],
)
def test_every_way_to_set_a_speaker_off(turn: str, around: str) -> None:
    body = around.format("".join(turn.format(*words) for words in _TALK))
    menu = "<div><ul><li><a href=/>Home</a><li><a href=/x>Contact: us</a></ul></div>"
    assert said(f"{menu}{body}<div><a href=/next>Next: the tides</a></div>") == _TALK


@pytest.mark.parametrize("mark", ["&nbsp; ", "&nbsp;", ". ", ": ", " &nbsp; &nbsp;"])
def test_a_lone_q_and_a(mark: str) -> None:
    body = f"<p>Q{mark}Is it?<p>A{mark}A great deal is.<p>A crane is no tide.<p>Q{mark}So?<p>A{mark}Yes."
    expected = [("Q", "Is it?"), ("A", "A great deal is.\n\nA crane is no tide."), ("Q", "So?"), ("A", "Yes.")]
    if mark == "&nbsp;":  # a single blank: "A" may open the sentence
        expected = [("Q", "Is it?\n\nA A great deal is.\n\nA crane is no tide."), ("Q", "So?\n\nA Yes.")]
    assert said(body) == expected


@pytest.mark.parametrize(
    "line",
    [
        "<p>Q is a letter.</p>", "<p><b>Important</b> news came in.</p>", "<p>5:14 P.M. is late.</p>",
        "<p><cite>Ann Karenina</cite> is long.</p>", "<p>(Laughter.)</p>", "<p>At 7:06 we start.</p>",
    ],
)  # fmt: skip
def test_no_speaker(line: str) -> None:
    words = said(f"<p>Ann Lee: {_LONG}</p>{line}<p>Bo Li: Thank you.</p><p>Ann Lee: Yes.</p><p>Bo Li: So be it.</p>")
    assert [speaker for speaker, _ in words] == ["Ann Lee", "Bo Li"] * 2
    assert re.sub("<.*?>", "", line) in words[0][1]


@pytest.mark.parametrize(
    ("turn", "around"),
    [
        ("<tr><td>00:0{2}:00</td><td>{0}</td><td>{1}</td></tr>", "<table>{}</table>"),
        ("<p>{0} (<a href=x>00:0{2}:00</a>):<br>{1}</p>", "<div>{}</div>"),
        ("<p><time>[00:0{2}:00]</time> <b>{0}:</b> {1}</p>", "<div>{}</div>"),
    ],
)
def test_times_beside_the_names(turn: str, around: str) -> None:
    rows = "".join(turn.format(*words, minute) for minute, words in enumerate(_TALK))
    transcript = page(around.format(rows))
    spoken = [t for t in transcript.turns if t.role != "heading"]
    assert [(t.speaker, transcript.text[t.start : t.end]) for t in spoken] == _TALK
    assert [t.seconds for t in spoken] == [0, 60, 120, 180]


def test_headings_within_a_speech_are_not_said_and_the_speaker_goes_on() -> None:
    parts = "".join(f"<h3>Part {n}</h3><p>{_LONG}</p>" for n in "12")
    assert shape(page(f"<p>Ann Lee: {_LONG}</p>{parts}<p>Bo Li: Thank you.</p><p>Ann Lee: No, thank you.</p>"))[1:] == [
        ("Ann Lee", _LONG), ("#", "Part 1"), ("Ann Lee", _LONG), ("#", "Part 2"), ("Ann Lee", _LONG),
        ("Bo Li", "Thank you."), ("Ann Lee", "No, thank you."),
    ]  # fmt: skip


def test_a_talk_without_labels() -> None:
    body = "<h1>On harbours</h1><p>A talk</p>" + f"<p>{_LONG}</p>" * 5 + "<ul><li><a href=/>Older talks</a></ul>"
    assert shape(page(body)) == [("#", "On harbours"), ("#", "A talk"), ("", "\n\n".join([_LONG] * 5))]


def test_what_is_hidden_is_left_out_unless_it_is_the_transcript() -> None:
    talk = "".join(f"<p>{name}: {words}</p>" for name, words in _TALK)
    hidden = f"<p hidden>Ann Lee is here.</p><div style='display: none'><p>{_LONG}</p></div>"
    assert said(f"<div>{talk}</div><p>{_LONG}</p>{hidden}")[:4][:3] == _TALK[:3]
    assert "is here" not in page(talk + hidden).text
    assert said(f"<p>Show the transcript.</p><div style='display:none'>{talk}</div>") == _TALK


def test_spoken_parts_with_the_name_of_a_side_bar_are_kept() -> None:
    talk = "".join(f"<div class='sidebar turn'><p>{name}: {words}</p></div>" for name, words in _TALK)
    assert said(f"<div>{talk}</div>") == _TALK


def test_text_behind_an_inline_element_is_not_torn_apart() -> None:
    words = said("<p>Ann Lee: un<b>believ</b>able<!-- x -->, <a href=x>really</a>; H<sub>2</sub>O.<p>Bo Li: Yes.")
    assert words[0] == ("Ann Lee", "unbelievable, really; H2O.")


@pytest.mark.parametrize(
    ("declared", "codec", "words"),
    [
        ("iso-8859-1", "cp1252", "Café “déjà vu” – ça va."), ("gb2312", "gb18030", "质量是发展的基础。"),
        ("Shift_JIS", "cp932", "東京です。質問はありますか。"), ("windows-1251", "cp1251", "Порт открыт."),
        ("utf-8", "utf-8", "質 é 😀."), ("iso-8859-1", "utf-8", "Café 質."), ("utf-16", "utf-16", "Café 質."),
        ("", "utf-8", "Café."), ("", "utf-8-sig", "Café."),
    ],
)  # fmt: skip
def test_encodings(declared: str, codec: str, words: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    body = f"<html><head>{meta}</head><p>Ann Lee: {words}</p><p>Bo Li: {words}</p><p>Ann Lee: {words}"
    assert said(body.encode(codec)) == [("Ann Lee", words), ("Bo Li", words), ("Ann Lee", words)]


def test_an_undeclared_encoding_is_recognised() -> None:
    words = "质量是发展的基础，我们要加强监管，让更多企业受益，谢谢大家的提问。"
    assert said(f"<p>刘三江：{words}<p>王伟：{words}<p>刘三江：{words}".encode("gb18030"))[1] == ("王伟", words)


def test_wrong_bytes_are_refused_only_where_words_are() -> None:
    talk = "".join(f"<p>{name}: {words}</p>" for name, words in _TALK).encode()
    head = b"<meta charset=utf-8>"
    assert said(head + b"<script>\xff</script>" + talk) == _TALK
    with pytest.raises(TranscriptError, match="not in the encoding it declares"):
        page(head + b"<p>Ann Lee: caf\xe9.</p>" + talk)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>On cranes | Town Hall</title>", "On cranes"),
        ("<title>Council - April 14, 2026</title>", "Council - April 14, 2026"),
        ("<title>On cranes - Town</title><meta property=og:site_name content=Town>", "On cranes"),
        ("<title>On cranes - Town Hall</title><meta property=og:title content='Town Hall'>", "On cranes"),
        ("<title>X</title><meta property=og:title content='On &amp; off'>", "On & off"),
        ("", "made"),
    ],
)
def test_titles(head: str, title: str) -> None:
    transcript = page("<p>Ann Lee: Is it?<p>Bo Li: It is.<p>Ann Lee: Good.", f"<head>{head}</head>")
    assert transcript.title == title
    assert shape(transcript)[0] == ("#", title)


@pytest.mark.parametrize(
    ("head", "url", "date"),
    [
        ("<link rel=canonical href='javascript:alert(1)'>", "", ""),
        ("<link rel=canonical href='/here'><meta property=og:url content=https://e.org/x>", "https://e.org/x", ""),
        ("<meta property=article:published_time content=2021-03-05T10:00:00Z>", "", "2021-03-05"),
    ],
)
def test_what_the_page_says_of_itself(head: str, url: str, date: str) -> None:
    transcript = page("<p>Ann Lee: Is it?<p>Bo Li: It is.<p>Ann Lee: Good.", f"<head>{head}</head>")
    assert (transcript.url, transcript.date) == (url, date)


def test_a_page_saved_by_a_browser_tells_its_address() -> None:
    content = b"<!-- saved from url=(0021)https://e.org/harbour -->\n<p>Ann Lee: So?<p>Bo Li: Yes.<p>Ann Lee: Good."
    assert page(content).url == "https://e.org/harbour"


_MENU = "<ul><li><a href=/>Home</a><li><a href=/n>News</a></ul><p>All rights reserved.</p>"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ""), (b" \n", ""), (b"\0\1\2", ""), (_MENU.encode(), "no transcript in this page"),
        (b"<p>Loading transcript...</p><script>load()</script>", "no transcript in this page"),
        (b"<frameset><frame src=a.html></frameset>", "no transcript"), (b"<div>" * 200_000, "nested too deeply"),
        (b"\x89PNG\r\n\x1a\n\0\0", ""), (b"<title>A</title>", "no transcript"),
    ],
)  # fmt: skip
def test_a_page_without_a_transcript_is_refused_in_one_line(content: bytes, says: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        page(content)
    assert str(caught.value).startswith("made.html: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_long_page_is_read_in_proportion_to_its_length() -> None:
    turns = [(name, f"{_LONG} Number {n}.") for n in range(3000) for name in ("Ann Lee", "Bo Li")]
    assert said("<nav>" * 300 + "</nav>" * 300 + "".join(f"<p>{name}: {words}" for name, words in turns)) == turns


_NAMES = st.sampled_from(["Q", "THE PRESIDENT", "DR. O'BRIEN", "Ann Lee", "Bo Li", "刘三江", "Zoë Díaz-Møller"])
_SAID = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
_WORDS = st.lists(_SAID, min_size=2, max_size=12).map(lambda words: f"So {' '.join(words)} is it.")


@given(st.lists(st.tuples(_NAMES, _WORDS), min_size=2, max_size=12), st.sampled_from(["p", "div", "li"]))
def test_what_is_written_is_read_again(turns: list[tuple[str, str]], tag: str) -> None:
    turns = [*turns, *turns]  # every name comes again
    turns = [turn for before, turn in zip([("", ""), *turns], turns, strict=False) if before[0] != turn[0]]
    if len({name for name, _ in turns}) < 2:
        return
    lines = (f"<{tag}><strong>{name}:</strong> {html.escape(words)}</{tag}>" for name, words in turns)
    read = said(f"<div class=menu><a href=/>Home</a></div><main>{''.join(lines)}</main>")
    assert read == turns


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<br>", "<td>", "<tr>", "<table>", "</table>", "<nav>", "</nav>", "<h2>", "</h2>",
     "<dt>", "<dd>", "<cite>", "</cite>", "<pre>", "<a href=x>", "</a>", "<title>", "</title>", "<script>", "<!--",
     "-->", "<time>", "<li>", "<ul>", "<span hidden>", "<div class=share>", "</div>", "Ann Lee: ", "Q ", "Q&nbsp; ",
     "A. ", "It is so. ", "\n", "&amp;", "&#0;", "&nbsp;", "END 5:14 P.M.", "x" * 90, _LONG, "<", "\0", "\ufffd",
     "质量。", "<meta charset=gbk>", "é", "<body>", "</body>", "</html>", "<svg>", "<form>"]
)  # fmt: skip


def _reads_or_refuses(content: bytes) -> None:
    try:
        transcript = page(content)
    except TranscriptError as error:
        assert "\n" not in str(error)
        return
    assert all(transcript.text[t.start : t.end].strip() for t in transcript.turns)


@given(st.lists(_PIECES, max_size=60))
def test_any_page_is_read_or_refused(pieces: list[str]) -> None:
    _reads_or_refuses("".join(pieces).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _reads_or_refuses(content)
    _reads_or_refuses(b"<p>Ann Lee: Why?<p>Bo Li: So.<p>Ann Lee: " + content + b"<p>Bo Li: Yes.")


@pytest.mark.parametrize(
    "row", ["<tr><td>{}</td><td>{}</td></tr>", "<dt>{}<dd>{}", "<tr><th>{}:</th><td><p>{}</p></td></tr>"]
)
def test_a_colon_in_the_second_cell_names_nobody(row: str) -> None:
    turns = [("Ann Lee", "So: it is."), ("Bo Li", "So : it was."), ("Ann Lee", "Yes."), ("Bo Li", "So : it is.")]
    assert said(f"<table>{''.join(row.format(*turn) for turn in turns)}</table>") == turns
