from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from qa.chunking import chunk
from qa.evidence import JUDGING, RANKING, Scales
from qa.lists import list_at
from qa.pipeline import Pipeline
from qa.question import gives, understand
from qa.reader import SentenceReader, Weights, eligible
from qa.text import is_interrogative
from qa.types import Hit, Passage, Scope, Span, Transcript
from tests.fakes import OverlapScorer, hashing, spoken
from tests.strategies import transcripts

ENCODER = hashing()
ALWAYS = SentenceReader(ENCODER, OverlapScorer(), Weights((1.0,) * len(RANKING), (0.0,) * len(JUDGING), 0.0, 0.0, 99.0))


def hits_of(transcript: Transcript) -> list[Hit]:
    return [Hit(passage, 1.0, 1.0, 0.5) for passage in chunk(transcript, ENCODER.count, ENCODER.limit)]


@given(transcripts())
def test_every_quote_is_a_whole_span_of_one_turn(transcript: Transcript) -> None:
    for span in ALWAYS.read("What about quality and vehicles?", hits_of(transcript)).quotes:
        turn = transcript.turns[span.turn]
        assert turn.start <= span.start < span.end <= turn.end
        assert transcript.text[span.start : span.end] == span.quote == span.quote.strip()
        assert span.role not in ("question", "heading")
        assert not is_interrogative(span.quote)


PRESS = spoken(
    ("Moderator", "We begin now. Please go ahead."),
    ("Reuters", "I am from Reuters. Prices rose again in March. Will interest rates rise soon?"),
    ("Chair Powell", "Interest rates will not rise soon. We look at prices every month."),
    ("Xinhua News Agency", "How are exports doing? And what about imports?"),
    ("Chair Powell", "Exports grew by 3 percent. Why did they grow? Because demand was strong."),
    title="Press conference", date="March 20, 2024",
)  # fmt: skip


def quotes(question: str, transcript: Transcript = PRESS, scope: Scope = Scope()) -> list[str]:
    return [c.span.quote for c in eligible(understand(question), hits_of(transcript), scope)]


def test_a_question_is_never_answered_with_a_reporters_words() -> None:
    found = quotes("Will interest rates rise soon?")
    assert "Interest rates will not rise soon." in found
    assert not {"Will interest rates rise soon?", "Prices rose again in March.", "Why did they grow?"} & set(found)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Xinhua ask?", ["How are exports doing?", "And what about imports?"]),
        ("What did Ms. Xinhua ask?", ["How are exports doing?", "And what about imports?"]),
        ("What did Reuters ask about?", ["Will interest rates rise soon?"]),
        ("What was Reuters's question?", ["Will interest rates rise soon?"]),
        ("What did Bloomberg ask?", []),
        ("What did the Xinhua correspondent want to know?", ["How are exports doing?", "And what about imports?"]),
        ("What was the question from Reuters?", ["Will interest rates rise soon?"]),
        ("Which question came from Reuters?", ["Will interest rates rise soon?"]),
        ("Tell me what Xinhua asked.", ["How are exports doing?", "And what about imports?"]),
        ("What did Xinhua and CCTV ask?", ["How are exports doing?", "And what about imports?"]),
        ("What did March ask?", []),
        ("What was asked by Xinhua about exports?", ["How are exports doing?", "And what about imports?"]),
        ("Which questions came from Reuters regarding rates?", ["Will interest rates rise soon?"]),
        ("What did Reuters ask with regard to rates?", ["Will interest rates rise soon?"]),
    ],
)
def test_what_somebody_asked_is_answered_with_exactly_that(question: str, expected: list[str]) -> None:
    assert quotes(question) == expected
    assert sorted(span.quote for span in ALWAYS.read(question, hits_of(PRESS)).quotes) == sorted(expected)


@pytest.mark.parametrize(
    "question",
    [
        "What did the ministry ask the mills to do?",
        "How did Powell answer when asked by Xinhua?",
        "What were mills asked to do?",
    ],
)
def test_asking_somebody_to_do_something_is_no_question(question: str) -> None:
    assert understand(question).wants != "asked"


