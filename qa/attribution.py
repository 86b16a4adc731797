"""Whose words a question asks for, and about what: "What did Powell say about rates?", "according to Ann Lee"."""

from __future__ import annotations

import re

from qa.question import understand
from qa.text import words

# A name: capitals, numbers behind one ("Speaker 1"), and small particles before one ("von der Leyen").
_PART = r"[^\W\d_a-z][\w.'’-]*+"
_PARTICLES = r"(?:(?:von|van|der|den|de|da|di|du|del|della|dos|la|le|al|el|bin|ibn|ben) ){0,3}"
_OF = r"(?:of (?:the )?)?"  # "Secretary of State"
_NAME = rf"(?-i:(?:[Tt]he )?{_PARTICLES}{_PART}(?: {_OF}{_PARTICLES}{_PART}| \d+\b)*)"
_OWNER = r"[^\W\d_a-z][\w.-]*(?:['’][A-Z][\w.-]*)?"  # "Powell" in front of "'s view", "O'Brien" too
_SAID = re.compile(
    rf"\b(?:did|does|do|has|have|had) (?P<name>{_NAME})(?:, [^,?]{{1,60}},)? "
    r"(?:(?:\w+ly|also|then|just|ever) )?(?:(?:have|want) to (?=say|tell))?"
    r"(?:(?P<says>say|said|tell|told|think)|mention|explain|describe|argue|claim|(?-i:state)|announce|respond"
    r"|reply|answer|suggest|stress|emphasi[sz]e|promise|warn|believe|note|point out|comment|view|see|feel)\b"
    rf"|\bwhat (?:did|does) (?P<talker>{_NAME}) (?:talk|speak) (?:about|on)\b"
    rf"|\baccording to (?P<source>{_NAME})(?=[,?!;:]|\s*$| (?:wh\w+|how|is|are|was|were|do|does|did|has|have)\b)"
    rf"|\b(?:what['’]s|(?:what|which) (?:is|are|was|were)) (?P<owner>(?-i:(?:[Tt]he )?(?:{_PART} )*?{_OWNER}))['’]s? "
    r"(?:view|opinion|position|stance|comment|remark|answer|reply|response|take)s?\b",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"^what (?:(?P<anybody>was|were|is|has been|(?:did|does|do|has|have) (?:he|she|they|the speakers?|anyone|anybody))"
    r"|.+) (?:say|said|tell|told|talk|speak|mention|mentioned|think)(?: us| you| them)? (?:about|on|regarding) "
    r"(?P<topic>.+?)\W*$",
    re.IGNORECASE,
)

_NOBODY = frozenset(
    "i he she it we you they this that these those who whom what which there here everyone everybody anyone anybody "
    "someone somebody nobody one all both each most many some any the a an".split()
)


def speaker_meant(question: str) -> str:
    """The name in "What did NAME say about ...", "according to NAME"; "" if it asks for nobody's words."""
    return _meant(question)[0]


def topic(question: str, named: bool) -> str:
    """The few words for TOPIC in "What did NAME say about TOPIC", if somebody is ``named``, or in "What was said about
    TOPIC"; "" if it is another question."""
    found = _TOPIC.match(question.strip())
    if not found or not (named or found["anybody"]):
        return ""
    return found["topic"] if understand(found["topic"]).wants == "keywords" else ""


def wants_words_of(question: str) -> bool:
    """Whether the name is surely a speaker's: what somebody claims, answers or announces may stand in another's words,
    and in capitals throughout nothing is marked as a name."""
    return _meant(question)[1] and not question.isupper()


def _meant(question: str) -> tuple[str, bool]:
    """The first name that is no pronoun, and whether he is to have said or thought it."""
    for found in _SAID.finditer(question):
        name = next(found[group] for group in ("name", "talker", "source", "owner") if found[group]).rstrip(".")
        letter = len(name) == 1 and name != "I"
        if letter or not _NOBODY.issuperset(words(name)):
            # An office may be held by somebody who is never called by it.
            return name, bool(found["says"] or found["source"]) and " of " not in name
    return "", False
