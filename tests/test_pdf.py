from __future__ import annotations

import re
import textwrap
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import TranscriptError
from qa.formats import pdf, pdf_words
from qa.formats.origin import Origin
from qa.transcripts import check
from qa.types import Span, Transcript

WIDTH, HEIGHT, LEFT, TOP, STEP = 612, 792, 72.0, 700.0, 14.0
COLUMNS = 74  # letters of Courier in 10 points on a line from LEFT


@dataclass(frozen=True)
class At:
    """A line of text on a page."""

    x: float
    y: float
    text: str
    size: float = 10


def content(lines: Sequence[At], turned: bool = False) -> bytes:
    """``turned``: written upwards, as a page in landscape is in a file that does not say so."""
    parts = []
    for line in lines:
        words = line.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        matrix = f"0 1 -1 0 {HEIGHT - line.y} {line.x}" if turned else f"1 0 0 1 {line.x} {line.y}"
        parts.append(f"BT /F {line.size} Tf {matrix} Tm (".encode() + words + b") Tj ET")
    return b"\n".join(parts)


def build(
    streams: Sequence[bytes], title: str = "", page: str = "", trailer: str = "", more: Sequence[bytes] = ()
) -> bytes:
    """A PDF whose pages have these contents, compressed. ``page``: what else is said of each; ``more``: further
    objects, numbered from 5 + 2 * pages."""
    pages = [5 + 2 * number for number in range(len(streams))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in pages)}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) >>".encode(),
    ]
    for number, stream in zip(pages, streams, strict=True):
        box = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << /F 3 0 R >> /XObject << /X 7 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {number + 1} 0 R {page} >>".encode())
        objects.append(stream_object(stream))
    return assemble([*objects, *more], trailer)


def stream_object(data: bytes, head: str = "") -> bytes:
    packed = zlib.compress(data, 9)
    return f"<< {head} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"


def assemble(objects: Sequence[bytes], trailer: str) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + item + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R /Info 4 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def read(file: bytes) -> Transcript:
    transcript = pdf.parse(file, Origin("0" * 64, "made.pdf", "made"))
    check(transcript)
    return transcript


def shape(transcript: Transcript) -> list[tuple[str, str]]:
    """(speaker, words) of the turns, "#" for a heading."""
    return [("#" if t.role == "heading" else t.speaker, transcript.text[t.start : t.end]) for t in transcript.turns]


def set_pages(
    paragraphs: Sequence[str], rows: int = 20, indent: int = 4, odd: str = "", even: str = "", foot: str = ""
) -> list[bytes]:
    """Paragraphs wrapped, indented and put on pages with heads and feet; "{}" is the page's number."""
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += textwrap.wrap(
            paragraph, COLUMNS, initial_indent=" " * indent, break_long_words=False, break_on_hyphens=False
        )
    return [
        content(list(page_lines(number, lines[at : at + rows], (odd, even)[number % 2], foot)))
        for number, at in enumerate(range(0, len(lines), rows))
    ]


def page_lines(number: int, lines: Sequence[str], head: str, foot: str) -> Iterator[At]:
    if head:
        yield At(LEFT, TOP + 40, head.format(number + 1))
    if foot:
        yield At(300, 40, foot.format(number + 1))
    for row, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        yield At(LEFT + 6 * indent, TOP - STEP * row, line.lstrip())


ASKED = "When was the load limit of the old crane lowered, who was told of it, and was that done in writing or by word?"
REPLY = (
    "It was lowered in November after the long-run tests. The operators were told in the same week; the residents "
    "were not, and I accept that this was a mistake that we shall not make again in the years that are to come."
)


def hearing(times: int) -> list[tuple[str, str]]:
    return [("CHAIR OKAFOR", f"{ASKED} That is item {n}.") if n % 2 else ("LENA BRANDT", REPLY) for n in range(times)]


def test_a_transcript_as_a_central_bank_prints_it() -> None:
    turns = hearing(31)
    said = [f"{speaker}.  {words}" for speaker, words in turns]
    pages = set_pages(said, rows=11, odd="March 12, 2024   Hearing   FINAL", even="Harbour Board", foot="Page {} of 9")
    top = [At(200, TOP + 28, "Transcript of the hearing on cranes", 14)]
    pages[0] = content(top) + b"\n" + pages[0]
    transcript = read(build(pages))
    assert len(pages) > 5
    assert shape(transcript) == [("#", "Transcript of the hearing on cranes"), *turns]
    assert (transcript.title, transcript.date) == ("Transcript of the hearing on cranes", "2024-03-12")
    assert len(transcript.paragraphs) == len(turns)


