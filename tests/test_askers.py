"""Who asked, told by labels, introductions and by who was called on."""

from __future__ import annotations

import pytest

from qa.question import understand
from qa.reader import eligible
from qa.types import Transcript
from tests.test_reader import hits_of, spoken


def quotes(question: str, transcript: Transcript) -> list[str]:
    return [c.span.quote for c in eligible(understand(question), hits_of(transcript))]


@pytest.mark.parametrize(
    ("asker", "opening"),
    [
        ("the Washington Post reporter", "Thanks. Ylan Mui, Washington Post."),
        ("the L.A. Times reporter", "Hi, Jim Puzzanghera with the L.A. Times."),
        ("the FT man", "Sam Fleming from the Financial Times."),
        ("WSJ", "Nick Timiraos of The Wall Street Journal."),
        ("Nina Kolomiiets", "Nina Kolomiiets, Inter channel."),
    ],
)
def test_a_sentence_of_names_introduces_who_asks(asker: str, opening: str) -> None:
    transcript = spoken(
        ("Q", f"{opening} Is it so?"), ("Chair", "It is. What else?"), ("Q", "And this?"), ("Chair", "No.")
    )
    assert quotes(f"What did {asker} ask?", transcript) == ["Is it so?"]


@pytest.mark.parametrize(
    ("named", "opening"),
    [
        ("Reuters", "This is Tom Brown from CNN, and Reuters reported today that you will resign."),
        ("Powell", "This is Powell's third conference this year."),
    ],
)
def test_whom_an_introduction_goes_on_to_mention_did_not_ask(named: str, opening: str) -> None:
    transcript = spoken(("Q", f"{opening} Is it so?"), ("Chair", "It is."))
    assert quotes(f"What did {named} ask?", transcript) == []


@pytest.mark.parametrize(
    "opening",
    [
        "I'm Ann Lee, chief correspondent with Reuters.", "My name is Tom Brown, and I'm with Reuters.",
        "This is Reuters' Rich Miller.", "This is Kim Lee, a staff writer at Reuters.",
        "My name is Li Na, working for Reuters.", "I'm Ann Roe, covering China for Reuters.",
    ],
)  # fmt: skip
def test_an_introduction_says_for_whom(opening: str) -> None:
    transcript = spoken(("Q", f"{opening} Is it so?"), ("Chair", "It is."))
    assert quotes("What did Reuters ask?", transcript) == ["Is it so?"]


@pytest.mark.parametrize("opening", ["Thank you, Chair Powell.", "Powell said no.", "Hello, Powell."])
def test_whom_a_question_addresses_did_not_ask_it(opening: str) -> None:
    transcript = spoken(("Q", f"{opening} Is it so?"), ("Chair", "It is."))
    assert quotes("What did Powell ask?", transcript) == []


def test_who_was_called_on_asks_and_may_follow_up() -> None:
    transcript = spoken(
        ("Ms. Psaki", "That is all I have. Go ahead, Zeke."),
        ("Q", "Is it so?"),
        ("Ms. Psaki", "It is so, we think."),
        ("Q", "And this?"),
        ("Ms. Psaki", "Not that I know of. Okay, and our last question will go to Karen."),
        ("Q", "Who else?"),
        ("Ms. Psaki", "Nobody."),
    )
    assert quotes("What did Zeke ask?", transcript) == ["Is it so?", "And this?"]
    assert quotes("What did Karen ask?", transcript) == ["Who else?"]


def test_who_is_thanked_does_not_ask_next() -> None:
    reply = ("Chair", "It is, as we said in May. Thank you, Nick.")
    transcript = spoken(("Q", "Nick Hall, Daily Post. Is it falling?"), reply, ("Q", "How about jobs?"), reply)
    assert quotes("What did Nick ask?", transcript) == ["Is it falling?"]


def test_who_was_here_did_not_ask() -> None:
    transcript = spoken(("Q", "President Biden was here yesterday. Will banks fail?"), ("Chair", "They will not fail."))
    assert quotes("What did Biden ask?", transcript) == []


def test_mr_lee_did_not_ask_what_ms_lee_asked() -> None:
    reply = ("Chair", "Because demand was strong, as we have said every month.")
    transcript = spoken(("Mr. Lee", "How many banks failed?"), reply, ("Ms. Lee", "Who paid for it?"), reply)
    assert quotes("What did Ms. Lee ask?", transcript) == ["Who paid for it?"]
    assert quotes("What did Mr. Lee ask?", transcript) == ["How many banks failed?"]


def test_the_last_question_may_have_no_reply() -> None:
    transcript = spoken(("Ann Lee", "Is it so?"), ("Chair", "It is so, as I said before."), ("Bob Orr", "Is this?"))
    assert quotes("What did Bob Orr ask?", transcript) == ["Is this?"]


ASKED = spoken(
    ("Jeff Mason", "He may appoint a deputy. Will he?"), ("Mr. Kirby", "I won't say. He appoints whom he likes."),
    ("Ann Lee", "Two hundred people fell ill. Why?"), ("Mr. Kirby", "We look into it."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Which appointment did Jeff Mason raise?", ["He may appoint a deputy.", "Will he?"]),
        ("How many people did a journalist say fell ill?", ["Two hundred people fell ill."]),
        ("Did anybody ask whether he will appoint a deputy?", ["Will he?", "Why?"]),
    ],
)
def test_what_may_be_a_reporters_words_is_looked_for_in_these_too(question: str, held: list[str]) -> None:
    found = quotes(question, ASKED)
    assert set(held) <= set(found) and "He appoints whom he likes." in found


@pytest.mark.parametrize(
    "question", ["Will he appoint a deputy?", "What did Kirby reply to the reporter's question?", "Who is Jeff Mason?"]
)
def test_else_a_reporters_words_answer_nothing(question: str) -> None:
    assert "Will he?" not in quotes(question, ASKED)


def test_a_word_of_an_outlets_name_names_nobody() -> None:
    transcript = spoken(("China Daily", "It has grown. Will it grow?"), ("Chair", "It will."))
    assert "It has grown." not in quotes("How much has trade with China grown?", transcript)
    assert "It has grown." in quotes("How much did China Daily say it has grown?", transcript)


@pytest.mark.parametrize(
    ("question", "asker"),
    [
        ("What did the L.A. Times reporter want explained?", "la times"),
        ("What was Biden asked about a downturn?", ""),
        ("What did Appelbaum press him on?", "appelbaum"), ("What did Robb wonder?", "robb"),
    ],
)  # fmt: skip
def test_other_words_for_asking(question: str, asker: str) -> None:
    asked = understand(question)
    assert asked.wants == "asked" and asked.askers == ((frozenset(asker.split()),) if asker else ())
