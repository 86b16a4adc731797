from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from qa import cli
from qa.serving import Settings
from tests.serving import client as serving
from tests.serving import served
from tests.test_limits import accounts, basic

mcp = pytest.importorskip("mcp")

Act = Callable[[Any], Awaitable[Any]]


def call(address: str, act: Act, headers: dict[str, str] | None = None) -> Any:
    """What ``act`` gives with a session of the real client."""
    from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

    async def run() -> Any:
        async with (
            create_mcp_http_client(headers=headers) as http,
            streamable_http_client(f"{address}/mcp", http_client=http) as (reading, writing, _),
            mcp.ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            return await act(session)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with served(tmp_path_factory.mktemp("mcp"), Settings(mcp=True, accounts=accounts())) as address:
        yield address


KEY = basic("ann", "open sesame")


def test_the_tools_say_what_they_take(address: str) -> None:
    tools = {tool.name: tool for tool in call(address, lambda session: session.list_tools(), KEY).tools}
    assert sorted(tools) == ["ask", "quote", "search", "verify"]
    assert tools["ask"].inputSchema["required"] == ["question"]
    assert tools["ask"].inputSchema["properties"]["k"]["maximum"] == 100
    assert all(tool.description for tool in tools.values())


def test_an_answer_is_asked_for_quoted_and_verified(address: str) -> None:
    async def act(session: Any) -> tuple[Any, Any, Any]:
        asked = {"question": "the load limit was lowered to three tonnes", "k": 3, "speakers": ["Brandt"]}
        hit = (await session.call_tool("search", asked)).structuredContent["hits"][0]
        place = {"transcript": hit["transcript"], "start": hit["start"], "end": hit["end"]}
        quote = (await session.call_tool("quote", place)).structuredContent
        return hit, quote, (await session.call_tool("verify", {"document": quote["citation"]})).structuredContent

    hit, quote, verified = call(address, act, KEY)
    assert hit["speaker"] == "Lena Brandt"
    assert quote["quote"] == hit["quote"]
    assert [result["status"] for result in verified["results"]] == ["verbatim"]


def test_ask_gives_the_json_of_http_structured_and_as_text(address: str, tmp_path: Path) -> None:
    question = {"question": "When was the load limit lowered?"}
    result = call(address, lambda session: session.call_tool("ask", question), KEY)
    assert json.loads(result.content[0].text) == result.structuredContent
    with serving(tmp_path) as client:
        assert client.post("/api/v1/ask", json=question).json() == result.structuredContent


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "Why?", "k": 0}, "greater than or equal to 1"),
        ("search", {"question": "Why?", "transcripts": ["none"]}, "no transcript 'none' in the library"),
        ("quote", {"transcript": "none", "start": 0, "end": 1}, "this transcript is no longer in the library"),
        ("verify", {"document": {"quote": "x"}}, 'a citation needs "sha256"'),
    ],
)
def test_what_goes_wrong_is_said_to_the_model(address: str, tool: str, arguments: dict[str, Any], said: str) -> None:
    result = call(address, lambda session: session.call_tool(tool, arguments), KEY)
    assert result.isError
    assert said in result.content[0].text
    assert "Traceback" not in result.content[0].text


def test_without_the_password_no_tool_is_told(address: str) -> None:
    with pytest.raises(BaseExceptionGroup) as raised:
        call(address, lambda session: session.list_tools())
    assert "401" in "".join(str(error) for error in _leaves(raised.value))


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def test_it_is_offered_only_when_told(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        assert client.post("/mcp", json={}).status_code in (404, 405)


def test_without_the_package_there_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qa.serving.find_spec", lambda name: None)
    assert cli.main(["serve", "--mcp"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == ["qa: --mcp needs the package mcp; install it: pip install 'on-the-record[mcp]'"]
