"""The record as tools for MCP clients at /mcp, over streamable HTTP; each call gives the command line's JSON.

claude mcp add --transport http record http://127.0.0.1:7860/mcp
"""

from __future__ import annotations

from typing import Annotated, Any

from mcp.server.fastmcp import FastMCP
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import Field

from qa.desk import CONTEXT, Desk, narrowed
from qa.pipeline import HITS

_ABOUT = (
    "Transcripts of press conferences and hearings. Every answer is quoted word for word, with its place; where the "
    "record holds no answer, ask says so. Quote nothing that these tools did not give."
)
_K = Annotated[int, Field(ge=1, le=100, description="passages to look at")]
_Speakers = Annotated[list[str], Field(description="only what these speakers said; none: anybody")]
_Transcripts = Annotated[list[str], Field(description="only these, by id, file or title; none: all")]
_ALL: list[str] = []


def tools(desk: Desk) -> FastMCP[Any]:
    # Names of this server and pages of other sites are looked after in front of everything, in qa/guard.py.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server: FastMCP[Any] = FastMCP(
        "on-the-record", instructions=_ABOUT, stateless_http=True, json_response=True, streamable_http_path="/mcp",
        transport_security=security, log_level="WARNING",
    )  # fmt: skip

    @server.tool()
    async def ask(
        question: str, k: _K = HITS, speakers: _Speakers = _ALL, transcripts: _Transcripts = _ALL
    ) -> dict[str, Any]:
        """Answers in the speakers' own words, each quote with its citation; or "not_in_record", and the closest
        passages as "hits", which do not answer."""
        return await desk.ask(narrowed(question, k, speakers, transcripts))

    @server.tool()
    async def search(
        question: str, k: _K = HITS, speakers: _Speakers = _ALL, transcripts: _Transcripts = _ALL
    ) -> dict[str, Any]:
        """The passages nearest to words or a question, best first."""
        return await desk.search(narrowed(question, k, speakers, transcripts))

    @server.tool()
    async def quote(
        transcript: Annotated[str, Field(description="the transcript's id, as citations have it")],
        start: int,
        end: int,
        context: Annotated[int, Field(ge=0, le=CONTEXT, description="paragraphs shown before and behind")] = 1,
    ) -> dict[str, Any]:
        """The words from character start to end of a transcript, their citation, and the paragraphs around them."""
        return await desk.quote(transcript, start, end, context)

    @server.tool()
    async def verify(
        document: Annotated[dict[str, Any], Field(description="a citation, or an answer as ask gives it")],
    ) -> dict[str, Any]:
        """Checks citations again: is each quote still there, word for word, and said by that speaker?"""
        return {"results": await desk.verify(document)}

    return server
