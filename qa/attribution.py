"""Whose words a question asks for, and about what: "What did Powell say about rates?", "according to Ann Lee"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.question import understand
from qa.speakers import TITLES, called, may_be_here
from qa.text import words

# A name: capitals, numbers behind one ("Speaker 1"), and small particles before one ("von der Leyen").
_PART = r"[^\W\d_a-z][\w.'’-]*+"
_PARTICLES = r"(?:(?:von|van|der|den|de|da|di|du|del|della|dos|la|le|al|el|bin|ibn|ben) ){0,3}"
_OF = r"(?:of (?:the )?)?"  # "Secretary of State"
_NAME = rf"(?-i:(?:[Tt]he )?{_PARTICLES}{_PART}(?: {_OF}{_PARTICLES}{_PART}| \d+\b)*)"
_OWNER = rf"(?-i:(?:[Tt]he )?(?:{_PART} )*?[^\W\d_a-z][\w.-]*(?:['’][A-Z][\w.-]*)?)"  # in front of "'s": O'Brien too
# Words that may be one: "what did powell say", "what does the chair think".
_WORD = r"[^\W\d_][\w.-]*+"
_ANY = rf"(?:the )?{_WORD}(?: {_OF}{_WORD}){{0,2}}?"


def _said(name: str, owner: str) -> re.Pattern[str]:
    both = rf"(?P<name>{name})(?:(?-i: and )(?P<other>{name}))?"
    return re.compile(
        rf"\b(?:did|does|do|has|have|had) {both}(?:, [^,?]{{1,60}},)? "
        r"(?:(?:\w+ly|also|then|just|ever) )?(?:(?:have|want) to (?=say|tell))?"
        r"(?:(?P<says>say|said|tell|told|think)|(?:talk|speak) (?:about|on)|mention|explain|describe|argue|claim"
        r"|(?-i:state)|announce|respond|reply|answer|suggest|stress|emphasi[sz]e|promise|warn|believe|note|point out"
        r"|comment|view|see|feel)\b"
        r"|(?:^\W*|\b(?:tell me|know|explain|remember|find|list|show me) )"
        rf"what (?P<telling>{name}) (?:said|says|thinks|thought|told)\b"
        rf"|\bwhat (?:is|was|are|were) (?P<saying>{name}) saying\b"
        rf"|^\W*what (?:was|is|has been) said\b[^?]{{0,80}}?(?<!ed) by (?P<by>{name})\W*$"
        r"|\b(?:comments?|remarks?|statements?|reasons?|explanations?|arguments?) (?:did|does|has|have) "
        rf"(?P<giving>{name}) (?:make|made|give|given|offer)\b"
        rf"|\baccording to (?P<source>{name})(?=[,?!;:]|\s*$| (?:wh\w+|how|is|are|was|were|do|does|did|has|have)\b)"
        rf"|\b(?:what['’]s|(?:what|which) (?:is|are|was|were)|in) (?P<owner>{owner})['’]s? "
        r"(?:view|opinion|position|stance|comment|remark|thought|answer|reply|response|take|word)s?\b",
        re.IGNORECASE,
    )


_SAID, _MAYBE = _said(_NAME, _OWNER), _said(_ANY, _ANY)
_TOPIC = re.compile(
    r"^what (?:(?P<anybody>was|were|is|has been|(?:did|does|do|has|have) "
    r"(?:he|she|they|the (?:speakers?|transcript|text|record)|anyone|anybody))"
    r"|.+) (?:say|said|tell|told|talk|speak|mention|mentioned|think)(?: us| you| them)? (?:about|on|regarding) "
    r"(?P<topic>.+?)\W*$",
    re.IGNORECASE,
)
_BY = re.compile(r"(?<!ed) by (?:[Tt]he )?[A-Z].*")

_PARTS_OF_TITLES = frozenset("press state prime vice deputy acting assistant under general major".split())
_NOBODY = frozenset(
    "i he she it we you they this that these those who whom what which there here everyone everybody anyone anybody "
    "someone somebody nobody one all both each most many some any the a an".split()
)


def speakers_meant(question: str, labels: Callable[[], Sequence[str]]) -> dict[str, list[str]]:
    """The names in "What did NAME and NAME say about ...", "according to NAME", each with those of the speakers'
    ``labels`` that are called so; none if it asks for nobody's words. What is in small letters is a name if somebody
    has it."""
    surely = _meant(_SAID, question)[0]
    names = surely or _meant(_MAYBE, question)[0]
    held = labels() if names else ()
    if surely:
        found = {name: called(name, held) for name in surely}
        return {name: alike for name, alike in found.items() if alike or (held and not may_be_here(name, held))}
    return {
        name: alike for name in names if (alike := [label for label in called(name, held) if _is_plain(name, label)])
    }


def topic(question: str, named: bool) -> str:
    """The few words for TOPIC in "What did NAME say about TOPIC", if somebody is ``named``, or in "What was said about
    TOPIC"; "" if it is another question."""
    found = _TOPIC.match(question.strip())
    if not found or not (named or found["anybody"]):
        return ""
    about = _BY.sub("", found["topic"]) if found["anybody"] else found["topic"]
    return about if understand(about).wants == "keywords" else ""


def _is_plain(name: str, label: str) -> bool:
    """Whether a name in small letters is an office, "the chair", or a surname: "the market" is nobody's."""
    held = set(words(name)) - {"the"}
    if "the" in words(name) or held <= TITLES:
        return held <= TITLES and not held <= _PARTS_OF_TITLES
    return words(name)[-1:] == words(label)[-1:]


def wants_words_of(question: str) -> bool:
    """Whether the name is surely a speaker's: what somebody claims, answers or announces may stand in another's words,
    and in capitals throughout nothing is marked as a name."""
    return _meant(_SAID, question)[1] and not question.isupper()


def _meant(pattern: re.Pattern[str], question: str) -> tuple[list[str], bool]:
    """The first names that are no pronouns, and whether they are to have said or thought it."""
    for found in pattern.finditer(question):
        groups = found.groupdict()
        surely = any(groups[group] for group in ("says", "source", "telling", "saying"))
        given = (value.rstrip(".") for group, value in groups.items() if value and group != "says")
        names = [name for name in given if (len(name) == 1 and name != "I") or not _NOBODY.issuperset(words(name))]
        if names:
            # An office may be held by somebody who is never called by it.
            return names, surely and not any(" of " in name for name in names)
    return [], False
