"""Labels without a colon: "CHAIR POWELL.  text", "Q   text", "TAG   text", "[PERSON27] text". Each kind is believed
only where it recurs in the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from qa.formats.names import Label
from qa.formats.rows import Rows
from qa.types import Range

_CAPS = r"(?:Ma?c|De|O['’])?[A-ZÀ-Þ][A-ZÀ-Þ'’-]+"
_STOP = re.compile(rf"(?P<name>(?:(?:MRS?|MS|DR|ST|HON)\. )?{_CAPS}(?: (?:{_CAPS}|[A-Z]\.)){{0,5}})\.[^\S\n]+(?=\S)")
_CODE = re.compile(
    r"(?!(?:MRS?|MS|DR)\b)(?P<name>[A-Z]{1,4})(?:\.?[^\S\n]{2,}|\.?\t[^\S\n]*|(?<=[QA])\.[^\S\n]+)(?=\S)"
)
_NUMBER = re.compile(r"\\?[\[(](?P<name>[A-Z][A-Za-z_]*[ _-]?\d{1,4})\\?[\])][:：]?[^\S\n]*")
_MAY_BEGIN = re.compile(r"[A-ZÀ-Þ](?![a-z])|Mac|Mc|De[A-Z]|\\?[\[(][A-Z]")

_FIRST = "\\[(" + "".join(map(chr, (*range(0x41, 0x5B), *range(0xC0, 0xDF))))  # A to Z, À to Þ
_SAMPLE = 1000  # labels that tell whether the text is all in capitals

Opens = Callable[[int], bool]
"""Whether a paragraph, or a sentence at a line's beginning, begins at this offset of a line."""


def spaced(text: str, lines: Sequence[Range], opens: Opens) -> list[Label]:
    """ "Q   text", "A   text", "TAG   text": lone capitals that open a paragraph, two blanks or more behind them."""
    found = [label for label in _matches(_CODE, text, lines) if opens(label.line)]
    seen = Counter(label.name for label in found)
    if max(seen.values(), default=0) < 2:
        return []
    return [label for label in found if seen[label.name] > 1 or len(label.name) > 1]


def stopped(text: str, lines: Sequence[Range], opens: Opens) -> list[Label]:
    """ "CHAIR POWELL.  text": a name in capitals and a full stop, in a text that is not all in capitals."""
    found = [label for label in _matches(_STOP, text, lines) if opens(label.line)]
    seen = Counter(label.name for label in found)
    sample = found[:: 1 + len(found) // _SAMPLE]
    spoken = "".join(text[label.speech : label.speech + 60] for label in sample)
    if max(seen.values(), default=0) < 2 or sum(map(str.islower, spoken)) < sum(map(str.isupper, spoken)):
        return []
    return [label for label in found if seen[label.name] > 1 or " " in label.name]


def numbered(text: str, lines: Sequence[Range]) -> list[Label]:
    """ "[PERSON27] text" or "(PERSON27) text": the bracket that most lines open with; the other one is speech."""
    found = _matches(_NUMBER, text, lines)
    brackets = Counter("(" in text[label.line : label.line + 2] for label in found)
    if len(found) < 3:
        return []
    round_ones = brackets[True] > brackets[False]
    return [label for label in found if ("(" in text[label.line : label.line + 2]) == round_ones]


def candidates(text: str, lines: Rows) -> list[Range]:
    """The lines that begin as one of these labels may: one look at each line instead of three."""
    return [line for line in lines.opened(_FIRST) if _MAY_BEGIN.match(text, line.start)]


def _matches(pattern: re.Pattern[str], text: str, lines: Sequence[Range]) -> list[Label]:
    return [
        Label(match["name"], start, match.end(), match.end() == end, True)
        for start, end in lines
        if (match := pattern.match(text, start, end))
    ]
