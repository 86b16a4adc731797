"""How long an answer that is there takes to be seen: from the pipeline's return to the painted card.

    python -m benchmarks.first_paint

Asks the shipped corpus, in a conversation that is empty and in one of fifty questions. Needs Chromium.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.machine import save
from qa.service import Service
from qa.types import Answer
from tests.browser.served import ask, serve

_QUESTION = "How many vehicles were recalled in 2023?"
_TIMES = 10
_LONG = 50  # questions that a conversation remembers
# Two frames after the card is in the page it has been painted.
_WATCH = """() => { window.painted = []; window.cards = 0; new MutationObserver(() => {
  const cards = document.querySelectorAll('.turn .card:not(.pending)').length;
  if (cards === window.cards) return;
  window.cards = cards;
  requestAnimationFrame(() => requestAnimationFrame(() => painted.push(Date.now() / 1000)));
}).observe(document.querySelector('#chat .log'), { childList: true, subtree: true }); }"""


class Timed(Service):
    """Remembers when it gave each answer."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.given: list[float] = []

    def ask(self, *asked: Any, **named: Any) -> Answer:
        answer = super().ask(*asked, **named)
        self.given.append(time.time())
        return answer


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Timed(Path(folder) / "library", Path("corpus"))
        serving = serve(service)
        address = next(serving)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.locator(".example").first.wait_for()
        page.evaluate(_WATCH)
        for _ in range(_LONG + _TIMES):
            _ask(page, service)
        delays = [1000 * (seen - given) for given, seen in zip(service.given, page.evaluate("painted"), strict=True)]
        browser.close()
        serving.close()
    save("first_paint", {
        "milliseconds from the answer to its paint, the first ten questions, median": _median(delays[:_TIMES]),
        "milliseconds behind fifty questions, median": _median(delays[_LONG:]),
        "milliseconds, the slowest of sixty": round(max(delays)),
    })  # fmt: skip


def _ask(page: Page, service: Timed) -> None:
    ask(page, f"{_QUESTION} {len(service.given)}")
    page.wait_for_function("count => painted.length === count", arg=len(service.given))


def _median(delays: list[float]) -> int:
    return round(statistics.median(delays))


if __name__ == "__main__":
    main()
