"""What is rendered in a layout is read back: the same speakers in the same order, with the same words."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.transcripts import parse
from tests.test_word import docx, said

Turns = list[tuple[str, str]]

NAMES = ["Ann Lee", "Ben Ray", "Carol O'Neil", "Dr. Dan Ito", "Li Na"]
WORD = st.text("abcdefghijklmnopqrstuvwxyzéß", min_size=1, max_size=9)
SENTENCE = st.lists(WORD, min_size=2, max_size=14).map(lambda words: " ".join(words).capitalize() + ".")
SPEECH = st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join)


def _alternating(turns: Turns) -> Turns:
    """Nobody speaks twice in a row, and everybody speaks twice: else a label may as well be a word of the text."""
    return [(name, " ".join(words for _, words in own)) for name, own in groupby(turns * 2, key=lambda turn: turn[0])]


TURNS = (
    st.lists(st.tuples(st.sampled_from(NAMES), SPEECH), min_size=2, max_size=8)
    .map(_alternating)
    .filter(lambda turns: len(turns) > 3)
)


def _cues(turns: Turns, stamp: str, cue: Callable[[str, str], str]) -> str:
    clock = [f"00:{at // 60:02}:{at % 60:02}{stamp}000" for at in range(0, 5 * len(turns) + 5, 5)]
    return "\n".join(
        f"{number}\n{clock[number - 1]} --> {clock[number]}\n{cue(name, words)}\n"
        for number, (name, words) in enumerate(turns, 1)
    )


def _page(body: str) -> str:
    return f"<html><head><title>A long talk about it</title></head><body><article>{body}</article></body></html>"


def _segments(turns: Turns) -> str:
    timed = enumerate(turns)
    return json.dumps(
        {"segments": [{"start": 5 * at, "end": 5 * at + 5, "text": f" {w}", "speaker": n} for at, (n, w) in timed]}
    )


RENDER: dict[str, tuple[str, Callable[[Turns], str | bytes]]] = {
    "names in front": (".txt", lambda turns: "\n\n".join(f"{n}: {w}" for n, w in turns)),
    "names above": (".txt", lambda turns: "\n\n".join(f"{n}:\n{w}" for n, w in turns)),
    "names in capitals": (".txt", lambda turns: "\n\n".join(f"{n.upper()}: {w}" for n, w in turns)),
    "times and names": (
        ".txt", lambda turns: "\n".join(f"[00:{at:02}:00] {n}: {w}" for at, (n, w) in enumerate(turns))),
    "Markdown": (".md", lambda turns: "\n\n".join(f"**{n}:** {w}" for n, w in turns)),
    "WebVTT": (".vtt", lambda turns: "WEBVTT\n\n" + _cues(turns, ".", lambda n, w: f"<v {n}>{w}</v>")),
    "SubRip": (".srt", lambda turns: _cues(turns, ",", lambda n, w: f"{n}: {w}")),
    "Whisper": (".json", _segments),
    "simple JSON": (".json", lambda turns: json.dumps({"turns": [{"speaker": n, "text": w} for n, w in turns]})),
    "JSON Lines": (".jsonl", lambda turns: "\n".join(json.dumps({"speaker": n, "text": w}) for n, w in turns)),
    "bold names on a page": (
        ".html", lambda turns: _page("".join(f"<p><b>{html.escape(n)}:</b> {w}</p>" for n, w in turns))),
    "a table on a page": (
        ".html", lambda turns: _page("<table>" + "".join(
            f"<tr><td>{html.escape(n)}</td><td>{w}</td></tr>" for n, w in turns) + "</table>")),
    "a list on a page": (
        ".html", lambda turns: _page("<dl>" + "".join(
            f"<dt>{html.escape(n)}</dt><dd>{w}</dd>" for n, w in turns) + "</dl>")),
    "Word": (".docx", lambda turns: docx(*(said(f"{n}:", f" {w}") for n, w in turns))),
}  # fmt: skip


@pytest.mark.parametrize("layout", RENDER)
@given(turns=TURNS)
@settings(max_examples=60, deadline=None)
def test_what_is_rendered_is_read_back(layout: str, turns: Turns) -> None:
    suffix, render = RENDER[layout]
    rendered = render(turns)
    made = parse(rendered.encode() if isinstance(rendered, str) else rendered, f"talk{suffix}")
    found = [(t.speaker, " ".join(made.text[t.start : t.end].split())) for t in made.turns if t.role != "heading"]
    upper = layout == "names in capitals"
    assert found == [(name.upper() if upper else name, words) for name, words in turns]
