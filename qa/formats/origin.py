"""Where a transcript comes from: what every format needs to make a Transcript of what it parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from qa.types import Moment, Range, Transcript, Turn

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATES = (
    (re.compile(rf"\b(?:{_MONTHS})\s+\d{{1,2}},\s*\d{{4}}\b"), "%B %d, %Y"),
    (re.compile(rf"\b\d{{1,2}}\s+(?:{_MONTHS})\s+\d{{4}}\b"), "%d %B %Y"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}(?!\d)"), "%Y-%m-%d"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A file: the sha256 of its bytes (the identity), the name it is cited by, and its stem."""

    sha256: str
    source: str
    stem: str

    def transcript(
        self,
        text: str,
        turns: tuple[Turn, ...],
        paragraphs: tuple[Range, ...],
        *,
        title: str,
        date: str = "",
        url: str = "",
        language: str = "",
        moments: tuple[Moment, ...] = (),
    ) -> Transcript:
        return Transcript(
            self.sha256[:16], self.sha256, text, turns, paragraphs, title, date, self.source, url, language, moments
        )


def find_date(text: str) -> str:
    """The first date written out in ``text`` as ISO 8601 (YYYY-MM-DD), or ""."""
    for pattern, form in _DATES:
        if match := pattern.search(text):
            try:
                return datetime.strptime(" ".join(match[0].split()), form).date().isoformat()
            except ValueError:
                continue
    return ""
