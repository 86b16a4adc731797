"""A newcomer's first minute: `python app.py` with nothing indexed yet, the page, a question, its citation, a check.

    python -m benchmarks.newcomer

Writes benchmarks/results/newcomer.json: the seconds that each step takes after the one before. Needs Chromium.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import save

_QUESTION = "How many vehicles were recalled in 2023?"
_PATIENCE = 180.0  # seconds for a step


class Stopwatch:
    def __init__(self) -> None:
        self._began = self._last = time.monotonic()
        self.seconds: dict[str, float] = {}

    def step(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 2)
        self._last = now

    @property
    def total(self) -> float:
        return round(self._last - self._began, 2)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        watch = walk(browser)
        browser.close()
    save("newcomer", {"seconds, step by step": watch.seconds, "seconds, all in all": watch.total})


def walk(browser: Browser) -> Stopwatch:
    """Raises what Playwright raises where a step is not to be had."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as address:
        _until(address)
        watch.step("the server answers")
        _use(browser.new_page(viewport={"width": 1280, "height": 800}), address, watch)
    return watch


def _use(page: Page, address: str, watch: Stopwatch) -> None:
    page.set_default_timeout(_PATIENCE * 1000)
    page.goto(address)
    box = page.locator("#ask textarea, #ask input").first
    box.fill(_QUESTION)
    watch.step("a question can be written")
    box.press("Enter")
    page.locator(".card.pending").wait_for()
    watch.step("it is taken")
    page.locator(".quote .cite").first.wait_for()
    watch.step("it is answered; until then the record is indexed and the models are loaded")
    page.locator(".quote .cite").first.click()
    page.locator("#pane mark").first.wait_for()
    watch.step("the citation is marked in the transcript")
    page.locator("#pane .check").click()
    page.locator("#pane .outcome .good").wait_for()
    watch.step("it is checked against the file")


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """The program as it is, in a folder of its own: what it indexes goes beside app.py."""
    shutil.copy("app.py", home)
    for part in ("qa", "corpus"):
        (home / part).symlink_to(Path(part).resolve())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "app.py", "--port", str(port)], cwd=home)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def _until(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("the page did not answer")


if __name__ == "__main__":
    main()
