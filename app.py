"""The page: a chat, and beside it the transcript with the cited words marked. Layout and wiring only.

``python app.py`` is ``qa serve``: it mirrors corpus/ into the library in .qa and serves it, on this machine only unless
told otherwise.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":  # before the slow imports: --help is quick
    from qa.cli import main

    sys.exit(main(["serve", *sys.argv[1:]]))

# Before gradio is imported: it would ask its makers' servers for its newest version and report its use.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import Depends, FastAPI, Response
from fastapi.staticfiles import StaticFiles

from qa import api as adding
from qa import http, keeping
from qa import pane as reading
from qa.client_api import endpoints
from qa.desk import FAULT, Desk
from qa.early import Early
from qa.errors import QAError
from qa.render import answer_to_dict
from qa.service import Service, example_questions
from qa.serving import Settings, protect
from qa.types import Answer

STATIC = Path(__file__).parent / "qa" / "static"
SHIPPED = "7d39b40bddcf2d85"  # the transcript these are about; another one gets questions made from its own structure
EXAMPLES = [
    "How many vehicles were recalled in 2023?", "What are the four main aspects of the progress?",
    "What did Xinhua ask?", "How much money was spent on the Iron Fist campaign?",
]  # fmt: skip
_SEEN = 16  # questions that are shown as taken while they wait for their turn, which the service gives
_LOOKED_AT = 4  # transcripts that example questions are made from


def create_app(service: Service, read_only: bool = False, settings: Settings = Settings()) -> FastAPI:
    """The page, /healthz and /readyz, /api/v1, perhaps /mcp, and unless ``read_only`` what adds a transcript. The
    library and the model are loaded while the page is already served."""
    desk = Desk(service, settings.at_once)
    tools = _tools(desk) if settings.mcp else None

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        service.start()
        async with AsyncExitStack() as stack:
            if tools:
                await stack.enter_async_context(tools.session_manager.run())
            yield

    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @api.get("/readyz")
    async def readyz(response: Response) -> dict[str, str]:
        status = service.status()
        response.status_code = 200 if status == "ready" else 503
        return {"status": status}

    api.include_router(http.router(desk))
    parts = [adding.listing(service, settings.max_upload), reading.router(service), keeping.router(service, read_only)]
    if not read_only:
        parts.append(adding.router(service, settings.max_upload))
    for part in parts:
        api.include_router(part, dependencies=[Depends(service.loaded)])
    if tools:
        api.router.routes.extend(tools.streamable_http_app().routes)
    api.mount("/page", StaticFiles(directory=STATIC))
    page = _page(service, read_only, desk)
    page.queue(default_concurrency_limit=settings.at_once, max_size=64, api_open=False)
    theme = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(
        body_background_fill="#f6f4ef", body_background_fill_dark="#14161b"
    )
    gr.mount_gradio_app(
        api, page, path="/", theme=theme, head=_read("head.html"), footer_links=[], run_history=False,
        enable_monitoring=False, mcp_server=False, show_error=False, max_file_size="1kb",
    )  # fmt: skip
    api.add_middleware(Early, markup=_read("early.html"))
    protect(api, settings)
    return api


def _tools(desk: Desk) -> Any:
    from qa.mcp_tools import tools  # needs the extra package mcp

    return tools(desk)


def _page(service: Service, read_only: bool, desk: Desk) -> gr.Blocks:
    def ask(question: str, chosen: Any) -> Iterator[Any]:
        entry = {"id": uuid.uuid4().hex, "question": question.strip(), "transcripts": chosen}
        if not entry["question"]:
            yield gr.skip()
            return
        yield {"entry": {**entry, "pending": True}}
        try:
            answer = service.ask_chosen(entry["question"], chosen)
            found = {"answer": answer_to_dict(answer), "languages": _languages(answer)}
            yield {"entry": {**entry, **found}}
        except QAError as error:
            yield {"entry": {**entry, "error": str(error)}}
        except Exception as error:  # a fault of ours: one line for the user, the rest for who serves
            print(f"qa: ask: {type(error).__name__}: {error}"[:500], file=sys.stderr)
            yield {"entry": {**entry, "error": FAULT}}

    def ask_typed(question: str, chosen: Any) -> Iterator[tuple[Any, Any]]:
        for number, entry in enumerate(ask(question, chosen)):
            yield entry, gr.skip() if number else ""

    def ask_clicked(chosen: Any, event: gr.EventData) -> Iterator[Any]:  # what is typed meanwhile stays in the box
        yield from ask(str(event.question), chosen)

    def welcome() -> tuple[dict[str, Any], dict[str, Any]]:
        try:
            held = [service.transcript(identity) for identity, _ in service.titles()[:_LOOKED_AT]]
        except QAError as error:
            return {"error": str(error)}, {"error": str(error)}
        shipped = [transcript.id for transcript in held] == [SHIPPED]
        first = {"first": held[0].id} if held else {"error": "the library is empty"}
        return {"examples": EXAMPLES if shipped else example_questions(held)}, first

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # Answered in the request itself. The queue's event stream closes when its last event ends, and gradio 6.31 loses
    # an event that is sent in that moment: a question asked while the page was still filling was never answered.
    direct: dict[str, Any] = {**quiet, "queue": False}
    with gr.Blocks(title="On the Record", fill_width=True, fill_height=True, analytics_enabled=False) as page:
        for endpoint in endpoints(desk, gr.Error):  # before the events: the first to be called "ask" has that name
            gr.api(endpoint, api_name=endpoint.__name__, concurrency_id="api")
        _component("bar", "bar", classes=["read-only"] if read_only else None)
        with gr.Row(elem_id="panes", equal_height=True):
            with gr.Column(scale=6, elem_id="left"):
                chat = _component("chat", "card", "copy", "judge", "share", "chat", "keys")
                _component("library", "asked", "library", "remove", "report", "add")
                chosen = gr.JSON(visible=False)  # ids of the transcripts to ask, as the page has them; None: all
                box = gr.Textbox(
                    label="Question", placeholder="Ask the transcript a question…", elem_id="ask", show_label=False,
                    submit_btn=True, container=False, autofocus=True, lines=1, max_lines=4,
                )  # fmt: skip
            with gr.Column(scale=5, elem_id="right"):
                pane = _component("pane", "text", "pane", "find", "speakers", "check", "walk")
        # "multiple": once a question was stopped, gradio would take the next one for its repetition, and drop it.
        often: dict[str, Any] = {**quiet, "trigger_mode": "multiple", "concurrency_limit": _SEEN}
        with_chosen = "window.chosenTranscripts?.() ?? null]"
        typed = box.submit(ask_typed, [box, chosen], [chat, box], js=f"(question) => [question, {with_chosen}", **often)
        clicked = chat.example(ask_clicked, chosen, chat, js=f"() => [{with_chosen}", **often)
        chat.halt(None, None, None, cancels=[typed, clicked], api_visibility="private")
        page.load(welcome, None, [chat, pane], **direct)
    return page


def _languages(answer: Answer) -> dict[str, str]:
    """Of the transcripts quoted, by id, as far as they name theirs."""
    spans = [*answer.citations, *answer.exchange, *(hit.span for hit in answer.hits)]
    return {span.transcript.id: span.transcript.language for span in spans if span.transcript.language}


def _component(name: str, *scripts: str, classes: list[str] | None = None) -> Any:
    """A constant template, a JSON value, and a script that builds the rest with textContent: no text is ever markup."""
    own = "".join(_read(f"{script}.js") for script in scripts)
    script = f"{_read('strings.js')}{_read('dom.js')}fill(element, STRINGS.{name}.fixed);\n{own}"
    return gr.HTML(
        value=None, html_template=_read(f"{name}.html"), js_on_load=script,
        elem_id=name, apply_default_css=False, padding=False, elem_classes=classes,
    )  # fmt: skip


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
