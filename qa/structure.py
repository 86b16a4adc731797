"""Questions about the transcript itself, answered from its turns: who spoke, who asked, how many, how long it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from qa.question import EVENT, THIS
from qa.speakers import people
from qa.text import STOPWORDS, is_interrogative, sentences_of, words
from qa.types import Range, Span, Transcript

About = Literal["speakers", "questions", "length"]

_SPEAKERS = re.compile(
    r"\bwho (?:all )?(?:spoke|speaks|is speaking|talked|took part|participated)\b"
    r"|\bwho (?:are|were) the (?:speakers|participants)\b|\b(?:list|name|show) (?:me )?(?:all )?(?:of )?the speakers\b"
    r"|\bhow many (?:different )?(?:speakers|participants)\b"
    r"|\bhow many (?:different )?people (?:spoke|speak|talked|took part|participated)\b",
    re.IGNORECASE,
)
_QUESTIONS = re.compile(
    r"\bhow many questions\b|\bwho asked (?:the )?(?:questions|what)\b"
    r"|\bwho (?:all )?asked\s*(?:something|anything)?\W*$"
    r"|\b(?:which|what|how many) (?:reporters|journalists|outlets|media|news organi[sz]ations)\b.* ask(?:ed)?\b"
    r"|\b(?:list|show) (?:me )?(?:all )?(?:of )?(?:the )?questions\b|\bwhat were (?:all )?the questions\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(rf"\bhow long (?:was|is|did|does) {THIS}\b", re.IGNORECASE)
_OWN_WORDS = EVENT | frozenset(
    "speaker speakers spoke speak speaking speaks talked talk participants participated part took attended people "
    "different list name show question questions asked ask reporter reporters journalist journalists outlet outlets "
    "media news organization organizations organisation organisations many long last lasted something anything".split()
)
_SAID = re.compile(
    r"\b(?:did|does|do|has|have|had) (?P<name>.+?) (?:say|said|tell|told|think|mention|explain|describe|argue|claim"
    r"|state|announce|respond|reply|answer|suggest|stress|emphasi[sz]e|promise|warn|add|believe|note|point out)\b"
    r"|\baccording to (?P<source>.+?)(?:[,?.]|$)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[Tt]he )?(?:[A-Z][\w.'’-]*+)(?: [A-Z][\w.'’-]*+)*")
_SHOWN = 8  # names in one line
_NOTHING = {
    "speakers": "the file names no speakers", "questions": "nobody is marked as asking",
    "length": "the file gives no times",
}  # fmt: skip


def about(question: str) -> About | None:
    """What of the transcript itself is asked for, if the question names nothing else."""
    if not _OWN_WORDS.issuperset(word for word in words(question) if word not in STOPWORDS):
        return None
    kinds: tuple[tuple[About, re.Pattern[str]], ...] = (
        ("questions", _QUESTIONS), ("speakers", _SPEAKERS), ("length", _LENGTH),
    )  # fmt: skip
    return next((kind for kind, pattern in kinds if pattern.search(question)), None)


def answer(kind: About, transcripts: Sequence[Transcript]) -> tuple[str, tuple[Span, ...]]:
    """What the turns tell, in a line that is nobody's words, and the sentences that show it, in their order."""
    notes, spans = [], []
    for transcript in transcripts:
        found, shown = _ANSWERS[kind](transcript)
        note = found or _NOTHING[kind]
        notes.append(f"{transcript.title}: {note}" if len(transcripts) > 1 else f"{note[:1].upper()}{note[1:]}")
        spans += shown
    return " ".join(f"{note}." for note in notes), tuple(spans)


def _speakers(transcript: Transcript) -> tuple[str, list[Span]]:
    first: dict[str, Span] = {}
    turns: Counter[str] = Counter()
    who = people(transcript.speakers())
    for turn in transcript.turns:
        if turn.speaker:
            turns[who[turn.speaker]] += 1
            first.setdefault(who[turn.speaker], _first(transcript, turn.start, turn.end))
    named = _named(f"{name} ({count} turn{'s' * (count > 1)})" for name, count in turns.items())
    return (f"{_count(len(first), 'speaker')}: {named}" if first else "", list(first.values()))


def _questions(transcript: Transcript) -> tuple[str, list[Span]]:
    asked = [turn for turn in transcript.turns if turn.role == "question"]
    spans = [_first(transcript, turn.start, turn.end, asking=True) for turn in asked]
    who = people(transcript.speakers())
    askers = dict.fromkeys(who[turn.speaker] for turn in asked if turn.speaker)
    by = f" by {_named(askers)}" if askers else ""
    return (f"{_count(len(asked), 'turn')} with questions{by}" if asked else "", spans)


def _length(transcript: Transcript) -> tuple[str, list[Span]]:
    """By the times in the file: from the first to the last one known."""
    known = [(s, turn) for turn in transcript.turns for s in (turn.seconds, turn.until) if s is not None]
    known += [(m.seconds, transcript.turns[transcript.turn_at(m.start)]) for m in transcript.moments]
    if len(known) < 2:
        return "", []
    (start, first), (end, last) = min(known, key=lambda k: k[0]), max(known, key=lambda k: k[0])
    spans = [_first(transcript, turn.start, turn.end) for turn in dict.fromkeys((first, last))]
    whole = int(end - start)
    return f"from the first to the last time in the file {whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}", spans


_ANSWERS = {"speakers": _speakers, "questions": _questions, "length": _length}


def _first(transcript: Transcript, start: int, end: int, asking: bool = False) -> Span:
    """The turn's first sentence, or the first that asks."""
    found = [Span(transcript, *at) for at in sentences_of(transcript, Range(start, end))]
    return next((span for span in found if asking and is_interrogative(span.quote)), found[0])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _named(names: Iterable[str]) -> str:
    given = list(names)
    more = len(given) - _SHOWN
    return ", ".join(given[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def speaker_meant(question: str) -> str:
    """The name in "What did NAME say about ...", "according to NAME"; "" if it asks for nobody's words."""
    match = _SAID.search(question)
    named = _NAME.fullmatch((match["name"] or match["source"]).strip()) if match else None
    return named[0] if named else ""
