"""Who asks and who answers, told from the labels and from how the turns follow each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

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


def assign_roles(text: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns with their roles: a question is a reporter's turn, or a turn that asks and is replied to."""
    spoken = [index for index, turn in enumerate(turns) if turn.role != "heading"]
    lengths: Counter[str] = Counter()
    for index in spoken:
        lengths[turns[index].speaker] += turns[index].end - turns[index].start
    turns_of = Counter(turns[index].speaker for index in spoken)
    asking = Counter(turns[index].speaker for index in spoken if asks(text, turns[index]))
    most = max(lengths.values(), default=0)
    roles: dict[int, Role] = {}
    asker = None
    for here, after in zip(spoken, [*spoken[1:], -1], strict=True):
        turn, following = turns[here], turns[after] if after >= 0 else None
        leads = lengths[turn.speaker] == most and asking[turn.speaker] * 2 <= turns_of[turn.speaker]
        if _is_question(text, turn, following, leads):
            roles[here], asker = "question", turn.speaker
        elif asker is not None and turn.speaker != asker:
            roles[here] = "answer"
    return tuple(replace(turn, role=roles[i]) if i in roles else turn for i, turn in enumerate(turns))


def _is_question(text: str, turn: Turn, following: Turn | None, leads: bool) -> bool:
    """``leads``: the speaker says most, and mostly does not ask: a question of his is a figure of speech."""
    if _REPLY.match(turn.speaker):
        return False
    if _PRESS.search(turn.speaker) and not _OFFICE.search(turn.speaker):
        return True
    if following is None or leads or not turn.speaker or following.speaker == turn.speaker:
        return False
    return asks(text, turn) and len(words(text[turn.start : turn.end])) <= 300


def asks(text: str, turn: Turn) -> bool:
    """Whether one of the last three sentences asks or requests something."""
    last = [text[start:end] for start, end in sentences(text, turn.start, turn.end)[-3:]]
    return any(is_interrogative(sentence) or _REQUEST.search(sentence) for sentence in last)
