from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import transcripts
from qa.errors import TranscriptError
from qa.types import Transcript
from tests.fakes import as_json, spoken


def plain(text: str) -> Transcript:
    return transcripts.parse(text.encode(), "made.txt")


def shape(transcript: Transcript) -> list[tuple[str, str, str]]:
    return [(t.role, t.speaker, transcript.text[t.start : t.end]) for t in transcript.turns]


def test_the_shipped_transcript(corpus: Path) -> None:
    (file,) = corpus.iterdir()
    transcript = transcripts.read(file)
    text = transcript.text
    assert text == file.read_text(encoding="utf-8")
    assert transcript.title.startswith("SCIO press conference on stimulating vitality of business entities")
    assert transcript.date == "2024-02-21"
    headings = [text[t.start : t.end] for t in transcript.turns if t.role == "heading"]
    assert headings == [transcript.title, "China.org.cn, February 21, 2024"]
    question, reply = (turn for turn in transcript.turns if turn.role != "heading")
    assert (question.speaker, question.role) == ("Xinhua News Agency", "question")
    assert (reply.speaker, reply.role) == ("Liu Sanjiang", "answer")
    paragraphs = [text[start:end] for start, end in transcript.paragraphs]
    assert len(paragraphs) == 7
    assert [p.split()[0] for p in paragraphs] == [
        "Last",
        "Thank",
        "First,",
        "Second,",
        "Third,",
        "Fourth,",
        "Promoting",
    ]
    assert text[reply.start : reply.end].endswith("Let's work together to advance this pursuit. Thank you.")
    said = " ".join(text[t.start : t.end] for t in transcript.turns)
    for furniture in ("Comment", "Print", "E-mail", "font", "分享", "Twitter", "Newsletter", "moderator", "<  1"):
        assert furniture not in said


def test_names_in_front_of_the_text() -> None:
    transcript = plain(
        "CCTV: What has been done?\nGuo Jiakun: Much has been done.\nFirst, we met.\n\nCCTV: Thank you.\n"
    )
    assert shape(transcript) == [
        ("question", "CCTV", "What has been done?"),
        ("answer", "Guo Jiakun", "Much has been done.\nFirst, we met."),
        ("question", "CCTV", "Thank you."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "There is one thing: we must act.", "At 7:06 P.M. we begin.", "See https://example.org/a:b for more.",
        "Note: this is a draft.", "first: we met", "He said: no.",
    ],
)  # fmt: skip
def test_a_colon_does_not_make_a_speaker(line: str) -> None:
    transcript = plain(f"Liu Sanjiang:\n\nGood morning.\n\n{line}\n\nXu Wei:\n\nThank you.\n")
    assert transcript.speakers() == ["Liu Sanjiang", "Xu Wei"]
    assert line in transcript.text[transcript.turns[0].start : transcript.turns[0].end]


@pytest.mark.parametrize(
    "said", ["No comments.", "Follow us on Twitter for more.", "Please print and e-mail it.", "Share this with all."]
)
def test_what_somebody_said_is_never_taken_for_the_pages_own(said: str) -> None:
    for text in (f"Ann Lee: Why so?\n\nBo Li: {said}", f"Ann Lee:\n\nWhy?\n\nBo Li:\n\n{said}\n\nThat is all."):
        transcript = plain(text)
        assert said in transcript.text[transcript.turns[-1].start : transcript.turns[-1].end]


def test_chinese_labels() -> None:
    transcript = plain("新华社记者：\n请问质量如何？\n刘三江：\n质量是发展的基础。\n")
    assert [(t.speaker, t.role) for t in transcript.turns] == [("新华社记者", "question"), ("刘三江", "answer")]


def test_text_without_labels_has_an_unknown_speaker() -> None:
    transcript = plain("A talk on harbours\n\nThe wall is old. It leaks.\n\nIt was built in 1931.")
    assert shape(transcript)[0] == ("heading", "", "A talk on harbours")
    assert [t.speaker for t in transcript.turns] == ["", ""]
    assert len(transcript.paragraphs) == 2


def test_offsets_survive_byte_order_mark_and_carriage_returns() -> None:
    transcript = transcripts.parse("\ufeffAnn Lee:\r\n\r\nOne 😀 two.\r\n\r\nBo Li:\r\n\r\nThree.".encode(), "a.txt")
    assert [transcript.text[t.start : t.end] for t in transcript.turns] == ["One 😀 two.", "Three."]


