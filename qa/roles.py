"""Who asks, who answers and who moderates, told from the labels and from how the turns follow each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.speakers import TITLES, people
from qa.text import is_interrogative, sentences, words
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
    return tuple(replace(turn, role=roles[i]) if i in roles else turn for i, turn in enumerate(turns))


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
            brief = len(words(text[turns[here].start : turns[here].end])) <= 300
            found.update([here] if brief else [])
    return found


def _moderators(
    text: str, turns: Sequence[Turn], spoken: Sequence[int], who: Mapping[str, str], asked: set[int]
) -> set[str]:
    """Those who, two times of three, give the floor in few words: name who speaks next, or speak when nobody asked,
    and somebody then asks. A short reply between two questions looks alike, but somebody asked."""
    given: Counter[str] = Counter()
    turns_of = Counter(who[turns[index].speaker] for index in spoken)
    for before, here, after in zip([-1, *spoken], spoken, spoken[1:], strict=False):
        person, following = who[turns[here].speaker], turns[after].speaker
        said = words(text[turns[here].start : turns[here].end])
        if who[following] == person or len(said) > _BRIEF:
            continue
        named = not set(said).isdisjoint(set(words(following)) - _NO_NAMES)
        floor = named or _FLOOR.search(text, turns[here].start, turns[here].end)
        given[person] += bool(floor or (before not in asked and after in asked))
    return {person for person, count in given.items() if _moderates(person, count, turns_of[person])}


def _moderates(person: str, given: int, turns: int) -> bool:
    """Who is called the chair need not give the floor so often: he also keeps order."""
    if not person or _is_press(person):
        return False
    return given * 4 >= turns if _MODERATOR.search(person) else given >= 2 and given * 3 >= turns * 2


def _is_press(label: str) -> bool:
    return bool(_PRESS.search(label) and not _OFFICE.search(label) and not _REPLY.match(label))


def asks(text: str, turn: Turn) -> bool:
    """Whether one of the last three sentences asks or requests something."""
    last = [text[start:end] for start, end in sentences(text, turn.start, turn.end)[-3:]]
    return any(is_interrogative(sentence) or _REQUEST.search(sentence) for sentence in last)
