"""Short and long names of the same thing: "gross domestic product (GDP)", and SAMR for a name with these initials."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations

from qa.text import STOPWORDS, terms
from qa.types import Transcript

_DEFINED = re.compile(r"\((?:the )?[“\"]?([A-Z][A-Za-z&.-]{1,9})[”\"]?\)")
_INNER = 2  # words between a name and its bracket: "personal consumption expenditures price index (PCE)"
_LONG = 200  # code points before a bracket that hold the long form
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:(?:\s+(?:of|for|and|the|on|to|in|with|de|&)){0,2}\s+[A-Z][\w’'-]*)+")
_LEAST = 3  # letters: two stand for too much
_MOST = 16  # words of a name


@lru_cache(maxsize=64)
def defined(transcript: Transcript) -> dict[str, frozenset[str]]:
    """What the transcript's brackets define: the short form, in capitals, to the long form's terms (Schwartz & Hearst
    2003)."""
    found: dict[str, frozenset[str]] = {}
    for match in _DEFINED.finditer(transcript.text):
        before = transcript.text[max(0, match.start() - _LONG) : match.start()]
        short = match[1][:-1] if match[1][:-1].isupper() and match[1].endswith("s") else match[1]  # "EVs"
        letters = re.sub(r"[^A-Za-z]", "", short)
        if long := _by_initials(letters, before) or _long_form(letters, before):
            found[short] = frozenset(terms(long)) - STOPWORDS
    return found


def _by_initials(short: str, before: str) -> str:
    """The words before a bracket whose initials it holds, as near to it as may be; "" if none are."""
    words = [word for word in re.split(r"[\s-]+", before) if word]
    counted = [at for at, word in enumerate(words) if word.casefold() not in STOPWORDS and word[0].isalnum()]
    for left in range(_INNER + 1):
        own = counted[len(counted) - left - len(short) : len(counted) - left]
        if len(own) > 1 and "".join(words[at][0] for at in own).casefold() == short.casefold():
            return " ".join(words[own[0] : own[-1] + 1])
    return ""


def _long_form(short: str, before: str) -> str:
    """The shortest end of ``before`` that holds the letters in their order, the first of them opening a word."""
    at = len(before.rstrip())
    for place, letter in reversed(list(enumerate(short.lower()))):
        at -= 1
        while at >= 0 and (before[at].lower() != letter or (place == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
    long = before[at:].strip()
    words = long.split()
    return long if 1 < len(words) <= min(len(short) + 5, 2 * len(short)) else ""


def initials(text: str) -> set[str]:
    """The terms that names of several words would be shortened to: by their capitals, and by all their words."""
    found: set[str] = set()
    for match in _NAME.finditer(text):
        words = match[0].split()[:_MOST]
        capitals = [at for at, word in enumerate(words) if word[0].isupper()]
        for first, last in combinations(capitals, 2):  # a name may stand behind a title, or before another name
            own = [word[0].lower() for word in words[first : last + 1]]
            short = [word[0].lower() for word in words[first : last + 1] if word[0].isupper()]
            found |= {"".join(letters) for letters in (own, short) if len(letters) >= _LEAST}
    return {term for short in found for term in terms(short)}


def also(transcript: Transcript, text: str) -> set[str]:
    """Terms for what ``text`` names by its other name: the short forms of its long ones, and those defined in full."""
    own = frozenset(terms(text, transcript.language))
    found = initials(text)
    for short, long in defined(transcript).items():
        if re.search(rf"(?<!\w){re.escape(short)}s?(?!\w)", text):  # "WHO" is not "who"
            found |= long
        elif long <= own:
            found.update(terms(short))
    return found - own
