"""The same thing said in other words: short names, rounded numbers, lists that are spoken, other languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.abbreviations import also, defined, initials
from qa.languages import hint, language_of
from qa.lists import asks_for_list, list_at, opened_by
from qa.numbers import agreed, numbers, restated
from qa.types import Span, Transcript
from tests.fakes import spoken


def said(transcript: Transcript, words: str) -> Span:
    start = transcript.text.index(words)
    return Span(transcript, start, start + len(words))


# -- abbreviations -------------------------------------------------------------------------------------------------


def test_brackets_define_a_short_name() -> None:
    transcript = spoken(("A", "The gross domestic product (GDP) grew (see page 3). In all (X) it fell (FELL)."))
    assert defined(transcript) == {"GDP": frozenset({"gross", "domest", "product"})}
    assert also(transcript, "GDP grew by a tenth.") == {"gross", "domest", "product"}
    assert also(transcript, "Our gross domestic product fell.") == {"gdp"}
    assert also(transcript, "The product fell.") == set()


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("The personal consumption expenditures price index (PCE) rose.", "PCE", "person consumpt expenditur"),
        ("The consumer price index (CPI) rose.", "CPI", "consum price index"),
        ("The Federal Open Market Committee (the FOMC) met.", "FOMC", "feder open market committe"),
        ("Sales of electric vehicles (EVs) fell.", "EV", "electr vehicl"),
        ("The State Administration for Market Regulation (“SAMR”) said so.", "SAMR", "state administr market regul"),
        ("The mid-term economic review (MTER) came.", "MTER", "mid term econom review"),
    ],
)  # fmt: skip
def test_what_a_bracket_shortens(text: str, short: str, long: str) -> None:
    assert defined(spoken(("A", text))) == {short: frozenset(long.split())}


def test_a_short_name_may_be_several() -> None:
    transcript = spoken(("A", "Sales of electric vehicles (EVs) fell."))
    assert also(transcript, "An EV is cheap.") == also(transcript, "EVs are cheap.") == {"electr", "vehicl"}


def test_a_short_name_is_written_in_capitals() -> None:
    transcript = spoken(("A", "The World Health Organization (WHO) said so. Those who travel should be careful."))
    assert also(transcript, "Those who travel should be careful.") == set()
    assert also(transcript, "The WHO's rules.") == {"world", "health", "organiz"}


@pytest.mark.parametrize(
    ("name", "short"),
    [("the State Administration for Market Regulation", "samr"),
     ("Director of the Federal Bureau of Investigation", "fbi"),
     ("Department of Defense", "dod"), ("Health and Human Services", "hhs"),
     ("The Federal Bureau of Investigation and Department of Defense", "fbi")],
)  # fmt: skip
def test_a_name_has_initials(name: str, short: str) -> None:
    assert short in initials(name)


@pytest.mark.parametrize("text", ["", "no name at all", "Ann", "Liu Sanjiang spoke", "市场监管总局", "A" * 3000])
def test_what_is_no_long_name_has_none(text: str) -> None:
    assert initials(text) == set()


@pytest.mark.parametrize("text", ["ſix ſhips", "fıve mıllıon", "NİNE hundred", "a thİrd"])
def test_letters_that_fold_to_others_spell_no_number(text: str) -> None:
    assert {number.value for number in numbers(text)} <= {1.0, 100.0}
    assert opened_by("Fırst, we build.") == 0


def test_a_long_run_of_capitals_costs_little() -> None:
    assert len(initials("Alpha Beta " * 5000)) < 1000


# -- numbers -------------------------------------------------------------------------------------------------------


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


# -- lists ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "item"),
    [("First, we listen.", 1), ("Secondly we act.", 2), ("And third, we wait.", 3), ("The fourth is rest.", 4),
     ("1. Listen.", 1), ("12) Act.", 12), ("One, listen.", 1), ("Number two, act.", 2), ("首先，听。", 1),
     ("二是做。", 2), ("第三，等。", 3), ("第二点很清楚。", 2), ("第一季度增长。", 0), ("第二产业增长。", 0),
     ("第十一届结束。", 0), ("第三个季度。", 0), ("First-time buyers left.", 0),
     ("The first quarter was good.", 0), ("Second quarter sales fell.", 0), ("Second is rest.", 2),
     ("First of all, thanks.", 1), ("First and foremost, we act.", 1),
     ("And then second, we act.", 2), ("My first reason is cost.", 1), ("Number 1, cost.", 1), ("Point two, cost.", 2),
     ("Well, first, we act.", 1), ("First – we act.", 1), ("(1) Act.", 1), ("一、做。", 1), ("（二）做。", 2),
     ("一、二季度增长5%。", 0),
     ("The third point is rest.", 3), ("Second, rest.", 2), ("First we listen.", 1),
     ("One of them left.", 0), ("We went first.", 0), ("", 0)],
)  # fmt: skip
def test_what_opens_an_item(sentence: str, item: int) -> None:
    assert opened_by(sentence) == item


def test_a_list_is_what_counts_on() -> None:
    transcript = spoken(
        ("A", "There are three aims. First, speed. It matters. Second, care. Third, rest. First, again, thanks."),
        ("B", "First of all, good morning."),
    )
    items = ["First, speed.", "Second, care.", "Third, rest."]
    for words in ("There are three aims.", *items):
        assert [span.quote for span in list_at(said(transcript, words))] == items
    assert list_at(said(transcript, "It matters.")) == ()


@pytest.mark.parametrize("first", [
    "There are three aims: first, speed.", "Our aims are, first, speed.", "Three aims — number one, speed.",
])  # fmt: skip
def test_a_list_may_begin_where_it_is_announced(first: str) -> None:
    transcript = spoken(("A", f"Good morning. {first} It matters. Second, care. Third, rest."))
    assert [span.quote for span in list_at(said(transcript, first))] == [first, "Second, care.", "Third, rest."]


def test_the_last_item_may_be_the_final_one() -> None:
    four = spoken(
        ("A", "There are four aims. First, speed. Second, care. Third, rest. Finally, play. Finally, thanks.")
    )
    assert [span.quote for span in list_at(said(four, "Second, care."))][-1] == "Finally, play."
    kept = spoken(("A", "There are two aims. First, prices. It was one, maybe two points too high. Second, jobs."))
    assert [span.quote for span in list_at(said(kept, "Second, jobs."))] == ["First, prices.", "Second, jobs."]
    bye = spoken(("A", "There are three aims. First, speed. Second, care. Finally, thanks to all of you."))
    assert [span.quote for span in list_at(said(bye, "Second, care."))][-1] == "Second, care."
    three = spoken(("A", "There are three aims. First, speed. Second, care. Third, rest. Finally, thanks."))
    assert [span.quote for span in list_at(said(three, "Second, care."))][-1] == "Third, rest."


def test_a_greeting_opens_no_list() -> None:
    transcript = spoken(("A", "Hello."), ("B", "First of all, good morning."))
    assert list_at(said(transcript, "First of all, good morning.")) == ()


@pytest.mark.parametrize(
    ("question", "asks"),
    [("What are the four aspects?", True), ("Which were the main steps?", True), ("List the measures.", True),
     ("What three things did he say?", True), ("What are the aims?", True), ("What were the mayor's main goals?", True),
     ("What measures were taken?", True), ("Can you list the measures?", True), ("Give me the three reasons", True),
     ("What specific measures did the government take?", True), ("What key steps is the Fed taking?", True),
     ("What are the main quality and safety measures?", True), ("Which 2020 election claims fell?", False),
     ("在汽车召回方面，召回了多少辆车？", False), ("能不能介绍得具体一点？", False), ("会议三点开始吗？", False),
     ("四个方面是什么？", True), ("主要措施是什么？", True),
     ("What were sales last year?", False), ("What are tariffs doing to prices?", False),
     ("Why is inflation high in some areas?", False), ("Why did the Fed cut by 25 basis points?", False),
     ("有哪些措施？", True), ("When was it?", False), ("How many left?", False),
     ("What were sales in the second quarter?", False), ("What is the first of the four aspects?", False),
     ("By how many percentage points did it rise?", False), ("How many steps are there?", False)],
)  # fmt: skip
def test_who_asks_for_a_list(question: str, asks: bool) -> None:
    assert asks_for_list(question) == asks


# -- languages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [("Combien de véhicules ont été rappelés ?", "French"), ("Was war das Ziel der Kampagne?", "German"),
     ("¿Cuántos vehículos fueron retirados por la empresa?", "Spanish"), ("召回了多少辆汽车？", "Chinese"),
     ("Что сказал министр?", "Russian"), ("リコールは何件ですか", "Japanese"),
     ("How many of the vehicles were recalled?", "English"), ("How many die in war?", "English"),
     ("Could they die in the war?", "English"), ("Wie viele Fahrzeuge wurden von der Firma gebaut?", "German"),
     ("Qui a parlé ?", "French"), ("¿Cuántas preguntas hubo?", "Spanish"), ("Quien hablo de tasas?", "Spanish"),
     ("Chi ha parlato?", "Italian"), ("Wat zei Powell over inflatie?", "Dutch"), ("Vad sa Powell?", "Swedish"),
     ("Quem falou?", "Portuguese"), ("Що сказав міністр?", "Ukrainian"), ("Chi Lee asked what?", ""),
     ("SAMR", ""), ("", ""), ("Liu Sanjiang 2023", "")],
)  # fmt: skip
def test_which_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_the_hint_names_the_records_language() -> None:
    english = "What the department did is that it was asked to do this for the people."
    assert hint("召回了多少辆汽车？", [english]) == "The question is in Chinese, the record in English: ask in English."
    assert hint("What did they do with the cars?", [english]) == ""
    assert hint("召回了多少辆汽车？", [english, "市场监管总局加强了监管。"]) == ""
    assert hint("SAMR?", [english]) == ""
    assert hint("召回了多少辆汽车？", []) == ""
