"""The page served for the browser tests, and what a person does on it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlparse

import uvicorn
from playwright.sync_api import Page, expect

from qa.service import Service

HOSTILE = (
    '<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> ${window.hacked=1} {{window.hacked=1}} '
    "[a](javascript:window.hacked=1) ![b](http://example.org/b.png) \u202eoverride e\u0301 👩‍👩‍👧 quality."
)


def serve(service: Service, read_only: bool = False) -> Iterator[str]:
    from app import create_app

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(service, read_only), log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started or service.status() == "loading":
        time.sleep(0.05)
    assert service.status() == "ready"
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server.should_exit = True
    thread.join(10)


def own(url: str) -> bool:
    return urlparse(url).hostname in ("127.0.0.1", None) or url.startswith(("data:", "blob:"))


def ask(page: Page, question: str) -> None:
    box = page.locator("#ask textarea, #ask input").first
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".turn").last.locator(".question")).to_have_text(question)
    expect(page.locator(".turn").last.locator(".card")).not_to_have_class("card pending", timeout=30_000)
