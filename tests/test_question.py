"""What a question asks for, told from its words alone."""

from __future__ import annotations

import pytest

from qa.question import understand


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
