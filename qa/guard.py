"""What every response carries, and which requests are answered at all: none that another site's page has sent."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from qa.limits import App, Message, Receive, Scope, Send, refuse

CSP = (  # gradio does not run without unsafe-eval and unsafe-inline
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_UNUSED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "bluetooth", "midi", "display-capture")
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in _UNUSED),
}
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_READS = ("GET", "HEAD", "OPTIONS")
_GRADIO = "/gradio_api/"
# What the page and gradio_client use of it. Of the rest some keeps whatever is sent, and some fetches any address.
_USED = ("app_id", "call/", "cancel", "heartbeat/", "info", "login_check", "queue/", "reset", "run/", "startup-events")


class Headers:
    """Security headers on every response."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class Guard:
    """Answers only to ``hosts`` (none: to any name), so that no name that a foreign page has made point here gets an
    answer (DNS rebinding), and never to what a page of another site sends."""

    def __init__(self, app: App, hosts: Collection[str] = ()) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # the page has none
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] == "http" and (refused := self._refused(scope)):
            return await refuse(send, *refused)
        return await self._app(scope, receive, send)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if self._hosts and _name(host) not in self._hosts:
            return 400, "This server does not answer to that name; --allow-host NAME makes it."
        if "origin" in headers and not self._is_ours(headers["origin"], host):
            return 403, "A page of another site may not ask here."
        if scope["method"] not in _READS and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return 403, "A page of another site may not ask here."
        if scope["path"].startswith(_GRADIO) and not scope["path"].removeprefix(_GRADIO).startswith(_USED):
            return 403, "This is not offered here."
        return None

    def _is_ours(self, origin: str, host: str) -> bool:
        """The page's own origin; behind a proxy that sends another Host, a name that was allowed for it."""
        place = urlsplit(origin).netloc.lower()
        return place == host.lower() or (bool(place) and _name(place) in self._hosts - LOCAL)


def _name(host: str) -> str:
    """A Host header without its port and brackets, in small letters."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def require_own(request: Request) -> None:
    """Raises HTTPException (403) without the header that no page of another site can send without being asked."""
    if "x-on-the-record" not in request.headers:
        raise HTTPException(403)
