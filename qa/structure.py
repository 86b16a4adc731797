"""Questions about the transcript itself, answered from its turns: who spoke, who asked, how many, how long it was, when
it was and what it is called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from operator import itemgetter
from pathlib import PurePath
from typing import Literal

from qa.formats.origin import find_date
from qa.question import EVENT, MEDIUM, THIS, WHICH, understand, written_out
from qa.speakers import people
from qa.text import STOPWORDS, count_roughly, is_interrogative, sentences_of, words
from qa.types import Range, Scope, Span, Transcript, Turn

About = Literal[
    "speakers", "first speaker", "last speaker", "most words", "questions", "first question", "last question",
    "most questions", "length", "date", "title",
]  # fmt: skip

_WITH = r"(?! (?:to|for|with|about|against|of|up|out|on)\b)"  # who spoke to the mayor is told by what was said
_HERE = rf"(?!the event\b){THIS}"  # "the event" may be any that is spoken of
_SPEAKERS = re.compile(
    rf"\bwho (?:all )?(?:spoke|speaks|is speaking|is talking|talked|took part|participated)\b{_WITH}"
    r"(?! (?:in|at) the event\b)"
    r"|\bwho (?:is|was|are|were) (?:all )?the (?:(?-i:speaker)|speakers|participants)\b"
    r"|\b(?:list|name|show|tell me|names of) (?:me )?(?:all )?(?:of )?(?:the )?(?:speakers|participants)\b"
    rf"|\bhow many (?:different )?speakers\b|\bhow many (?:different )?people (?:spoke|speak|talked)\b{_WITH}"
    r"|\bhow many (?:participants|people (?:took part|participated))\b.* this \w+",
    re.IGNORECASE,
)
_ASKER = r"(?:reporter|journalist|questioner)"
_PLACES = ("(?:very )?first", "(?:very )?(?:last|final)")
_FIRST, _LAST = (
    re.compile(
        rf"\b(?:who|(?:what|which) {_ASKER}) asked (?:the {place} question\b|{place}\W*$)"
        rf"|\bwho was the {place} to ask\b|\bwhat (?:was|is) the {place} question\b"
        rf"|\bwhat (?:did the {place} {_ASKER} ask|was asked {place})\b",
        re.IGNORECASE,
    )
    for place in _PLACES
)
_OPENS, _CLOSES = (
    re.compile(
        rf"\bwho (?:spoke|speaks|talked) (?:the )?{place}\W*$"
        rf"|\bwho (?:was|is) the {place} (?:speaker|(?:person )?to speak)\b",
        re.IGNORECASE,
    )
    for place in _PLACES
)
_MOST = re.compile(
    rf"\b(?:who|(?:what|which) (?:{_ASKER}|(?:news )?outlet)) asked (?:the )?most(?: questions)?\b", re.IGNORECASE
)
_TALKS = re.compile(r"\bwho (?:spoke|speaks|talked|talks|said) (?:the )?most\W*$", re.IGNORECASE)
_QUESTIONS = re.compile(
    r"\bhow many questions\b|\bwho asked (?:the )?(?:questions|what)\b"
    r"|\bwho (?:all )?asked\s*(?:something|anything)?\W*$"
    r"|\b(?:which|what|how many) (?:reporters|journalists|media|(?:news )?outlets|news organi[sz]ations)\b"
    r".* ask(?:ed)?\b"
    r"|\bwhat questions did (?:the )?(?:reporters|journalists|press|media) ask\W*$"
    r"|\b(?:list|show) (?:me )?(?:all )?(?:of )?(?:the )?questions\b"
    r"|\b(?:what|which) (?:were (?:all )?the questions|questions? (?:was|were) (?:asked|put|raised))\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"\bhow long (?:(?:was|is) {_HERE}\b|(?:did|does) {_HERE} last\b|(?:did|does) (?!this take){_HERE} take\W*$)",
    re.IGNORECASE,
)
# "Who spoke more than once?", "How many questions may each ask?": what the turns do not tell, or not of all.
_OTHERWISE = frozenset(
    "not no never didn don doesn wasn weren may might can could should will would shall must each every you more "
    "less once twice only before after over".split()
)
# "How many questions did he ask?", "Who spoke at that meeting?": of another event, or of somebody.
_ANOTHER = re.compile(
    rf"\b(?:he|she|they|off|(?:that|those|his|her|their|our|my|your) (?:\w+ )?(?:{WHICH}|{MEDIUM}))\b", re.IGNORECASE
)
_POLITE = re.compile(
    r"^\W*(?:please )?(?:can|could|will|would) you (?:please )?|,? (?:can|could|will|would) you\W*$", re.IGNORECASE
)
_DATES = frozenset("given day time year month date dated posted published page website".split())
_OWN_WORDS = EVENT - _DATES | frozenset(
    "speaker speakers spoke speak speaking speaks talked talk talking participants participated part attended people "
    "different list name names show question questions asked put raised ask reporter reporters journalist journalists "
    "outlet outlets media news organization organizations organisation organisations many something anything "
    "total".split()
)
# The patterns with the words beside these that may stand in the question.
_KINDS: tuple[tuple[About, re.Pattern[str], frozenset[str]], ...] = (
    ("first question", _FIRST, frozenset(("first", "questioner"))),
    ("last question", _LAST, frozenset(("last", "final", "questioner"))),
    ("most questions", _MOST, frozenset(("most", "questioner"))),
    ("most words", _TALKS, frozenset(("most", "talks", "said"))),
    ("first speaker", _OPENS, frozenset(("first", "person"))),
    ("last speaker", _CLOSES, frozenset(("last", "final", "person"))),
    ("questions", _QUESTIONS, frozenset()), ("speakers", _SPEAKERS, frozenset()),
    ("length", _LENGTH, frozenset(("long", "last", "lasted"))),
)  # fmt: skip
_PICKS = frozenset(("most",))  # no stopwords here: "who spoke most" does not ask for all
_SHOWN = 8  # names in one line
MOST = 50  # sentences shown in one answer: more than most press conferences have questions
_EVENTS: dict[str, About] = {"event date": "date", "title": "title"}
_NOTHING = {
    **dict.fromkeys(("speakers", "first speaker", "last speaker", "most words"), "the file names no speakers"),
    "length": "the file gives no times", "date": "the file gives no date",
    "title": "the file gives no title",
}  # fmt: skip
_UNASKED = "nobody is marked as asking"


def about(question: str) -> About | None:
    """What of the transcript itself is asked for, if the question names nothing else."""
    question = written_out(question)
    if _ANOTHER.search(question):
        return None
    if kind := _EVENTS.get(understand(question).wants):
        return kind
    held = set(words(_POLITE.sub("", question)))
    if not _OTHERWISE.isdisjoint(held):
        return None
    named = held - (STOPWORDS - _PICKS)
    kinds = (kind for kind, pattern, also in _KINDS if named <= _OWN_WORDS | also and pattern.search(question))
    return next(kinds, None)


def answer(kind: About, transcripts: Sequence[Transcript], scope: Scope = Scope()) -> tuple[str, tuple[Span, ...]]:
    """What the turns tell, in a line that is nobody's words, and the sentences that show it, in their order. Of the
    speakers of the ``scope``, if it names any: only their turns count, except for the length."""
    notes: list[str] = []
    showing: list[list[Span]] = []
    for transcript in transcripts:
        turns = [turn for turn in transcript.turns if not scope.speakers or turn.speaker in scope.speakers]
        found, shown = _ANSWERS[kind](transcript, turns)
        note = found or _NOTHING.get(kind, _UNASKED)
        if found or not scope.speakers:
            notes.append(f"{transcript.title}: {note}" if len(transcripts) > 1 else f"{note[:1].upper()}{note[1:]}")
        showing.append(shown)
    spans, total = _shared(showing), sum(map(len, showing))
    notes += [f"{len(spans)} of {total} quotes are shown"] if len(spans) < total else []
    return " ".join(f"{note}." for note in notes), spans


def _shared(showing: Sequence[Sequence[Span]]) -> tuple[Span, ...]:
    """The first of each transcript, as many of each, MOST in all."""
    kept = [span for row in zip_longest(*showing) for span in row if span][:MOST]
    return tuple(span for own in showing for span in own if span in kept)


def _speakers(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    first: dict[str, Span] = {}
    counts: Counter[str] = Counter()
    who = people(transcript.speakers())
    for turn in turns:
        if turn.speaker:
            counts[who[turn.speaker]] += 1
            first.setdefault(who[turn.speaker], _first(transcript, turn.start, turn.end))
    named = _named(f"{name} ({_count(count, 'turn')})" for name, count in counts.items())
    return (f"{_count(len(first), 'speaker')}: {named}" if first else "", list(first.values()))


def _first_speaker(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    return _one_speaker(transcript, [turn for turn in turns if turn.speaker][:1], "first")


def _last_speaker(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    return _one_speaker(transcript, [turn for turn in turns if turn.speaker][-1:], "last")


def _most_words(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    who = people(transcript.speakers())
    counts: Counter[str] = Counter()
    for turn in turns:
        if turn.speaker:
            counts[who[turn.speaker]] += count_roughly(transcript.text[turn.start : turn.end])
    if not counts:
        return "", []
    name, most = max(counts.items(), key=itemgetter(1))
    turn = next(turn for turn in turns if turn.speaker and who[turn.speaker] == name)
    return f"{name} speaks most, {most:,} of {counts.total():,} words", [_first(transcript, *turn[:2])]


def _one_speaker(transcript: Transcript, one: Sequence[Turn], place: str) -> tuple[str, list[Span]]:
    return next(((f"{turn.speaker} speaks {place}", [_first(transcript, *turn[:2])]) for turn in one), ("", []))


def _questions(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    asked = _asking(turns)
    spans = [_first(transcript, turn.start, turn.end, asking=True) for turn in asked]
    who = people(transcript.speakers())
    askers = dict.fromkeys(who[turn.speaker] for turn in asked if turn.speaker)
    by = f" by {_named(askers)}" if askers else ""
    return (f"{_count(len(asked), 'turn')} with questions{by}" if asked else "", spans)


def _first_question(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    return _one_question(transcript, _asking(turns)[:1], "first")


def _last_question(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    return _one_question(transcript, _asking(turns)[-1:], "last")


def _one_question(transcript: Transcript, asked: Sequence[Turn], place: str) -> tuple[str, list[Span]]:
    """All that is asked in the one turn, if there is one."""
    for turn in asked:
        said = [Span(transcript, *at) for at in sentences_of(transcript, Range(turn.start, turn.end))]
        by = f" by {turn.speaker}" if turn.speaker else ""
        return f"the {place} turn with a question{by}", [s for s in said if is_interrogative(s.quote)] or said[:1]
    return "", []


def _most_questions(transcript: Transcript, turns: Sequence[Turn]) -> tuple[str, list[Span]]:
    who = people(transcript.speakers())
    asked = [turn for turn in _asking(turns) if turn.speaker]
    counts = Counter(who[turn.speaker] for turn in asked)
    most = max(counts.values(), default=0)
    leading = [name for name, count in counts.items() if count == most]
    spans = [_first(transcript, t.start, t.end, asking=True) for t in asked if who[t.speaker] in leading]
    named = f"{_named(leading)} asked most, {_count(most, 'turn')} with questions{' each' * (len(leading) > 1)}"
    return (named if leading else "", spans)


def _asking(turns: Iterable[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.role == "question"]


def _length(transcript: Transcript, _: Sequence[Turn]) -> tuple[str, list[Span]]:
    """By the times in the file: from the first to the last one known; each file of a joined event has its own clock."""
    known = [(s, turn) for turn in transcript.turns for s in (turn.seconds, turn.until) if s is not None]
    known += [(m.seconds, transcript.turns[transcript.turn_at(m.start)]) for m in transcript.moments]
    clocks: dict[str, list[tuple[float, Turn]]] = {}
    for second, turn in known:
        page = transcript.page_at(turn.start)
        clocks.setdefault(page.source if page else "", []).append((second, turn))
    read = [(min(own, key=itemgetter(0)), max(own, key=itemgetter(0))) for own in clocks.values() if len(own) > 1]
    if not read:
        return "", []
    spans = [_first(transcript, turn.start, turn.end) for turn in dict.fromkeys(t for pair in read for _, t in pair)]
    whole = int(sum(last - first for (first, _), (last, _) in read))
    where = "the file" if len(clocks) < 2 else f"each of {len(read)} files, together"
    return f"from the first to the last time in {where} {whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}", spans


def _date(transcript: Transcript, _: Sequence[Turn]) -> tuple[str, list[Span]]:
    """By the dateline."""
    date = transcript.date
    for span in _headings(transcript):
        if date and date in (span.quote, find_date(span.quote)):
            return f"dated {date}", [span]
    return f"the file is dated {date}, which its text does not say" if date else "", []


def _title(transcript: Transcript, _: Sequence[Turn]) -> tuple[str, list[Span]]:
    for span in _headings(transcript):
        if " ".join(span.quote.split()) == transcript.title:
            return "this is the title", [span]
    named = transcript.title != PurePath(transcript.source).stem  # else the title is what the file is called
    return f"the file is titled “{transcript.title}”, which its text does not say" if named else "", []


def _headings(transcript: Transcript) -> list[Span]:
    return [Span(transcript, turn.start, turn.end) for turn in transcript.turns if turn.role == "heading"]


_ANSWERS = {
    "speakers": _speakers, "first speaker": _first_speaker, "last speaker": _last_speaker, "most words": _most_words,
    "questions": _questions, "first question": _first_question, "last question": _last_question,
    "most questions": _most_questions, "length": _length, "date": _date, "title": _title,
}  # fmt: skip


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
