"""What declines to answer, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from qa.chunking import chunk
from qa.declining import declines
from qa.encoder import PassageEncoder
from qa.evidence import JUDGING, RANKING
from qa.exchanges import declined
from qa.question import understand
from qa.reader import SentenceReader, Weights
from qa.text import spans_of, words
from qa.types import Hit, Passage, Scope, Vectors
from tests.fakes import spoken


@pytest.mark.parametrize("sentence", [
    "I’m not going to get ahead of that.",
    "Well, I — I’m not really going to comment on — on any of those names.",
    "I don't have anything to announce today.",
    "And again, I just — I don’t have any calls to read out for you.",
    "We, we don't — don't have an update on that.",
    "I have nothing more to add.",
    "Nothing to share at this time.",
    "I would refer you to the Department of Defense.",
    "I'm going to pass on that one.",
    "I can't say.",
    "Honestly, I just don't know.",
    "It is too early to say.",
    "I wouldn't want to speculate about it.",
    "I'll have to get back to you on that.",
    "We're not in a position to confirm the number.",
    "I do not have an update on that.", "I'll have to look into that.", "I can't tell you that.",
    "I don't have the exact number in front of me.", "I do not recall the meeting.", "I'm unable to comment.",
    "It would be inappropriate for me to comment.", "That's not something I can comment on.",
    "We never comment on intelligence matters.", "I'd rather not say.", "I can neither confirm nor deny that.",
    "I refuse to answer that question.", "It would be premature to say.", "I'll take that on notice.",
    "The company does not comment on rumors.", "Not going to comment on that.", "I'm not going to go there.",
    "I'm not going to comment on the 2024 election.", "I don't have anything to announce before December 3.",
    "I won't get into that.", "I would point you to the Department of Justice.",
    "I’m not going to get into hypotheticals.",
])  # fmt: skip
def test_what_declines(sentence: str) -> None:
    assert declines(sentence)


@pytest.mark.parametrize("sentence", [
    "We did not recall a single vehicle in March.",
    "I don't think that rates will fall this year.",
    "We are not going to raise the fare.",
    "The ministry has nothing against the plan.",
    "I don't want to go into too much detail, but it is a six-week truce, and it begins on Sunday.",
    "I wouldn't say that anything has happened since March to change the way in which we think about prices.",
    "They announced that they will share the costs with us.",
    "I know the answer, and it is forty-two.",
    "We refer such cases to the courts.",
    "We direct people to the shelter on Main Street.", "We will leave that to the states.",
    "I'd point you to our record: 500 houses built.", "I can't tell you how proud I am of the firefighters.",
    "Police were unable to confirm his identity.", "It is not too early to say that inflation has peaked.",
    "I would not characterize it as a recession.", "I wouldn't speculate on it, our forecast is 2.1 percent.",
    "We expect inflation to decline further next year.", "We will get back to 2 percent inflation by the end of 2026.",
    "We pass on the savings to our customers.", "We need to check the bridge every year.",
    "We are not getting into a war with Iran.", "We will not negotiate with terrorists.",
    "We did not disclose the breach until March.", "We have no plans to offer refunds.",
    "We don't have enough staff to provide the service on Sundays.", "We're not forecasting a recession.",
    "We don't have the tools to address that.", "We are not talking about a tax increase.",
    "I'd refer you to the statement, which puts the median at 4.6 percent.",
    "The number of people in the hall was too large, the doors had been shut since noon, and we don't comment on why.",
    "我们没有什么要补充的。",
    "",
])  # fmt: skip
def test_what_tells_something(sentence: str) -> None:
    assert not declines(sentence)


TOWN = spoken(
    ("Ms. Ray", "Good morning. Ice permitting, the harbour will not close for two weeks as it did last winter."),
    ("Q", "Will the harbour be closed in winter? The fishermen are worried about it."),
    ("Ms. Ray", "Thank you for that. I'm not going to get ahead of the council. It meets on Friday."),
    ("Q", "How many ships came in winter?"),
    ("Ms. Ray", "There were 412 of them. The quay was busy in winter too, and the harbour was open."),
    ("Q", "Is the quay safe to walk on?"),
    ("Ms. Ray", "It is salted every morning. I don't know."),
)


def shared(question: str, texts: Sequence[str]) -> Vectors:
    """Share of common words, in place of cosines."""
    asked = set(words(question))
    return np.array([len(asked & set(words(text))) / len(asked) for text in texts], dtype=np.float32)


def exchange(question: str, best: str, scope: Scope = Scope()) -> list[str]:
    passages = chunk(TOWN, lambda texts: [len(text.split()) for text in texts], 40)
    hits = [Hit(passage, 1.0) for passage in passages]
    (span,) = {span for hit in hits for span in spans_of(hit.passage) if best in span.quote}
    return [shown.quote for shown in declined(understand(question), span, hits, scope, shared)]


WINTER = "Will the harbour be closed this winter?"
DECLINES = "get ahead of the council"


def test_a_sentence_that_declines_is_no_answer() -> None:
    assert exchange(WINTER, DECLINES) == [
        "Will the harbour be closed in winter?", "I'm not going to get ahead of the council.", "It meets on Friday.",
    ]  # fmt: skip


def test_the_last_sentence_of_a_reply_stands_alone() -> None:
    assert exchange("Is the quay safe?", "I don't know") == ["Is the quay safe to walk on?", "I don't know."]


def test_what_is_said_elsewhere_does_not_answer_a_question_that_was_declined() -> None:
    assert exchange(WINTER, "It is salted")[1] == "I'm not going to get ahead of the council."
    assert exchange("How many ships came in winter?", "412") == [], "that question was answered"
    assert exchange("Was the quay busy?", "The quay was busy") == [], "nobody asked it"
    assert exchange(WINTER, "close for two weeks") == [], "that is no reply to another question"


def test_another_question_that_was_declined_does_not_matter() -> None:
    assert exchange("Where do the buses stop on Sundays?", DECLINES) == []


@pytest.mark.parametrize("question", [
    "Did Ray say whether the harbour will be closed in winter?", "Did she confirm that the harbour will be closed?",
    "Why did she decline to say whether the harbour will be closed in winter?", "harbour closed winter",
    "Any news on whether the harbour will be closed in winter?",
    "What did the reporters ask about the harbour being closed in winter?",
])  # fmt: skip
def test_whoever_asks_about_the_reply_is_shown_it(question: str) -> None:
    assert exchange(question, DECLINES) == []


def test_the_council_may_say_something_that_she_does_not() -> None:
    assert exchange("Will the council say that the harbour be closed in winter?", DECLINES)


def test_one_speakers_words_are_what_is_asked_for() -> None:
    assert exchange(WINTER, DECLINES, Scope(speakers=frozenset(["Ms. Ray"]))) == []


class Prefers:
    """Scores the sentences that hold ``words`` high."""

    def __init__(self, words: str) -> None:
        self._words = words

    def score(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        return [np.array([9.0 * (self._words in s.quote) for s in spans_of(p)], dtype=np.float32) for p in passages]


def test_the_reader_shows_the_exchange_and_is_not_confident(minilm: PassageEncoder) -> None:
    weights = Weights((9.0,) + (0.0,) * (len(RANKING) - 1), (0.0,) * len(JUDGING), 9.0, 0.5, 0.0)
    hits = [Hit(passage, 1.0, 1.0, 0.5) for passage in chunk(TOWN, minilm.count, minilm.limit)]
    reading = SentenceReader(minilm, Prefers(DECLINES), weights).read(WINTER, hits)
    assert not reading.quotes and reading.confidence == 0
    assert [span.quote for span in reading.exchange[:2]] == [
        "Will the harbour be closed in winter?", "I'm not going to get ahead of the council.",
    ]  # fmt: skip
    reading = SentenceReader(minilm, Prefers("412"), weights).read("How many ships came in winter?", hits)
    assert not reading.exchange and reading.confidence > 0.9 and "412" in reading.quotes[0].quote
