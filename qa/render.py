"""An answer as JSON, Markdown, HTML or plain text. Transcript text is escaped here, and altered nowhere."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from qa import citations
from qa.text import printable
from qa.types import Answer, Hit, RetrieverReport, Span

NOT_IN_RECORD = "Not in the record."
ASKED = "Asked, but not answered in the record. The question, and what was replied:"
_CLOSEST = "The closest passages, which may not answer the question:"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """The JSON form of an answer, the same for the command line, the page and HTTP."""
    return {
        "question": answer.question,
        "outcome": answer.outcome,
        "confidence": round(answer.confidence, 4),
        "threshold": round(answer.threshold, 4),
        "note": answer.note or None,
        "searched": answer.searched and answer.searched._asdict(),
        "exchange": [citation_to_dict(span) for span in answer.exchange],
        "citations": [citation_to_dict(span) for span in answer.citations],
        "hits": [hit_to_dict(hit) for hit in answer.hits],
        "retrievers": [{"name": r.name, "found": r.found, "error": r.error or None} for r in answer.retrievers],
    }


def citation_to_dict(span: Span) -> dict[str, Any]:
    """The citation, and the question it replies to (or None)."""
    asked = span.transcript.question_of(span.turn)
    turn = span.transcript.turns[asked] if asked >= 0 else None
    question = citations.to_dict(Span(span.transcript, turn.start, turn.end)) if turn else None
    return {**citations.to_dict(span), "replies_to": question}


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """The fields of the hit's span, its score, and what each retriever gave."""
    scores = {"score": hit.score, "lexical": hit.lexical, "dense": hit.dense}
    rounded = {key: None if value is None else round(value, 4) for key, value in scores.items()}
    return {**citations.to_dict(hit.span), **rounded}


def search_to_dict(question: str, hits: Sequence[Hit], reports: Sequence[RetrieverReport]) -> dict[str, Any]:
    """The JSON form of a search, the same for the command line and HTTP."""
    return {
        "question": question,
        "hits": [hit_to_dict(hit) for hit in hits],
        "retrievers": [{"name": r.name, "found": r.found, "error": r.error or None} for r in reports],
    }


def quote_to_dict(span: Span, context: int) -> dict[str, Any]:
    """The quote, its citation, and the paragraphs it stands in with ``context`` more before and behind them."""
    text, paragraphs = span.transcript.text, span.transcript.paragraphs
    first = bisect_right(paragraphs, span.start, key=lambda paragraph: paragraph.end)
    last = bisect_left(paragraphs, span.end, key=lambda paragraph: paragraph.start)
    around = [Span(span.transcript, *paragraph) for paragraph in paragraphs[max(0, first - context) : last + context]]
    return {
        "quote": span.quote,
        "citation": citation_to_dict(span),
        "paragraphs": [
            {"paragraph": one.paragraph, "speaker": one.speaker, "start": one.start, "end": one.end,
             "text": text[one.start : one.end]} for one in around
        ],
    }  # fmt: skip


def place(span: Span) -> str:
    """Who, where and when: "Liu Sanjiang, ¶4, page 2, 0:02:31, Title"."""
    paragraph = f"¶{span.paragraph}" if span.paragraph else ""
    page = f"page {span.page}" if span.page else ""
    parts = (span.speaker, paragraph, page, clock(span.seconds), span.transcript.title)
    return ", ".join(part for part in parts if part)


def clock(seconds: float | None) -> str:
    """Seconds as H:MM:SS; "" if unknown."""
    if seconds is None:
        return ""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def to_text(answer: Answer) -> str:
    """For a terminal. Control characters are shown, not sent."""
    lines = [printable(answer.note), ""] if answer.note else []
    for number, span in enumerate(answer.citations, 1):
        lines += [f"[{number}] “{printable(span.quote)}”", f"    {printable(place(span))}", ""]
    if answer.exchange:
        lines += [ASKED, ""]
        for span in answer.exchange:
            lines += [f"  “{printable(span.quote)}”", f"    {printable(place(span))}", ""]
    elif not answer.citations:
        lines += [NOT_IN_RECORD, ""]
    if not answer.citations:
        lines += [_CLOSEST, ""] if answer.hits else []
        lines += [f"  - {printable(brief(hit.span))}\n    {printable(place(hit.span))}" for hit in answer.hits[:3]]
    return "\n".join([*lines, *_warnings(answer.retrievers)]).rstrip() + "\n"


def hits_to_text(hits: Sequence[Hit], reports: Sequence[RetrieverReport]) -> str:
    """Passages for a terminal, with what each retriever gave."""
    lines = []
    for number, hit in enumerate(hits, 1):
        scores = ", ".join(
            f"{name} {value:.3f}" for name, value in (("lexical", hit.lexical), ("dense", hit.dense)) if value
        )
        lines += [
            f"[{number}] {hit.score:.3f} ({scores}) {printable(place(hit.span))}",
            f"    {printable(hit.span.quote)}",
        ]
    return "\n".join([*(lines or ["Nothing found."]), *_warnings(reports)]) + "\n"


def to_markdown(answer: Answer) -> str:
    """Quotes as block quotes, sources beneath."""
    lines = [f"**{escape_markdown(answer.question)}**", ""]
    lines += [escape_markdown(answer.note), ""] if answer.note else []
    for number, span in enumerate(answer.citations, 1):
        lines += [f"> {escape_markdown(span.quote)} [{number}]", ""]
    lines += [f"{number}. {escape_markdown(place(span))}" for number, span in enumerate(answer.citations, 1)]
    if not answer.citations:
        lines += [f"*{ASKED if answer.exchange else NOT_IN_RECORD}*"]
        for span in answer.exchange:
            lines += ["", f"> {escape_markdown(span.quote)} ({escape_markdown(place(span))})"]
        lines += ["", _CLOSEST, ""] if answer.hits else []
        lines += [
            f"- {escape_markdown(brief(hit.span))} ({escape_markdown(place(hit.span))})" for hit in answer.hits[:3]
        ]
    return "\n".join([*lines, *_warnings(answer.retrievers)]) + "\n"


def to_html(answer: Answer) -> str:
    """A fragment without script or style."""
    quotes = "".join(
        f"<blockquote><p>{_escape_html(span.quote)}</p><footer>{_escape_html(place(span))}</footer></blockquote>"
        for span in (*answer.citations, *answer.exchange)
    )
    if not answer.citations:
        items = "".join(f"<li>{_escape_html(brief(hit.span))}</li>" for hit in answer.hits[:3])
        closest = f"<p>{_CLOSEST}</p><ul>{items}</ul>" if items else ""
        quotes = f"<p>{ASKED if answer.exchange else NOT_IN_RECORD}</p>{quotes}{closest}"
    if answer.note:
        quotes = f"<p>{_escape_html(answer.note)}</p>{quotes}"
    warnings = "".join(f"<p>{_escape_html(line)}</p>" for line in _warnings(answer.retrievers))
    return f"<section><h2>{_escape_html(answer.question)}</h2>{quotes}{warnings}</section>\n"


def to_annotations(answer: Answer) -> list[dict[str, Any]]:
    """The citations as W3C Web Annotations."""
    return [citations.annotation(span) for span in answer.citations]


def _warnings(reports: Sequence[RetrieverReport]) -> list[str]:
    return [
        f"Warning: the {r.name} search failed ({r.error}); this is the other one alone." for r in reports if r.error
    ]


def brief(span: Span) -> str:
    words = " ".join(span.quote.split())
    return words if len(words) <= 160 else words[:159] + "…"


def escape_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _escape_html(text: str) -> str:
    return html.escape(text, quote=True)
