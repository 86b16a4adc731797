"""Numbers as people write them; whether two say the same: "6.7 million" and 6.728 million, "one in three" and "33%"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.boundaries import MONTHS
from qa.text import terms

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {"twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0,
         "ninety": 90.0}  # fmt: skip
_WORDS = {word: float(value) for value, word in enumerate(_SMALL)} | _TENS | {"dozen": 12.0}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "t": 1e12,
}  # fmt: skip
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
_FIGURE = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = "(?a:" + "|".join(scale for scale in _SCALES if len(scale) > 1) + "|k)"  # "(?a:": "ſix" is looked up nowhere
_TO_99 = rf"(?a:(?:{'|'.join(_TENS)})[ -](?:{'|'.join(_SMALL[1:10])})|{'|'.join(_WORDS)})"
_COUNT = rf"(?:{_FIGURE}|{_TO_99})"
# "two hundred and fifty"; "a million", "half a million", "one and a half million", "half a percentage point".
_SPELLED = (
    rf"(?a:(?:{_TO_99}|a) hundred(?:(?: and)? {_TO_99})?|(?:(?:half )?an?|{_TO_99} and a half)"
    rf"(?= (?:{_SCALE}|per ?cent|percentage point)s?\b)|{_TO_99})"
)
_SHARE = r" ?%|[ -]per ?cent\b| percentage points?\b"
_NUMBER = re.compile(
    rf"\b(?P<some>{_COUNT}) (?:in|out of)(?: every)? (?P<of>(?!(?:19|20)\d\d\b){_COUNT})\b"
    r"|\b(?P<point>(?a:(?:an? |three[ -])?(?:quarters?|half))(?: of an?)?(?:[ -]percentage)?[ -]points?)\b"
    rf"|\b(?:(?P<parts>{_COUNT}|an?)[ -](?P<part>(?a:{'|'.join(_PARTS)}))s?"
    rf"|(?<!first )(?<!second )(?<!other )(?P<half>(?a:half)(?! an? (?:{_SCALE}|per ?cent|percentage))))\b"
    rf"|(?<![\w.,])(?P<sign>(?<=[$€£¥]))?(?P<number>{_FIGURE}|\b{_SPELLED})"
    rf"(?:[ -]?(?:(?P<scale>{_SCALE})s?|(?P<letter>(?(sign)[mbt](?!-)|(?!))))\b)?"
    rf"(?:(?P<percent>{_SHARE})|(?P<basis>[ -]basis[ -]points?\b))?(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
# A part of a whole, and no rank or name: not "a third term", "in half", "a quarter past".
_OF_WHOLE = re.compile(
    r"\W*$|[,.;:?!)]| (?:of|was|were|is|are|have|has|had|did|do|say|said|want|think|will|would|in|by|more|less|as|the"
    r"|these|those|all|our|his|her|their|\w+ed)\b",
    re.IGNORECASE,
)
_IN = re.compile(r"\bin (?:an? )?$", re.IGNORECASE)
# What stands behind these is a name's: "March 5", "Article 5", "Speaker 2", "COVID-19".
_NAMED = re.compile(
    r"(?:\b(?:Articles?|Sections?|Titles?|Speaker|Phase|Chapter|Amendment|Room|Page|Question|Stage|Group) "
    r"|\b[A-Za-z]+-)$"
)
_MONTH = re.compile(rf"\b(?:{MONTHS}) $")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PART = 0.0075  # "two thirds" is 66 or 67 percent
_AT_MOST = 0.07  # of a number: "7 million" may be 6.728, "2 percent" is not 1.6
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


_asked = lru_cache(maxsize=16)(numbers)  # a question is held against every sentence


def _alone(text: str) -> list[re.Match[str]]:
    """Those that are no parts of longer ones ("two thousand five hundred"), nor ranks or names ("a third term")."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return []
    joined = [_is_joined(text, one, other) for one, other in pairwise(found)]
    return [
        match
        for match, before, behind in zip(found, [False, *joined], [*joined, False], strict=True)
        if not before and not behind and not _is_name(text, match)
    ]


