"""A small library served in the process or at a real port, with a fast encoder, for tests of HTTP, limits and MCP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.service import Service
from qa.serving import Settings
from tests.fakes import hashing, write_hearing


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def hearing(home: Path) -> Service:
    (home / "talks").mkdir(exist_ok=True)
    write_hearing(home / "talks")
    return Service(home / "library", home / "talks", hashing)


def made(service: Service, settings: Settings = Settings(), read_only: bool = False) -> FastAPI:
    from app import create_app

    return create_app(service, read_only, settings)


@contextmanager
def client(home: Path, settings: Settings = Settings()) -> Iterator[TestClient]:
    service = hearing(home)
    with TestClient(made(service, settings)) as client:
        wait_for(lambda: service.status() != "loading")
        assert service.status() == "ready"
        yield client


@contextmanager
def served(home: Path, settings: Settings = Settings()) -> Iterator[str]:
    """At a real port; gives the address without a slash at its end."""
    service = hearing(home)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(made(service, settings), log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started and service.status() != "loading")
    assert service.status() == "ready"
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
