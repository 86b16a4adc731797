"""What the page's library asks the server for: what it holds, the report on a file, to add it, and to delete it.

A request that changes anything needs the header X-On-The-Record, which no page of another site can send without being
asked first.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import AsyncIterator, Callable
from queue import SimpleQueue
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from qa import transcripts, worth
from qa.desk import FAULT
from qa.errors import QAError
from qa.guard import require_own
from qa.indexing import Progress
from qa.inspection import to_dict
from qa.service import Service
from qa.uploads import check_kind

_AT_ONCE = 4  # files read or added: each may take a while, in threads that nothing else waits for
_LINES = "application/x-ndjson"
Said = dict[str, Any]


def listing(service: Service, limit: int = transcripts.MAX_BYTES) -> APIRouter:
    """GET /transcripts, with the endings and the bytes that a file may have, and GET /transcripts/ID/questions: those
    worth asking. Errors come as {"error": "..."}."""
    routes = APIRouter()

    @routes.get("/transcripts")
    def held() -> Said:
        allowed = {"endings": sorted(transcripts.FORMATS), "limit": limit}
        return _said(lambda: {"transcripts": service.overview(), **allowed})

    @routes.get("/transcripts/{identity}/questions")
    def questions(identity: str) -> Said:
        return _said(lambda: {"questions": worth.questions(service.transcript(identity))})

    return routes


def router(service: Service, limit: int = transcripts.MAX_BYTES) -> APIRouter:
    """POST /transcripts/inspect?name=talk.txt and POST /transcripts?name=talk.txt, the file's bytes as the body, at
    most ``limit`` of them; DELETE /transcripts/ID. Who accepts application/x-ndjson is told how far the adding is: a
    line of JSON for each step, the last as if there had been no others."""
    routes = APIRouter()
    limiter = CapacityLimiter(_AT_ONCE)

    async def apart(act: Callable[[], Said]) -> Said:
        return await to_thread.run_sync(_said, act, limiter=limiter)

    @routes.post("/transcripts/inspect")
    async def inspect(request: Request, name: str) -> Said:
        content = await _content(request, name, limit)
        if isinstance(content, str):
            return {"error": content}
        return await apart(lambda: {"report": to_dict(service.inspect(name, content))})

    @routes.post("/transcripts")
    async def add(request: Request, name: str) -> Response:
        content = await _content(request, name, limit)
        if isinstance(content, str):
            return JSONResponse({"error": content})
        if request.headers.get("accept") == _LINES:
            lines = _lines(lambda tell: {"transcript": service.add(name, content, tell).id}, limiter)
            return StreamingResponse(lines, media_type=_LINES)
        return JSONResponse(await apart(lambda: {"transcript": service.add(name, content).id}))

    @routes.delete("/transcripts/{identity}")
    def delete(request: Request, identity: str) -> Said:
        require_own(request)
        return _said(lambda: {"deleted": service.remove(identity)})

    return routes


async def _content(request: Request, name: str, limit: int) -> bytes | str:
    """The body; or in one line why it is not read."""
    require_own(request)
    try:
        check_kind(name)
    except QAError as error:
        return str(error)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            return f"over the limit of {limit >> 20} MB; split it"
    return bytes(content)


def _said(act: Callable[[], Said]) -> Said:
    """What ``act`` gives, or {"error": "..."} in one line for the user."""
    try:
        return act()
    except QAError as error:
        return {"error": str(error)}
    except Exception as error:  # a fault of ours, or a full disk: one line for the user, the rest for who serves
        print(f"qa: library: {type(error).__name__}: {error}"[:500], file=sys.stderr)
        return {"error": FAULT}


async def _lines(act: Callable[[Progress], Said], limiter: CapacityLimiter) -> AsyncIterator[str]:
    """{"done": 8, "total": 20} as often as ``act`` tells, then what it gives. It runs to its end, heard or not."""
    told: SimpleQueue[Said] = SimpleQueue()

    def tell(done: int, total: int) -> None:
        told.put({"done": done, "total": total})

    threading.Thread(target=lambda: told.put(_said(lambda: act(tell))), name="add", daemon=True).start()
    more = True
    while more:
        line = await to_thread.run_sync(told.get, limiter=limiter)
        more = "done" in line
        yield json.dumps(line) + "\n"
