from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import text as subject
from tests.strategies import speech


@given(speech)
def test_sentences_hold_every_character_once_and_in_order(text: str) -> None:
    at = 0
    for start, end in subject.sentences(text):
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("part", ["“", "‘a ", "' ", "It is so. ", "it fell 5 pct. ", "“It is so.” ", "a", "质。"])
def test_time_grows_with_the_length_only(part: str) -> None:
    text = part * (200_000 // len(part))
    begin = time.process_time()
    found = subject.sentences(text)
    assert time.process_time() - begin < 8  # minutes where a quotation mark never closed is looked for at each
    assert "".join(text[start:end] for start, end in found).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("blank", ["\xa0", "\u2028", "\u3000", "\x85", " \u202f"])
@pytest.mark.parametrize("language", ["", "fr", "zh", "xx"])
def test_an_initial_with_any_blank_before_its_stop(blank: str, language: str) -> None:
    text = f"It was plan A{blank}. We took it."
    found = subject.sentences(text, language=language)
    assert "".join(text[start:end] for start, end in found).replace(" ", "") == text.replace(" ", "")


def test_a_long_paragraph_is_cut_as_a_short_one() -> None:
    once = "It was 0.25 pct. in the U.S. economy. “Is it so?” he asked. "
    assert len(subject.sentences(once * 3000)) == 3000 * len(subject.sentences(once))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rates rose 0.25 pct. to 5.5 pct. in March. Then they fell.", 2),
        ("Mr. Liu met Dr. Chan on Jan. 5 in the U.S. Capitol. They left at 7 p.m. sharp.", 2),
        ("See No. 5 of the list. It is there.", 2),
        ("It was confirmed at the Japan-U.S. two-plus-two held last month. They left.", 2),
        ("质量是发展的基础。是吗？是的！", 3),
        ("He asked: “Is it so?” and left.", 1),
        ("One line\n\nAnother without a stop", 2),
        ("A line that\nis wrapped. And on.", 2),
        ("so it fell. what did mr. lee say? he left at 5 p.m. on friday. i think the u.s. did", 4),
        ("so it fell. and I'm sure it did. it was no. 5 of them", 3),
        ("It fell approx. two pct. to one. and so on", 1),
        ("He arrived at 7 a.m. Monday in Washington. Then he left.", 2),
        ("He arrived at 7 a.m. Monday is a holiday.", 2),
        ("It is embargoed until 5:00 p.m. Eastern today. For your awareness, it is long.", 2),
        ("It ended at 5 p.m. Eastern. We left.", 2),
        ("We met at 9 a.m. Eastern Europe was on the table.", 2),
        ("11:29 A.M. EDT", 1),
        ("He spoke at 9:00 a.m. March 3 in Ohio. We left.", 2),
        ("They left at 5 p.m. We stayed.", 2),
        ("Amb. Smith and Fmr. Sen. Hatch said so. Atty. Gen. Bo left.", 2),
        ("1. The first is this. 2. The second is that.", 2),
        ("It was 40 to 1. Were you aware?", 2),
        ("It fell in May. Rates rose.", 2),
        ("It may. May. It fell", 3),
        ("We opposed Prop. 13 last year. See Vol. II of it. Approx. 50 came.", 3),
        ("“Will we win?” Biden asked. “Yes.” He left.", 3),
        ("Thank you, Dr. My question is this. Thank you, Gov. We agree.", 4),
        ("we met in Washington. he said yes. then we left with Ann.", 3),
        ("Mr. He Lifeng met Ms. She Ning. Mr. So left.", 2),
        ("Did you say “not yet?” You said so in March.", 2),
        ("“Why now?” Critics said it was late.", 2),
        ("How many were hurt? 12. Were they all locals?", 3),
        ("We begin at 9 a.m. Central bank governors will follow.", 2),
        ("We begin at 9 a.m. Central on Friday.", 1),
        ("He met St. Clair. In Washington. he left", 2),
    ],
)
def test_sentences_of_known_texts(text: str, expected: int) -> None:
    assert len(subject.sentences(text)) == expected


def test_terms_stem_fold_and_cut_cjk_into_bigrams() -> None:
    assert subject.terms("The U.S. economy's 65,000 RUNNING") == ["the", "us", "economi", "65000", "run"]
    assert subject.terms("国家质量") == ["国家", "家质", "质量"]
    assert subject.terms("質 テスト") == ["質", "テス", "スト"]
    assert subject.terms("한국어") == ["한국", "국어"]


def test_a_function_word_in_capitals_is_a_name() -> None:
    assert subject.content_words("What did the US and the WHO tell us about IT?") == ["us", "who", "it"]
    assert subject.content_words("WHAT DID THE US TELL US ABOUT RATES?") == ["rates"]
    assert subject.content_words("WHO said HOW this was?") == []


def test_content_terms_leave_out_function_words_unless_nothing_is_left() -> None:
    assert subject.content_terms("What did they say about quality?") == ["qualiti"]
    assert subject.content_terms("Who is it?") != []


@given(st.text())
def test_words_and_terms_accept_anything(text: str) -> None:
    assert all(word for word in subject.words(text))
    assert all(term for term in subject.terms(text))