def test_a_reporter_may_introduce_himself() -> None:
    transcript = spoken(("Q", "I'm Ann Lee with the Washington Post. Is it so?"), ("Chair", "It is."))
    assert quotes("What did the Washington Post ask?", transcript) == ["Is it so?"]
    presented = spoken(("Q", "I'm a senior reporter from the Washington Post. Is it so?"), ("Chair", "It is."))
    assert quotes("What did the Washington Post ask?", presented) == ["Is it so?"]


@pytest.mark.parametrize(
    "opening",
    ["The Washington Post wrote about it.", "I'm wondering about the Washington Post story.",
     "This is about the Washington Post.", "I'm Ann Lee and it is about the Washington Post."],
)  # fmt: skip
def test_whom_a_question_mentions_did_not_ask_it(opening: str) -> None:
    other = spoken(("Q", f"{opening} Is it so?"), ("Chair", "It is."))
    assert quotes("What did the Washington Post ask?", other) == []


def test_one_of_the_questions_is_not_surely_found() -> None:
    assert ALWAYS.read("What did Reuters ask?", hits_of(PRESS)).confidence == 1.0
    assert ALWAYS.read("What did Reuters ask first?", hits_of(PRESS)).confidence < 1.0
    assert ALWAYS.read("Who asked the second question?", hits_of(PRESS)).confidence < 1.0


@pytest.mark.parametrize("question", [
    "What was Powell's answer to Xinhua's question about exports?", "Tell me what Powell said when asked about exports",
    "How did Powell respond to the reporter who asked about exports?",
])  # fmt: skip
def test_who_asks_for_the_reply_is_not_given_the_question(question: str) -> None:
    found = quotes(question)
    assert "Exports grew by 3 percent." in found and "How are exports doing?" not in found


def test_what_was_asked_elsewhere_is_told_by_who_names_the_asker() -> None:
    told = spoken(("Chair", "President Biden asked Xi about fentanyl. It rained in the morning."))
    reading = ALWAYS.read("What did President Biden ask?", hits_of(told))
    assert [span.quote for span in reading.ranked] == ["President Biden asked Xi about fentanyl."]


def test_a_word_of_a_name_is_not_the_name() -> None:
    told = spoken(("Chair", "We have new data, and the times are hard. The New York Times asked about rates."))
    reading = ALWAYS.read("What did the New York Times ask?", hits_of(told))
    assert [span.quote for span in reading.ranked] == ["The New York Times asked about rates."]


def test_a_reporter_may_ask_about_a_response() -> None:
    question = "Which reporter asked about the response to the rise of interest rates?"
    assert "Will interest rates rise soon?" in quotes(question)


def test_who_asked_may_be_named_in_full() -> None:
    short = spoken(("Xinhua", "How are exports doing?"), ("Ms. Leeds", "And imports?"), ("Chair Powell", "Well."))
    assert quotes("What did Xinhua News Agency ask?", short) == ["How are exports doing?"]
    assert quotes("What did Ann Leeds ask?", short) == ["And imports?"]
    assert quotes("What did Ann Reuters ask?", short) == quotes("What did the Xinhua Herald ask?", short) == []


@pytest.mark.parametrize("question", ["When?", "When did it happen?", "When was the meeting in Oslo held?"])
def test_a_question_for_another_date_is_not_answered_with_the_dateline(question: str) -> None:
    assert understand(question).wants == "date"


def test_a_speaker_scope_holds_for_the_utterance() -> None:
    assert quotes("What about rates?", scope=Scope(speakers=frozenset({"Moderator"}))) == [
        "We begin now.", "Please go ahead.",
    ]  # fmt: skip


@pytest.mark.parametrize("question", ["What was the theme of the second question?", "What is the name of the mill?"])
def test_the_topic_of_something_else_is_not_the_title(question: str) -> None:
    assert understand(question).wants != "title"


def test_a_request_is_a_question_too() -> None:
    asked = spoken(
        ("Reporter", "Good morning. Please tell us about the crane. And what about pay?"), ("Mayor", "We pay for both.")
    )
    assert quotes("What did the reporter ask?", asked) == ["Please tell us about the crane.", "And what about pay?"]


