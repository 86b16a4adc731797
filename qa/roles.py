"""Who asks, who answers and who moderates, told from the labels and from how the turns follow each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from qa.speakers import TITLES, people
from qa.text import words
from qa.types import Role, Turn

_PRESS = re.compile(
    r"^(?:q|question|questioner|reporter|journalist|press|the press|media|interviewer|audience(?: member)?)\b"
    r"|\b(?:news|agency|tv|television|daily|times|post|radio|reuters|bloomberg|afp|associated press|cctv|cgtn|cnn|bbc"
    r"|xinhua|network|broadcasting|journal|herald|tribune|guardian|media|weekly|correspondent)\b"
    r"|记者|記者|新闻|日报|通讯社|电视台|電視台",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:secretary|office|officer|spokes\w+|minister|ministry|administration|director)\b", re.IGNORECASE
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
    who = people(turns[index].speaker for index in spoken)
    asked = _questions(text, turns, spoken, who)
    moderators = _moderators(text, turns, spoken, who, asked)
    roles: dict[int, Role] = {}
    asker = None
    for here, after in zip(spoken, [*spoken[1:], -1], strict=True):
        person = who[turns[here].speaker]
        if person in moderators and (here not in asked or after in asked):
            roles[here] = "moderation"
        elif here in asked:
            roles[here], asker = "question", person
        elif asker is not None and person != asker:
            roles[here] = "answer"
    return tuple(
        Turn(turn.start, turn.end, turn.speaker, roles[i], turn.seconds, turn.until) if i in roles else turn
        for i, turn in enumerate(turns)
    )


def _questions(text: str, turns: Sequence[Turn], spoken: Sequence[int], who: Mapping[str, str]) -> set[int]:
    lengths: Counter[str] = Counter()
    for index in spoken:
        lengths[who[turns[index].speaker]] += turns[index].end - turns[index].start
    turns_of = Counter(who[turns[index].speaker] for index in spoken)
    asking = {index for index in spoken if asks(text, turns[index])}
    asked_by = Counter(who[turns[index].speaker] for index in asking)
    most = max(lengths.values(), default=0)
    found: set[int] = set()
    for here, after in zip(spoken, [*spoken[1:], -1], strict=True):
        person = who[turns[here].speaker]
        alone = after < 0 or person == who[turns[after].speaker]
        leads = lengths[person] == most and asked_by[person] * 2 <= turns_of[person]
        if _is_press(turns[here].speaker):
            found.add(here)
        elif person and here in asking and not (alone or leads or _REPLY.match(person)):
            found.update([here] if _has_at_most(_LONGEST, text, turns[here]) else [])
    return found


def _moderators(
    text: str, turns: Sequence[Turn], spoken: Sequence[int], who: Mapping[str, str], asked: set[int]
) -> set[str]:
    """Those who, two times of three, give the floor in few words: name who speaks next, or speak when nobody asked,
    and somebody then asks. A short reply between two questions looks alike, but somebody asked."""

    @cache
    def known(label: str) -> frozenset[str]:
        return frozenset(words(label)) - _NO_NAMES

    def names(turn: Turn, label: str) -> bool:
        said = text[turn.start : turn.end]
        folded = said.casefold()
        return any(word in folded for word in known(label)) and not known(label).isdisjoint(words(said))

    def gives_floor(turn: Turn) -> bool:
        folded = text[turn.start : turn.end].casefold()
        return any(word in folded for word in _FLOOR_WORDS) and bool(_FLOOR.search(folded))

    given: Counter[str] = Counter()
    turns_of = Counter(who[turns[index].speaker] for index in spoken)
    for before, here, after in zip([-1, *spoken], spoken, spoken[1:], strict=False):
        turn, following = turns[here], turns[after].speaker
        if who[following] == who[turn.speaker] or not _has_at_most(_BRIEF, text, turn):
            continue
        gives = before not in asked and after in asked
        given[who[turn.speaker]] += gives or gives_floor(turn) or names(turn, following)
    return {person for person, count in given.items() if _moderates(person, count, turns_of[person])}


def _moderates(person: str, given: int, turns: int) -> bool:
    """Who is called the chair need not give the floor so often: he also keeps order."""
    if not person or _is_press(person):
        return False
    return given * 4 >= turns if _MODERATOR.search(person) else given >= 2 and given * 3 >= turns * 2


@lru_cache(maxsize=4096)
def _is_press(label: str) -> bool:
    return bool(_PRESS.search(label) and not _OFFICE.search(label) and not _REPLY.match(label))


def _has_at_most(most: int, text: str, turn: Turn) -> bool:
    """Whether it has so many words."""
    length = turn.end - turn.start
    return length < 2 * most or (length < 16 * most and len(text[turn.start : turn.end].split(None, most)) <= most)


def asks(text: str, turn: Turn) -> bool:
    """Whether one of the last three sentences asks or requests something."""
    tail = text[_closing(text, turn) : turn.end]
    marked = any(mark in tail for mark in "?？؟")
    return (marked and bool(_ASKING.search(tail))) or _may_request(tail)


def _may_request(words: str) -> bool:
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
    at = max(text.rfind(".", start, end), text.rfind("?", start, end), text.rfind("!", start, end))
    return max(at, *(text.rfind(mark, start, end) for mark in "。？！؟")) if wide else at
