"""What the page asks the server for beside questions: the report on a file, and to add it. JSON over HTTP.

A request needs the header X-On-The-Record, which no page of another site can send without being asked first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool

from qa.errors import QAError
from qa.inspection import to_dict
from qa.service import Service, check_kind
from qa.transcripts import MAX_BYTES


def router(service: Service, limit: int = MAX_BYTES) -> APIRouter:
    """POST /transcripts/inspect?name=talk.txt and POST /transcripts?name=talk.txt, the file's bytes as the body, at
    most ``limit`` of them."""
    routes = APIRouter()

    @routes.post("/transcripts/inspect")
    async def inspect(request: Request, name: str) -> dict[str, Any]:
        return await _answer(request, name, limit, lambda content: {"report": to_dict(service.inspect(name, content))})

    @routes.post("/transcripts")
    async def add(request: Request, name: str) -> dict[str, Any]:
        return await _answer(request, name, limit, lambda content: {"transcript": service.add(name, content).id})

    return routes


async def _answer(
    request: Request, name: str, limit: int, act: Callable[[bytes], dict[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """What ``act`` gives, or {"error": "..."} in one line for the user."""
    if "x-on-the-record" not in request.headers:
        raise HTTPException(403)
    try:
        check_kind(name)
    except QAError as error:
        return {"error": str(error)}
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            return {"error": f"over the limit of {limit >> 20} MB; split it"}
    try:
        return await run_in_threadpool(act, bytes(content))
    except QAError as error:
        return {"error": str(error)}
