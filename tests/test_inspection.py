"""The parse report, and the account of every character behind it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import inspection, transcripts
from qa.accounting import account
from qa.alignment import align
from qa.cli import main
from qa.inspection import inspect
from tests.fakes import as_json

TALK = """0 Comment(s)Print E-mail
Minutes of the council

Ann Lee: Will the bridge be closed?

Ben Ray (00:01:05): It will be closed in May. The work takes a year.

Ann Lee: And the ferry?

Ben Ray (00:02:00): It goes on as before.

< 1 2 3 4 >
Add your comments...
User Name Required
"""

WORDS = st.text("abcdefghijklmnopqrstuvwxyz é中文,.", min_size=1, max_size=60).filter(str.strip)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    file = tmp_path / "talk.txt"
    file.write_text(TALK, encoding="utf-8")
    return file


def dense(text: str) -> str:
    return "".join(text.split())


def test_the_report_of_a_talk(talk: Path) -> None:
    report = inspection.to_dict(inspect(talk, "talk.txt"))
    assert report["title"] == "Minutes of the council"
    assert [(s["label"], s["turns"], s["words"], s["questions"], s["answers"]) for s in report["speakers"]] == [
        ("Ann Lee", 2, 8, 2, 0), ("Ben Ray", 2, 16, 0, 2),
    ]  # fmt: skip
    assert (report["questions"], report["unanswered"], report["answers"]) == (2, 0, 2)
    assert (report["attributed"], report["looks_like"]) == (1.0, "English")
    assert [one["text"] for one in report["left_out"]] == [
        "0 Comment(s)Print E-mail", "< 1 2 3 4 >", "Add your comments...", "User Name Required",
    ]  # fmt: skip
    counts = report["characters"]
    assert counts["total"] == len(dense(TALK))
    assert counts["total"] == sum(counts[kind] for kind in ("kept", "label", "time", "furniture", "repeated"))
    assert counts["label"] == len(dense("Ann Lee: Ben Ray: Ann Lee: Ben Ray:"))
    assert counts["time"] == len("(00:01:05)(00:02:00)")


def test_what_is_dropped_is_quoted(talk: Path) -> None:
    whole = transcripts.read(talk)
    poorer = replace(whole, turns=(*whole.turns[:2], *whole.turns[3:]))
    left = [one.text for one in account(talk.read_bytes(), poorer).left_out if one.kind == "furniture"]
    assert any(text.endswith("It will be closed in May. The work takes a year.") for text in left)


def test_what_is_dropped_of_another_format_is_quoted() -> None:
    content = as_json(
        ("Ann Lee", "Will the bridge be closed to all traffic?"), ("Ben Ray", "It will, until the spring.")
    )
    whole = transcripts.parse(content, "talk.json")
    assert account(content, whole).kept == len(
        dense("Will the bridge be closed to all traffic? It will, until the spring.")
    )
    poorer = replace(whole, turns=tuple(turn for turn in whole.turns if turn.speaker != "Ben Ray"))
    left = [one.text for one in account(content, poorer).left_out]
    assert "It will, until the spring." in left


def test_what_is_no_word_of_the_source_is_told() -> None:
    content = as_json(("Ann Lee", "Will the bridge be closed to all traffic this year?"))
    whole = transcripts.parse(content, "talk.json")
    assert account(content, whole).unaccounted == 0
    made_up = replace(whole, text=whole.text.replace("this year", "for ever, never to be seen"))
    turns = tuple(turn._replace(end=len(made_up.text)) for turn in whole.turns[-1:])
    assert account(content, replace(made_up, turns=turns)).unaccounted > 10


def test_every_shipped_character_is_accounted_for(corpus: Path) -> None:
    file = next(corpus.glob("*.txt"))
    counts = inspection.to_dict(inspect(file))["characters"]
    assert counts["total"] == len(dense(file.read_text(encoding="utf-8")))
    assert counts["total"] == sum(counts[kind] for kind in ("kept", "label", "furniture"))
    assert counts["label"] == len(dense("Xinhua News Agency:Liu Sanjiang:"))


@given(st.lists(st.tuples(st.sampled_from(["Ann Lee", "Ben Ray", "Q"]), WORDS), min_size=2, max_size=8))
def test_every_character_is_accounted_for_once(turns: list[tuple[str, str]]) -> None:
    content = "\n\n".join(f"{name}: {' '.join(text.split())}" for name, text in turns).encode()
    made = account(content, transcripts.parse(content, "talk.txt"))
    left = sum(len(dense(one.text)) for one in made.left_out)
    assert made.kept + left == made.total == len(dense(content.decode()))


@given(st.lists(WORDS.map(dense), min_size=1, max_size=6), st.lists(WORDS.map(dense), min_size=6, max_size=6))
def test_parts_are_found_among_anything(parts: list[str], noise: list[str]) -> None:
    source = "".join(between.upper() + part for between, part in zip(noise, parts, strict=False))
    taken, missing = align(source, parts)
    assert sum(taken) == sum(map(len, parts)) - missing
    assert missing == 0 or any(len(part) < 24 for part in parts)  # a short part may be taken for another's piece


def test_a_part_that_was_moved_is_found() -> None:
    note = "Source: the annual report of the board, table three."
    before, after = "The rate was held at this meeting, and no", "body dissented from the decision that was taken."
    taken, missing = align(dense(before + note + after), [dense(before + after), dense(note)])
    assert (missing, all(taken)) == (0, True)


def test_inspect_says_what_it_cannot_read(tmp_path: Path, talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert main(["inspect", str(tmp_path), "--json"]) == 1
    out, err = capsys.readouterr()
    given_back = json.loads(out)
    assert [report["title"] for report in given_back["reports"]] == ["Minutes of the council"]
    assert len(given_back["failed"]) == 1
    assert err.count("\n") == 1
    assert main(["inspect", str(broken)]) == 2


def test_inspect_prints_the_report(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(talk)]) == 0
    out = capsys.readouterr().out
    assert "speaker    Ann Lee: 2 turns, 8 words; asks 2" in out
    assert "left out   “0 Comment(s)Print E-mail”" in out
