"""Where a transcript comes from: what every format needs to make a Transcript of what it parsed."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from qa.types import Moment, Page, Range, Transcript, Turn

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4})(?!\d)"
_DATES = (
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s*{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_DAY}(?:st|nd|rd|th)?\s+{_MONTH},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}(?P<sep>[-/])(?P<month>\d{{2}})(?P=sep){_DAY}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*{_DAY}\s*日"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A file: the sha256 of its bytes (the identity), the name it is cited by, and its stem.

    ``notes`` is where a parser tells what it recognised and why, one line each, for whoever wants to inspect it.
    """

    sha256: str
    source: str
    stem: str
    notes: list[str] = field(default_factory=list, compare=False)

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
        pages: tuple[Page, ...] = (),
    ) -> Transcript:
        return Transcript(
            self.sha256[:16], self.sha256, text, turns, paragraphs,
            title, date, self.source, url, language, moments, pages,
        )  # fmt: skip


def find_date(text: str) -> str:
    """The first date written out in ``text`` as ISO 8601 (YYYY-MM-DD), or "": "Apr 22, 2020", "2013年5月20日"."""
    found = [match for pattern in _DATES for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda match: match.start()):
        parts = match.groupdict()
        month = int(parts["month"]) if parts.get("month") else _MONTHS.index(parts["name"][:3].casefold()) + 1
        try:
            return datetime.date(int(parts["year"]), month, int(parts["day"])).isoformat()
        except ValueError:  # 31 June
            continue
    return ""