def test_nothing_to_weigh_is_refused_with_the_threshold() -> None:
    reading = ALWAYS.read("???", hits_of(PRESS))
    assert (reading.quotes, reading.confidence, reading.threshold) == ((), 0.0, ALWAYS._weights.threshold)


def test_the_question_s_words_are_read_in_the_record_s_language() -> None:
    said = "Die wirtschaftlichen Entwicklungen wurden besprochen."
    german = replace(spoken(("Anna", f"{said} Danach war Pause."), ("Ben", "Danke sehr.")), language="de")
    hits = hits_of(german)
    found = Scales(hashing(), None).weigh(
        understand("Entwicklungen"), hits, eligible(understand("Entwicklungen"), hits)
    )
    assert found.table[:2, RANKING.index("coverage")].tolist() == [1.0, 0.0]


def test_the_same_words_of_the_same_speaker_are_quoted_once() -> None:
    again = spoken(
        ("Ann Lee", "The bridge is closed for quality work. Nothing else about it is known."),
        ("Ben Ray", "The bridge is closed for quality work. That is all."),
        ("Ann Lee", "The bridge is  closed for quality work. I said so before."),
    )
    found = ALWAYS.read("Is the bridge closed for quality work?", hits_of(again)).quotes
    same = [span.speaker for span in found if "closed for quality" in span.quote]
    assert sorted(same) == ["Ann Lee", "Ben Ray"]


def test_a_sentence_that_announces_is_followed_by_what_it_announces() -> None:
    transcript = spoken(
        ("A Speaker", "There are two aspects of quality as follows: First, it is measured well."), ("B", "Yes.")
    )
    parts = spoken(("A Speaker", "There are two aspects of quality:\n\nFirst, it is measured well."), ("B", "Yes."))
    assert len(ALWAYS.read("What are the aspects of quality?", hits_of(transcript)).quotes) >= 1
    found = [span.quote for span in ALWAYS.read("What are the two aspects of quality?", hits_of(parts)).quotes]
    assert found[:2] == ["There are two aspects of quality:", "First, it is measured well."]


def test_a_list_is_given_only_where_the_best_sentence_belongs_to_it() -> None:
    transcript = spoken(
        ("Ann Lee", "Quality aims are what we have in mind now. First, speed. Second, care of quality. Third, rest."),
        ("Bo Ray", "The quality aims of the mills are high, and the mills pay for it."),
    )  # fmt: skip
    best = ALWAYS.read("What are the quality aims of the mills?", hits_of(transcript)).quotes
    assert best[0].speaker == "Bo Ray"
    own = ALWAYS.read("What are the quality aims in mind now?", hits_of(transcript)).quotes
    assert [span.quote for span in own[1:]] == ["First, speed.", "Second, care of quality.", "Third, rest."]


@pytest.mark.parametrize(
    ("before", "items"),
    [
        ("The fees are twenty dollars.", 0),
        ("Here are the fees.", 2),
        ("There are two fees.", 2),
        ("Our plan is this.", 2),
        ("We ask five.", 0),
    ],
)
def test_a_list_belongs_to_what_announces_it(before: str, items: int) -> None:
    transcript = spoken(("Ann Lee", f"{before} First, let me thank the staff. Second, let me thank the board."))
    start = transcript.text.index(before)
    assert len(list_at(Span(transcript, start, start + len(before)))) == items


LONG = (
    "It is simply not true, " + "as has been written in the papers by those who did not call me, " * 20
    + "that I took money for quality."
)  # fmt: skip


def test_a_sentence_longer_than_a_passage_is_quoted_whole() -> None:
    transcript = spoken(("Senator Roe", f"Good morning. {LONG} That is all."), ("Ann Lee", "We heard."))
    found = [span.quote for span in ALWAYS.read("Who took money for quality?", hits_of(transcript)).quotes]
    assert LONG in found and not any(quote != LONG and quote in LONG for quote in found)
    asking = spoken(
        ("Senator Roe", LONG[:-1] + "? I ask you. I do. I really do so. Here I am."), ("Ann Lee", "We heard.")
    )
    assert set(quotes("Who took money for quality?", asking)) == {
        "I ask you.", "I do.", "I really do so.", "Here I am.", "We heard.",
    }  # fmt: skip


