"""Sentences in which a speaker declines to answer, or says that he cannot: "I'm not going to get ahead of that."

Told by their wording, in English; whatever else is said instead of an answer is taken for one.
"""

from __future__ import annotations

import re
from functools import lru_cache

# What hesitation puts between the words that decline, and days and years, which are no figures that tell something.
_ASIDE = re.compile(
    r"\b(?:you know|i mean|of course|at th(?:is|e) (?:point|time|moment|stage)(?: in time)?|right now|kind of|sort of|"
    r"really|just|actually|necessarily|quite|even|particularly|certainly|obviously|frankly|honestly|simply|also|again|"
    r"possibly|probably|today|here|now|yet|very|well|so|exactly|uh|um)\b"
    r"|\b(?:jan|febr)uary \d+|\b(?:march|april|may|june|july|august|\w+ember|october) \d+|\b(?:19|20)\d\d\b"
)
_SHORT = [("won't", "will not"), ("can't", "can not"), ("cannot", "can not"), ("n't", " not"), ("'m ", " am "),
          ("'re ", " are "), ("'ll ", " will "), ("'d ", " would "), ("'ve ", " have ")]  # fmt: skip
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")

_I = r"\b(?:i|we)"
_NOT = r"(?:(?:(?:do|will|would|can|could|am|are|should) )?not|(?:am |are |will )?never|would rather not)"
_LEAD = (
    r"(?:(?:going|gonna|able|prepared|ready|like|want|wish|care|try|trying|intend|plan|be|in|a|position|at|liberty|to)"
    r" )*"
)
_MATTER = (
    r"(?:it|that|this|those|these|any\w*|all|what|who|how|why|which|where|too|more|much|further|hypothe\w+|details?|"
    r"specifics?|(?:\w+ ){1,3}?(?:details?|specifics?|substance|numbers|weeds|contents?|particulars|reasons|merits|"
    r"questions?|discussions?|conversations?|negotiations?|process|deliberations?|intelligence|hypotheticals?|speech|"
    r"announcements?|timelines?))\b"
)
_TELL = (
    r"(?:comment\w*|speculat\w+|hypothesi[sz]e|opine|prejudge|preview|elaborate|weigh in|disclose|discuss|"
    r"confirm|(?<=to )(?:forecast|characteri[sz]e)|go there$|"
    r"(?:answer|address|respond to) (?:that|this|it|those|the|your|every|rumors?|(?:an? )?hypothe\w+)|"
    r"(?:get|getting) (?:out )?ahead|(?:go|get|say|speak) (?:any\w* |much )?(?:beyond|further)|"
    rf"(?:go|going|get|getting|wade|delve|be drawn) (?:back )?(?:in|into|through) {_MATTER}|"
    r"negotiate (?:in public|from)|negotiate$|"
    r"(?:talk|speak) (?:about|on|for|publicly|(?:to|into) (?:it|any|the|that|this|those|these)\b)|"
    r"(?:say|tell you) (?:whether|if|when|what|which|who|more|much|precisely|"
    r"how(?! (?:proud|grateful|happy|sorry|many times|often|much)))|"
    r"(?:say|share|tell you)(?: that)?$|"
    r"share (?:that|any|more|anything|specific|details|with)|be (?:more )?(?:precise|specific)|lay out|name names|"
    r"read (?:\w+ )?out|(?:give|put) (?:you )?(?:(?:a|an|any|it|that|specific|precise|exact) )*"
    r"(?:number|date|figure|timeline|percentage|answer))(?!\w)"
)
_TO_TELL = (
    r"to (?:share|add|say|preview|announce|read|report|predict|convey|update|confirm|(?:give|offer|tell|provide)"
    r"(?: you| on| there|$))(?!\w)"
)
_NEWS = (
    r"(?:updates?|comments?|predictions?|estimates?|answers?|details|information|readouts?|timeline|timetable|"
    r"announcements?|previews?|specifics?|recollection|knowledge|idea)(?= (?:to|for|on|about|of|in|beyond|what)\b|$)"
)
_DECLINES = [
    re.compile(pattern)
    for pattern in (
        rf"{_I} {_NOT} {_LEAD}{_TELL}",
        rf"{_I} (?:can|will|would|could) not (?:want to )?predict\b",
        rf"\b(?:not|{_NOT} want to) get (?:out )?ahead of\b",
        rf"{_I} {_NOT} (?:have|got) (?:any|anything|an?|much|more|specific|the|that)\b(?: \w+){{0,4}}? {_TO_TELL}",
        rf"{_I} {_NOT} (?:have|got) (?:\w+ ){{0,5}}?(?:for you\b|{_NEWS}|(?:in front of|with) (?:me|us)\b)",
        rf"{_I} {_NOT} (?:have|got) (?:a|any|an|that) (?:\w+ )?"
        r"(?:number(?! (?:of|one))|figure|view|sense(?! of)|position)\b",
        rf"{_I} (?:have|got|have got) (?:absolutely )?nothing (?:\w+ ){{0,3}}?(?:{_TO_TELL}|for you\b)",
        rf"{_I} (?:have|got|have got) no (?:\w+ ){{0,2}}?{_NEWS}",
        rf"^(?:\w+ )?nothing (?:to )?(?:more |else |further |new )?(?:{_TO_TELL}|for you)\b",
        rf"(?:{_I}|to) (?:\w+ ){{0,2}}?(?:refer|point|direct) (?:you|folks|everybody) (?:\w+ )?to\b",
        r"\b(?:neither confirm nor deny|(?:prefer not|refuse) to (?:say|answer|comment)|rather not (?:say|answer)|"
        r"take (?:that|it) on notice|(?:would be|is) premature to|refrain from comment\w*|"
        r"(?:do|does) not comment on)\b",
        r"^(?:not going to|will not|can not|rather not) (?:comment|get into|discuss|speculate)\b",
        rf"{_I} (?:\w+ ){{0,3}}?(?:pass on (?:that|this|it)\b|defer (?:to|that|this|it)\b|"
        r"get back to (?:you|him|her)\b|circle back|decline to (?:comment|answer|say|discuss|speak)|"
        r"take (?:the|that|your) question|"
        r"(?:have|need) to (?:look into|check(?: (?:on|with|into|and|that|it|this)\b|$))|"
        r"leave (?:that|it|this|those|these) (?:\w+ ){0,2}?to "
        r"(?!(?:the )?(?:states|voters|people|public|market|markets|families|parents)\b)|"
        r"let (?:\w+ ){1,6}?(?:speak|answer|announce)\b)",
        r"(?:^|\bi have |\bwe have |\bis )no comment\b",
        r"(?<!not )\b(?:too (?:early|soon) to (?:say|tell|know|speculate)|"
        r"(?:inappropriate|not (?:be )?(?:appropriate|proper)) for (?:me|us) to|"
        rf"(?:i am|we are) unable to {_TELL}|not something (?:that )?(?:i|we) (?:can|would|will|want to) {_TELL})",
        rf"^(?:\w+ ){{0,2}}?(?:i|we) {_NOT} (?:know|say|tell)(?: (?:i|we|you|that|it|about|for|sure|the|answer|to))*$",
        rf"^(?:\w+ ){{0,2}}?(?:i|we) {_NOT} (?:recall|remember)(?: \w+){{0,6}}$",
    )
]
_BEFORE, _BEHIND = 14, 25  # words: what is longer tells something itself
_TELLS_YET = re.compile(r"\b(?:but|except|other than)(?: \S+){4}|\b\d")


@lru_cache(maxsize=4096)
def declines(sentence: str) -> bool:
    """Whether the sentence says that it gives no answer."""
    said = _plain(sentence)
    found = (match for pattern in _DECLINES if (match := pattern.search(said)))
    return any(
        said.count(" ", 0, match.start()) <= _BEFORE
        and said.count(" ", match.end()) <= _BEHIND
        and not _TELLS_YET.search(said, match.end())
        for match in found
    )


def _plain(sentence: str) -> str:
    """Its words without hesitation: "i am not going to comment" of "I'm not — I'm not really going to comment"."""
    told = sentence.casefold().replace("’", "'")
    for short, written in _SHORT:
        told = told.replace(short, written)
    words = _WORD.findall(_ASIDE.sub(" ", told))
    for length in (3, 2, 1):  # said again at once
        at = 0
        while at + 2 * length <= len(words):
            if words[at : at + length] == words[at + length : at + 2 * length]:
                del words[at : at + length]
            else:
                at += 1
    return " ".join(words)
