"""Who asks, who answers and who moderates, told from the labels and from how the turns follow each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from qa.speakers import TITLES, is_named, people
from qa.text import words
from qa.types import Role, Transcript, Turn

_PRESS = re.compile(
    r"^(?:(?:the|an?|another|un(?:identified|known)|(?:fe)?male) )*(?:q|question|questioner|reporter|"
    r"journalist|press|media|interviewer|audience(?: member)?)\b"
    r"|\b(?:news|press agency|tv|television|daily|radio|reuters|bloomberg|afp|associated press|cctv|cgtn|cnn|bbc|xinhua"
    r"|broadcasting|correspondent)\b|记者|記者|新闻|日报|通讯社|电视台|電視台",
    re.IGNORECASE,
)
# Outlets are called so, and so are others: "Environment Agency", "Network Rail", "Markus Post".
_PERHAPS = re.compile(r"\b(?:agency|network|times|post|journal|herald|tribune|guardian|media|weekly)\b", re.IGNORECASE)
_BESIDES = re.compile(r"[,;()（）\[\]|/–—]| - ")
_OFFICE = re.compile(
    r"\b(?:secretary|office|officer|spokes\w+|minister|ministry|administration|director|mayor|governor|relations)\b",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^(?:a|answer)$", re.IGNORECASE)
_REQUEST = re.compile(
    r"\b(?:could|can|would|will) you\b|\bplease (?:tell|brief|introduce|comment|explain|elaborate|share)\b"
    r"|\b(?:appreciate|welcome|hear) your\b|\byour (?:comments?|views?|reaction|response|take) on\b|\bany comments?\b"
    r"|\bmy question\b|\b(?:i'd|i would) like to (?:ask|know)\b|请问|請問",
    re.IGNORECASE,
)
_MODERATOR = re.compile(
    r"\b(?:moderator|operator|facilitator|emcee)\b|主持人|司仪|司儀"
    r"|^(?:the |madam |mr\.? )?(?:acting |deputy |vice[- ])?chair(?:man|woman|person)?\s*(?:\(|$)"
    r"|^(?:代理|全委會|全委会)?主席$",
    re.IGNORECASE,
)
_FLOOR = re.compile(
    r"\b(?:(?:next|first|last|final|another|your) question|go ahead|floor is yours|your line is|over to)\b"
    r"|\b(?:let['’]s|let us|we(?:['’]ll| will)|i(?:['’]ll| will)) (?:now )?(?:go|turn|move|take|give)\b"
    r"|提问|提問|有请|有請|下一[个個位]",
    re.IGNORECASE,
)
_REQUESTED = ("you", "please", "comment", "my question", "like to", "请问", "請問")  # one is in every request
_TAIL = 1500  # code points that hold the last three sentences
_SENTENCES = 3
_ASKING = re.compile(r"[?？؟][\"'”’)\]」』）]*(?:$|\s+(?![a-z])|(?<=[？؟]))")  # at a sentence's end
_MAY = frozenset(("uld ", "can ", "ill "))  # what stands before "you" in a request
_BESIDE = 24  # code points around a word in which a request stands
_LONGEST = 300  # words of a question
_FLOOR_WORDS = (  # one is in everything that gives the floor
    "question", "go ahead", "floor is", "line is", "over to", " go", " turn", " move", " take", " give", "提问", "提問",
    "有请", "有請", "下一",
)  # fmt: skip
_BRIEF = 60  # words that give the floor
_NO_NAMES = TITLES | frozenset("the of and speaker".split())


def assign_roles(text: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns with their roles: a question is a reporter's turn, or a turn that asks and is replied to; who only
    gives the floor moderates, and replies to nothing."""
    spoken = [index for index, turn in enumerate(turns) if turn.role != "heading"]
    said = [turns[index] for index in spoken]
    who = people(turn.speaker for turn in said)
    persons = [who[turn.speaker] for turn in said]
    press = _press(text, said)
    asked = _questions(text, said, persons, press)
    moderators = _moderators(text, said, persons, asked, press)
    found = list(turns)
    asker = None
    for here, (index, person) in enumerate(zip(spoken, persons, strict=True)):
        role: Role | None = None
        if person in moderators and (here not in asked or here + 1 in asked):
            role = "moderation"
        elif here in asked:
            role, asker = "question", person
        elif asker is not None and person != asker:
            role = "answer"
        if role:
            found[index] = said[here]._replace(role=role)
    return tuple(found)


