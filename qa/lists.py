"""Lists that somebody speaks: "First, ... Second, ... Third, ...", and the questions that ask for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.text import is_cjk, sentences_of, words
from qa.types import Range, Span

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_CARDINALS = "one two three four five six seven eight nine ten eleven twelve".split()
_CHINESE = "一二三四五六七八九十"
# What stands behind "first" where it counts what is said: not "the first quarter".
_POINT = (
    r" (?:one|thing|point|aspect|reason|area|step|part|piece|measure|priority|factor|issue|pillar|goal|element"
    r"|principle|task|tool|outcome|is|are|was|were|to|we|I|you|they|there)(?!\w)"
)
# A comma ends a figure only behind "number" or "point": "Number 1, cost".
_OPENER = re.compile(
    r"^(?:(?:and|so|but|well|okay|ok|now|also|then|um|uh),? ){0,3}(?:the |my |our )?(?:number |point )?"
    rf"(?:(?P<ordinal>(?a:{'|'.join(_ORDINALS)}))(?:ly\b|(?= (?:of all|and foremost)\b|[,:;—–]| [-–—] |{_POINT}))"
    rf"|(?P<cardinal>(?a:{'|'.join(_CARDINALS)}))[,:.]|\(?(?P<figure>\d{{1,2}})(?:[.):]|(?<=(?:umber|point) .),)\s"
    rf"|第(?P<rank>[{_CHINESE}])(?:[，,、：:。是]|[个個]?(?:方面|点|點|条|條|项|項|步)|[个個](?![月季年]))"
    rf"|[（(]?(?P<item>[{_CHINESE}])(?:是|、(?![{_CHINESE}])|[）)])|(?P<head>首先)|(?P<next>其次))",
    re.IGNORECASE,
)
_CLOSER = re.compile(
    r"^(?:(?:and|so|but|then),? ){0,2}(?:finally|lastly|last(?: but not least)?)[,:—–](?!.*\bthank)|^最后|^最後", re.I
)
# "There are three aims: first, speed."
_INSIDE = re.compile(
    r"(?:[:;—–] ?|\b(?:is|are|was|were|that|and),? |--? )(?:the )?"
    r"(?:first(?:ly)?(?: of all| and foremost)?|number one|one)[,:] ",
    re.IGNORECASE,
)
_NOUNS = (
    r"(?:aspects|steps|measures|points|reasons|priorities|areas|ways|factors|pillars|goals|elements|parts|things"
    r"|principles|tasks|achievements|aims|targets|objectives)"
)
_LISTING = (
    r"^\s*(?:(?:can|could|would|will) you )?(?:please )?(?:(?:list|name|enumerate|summari[sz]e|outline)\b"
    rf"|(?:give|tell) me (?:the )?(?:\w+ ){{0,2}}?{_NOUNS}\b)"
)
_COUNT = rf"(?:{'|'.join(_CARDINALS)}|\d{{1,2}}\b)"
# Asks for what a list has, and may well ask for it: "What were sales last year?" does not.
_ASKED = re.compile(
    rf"{_LISTING}|^\s*(?:what|which) (?:\w+ )?{_COUNT} \w+|^\s*(?:what|which) (?:are|were) the {_COUNT}\b"
    rf"|^\s*(?:what|which) (?:(?:are|were) (?:[\w’']+ ){{0,6}}?|(?:\w+ ){{0,3}}?){_NOUNS}\b"
    rf"|哪[几些幾]|[{_CHINESE}][个個](?:方面|点|點|步)|[{_CHINESE}](?:项|項|条|條)|(?:措施|方面)是什[么麼]",
    re.IGNORECASE,
)
_MAY_ASK = re.compile(rf"{_ASKED.pattern}|^\s*(?:what|which) (?:are|were) |\b{_NOUNS}\b", re.IGNORECASE)
_ANNOUNCING = re.compile(
    rf"[:：]$|\b(?:these|several|number of|following|follows|here are|(?:two|three|four|five)fold|components|actions"
    rf"|reforms|commitments|proposals|{_NOUNS})\b|\bthis\W*$|[几幾]个|[几幾]個|[以如]下|下面",
    re.IGNORECASE,
)
_ONE = re.compile(rf"\bhow (?:many|much)\b|\bpercentage points\b|\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)


def asks_for_list(question: str) -> bool:
    """Never for how many, nor for one item of a list."""
    return bool(_ASKED.search(question) and not _ONE.search(question))


def may_ask_for_list(question: str) -> bool:
    """Also where an item alone may be meant."""
    return bool(_MAY_ASK.search(question) and not _ONE.search(question))


def opened_by(sentence: str) -> int:
    """Which item of a list the sentence opens, counted from 1; 0 if none."""
    found = _OPENER.match(sentence.lstrip("•-– "))
    if not found:
        return 0
    for name, counting in (("ordinal", _ORDINALS), ("cardinal", _CARDINALS)):
        if found[name]:
            return counting.index(found[name].lower()) + 1
    if found["figure"]:
        return int(found["figure"])
    if rank := found["rank"] or found["item"]:
        return _CHINESE.index(rank) + 1
    return 1 if found["head"] else 2


def list_at(span: Span) -> tuple[Span, ...]:
    """The sentences that open the items of the list that ``span`` announces or opens an item of, in their order; ()."""
    turn = span.transcript.turns[span.turn]
    said = [Span(span.transcript, *at) for at in sentences_of(span.transcript, Range(turn.start, turn.end))]
    here = next((i for i, other in enumerate(said) if other.start <= span.start < other.end), -1)
    for run in _runs(said):
        closing = next((i for i in range(run[-1] + 1, len(said)) if _CLOSER.match(said[i].quote)), -1)
        before = said[run[0] - 1].quote if run[0] else ""
        if closing > 0 and _counts(f"{before} {said[run[0]].quote}", len(run) + 1):
            run = [*run, closing]
        if here in run or (here == run[0] - 1 and _announces(span.quote, len(run))):
            return tuple(said[i] for i in run)
    return ()


def _announces(sentence: str, items: int) -> bool:
    """Whether it says that a list follows, or of how many items."""
    return bool(_ANNOUNCING.search(sentence.rstrip()) or _counts(sentence, items))


def _counts(sentence: str, items: int) -> bool:
    """Whether it holds their number."""
    counted = {_CARDINALS[items - 1], str(items)} if items <= len(_CARDINALS) else {str(items)}
    chinese = _CHINESE[items - 1] if items <= len(_CHINESE) else ""
    return not counted.isdisjoint(words(sentence)) or bool(chinese and is_cjk(sentence) and chinese in sentence)


def _runs(said: Sequence[Span]) -> Iterator[list[int]]:
    """Numbers of the sentences that open 1, 2, 3 and so on, each list as far as it counts on."""
    run: list[int] = []
    for i, span in enumerate(said):
        item = opened_by(span.quote)
        if not item and not run and _INSIDE.search(span.quote):
            item = 1
        if item == len(run) + 1:
            run.append(i)
        elif item == 1:
            if len(run) > 1:
                yield run
            run = [i]
    if len(run) > 1:
        yield run
