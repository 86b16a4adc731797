"""One browser and two served libraries for all browser tests: the shipped corpus, and a hostile one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from qa.encoder import PassageEncoder
from qa.service import Service
from tests.browser.served import HOSTILE, own, serve
from tests.fakes import as_json

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=20_000)  # a busy machine is slow, which is no fault of the page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"):
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, corpus: Path, minilm: PassageEncoder) -> Iterator[str]:
    home = tmp_path_factory.mktemp("served") / "library"
    yield from serve(Service(home, corpus, lambda name: minilm))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, minilm: PassageEncoder) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    content = as_json(("Q <b onclick=x>", "What about quality? " + HOSTILE), ("<i>Liu</i>", HOSTILE * 2), title=HOSTILE)
    (folder / "talk.json").write_bytes(content)
    yield from serve(Service(folder / ".qa", folder, lambda name: minilm))


def _is_fault(message: ConsoleMessage) -> bool:
    """Gradio also tells the console that an event was cancelled, as it was asked to be."""
    return message.type == "error" and "AbortError" not in message.text


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that fails its test if it asks another host for anything, or if a script of it fails."""
    context = browser.new_context(**getattr(request, "param", {"viewport": {"width": 1280, "height": 800}}))
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda r: None if own(r.url) else wrong.append(f"request to {r.url}"))
    page.on("pageerror", lambda e: None if "AbortError" in str(e) else wrong.append(f"script: {e}"))
    page.on("console", lambda m: wrong.append(f"console: {m.text}") if _is_fault(m) else None)
    yield page
    context.close()
    assert wrong == []
