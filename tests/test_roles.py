"""Who asks, who answers, who moderates."""

from __future__ import annotations

import pytest

from qa.roles import is_outlets, is_press
from qa.transcripts import parse
from qa.types import Transcript
from tests.fakes import spoken


def read(text: str) -> Transcript:
    return parse(text.encode(), "talk.txt")


def roles(transcript: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.role) for turn in transcript.turns if turn.role != "heading"]


def test_who_gives_the_floor_moderates_and_the_reply_knows_its_question() -> None:
    transcript = read(
        "MICHELLE SMITH. Colby.\n\n"
        "COLBY WELLS. Why did you hold the rate? The dots moved.\n\n"
        "CHAIR POWELL. We held it because inflation has been slow to fall, and we want to be sure. It takes time.\n\n"
        "MICHELLE SMITH. Jean.\n\n"
        "JEAN PARK. Will you cut it in March?\n\n"
        "CHAIR POWELL. We have made no decision about any meeting, and we will look at everything that comes in.\n"
    )
    assert roles(transcript) == [
        ("MICHELLE SMITH", "moderation"), ("COLBY WELLS", "question"), ("CHAIR POWELL", "answer"),
        ("MICHELLE SMITH", "moderation"), ("JEAN PARK", "question"), ("CHAIR POWELL", "answer"),
    ]  # fmt: skip
    assert [transcript.question_of(turn) for turn in range(6)] == [-1, -1, 1, -1, -1, 4]


def test_short_replies_between_two_questions_are_no_moderation() -> None:
    exchange = "Q: Is it so?\n\nTHE PRESIDENT: Yes.\n\nQ: Are you sure?\n\nTHE PRESIDENT: No.\n\n"
    assert {role for speaker, role in roles(read(exchange * 4)) if speaker == "THE PRESIDENT"} == {"answer"}


def test_a_chair_that_is_no_more_than_the_chair_moderates() -> None:
    transcript = read(
        "The Chair: We will now go to Ms. Kwan.\n\nMs. Kwan: Will the minister fund it?\n\n"
        "The Chair: The honourable minister.\n\nMr. Ray: We fund it with ten million dollars.\n\n"
        "The Chair: The time is up. The next question is from Mr. Johns.\n\nMr. Johns: When does it start?\n\n"
        "Mr. Ray: It starts in May.\n"
    )
    assert {role for speaker, role in roles(transcript) if speaker == "The Chair"} == {"moderation"}
    assert transcript.turns[transcript.question_of(3)].speaker == "Ms. Kwan"


def test_labels_of_one_person_are_one_speaker() -> None:
    transcript = read(
        "Ann Lee: What is the plan?\n\nCHAIR POWELL: The plan is to wait.\n\nChair Powell: And see.\n\n"
        "Ann Lee: For how long?\n\nChair Powell: For a year or two, as long as it takes to be sure of the direction.\n"
    )
    assert [role for _, role in roles(transcript)] == ["question", "answer", "answer", "question", "answer"]
    assert transcript.speakers() == ["Ann Lee", "CHAIR POWELL", "Chair Powell"]


@pytest.mark.parametrize(
    "label",
    ["Tom Hill (Environment Agency)", "UK Health Security Agency", "Jane Doe, Network Rail", "Markus Post",
     "Department for Culture, Media and Sport"],
)  # fmt: skip
def test_an_institution_is_no_outlet(label: str) -> None:
    transcript = spoken(
        ("Chair", "What was done about the flood?"), (label, "Everybody was warned at six. The river rose by a foot."),
        ("Chair", "Who closed the road?"), (label, "The police did, and they were helped. It was dark by then."),
    )  # fmt: skip
    assert {role for speaker, role in roles(transcript) if speaker == label} == {"answer"}


@pytest.mark.parametrize(("label", "press"), [
    ("UNIDENTIFIED REPORTER", True), ("Male Reporter", True), ("The Reporter", True), ("Another Questioner", True),
    ("Mayor Bloomberg", False), ("Media Relations Manager", False), ("The Mayor", False),
])  # fmt: skip
def test_who_is_surely_of_the_press(label: str, press: bool) -> None:
    assert is_press(label) == press


@pytest.mark.parametrize(
    "label",
    ["Xinhua News Agency", "China Daily", "The Washington Post", "China Media Group", "Maritime Daily", "Reuters",
     "CNN", "Financial Times"],
)  # fmt: skip
def test_an_outlet_asks(label: str) -> None:
    reply = "Prices rose because demand was strong, and we look at them every month."
    transcript = spoken(
        (label, "Prices rose in March. Could you brief us on that? Thank you."), ("Liu Sanjiang", reply)
    )
    assert [role for _, role in roles(transcript)] == ["question", "answer"]


@pytest.mark.parametrize(
    ("label", "name", "only"),
    [
        ("China Daily", "China", True), ("The Washington Post", "Washington", True), ("China", "China", False),
        ("China Daily", "China Daily", False), ("Xinhua News Agency", "Xinhua", False),
        ("Lena Brandt (Reuters)", "Brandt", False), ("John Smith, CNN", "Smith", False),
    ],
)  # fmt: skip
def test_an_outlets_name_is_no_country(label: str, name: str, only: bool) -> None:
    assert is_outlets(label, name) == only
