"""Questions worth asking: really asked, and they stand for themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import worth
from tests.fakes import spoken


def asked(*questions: str, reply: str = "I will tell you at length.") -> list[str]:
    turns = [pair for question in questions for pair in (("Ann Lee", question), ("Minister", reply))]
    return list(worth.questions(spoken(*turns)))


@pytest.mark.parametrize(
    ("said", "shortened"),
    [
        (
            "Thank you, Minister. I'm Ann Lee from the Harbour Post. My question is, how many ferries will the "
            "county buy next spring?",
            "How many ferries will the county buy next spring?",
        ),
        ("And what role did Bo Li play in closing the bridge?", "What role did Bo Li play in closing the bridge?"),
        (
            "I was just wondering, will there be any help for fishermen without a harbour?",
            "Will there be any help for fishermen without a harbour?",
        ),
        ("Will the — will the county buy new ferries in the spring?", "Will the county buy new ferries in the spring?"),
        ("So does the ferry\nrun to Norby in winter, please?", "Does the ferry run to Norby in winter?"),
        (
            "If the county does sell the old bridge, what happens to the toll houses on the island?",
            "What happens to the toll houses on the island?",
        ),
    ],
)
def test_what_stands_around_a_question_is_cut(said: str, shortened: str) -> None:
    assert asked(said) == [shortened]


@pytest.mark.parametrize(
    "said",
    [
        "Why?",
        "Can you hear me on this line at all?",
        "Is it true that the bridge was closed by the county?",
        "Does that mean the county sells the old bridge?",
        "What do these numbers say about the ferries to Norby?",
        "The bridge was closed by Bo Li in November, who was in charge of the harbour at night?",
        "What do you make of it, as the county is concerned?",
        "How many of the ferries — Norby has seven boats — will the county buy?",
        "Tell us about the new ferries that the county will buy.",
        "How many ferries " + "and boats " * 20 + "are there?",
    ],
)
def test_what_leans_on_other_words_is_not_offered(said: str) -> None:
    assert asked(said) == []


def test_a_pronoun_may_stand_for_what_the_question_names() -> None:
    said = "Can the harbour police close Norby bridge before they repair it?"
    assert asked(said) == [said]


def test_chinese_questions() -> None:
    said = "謝謝主席。請問政府會否在明年三月前重建諾比海港的舊渡輪碼頭？"
    assert asked(said) == ["政府會否在明年三月前重建諾比海港的舊渡輪碼頭？"]
    assert asked("這件事你知道政府會如何處理渡輪碼頭嗎？") == []


def test_only_what_was_asked_and_replied_to() -> None:
    question = "How many ferries will the county buy next spring?"
    assert worth.questions(spoken(("Minister", f"People say: {question} I do not know."))) == ()
    assert worth.questions(spoken(("Minister", "Good morning."), ("Ann Lee", question))) == ()


def test_at_most_six_each_once_in_their_order() -> None:
    made = [f"How many ferries will county number {number} buy next spring?" for number in range(1, 10)]
    found = asked(*made, *made)
    assert len(found) == worth.MOST
    assert found == [question for question in made if question in found]


def test_every_asker_comes_before_anothers_second() -> None:
    turns = [("Ann Lee", f"How many ferries will county number {number} buy next spring?") for number in range(9)]
    turns.append(("Cem Oz", "Does the county repair Norby bridge?"))
    spoken_turns = [pair for turn in turns for pair in (turn, ("Minister", "I will tell you at length."))]
    assert "Does the county repair Norby bridge?" in worth.questions(spoken(*spoken_turns))


@given(st.text(max_size=200))
def test_every_word_is_the_askers(said: str) -> None:
    for question in asked(f"{said} How many ferries will the county buy?"):
        body = "".join(question.split())[1:-1].casefold()
        assert body in "".join(f"{said} How many ferries will the county buy?".split()).casefold()
