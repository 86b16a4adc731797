"""How the page looks to whoever cannot see it well: axe's findings, light and dark, on paper, narrow and very wide."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.served import ask

RECALLED = "How many vehicles were recalled in 2023?"
BREAD = "How do I bake sourdough bread?"
LIGHT: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
DARK = {**LIGHT, "color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
PAPER, NIGHT = "rgb(246, 244, 239)", "rgb(20, 22, 27)"


def found(page: Page) -> list[str]:
    """What axe finds that is serious or worse, each with the first node it is found at."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    bad = [one for one in violations if one["impact"] in ("serious", "critical")]
    return [f"{one['impact']} {one['id']}: {one['nodes'][0]['target']}" for one in bad]


def background(page: Page) -> str:
    shown: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return shown


def start(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".para").first).to_be_attached(timeout=30_000)
    expect(page.locator(".example").first).to_be_visible()


@pytest.mark.parametrize("page", [LIGHT, DARK, PHONE], indirect=True, ids=["light", "dark", "phone"])
def test_axe_finds_nothing_serious(page: Page, address: str) -> None:
    start(page, address)
    assert found(page) == [], "welcome"
    ask(page, RECALLED)
    page.locator(".quote").get_by_role("button", name="Copy", exact=True).first.click()
    assert found(page) == [], "answer"
    ask(page, BREAD)
    assert found(page) == [], "refusal"
    page.locator("#chat .log").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert found(page) == [], "dialog"
    page.keyboard.press("Escape")
    page.locator(".trust").first.click()
    expect(page.locator(".outcome .good")).to_be_visible()
    page.wait_for_timeout(400)  # the sheet on a phone slides in
    assert found(page) == [], "check"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_colours_follow_the_system_until_they_are_chosen(page: Page, address: str) -> None:
    start(page, address)
    assert background(page) == PAPER
    page.emulate_media(color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", NIGHT)
    page.get_by_role("button", name="Colours: system. Switch to light").click()
    expect(page.locator("body")).to_have_css("background-color", PAPER)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_timeout(100)
        assert background(page) == PAPER
    page.get_by_role("button", name="Colours: light. Switch to dark").click()
    page.emulate_media(color_scheme="light")
    expect(page.locator("body")).to_have_css("background-color", NIGHT)
    page.get_by_role("button", name="Colours: dark. Switch to system").click()
    expect(page.locator("body")).to_have_css("background-color", PAPER)


@pytest.mark.parametrize(("system", "chosen"), [("light", "dark"), ("dark", "light")])
def test_the_chosen_colours_are_there_at_the_first_paint(page: Page, address: str, system: Any, chosen: str) -> None:
    page.emulate_media(color_scheme=system)
    start(page, address)
    page.evaluate("chosen => localStorage.setItem('theme', chosen)", chosen)
    page.add_init_script(
        "window.seen = new Set(); requestAnimationFrame(function look() {"
        " if (document.body) seen.add(getComputedStyle(document.body).backgroundColor);"
        " requestAnimationFrame(look); });"
    )
    start(page, address)
    assert page.evaluate("[...seen]") == [NIGHT if chosen == "dark" else PAPER]


@pytest.mark.parametrize("page", [LIGHT, DARK], indirect=True, ids=["light", "dark"])
def test_paper_gets_the_answers_and_nothing_to_press(page: Page, address: str) -> None:
    start(page, address)
    ask(page, RECALLED)
    ask(page, BREAD)
    page.emulate_media(media="print")
    for gone in ("#bar", "#right", "#ask", ".sharing", ".judging", ".tools", ".head .link"):
        expect(page.locator(gone).first).to_be_hidden()
    for shown in (".question", ".quote q", ".quote .place", ".asked", ".closest li"):
        expect(page.locator(shown).first).to_be_visible()
    assert background(page) == "rgb(255, 255, 255)"
    expect(page.locator(".quote q").first).to_have_css("color", "rgb(0, 0, 0)")
    heights = page.evaluate("[document.body.scrollHeight, document.querySelector('#chat .log').scrollHeight]")
    assert heights[0] >= heights[1], "all of it is on the paper, not only what a screen would show"


@pytest.mark.parametrize("page", [{"viewport": {"width": 2560, "height": 1300}}], indirect=True)
def test_lines_stay_readable_on_a_very_wide_screen(page: Page, address: str) -> None:
    start(page, address)
    ask(page, RECALLED)
    for part in (".card", "#ask", ".para.answer .line"):
        assert page.locator(part).first.bounding_box()["width"] <= 800, part  # type: ignore[index]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_every_button_of_the_bar_is_in_view_on_a_phone(page: Page, address: str) -> None:
    start(page, address)
    for button in page.locator("#bar button:visible").all():
        place = button.bounding_box()
        assert place and place["x"] >= 0 and place["x"] + place["width"] <= 390
