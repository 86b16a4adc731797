"""The chat in real Chromium: keys, copies, refusals that say what was searched, permalinks, exports, feedback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Download, Page, expect

from qa import feedback, verification
from qa.encoder import PassageEncoder
from qa.library import Library
from qa.service import Service
from qa.types import Answer
from tests.browser.served import HOSTILE, ask, serve

RECALLED = "How many vehicles were recalled in 2023?"
BREAD = "How do I bake sourdough bread?"
WIDE = {"viewport": {"width": 1280, "height": 800}}
CLIPBOARD = {**WIDE, "permissions": ["clipboard-read", "clipboard-write"]}


class Held(Service):
    """Answers once it is let."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.let = Event()

    def ask(self, *asked: Any, **named: Any) -> Answer:
        assert self.let.wait(60)
        return super().ask(*asked, **named)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("held") / "library"


@pytest.fixture(scope="module")
def held(home: Path, corpus: Path, minilm: PassageEncoder) -> Held:
    return Held(home, corpus, lambda name: minilm)


@pytest.fixture(scope="module")
def slow(held: Held) -> Iterator[str]:
    yield from serve(held)
    held.let.set()


def box(page: Page) -> Any:
    return page.locator("#ask textarea, #ask input").first


def ready(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".para").first).to_be_attached(timeout=30_000)


def copy(page: Page, form: str) -> str:
    tools = page.locator(".quote .tools").first
    if tools.get_by_role("button", name="Copy").get_attribute("aria-expanded") == "false":
        tools.get_by_role("button", name="Copy").click()
    tools.get_by_role("button", name=form, exact=True).click()
    expect(page.locator("#chat .live")).to_have_text(f"Copied: {form}")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


# -- keys ----------------------------------------------------------------------------------------------------------


def test_shift_enter_breaks_the_line_and_enter_asks(page: Page, address: str) -> None:
    ready(page, address)
    page.locator("#chat .log").focus()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("When was")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("this?/n?")
    expect(box(page)).to_have_value("When was\nthis?/n?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .question")).to_have_text("When was\nthis?/n?")
    expect(box(page)).to_have_value("")


def test_escape_stops_a_question_and_the_late_answer_is_not_shown(page: Page, slow: str, held: Held) -> None:
    ready(page, slow)
    held.let.clear()
    box(page).fill(RECALLED)
    box(page).press("Enter")
    expect(page.locator(".card.pending")).to_contain_text("Searching")
    page.keyboard.press("Escape")
    expect(page.locator(".card")).to_contain_text("Stopped")
    expect(box(page)).to_be_focused()
    held.let.set()
    ask(page, BREAD)
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").first.locator(".card")).to_contain_text("Stopped")
    expect(page.locator(".turn").first.locator(".quote")).to_have_count(0)
    page.locator(".turn").first.get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator(".turn").last.locator(".quote").first).to_be_visible(timeout=30_000)


def test_n_and_p_walk_through_the_citations_of_the_conversation(page: Page, address: str) -> None:
    ready(page, address)
    ask(page, RECALLED)
    ask(page, "What did Xinhua ask?")
    cites = page.locator("#chat .cite")
    refs = cites.evaluate_all("nodes => nodes.map(node => node.dataset.ref)")
    assert len(refs) >= 2
    page.locator("#chat .log").focus()
    for number in (0, 1):
        page.keyboard.press("n")
        expect(cites.nth(number)).to_have_class("cite on")
        expect(page.locator("#pane mark").first).to_be_visible()
    page.keyboard.press("p")
    expect(cites.nth(0)).to_have_class("cite on")
    page.keyboard.press("Control+n")
    expect(cites.nth(0)).to_have_class("cite on")


def test_the_keys_are_listed_in_a_dialog(page: Page, address: str) -> None:
    ready(page, address)
    page.locator("#chat .log").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("stops a question that is running")
    page.keyboard.press("/")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.get_by_role("button", name="Keys").click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).not_to_be_visible()


def test_the_keys_of_one_character_can_be_switched_off(page: Page, address: str) -> None:
    ready(page, address)
    page.get_by_role("button", name="Keys", exact=True).click()
    page.get_by_label("Keys of one character are on").uncheck()
    page.get_by_role("dialog", name="Keys").get_by_role("button", name="Close").click()
    for _ in range(2):
        page.locator("#chat .log").focus()
        for key in "/fnp?":
            page.keyboard.press(key)
        expect(page.locator("#chat .log")).to_be_focused()
        expect(page.get_by_role("dialog", name="Keys")).not_to_be_visible()
        page.reload()
        expect(page.locator(".para").first).to_be_attached()
    page.get_by_role("button", name="Keys", exact=True).click()
    page.get_by_label("Keys of one character are on").check()
    page.keyboard.press("Escape")
    page.locator("#chat .log").focus()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_no_key_acts_behind_a_dialog(page: Page, address: str) -> None:
    ready(page, address)
    ask(page, RECALLED)
    page.get_by_role("button", name="Library", exact=True).click()
    expect(page.get_by_role("heading", name="Library")).to_be_focused()
    for key in "nf?":
        page.keyboard.press(key)
    expect(page.get_by_role("dialog", name="Keys")).not_to_be_visible()
    page.get_by_label("Close the library").click()
    expect(page.locator("body")).not_to_have_class("pane-open")


