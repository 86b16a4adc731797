"""What the page keeps of a conversation: POST /export/{kind} gives it as a file, POST /feedback notes what somebody
thinks of an answer. Both need the header X-On-The-Record, which no page of another site can send without being asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field, ValidationError

from qa import export, feedback
from qa.desk import one_line
from qa.errors import QAError
from qa.guard import require_own
from qa.question import MAX_QUESTION
from qa.service import Service
from qa.structure import MOST

_ANSWERS = 50  # as many as a conversation remembers
_HITS = 100  # passages that may be asked for
_NOTE = 1000  # characters
_CHOSEN = 10_000  # transcripts
T = TypeVar("T", bound=BaseModel)
Claims = Annotated[list[dict[str, Any]], Field(max_length=MOST)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Given(BaseModel):
    """An answer as the page was given it."""

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    note: str | None = None
    confidence: Share = 0
    threshold: Share = 0
    citations: Claims = []
    exchange: Claims = []
    hits: Annotated[list[dict[str, Any]], Field(max_length=_HITS)] = []


class Conversation(BaseModel):
    answers: list[Given] = Field(min_length=1, max_length=_ANSWERS)


class Judged(BaseModel):
    """``right``: None takes back what was said of the answer."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    right: bool | None
    note: str = Field("", max_length=_NOTE)
    citations: Claims = []
    exchange: Claims = []
    transcripts: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=_CHOSEN)] = []


def router(service: Service, read_only: bool = False) -> APIRouter:
    routes = APIRouter()

    @routes.post("/export/{kind}")
    async def exported(kind: str, request: Request) -> Response:
        if kind not in export.KINDS:
            raise HTTPException(404)
        return await _answered(request, Conversation, lambda given: _export(service, kind, given, _page(request)))

    async def judged(request: Request) -> Response:
        return await _answered(request, Judged, lambda given: _judge(service, given))

    if not read_only:
        routes.post("/feedback")(judged)
    return routes


async def _answered(request: Request, form: type[T], act: Callable[[T], Response]) -> Response:
    """What ``act`` makes of the body, or 422 and {"error": "one line"}."""
    require_own(request)
    try:
        given = form.model_validate_json(await request.body())
        return await run_in_threadpool(act, given)
    except ValidationError as error:
        return _refused(one_line(error.errors()))
    except QAError as error:
        return _refused(str(error))


def _refused(said: str) -> Response:
    return Response(_Error(error=said).model_dump_json(), 422, media_type="application/json")


class _Error(BaseModel):
    error: str


def _page(request: Request) -> str:
    """The page's own address: behind a proxy only the browser knows it."""
    root = str(request.scope.get("root_path") or "")
    origin = request.headers.get("origin") or f"{request.url.scheme}://{request.url.netloc}"
    return f"{origin}{root}/"


def _export(service: Service, kind: str, given: Conversation, page: str) -> Response:
    kept = export.reread([answer.model_dump() for answer in given.answers], service.pipeline().library)
    content = export.write(kind, kept, page, datetime.now(UTC))
    # Only ever saved: shown from here, the page of a conversation would be one of this site.
    headers = {"Content-Disposition": "attachment"}
    return Response(content, media_type=f"{export.KINDS[kind]}; charset=utf-8", headers=headers)


def _judge(service: Service, given: Judged) -> Response:
    library = service.pipeline().library
    line = feedback.record(
        given.id,
        given.question,
        given.right,
        given.note.strip(),
        given.citations,
        given.exchange,
        given.transcripts,
        library,
        datetime.now(UTC),
    )
    feedback.append(library.folder, line)
    return Response('{"kept": true}', media_type="application/json")
