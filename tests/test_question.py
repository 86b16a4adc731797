"""What a question asks for, told from its words alone."""

from __future__ import annotations

import pytest

from qa.question import understand


@pytest.mark.parametrize(
    "question",
    [
        "What did she know?", "What did the mayor know about the warning?", "How did Ann get to know him?",
        "What did he ask for?", "What did Ukraine ask for?", "How much money did the mayor ask for?",
        "What kinds of aid did the president ask the U.N. for?", "What companies asked for exemptions?",
        "Who asked for exemptions?", "What was asked of the mills?", "Tell me what the mayor asked for.",
        "What should drivers do if asked by police?", "What did Yellen say when asked about a nominee?",
        "What product has the team been asked to create?", "Who asked the mayor to resign?",
        "What is the Fed asking Congress to do?", "What was the price asked of him?", "What does he ask for?",
        "What does Powell want to know before cutting rates?", "What is the union asking?", "What was the jury asked?",
        "How many questions does the survey ask?", "What is the question on the ballot?",
        "What did the ministry ask mills in the north to do?", "How early did Biden ask spies for a review?",
    ],
)  # fmt: skip
def test_knowing_and_requesting_are_no_questions(question: str) -> None:
    assert understand(question).wants != "asked"


@pytest.mark.parametrize(
    ("question", "asker"),
    [
        ("What did Xinhua ask about exports to China?", "xinhua"), ("What did Xinhua want to ask?", "xinhua"),
        ("What did Reuters ask about the response to inflation?", "reuters"),
        ("What did marketing ask about the people it is meant for?", "marketing"), ("What Xinhua asked", "xinhua"),
        ("What did the man from Reuters want to know?", "reuters"), ("What did the first Reuters team ask?", "reuters"),
        ("Which reporter asked about tariffs?", ""), ("Which outlets asked about tariffs?", ""),
        ("What were the questions about jobs?", ""), ("List all questions about jobs", ""),
        ("What does Xinhua ask about jobs?", "xinhua"),
        ("What is Xinhua asking about?", "xinhua"), ("What was Reuters asking?", "reuters"),
        ("Which questions were asked about tariffs?", ""), ("Who asked whether the cut led to losses?", ""),
    ],
)  # fmt: skip
def test_what_somebody_asked(question: str, asker: str) -> None:
    asked = understand(question)
    assert asked.wants == "asked" and asked.askers == ((frozenset([asker]),) if asker else ())


@pytest.mark.parametrize(
    ("question", "topical"),
    [
        ("What was Powell asked?", True), ("What was the chair asked about?", False),
        ("What was the spokesperson asked about?", False), ("What was Liu Xiaoming asked about?", False),
        ("What was the press secretary asked about tariffs?", True),
    ],
)  # fmt: skip
def test_what_somebody_was_asked(question: str, topical: bool) -> None:
    asked = understand(question)
    assert (asked.wants, asked.askers, asked.topical) == ("asked", (), topical)


@pytest.mark.parametrize(
    ("question", "wants"),
    [("What was the question of the referendum?", "other"), ("What was the question of the Reuters reporter?", "asked"),
     ("What was the question of Ann Lee?", "asked"), ("What were the questions of reporters?", "asked"),
     ("What was the question of a New York Times reporter?", "asked"),
     ("Which reporters did not ask anything?", "other")],
)  # fmt: skip
def test_whose_question_it_was(question: str, wants: str) -> None:
    assert understand(question).wants == wants


@pytest.mark.parametrize("text", ["Summarize the transcript", "Give me a summary", "Compare Powell and Yellen"])
def test_a_task_is_no_keywords(text: str) -> None:
    assert understand(text).wants == "other"


def test_one_of_the_questions_is_not_all_of_them() -> None:
    assert not understand("What did the reporter ask?").picked
    assert understand("What did the first reporter ask?").picked
    assert understand("Who asked the most questions?").picked


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("When was this held?", "event date"), ("When is the hearing?", "event date"),
        ("When was the interview recorded?", "event date"), ("When did this happen?", "date"),
        ("When will this happen?", "date"), ("When will the hearing take place?", "date"),
        ("When does the hearing take place?", "date"), ("When will this be published?", "date"),
        ("What time did the meeting take place?", "date"), ("What is the session on?", "title"),
        ("What is the title of the briefing?", "title"), ("What was the hearing on Tuesday about?", "other"),
        ("What is the session on AI?", "other"), ("What was the speech about climate change criticised for?", "other"),
    ],
)  # fmt: skip
def test_the_events_own_date_and_title(question: str, wants: str) -> None:
    assert understand(question).wants == wants
