from __future__ import annotations

import zipfile
from collections.abc import Sequence
from html import escape
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import sources
from qa.errors import TranscriptError
from qa.formats import word
from qa.formats.origin import Origin
from qa.transcripts import check
from qa.types import Transcript

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
STYLES = (
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="Base"><w:name w:val="Base"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:styleId="Name"><w:name w:val="Loud"/><w:basedOn w:val="Base"/></w:style>'
)


def run(text: str, bold: bool = False, more: str = "") -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{'<w:b/>' if bold else ''}{more}</w:rPr>{lines}</w:r>"


def para(*runs: str, style: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def said(name: str, text: str) -> str:
    return para(run(name, bold=True), run(text))


def table(*rows: Sequence[str]) -> str:
    cells = ("".join(f"<w:tc>{para(run(cell))}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx(
    *blocks: str, namespace: str = W, title: str = "", head: str = "", parts: dict[str, str] | None = None
) -> bytes:
    core = f'<c:coreProperties xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c:coreProperties>'
    files = {
        "word/document.xml": f'{head}<w:document xmlns:w="{namespace}"><w:body>{"".join(blocks)}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{namespace}">{STYLES}</w:styles>',
        "docProps/core.xml": core,
        **(parts or {}),
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def read(content: bytes) -> Transcript:
    transcript = word.parse(content, Origin("0" * 64, "made.docx", "made"))
    check(transcript)
    return transcript


def shape(*blocks: str) -> list[tuple[str, str]]:
    """(speaker, words) of the turns, "#" for a heading."""
    found = read(docx(*blocks))
    return [("#" if t.role == "heading" else t.speaker, found.text[t.start : t.end]) for t in found.turns]


TURNS = [
    ("Chair Okafor", "When was it lowered?"),
    ("Lena Brandt", "In May. I said then: no."),
    ("Chair Okafor", "Thank you."),
]


@pytest.mark.parametrize(
    "block",
    [
        lambda name, text: para(run(f"{name}: {text}")),
        lambda name, text: said(f"{name}:", f" {text}"),
        lambda name, text: said(name, f": {text}"),
        lambda name, text: said(f"{name}: ", text),
        lambda name, text: said(name, f"\n{text}"),
        lambda name, text: said(name, f"\t{text}"),
        lambda name, text: said(f"{name.upper()}.", f" {text}"),
        lambda name, text: said(name, "") + para(run(text)),
        lambda name, text: said(f"{name}:", "") + para(run(text)),
        lambda name, text: para(run(name), style="Name") + para(run(text)),
        lambda name, text: para(run(name, more='<w:rStyle w:val="Speaker"/>'), run(f": {text}")),
        lambda name, text: table((name, text)),
        lambda name, text: table((f"{name}:", text, "")),
        lambda name, text: para(run(f"{name} (00:01:05)\n{text}")),
    ],
)  # fmt: skip
def test_every_way_to_name_who_speaks(block) -> None:  # type: ignore[no-untyped-def]
    found = shape(*(block(name, text) for name, text in TURNS))
    assert [(name.title(), text) for name, text in found] == TURNS


def test_more_paragraphs_of_one_speaker_and_headings_between_them() -> None:
    found = read(
        docx(
            para(run("Hearing on cranes"), style="Titel"), para(run("Berlin, 12 March 2024")),
            said("Bo Li:", " One."), para(run("Two.")), para(run("Part two"), style="berschrift1"), para(run("Three.")),
            said("Ann Lee:", " Four."),
        )
    )  # fmt: skip
    assert [(t.role == "heading", t.speaker, found.text[t.start : t.end]) for t in found.turns] == [
        (True, "", "Hearing on cranes"), (True, "", "Berlin, 12 March 2024"), (False, "Bo Li", "One.\n\nTwo."),
        (True, "", "Part two"), (False, "Bo Li", "Three."), (False, "Ann Lee", "Four."),
    ]  # fmt: skip
    assert (found.title, found.date, len(found.paragraphs)) == ("Hearing on cranes", "2024-03-12", 4)


def test_a_table_with_times_and_column_titles_and_a_second_row_of_one_speaker() -> None:
    rows = (
        ("Time", "Speaker", "Text"),
        ("0:05", "Host", "When was it lowered? And who was told of it then?"),
        ("1:10", "Lena Brandt", "In May, all of them were told of it."),
        ("", "", "And in June once more, in writing."),
        ("2:00", "Host", "I see. Thank you for that."),
    )
    found = read(docx(table(*rows)))
    assert [(t.speaker, t.seconds, found.text[t.start : t.end]) for t in found.turns] == [
        ("Host", 5.0, rows[1][2]), ("Lena Brandt", 70.0, f"{rows[2][2]}\n\n{rows[3][2]}"), ("Host", 120.0, rows[4][2]),
    ]  # fmt: skip


def test_a_table_of_figures_names_nobody() -> None:
    found = shape(
        *(said(f"{name}:", f" {text}") for name, text in TURNS),
        table(("Year", "Cranes"), ("2020", "14"), ("2021", "17")),
    )
    assert [speaker for speaker, _ in found] == [*(speaker for speaker, _ in TURNS), *"######"]
    assert found[-1][1].endswith("17")


@pytest.mark.parametrize("text", ["The wall", "Note", "Harbours and cranes", "Why?"])
def test_bold_words_that_begin_a_sentence_are_said(text: str) -> None:
    blocks = [said(text, " is what we speak of here."), said(text, " is old."), said("W", "alls too.")]
    assert shape(*blocks)[-1][1].count(text) == 2


def test_what_is_shown_counts() -> None:
    hidden = (
        "<w:del><w:r><w:delText>not </w:delText></w:r></w:del><w:moveFrom>" + run("moved ") + "</w:moveFrom>"
        "<w:ins>" + run("now ") + "</w:ins>" + run("secret ", more="<w:vanish/>")
        + run("shown ", more='<w:vanish w:val="0"/>')
        + "<w:r><w:instrText>PAGE</w:instrText><w:footnoteReference/><w:drawing><w:t>art</w:t></w:drawing></w:r>"
        "<w:sdt><w:sdtPr/><w:sdtContent>" + run("here") + "</w:sdtContent></w:sdt>"
        "<w:hyperlink>" + run(" linked") + "</w:hyperlink>"
        "<w:r><w:t>, co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:softHyphen/><w:t>s.</w:t></w:r>"
    )  # fmt: skip
    found = read(docx(para(run("Bo Li: We go "), hidden), para(run("Ann Lee: Yes &amp; no <b>.\nI do.")),
                      parts={"word/header1.xml": "<x>Head</x>", "word/footnotes.xml": "<x>Foot</x>"}))  # fmt: skip
    assert [found.text[t.start : t.end] for t in found.turns] == [
        "We go now shown here linked, co-ops.", "Yes &amp; no <b>.\nI do.",
    ]  # fmt: skip


def test_the_strict_form_and_the_file_s_title() -> None:
    blocks = [said(f"{name}:", f" {text}") for name, text in TURNS]
    found = read(docx(*blocks, namespace=STRICT, title="Hearing of 12 March 2024"))
    assert (found.title, found.date, found.speakers()) == (
        "Hearing of 12 March 2024",
        "2024-03-12",
        ["Chair Okafor", "Lena Brandt"],
    )
    assert read(docx(*blocks, title="Document1")).title == "made"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .docx"),
        (b"{\\rtf1 Hello}", "save it as .docx"),
        (docx(para(run("x")))[:-30], "damaged"),
        (docx(para(run("Bo Li: x")), head=BOMB), "damaged"),
        (docx(para(run("Bo Li: x")), head='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "damaged"),
        (docx("<w:p>"), "damaged"),
        (docx("<w:x>" * 1000 + "</w:x>" * 1000), "damaged"),
        (docx("<w:p/>" * 1_000_001), "a million elements"),
        (docx(" " * (50 * 2**20)), "unpacks to more than"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_line(content: bytes, says: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        read(content)
    assert says in str(caught.value)
    assert str(caught.value).startswith("made.docx: ")
    assert "\n" not in str(caught.value)


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
SPEECH = st.text(LETTERS, max_size=80).map(lambda text: f"So, {text} and that is all.")


@settings(max_examples=60, deadline=None)
@given(st.lists(SPEECH, min_size=2, max_size=8), st.sampled_from(["bold", "alone", "table", "plain"]))
def test_what_is_written_is_read_again(speech: list[str], way: str) -> None:
    turns = [
        (("Lena Brandt", "Chair Okafor")[n % 2], " ".join(text.split(" "))) for n, text in enumerate([*speech, *speech])
    ]
    blocks = {
        "bold": [said(f"{name}:", f" {text}") for name, text in turns],
        "alone": [said(name, "") + para(run(text)) for name, text in turns],
        "table": [table(*turns)],
        "plain": [para(run(f"{name}: {text}")) for name, text in turns],
    }[way]
    assert shape(*blocks) == turns


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 1500), st.booleans())
def test_any_bytes_are_read_or_refused(noise: bytes, at: int, keep: bool) -> None:
    good = docx(*(said(f"{name}:", f" {text}") for name, text in TURNS))
    try:
        read(good[:at] + noise + (good[at + len(noise) :] if keep else b""))
    except TranscriptError as error:
        assert "\n" not in str(error)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([
    said("Bo Li:", " One."), said("Bo Li", ""), said("Host", "\n"), para(), para(run(" ")), para(run("Two.\nBo Li: x")),
    para(run("Part"), style="berschrift1"), table(("Bo Li", "x y z."), ("Ann Lee", "x y z, a b.")), table(("a",)),
    "<w:tbl/>",
    para(run("12:03 Bo Li")), said(": ", "x"), para(run("Title"), style="Titel"), "<w:tr/>", "<w:tc/>", "<w:r/>",
]), max_size=12))  # fmt: skip
def test_any_document_keeps_the_laws(blocks: list[str]) -> None:
    read(docx(*blocks))


def test_a_heading_that_is_written_like_a_label_is_no_speaker() -> None:
    heading = [para(run(f"Topic: {name}"), style="berschrift1") for name in ("bridges", "ferries", "roads")]
    speech = [para(run(f"Ann Lee: What of it?{extra}")) for extra in ("", " Now?", " Then?")]
    reply = [para(run(f"Ben Ray: It is so.{extra}")) for extra in ("", " Now.", " Then.")]
    found = shape(*(block for three in zip(heading, speech, reply, strict=True) for block in three))
    assert [speaker for speaker, _ in found] == ["#", "Ann Lee", "Ben Ray"] * 3
    assert found[3] == ("#", "Topic: ferries")


def test_every_column_of_a_table_is_kept() -> None:
    minutes = table(
        ("No.", "Speaker", "Subject", "Words"),
        ("1", "Ann Lee", "Bridge", "Will the bridge be closed this year?"),
        ("2", "Ben Ray", "Bridge, ferry", "It will be closed in May, and the ferry goes on."),
        ("3", "Ann Lee", "", "And who pays for the ferry in that time?"),
        ("4", "(inaudible)", "Ferry", "The county pays for it."),
    )
    assert shape(minutes) == [
        ("#", "Bridge"), ("Ann Lee", "Will the bridge be closed this year?"),
        ("#", "Bridge, ferry"), ("Ben Ray", "It will be closed in May, and the ferry goes on."),
        ("Ann Lee", "And who pays for the ferry in that time?"),
        ("#", "(inaudible)"), ("#", "Ferry"), ("", "The county pays for it."),
    ]  # fmt: skip


def test_a_table_is_judged_by_itself() -> None:
    speech = table(
        *(
            (name, f"We said so before, in the year {at}, and say so now.")
            for at, name in enumerate(["Ann Lee", "Ben Ray"] * 2)
        )
    )
    votes = table(
        ("For the motion, after a long debate on it", "Ann Lee"),
        ("Against", "Ben Ray"),
        ("Absent", "Cay Oh"),
        ("Away", "Dan Ito"),
    )
    found = shape(speech, votes)
    assert [speaker for speaker, _ in found[:4]] == ["Ann Lee", "Ben Ray"] * 2
    said = " ".join(words for _, words in found)
    assert all(cell in said for cell in ("For the motion", "Against", "Absent", "Cay Oh", "Dan Ito"))
    assert not {"Cay Oh", "Dan Ito", "Against"} & {speaker for speaker, _ in found}
    assert {speaker for speaker, words in found if "Against" in words or "Dan Ito" in words} == {"#"}


@pytest.mark.parametrize(
    "part", ["<w:hdr", f'<w:comments xmlns:w="{W}">{" " * 3_000_000}{para(run("no"))}</w:comments>']
)
def test_a_damaged_or_huge_part_beside_the_text_is_not_held_against_it(part: str) -> None:
    head = f'<w:hdr xmlns:w="{W}">{para(run("Page 1"))}</w:hdr>'
    content = docx(para(run("We begin.")), parts={"word/comments.xml": part, "word/header1.xml": head})
    assert sources.pieces(content, "made.docx") == ["We begin.", "Page 1"]


def test_many_parts_beside_the_text_are_unpacked_up_to_a_limit_together() -> None:
    head = f'<w:hdr xmlns:w="{W}">{" " * 2_000_000}{para(run("Page"))}</w:hdr>'
    content = docx(para(run("We begin.")), parts={f"word/header{at}.xml": head for at in range(12)})
    assert len(sources.pieces(content, "made.docx")) < 12
