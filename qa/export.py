"""A conversation to keep: Markdown, JSON, or one page that needs nothing else. What a browser sends is believed only as
to what was asked and where the quotes stand: their words are read from the library and checked as this is written."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from qa.citations import text_fragment
from qa.recheck import Found, Recheck
from qa.render import ASKED, NOT_IN_RECORD, citation_to_dict, escape_markdown, place
from qa.types import Outcome, Span
from qa.verification import Records

KINDS = {"markdown": "text/markdown", "json": "application/json", "html": "text/html"}
_CLOSEST = 3  # passages shown beneath a refusal, as on the page
_AROUND = 600  # code points of a paragraph shown before and behind a quote
_CLOSEST_SAID = "The closest passages, which may not answer the question:"


@dataclass(frozen=True, slots=True)
class Kept:
    """A question, and what became of its answer's quotes."""

    question: str
    note: str
    outcome: Outcome
    confidence: float
    threshold: float
    quotes: tuple[Found, ...]
    exchange: tuple[Found, ...]
    closest: tuple[Found, ...]

    @property
    def heading(self) -> str:
        """What is said where nothing is quoted."""
        return "" if self.quotes else ASKED if self.exchange else NOT_IN_RECORD


def reread(answers: Sequence[Mapping[str, Any]], records: Records) -> list[Kept]:
    """``answers`` as ``render.answer_to_dict`` makes them. Raises CitationError where a citation is none."""
    checks = Recheck(records)
    return [_kept(answer, checks) for answer in answers]


def _kept(answer: Mapping[str, Any], checks: Recheck) -> Kept:
    quotes, exchange = (tuple(map(checks.find, answer[part])) for part in ("citations", "exchange"))
    closest = () if quotes else tuple(map(checks.find, answer["hits"][:_CLOSEST]))
    outcome: Outcome = "answered" if quotes else "asked_not_answered" if exchange else "not_in_record"
    return Kept(
        answer["question"], str(answer["note"] or ""), outcome, answer["confidence"], answer["threshold"], quotes,
        exchange, closest,
    )  # fmt: skip


def write(kind: str, kept: Sequence[Kept], page: str, now: datetime) -> bytes:
    """``page`` is the address that links to the passages begin with."""
    text = {"markdown": to_markdown, "json": to_json, "html": to_html}[kind](kept, page, now)
    return text.encode("utf-8", "replace")  # a question may hold half a surrogate pair


def to_json(kept: Sequence[Kept], page: str, now: datetime) -> str:
    """A list of answers that `qa verify` takes; quotes that are gone stand in "lost", without words."""
    return json.dumps([_as_dict(one, now) for one in kept], ensure_ascii=False, indent=2) + "\n"


def _as_dict(kept: Kept, now: datetime) -> dict[str, Any]:
    parts = {"exchange": kept.exchange, "citations": kept.quotes, "hits": kept.closest}
    return {
        "question": kept.question, "outcome": kept.outcome, "confidence": kept.confidence, "threshold": kept.threshold,
        "note": kept.note or None, "checked": _time(now),
        **{part: [citation_to_dict(one.span) for one in found if one.span] for part, found in parts.items()},
        "lost": [
            {"status": one.status, "transcript": one.transcript, "start": one.start, "end": one.end}
            for found in parts.values() for one in found if not one.span
        ],
    }  # fmt: skip


