"""Whose words a question asks for, and about what."""

from __future__ import annotations

import time

import pytest

from qa import attribution


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did Powell say about rates?", "Powell"), ("What does Chair Powell think of exports?", "Chair Powell"),
        ("How did Ms. Lee respond to the mayor?", "Ms. Lee"), ("What, according to Ann Lee, is the cause?", "Ann Lee"),
        ("What did he say?", ""), ("What did the committee of seven say?", ""), ("What is inflation?", ""),
        ("Why does the law say so?", ""), ("According to Mr. Powell, what is the cause?", "Mr. Powell"),
        ("What is it according to Jerome H. Powell.", "Jerome H. Powell"), ("WHAT DID HE SAY ABOUT PRICES?", ""),
        ("According to Dr. Lee what caused it?", "Dr. Lee"), ("How do I claim compensation?", ""),
        ("What does New York State plan?", ""), ("How many jobs did Boeing add?", ""), ("What did A think?", "A"),
        ("What did Speaker 1 say?", "Speaker 1"), ("What did Ursula von der Leyen say?", "Ursula von der Leyen"),
        ("What did Élodie Martin say?", "Élodie Martin"), ("What did Powell talk about?", "Powell"),
        ("Whom did Powell speak with?", ""), ("What was Powell's view on rates?", "Powell"),
        ("What did von der Leyen say about Ukraine?", "von der Leyen"), ("What did May say?", "May"),
        ("What is O'Brien's view on rates?", "O'Brien"), ("What did Powell specifically say?", "Powell"),
        ("What did Ms. Lee, the CFO, say about costs?", "Ms. Lee"), ("What did They say?", ""),
        ("What did the Secretary of State say?", "the Secretary of State"), ("What's Powell's view?", "Powell"),
        ("How does Powell see prices?", "Powell"), ("What did the Bank of the South say?", "the Bank of the South"),
        ("What did Powell have to say about rates?", "Powell"), ("What do you think, according to Lee?", "Lee"),
    ],
)  # fmt: skip
def test_whose_words_are_meant(question: str, name: str) -> None:
    assert list(attribution.speakers_meant(question, lambda: ["Somebody"])) == ([name] if name else [])


@pytest.mark.parametrize(
    ("question", "surely"),
    [("What did Yellen say?", True), ("Why, according to Yellen?", True), ("When did Apple announce it?", False),
     ("How did Apple respond?", False), ("What did the Secretary of State say?", False),
     ("What is Apple's view?", False), ("WHAT DID THE BOARD SAY?", False)],
)  # fmt: skip
def test_who_is_surely_a_speaker(question: str, surely: bool) -> None:
    assert attribution.speakers_meant(question, lambda: ["Somebody"]) and attribution.wants_words_of(question) == surely


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("what did powell say about inflation?", ["CHAIR POWELL"]), ("what does the chair think?", ["CHAIR POWELL"]),
        ("what did colby smith ask powell to say?", []), ("What did people say?", []), ("what did he say?", []),
        ("Tell me what Powell said about rates", ["CHAIR POWELL"]), ("What Powell said about rates", ["CHAIR POWELL"]),
        ("What was Powell saying about rates?", ["CHAIR POWELL"]), ("What are Powell's thoughts?", ["CHAIR POWELL"]),
        ("In Powell's view, what is it?", ["CHAIR POWELL"]), ("Did Powell talk about rates?", ["CHAIR POWELL"]),
        ("What was said about rates by Powell?", ["CHAIR POWELL"]), ("in powell's opinion why?", ["CHAIR POWELL"]),
        ("What remarks did Powell make on it?", ["CHAIR POWELL"]), ("what did the fed chair say?", []),
        ("What did Powell and Colby Smith say about rates?", ["CHAIR POWELL", "COLBY SMITH"]),
    ],
)  # fmt: skip
def test_whose_labels_are_meant(question: str, labels: list[str]) -> None:
    found = attribution.speakers_meant(question, lambda: ["CHAIR POWELL", "COLBY SMITH", "MICHELLE SMITH"])
    assert [label for alike in found.values() for label in alike] == labels


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("What did the speaker say about rates?", "UNIDENTIFIED SPEAKER"),
        ("what did the city announce?", "City Clerk"),
        ("what did the press say about it?", "PRESS SECRETARY LEAVITT"), ("How did house prices respond?", "Ms. House"),
        ("Will the price rise and did the market respond?", "Ann Market"),
        ("Who said it was caused by Biden?", "BIDEN"),
        ("Does Powell agree with what Trump said?", "TRUMP"), ("Who said the bill was signed by Biden?", "BIDEN"),
        ("What was said about the lawsuit filed by Apple?", "APPLE"),
    ],
)  # fmt: skip
def test_whose_words_are_not_meant(question: str, label: str) -> None:
    assert attribution.speakers_meant(question, lambda: [label, "Ann Lee"]) == {}


def test_nobody_is_missed_where_nobody_is_named_or_the_name_may_stand_the_other_way_round() -> None:
    assert attribution.speakers_meant("What did Powell say?", list) == {}
    assert attribution.speakers_meant("What did Xi Jinping say?", lambda: ["President Xi"]) == {}
    assert attribution.speakers_meant("What did Powell say?", lambda: ["President Xi"]) == {"Powell": []}


def test_a_question_of_names_takes_no_time() -> None:
    begin = time.process_time()
    for text in ("Did And " * 250, "DID AND " * 250, "what did the a " * 130, "according to A of the " * 90):
        attribution.speakers_meant(text[:2000], lambda: ["Ann Lee"])
    assert time.process_time() - begin < 4  # seconds for one of them where every "and" is tried


@pytest.mark.parametrize(
    ("question", "named", "topic"),
    [("What did Powell say about interest rates?", True, "interest rates"), ("What was said about it all?", False, ""),
     ("What was said about imports?", False, "imports"), ("What was said about imports by Lee?", True, "imports"),
     ("What did Miller say about attacks by Hamas?", True, "attacks by Hamas"),
     ("What does the transcript say about imports?", False, "imports"),
     ("What did he say about the media?", False, "the media"), ("What did the mayor say about rates?", False, ""),
     ("What did Powell say about how the date was set?", True, ""), ("What did Xinhua ask about imports?", True, ""),
     ("Why did he talk about rates?", False, "")],
)  # fmt: skip
def test_what_something_is_said_about(question: str, named: bool, topic: str) -> None:
    assert attribution.topic(question, named) == topic
