"""The record over HTTP: the JSON that the command line prints.

    B=http://127.0.0.1:7860/api/v1; J='content-type: application/json'
    curl $B/ask -H "$J" -d '{"question": "How many vehicles were recalled in 2023?"}' >answer.json
    curl $B/ask -H "$J" -d '{"question": "What about quality?", "k": 5, "speakers": ["Liu"], "transcripts": []}'
    curl $B/search -H "$J" -d '{"question": "quality supervision", "k": 3}'
    curl $B/verify -H "$J" -d @answer.json
    curl $B/transcripts
    curl "$B/transcripts/7d39b40bddcf2d85/quote?start=2000&end=2040&context=1"

``verify`` takes a citation, an answer or a list of them. What goes wrong is {"error": "one line"}: 404 for what is not
held, 413 for too much, 422 for what cannot be read, 429 for too often, 503 while the model loads. With Python, as
gradio_client has it:

    Client("http://127.0.0.1:7860").predict("How many vehicles were recalled in 2023?", api_name="/ask")
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from qa.desk import CONTEXT, FAULT, NO_JSON, Ask, Desk, one_line
from qa.errors import EncoderError, LibraryError, NotHeldError, QAError

_READING = ["GET", "HEAD"]
_RETRY = "10"  # seconds: models load in less on most machines


class Json(JSONResponse):
    """JSON whose text may hold half surrogates, as a name in a request can: they are written as escapes."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")


def status_of(error: QAError) -> int:
    if isinstance(error, NotHeldError):
        return 404
    return 503 if isinstance(error, LibraryError | EncoderError) else 422


class _Route(APIRoute):
    """Whatever goes wrong is answered as {"error": "one line"}."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()

        async def handling(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return failure(422, one_line(error.errors()))
            except HTTPException as error:
                unread = error.status_code == 400  # what FastAPI makes of a body that it cannot decode
                return failure(422, NO_JSON) if unread else failure(error.status_code, str(error.detail))
            except QAError as error:
                return failure(status_of(error), str(error))
            except Exception as error:  # a fault of ours: one line for the client, the rest for who serves
                print(f"qa: {request.url.path}: {type(error).__name__}: {error}"[:500], file=sys.stderr)
                return failure(500, FAULT)

        return handling


def failure(status: int, error: str) -> Json:
    return Json({"error": error}, status, {"Retry-After": _RETRY} if status == 503 else None)


def router(desk: Desk) -> APIRouter:
    """Everything below /api/v1."""
    routes = APIRouter(prefix="/api/v1", route_class=_Route, default_response_class=Json)

    @routes.post("/ask")
    async def ask(asked: Ask) -> Json:
        return Json(await desk.ask(asked))

    @routes.post("/search")
    async def search(asked: Ask) -> Json:
        return Json(await desk.search(asked))

    @routes.post("/verify")
    async def verify(document: Annotated[Any, Body()]) -> Json:
        return Json(await desk.verify(document))

    @routes.api_route("/transcripts", methods=_READING)
    async def transcripts() -> Json:
        return Json({"transcripts": await desk.transcripts()})

    @routes.api_route("/transcripts/{identity}/quote", methods=_READING)
    async def quote(
        identity: str, start: int, end: int, context: Annotated[int, Query(ge=0, le=CONTEXT)] = 1
    ) -> Json:  # fmt: skip
        return Json(await desk.quote(identity, start, end, context))

    @routes.api_route("/{rest:path}", methods=[*_READING, "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
    async def other(request: Request) -> Json:
        return failure(404, f"{request.method} {request.url.path} is not offered")

    return routes
