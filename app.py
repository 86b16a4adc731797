"""The page: a chat, and beside it the transcript with the cited words marked. Layout and wiring only.

``python app.py`` mirrors corpus/ into the library in .qa and serves it, on this machine only unless told otherwise.
"""

from __future__ import annotations

import os

# Before gradio is imported: it would ask its makers' servers for its newest version and report its use.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles

from qa import pane as reading
from qa.api import router
from qa.errors import QAError
from qa.render import answer_to_dict
from qa.service import Service, example_questions
from qa.store import FOLDER

HERE = Path(__file__).parent
STATIC = HERE / "qa" / "static"
SHIPPED = "7d39b40bddcf2d85"  # the transcript these are about; another one gets questions made from its own structure
EXAMPLES = [
    "How many vehicles were recalled in 2023?", "What are the four main aspects of the progress?",
    "What did Xinhua ask?", "How much money was spent on the Iron Fist campaign?",
]  # fmt: skip
_LOOKED_AT = 4  # transcripts that example questions are made from
CSP = (  # gradio does not run without unsafe-eval and unsafe-inline
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


def create_app(service: Service, read_only: bool = False) -> FastAPI:
    """The page, /healthz and /readyz, and unless ``read_only`` what adds a transcript. The library and the model are
    loaded while the page is already served."""

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        service.start()
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

    api.include_router(reading.router(service))
    if not read_only:
        api.include_router(router(service))
    api.mount("/page", StaticFiles(directory=STATIC))
    page = _page(service, read_only)
    page.queue(default_concurrency_limit=2, max_size=64, api_open=False)
    theme = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    gr.mount_gradio_app(
        api, page, path="/", theme=theme, head=_read("head.html"), footer_links=[], run_history=False,
        enable_monitoring=False, show_error=False, max_file_size="1kb",
    )  # fmt: skip
    api.add_middleware(_Headers)
    return api


def _page(service: Service, read_only: bool) -> gr.Blocks:
    def ask(question: str) -> Iterator[tuple[Any, Any]]:
        entry = {"id": uuid.uuid4().hex, "question": question.strip()}
        if not entry["question"]:
            yield gr.skip(), gr.skip()
            return
        yield {"entry": {**entry, "pending": True}}, ""
        try:
            yield {"entry": {**entry, "answer": answer_to_dict(service.ask(question))}}, gr.skip()
        except QAError as error:
            yield {"entry": {**entry, "error": str(error)}}, gr.skip()

    def example(event: gr.EventData) -> str:
        return str(event.question)

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
        gr.HTML(_read("bar.html"), elem_id="bar", padding=False, elem_classes=["read-only"] if read_only else None)
        with gr.Row(elem_id="panes", equal_height=True):
            with gr.Column(scale=6, elem_id="left"):
                chat = _component("chat", "chat")
                box = gr.Textbox(
                    label="Question", placeholder="Ask the transcript a question…", elem_id="ask", show_label=False,
                    submit_btn=True, container=False, autofocus=True, lines=1, max_lines=4,
                )  # fmt: skip
            with gr.Column(scale=5, elem_id="right"):
                pane = _component("pane", "text", "pane", "find", "speakers", "check", "walk", "add")
        box.submit(ask, box, [chat, box], **quiet)
        chat.example(example, None, box, **direct).then(ask, box, [chat, box], **quiet)
        page.load(welcome, None, [chat, pane], **direct)
    return page


def _component(name: str, *scripts: str) -> Any:
    """A constant template, a JSON value, and a script that builds the rest with textContent: no text is ever markup."""
    script = "".join(_read(f"{script}.js") for script in ("strings", "dom", *scripts))
    return gr.HTML(
        value=None, html_template=_read(f"{name}.html"), js_on_load=script,
        elem_id=name, apply_default_css=False, padding=False,
    )  # fmt: skip


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


class _Headers:
    """Security headers on every response. Plain ASGI: it must not hold back the event streams."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"], (b"content-security-policy", CSP.encode()),
                    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
                ]  # fmt: skip
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


def serve(index: Path | None = None, host: str | None = None, port: int | None = None, read_only: bool = False) -> None:
    """Serves until stopped. Without ``index`` the shipped corpus is mirrored into .qa beside this file first."""
    service = Service(index or HERE / FOLDER, None if index else HERE / "corpus")
    where = host or os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1")
    at = port or int(os.environ.get("GRADIO_SERVER_PORT", "7860"))
    print(f"On the Record: http://{where}:{at}", file=sys.stderr)
    uvicorn.run(create_app(service, read_only), host=where, port=at, log_level="warning")


if __name__ == "__main__":
    serve()
