"""Sentences in which a speaker declines to answer, or says that he cannot: "I'm not going to get ahead of that."

Told by their wording, in English; whatever else is said instead of an answer is taken for one.
"""

from __future__ import annotations

import re
from functools import lru_cache

# What hesitation puts between the words that decline.
_FILLERS = frozenset(
    "really just actually necessarily quite even particularly certainly obviously frankly honestly simply also again "
    "mean probably today here now yet very well so look at this point moment time right uh um sort kind".split()
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?(?:-[a-z]+)*")

_NOT = r"(?:not|\w+n't|cannot|won't|never)"
_LEAD = (
    r"(?:(?:going|gonna|able|prepared|ready|like|want|wish|care|try|trying|intend|plan|have|be|get|got|wanna|liberty|"
    r"in a position|into|the|to|a|position) )*"
)
_TELL = (
    r"(?:comment\w*|speculat\w+|hypothesi[sz]e|opine|predict|prejudge|preview|forecast|elaborate|weigh in|disclose|"
    r"characteri[sz]e|confirm|answer|respond|ahead|middle of|beyond|further|details?|specifics|discuss\w*|"
    r"(?:go|going|getting|get|wade) (?:into|down|through)|negotiate|read (?:out|too much|into)|"
    r"(?:talk|speak)(?:ing)? (?:about|on|for|beyond|publicly|"
    r"(?:to|into) (?:it|any|the|that|this|those|these|specific\w*)\b)|"
    r"say (?:whether|if|when|what|how|which|who|more|much|exactly|precisely)|(?:say|share)$|"
    r"share (?:that|any|more|anything|specific|details|with)|(?:be|more) (?:precise|specific)|lay out|name names|"
    r"(?:give|put) (?:(?:a|an|any|it|that|specific|precise) )*(?:number|date|figure|timeline|percentage|answer))"
)
_TO_TELL = r"to (?:share|add|say|preview|announce|read|report|offer|predict|provide|give|convey|update|confirm|tell)"
_THING = (
    rf"(?:{_TO_TELL}|for you|(?:updates?|comments?|predictions?|estimates?|answers?|details|information|"
    r"readouts?|timeline|timetable|announcements?|previews?|specifics?)(?: (?:to|for|on|about|of|in|that)|$))"
)
_I = r"\b(?:i|we|i'm|i'd|i'll|we'd|we'll)"
_DECLINES = [
    re.compile(pattern)
    for pattern in (
        rf"\b(?:i|we|i'm|we're|i am|we are|i'd|we'd) (?:\w+ )?{_NOT} {_LEAD}{_TELL}\b",
        rf"\b(?:not|{_NOT} want to) get(?:ting)? ahead of\b",
        rf"\b(?:i|we) {_NOT} (?:have|got|seen) (?:\w+ ){{0,5}}?{_THING}",
        rf"\b(?:i|we) {_NOT} (?:have|got) (?:a|any|an|that) (?:\w+ )?(?:number|figure|view|sense|position)\b",
        rf"\b(?:have|i've|we've|got) (?:nothing|no) (?:\w+ ){{0,4}}?{_THING}",
        rf"^(?:\w+ )?nothing (?:to )?(?:more |else |further |new )?(?:{_TO_TELL}|for you)\b",
        rf"(?:{_I}|to) (?:\w+ ){{0,2}}?(?:refer|point|direct) (?:you|folks|everybody) (?:\w+ )?to\b",
        rf"{_I} (?:\w+ ){{0,3}}?(?:pass on|defer|decline|get back to|circle back|take (?:the|that|your) question|"
        r"(?:have to|need to) (?:check|look into)|let (?:\w+ ){1,6}?(?:speak|answer|announce))\b",
        r"\b(?:no comment|too (?:early|soon) to (?:say|tell|know))\b",
        r"^(?:\w+ )?(?:i|we) (?:don't|do not|can't|cannot|couldn't|wouldn't) (?:know|say|tell|recall|remember)"
        r"(?: (?:i|we|that|it|about|exactly|precisely|for|sure|the|answer|to))*$",
    )
]
_BEFORE = 14  # words: what is longer tells something itself
_TELLS_YET = re.compile(r"\b(?:but|except|other than)(?: \S+){4}")


@lru_cache(maxsize=4096)
def declines(sentence: str) -> bool:
    """Whether the sentence says that it gives no answer."""
    said = _plain(sentence)
    found = (match for pattern in _DECLINES if (match := pattern.search(said)))
    return any(said.count(" ", 0, m.start()) <= _BEFORE and not _TELLS_YET.search(said, m.end()) for m in found)


def _told(sentence: str) -> str:
    return sentence.casefold().replace("’", "'").replace("you know", "")


def _plain(sentence: str) -> str:
    """Its words without hesitation: "i'm not going to comment" of "I'm not — I'm not really going to comment"."""
    words = [word for word in _WORD.findall(_told(sentence)) if word not in _FILLERS]
    for length in (3, 2, 1):  # said again at once
        at = 0
        while at + 2 * length <= len(words):
            if words[at : at + length] == words[at + length : at + 2 * length]:
                del words[at : at + length]
            else:
                at += 1
    return " ".join(words)