def test_a_line_that_is_said_at_the_same_place_of_two_pages_stays() -> None:
    """It stands where the last line of a full page does, and recurs, but on too few of them."""
    pages = []
    for number in range(8):
        lines = [f"Line {number} {row} of what is being said here at length, and goes on with" for row in range(9)]
        lines.append("all of that." if number in (2, 5) else f"words of its own number {'abcdefgh'[number]}.")
        pages.append(content([At(LEFT, TOP - STEP * row, line) for row, line in enumerate(lines)]))
    assert read(build(pages)).text.count("all of that.") == 2


@pytest.mark.parametrize("number", ["{}", "- {} -", "Page {}", "{} of 40"])
def test_page_numbers(number: str) -> None:
    said = [f"{letter} {REPLY}" for letter in "BCDEFGHJK"]
    pages = set_pages(said, rows=5, foot=number)
    assert shape(read(build(pages)))[0][1] == "\n\n".join(said)


def test_paragraphs_by_indent_by_gap_and_by_a_short_last_line() -> None:
    indented = [At(LEFT + (24 if row % 3 == 0 else 0), TOP - STEP * row, "x" * 60 + " end.") for row in range(9)]
    assert len(read(build([content(indented)])).paragraphs) == 3
    gaps = [At(LEFT, TOP - STEP * row - 10 * (row // 3), "x" * 60 + " ends.") for row in range(9)]
    assert len(read(build([content(gaps)])).paragraphs) == 3
    short = [At(LEFT, TOP - STEP * row, "so it " * (3 if row % 3 == 2 else 10) + "ends.") for row in range(9)]
    assert len(read(build([content(short)])).paragraphs) == 3


def paragraph(*lines: str) -> str:
    found = read(build([content([At(LEFT, TOP - STEP * row, line) for row, line in enumerate(lines)])]))
    return " | ".join(words for _, words in shape(found))


def test_words_broken_at_the_end_of_a_line_are_mended() -> None:
    lines = ("the committee met on the matter of harbours and the com-", "mittee said that it had met, and a pol-")
    assert paragraph(*lines, "icy was made.") == (
        "the committee met on the matter of harbours and the committee said that it had met, and a policy was made."
    )


@pytest.mark.parametrize("mark", ["-", "\u2014"])
def test_hyphens_and_dashes_of_their_own_stay(mark: str) -> None:
    lines = [f"we see the longer{mark}run goal of two percent, and it is the longer{mark}", "run goal that we look at."]
    assert paragraph(*lines) == "".join(lines)


def test_compounds_stay_in_a_file_that_breaks_no_words() -> None:
    filler = [f"the line {row} of what was said in the low hall on the pier that day" for row in range(90)]
    lines = [*filler[:30], "and of what was there to see it was a low-", "profile affair, so they", *filler[30:]]
    pages = [
        content([At(LEFT, TOP - STEP * row, line) for row, line in enumerate(lines[at : at + 40])])
        for at in (0, 40, 80)
    ]
    assert "a low-profile affair" in read(build(pages)).text


def test_a_dash_with_blanks_keeps_both() -> None:
    assert paragraph(
        "we met in the long hall of the harbour office –", "all of us who had been there as we were –", "and left."
    ) == ("we met in the long hall of the harbour office – all of us who had been there as we were – and left.")


def test_two_columns_are_read_one_after_the_other_though_drawn_row_by_row() -> None:
    left = textwrap.wrap("Lena Brandt: " + REPLY, 34)
    right = textwrap.wrap("Bo Li: " + ASKED + " " + ASKED, 34)
    head = At(LEFT, TOP + 30, "A hearing of the harbour board on all of its old cranes, in two columns")
    drawn = [head]
    for row in range(max(len(left), len(right))):
        drawn += [At(LEFT, TOP - STEP * row, line) for line in left[row : row + 1]]
        drawn += [At(330, TOP - STEP * row, line) for line in right[row : row + 1]]
    assert shape(read(build([content(drawn)])))[1:] == [("Lena Brandt", REPLY), ("Bo Li", f"{ASKED} {ASKED}")]


def test_names_beside_what_is_said_are_no_column() -> None:
    rows = [
        ("Q", "When was it lowered?"),
        ("A", "It was lowered in May of that year."),
        ("Q", "Thank you for that."),
        ("A", "You are welcome."),
    ]
    drawn = [
        At(x, TOP - STEP * row, text) for row, pair in enumerate(rows) for x, text in zip((72, 110), pair, strict=True)
    ]
    assert shape(read(build([content(drawn)]))) == rows


def test_a_footnote_stands_behind_its_paragraph_and_not_in_the_sentence() -> None:
    first = [
        At(LEFT, TOP - STEP * row, line) for row, line in enumerate(["We raised the rate to two percent", "or more."])
    ]
    mark = At(LEFT + 6 * 33, TOP + 4, "1", 6)
    running = [At(LEFT, TOP - STEP * row, "and we went on with it for many a long year that came") for row in (2, 3)]
    note = [At(LEFT, 90, "1", 4), At(LEFT + 6, 87, "The speaker meant the range.", 8)]
    second = [
        At(LEFT, TOP, "until it was done, as we had said before it all began."),
        At(LEFT, TOP - STEP, "So it was."),
    ]
    pages = [content([first[0], mark, first[1], *running, *note]), content(second)]
    found = shape(read(build(pages)))
    said = [words for speaker, words in found if speaker != "#"]
    assert [words for speaker, words in found if speaker == "#"] == ["1 The speaker meant the range."]
    assert "two percent or more." in said[0]
    assert "year that came until it was done" in " ".join(said)


def test_a_footnote_that_is_written_like_a_label_is_no_speaker() -> None:
    def page(note: str, *turns: str) -> bytes:
        rows = [line for turn in turns for line in (*textwrap.wrap(turn, COLUMNS), "")]
        drawn = [At(LEFT, TOP - STEP * row, line) for row, line in enumerate(rows) if line]
        return content([*drawn, At(LEFT, 90, note[0], 4), At(LEFT + 6, 87, note[1:], 8)])

    pages = [
        page("1Note: the range is meant.", f"LENA BRANDT: {ASKED}", f"CHAIR OKAFOR: {REPLY}"),
        page("2Note: the year is meant.", f"LENA BRANDT: And {ASKED}", f"CHAIR OKAFOR: Then {REPLY}"),
        page("3Note: the month is meant.", f"LENA BRANDT: But {ASKED}", f"CHAIR OKAFOR: So {REPLY}"),
    ]
    transcript = read(build(pages))
    assert transcript.speakers() == ["LENA BRANDT", "CHAIR OKAFOR"]
    assert [words for speaker, words in shape(transcript) if speaker == "#"] == [
        "1 Note: the range is meant.", "2 Note: the year is meant.", "3 Note: the month is meant.",
    ]  # fmt: skip
    assert [words.split()[0] for speaker, words in shape(transcript) if speaker == "CHAIR OKAFOR"] == [
        "It",
        "Then",
        "So",
    ]


def test_numbers_in_front_of_lines_are_no_words() -> None:
    lines = textwrap.wrap(f"CHAIR OKAFOR: {ASKED}", 50) + textwrap.wrap(f"LENA BRANDT: {REPLY}", 50)
    pages = [
        content(
            [
                At(x, TOP - 24 * row, text)
                for row, line in enumerate(lines)
                for x, text in ((60, f"{row + 1}"), (100, line))
            ]
        )
        for _ in range(2)
    ]
    assert shape(read(build(pages))) == [("CHAIR OKAFOR", ASKED), ("LENA BRANDT", REPLY)] * 2


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("page", ["", "/Rotate 90", "/Rotate 180", "/Rotate 270"])
def test_a_page_however_it_is_turned_and_a_stamp_across_it(turned: bool, page: str) -> None:
    turns = hearing(4)
    lines = [line for name, said in turns for line in textwrap.wrap(f"{name}: {said}", 60)]
    placed = [At(LEFT, TOP - STEP * row, line) for row, line in enumerate(lines)]
    stamp = b"\nBT /F 40 Tf 0.7 0.7 -0.7 0.7 200 200 Tm (DRAFT) Tj ET"
    assert shape(read(build([content(placed, turned) + stamp], page=page))) == turns


def test_the_title_of_the_file_counts_unless_a_program_made_it_up() -> None:
    page = content([At(LEFT, TOP, "All that was said on this day was said by a man of few words.")])
    assert read(build([page], title="Hearing on cranes")).title == "Hearing on cranes"
    assert read(build([page], title="Microsoft Word - hearing final.docx")).title == "made"


LOCK = (
    f"/ID [<{'00' * 16}> <{'00' * 16}>] "
    f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>"
)
PAGE = content([At(LEFT, TOP, "Hello there.")])


def refused(file: bytes) -> str:
    with pytest.raises(TranscriptError) as caught:
        read(file)
    assert str(caught.value).startswith("made.pdf: ")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_cannot_be_read_is_refused_in_one_line() -> None:
    assert "password" in refused(build([PAGE], trailer=LOCK))
    assert "pictures" in refused(build([b"0 0 100 100 re f"] * 3))
    for damaged in (b"", b"%PDF-1.7\n", b"\0" * 2000, b"%PDF-1.4\n" + b"1 0 obj << " * 500, build([PAGE])[:60]):
        assert "damaged" in refused(damaged)


def test_a_file_that_unpacks_or_repeats_itself_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_words, "SECONDS", 2)
    monkeypatch.setattr(pdf_words, "MEMORY", 2**29)
    names = "/Resources << /Font << /F 3 0 R >> /XObject << /X {} 0 R >> >>"
    forms = [
        stream_object(b"/X Do\n" * 40 + PAGE, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {names.format(n)}")
        for n in range(8, 16)
    ]
    assert "too much" in refused(build([b"/X Do\n" * 40], more=[*forms, forms[0]]))
    assert re.match(r"made\.pdf: it(s pages are pictures| takes too much)", refused(build([b" " * 2**28 + b"BT /F 9"])))


WORDS = st.sampled_from(
    "rates vehicles U.S. Mr. 0.25 said. Yes. Why? No. pct. “Fist” été naïve <b>bold</b> ${y} [1] (Laughter.) "
    "cost-of-living we—all \\n 12:03 -".split()
)
SPEECH = st.lists(WORDS, min_size=3, max_size=60).map(lambda words: "So " + " ".join(words) + " then.")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SPEECH, min_size=4, max_size=9), st.integers(6, 25), st.sampled_from(["", "{}", "Page {}"]))
def test_what_is_printed_is_read_again(said: list[str], rows: int, foot: str) -> None:
    turns = [(("Lena Brandt", "CHAIR OKAFOR")[n % 2], words) for n, words in enumerate(said)]
    pages = set_pages(
        [f"{name}: {words}" for name, words in turns], rows=rows, foot=foot, odd="Hearing", even="Hearing"
    )
    assert shape(read(build(pages)))[-len(turns) :] == turns


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 2000), st.booleans())
def test_any_bytes_are_read_or_refused(noise: bytes, at: int, keep: bool) -> None:
    """Noise put into a good file, or in the place of its end."""
    good = build([PAGE, PAGE])
    try:
        read(good[:at] + noise + (good[at:] if keep else b""))
    except TranscriptError as error:
        assert "\n" not in str(error)


def test_a_reader_that_does_not_run_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_words.sys, "executable", "/bin/false")
    with pytest.raises(TranscriptError, match=r"^made\.pdf: PDF cannot be read here; install pypdfium2"):
        read(build([content([At(LEFT, TOP, "Ann: Hello.")])]))


def test_a_quote_knows_its_page() -> None:
    words = [f"word{number:03}" for number in range(200)]
    transcript = read(build(set_pages([f"CHAIR OKAFOR: {' '.join(words)}."], rows=8)))
    pages = [page.label for page in transcript.pages]
    assert pages == [str(number + 1) for number in range(len(pages))]
    assert len(pages) > 2
    shown = set_pages([f"CHAIR OKAFOR: {' '.join(words)}."], rows=8)
    for number, page in enumerate(shown, 1):
        for word in words:
            if word.encode() in page:
                at = transcript.text.index(word)
                assert Span(transcript, at, at + 7).page == str(number)
