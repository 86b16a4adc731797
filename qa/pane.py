"""What the page's transcript asks the server for: all its words in their places, and a citation checked again."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from qa import citations, verification
from qa.errors import CitationError, QAError
from qa.guard import require_own
from qa.service import Service, blocks
from qa.types import Span, Transcript

_NOWHERE = Path(os.devnull)  # nothing lies beneath it: only the library's own files are looked at for a browser


def router(service: Service) -> APIRouter:
    """GET /transcripts/ID?start=0&end=0, and POST /verify with a citation as JSON. Errors come as {"error": "..."}."""
    routes = APIRouter()

    @routes.get("/transcripts/{identity}")
    def transcript(identity: str, start: int = 0, end: int = 0) -> Response:
        try:
            found = _shown(service, service.transcript(identity), start, end)
        except QAError as error:
            found = json.dumps({"error": str(error)})
        return Response(found, media_type="application/json")

    @routes.post("/verify")
    async def verify(request: Request) -> dict[str, Any]:
        require_own(request)
        try:
            return await run_in_threadpool(_verify, service, await request.body())
        except QAError as error:
            return {"error": str(error)}

    return routes


def _shown(service: Service, transcript: Transcript, start: int, end: int) -> str:
    """``citation`` is that of the characters asked for; None where they are no passage."""
    about = {
        "id": transcript.id, "title": transcript.title, "date": transcript.date, "source": transcript.source,
        "language": transcript.language, "citation": _citation(transcript, start, end),
        "held": [{"id": one, "title": title} for one, title in service.titles()],
    }  # fmt: skip
    return f'{json.dumps(about)[:-1]}, "blocks": {_blocks(transcript)}}}'


@lru_cache(maxsize=16)  # of the longest transcripts, some 25 MB
def _blocks(transcript: Transcript) -> str:
    return json.dumps(blocks(transcript))


def _citation(transcript: Transcript, start: int, end: int) -> dict[str, Any] | None:
    turn = transcript.turn_at(start)
    if turn < 0 or not start < end <= transcript.turns[turn].end:
        return None
    return citations.to_dict(Span(transcript, start, end))


def _verify(service: Service, content: bytes) -> dict[str, Any]:
    try:
        claim = json.loads(content)
    except (ValueError, RecursionError):
        raise CitationError("a citation is a JSON object") from None
    if not isinstance(claim, dict):
        raise CitationError("a citation is a JSON object")
    verdict = verification.verify_with_question(claim, service.pipeline().library, _NOWHERE)
    cited = {key: claim[key] for key in ("sha256", "source", "start", "end")}
    return {"result": verdict.status, "detail": verdict.detail, **cited}
