"""What has to be in the page before its first paint: gradio puts its ``head`` in only when its scripts run."""

from __future__ import annotations

from qa.limits import App, Message, Receive, Scope, Send

_HEAD = b"<head>"


class Early:
    """Puts ``markup`` first into the page's head."""

    def __init__(self, app: App, markup: str) -> None:
        self._app = app
        self._head = _HEAD + markup.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            return await self._app(scope, receive, send)
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        return await self._app({**scope, "headers": plain}, receive, _Filled(send, self._head))


class _Filled:
    """Holds the response back until all of it is there."""

    def __init__(self, send: Send, head: bytes) -> None:
        self._send = send
        self._head = head
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":  # an extension's, as tests use it
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = self._body.replace(_HEAD, self._head, 1)
        headers = [(name, value) for name, value in self._start["headers"] if name.lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
