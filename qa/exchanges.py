"""Asked, but not answered: where somebody asked the same, and the reply did not tell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from qa.declining import declines
from qa.question import Question
from qa.speakers import TITLES
from qa.text import content_terms, is_interrogative, sentences_of, spans_of, words
from qa.types import Hit, Range, Scope, Span, Transcript, Vectors

# Cosine from which on two questions ask the same: 16 of 18 paraphrases of questions that were evaded reach it; chosen
# on questions made to mislead, where those above it had been asked; see benchmarks/LOG.md and benchmarks/evaded.py.
_SAME = 0.65
_ALIKE = 0.4  # enough where the sentence that seems to answer stands in the reply, and declines
_WHOLE_QUESTION = 4  # words: "Why is that?" asks nothing by itself
_SHOWN = 2  # sentences of a reply
_FIRST = 3  # sentences of a reply, in which it declines if it does
# Questions about the reply itself: "Why does she decline to comment?", "Any news on the date?"
_ABOUT_REPLY = frozenset(
    "comment comments commented decline declines declined declining refuse refuses refused refusing defer defers "
    "deferred refer refers referred news update updates".split()
)
# The same where they name the one who replies, or he and she: "Did Powell confirm it?"
_TELLING = frozenset(
    "confirm confirms confirmed say says said tell tells told speak speaks speaking spoke talk talks talking discuss "
    "discusses discussed reveal reveals revealed disclose disclosed announce announced name named preview share answer "
    "answers answered reply replies replied respond responds responded response speculate know knows think thinks view "
    "position stance opinion".split()
)
_PERSON = frozenset("he she they".split())


class Cosines(Protocol):
    def __call__(self, question: str, texts: Sequence[str]) -> Vectors:
        """``(n,)``: how near each text is to the question."""


def asked_alike(asked: Question, hits: Sequence[Hit], scope: Scope, cosines: Cosines) -> tuple[Span, ...]:
    """Where nothing answers: the sentence that asks the same, and how the reply to it begins; none if nobody does."""
    if asked.wants == "asked" or scope.speakers:
        return ()
    replies = _replies(hits)
    asking = [span for place in replies for span in _asking(*place)]
    question, near = _nearest(asked, asking, cosines)
    if question is None or near < _SAME:
        return ()
    reply = replies[question.transcript, question.turn]
    return (question, *said_in(question.transcript, reply)[:_SHOWN])


def declined(asked: Question, best: Span, hits: Sequence[Hit], scope: Scope, cosines: Cosines) -> tuple[Span, ...]:
    """Where what seems to answer declines to, or stands elsewhere while a reply to the same question declines: the
    question, the sentence that declines and the one behind it."""
    if asked.wants in ("asked", "keywords") or scope.speakers or _is_about_reply(asked.text, best):
        return ()
    if declines(best.quote):
        question, near = _nearest(asked, _asked_before(best), cosines)
        return (question, *_from(best)) if question is not None and near >= _ALIKE else ()
    if best.transcript.question_of(best.turn) < 0:  # a statement tells what it tells, whatever was declined later
        return ()
    declining = {(span.transcript, span.turn): span for span in reversed(_declining(hits)) if not _together(span, best)}
    about = set(content_terms(asked.text, best.transcript.language))
    asking = {
        question: span
        for span in declining.values()
        for question in _asked_before(span)
        if not about.isdisjoint(content_terms(question.quote, question.transcript.language))  # cosines take their time
    }
    question, near = _nearest(asked, list(asking), cosines)
    if question is None or near < _SAME or _nearest(asked, _asked_before(best), cosines)[1] >= _ALIKE:
        return ()
    return (question, *_from(asking[question]))


def _is_about_reply(question: str, best: Span) -> bool:
    said = set(words(question))
    person = not (_PERSON | set(words(best.speaker)) - TITLES).isdisjoint(said)
    return not said.isdisjoint(_ABOUT_REPLY) or (person and not said.isdisjoint(_TELLING))


def _declining(hits: Sequence[Hit]) -> list[Span]:
    """Sentences at the beginning of a reply that decline."""
    spans = (span for hit in hits for span in spans_of(hit.passage) if span.role == "answer" and declines(span.quote))
    return [span for span in spans if len(sentences_of(span.transcript, _before(span))) < _FIRST]


def _before(span: Span) -> Range:
    """What is said before it in its turn."""
    return Range(span.transcript.turns[span.turn].start, span.start)


def _together(one: Span, other: Span) -> bool:
    """Whether they reply to one question."""
    replied = one.transcript.question_of(one.turn)
    return one.transcript is other.transcript and replied == other.transcript.question_of(other.turn)


def _asked_before(reply: Span) -> list[Span]:
    turn = reply.transcript.question_of(reply.turn)
    return _asking(reply.transcript, turn) if turn >= 0 else []


def _from(span: Span) -> list[Span]:
    """The sentence, and what is said behind it."""
    behind = (other for other in said_in(span.transcript, span.turn) if other.start >= span.end)
    return [span, *islice(behind, _SHOWN - 1)]


def _nearest(asked: Question, asking: Sequence[Span], cosines: Cosines) -> tuple[Span | None, float]:
    near = cosines(asked.text, [span.quote for span in asking])
    return (asking[int(near.argmax())], float(near.max())) if asking else (None, 0.0)


def _replies(hits: Sequence[Hit]) -> dict[tuple[Transcript, int], int]:
    """The questions that the passages hold or reply to, each with the turn that replies to it."""
    found: dict[tuple[Transcript, int], int] = {}
    for hit in hits:
        transcript = hit.passage.transcript
        for start, _ in hit.passage.pieces:
            turn = transcript.turn_at(start)
            asked = turn if transcript.turns[turn].role == "question" else transcript.question_of(turn)
            behind = (i for i in range(asked + 1, len(transcript.turns)) if transcript.turns[i].role == "answer")
            reply = next(behind, -1) if asked >= 0 else -1
            if reply >= 0 and transcript.question_of(reply) == asked:
                found[transcript, asked] = reply
    return found


def _asking(transcript: Transcript, turn: int) -> list[Span]:
    """The turn's sentences that ask something by themselves."""
    return [
        span
        for span in said_in(transcript, turn)
        if is_interrogative(span.quote) and len(words(span.quote)) >= _WHOLE_QUESTION
    ]


def said_in(transcript: Transcript, turn: int) -> list[Span]:
    said = transcript.turns[turn]
    return [Span(transcript, *at) for at in sentences_of(transcript, Range(said.start, said.end))]
