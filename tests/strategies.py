"""Generated speech: several scripts, emoji, combining marks, line ends, markup, and nothing but blanks."""

from __future__ import annotations

from hypothesis import strategies as st

from qa.types import Transcript
from tests.fakes import spoken

_WORDS = st.sampled_from(
    [
        "rates",
        "vehicles",
        "U.S.",
        "Mr.",
        "0.25",
        "6.728",
        "million",
        "93.65%",
        "they",
        "said.",
        "Yes.",
        "Why?",
        "No.",
        "5",
        "pct.",
        '"Iron',
        "“Fist”",
        "été",
        "naïve",
        "👩\u200d👩\u200d👧",
        "😀.",
        "质量是基础。",
        "是吗？",
        "東京です。",
        "한국어",
        "العربية؟",
        "<b>bold</b>",
        "{{x}}",
        "${y}",
        "Liu:",
        "[1]",
        "(Laughter.)",
        "a\u202eb",
    ]
)
_GAPS = st.sampled_from([" ", " ", " ", "  ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\u3000", ""])
_LONG = st.integers(1, 400).map(lambda n: "unpunctuated " * n)

speech = st.one_of(
    st.lists(st.tuples(_WORDS, _GAPS), min_size=1, max_size=120).map(lambda parts: "".join(w + g for w, g in parts)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    _LONG,
)
speakers = st.sampled_from(["", "Q", "Liu Sanjiang", "Xinhua News Agency", "主席", "THE PRESS", "Dr. A. Smith"])


def transcripts() -> st.SearchStrategy[Transcript]:
    turns = st.lists(st.tuples(speakers, speech), max_size=12)
    return turns.map(lambda given: spoken(*given, ("Last Speaker", "That is all. Thank you."), title="A hearing"))
