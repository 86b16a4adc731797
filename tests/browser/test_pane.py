"""The transcript beside the chat, in real Chromium: long ones, exact marks, find, one speaker, checks, links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from qa import citations, transcripts
from qa.service import Service
from qa.types import Span, Transcript
from tests.browser.served import ask, serve
from tests.fakes import as_json, hashing
from tests.test_pdf import build, hearing, set_pages

TURNS = 1000  # of four paragraphs each: some 300 pages
PLAIN = "the minister said that the quality of what is sold in the market is watched over in every province. "
AWKWARD = "İstanbul 👩‍👩‍👧 pays 𝒜 € naïve e\u0301 Cafe\u0301\nand a\u0301\u0323 new line; 記者會 \u202eends\u202c. "
SPEAKERS = ("Ann Lee", "Ben Ray", "Cem Öz 👩‍👩‍👧")
PHONE = {"viewport": {"width": 390, "height": 844}}


def _turn(number: int) -> tuple[str, str]:
    said = [f"{AWKWARD if number % 10 == 0 else ''}Turn {number}, part {part}: {PLAIN * 2}" for part in range(4)]
    label = SPEAKERS[number % 3]
    return label.upper() if number == 997 else label, "\n\n".join(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("talks")
    (folder / "b-long.json").write_bytes(as_json(*map(_turn, range(TURNS)), title="The long hearing"))
    short = (("Ann Lee", "Will the ferry run in winter?"), ("Ben Ray", "The ferry runs until November."))
    (folder / "a-short.json").write_bytes(as_json(*short, title="The short hearing"))
    arabic = (("سارة", "هل تعمل العبارة في الشتاء؟"), ("عمر", "تعمل العبارة حتى نوفمبر."))
    (folder / "d-arabic.json").write_bytes(as_json(*arabic, title="جلسة الميناء", language="ar"))
    said = [f"{speaker}.  {words}" for speaker, words in hearing(9)]
    (folder / "c-printed.pdf").write_bytes(
        build(set_pages(said, rows=11, odd="Hearing", even="Harbour", foot="Page {}"))
    )
    return folder


@pytest.fixture(scope="module")
def held(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(Service(tmp_path_factory.mktemp("library") / "library", folder, hashing))


@pytest.fixture(scope="module")
def long(folder: Path) -> Transcript:
    return transcripts.read(folder / "b-long.json")


@pytest.fixture(scope="module")
def short(folder: Path) -> Transcript:
    return transcripts.read(folder / "a-short.json")


def start(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".para").first).to_be_attached(timeout=30_000)


def cite(page: Page, span: Span, **other: Any) -> None:
    """What the chat does when its citation is clicked."""
    citation = {**citations.to_dict(span), **other}
    page.evaluate("citation => window.dispatchEvent(new CustomEvent('cite', { detail: citation }))", citation)


def link(address: str, **names: object) -> str:
    return f"{address}?{urlencode(names)}"


def part(transcript: Transcript, paragraph: int, cut: int = 3) -> Span:
    start, end = transcript.paragraphs[paragraph - 1]
    return Span(transcript, start + cut, end - cut)


def marked(page: Page) -> str:
    expect(page.locator("#pane mark").first).to_be_in_viewport(timeout=30_000)
    return "".join(page.locator("#pane mark").evaluate_all("nodes => nodes.map(node => node.textContent)"))


def find(page: Page, query: str) -> Locator:
    page.get_by_label("Find in the transcript").fill(query)
    return page.locator(".find .count")


def lit(page: Page, name: str) -> list[str]:
    """The texts that a highlight covers."""
    texts: list[str] = page.evaluate("name => [...CSS.highlights.get(name)].map(range => range.toString())", name)
    return texts


# -- long transcripts, and marks ---------------------------------------------------------------------------------------


def test_a_long_transcript_opens_and_a_far_passage_is_marked_in_view(page: Page, held: str, long: Transcript) -> None:
    start(page, held)
    for paragraph in (3900, 12, 2500):
        span = part(long, paragraph)
        cite(page, span)
        expect(page.locator(".para.marked .number")).to_have_text(f"¶{paragraph}")
        assert marked(page) == span.quote
    expect(page.locator(".para")).to_have_count(4 * TURNS + 1)  # and its title


@pytest.mark.parametrize("cut", [0, 1, 4, 9, 14, 17, 40])
def test_the_mark_is_the_quote_character_for_character(page: Page, held: str, long: Transcript, cut: int) -> None:
    begin, _ = long.paragraphs[400]
    assert long.text[begin:].startswith(AWKWARD)
    span = Span(long, begin + cut, begin + cut + 30)
    start(page, held)
    cite(page, span)
    assert marked(page) == span.quote
    expect(page.locator(".problem")).to_be_hidden()
    assert (
        page.locator(".para.marked .line").evaluate("node => node.textContent")
        == long.text[slice(*long.paragraphs[400])]
    )


def test_a_quote_of_several_paragraphs_is_marked_with_what_stands_between(
    page: Page, held: str, long: Transcript
) -> None:
    turn = long.turns[long.turn_at(long.paragraphs[800].start)]
    span = Span(long, turn.start, turn.end)
    start(page, held)
    cite(page, span)
    expect(page.locator(".para.marked")).to_have_count(4)
    assert marked(page) == span.quote
    assert "\n" in span.quote


def test_a_quote_that_is_not_what_is_marked_is_said(page: Page, held: str, short: Transcript) -> None:
    start(page, held)
    cite(page, part(short, 2), quote="The ferry never runs.")
    expect(page.get_by_role("alert")).to_contain_text("not those of the quote")


def test_the_arrows_walk_through_the_citations_of_an_answer(page: Page, address: str) -> None:
    start(page, address)
    ask(page, "Who spoke?")
    buttons = page.locator(".turn").last.locator(".cite")
    buttons.first.click()
    which = page.locator(".walk .which")
    expect(which).to_contain_text("1 of ")
    count = int(which.inner_text().split()[-1])
    assert count > 1
    first = page.locator("#pane mark").first.inner_text()
    page.get_by_label("Next citation").click()
    expect(which).to_have_text(f"2 of {count}")
    expect(page.locator("#pane mark").first).not_to_have_text(first)
    for _ in range(2):
        page.get_by_label("Previous citation").click()
    expect(which).to_have_text(f"{count} of {count}")


# -- find --------------------------------------------------------------------------------------------------------------


def test_find_counts_and_steps_through_a_long_transcript(page: Page, held: str, long: Transcript) -> None:
    start(page, link(held, transcript=long.id))
    expect(page.locator("#pane h2")).to_have_text(long.title, timeout=30_000)
    page.locator("#pane .text").focus()
    page.keyboard.press("f")
    expect(page.get_by_label("Find in the transcript")).to_be_focused()
    page.keyboard.type("QUALITY of what")
    expect(page.locator(".find .count")).to_have_text("1 of 8,000")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".find .count")).to_have_text("8,000 of 8,000")
    expect(page.locator(".para.here .number")).to_have_text("¶4000")
    expect(page.locator(".para.here")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(".para.here .number")).to_have_text("¶1")
    assert lit(page, "current") == ["quality of what"]
    page.wait_for_function("CSS.highlights.get('found').size > 1")
    assert len(lit(page, "found")) < 1000
    page.keyboard.press("Escape")
    expect(page.locator(".find .count")).to_be_empty()
    assert lit(page, "found") == lit(page, "current") == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("İSTANBUL", "İstanbul"),
        ("👩‍👩‍👧 PAYS 𝒜", "👩‍👩‍👧 pays 𝒜"),
        ("NAÏVE é café AND", "naïve e\u0301 Cafe\u0301\nand"),
        ("記者會", "記者會"),
        ("turn 70, PART 2:", "Turn 70, part 2:"),
        ("[a-z]+", ""),
        ("Cafe", ""),
        ("(", ""),
    ],
)
def test_find_holds_its_offsets_in_any_script(page: Page, held: str, long: Transcript, query: str, shown: str) -> None:
    start(page, link(held, transcript=long.id))
    expect(page.locator("#pane h2")).to_have_text(long.title, timeout=30_000)
    count = find(page, query)
    if not shown:
        expect(count).to_have_text("None")
        return
    expect(count).to_contain_text(" of ")
    assert lit(page, "current") == [shown]
    expect(page.locator(".para.here")).to_be_in_viewport()


def test_find_and_a_mark_in_the_same_paragraph_leave_each_other_whole(page: Page, held: str, long: Transcript) -> None:
    start(page, link(held, transcript=long.id))
    expect(page.locator("#pane h2")).to_have_text(long.title, timeout=30_000)
    expect(find(page, "turn 100, part 0: the minister")).to_have_text("1 of 1")
    begin, end = long.paragraphs[400]
    at = long.text.index("part 0", begin)
    cite(page, Span(long, at, end))
    assert marked(page) == long.text[at:end]
    assert lit(page, "current") == ["Turn 100, part 0: the minister"]


# -- one speaker -------------------------------------------------------------------------------------------------------


def test_one_speaker_alone_until_another_is_cited(page: Page, held: str, long: Transcript) -> None:
    start(page, link(held, transcript=long.id))
    choice = page.get_by_label("Whose words are shown")
    expect(choice.locator("option")).to_have_text(
        ["All speakers", "Ann Lee · 334 turns", "Ben Ray · 333 turns", f"{SPEAKERS[2]} · 333 turns"]
    )
    expect(find(page, "part 0")).to_have_text("1 of 1,000")
    choice.select_option(label="Ben Ray · 333 turns")
    expect(page.locator(".para:not([hidden]) .speaker").first).to_have_text("Ben Ray")
    expect(page.locator(".para:not([hidden])")).to_have_count(4 * 333)
    expect(page.locator(".find .count")).to_contain_text(" of 333")
    cite(page, part(long, 5))
    expect(page.locator(".para[hidden]")).to_have_count(4 * 667 + 1)
    cite(page, part(long, 9))
    assert marked(page) == part(long, 9).quote
    expect(page.locator(".para[hidden]")).to_have_count(0)
    expect(choice).to_have_value("-1")


# -- checks ------------------------------------------------------------------------------------------------------------


def test_a_marked_passage_is_checked_again(page: Page, held: str, long: Transcript) -> None:
    span = part(long, 401)
    start(page, held)
    cite(page, span)
    page.get_by_role("button", name="Check").click()
    panel = page.locator(".outcome")
    expect(panel.locator(".good")).to_contain_text("character for character", timeout=30_000)
    expect(panel.locator("dd")).to_have_text(
        [citations.to_dict(span)["source"], long.sha256, f"{span.start}–{span.end}", "¶401"]
    )
    page.get_by_role("button", name="Check").click()
    expect(panel.locator("dd")).to_have_count(0)


def test_a_check_says_what_is_wrong(page: Page, held: str, long: Transcript) -> None:
    span = part(long, 401)
    start(page, held)
    wrong = {**citations.to_dict(span), "speaker": "<b>Nobody</b>"}
    page.evaluate("citation => window.dispatchEvent(new CustomEvent('check', { detail: citation }))", wrong)
    panel = page.locator(".outcome")
    expect(panel.locator(".bad")).to_contain_text("Misattributed", timeout=30_000)
    expect(panel.locator(".bad")).to_contain_text("not by <b>Nobody</b>")


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_link_opens_its_passage_and_can_be_copied(page: Page, held: str, long: Transcript) -> None:
    span = part(long, 3001)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    start(page, link(held, transcript=long.id, start=span.start, end=span.end))
    assert marked(page) == span.quote
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".said")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".outcome .good")).to_be_visible(timeout=30_000)


def test_the_address_follows_the_passage_and_keeps_what_else_it_names(page: Page, held: str, long: Transcript) -> None:
    span = part(long, 7)
    start(page, link(held, other="a b"))
    cite(page, span)
    assert marked(page) == span.quote
    named = parse_qs(urlparse(page.url).query)
    place = {"transcript": [long.id], "start": [str(span.start)], "end": [str(span.end)]}
    assert named == {"other": ["a b"], **place}
    page.reload()
    assert marked(page) == span.quote


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ({"start": 5, "end": 4}, "names no passage"),
        ({"start": 0, "end": 10**8}, "names no passage"),
        ({"start": "<b>", "end": "x"}, "names no passage"),
        ({"start": -1, "end": 4}, "names no passage"),
        ({"transcript": "../<img>", "start": 0, "end": 4}, "names no transcript"),
        ({"transcript": "0" * 16, "start": 0, "end": 4}, "no longer in the library"),
    ],
)
def test_a_wrong_link_says_so_in_one_line(
    page: Page, held: str, short: Transcript, names: dict[str, object], line: str
) -> None:
    start(page, link(held, **{"transcript": short.id, **names}))
    expect(page.get_by_role("alert")).to_contain_text(line)
    expect(page.locator("#pane mark")).to_have_count(0)
    expect(page.locator("#pane h2").filter(has_text=short.title)).to_be_visible()


# -- language and direction --------------------------------------------------------------------------------------------


def test_words_run_as_their_language_does_and_name_it(page: Page, held: str, folder: Path, short: Transcript) -> None:
    start(page, link(held, transcript=transcripts.read(folder / "d-arabic.json").id))
    expect(page.locator("#pane h2")).to_have_text("جلسة الميناء", timeout=30_000)
    for part_of_it in ("#pane h2", ".para .line", ".para .speaker"):
        expect(page.locator(part_of_it).last).to_have_css("direction", "rtl")
        expect(page.locator(":lang(ar)").and_(page.locator(part_of_it)).last).to_be_visible()
    ask(page, "هل تعمل العبارة في الشتاء؟")
    words = page.locator(":is(.quote q, .closest .words):lang(ar)").first
    expect(words).to_have_css("direction", "rtl")
    cite(page, part(short, 2))
    expect(page.locator(".para.marked .line")).to_have_css("direction", "ltr")
    expect(page.locator("#pane :lang(ar)")).to_have_count(0)


# -- pages, and on a phone ---------------------------------------------------------------------------------------------


def test_pages_stand_in_the_margin_where_they_begin(page: Page, held: str, folder: Path) -> None:
    printed = transcripts.read(folder / "c-printed.pdf")
    start(page, link(held, transcript=printed.id))
    pages = page.locator(".para .page")
    expect(pages.first).to_have_text("page 1")
    labels = dict.fromkeys(Span(printed, *paragraph).page for paragraph in printed.paragraphs)
    expect(pages).to_have_text([f"page {label}" for label in labels])
    assert len(labels) > 1


def test_a_passage_cited_while_the_page_fills_is_what_is_shown(page: Page, held: str, long: Transcript) -> None:
    page.goto(held)
    page.wait_for_function("document.querySelector('#pane .find')")
    cite(page, part(long, 1500))
    assert marked(page) == part(long, 1500).quote
    expect(page.locator("#pane h2")).to_have_text(long.title, timeout=30_000)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_all_of_it_is_of_use_on_a_phone(page: Page, held: str, long: Transcript) -> None:
    start(page, held)
    cite(page, part(long, 2000))
    assert marked(page) == part(long, 2000).quote
    expect(find(page, "turn 7, part 3")).to_have_text("1 of 1")
    expect(page.locator(".para.here")).to_be_in_viewport()
    page.get_by_label("Whose words are shown").select_option(label="Ben Ray · 333 turns")
    cite(page, part(long, 3))
    assert marked(page) == part(long, 3).quote
    header = page.locator("#pane header").bounding_box()
    assert header is not None
    assert header["height"] < 844 * 0.7 / 2  # half of the sheet is left for the text
    expect(page.get_by_role("button", name="Copy link")).to_be_in_viewport()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".outcome .good")).to_be_visible(timeout=30_000)
    assert marked(page) == part(long, 3).quote
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": w, "height": h}} for w, h in ((390, 664), (320, 256), (667, 375))], indirect=True
)
def test_title_and_close_stay_in_view_on_a_small_screen(page: Page, held: str, long: Transcript) -> None:
    start(page, held)
    for paragraph in (2000, 3):
        cite(page, part(long, paragraph))
        assert marked(page) == part(long, paragraph).quote
        page.get_by_role("button", name="Check").click()
        expect(page.locator(".outcome .good")).to_be_in_viewport(timeout=30_000)
        expect(page.get_by_label("Close the transcript")).to_be_in_viewport(ratio=1)
        expect(page.locator("#pane mark")).to_be_in_viewport()
    page.locator("#pane header").evaluate("node => { node.scrollTop = 0; }")
    expect(page.locator("#pane h2")).to_be_in_viewport(ratio=1)
    assert page.evaluate("[...document.querySelectorAll('#pane, #right, #panes')].every(node => node.scrollTop === 0)")
    page.get_by_label("Close the transcript").click()
    expect(page.locator("#pane mark")).not_to_be_in_viewport()


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_the_focus_goes_into_the_sheet_stays_in_view_and_comes_back(page: Page, held: str) -> None:
    start(page, held)
    ask(page, "Will the ferry run in winter?")
    source = page.locator(".turn .cite").first
    for leave in ("Escape", "Close"):
        source.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".para.marked").first).to_be_focused()
        for _ in range(20):
            page.keyboard.press("Tab")
            assert page.evaluate("!document.activeElement.closest('#left')")
        close = page.get_by_label("Close the transcript")
        close.focus()
        page.keyboard.press("Enter" if leave == "Close" else leave)
        expect(close).not_to_be_in_viewport()
        expect(source).to_be_focused()
    source.click()
    expect(page.locator(".para.marked").first).to_be_focused()
    page.mouse.click(200, 100)
    expect(close).not_to_be_in_viewport()


def test_escape_in_the_find_box_clears_it_and_leaves_the_sheet(page: Page, held: str) -> None:
    page.set_viewport_size(PHONE["viewport"])
    start(page, held)
    page.get_by_role("button", name="Show the transcript").click()
    expect(find(page, "ferry")).to_contain_text(" of ")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Find in the transcript")).to_have_value("")
    expect(page.get_by_label("Close the transcript")).to_be_in_viewport()
