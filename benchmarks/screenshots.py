"""Pictures of the running page with the shipped corpus, at 1280 px light and dark, and at 390 px.

    python -m benchmarks.screenshots

Writes benchmarks/results/page-*.png. Needs Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from typing import Any

from playwright.sync_api import Page, sync_playwright

_PORT = 7892
_ADDRESS = f"http://127.0.0.1:{_PORT}/"
VIEWS: dict[str, dict[str, Any]] = {
    "1280": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "390": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "qa", "index", "corpus", "--index", folder], check=True)
        server = subprocess.Popen([sys.executable, "-m", "qa", "serve", "--port", str(_PORT), "--index", folder])
        try:
            _wait()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                for name, options in VIEWS.items():
                    _picture(browser.new_page(**options), name)
        finally:
            server.terminate()
            server.wait()


def _picture(page: Page, name: str) -> None:
    page.set_default_timeout(120_000)  # milliseconds: a picture is worth the wait on a busy machine
    page.goto(_ADDRESS)
    page.wait_for_selector(".example")
    for question in ("How much money was spent on Iron Fist?", "How many vehicles were recalled in 2023?"):
        box = page.locator("#ask textarea, #ask input").first
        box.fill(question)
        box.press("Enter")
        page.locator(".turn").filter(has_text=question).locator(".card:not(.pending)").wait_for()
    page.locator(".turn").last.locator(".cite").first.click()
    page.wait_for_selector("#pane mark")
    page.wait_for_timeout(600)  # the sheet on a phone slides in
    page.screenshot(path=f"benchmarks/results/page-{name}.png")


def _wait() -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{_ADDRESS}readyz"):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("the page did not get ready")


if __name__ == "__main__":
    main()