def test_a_long_sentence_that_ends_a_paragraph_is_quoted_whole() -> None:
    transcript = spoken(
        ("Senator Roe", f"Good morning.\n\nI say this. {LONG}\n\nThat is all."), ("Ann Lee", "We heard.")
    )
    assert LONG in [span.quote for span in ALWAYS.read("Who took money for quality?", hits_of(transcript)).quotes]


def test_where_no_sentence_ends_a_part_is_quoted() -> None:
    transcript = spoken(("Senator Roe", "we went on and took money for quality " * 200))
    (first, *_) = ALWAYS.read("Who took money for quality?", hits_of(transcript)).quotes
    assert 0 < len(first.quote) < 2000


@pytest.mark.parametrize(
    ("question", "may"),
    [("Will journalists be allowed in?", False), ("What came of the inquiry?", False),
     ("Did anybody ask about journalists?", True), ("Which reporter asked about journalists?", True),
     ("What did a reporter bring up?", True)],
)  # fmt: skip
def test_a_reporter_s_question_is_given_only_where_the_asking_is_meant(question: str, may: bool) -> None:
    transcript = spoken(("Reporter", "Will journalists be allowed in?"), ("Mayor", "I have no say in it."))
    assert ("Will journalists be allowed in?" in quotes(question, transcript)) == may


@pytest.mark.parametrize("question", ["🚗🚗🚗❓", "?!", "..."])
def test_a_question_without_a_word_is_not_answered(question: str) -> None:
    assert ALWAYS.read(question, hits_of(PRESS)).quotes == ()


def test_nothing_found_is_no_answer() -> None:
    reading = ALWAYS.read("What about rates?", [])
    assert (reading.quotes, reading.confidence) == ((), 0.0)


@pytest.mark.parametrize(
    ("question", "wants", "unit"),
    [
        ("How many vehicles were recalled?", "number", "vehicles"),
        ("What is the number of quality centers there?", "number", "quality centers"), ("Who said so?", "name", ""),
        ("Why are interest rates so high?", "reason", ""), ("Who sets interest rates?", "name", ""),
        ("Chair Powell, when will rates fall?", "date", ""), ("When the Fed cuts, what happens?", "other", ""),
        ("How many fled when it broke?", "number", "fled"), ("Tell me when it broke", "date", ""),
        ("When will rates rise?", "date", ""), ("When was this?", "event date", ""), ("Why did it fail?", "reason", ""),
        ("What did Xinhua ask?", "asked", ""), ("What happened?", "other", ""), ("质量如何？", "other", ""),
    ],
)  # fmt: skip
def test_what_a_question_wants(question: str, wants: str, unit: str) -> None:
    understood = understand(question)
    assert (understood.wants, understood.unit) == (wants, frozenset(unit.split()))


@pytest.mark.parametrize(
    "question", ["Why is water important?", "Why does water matter?", "What is the importance of it?"]
)
def test_why_something_matters_is_told_by_words_for_that(question: str) -> None:
    own = understand(question).unit
    assert {"foundation", "crucial", "key"} <= own
    assert not understand("Why did the water rise?").unit and not understand("What is the key importance?").unit


def test_who_is_somebody_needs_a_sentence_that_names_him() -> None:
    assert quotes("Who is Chair Powell?") == []
    heads = spoken(("A", "The president said so. Macron agreed."))
    assert quotes("Who is President Macron?", heads) == ["Macron agreed."]
    assert quotes("What is Reuters?") == []


def test_a_row_of_capitals_is_understood_at_once() -> None:
    assert understand("Who is " + "A" * 500 + "!?").subject == frozenset()
    assert understand("Who is Jerome H. Powell?").subject == {"jerome", "h", "powell"}


def test_words_alone_are_looked_up() -> None:
    assert understand("gas stoves").wants == "keywords"
    assert understand("gas stoves?").wants == "other"


