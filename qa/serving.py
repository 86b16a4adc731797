"""`qa serve` and `python app.py`: the options checked, the port taken, and the page served until it is stopped."""

from __future__ import annotations

import argparse
import importlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from qa.auth import Accounts, BasicAuth, read_accounts
from qa.errors import QAError
from qa.guard import LOCAL, Guard, Headers
from qa.limits import AT_ONCE, BodyLimit, RateLimit
from qa.pipeline import Models
from qa.service import Service
from qa.store import FOLDER
from qa.transcripts import MAX_BYTES

HOME = Path(__file__).parent.parent  # where app.py and the shipped corpus are
_GRACE = 3  # seconds that open event streams get when the server stops
_PORT = 7860


@dataclass(frozen=True, slots=True)
class Settings:
    """How the page is served. Nothing is limited unless told: `qa serve` tells."""

    accounts: Accounts | None = None
    rate: int = 0  # questions a minute and client; 0: any number
    at_once: int = AT_ONCE
    max_upload: int = MAX_BYTES
    mcp: bool = False
    hosts: frozenset[str] = field(default_factory=frozenset)  # names answered to; none: any


def protect(api: FastAPI, settings: Settings) -> None:
    """What stands in front of every route; the first here is the last that a request passes."""
    api.add_middleware(BodyLimit)
    if settings.rate:
        api.add_middleware(RateLimit, rate=settings.rate)
    if settings.accounts:
        api.add_middleware(BasicAuth, accounts=settings.accounts)
    api.add_middleware(Guard, hosts=settings.hosts)
    api.add_middleware(Headers)


def serve(options: argparse.Namespace, models: Models, say: Callable[[str], None]) -> None:
    """Raises QAError where it cannot begin. Without an index the shipped corpus is mirrored into .qa beside app.py."""
    host = options.host or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    settings = _settings(options, host)
    listener = _listen(host, options.port or _port())
    if not _is_local(host) and settings.accounts is None:
        say(f"anybody who reaches {host} can ask and read what is in the library; --auth FILE asks for a password")
    service = Service(
        options.index or HOME / FOLDER, None if options.index else HOME / "corpus", models=models,
        at_once=settings.at_once,
    )  # fmt: skip
    say(f"On the Record: http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}")
    uvicorn.Server(_config(_page().create_app(service, options.read_only, settings))).run(sockets=[listener])


def _config(app: FastAPI) -> uvicorn.Config:
    """Who a request comes from is taken from its headers only if somebody set whose headers to believe: uvicorn
    believes all of this machine's."""
    trusting = "FORWARDED_ALLOW_IPS" in os.environ
    return uvicorn.Config(
        app, log_level="warning", server_header=False, proxy_headers=trusting, timeout_graceful_shutdown=_GRACE
    )


def _settings(options: argparse.Namespace, host: str) -> Settings:
    if options.mcp and find_spec("mcp") is None:
        raise QAError("--mcp needs the package mcp; install it: pip install 'on-the-record[mcp]'")
    named = {name.lower() for name in options.allow_host}
    accounts = read_accounts(options.auth) if options.auth else None
    hosts = frozenset(named | LOCAL) if named or _is_local(host) else frozenset[str]()
    if _is_local(host):
        hosts |= {host.lower()}
    return Settings(accounts, options.rate, options.concurrency, options.max_upload << 20, options.mcp, hosts)


def _is_local(host: str) -> bool:
    return host.lower() in LOCAL or host.startswith("127.")


def _port() -> int:
    given = os.environ.get("GRADIO_SERVER_PORT") or str(_PORT)
    if not given.isascii() or not given.isdecimal() or not 0 < int(given) < 65536:
        raise QAError(f"GRADIO_SERVER_PORT is {given!r}; it must be a whole number from 1 to 65535")
    return int(given)


def _listen(host: str, port: int) -> socket.socket:
    """Raises QAError if the port is taken or the host is not this machine's."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise QAError(f"cannot serve at {host}: {error.strerror or error}") from None
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise QAError(f"cannot serve at {host}, port {port}: {error.strerror}; --port N takes another") from None
    return listener


def _page() -> Any:
    try:
        return importlib.import_module("app")
    except ModuleNotFoundError as error:
        if error.name != "app":
            raise
        raise QAError("the page is app.py, which is not installed with the package; run this beside it") from None