def _time(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


def _said(now: datetime) -> str:
    return f"{now:%Y-%m-%d, %H:%M} UTC"


def _lost(found: Found) -> str:
    return f"A quote that stood here is no longer in the record as it was cited ({found.status})."


def _question(span: Span) -> Span | None:
    """What the quote replies to."""
    asked = span.transcript.question_of(span.turn)
    turn = span.transcript.turns[asked] if asked >= 0 else None
    return Span(span.transcript, turn.start, turn.end) if turn else None


def _link(span: Span, page: str) -> str:
    named = {"transcript": span.transcript.id, "start": span.start, "end": span.end}
    return f"{page}?{urlencode(named)}"


def _source(span: Span) -> str | None:
    """Where the quote stands on the web; an address in a transcript may be anything, a script too."""
    link = text_fragment(span)
    if not link or not link.lower().startswith(("http://", "https://")):
        return None
    return quote(link, safe="!#$%&'()*+,/:;=?@[]~")


# -- Markdown ------------------------------------------------------------------------------------------------------


def to_markdown(kept: Sequence[Kept], page: str, now: datetime) -> str:
    head = ["# On the Record", "", f"Every quote was read and checked again on {_said(now)}.", ""]
    return "\n".join([*head, *(line for one in kept for line in _markdown(one, page))]).rstrip() + "\n"


def _markdown(kept: Kept, page: str) -> Iterator[str]:
    yield from (f"## {escape_markdown(kept.question)}", "")
    if kept.note:
        yield from (escape_markdown(kept.note), "")
    if kept.heading:
        yield from (f"*{kept.heading}*", "")
    for number, found in enumerate((*kept.quotes, *kept.exchange), 1):
        yield from _markdown_quote(found, f"{number}", page, asked=not kept.exchange)
    if kept.closest:
        yield from (_CLOSEST_SAID, "")
    for number, found in enumerate(kept.closest, 1):
        yield from _markdown_quote(found, chr(96 + number), page, asked=False)


def _markdown_quote(found: Found, label: str, page: str, asked: bool = True) -> Iterator[str]:
    if not found.span:
        yield from (f"*{_lost(found)}*", "")
        return
    if question := _question(found.span) if asked else None:
        yield from (f"Asked by {escape_markdown(question.speaker or 'a reporter')}: {_flat(question.quote)}", "")
    source = _source(found.span)
    more = f", [source](<{source}>)" if source else ""
    yield from (f"> {_flat(found.span.quote)}", "")
    links = f"[passage](<{_link(found.span, page)}>){more}"
    yield from (f"\\[{label}\\] {escape_markdown(place(found.span))} ({links})", "")


def _flat(text: str) -> str:
    return f"“{escape_markdown(text)}”"


# -- HTML ----------------------------------------------------------------------------------------------------------


def to_html(kept: Sequence[Kept], page: str, now: datetime) -> str:
    """One file: its own style, no script, and a policy that would let none run."""
    style = files("qa").joinpath("static/export.css").read_text(encoding="utf-8")
    sections = "".join(f"<section>{''.join(_section(one, page))}</section>\n" for one in kept)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>On the Record</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{style}</style></head>\n<body><main><header><h1>On the Record</h1>"
        f"<p>Every quote was read and checked again on {_said(now)}. It is marked in the words around it.</p>"
        "</header>\n"
        f"{sections}</main></body></html>\n"
    )


def _section(kept: Kept, page: str) -> Iterator[str]:
    yield f'<h2 dir="auto">{html.escape(kept.question)}</h2>'
    if kept.note:
        yield f"<p>{html.escape(kept.note)}</p>"
    if kept.heading:
        yield f'<p class="none">{html.escape(kept.heading)}</p>'
    shown = enumerate((*kept.quotes, *kept.exchange), 1)  # an exchange holds the question itself
    yield from (_html_quote(found, f"{n}", page, asked=not kept.exchange) for n, found in shown)
    if kept.closest:
        yield f'<p class="none">{_CLOSEST_SAID}</p>'
    yield from (_html_quote(found, chr(96 + n), page, asked=False) for n, found in enumerate(kept.closest, 1))


def _html_quote(found: Found, label: str, page: str, asked: bool = True) -> str:
    span = found.span
    if span is None:
        return f'<p class="lost">{html.escape(_lost(found))}</p>'
    question = _question(span) if asked else None
    put = f"Asked by {question.speaker or 'a reporter'}: “{question.quote}”" if question else ""
    above = f'<p class="asked" dir="auto">{html.escape(put)}</p>' if put else ""
    source = _source(span)
    more = f' · <a href="{html.escape(source)}" rel="noreferrer">Source</a>' if source else ""
    where = f'{html.escape(place(span))} · <a href="{html.escape(_link(span, page))}">Passage</a>{more}'
    said = f'<blockquote dir="auto">{_in_context(span)}</blockquote>'
    return f"<figure>{above}{said}<figcaption>{label}. {where}</figcaption></figure>"


def _in_context(span: Span) -> str:
    """The paragraphs that the quote stands in, cut where they are long, with the quote marked."""
    text = span.transcript.text
    within = [p for p in span.transcript.paragraphs if p.start < span.end and p.end > span.start]
    first, last = (within[0].start, within[-1].end) if within else (span.start, span.end)
    start, end = max(first, span.start - _AROUND), min(last, span.end + _AROUND)
    before, behind = text[start : span.start], text[span.end : end]
    if start > first:  # at the next word's begin; in a script without blanks anywhere
        before = f"… {(before.split(maxsplit=1) or [''])[-1] if ' ' in before else before}"
    if end < last:
        behind = f"{(behind.rsplit(maxsplit=1) or [''])[0] if ' ' in behind else behind} …"
    return f"{html.escape(before)}<mark>{html.escape(span.quote)}</mark>{html.escape(behind)}"