def _is_joined(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether a number's words go on: "two thousand and fifty", but not "5 and 10 percent"."""
    gap = text[one.end() : other.start()]
    return bool(one["scale"]) if gap == " and " else gap in (" ", "-", "") and one[0][-1].isalpha()


def _is_name(text: str, match: re.Match[str]) -> bool:
    if match["part"] or match["half"]:
        once = (match["parts"] or "a").lower() in ("a", "an")
        return once and bool(
            not _OF_WHOLE.match(text, match.end()) or _IN.search(text, max(0, match.start() - 8), match.start())
        )
    if not match["number"]:
        return False
    before = text[max(0, match.start() - 16) : match.start()]
    if match["number"][0] in "aAhH" and before.endswith(" of "):  # "a quarter of a million" is no million
        return True
    return match[0].isdigit() and bool(_NAMED.search(before) or (float(match[0]) <= 31 and _MONTH.search(before)))


def _read(match: re.Match[str]) -> Number:
    if match["of"]:
        whole = _value(match["of"])
        return _number(match[0], _value(match["some"]) / whole if whole else 0.0, _PART, True)
    if part := match["part"] or match["half"]:
        parts = (match["parts"] or "a").lower()
        return _number(match[0], (1.0 if parts in ("a", "an") else _value(parts)) / _PARTS[part.lower()], _PART, True)
    if point := match["point"]:
        counted = 50.0 if "half" in point.lower() else 75.0 if "three" in point.lower() else 25.0
        return Number(match[0], counted / 10_000, 0.0, True)
    scale = _SCALES.get((match["scale"] or match["letter"] or "").lower(), 1.0)
    value, unit = _value(match["number"]) * scale, _last_digit(match["number"], scale)
    if match["basis"]:
        return Number(match[0], value / 10_000, unit / 20_000, True)
    if match["percent"]:
        unit = 0.01 if match["number"].lower() == "a hundred" else unit  # "a hundred percent" is no 95
        return _number(match[0], value / 100, (unit or 1.0) / 200, True)
    return _number(match[0], value, unit / 2, False)


def _number(text: str, value: float, within: float, share: bool) -> Number:
    return Number(text, value, within if "." in text else min(within, _AT_MOST * value), share)


def _value(text: str) -> float:
    """Of figures or words: "two hundred and fifty"."""
    if text[0].isdigit():
        return float(text.replace(",", ""))
    total = 0.0
    for word in re.split("[ -]", text.lower()):
        if word == "hundred":
            total *= 100
        elif word == "half":
            total += 0.5
        elif word in ("a", "an"):
            total = total or 1.0
        else:
            total += _WORDS.get(word, 0.0)
    return total


def _last_digit(text: str, scale: float) -> float:
    """What one unit of the last digit that counts is worth; 0 for a plain count, which is meant exactly."""
    if "." in text:
        return float(10 ** -len(text.partition(".")[2])) * scale
    if text[-1].isalpha():
        hundreds, halved = text.lower().endswith("hundred"), "half" in text.lower()
        return scale * (100 if hundreds else 0.1 if halved else 1) if hundreds or scale > 1 else 0.0
    if scale > 1:
        return scale
    digits = text.replace(",", "")
    if "," in text and float(digits) >= _ROUND:
        return 10.0 ** min(len(digits) - len(digits.rstrip("0")), _HUGE)
    return 0.0


def same(one: Number, other: Number) -> bool:
    """Whether either may be the other, rounded; a year is no other number."""
    if _YEAR.fullmatch(one.text) or _YEAR.fullmatch(other.text):
        return one.value == other.value and not (one.share or other.share)
    return one.share == other.share and abs(one.value - other.value) <= max(one.within, other.within) * (1 + 1e-9)


def agreed(question: str, sentence: str) -> set[str]:
    """The terms of the question's numbers that the sentence gives, however it writes them."""
    given = numbers(sentence) if (asked := _asked(question)) else []
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
