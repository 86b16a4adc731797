"""What gradio_client finds by name: the same JSON as HTTP gives. (The page's own events are private.)

from gradio_client import Client
record = Client("http://127.0.0.1:7860")
answer = record.predict("How many vehicles were recalled in 2023?", api_name="/ask")
hits = record.predict("quality supervision", k=3, speakers=["Liu"], api_name="/search")["hits"]
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from qa.desk import Ask, Desk, narrowed
from qa.errors import QAError
from qa.pipeline import HITS

_ALL: list[str] = []


def endpoints(desk: Desk, shown: Callable[[str], Exception]) -> list[Callable[..., Awaitable[dict[str, Any]]]]:
    """``ask`` and ``search``, whose errors are raised as what ``shown`` makes of their one line."""

    async def run(act: Callable[[Ask], Awaitable[dict[str, Any]]], *given: Any) -> dict[str, Any]:
        try:
            return await act(narrowed(*given))
        except QAError as error:
            raise shown(str(error)) from None

    async def ask(
        question: str, k: int = HITS, speakers: list[str] = _ALL, transcripts: list[str] = _ALL
    ) -> dict[str, Any]:
        """The answer in the speakers' own words, with citations, or that the record holds none."""
        return await run(desk.ask, question, k, speakers, transcripts)

    async def search(
        question: str, k: int = HITS, speakers: list[str] = _ALL, transcripts: list[str] = _ALL
    ) -> dict[str, Any]:
        """The best passages, best first."""
        return await run(desk.search, question, k, speakers, transcripts)

    return [ask, search]
