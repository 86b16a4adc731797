"""The same thing said in other words: short names and other languages."""

from __future__ import annotations

import pytest

from qa.abbreviations import also, defined, initials
from qa.languages import hint, language_of
from qa.lists import opened_by
from qa.numbers import numbers
from tests.fakes import spoken

# -- abbreviations --------------------------------------------------------------------------------------------------


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


# -- languages ------------------------------------------------------------------------------------------------------


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