# -- quotes --------------------------------------------------------------------------------------------------------


def test_each_quote_carries_a_mark_of_trust_that_checks_again(page: Page, address: str) -> None:
    ready(page, address)
    ask(page, RECALLED)
    trust = page.locator(".quote .trust")
    assert trust.count() == page.locator(".quote").count()
    expect(trust.first).to_have_text("✓ Verbatim, re-checked just now")
    trust.first.click()
    expect(page.locator(".outcome .good")).to_contain_text("character for character")
    expect(page.locator(".outcome dd").filter(has_text="china")).to_have_count(0)
    expect(page.locator(".outcome")).to_contain_text("SHA-256")
    page.reload()
    expect(page.locator(".quote .trust").first).to_contain_text("re-checked on")


@pytest.mark.parametrize("page", [CLIPBOARD], indirect=True)
def test_a_quote_is_copied_as_text_markdown_json_and_link(
    page: Page, address: str, home: Path, held: Held, slow: str
) -> None:
    ready(page, address)
    ask(page, RECALLED)
    words = page.locator(".quote q").first.evaluate("node => node.textContent")
    text, markdown, given, link = (copy(page, form) for form in ("Text", "Markdown", "JSON", "Link"))
    assert words in text and "Liu Sanjiang" in text and link in text
    assert markdown.startswith("> ") and f"[passage](<{link}>)" in markdown
    citation = json.loads(given)
    assert citation["quote"] == words
    assert verification.verify_with_question(citation, Library(home)).status == "verbatim"
    page.goto(link)
    expect(page.locator("#pane mark")).to_have_text(words)


@pytest.mark.parametrize("page", [CLIPBOARD], indirect=True)
def test_hostile_words_are_copied_as_they_are(page: Page, hostile: str) -> None:
    ready(page, hostile)
    ask(page, "What did Q ask about quality?")
    page.locator(".quote").first.wait_for()
    assert HOSTILE.strip()[:40] in copy(page, "Text")
    assert "<script" not in copy(page, "Markdown").replace("\\<", "")
    assert page.evaluate("window.hacked") is None


def test_a_refusal_says_what_was_searched_and_how_near_it_came(page: Page, address: str) -> None:
    ready(page, address)
    ask(page, BREAD)
    card = page.locator(".card.none")
    expect(card.locator(".searched").first).to_contain_text("Searched by keyword and by meaning: ")
    expect(card.locator(".searched").first).to_contain_text("SCIO press conference")
    expect(card.locator(".searched").nth(1)).to_contain_text(re.compile(r"\d+ % is needed"))
    expect(card).to_contain_text("may not answer")


# -- permalinks ----------------------------------------------------------------------------------------------------


def test_a_link_to_a_question_asks_it_once(page: Page, address: str) -> None:
    link = f"{address}?q={quote(RECALLED)}"
    page.goto(link)
    expect(page.locator(".card .quote").first).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.locator(".para").first).to_be_attached()
    page.wait_for_timeout(700)
    expect(page.locator(".turn")).to_have_count(1)


def test_a_link_names_question_and_passage(page: Page, address: str) -> None:
    ready(page, address)
    ask(page, "What did Xinhua ask?")
    page.locator(".quote .cite").first.click()
    words = page.locator(".quote q").first.inner_text()
    expect(page.locator("#pane mark")).to_have_text(words)
    other = page.context.browser.new_page()  # type: ignore[union-attr]
    other.goto(f"{page.url}&q={quote(RECALLED)}")
    expect(other.locator(".turn .question")).to_have_text(RECALLED)
    expect(other.locator(".card .quote").first).to_be_visible(timeout=30_000)
    expect(other.locator("#pane mark")).to_have_text(words)
    assert "q=" in other.url and "start=" in other.url
    other.close()


@pytest.mark.parametrize("question", [HOSTILE, "x" * 6000 + "?"])
def test_whatever_a_link_asks_is_only_text(page: Page, address: str, question: str) -> None:
    page.goto(f"{address}?q={quote(question)}")
    expect(page.locator(".turn .question")).to_be_visible(timeout=30_000)
    expect(page.locator(".card")).not_to_have_class("card pending", timeout=30_000)
    assert page.locator(".turn .question").evaluate("node => node.textContent") == question.strip()
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


# -- exports -------------------------------------------------------------------------------------------------------


def export(page: Page, name: str) -> Download:
    with page.expect_download() as download:
        page.locator(".sharing").get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#chat .live")).to_contain_text("Saved")
    return download.value