def _press(text: str, said: Sequence[Turn]) -> set[str]:
    """The labels of reporters; where the label does not tell for sure, most of their turns ask."""
    places: dict[str, list[int]] = {}
    for here, turn in enumerate(said):
        places.setdefault(turn.speaker, []).append(here)
    return {
        label
        for label, own in places.items()
        if is_press(label)
        or (may_be_press(label) and _reaches(len(own) // 2 + 1, own, lambda here: asks(text, said[here])))
    }


def _questions(text: str, said: Sequence[Turn], persons: Sequence[str], press: set[str]) -> set[int]:
    """Numbers of the turns that ask; ``persons`` are who speaks in each, ``press`` the labels of reporters."""

    @cache
    def asking(here: int) -> bool:
        return asks(text, said[here])

    found = {here for here, turn in enumerate(said) if turn.speaker in press} if press else set()
    never = {person for person in set(persons) if not person or _REPLY.match(person)} | _leaders(said, persons, asking)
    for here, person in enumerate(persons):
        last = here + 1 == len(persons)  # nobody replies to it: it asks where others ask too
        may = (bool(found) if last else person != persons[here + 1]) and person not in never and here not in found
        if may and asking(here) and _has_at_most(_LONGEST, text, said[here]):
            found.add(here)
    return found


def _leaders(said: Sequence[Turn], persons: Sequence[str], asking: Callable[[int], bool]) -> set[str]:
    """Who says most, unless it is mostly questions."""
    lengths: Counter[str] = Counter()
    for person, turn in zip(persons, said, strict=True):
        lengths[person] += turn.end - turn.start
    most = max(lengths.values(), default=0)
    leading = {person for person, length in lengths.items() if length == most}
    places: dict[str, list[int]] = {}
    for here, person in enumerate(persons):
        if person in leading:
            places.setdefault(person, []).append(here)
    return {person for person, own in places.items() if not _reaches(len(own) // 2 + 1, own, asking)}


def _reaches(needed: int, places: Sequence[int], test: Callable[[int], bool]) -> bool:
    """Whether so many of the places pass the test; it is not put to more of them than that takes."""
    spare = len(places) - needed
    for here in places:
        if needed <= 0 or spare < 0:
            break
        passed = test(here)
        needed, spare = needed - passed, spare - (not passed)
    return needed <= 0


def _moderators(text: str, said: Sequence[Turn], persons: Sequence[str], asked: set[int], press: set[str]) -> set[str]:
    """Those who, two times of three, give the floor in few words: name who speaks next, or speak when nobody asked,
    and somebody then asks. A short reply between two questions looks alike, but somebody asked.

    Who is called the chair need not give the floor so often: he also keeps order.
    """

    @cache
    def known(label: str) -> frozenset[str]:
        return frozenset(words(label)) - _NO_NAMES

    def gives_floor(here: int) -> bool:
        if not _has_at_most(_BRIEF, text, said[here]):
            return False
        if here - 1 not in asked and here + 1 in asked:
            return True
        words_here = text[said[here].start : said[here].end]
        folded = words_here.casefold()
        if any(word in folded for word in _FLOOR_WORDS) and _FLOOR.search(folded):
            return True
        names = known(said[here + 1].speaker)
        return any(word in folded for word in names) and not names.isdisjoint(words(words_here))

    places: dict[str, list[int]] = {}
    for here, (person, following) in enumerate(pairwise(persons)):
        if person != following:
            places.setdefault(person, []).append(here)
    turns_of = Counter(persons)
    found: set[str] = set()
    for person in filter(None, places):
        chair, turns = _MODERATOR.search(person), turns_of[person]
        needed = -(-turns // 4) if chair else max(2, -(-turns * 2 // 3))
        if person not in press and _reaches(needed, places[person], gives_floor):
            found.add(person)
    return found


@lru_cache(maxsize=4096)
def is_press(label: str) -> bool:
    """Whether the label is surely a reporter's or an outlet's."""
    return bool(_PRESS.search(label) and not _OFFICE.search(label) and not _REPLY.match(label))


@lru_cache(maxsize=4096)
def may_be_press(label: str) -> bool:
    """Whether the label may be an outlet's as well as another's."""
    return bool(_PERHAPS.search(label) and not _OFFICE.search(label))


def mostly_asking(labels: Iterable[str], transcripts: Iterable[Transcript]) -> set[str]:
    """Those of the labels at least half of whose turns ask."""
    roles: dict[str, list[Role]] = {label: [] for label in labels}
    for turn in (turn for held in transcripts for turn in held.turns):
        roles.get(turn.speaker, []).append(turn.role)
    return {label for label, own in roles.items() if own and 2 * own.count("question") >= len(own)}


def is_outlets(label: str, name: str) -> bool:
    """Whether the name is only a word of an outlet's in the label: "China" in "China Daily", but neither all of it nor
    "Brandt" in "Lena Brandt (Reuters)"."""

    def outlet(words: str) -> bool:
        return is_press(words) or may_be_press(words)

    persons = (part for part in _BESIDES.split(label) if not outlet(part))
    return outlet(label) and not outlet(name) and not any(is_named(name, part) for part in persons)


def _has_at_most(most: int, text: str, turn: Turn) -> bool:
    """Whether it has so many words."""
    length = turn.end - turn.start
    return length < 2 * most or (length < 16 * most and len(text[turn.start : turn.end].split(None, most)) <= most)


def asks(text: str, turn: Turn) -> bool:
    """Whether one of the last three sentences asks or requests something."""
    tail = text[_closing(text, turn) : turn.end]
    marked = "?" in tail or "？" in tail or "؟" in tail
    return (marked and _ASKING.search(tail) is not None) or requests(tail)


def requests(words: str) -> bool:
    """Whether a request stands in the words; looked for beside the few words of which every request has one."""
    folded = words.casefold()
    for word in _REQUESTED:
        at = folded.find(word)
        while at >= 0:
            near = word != "you" or folded[at : at + 4] == "your" or folded[max(0, at - 4) : at] in _MAY
            if near and _REQUEST.search(folded, max(0, at - _BESIDE), at + _BESIDE):
                return True
            at = folded.find(word, at + 1)
    return False


def _closing(text: str, turn: Turn) -> int:
    """Where the last three sentences begin, or more: a full stop is sure to end one behind a long word only."""
    first, at = max(turn.start, turn.end - _TAIL), turn.end - 1
    wide = not text[first:at].isascii()
    for _ in range(_SENTENCES):
        at = _stop(text, first, at, wide)
        while at > first and text[at] == "." and not text[max(first, at - 5) : at].isalpha():
            at = _stop(text, first, at, wide)
        if at < first:
            return first
    return at + 1


def _stop(text: str, start: int, end: int, wide: bool) -> int:
    """Where the last full stop, or mark like it, stands; -1 if nowhere."""
    at = text.rfind(".", start, end)
    at = max(at, text.rfind("?", max(at, start), end), text.rfind("!", max(at, start), end))
    return max(at, *(text.rfind(mark, start, end) for mark in "。？！؟")) if wide else at
