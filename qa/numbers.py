"""Numbers as people write them; whether two say the same: "6.7 million" and 6.728 million, "one in three" and "33%"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.text import terms

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_WORDS = {word: float(value) for value, word in enumerate(_SMALL)} | {
    "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0,
    "dozen": 12.0,
}  # fmt: skip
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
_FIGURE = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_COUNT = rf"(?:{_FIGURE}|(?a:{'|'.join(_WORDS)}))"  # "(?a:": "ſix" is looked up nowhere
_NUMBER = re.compile(
    rf"\b(?P<some>{_COUNT}) (?:in|out of)(?: every)? (?P<of>(?!(?:19|20)\d\d\b){_COUNT})\b"
    rf"|\b(?:(?P<parts>{_COUNT}|an?)[ -](?P<part>(?a:{'|'.join(_PARTS)}))s?"
    r"|(?<!first )(?<!second )(?P<half>(?a:half)))\b"
    rf"|(?<![\w.,])(?P<sign>(?<=[$€£¥]))?(?P<number>{_COUNT})"
    rf"(?:[ -]?(?:(?P<scale>(?a:{'|'.join(_SCALES)}))s?|(?P<m>(?(sign)m|(?!))))\b)?"
    rf"(?P<percent>\s?%|[ -]per ?cent\b| percentage points?\b)?(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
_NO_SHARE = re.compile(
    r"[ -](?:points?|terms?|time|an?|hour|quarter|place|party|parties|country|countries)\b", re.IGNORECASE
)
_PART = 0.005  # a half of one percent: "a third" is rounded to whole ones
_KEPT = frozenset(("one", "zero", "0"))  # mostly a pronoun, and in names: "net zero"
_ROUND = 1000  # from here on zeros at the end may be rounding
_HUGE = 300  # more zeros than that are no number that a float can hold


@dataclass(frozen=True, slots=True)
class Number:
    """``text`` as it stands; ``within``: how far what was rounded to it may be; ``share``: a part of a whole."""

    text: str
    value: float
    within: float
    share: bool


def numbers(text: str) -> list[Number]:
    """In the order in which they stand."""
    return [_read(match) for match in _alone(text)]


def _alone(text: str) -> list[re.Match[str]]:
    """Those that are no parts of longer ones ("two hundred fifty", "twenty-five percent"), nor ranks or rates ("a third
    term", "a quarter-point cut", "half a million")."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return []
    joined = [_is_joined(text, one, other) for one, other in pairwise(found)]
    return [
        match
        for match, before, behind in zip(found, [False, *joined], [*joined, False], strict=True)
        if not before and not behind and not ((match["part"] or match["half"]) and _NO_SHARE.match(text, match.end()))
    ]


def _is_joined(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether a number's words go on: "two hundred and fifty", but not "5 and 10 percent"."""
    gap = text[one.end() : other.start()]
    return bool(one["scale"]) if gap == " and " else gap in (" ", "-", "") and one[0][-1].isalpha()


def _read(match: re.Match[str]) -> Number:
    if match["of"]:
        whole = _value(match["of"])
        return Number(match[0], _value(match["some"]) / whole if whole else 0.0, _PART, True)
    if part := match["part"] or match["half"]:
        parts = (match["parts"] or "a").lower()
        return Number(match[0], (1.0 if parts in ("a", "an") else _value(parts)) / _PARTS[part.lower()], _PART, True)
    scale = _SCALES[(match["scale"] or "million").lower()] if match["scale"] or match["m"] else 1.0
    value, unit = _value(match["number"]) * scale, _last_digit(match["number"], scale)
    if match["percent"]:
        return Number(match[0], value / 100, (unit or 1.0) / 200, True)
    return Number(match[0], value, unit / 2, False)


def _value(text: str) -> float:
    return _WORDS[text.lower()] if text.lower() in _WORDS else float(text.replace(",", ""))


def _last_digit(text: str, scale: float) -> float:
    """What one unit of the last digit that counts is worth; 0 for a plain count, which is meant exactly."""
    if "." in text:
        return float(10 ** -len(text.partition(".")[2])) * scale
    if scale > 1:
        return scale
    digits = text.replace(",", "")
    if "," in text and float(digits) >= _ROUND:
        return 10.0 ** min(len(digits) - len(digits.rstrip("0")), _HUGE)
    return 0.0


def same(one: Number, other: Number) -> bool:
    """Whether either may be the other, rounded."""
    return one.share == other.share and abs(one.value - other.value) <= max(one.within, other.within) * (1 + 1e-9)


def agreed(question: str, sentence: str) -> set[str]:
    """The terms of the question's numbers that the sentence gives, however it writes them."""
    given = numbers(sentence) if (asked := numbers(question)) else []
    return {term for one in asked if any(same(one, other) for other in given) for term in terms(one.text)}


def restated(question: str, texts: Sequence[str]) -> str:
    """The question with its numbers written as the nearest of those in the texts that agree with them; models read
    "6.7 million" and "6.728 million" as different things."""
    matches = [match for match in _alone(question) if match[0].casefold() not in _KEPT]
    found = [(match.span(), _read(match)) for match in matches]
    given = [numbers(text) for text in texts] if found else []
    for (start, end), one in reversed(found):
        agreeing = [other for row in given for other in row if same(one, other)]
        if agreeing and one.text.casefold() not in (other.text.casefold() for other in agreeing):
            digits = one.text[0].isdigit()  # of equals one that is written alike
            nearest = min(agreeing, key=lambda other: (abs(other.value - one.value), other.text[0].isdigit() != digits))
            question = question[:start] + nearest.text + question[end:]
    return question
