"""Questions about the transcript itself, and questions that were asked but not answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa import structure
from qa.chunking import chunk
from qa.encoder import PassageEncoder
from qa.evidence import JUDGING, RANKING
from qa.indexing import index
from qa.library import Library
from qa.pipeline import Pipeline
from qa.reader import SentenceReader, Weights
from qa.render import answer_to_dict, to_html, to_markdown, to_text
from qa.speakers import called
from qa.text import spans_of
from qa.types import Hit, Page, Reading, Scope, Transcript
from tests.fakes import OverlapScorer, as_json, hashing, spoken

PRESS = spoken(
    ("Moderator", "We begin now. Please go ahead."),
    ("Reuters", "I am from Reuters. Prices rose again in March. Will interest rates rise soon?"),
    ("Chair Powell", "Interest rates will not rise soon. We look at prices every month."),
    ("Xinhua News Agency", "How are exports doing? And what about imports?"),
    ("Chair Powell", "I have nothing for you on that today. We will publish figures in May."),
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who spoke?", "speakers"), ("Who were the speakers?", "speakers"), ("List the speakers", "speakers"),
        ("How many people spoke at this press conference?", "speakers"), ("Who took part in the hearing?", "speakers"),
        ("How many questions were asked?", "questions"), ("How many questions were there?", "questions"),
        ("Who asked questions?", "questions"), ("Who asked what?", "questions"), ("List all questions", "questions"),
        ("Which reporters asked questions?", "questions"), ("How long was the press conference?", "length"),
        ("How long did the meeting last?", "length"), ("How many questions about tariffs were asked?", None),
        ("Who spoke about inflation?", None), ("How long will the war last?", None), ("Who spoke to the mayor?", None),
        ("How many people lost their jobs?", None), ("How long was the website down?", None), ("", None),
        ("How many participants were there?", None), ("How many people took part last year?", None),
        ("How many people took part in the event?", None), ("Who participated in the event?", None),
        ("How many people took part in this hearing?", "speakers"), ("Who spoke to you?", None),
        ("Who speaks for them?", None), ("Who spoke last?", "last speaker"), ("Who spoke most?", "most words"),
        ("Who spoke the most?", "most words"), ("Who said the most about prices?", None),
        ("Who is the speaker?", "speakers"), ("Who is talking?", "speakers"), ("List participants", "speakers"),
        ("What are the names of the speakers?", "speakers"), ("Tell me all the speakers", "speakers"),
        ("Which news outlets asked questions?", "questions"),
        ("Which outlet asked the most questions?", "most questions"),
        ("Who was the first to ask a question?", "first question"), ("What questions did reporters ask?", "questions"),
        ("Which reporter asked the first question?", "first question"), ("What is this video about?", "title"),
        ("How many questions were asked in total?", "questions"), ("When was the news conference?", "date"),
        ("When was this podcast recorded?", "date"), ("When exactly was this?", "date"),
        ("When did the session begin?", None), ("When was the video released?", None),
        ("What is the debate about?", None),
        ("When was the recording published?", None), ("Who is the Speaker?", None), ("Who spoke in that video?", None),
        ("What questions did reporters ask about prices?", None),
        ("When does the war start?", None), ("What is the speaker of the House?", None),
        ("Who spoke last year?", None), ("How long does the event last?", None),
        ("What questions were asked?", "questions"), ("Which question was asked?", "questions"),
        ("What questions were asked last year?", None), ("Who asked the last question?", "last question"),
        ("What was the first question about?", "first question"), ("Who asked the second question?", None),
        ("Who asked first?", "first question"), ("Who asked last?", "last question"),
        ("What did the first reporter ask?", "first question"), ("Who asked the most questions?", "most questions"),
        ("Who was the first to speak?", "first speaker"), ("Could you please tell me who spoke?", "speakers"),
        ("How long did the press conference take?", "length"), ("How long was this?", "length"),
        ("How long does this take?", None), ("Who spoke more than once?", None), ("Who spoke after her?", None),
        ("How many speakers will there be at the event?", None), ("Which reporters did not ask anything?", None),
        ("How many questions may each reporter ask?", None), ("How many questions do you have?", None),
        ("How many questions will be put to the people?", None), ("Can you list the questions?", "questions"),
        ("Who chose the theme of this conference?", None), ("Who changed the name of the event?", None),
        ("What was the date of his speech?", None), ("What was the date of the other meeting?", None),
        ("When was the meeting before that?", None), ("Do you know what this is called?", "title"),
        ("So what is the topic of this press conference?", "title"), ("What's this about?", "title"),
        ("Tell me about the main topic of this briefing", "title"), ("When was THIS?", "date"),
        ("Could you tell me when this was?", "date"), ("What was the date this was recorded?", "date"),
        ("Please can you list the speakers?", "speakers"), ("Tell me who spoke, can you?", "speakers"),
        ("Who spoke at that meeting?", None), ("How many questions did he ask?", None), ("Who's speaking?", "speakers"),
        ("Who spoke at his press conference?", None), ("Who spoke off the record?", None), ("What's the date?", "date"),
        ("What's the first question?", "first question"), ("Who are all the speakers?", "speakers"),
        ("List all speakers", "speakers"), ("Who was the last person to speak?", "last speaker"),
        ("List the questions that were asked", "questions"), ("When was that meeting?", None),
        ("What is the title of this conference?", "title"), ("What was the date of this press conference?", "date"),
    ],
)  # fmt: skip
def test_what_is_about_the_transcript_itself(question: str, kind: str | None) -> None:
    assert structure.about(question) == kind


def test_speakers_and_questions() -> None:
    note, spans = structure.answer("speakers", [PRESS])
    assert note == (
        "4 speakers: Moderator (1 turn), Reuters (1 turn), Chair Powell (2 turns), Xinhua News Agency (1 turn)."
    )
    assert [span.speaker for span in spans] == ["Moderator", "Reuters", "Chair Powell", "Xinhua News Agency"]
    assert spans[1].quote == "I am from Reuters."
    note, spans = structure.answer("questions", [PRESS])
    assert note == "2 turns with questions by Reuters, Xinhua News Agency."
    assert [span.quote for span in spans] == ["Will interest rates rise soon?", "How are exports doing?"]


def test_one_question_of_all() -> None:
    note, spans = structure.answer("first question", [PRESS])
    assert note == "The first turn with a question by Reuters."
    assert [span.quote for span in spans] == ["Will interest rates rise soon?"]
    note, spans = structure.answer("last question", [PRESS])
    assert note == "The last turn with a question by Xinhua News Agency."
    assert [span.quote for span in spans] == ["How are exports doing?", "And what about imports?"]


def test_who_speaks_first_and_last() -> None:
    note, spans = structure.answer("first speaker", [PRESS])
    assert (note, [span.quote for span in spans]) == ("Moderator speaks first.", ["We begin now."])
    assert structure.answer("last speaker", [PRESS])[0] == "Chair Powell speaks last."
    assert structure.answer("last speaker", [spoken(("", "Nobody is named here."))]) == (
        "The file names no speakers.", (),
    )  # fmt: skip


def test_more_than_can_be_shown_is_said_and_each_transcript_has_its_share() -> None:
    asked = spoken(*((f"Paper {i}", f"What is number {i}?") for i in range(66)))
    note, spans = structure.answer("questions", [asked])
    assert note.startswith("66 turns with questions by Paper 0,") and note.endswith(". 50 of 66 quotes are shown.")
    assert [span.quote for span in spans] == [f"What is number {i}?" for i in range(50)]
    note, spans = structure.answer("questions", [asked, replace(PRESS, id="1" * 16)])
    assert note.endswith(". 50 of 68 quotes are shown.")
    assert [span.quote for span in spans[47:]] == [
        "What is number 47?", "Will interest rates rise soon?", "How are exports doing?",
    ]  # fmt: skip


def test_who_speaks_most() -> None:
    note, spans = structure.answer("most words", [PRESS])
    assert note == "Chair Powell speaks most, 26 of 54 words."
    assert [span.quote for span in spans] == ["Interest rates will not rise soon."]
    assert structure.answer("most words", [spoken(("", "Nobody."))])[0] == "The file names no speakers."


def test_who_asked_most() -> None:
    again = spoken(("Reuters", "Why is it so?"), ("Chair", "It is."), ("CNN", "Is it?"), ("Chair", "It really is so."),
                   ("Reuters", "And now?"), ("Chair", "Now too."))  # fmt: skip
    note, spans = structure.answer("most questions", [again])
    assert note == "Reuters asked most, 2 turns with questions."
    assert [span.quote for span in spans] == ["Why is it so?", "And now?"]
    assert structure.answer("most questions", [PRESS])[0].startswith("Reuters, Xinhua News Agency asked most, 1 turn")


def test_only_the_turns_of_the_scope_count() -> None:
    xinhua, nobody = (Scope(speakers=frozenset([name])) for name in ("Xinhua News Agency", "Moderator"))
    assert [span.speaker for span in structure.answer("questions", [PRESS], xinhua)[1]] == ["Xinhua News Agency"]
    assert structure.answer("speakers", [PRESS], xinhua)[0] == "1 speaker: Xinhua News Agency (1 turn)."
    assert structure.answer("questions", [PRESS], nobody) == ("", ())


DATED = spoken(("Chair", "We begin now."), ("Lee", "Why?"), title="Press conference", date="March 20, 2024")


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("When was this?", "March 20, 2024"), ("When did the press conference take place?", "March 20, 2024"),
        ("What is the date?", "March 20, 2024"), ("When was this page published?", "March 20, 2024"),
        ("What was the theme of the press conference?", "Press conference"),
        ("What is this briefing about?", "Press conference"),
    ],
)  # fmt: skip
def test_date_and_title_are_cited_from_the_heading(question: str, quote: str) -> None:
    kind = structure.about(question)
    assert kind
    note, (span,) = structure.answer(kind, [DATED])
    assert (span.quote, span.role) == (quote, "heading") and note in ("Dated March 20, 2024.", "This is the title.")


def test_of_several_transcripts_each_is_told() -> None:
    other = spoken(("Lee", "Now."), title="Harbour hearing", date="2022-07-07")
    note, spans = structure.answer("date", [DATED, other, replace(PRESS, title="Undated")])
    assert [span.quote for span in spans] == ["March 20, 2024", "2022-07-07"]
    assert note == (
        "Press conference: dated March 20, 2024. Harbour hearing: dated 2022-07-07. Undated: the file gives no date."
    )


def test_each_file_of_a_joined_event_has_its_own_clock() -> None:
    talk = spoken(*((f"S{i}", f"This is part {i}.") for i in range(3)))
    turns = tuple(turn._replace(seconds=0.0, until=600.0 + i) for i, turn in enumerate(talk.turns))
    pages = tuple(Page(turn.start, str(i), f"seg{i}.json") for i, turn in enumerate(turns))
    one = "From the first to the last time in the file 0:10:02."
    assert structure.answer("length", [replace(talk, turns=turns)])[0] == one
    note, spans = structure.answer("length", [replace(talk, turns=turns, pages=pages)])
    assert note == "From the first to the last time in each of 3 files, together 0:30:03."
    assert [span.quote for span in spans] == ["This is part 0.", "This is part 1.", "This is part 2."]


def test_what_only_the_file_s_own_data_tell_is_said_without_a_quote() -> None:
    given = replace(PRESS, source="talks/water.md", title="The Water Talk", date="2023-05-04")
    given = replace(given, turns=tuple(turn for turn in given.turns if turn.role != "heading"))
    assert structure.answer("date", [given]) == ("The file is dated 2023-05-04, which its text does not say.", ())
    assert structure.answer("title", [given])[0] == "The file is titled “The Water Talk”, which its text does not say."
    assert structure.answer("title", [replace(given, title="water")])[0] == "The file gives no title."


def test_what_is_not_known_is_said() -> None:
    assert structure.answer("length", [PRESS]) == ("The file gives no times.", ())
    assert structure.answer("questions", [spoken(("", "A text of nobody named. It goes on."))])[1] == ()


def test_who_is_called_so() -> None:
    labels = ["CHAIR POWELL", "Mr. Lee", "Ann Leeds"]
    assert called("Powell", labels) == ["CHAIR POWELL"]
    assert called("Lee", labels) == ["Mr. Lee"]
    assert called("Yellen", labels) == []


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory, minilm: PassageEncoder) -> Pipeline:
    folder = tmp_path_factory.mktemp("press")
    said = [(PRESS.turns[i].speaker, PRESS.text[PRESS.turns[i].start : PRESS.turns[i].end]) for i in range(5)]
    turns = [{"speaker": speaker, "text": text} for speaker, text in said]
    (folder / "press.json").write_text(json.dumps({"turns": turns}))
    index(folder / "library", [folder / "press.json"], load=lambda name: minilm)
    return Pipeline(Library(folder / "library", lambda name: minilm))


def test_who_spoke_from_end_to_end(press: Pipeline) -> None:
    answer = press.ask("Who spoke?")
    assert answer.outcome == "answered" and answer.confidence == 1.0 and len(answer.citations) == 4
    assert answer_to_dict(answer)["note"] == answer.note
    for shown in (to_text(answer), to_html(answer)):
        assert answer.note in shown


def test_sentences_that_name_the_topic_are_what_was_said_about_it(press: Pipeline) -> None:
    never = SentenceReader(press.library.encoder, None, replace(Weights.load(fast=True), bias=-99.0))
    doubting = Pipeline(press.library, never)
    for question in ("What did Powell say about figures?", "What was said about figures?"):
        assert [span.quote for span in doubting.ask(question).citations] == ["We will publish figures in May."]
    assert doubting.ask("What did Powell say about imports?").citations == ()  # only the reporter speaks of them
    assert doubting.ask("What did Powell say about the weather?").citations == ()
    chair = Scope(speakers=frozenset({"Chair Powell"}))
    assert [span.quote for span in doubting.ask("What did Powell say about figures?", chair).citations] == [
        "We will publish figures in May."
    ]


def test_only_the_words_of_who_is_named(press: Pipeline, minilm: PassageEncoder) -> None:
    pipeline = Pipeline(press.library, SentenceReader(minilm, OverlapScorer(), replace(NEVER, bias=9.0)))
    asked = pipeline.ask("What did Powell say about prices?")
    assert {hit.span.speaker for hit in asked.hits} == {span.speaker for span in asked.citations} == {"Chair Powell"}
    everything = pipeline.ask("What was said about prices?")
    assert len({hit.span.speaker for hit in everything.hits}) > 1
    assert asked.searched and everything.searched
    assert asked.searched.passages < everything.searched.passages, "what was looked through is what is told"


def test_what_others_say_is_no_answer_unless_they_name_him(tmp_path: Path, minilm: PassageEncoder) -> None:
    turns = [{"speaker": "Ann Lee", "text": "Prices rose in March. Bo Ray told us that prices will fall."},
             {"speaker": "Bo Ray", "text": "Good morning to everybody in this room, and welcome."}]  # fmt: skip
    (tmp_path / "town.json").write_text(json.dumps({"turns": turns}))
    index(tmp_path / "library", [tmp_path / "town.json"], load=lambda name: minilm)

    class Reads:
        def read(self, question: str, hits: Sequence[Hit], scope: Scope = Scope()) -> Reading:
            found = tuple(s for hit in hits for s in spans_of(hit.passage) if s.speaker == "Ann Lee")
            return Reading(found, 0.9, found)

    answer = Pipeline(Library(tmp_path / "library", lambda name: minilm), Reads()).ask("What did Ray say about prices?")
    assert [span.quote for span in answer.citations] == ["Bo Ray told us that prices will fall."]


def test_who_does_not_speak_is_said_to_be_unknown(press: Pipeline) -> None:
    answer = press.ask("What did Yellen say about prices?")
    assert answer.note == "Nobody called Yellen speaks here."


NEVER = Weights((1.0,) * len(RANKING), (0.0,) * len(JUDGING), -9.0, 0.5, 99.0)


def hits_of(transcript: Transcript, encoder: PassageEncoder) -> list[Hit]:
    return [Hit(passage, 1.0, 1.0, 0.5) for passage in chunk(transcript, encoder.count, encoder.limit)]


def test_asked_but_not_answered(minilm: PassageEncoder) -> None:
    reader = SentenceReader(minilm, OverlapScorer(), NEVER)
    reading = reader.read("How are the exports developing?", hits_of(PRESS, minilm))
    assert not reading.quotes
    assert [span.quote for span in reading.exchange] == [
        "How are exports doing?", "I have nothing for you on that today.", "We will publish figures in May.",
    ]  # fmt: skip
    assert reader.read("Who won the football match?", hits_of(PRESS, minilm)).exchange == ()


def test_the_exchange_is_shown_and_is_no_answer(press: Pipeline, minilm: PassageEncoder) -> None:
    pipeline = Pipeline(press.library, SentenceReader(minilm, OverlapScorer(), NEVER))
    answer = pipeline.ask("How are the exports developing?")
    assert answer.outcome == "asked_not_answered" and not answer.citations
    data = answer_to_dict(answer)
    assert data["citations"] == [] and data["exchange"][0]["quote"] == "How are exports doing?"
    for shown in (to_text(answer), to_markdown(answer), to_html(answer)):
        assert "Asked, but not answered" in shown and "nothing for you on that today" in shown


def test_nothing_is_read_where_structure_answers(tmp_path: Path, press: Pipeline) -> None:
    class Unused:
        def read(self, *_: object) -> None:
            raise AssertionError("the reader was asked")

    assert Pipeline(press.library, Unused()).ask("Who spoke?").citations  # type: ignore[arg-type]


class Reads:
    """Quotes every sentence that is found."""

    def read(self, question: str, hits: Sequence[Hit], scope: Scope = Scope()) -> Reading:
        said = (span for hit in hits for span in spans_of(hit.passage))
        found = tuple(span for span in said if scope.admits(span.transcript, span.start))
        return Reading(found, 0.9, found)


def pipeline_of(folder: Path, *turns: tuple[str, str]) -> Pipeline:
    (folder / "made.json").write_bytes(as_json(*turns))
    index(folder / "library", [folder / "made.json"], load=hashing)
    return Pipeline(Library(folder / "library", hashing), Reads())


def test_what_structure_cannot_tell_is_read_for(tmp_path: Path) -> None:
    answer = pipeline_of(tmp_path, ("Ann Lee", "The talk was two hours long.")).ask("How long was the talk?")
    assert [span.quote for span in answer.citations] == ["The talk was two hours long."]
    assert answer.confidence == 0.9 and answer.note == "The file gives no times."


def test_a_country_is_not_the_outlet_called_after_it(tmp_path: Path) -> None:
    told = ("Ann Lee", "China added ten million jobs last year."), ("Markus Post", "So it did.")
    pipeline = pipeline_of(tmp_path, ("China Daily", "China added jobs. How many were there?"), *told)
    answer = pipeline.ask("What does China say about jobs?")
    assert "Ann Lee" in {span.speaker for span in answer.citations} and not answer.note
    assert {span.speaker for span in pipeline.ask("What did China Daily say about jobs?").citations} == {"China Daily"}
    assert {span.speaker for span in pipeline.ask("What did Markus say about jobs?").citations} == {"Markus Post"}
