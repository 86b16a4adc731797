"""Questions that are made unanswerable for training: they differ from what was asked, or what answers is gone."""

from __future__ import annotations

import random

from qa.chunking import chunk
from qa.text import spans_of
from qa.types import Passage
from tests.fakes import hashing, spoken
from training.altered import altered, unsaid, variants
from training.examples import Example

SAID = "Ann Lee built the mill in 1931. It burned down in 1950. Bo Sand rebuilt it for 40 thousand. Then Ann sold it."


def passage() -> Passage:
    own = hashing()
    (found,) = chunk(spoken(("Mayor", SAID)), own.count, own.limit)
    return found


def test_what_answers_is_left_out_and_nothing_else() -> None:
    left = unsaid(passage(), frozenset({1}))
    assert left and [span.quote for span in spans_of(left)] == [
        "Ann Lee built the mill in 1931.", "Bo Sand rebuilt it for 40 thousand.", "Then Ann sold it.",
    ]  # fmt: skip
    assert left.pieces[1].end - left.pieces[1].start > 40, "what is left together stays together"
    assert unsaid(passage(), frozenset(range(4))) is None


def test_an_altered_question_asks_for_something_else() -> None:
    def ways(question: str, named: bool = True) -> set[str]:
        return {altered(question, [passage()], random.Random(seed), named) for seed in range(40)}

    assert ways("When was the mill built?") == {"When was the mill destroyed?"}
    assert "When did Bo Sand build the mill?" in ways("When did Ann Lee build the mill?")
    assert ways("When did Ann Lee build the mill?", named=False) == {""}
    assert ways("What burned down in 1950?") == {"What burned down in 1931?"}, "another of the text's years"
    assert ways("What stood in 812?") == {f"What stood in 81{digit}?" for digit in "13456789"}
    assert ways("Who was the first owner?") == {"Who was the last owner?", "Who was not the first owner?"}


def test_variants_hold_no_answer() -> None:
    given = Example("When was the mill built?", (passage(),), (frozenset({0}),), ())
    made = [v for seed in range(40) for v in variants(given, random.Random(seed), named=True)]
    assert {v.question for v in made} == {"When was the mill built?", "When was the mill destroyed?"}
    for variant in made:
        assert not any(variant.gold)
        if variant.question == given.question:
            assert "1931" not in variant.passages[0].text