def test_json_keeps_times_and_headings() -> None:
    content = (
        b'{"title":"T t","date":"2024-03-12","turns":[{"text":"Hi.","speaker":"A","start":1,"end":2.5},{"text":" "}]}'
    )
    transcript = transcripts.parse(content, "a.json")
    turn = transcript.turns[-1]
    assert (turn.speaker, turn.seconds, turn.until) == ("A", 1.0, 2.5)
    assert [t.role for t in transcript.turns] == ["heading", "heading", "statement"]
    assert transcript.url == ""


def test_json_source_that_is_a_link_becomes_the_url() -> None:
    assert spoken(("A", "Hi."), source="a.json").url == ""
    assert transcripts.parse(as_json(("A", "Hi."), source="https://e.org/x"), "a.json").url == "https://e.org/x"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.txt", "no words"),
        (b"  \n \n", "a.txt", "no words"),
        (b"\0\1", "a.txt", "binary"),
        (b"\xef\xbb\xbf\xe9", "a.txt", "not utf-8 at byte 3"),
        (b"x", "a.pages", "cannot read .pages"),
        (b"{", "a.json", "line 1, column 2"),
        (b"[]", "a.json", "expected"),
        (b"[" * 100_000, "a.json", "cannot be read"),
        (b'{"turns":[{"speaker":"A"}]}', "a.json", "turns[0]"),
        (b'{"turns":[{"text":"A","start":-1}]}', "a.json", "turns[0]"),
        (b'{"turns":[{"text":"\\ud800"}]}', "a.json", "surrogate"),
        (b'{"title":3,"turns":[]}', "a.json", "title must be a string"),
    ],
)
def test_bad_files_give_one_line_that_names_the_file(content: bytes, name: str, says: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        transcripts.parse(content, name)
    assert says in str(caught.value)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


def speakers_of(text: str) -> list[tuple[str, str]]:
    return [(speaker, said) for role, speaker, said in shape(plain(text)) if role != "heading"]


def test_headings_in_a_talk_are_not_speakers() -> None:
    talk = "My talk on houses\n\nGood evening. I own three houses here.\n\nExample: a friend lost it all.\n\n"
    assert plain(talk + "Lesson: never borrow.\n\nThank you all very much.").speakers() == []
    inline = "CCTV: What has been done?\nGuo Jiakun: Much.\n\nEconomy:\n\nIt grew.\n\nTrade:\n\nIt grew too.\n"
    assert {"CCTV", "Guo Jiakun"} <= set(plain(inline + "CCTV: Thanks.\nGuo Jiakun: Bye.").speakers())


def test_chinese_sentences_with_a_colon_are_not_speakers() -> None:
    text = (
        "新华社记者：\n\n请问质量如何？\n\n刘三江：\n\n我想强调一点：质量是基础。\n\n具体措施如下：\n\n加强监管。\n\n"
    )
    assert plain(text).speakers() == ["新华社记者", "刘三江"]


def test_a_digit_behind_a_chinese_colon_is_speech() -> None:
    text = "央视记者：2023年召回了多少辆汽车？\n刘三江：2023年召回汽车672.8万辆。\n"
    assert speakers_of(text) == [
        ("央视记者", "2023年召回了多少辆汽车？"), ("刘三江", "2023年召回汽车672.8万辆。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["Host", "21st Century Business Herald", "iFeng News", "al-Sudani", "刘三江（市场监管总局副局长）",
     "《人民日报》记者", "玛丽·史密斯", "Q", "MR. PRICE", "THE PRESS", "Vice Minister Wang"],
)  # fmt: skip
def test_every_kind_of_name_keeps_its_words(name: str) -> None:
    text = f"{name}: We begin now.\n\nLena Brandt: Nine years.\n\n{name}: How long?\n\nLena Brandt: Ten.\n"
    assert speakers_of(text)[0] == (name, "We begin now.")
    assert [speaker for speaker, _ in speakers_of(text)] == [name, "Lena Brandt"] * 2


def test_an_office_behind_the_name() -> None:
    office = "Liu Sanjiang, vice minister of the State Administration for Market Regulation"
    assert speakers_of(f"Xing Huina:\n\nWelcome.\n\n{office}:\n\nThank you.")[1] == (office, "Thank you.")


def test_bold_names_in_markdown() -> None:
    text = "**Erik Martin:** Welcome to the show.\n\n**Brian K.:** Hello.\n\n**Erik Martin:** Bye."
    assert speakers_of(text) == [
        ("Erik Martin", "Welcome to the show."), ("Brian K.", "Hello."), ("Erik Martin", "Bye."),
    ]  # fmt: skip


def test_chinese_speech_is_not_taken_for_the_pages_foot() -> None:
    said = ["谢谢你的提问。", "首先我们把典型经验分享到全国各地，让更多企业受益。", "最后祝大家工作顺利，谢谢大家。"]
    text = (
        "新华社记者：\n\n请问如何？\n\n刘三江：\n\n" + "\n\n".join(said) + "\n\n打印本页 关闭窗口\n\n责任编辑：王伟\n"
    )
    transcript = plain(text)
    assert [transcript.text[s:e] for s, e in transcript.paragraphs[1:]] == said


def test_furniture_inside_a_turn_is_in_no_turn() -> None:
    transcript = plain(
        "Xinhua:\n\nWhy?\n\nLi Wei:\n\nBecause.\n\n0 Comment(s)Print E-mail\n\n<  1  2  3  >\n\n"
        "And we are glad of it.\n"
    )
    assert speakers_of(transcript.text)[1:] == [("Li Wei", "Because."), ("Li Wei", "And we are glad of it.")]


def test_remarks_before_the_first_label_are_speech_of_nobody_named() -> None:
    remark = "At the invitation of President Macron, President Xi will pay a state visit to France from May 5 to 10."
    transcript = plain(
        f"Spokesperson Mao Ning's Press Conference on May 6, 2024\n\n{remark}\n\nCCTV: Why?\nMao Ning: So."
    )
    assert transcript.title == "Spokesperson Mao Ning's Press Conference on May 6, 2024"
    assert (transcript.date, speakers_of(transcript.text)[0]) == ("2024-05-06", ("", remark))


@pytest.mark.parametrize(
    ("speaker", "role"),
    [
        ("Press Secretary Psaki", "answer"),
        ("National Radio and Television Administration", "answer"),
        ("CCTV", "question"),
    ],
)
def test_an_office_with_an_outlets_word_in_its_name_answers(speaker: str, role: str) -> None:
    transcript = spoken(("Reuters", "Is it so?"), (speaker, "It is, and it will be."), ("Reuters", "And now?"))
    assert transcript.turns[1].role == role


def test_an_interviewer_who_says_most_still_asks() -> None:
    asked = "I read the whole report twice last week and I have a great many doubts about it. Was the crane inspected?"
    transcript = spoken(
        ("Senator Warren", asked), ("Lena Brandt", "Yes."), ("Senator Warren", asked), ("Lena Brandt", "No.")
    )
    assert [turn.role for turn in transcript.turns] == ["question", "answer"] * 2


_LINES = st.sampled_from(
    ["", "", "Ann Lee:", "CCTV: Why is it so?", "Bo Li: It is.", "A title of some length", "March 1, 2024",
     "This is a sentence of more than eight words, said by nobody named.", "0 Comment(s)Print E-mail", "<  1  2  3  >",
     "No comments.", "质量是基础。", "刘三江：", "Source: x", "first: we met", "(Laughter.)", "x" * 130, "wrap"]
)  # fmt: skip


@given(st.lists(_LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_any_page_keeps_the_laws(lines: list[str], end: str) -> None:
    try:
        plain(end.join(lines))  # raises ValueError where turns overlap or a paragraph leaves its turn
    except TranscriptError:
        return


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        transcript = plain(text)
    except TranscriptError:
        return
    for turn in transcript.turns:
        assert transcript.text[turn.start : turn.end].strip()


def test_folders_are_walked_without_hidden_files_and_links_that_leave(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "out.txt").write_text("x")
    for name in ("a.txt", "deep/b.json", ".hidden.txt", "c.png"):
        (tmp_path / "in" / name).write_text("x")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "out.txt")
    found = [source for _, source in transcripts.find([tmp_path / "in"]).files]
    assert found == ["in/a.txt", "in/deep/b.json"]