@pytest.mark.parametrize(
    ("keywords", "sure"),
    [("imports", False), ("important matter", True), ("important matters", True), ("company", True),
     ("it", False)],
)  # fmt: skip
def test_words_of_the_same_stem_are_not_surely_meant(keywords: str, sure: bool) -> None:
    transcript = spoken(("Ann Lee", "It is an important matter for companies."))
    assert (ALWAYS.read(keywords, hits_of(transcript)).confidence == 1.0) == sure


def test_what_a_sentence_gives() -> None:
    assert gives("number", "It rose by 3.5 percent.")
    assert gives("number", "Eighteen of them.")
    assert not gives("number", "It rose.")
    assert gives("date", "We met in March.")
    assert not gives("other", "We met 3 people in March.")


# With the real model, on the shipped corpus.


def test_answers_on_the_shipped_corpus(shipped: Pipeline) -> None:
    answer = shipped.ask("How many vehicles were recalled in 2023?")
    assert answer.outcome == "answered"
    assert "6.728 million defective vehicles" in answer.citations[0].quote
    assert answer.citations[0].speaker == "Liu Sanjiang"
    assert shipped.ask("When was this?").citations[0].quote == "China.org.cn, February 21, 2024"


def test_what_xinhua_asked_is_exactly_that(shipped: Pipeline) -> None:
    for question in ("What did Xinhua ask?", "What did Xinhua ask about?"):
        (span,) = shipped.ask(question).citations
        assert span.quote.startswith("Could you brief us on the progress")
        assert span.quote.endswith("promoting quality development?")
        assert span.speaker == "Xinhua News Agency"


@pytest.mark.parametrize("question", ["gas stoves", "Who asked the question?", "What did the reporter ask?"])
def test_keywords_and_askers_are_found_on_the_shipped_corpus(shipped: Pipeline, question: str) -> None:
    assert shipped.ask(question).outcome == "answered"


@pytest.mark.parametrize(
    "question",
    ["How do I bake sourdough bread?", "Who won the football match?", "What did Reuters ask?", "Who is Liu Sanjiang?"],
)
def test_refusals_on_the_shipped_corpus(shipped: Pipeline, question: str) -> None:
    answer = shipped.ask(question)
    assert answer.outcome == "not_in_record"
    assert answer.citations == ()
    assert answer.hits


def test_the_same_question_gives_the_same_answer(shipped: Pipeline) -> None:
    first = shipped.ask("What is the satisfaction score for public services?")
    shipped.ask("Why is quality important?")
    again = shipped.ask("What is the satisfaction score for public services?")
    assert (first.confidence, first.citations) == (again.confidence, again.citations)


@given(transcripts())
@settings(max_examples=5)
def test_the_real_reader_cites_verbatim(shipped: Pipeline, transcript: Transcript) -> None:
    passages = [Passage(transcript, (r,), "") for r in transcript.paragraphs[:5]]
    reading = shipped.reader.read("How many vehicles were recalled?", [Hit(p, 1.0, None, 0.5) for p in passages])
    for span in reading.quotes:
        assert transcript.text[span.start : span.end] == span.quote


def test_every_file_of_the_corpus_is_cited_verbatim(shipped: Pipeline, corpus: Path) -> None:
    words = [w for t in shipped.library.transcripts() for w in t.text.split() if len(w) > 6][::7]
    for word in words:
        answer = shipped.ask(f"What about {word}?")
        for span in (*answer.citations, *(hit.span for hit in answer.hits)):
            turn = span.transcript.turns[span.turn]
            text = (corpus.parent / span.transcript.source).read_text(encoding="utf-8")
            assert text[span.start : span.end] == span.quote
            assert turn.start <= span.start < span.end <= turn.end


def test_a_list_is_given_item_by_item(shipped: Pipeline) -> None:
    quotes = [span.quote for span in shipped.ask("What are the four main aspects of the progress?").citations]
    assert quotes[0].endswith("there are four main aspects as follows:")
    assert [quote.split(",")[0] for quote in quotes[1:]] == ["First", "Second", "Third", "Fourth"]


def test_a_question_in_another_language_gets_a_hint(shipped: Pipeline) -> None:
    answer = shipped.ask("召回了多少辆汽车？")
    assert answer.outcome == "not_in_record"
    assert answer.note == "The question is in Chinese, the record in English: ask in English."
