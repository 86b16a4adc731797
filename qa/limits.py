"""How often one client may ask, and how much it may send. Plain ASGI: nothing here holds back an event stream."""

from __future__ import annotations

import ipaddress
import json
import math
import os
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

RATE = 60  # questions a minute and client: more than a person asks, less than a script that runs away
# Questions answered at a time: two cores for each answer as many a second as one core for each, and each sooner.
AT_ONCE = max(1, min(4, (os.cpu_count() or 1) // 2))
_CLIENTS = 10_000  # addresses remembered; the one not seen for longest is forgotten, which only favours it
_BODY = 1 << 20  # bytes of a question, an answer to verify or an event of the page: far more than any has
_ASKING = (  # what takes work: an answer, or to read a file again
    "/gradio_api/queue/join", "/gradio_api/call/", "/api/", "/transcripts", "/verify", "/mcp", "/export/", "/feedback"
)  # fmt: skip
_TOO_OFTEN = "Too many questions from here; wait {} s and ask again."
_FULL = "Too many people are asking at this moment; ask again in a minute."
_NO_FILE = "Files and addresses of files are not taken here."
_TOO_LARGE = "This is larger than the limit of {} MB."


class Buckets:
    """A token bucket for each client: ``burst`` at once, refilled with ``rate`` a minute. Memory is bounded."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate / 60
        self._burst = burst
        self._clock = clock
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Seconds until the client has a token; 0: it has one now."""
        return max(0.0, (1 - self._level(client)) / self._rate)

    def take(self, client: str, tokens: float = 1) -> None:
        """A negative number gives tokens back."""
        self._filled[client] = (min(self._burst, self._level(client) - tokens), self._clock())
        self._filled.move_to_end(client)
        if len(self._filled) > _CLIENTS:
            self._filled.popitem(last=False)

    def _level(self, client: str) -> float:
        level, then = self._filled.get(client, (self._burst, 0.0))
        return min(self._burst, level + (self._clock() - then) * self._rate)


def client_of(scope: Scope) -> str:
    """The client's address; of IPv6 the network, as one machine has all of it."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return host


async def refuse(send: Send, status: int, said: str, **headers: str) -> None:
    """``detail`` is what the page shows, ``error`` what programs are told everywhere."""
    body = json.dumps({"detail": said, "error": said}).encode()
    given = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


class RateLimit:
    """At most ``rate`` questions a minute from each client; a page that is not asked does not count."""

    def __init__(self, app: App, rate: float = RATE) -> None:
        self._app = app
        self._buckets = Buckets(rate, max(rate, 1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _asks(scope):
            return await self._app(scope, receive, send)
        client = client_of(scope)
        if wait := math.ceil(self._buckets.wait(client)):
            return await refuse(send, 429, _TOO_OFTEN.format(wait), retry_after=str(wait))
        self._buckets.take(client)
        return await self._app(scope, receive, send)


def _asks(scope: Scope) -> bool:
    path = str(scope["path"])
    return path.startswith("/api/") or (scope["method"] in ("POST", "DELETE") and path.startswith(_ASKING))


class BodyLimit:
    """No body above 1 MB where a question is asked, and none with a file for gradio; files have a limit of their own
    where they are read. A full queue is said in words that the page can show."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return await self._app(scope, receive, send)
        if scope["path"].startswith("/transcripts"):
            return await self._app(scope, receive, send)
        body = await _body(receive)
        if body is None:
            return await refuse(send, 413, _TOO_LARGE.format(_BODY >> 20))
        if scope["path"].startswith("/gradio_api/") and _names_file(body):
            return await refuse(send, 403, _NO_FILE)
        joins = scope["path"] == "/gradio_api/queue/join"
        return await self._app(scope, _again(body, receive), _Full(send) if joins else send)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None if it is too large; then the rest is not read."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _names_file(body: bytes) -> bool:
    """Whether gradio would take something in this JSON for a file, and fetch it from whatever address it names."""
    try:
        left = [json.loads(body)]
    except RecursionError:
        return True
    except ValueError:  # gradio cannot read it either
        return False
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if "path" in one and "meta" in one:
                return True
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return False


def _again(body: bytes, receive: Receive) -> Receive:
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receiving() -> Message:
        return next(given, None) or await receive()

    return receiving


class _Full:
    """Gradio's refusal of a full queue, in our words."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._refused = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 503:
            self._refused = True
            await refuse(self._send, 503, _FULL, retry_after="60")
        elif not self._refused:
            await self._send(message)