def test_the_conversation_is_exported_and_nothing_in_it_runs(page: Page, hostile: str, tmp_path: Path) -> None:
    ready(page, hostile)
    ask(page, f"What about quality? {HOSTILE}")
    ask(page, "What did Q ask about quality?")
    kept = {name: export(page, name) for name in ("Markdown", "JSON", "Web page")}
    assert {one.suggested_filename.rpartition(".")[2] for one in kept.values()} == {"md", "json", "html"}
    answers = json.loads(kept["JSON"].path().read_text(encoding="utf-8"))
    assert len(answers) == 2 and answers[1]["citations"] and not answers[1]["lost"]
    kept["Web page"].save_as(tmp_path / "conversation.html")
    other = page.context.new_page()
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto((tmp_path / "conversation.html").as_uri())
    expect(other.locator("mark").first).to_be_visible()
    assert other.locator("h2").first.evaluate("node => node.textContent").endswith(HOSTILE.strip())
    assert other.evaluate("window.hacked") is None and other.locator("script, img, [onerror]").count() == 0
    assert len(asked) == 1


# -- feedback ------------------------------------------------------------------------------------------------------


def test_what_somebody_thinks_of_an_answer_is_kept(page: Page, slow: str, held: Held, home: Path) -> None:
    held.let.set()
    ready(page, slow)
    ask(page, RECALLED)
    page.get_by_role("button", name="This answer is wrong").click()
    page.get_by_placeholder("Why? (optional)").fill(HOSTILE)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_placeholder("Why? (optional)")).to_be_hidden()
    page.get_by_role("button", name="This answer is right").click()
    expect(page.get_by_role("button", name="This answer is right")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".judging .said")).to_contain_text("on this machine only")
    lines = [json.loads(line) for line in (home / feedback.FILE).read_text().splitlines()]
    assert [(line["right"], line["note"]) for line in lines] == [(False, ""), (False, HOSTILE.strip()), (True, "")]
    assert lines[0]["quotes"][0] == page.locator(".quote q").first.evaluate("node => node.textContent")
    page.reload()
    expect(page.get_by_role("button", name="This answer is right")).to_have_attribute("aria-pressed", "true")


# -- one's own conversation ----------------------------------------------------------------------------------------


def test_two_who_ask_at_once_never_see_each_other(browser: Browser, slow: str, held: Held) -> None:
    pages = [browser.new_context().new_page() for _ in range(2)]
    questions = (RECALLED, BREAD)
    for page in pages:
        ready(page, slow)
    held.let.clear()
    for page, question in zip(pages, questions, strict=True):
        box(page).fill(question)
        box(page).press("Enter")
    for page in pages:
        expect(page.locator(".card.pending")).to_be_visible()
    held.let.set()
    for page, question in zip(pages, questions, strict=True):
        expect(page.locator(".turn .card:not(.pending)")).to_be_visible(timeout=30_000)
        expect(page.locator(".turn .question")).to_have_text([question])
        page.context.close()


def test_only_the_new_answer_is_drawn_and_all_can_be_forgotten(page: Page, address: str) -> None:
    ready(page, address)
    ask(page, RECALLED)
    page.locator(".turn").first.evaluate("node => { node.dataset.kept = 'yes'; }")
    ask(page, BREAD)
    expect(page.locator(".turn").first).to_have_attribute("data-kept", "yes")
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator(".welcome")).to_be_visible()
    page.evaluate("question => window.dispatchEvent(new CustomEvent('ask', { detail: { question } }))", RECALLED)
    expect(page.locator(".turn .card .quote").first).to_be_visible(timeout=30_000)
    expect(page.locator(".turn")).to_have_count(1)


def test_a_question_that_is_forgotten_is_not_answered(page: Page, slow: str, held: Held) -> None:
    held.let.set()
    ready(page, slow)
    ask(page, BREAD)
    held.let.clear()
    box(page).fill(RECALLED)
    box(page).press("Enter")
    expect(page.locator(".card.pending")).to_be_visible()
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(box(page)).to_be_focused()
    expect(page.locator("#chat .log")).to_have_attribute("aria-busy", "false")
    held.let.set()
    ask(page, "When was this?")
    expect(page.locator(".turn .question")).to_have_text(["When was this?"])
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('entries')).map(({ question }) => question)")
    assert kept == ["When was this?"]  # no reload: the stream of the halted question may still be open


def test_a_draft_stays_when_another_question_is_clicked(page: Page, address: str) -> None:
    ready(page, address)
    box(page).fill("Half a quest")
    page.locator(".example").first.click()
    expect(page.locator(".turn .card .quote").first).to_be_visible(timeout=30_000)
    expect(box(page)).to_have_value("Half a quest")


def test_a_double_click_on_the_button_asks_once(page: Page, address: str) -> None:
    ready(page, address)
    box(page).fill(BREAD)
    page.locator("#ask .submit-button").dblclick()
    expect(page.locator(".turn .card h3")).to_have_count(1, timeout=30_000)
    ask(page, RECALLED)
    expect(page.locator(".turn .question")).to_have_text([BREAD, RECALLED])


def test_enter_pressed_twice_asks_once_and_the_same_may_be_asked_again(page: Page, address: str) -> None:
    ready(page, address)
    box(page).fill(BREAD)
    box(page).press("Enter")
    box(page).press("Enter")
    expect(page.locator(".turn .card h3")).to_have_count(1, timeout=30_000)
    ask(page, BREAD)
    expect(page.locator(".turn .card h3")).to_have_count(2, timeout=30_000)
