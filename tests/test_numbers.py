"""Numbers as people write and round them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.numbers import agreed, numbers, restated


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What was 6.7 million?", "It recalled 6.728 million vehicles."),
        ("What was 6,728,000?", "It recalled 6.728 million vehicles."),
        ("Did one in three leave?", "33 percent of them left."),
        ("Did one in three leave?", "A third of them left."),
        ("Was it a quarter?", "It was 25%."),
        ("Which rate is about 94 percent?", "The rate rose to 93.65%."),
        ("57,000 cases of what?", "56,700 cases were handled."),
        ("What did 18 departments do?", "Eighteen departments issued a plan."),
        ("Did three out of ten agree?", "30 per cent agreed."),
        ("Who got $2bn?", "They received 2 billion dollars."),
        ("Did 25 percent agree?", "Twenty-five percent of them did."),
        ("Are 25 states in?", "twenty-five states are"),
        ("Who lost 500,000 jobs?", "Half a million jobs were lost."),
        ("Who has 1 million?", "They have a million."),
        ("Is it 1.5 million?", "It is one and a half million."),
        ("Who got $3B?", "They got 3 billion dollars."),
        ("Who got $1.5T?", "It is 1.5 trillion."),
        ("Did 66% agree?", "Two thirds agreed."),
        ("Why cut by 50 basis points?", "We cut by half a percentage point."),
        ("Who had 250?", "two hundred and fifty"),
        ("Were 1.5 million recalled?", "In August 1.5 million were recalled."),
        ("Is it 256,000?", "in December 256,000"),
        ("Did 50 percent agree?", "Half the residents agreed."),
        ("Did 33 percent?", "About a third voted for it."),
        ("Why cut by 75 basis points?", "three-quarters of a percentage point"),
        ("Is it 50 percent?", "Half agreed."),
        ("Why cut by 25 basis points?", "It was a quarter-point cut."),
        ("Why 0.75 percent?", "by 75 basis points"),
        ("What of 125,000?", "a hundred and twenty-five thousand"),
        ("Did 100 come?", "A hundred people came."),
    ],
)
def test_numbers_that_say_the_same(question: str, sentence: str) -> None:
    assert agreed(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What was 6.7 million?", "It recalled 6.8 million vehicles."),
        ("What was 6.7 million?", "It recalled 6.7 billion vehicles."),
        ("What happened in 2023?", "2,024 were sold in 2022."),
        ("Did one in three leave?", "3 left."),
        ("Is it 5 percent?", "It is 5."),
        ("What rose?", "It rose to 93.65%."),
        ("Who was third?", "33% left."),
        ("How many of the 2,000 failed?", "In 2023 we tested them."),
        ("Who sent 20,000 troops?", "24,000 troops came."),
        ("Who made $1 billion?", "It was $600 million."),
        ("Is it the 2 percent goal?", "It was 1.6 percent."),
        ("Is it one in 10,000?", "It was 0.3 percent."),
    ],
)
def test_numbers_that_do_not(question: str, sentence: str) -> None:
    assert not agreed(question, sentence) & {"6.7", "2023", "one", "5", "third", "2000", "20000", "1", "2", "10000"}


@given(st.integers(1, 9_999_999), st.integers(1, 3))
def test_a_rounded_number_agrees_with_what_was_rounded(thousands: int, places: int) -> None:
    value = thousands / 1000
    assert agreed(f"What is {value:.{places}f} million?", f"It is {value:.3f} million.")


@given(st.text(alphabet="0123456789.,% -onethirdmillion\n", max_size=60))
def test_any_text_has_numbers_or_none(text: str) -> None:
    assert all(number.text in text for number in numbers(text))


def test_numbers_beyond_all_bounds_are_read() -> None:
    for text in ("1" + ",000" * 400, "9" * 400, "0." + "0" * 400 + "1", "$" + "9" * 310 + "m"):
        assert not agreed(f"Is it {text} tonnes?", "It is 5 tonnes.")


@pytest.mark.parametrize(("question", "text"), [
    ("Did twenty-five percent of residents agree?", "5% of residents agreed"),
    ("Did two thousand two hundred die?", "200 people died"), ("Is there a third option?", "33 percent of"),
    ("Was it cut in half?", "50% of it"), ("Did the other half agree?", "50% did"), ("Is it a third world war?", "33%"),
    ("What happened on March 5?", "Five people met."), ("What of COVID-19?", "nineteen people"),
    ("What did Speaker 2 say?", "two people"), ("Is it in a quarter?", "25% of it"),
    ("Is it $20 t-shirts?", "20 trillion"), ("Did it rise by 1 percent?", "by a quarter of a percent"),
    ("Did it rise by 1 percent?", "a few tenths of a percentage point"), ("Of 1 million?", "a quarter of a million"),
    ("Did 95 percent pass?", "I agree a hundred percent."),
    ("Will he seek a third term?", "33 percent of voters"),
    ("Why a quarter-point cut?", "a 25 percent tariff"), ("Did half a million people vote?", "About 50 percent did"),
])  # fmt: skip
def test_a_part_of_a_number_is_not_restated(question: str, text: str) -> None:
    assert restated(question, [text]) == question


def test_numbers_are_restated_as_the_record_writes_them() -> None:
    texts = ["It was 5 then.", "We recalled 6.728 million vehicles, a third of them in 2023."]
    assert restated("What does 6.7 million stand for?", texts) == "What does 6.728 million stand for?"
    assert restated("Were 33% recalled in 2023?", texts) == "Were a third recalled in 2023?"
    assert (
        restated("When will it reach 2%?", ["It is 1.6 percent.", "It was 2 percent."])
        == "When will it reach 2 percent?"
    )
    assert restated("Why 6.7 million?", ["We had 6,728,000 in 2023."]) == "Why 6,728,000?"
    assert restated("How will the 25 percent tariffs?", ["by a quarter; 25% tariffs"]) == "How will the 25% tariffs?"
    assert restated("Why is it 10%?", ["It is between 5 and 10 percent."]) == "Why is it 10 percent?"
    assert restated("What about 9 million?", texts) == "What about 9 million?"
    assert restated("What of the first half of 2023?", ["It was 50%."]) == "What of the first half of 2023?"
    assert restated("Is the 5 m wall finished?", ["It cost 5 million."]) == "Is the 5 m wall finished?"
    assert restated("Is it £7.5m?", ["It is 7.5 million pounds."]) == "Is it £7.5 million?"
    assert restated("Is net zero near?", ["The number is 0."]) == "Is net zero near?"
    assert restated("Did two hundred fifty people die?", ["250 people died"]) == "Did 250 people die?"
    assert restated("What fell?", texts) == "What fell?"
    assert restated("Which one is it?", ["Only 1 is left."]) == "Which one is it?"
    assert restated("Are two left?", ["Only 2 are left."]) == "Are 2 left?"
