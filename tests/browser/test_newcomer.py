"""The first minute with the program: started with nothing indexed, asked, its citation checked; says where it goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from benchmarks.newcomer import walk


def test_a_newcomer_gets_to_a_checked_citation(browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    watch = walk(browser)
    assert list(watch.seconds)[-1] == "it is checked against the file"
    with capsys.disabled():
        print("", *(f"{seconds:6.2f} s  {step}" for step, seconds in watch.seconds.items()), sep="\n")
