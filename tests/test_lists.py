"""Lists that are spoken, and the questions that ask for one."""

from __future__ import annotations

import pytest

from qa.lists import asks_for_list, list_at, opened_by
from qa.types import Span, Transcript
from tests.fakes import spoken


def said(transcript: Transcript, words: str) -> Span:
    start = transcript.text.index(words)
    return Span(transcript, start, start + len(words))


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
