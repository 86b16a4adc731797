"""What a program may ask of the server, over HTTP, MCP or Gradio's client: the JSON that the command line prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import CitationError, NotReadyError, QAError
from qa.inputs import claims_in
from qa.limits import AT_ONCE
from qa.pipeline import HITS
from qa.render import answer_to_dict, quote_to_dict, search_to_dict
from qa.service import Service
from qa.types import Span, Transcript
from qa.verification import verify_each

BUSY = "too many questions are waiting; ask again in a minute"
FAULT = "a fault in the program; its log says more"
NO_JSON = "the body is no JSON object; send one, as content-type: application/json"
_WAITING = 64  # calls that wait for their turn; what is asked beyond that would not be answered soon anyway
_CLAIMS = 100  # citations checked in one call: each reads its file again
_NAMES = 50  # speakers or transcripts named in one question
CONTEXT = 20  # paragraphs shown before and behind a quote, at most

Name = Annotated[str, Field(max_length=500)]
T = TypeVar("T")


class Ask(BaseModel):
    """A question and where to look."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: str
    k: int = Field(HITS, ge=1, le=100)
    speakers: list[Name] = Field([], max_length=_NAMES)
    transcripts: list[Name] = Field([], max_length=_NAMES)


class Desk:
    """Each call waits for its turn in a thread of its own kind, so that many questions do not hold up the page."""

    def __init__(self, service: Service, at_once: int = AT_ONCE) -> None:
        self._service = service
        self._at_once = at_once
        self._inside = 0
        self._limiter: CapacityLimiter | None = None

    async def ask(self, asked: Ask) -> dict[str, Any]:
        return await self._turn(lambda: answer_to_dict(self._service.ask(**asked.model_dump())))

    async def search(self, asked: Ask) -> dict[str, Any]:
        return await self._turn(lambda: search_to_dict(asked.question, *self._service.search(**asked.model_dump())))

    async def verify(self, document: Any) -> list[dict[str, str]]:
        """``document``: a citation, an answer (its citations and exchange), or a list of them. Only the library's own
        files are looked at."""
        claims = list(claims_in([document]))
        if len(claims) > _CLAIMS:
            raise CitationError(f"{len(claims)} citations; the limit is {_CLAIMS}")
        return await self._turn(lambda: verify_each(claims, self._service.pipeline().library))

    async def quote(self, transcript: str, start: int, end: int, context: int = 1) -> dict[str, Any]:
        """The words from ``start`` to ``end`` and the paragraphs around them. Raises QAError where there are none."""
        return await self._turn(lambda: quote_to_dict(_span(self._service.transcript(transcript), start, end), context))

    async def transcripts(self) -> list[dict[str, Any]]:
        return await self._turn(lambda: [_head(one) for one in self._service.pipeline().library.transcripts()])

    async def _turn(self, act: Callable[[], T]) -> T:
        if self._service.status() == "loading":
            raise NotReadyError("the model is still loading; ask again in a minute")
        if self._limiter is None:  # made here, where an event loop runs
            self._limiter = CapacityLimiter(self._at_once)
        if self._inside >= self._at_once + _WAITING:
            raise NotReadyError(BUSY)
        self._inside += 1
        try:
            return await to_thread.run_sync(act, limiter=self._limiter)
        finally:
            self._inside -= 1


def _span(transcript: Transcript, start: int, end: int) -> Span:
    turn = transcript.turn_at(start) if 0 <= start < end else -1
    if turn < 0 or end > transcript.turns[turn].end:
        raise QAError(f"characters {start} to {end} are not within what one speaker said")
    return Span(transcript, start, end)


def _head(transcript: Transcript) -> dict[str, Any]:
    return {
        "id": transcript.id, "title": transcript.title, "date": transcript.date, "source": transcript.source,
        "url": transcript.url, "language": transcript.language, "sha256": transcript.sha256,
        "speakers": transcript.speakers(), "paragraphs": len(transcript.paragraphs),
        "characters": len(transcript.text),
    }  # fmt: skip


def narrowed(question: str, k: int, speakers: Sequence[str], transcripts: Sequence[str]) -> Ask:
    """Raises QAError in one line where these make no question."""
    try:
        return Ask(question=question, k=k, speakers=list(speakers), transcripts=list(transcripts))
    except ValidationError as error:
        raise QAError(one_line(error.errors())) from None


def one_line(errors: Sequence[Any]) -> str:
    """What pydantic finds wrong first, as "k: Input should be less than or equal to 100"."""
    first = errors[0]
    if first["type"] in ("json_invalid", "model_attributes_type"):
        return NO_JSON
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return f"{where}: {first['msg']}" if where else str(first["msg"])
