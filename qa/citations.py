"""Citations as data, in the standard forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote as percent

from qa.types import Span

_AROUND = 32  # code points of prefix and suffix: enough to tell two equal quotes apart (W3C leaves it open)
_FRAGMENT_WORDS = 12  # a longer quote is linked by its first and last words


def to_dict(span: Span) -> dict[str, Any]:
    """The citation of a span. ``source`` is the file it stands in, for an event the page's own. ``turn`` and
    ``paragraph`` count the spoken ones from 1 (0: a heading); ``time`` is in seconds, by that file's clock; ``start``
    and ``end`` are code points of the transcript's text, half-open."""
    transcript = span.transcript
    return {
        "transcript": transcript.id,
        "title": transcript.title,
        "date": transcript.date,
        "source": source_of(span),
        "url": transcript.url,
        "sha256": transcript.sha256,
        **place_of(span),
        "start": span.start,
        "end": span.end,
        "quote": span.quote,
        "link": text_fragment(span),
    }


def place_of(span: Span) -> dict[str, Any]:
    """By whom and where in the transcript, as ``to_dict`` says it."""
    headings = sum(turn.role == "heading" for turn in span.transcript.turns[: span.turn + 1])
    number = 0 if span.role == "heading" else span.turn + 1 - headings
    return {
        "speaker": span.speaker, "turn": number, "paragraph": span.paragraph, "page": span.page or None,
        "time": span.seconds,
    }  # fmt: skip


def source_of(span: Span) -> str:
    """The file that the span stands in."""
    page = span.transcript.page_at(span.start)
    return (page.source if page else "") or span.transcript.source


def _url(span: Span) -> str:
    """The address of the page it stands on: the event's is that of its first file alone."""
    return span.transcript.url if source_of(span) == span.transcript.source else ""


def annotation(span: Span) -> dict[str, Any]:
    """The span as a W3C Web Annotation (W3C Recommendation of 23 February 2017), whose positions count code points."""
    text = span.transcript.text
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:sha256:{span.transcript.sha256}#char={span.start},{span.end}",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {
            "source": _url(span) or source_of(span),
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": span.quote,
                    "prefix": text[max(0, span.start - _AROUND) : span.start],
                    "suffix": text[span.end : span.end + _AROUND],
                },
            ],
        },
    }


def text_fragment(span: Span) -> str | None:
    """A link that opens the source's page at the quote (WICG URL Fragment Text Directives); None without a URL."""
    if not _url(span):
        return None
    words = span.quote.split()
    parts = [words] if len(words) <= _FRAGMENT_WORDS else [words[:5], words[-5:]]
    directive = ",".join(percent(" ".join(part), safe="").replace("-", "%2D") for part in parts)
    base, _, fragment = span.transcript.url.partition("#")
    return f"{base}#{fragment}:~:text={directive}"
