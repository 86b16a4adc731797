"""The page in real Chromium: ask, read, click, check in place; no request leaves the machine; text is never markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.served import HOSTILE, ask


def test_ask_read_and_check_in_place(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".para").first).to_be_attached()
    ask(page, "How many vehicles were recalled in 2023?")
    quote = page.locator(".quote q").first.inner_text()
    assert "6.728 million defective vehicles" in quote
    page.locator(".quote .cite").first.click()
    mark = page.locator("#pane mark")
    expect(mark).to_have_text(quote)
    assert mark.evaluate("node => node.textContent") == page.locator(".quote q").first.evaluate(
        "node => node.textContent"
    )
    expect(mark).to_be_in_viewport()
    block = page.locator(".para.marked")
    expect(block.locator(".number")).to_have_text("¶5")
    expect(page.locator(".quote .cite").first).to_have_class("cite on")


def test_the_pane_shows_the_transcript_with_its_speakers(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".para .speaker")).to_have_text(["Xinhua News Agency", "Liu Sanjiang"])
    expect(page.locator(".para:not(.heading)")).to_have_count(7)
    expect(page.locator(".pane h2")).to_contain_text("SCIO press conference")


def test_not_in_the_record_looks_different_and_offers_the_closest(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "How do I bake sourdough bread?")
    card = page.locator(".card.none")
    expect(card.locator("h3")).to_have_text("Not in the record")
    expect(card.locator(".quote")).to_have_count(0)
    expect(card.locator(".closest li")).not_to_have_count(0)
    card.locator(".cite").first.click()
    expect(page.locator("#pane mark").first).to_be_visible()


def test_the_structure_answers_and_every_quote_opens(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "Who spoke?")
    expect(page.locator(".card .note").last).to_contain_text("speakers")
    last = page.locator("article.turn").last.locator(".card .cite").last
    last.click()
    expect(page.locator("mark").first).to_be_visible()


def test_an_example_is_asked_by_a_click(page: Page, address: str) -> None:
    page.goto(address)
    example = page.locator(".example").first
    text = example.inner_text()
    example.click()
    expect(page.locator(".turn .question")).to_have_text(text)
    expect(page.locator(".card .quote").first).to_be_visible(timeout=30_000)


def test_the_conversation_survives_a_reload_and_is_nobody_elses(page: Page, address: str, browser: Browser) -> None:
    page.goto(address)
    ask(page, "When was this?")
    page.reload()
    expect(page.locator(".turn .question")).to_have_text("When was this?")
    other = browser.new_page()
    other.goto(address)
    expect(other.locator(".welcome")).to_be_visible()
    expect(other.locator(".turn")).to_have_count(0)
    other.close()


def test_nothing_of_a_transcript_is_executed(page: Page, hostile: str) -> None:
    page.goto(hostile)
    expect(page.locator(".para").first).to_be_attached()
    ask(page, "What about quality? <img src=x onerror='window.hacked=1'>")
    page.locator(".cite").first.click()
    mark = page.locator("#pane mark").first
    expect(mark).to_be_visible()
    shown = page.locator(".quote q, .closest .words").first.evaluate("node => node.textContent")
    marked = "".join(page.locator("#pane mark").evaluate_all("nodes => nodes.map(node => node.textContent)"))
    assert marked == shown
    assert page.evaluate("window.hacked") is None
    assert page.locator("#chat img, #pane img, #chat script, #pane script, #chat a, #pane a").count() == 0


def choose(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Add a transcript").click()
    chosen.value.set_files(file)


def test_a_file_is_reported_on_before_it_is_added(page: Page, hostile: str, tmp_path: Path) -> None:
    file = tmp_path / "<b>ferry.txt"
    file.write_text(f"Ann Lee: Does the ferry run?\n\nBen Ray: It runs until November. {HOSTILE}\n", encoding="utf-8")
    page.goto(hostile)
    expect(page.locator(".para").first).to_be_attached()
    choose(page, file)
    files = page.locator("#library .adding")
    expect(files.locator("dd").filter(has_text="Ben Ray: 1 turn")).to_be_visible()
    files.get_by_role("button", name="Leave out").click()
    expect(files).to_be_hidden()
    choose(page, file)
    files.get_by_role("button", name="Add to the library").click()
    expect(page.locator(".para .speaker")).to_have_text(["Ann Lee", "Ben Ray"], timeout=30_000)
    expect(page.get_by_label("Which transcript is shown")).to_be_visible()
    choose(page, file)
    expect(files).to_contain_text("already in the library, as _b_ferry.txt")
    page.get_by_label("Close the library").click()
    ask(page, "Until when does the ferry run?")
    expect(page.locator(".card q").first).to_contain_text("It runs until November.")
    assert page.evaluate("window.hacked") is None
    assert page.locator("#pane img, #pane script, #pane b, #library img, #library script, #library b").count() == 0


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_the_transcript_is_a_sheet(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "How many vehicles were recalled in 2023?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".quote .cite").first.click()
    expect(page.locator("#pane mark")).to_be_in_viewport()
    page.get_by_label("Close the transcript").click()
    expect(page.locator("#pane mark")).not_to_be_in_viewport()


@pytest.mark.parametrize("page", [{"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}], indirect=True)
def test_dark_follows_the_system(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".welcome h2")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 27)"
