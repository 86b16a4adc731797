"""The parse report: what a file was read as, who speaks in it, and what became of every character of its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa import transcripts
from qa.accounting import Account, account
from qa.render import clock
from qa.speakers import people
from qa.text import is_cjk, printable, words
from qa.types import Transcript, Turn

_SHOWN = 20  # different stretches left out that are printed, unless all are asked for
_QUOTED = 100  # characters of each
_PARAGRAPHS, _SAMPLE = 200, 6000  # paragraphs and characters that tell the language
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class SpeakerReport:
    """A person as first labelled, the other labels, and counts; of Chinese and Japanese a word is a character."""

    label: str
    also: tuple[str, ...]
    turns: int
    words: int
    questions: int
    answers: int
    moderations: int


@dataclass(frozen=True, slots=True)
class Report:
    """Shares are of the characters spoken. ``layout`` tells what was recognised and why, a line each; ``unanswered``
    counts questions that no reply follows."""

    transcript: Transcript
    layout: tuple[str, ...]
    speakers: tuple[SpeakerReport, ...]
    questions: int
    unanswered: int
    answers: int
    attributed: float
    timed: float
    account: Account


def inspect(path: Path, source: str = "") -> Report:
    """Reads a file as ``qa index`` would and tells what it made of it. Raises TranscriptError as that does."""
    source = source or path.as_posix()
    return inspect_content(transcripts.load(path, source), source)


def inspect_content(content: bytes, source: str) -> Report:
    """``inspect`` for what is not a file yet; the ending of ``source`` names the format."""
    notes: list[str] = []
    transcript = transcripts.parse(content, source, notes)
    spoken = [turn for turn in transcript.turns if turn.role != "heading"]
    asked = [index for index, turn in enumerate(transcript.turns) if turn.role == "question"]
    timed = [part for part in transcript.paragraphs if transcript.seconds_at(part.start) is not None]
    total = sum(map(_length, spoken))
    return Report(
        transcript, tuple(notes), _speakers(transcript, spoken), len(asked),
        len(set(asked).difference(transcript.answered())),
        sum(turn.role == "answer" for turn in spoken),
        sum(_length(turn) for turn in spoken if turn.speaker) / total,
        sum(end - start for start, end in timed) / sum(end - start for start, end in transcript.paragraphs),
        account(content, transcript),
    )  # fmt: skip


def _length(turn: Turn) -> int:
    return turn.end - turn.start


def _speakers(transcript: Transcript, spoken: Sequence[Turn]) -> tuple[SpeakerReport, ...]:
    """In order of appearance."""
    who = people(turn.speaker for turn in spoken)
    found = []
    for person in dict.fromkeys(who.values()):
        own = [turn for turn in spoken if who[turn.speaker] == person]
        also = tuple(label for label, first in who.items() if first == person != label)
        roles = Counter(turn.role for turn in own)
        counted = sum(count_words(transcript.text[turn.start : turn.end]) for turn in own)
        found.append(
            SpeakerReport(person, also, len(own), counted, roles["question"], roles["answer"], roles["moderation"])
        )
    return tuple(found)


def count_words(text: str) -> int:
    """Words; each character of what is written without blanks between words."""
    return sum(len(word) if is_cjk(word) else 1 for word in words(text))


def left_out(report: Report) -> list[tuple[str, str, int]]:
    """(kind, text, how often) of what is neither kept nor a label or time, the most frequent first. What differs in
    numbers only, as page numbers do, is counted as one and quoted once."""
    first: dict[tuple[str, str], str] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for one in report.account.left_out:
        if one.kind in ("furniture", "repeated"):
            text = " ".join(one.text.split())
            key = (one.kind, _NUMBER.sub("0", text))
            first.setdefault(key, text)
            seen[key] += 1
    return [(key[0], first[key], count) for key, count in seen.most_common()]


def looks_like(transcript: Transcript) -> str:
    """The language that the letters of what is said are distributed like, in English; a guess."""
    from charset_normalizer import from_bytes

    said = "".join(transcript.text[start:end] for start, end in transcript.paragraphs[:_PARAGRAPHS])
    best = from_bytes(said[:_SAMPLE].encode("utf-8", "replace")).best()
    return "" if best is None or best.language == "Unknown" else best.language


def to_dict(report: Report) -> dict[str, Any]:
    """The report as JSON; characters are those that are no blanks."""
    made = report.transcript
    return {
        "source": made.source, "sha256": made.sha256, "layout": list(report.layout), "title": made.title,
        "date": made.date or None, "language": made.language or None,
        "looks_like": looks_like(made) or None, "url": made.url or None,
        "pages": len(made.pages) or None,
        "speakers": [asdict(speaker) for speaker in report.speakers],
        "turns": sum(turn.role != "heading" for turn in made.turns), "paragraphs": len(made.paragraphs),
        "questions": report.questions, "unanswered": report.unanswered, "answers": report.answers,
        "attributed": round(report.attributed, 4), "timed": round(report.timed, 4),
        "characters": _characters(report.account),
        "left_out": [{"kind": kind, "text": text, "count": count} for kind, text, count in left_out(report)],
    }  # fmt: skip


def _characters(made: Account) -> dict[str, int]:
    return {
        "total": made.total, "kept": made.kept, "label": made.count("label"), "time": made.count("time"),
        "furniture": made.count("furniture"), "repeated": made.count("repeated"), "unaccounted": made.unaccounted,
    }  # fmt: skip


def to_text(report: Report, everything: bool = False) -> str:
    """For a terminal; what is left out is quoted, the most frequent first, all of it if ``everything``."""
    made = report.transcript
    counts = _characters(report.account)
    times = f"{report.timed:.1%} of what is said" if report.timed else "none"
    spans = [made.seconds_at(made.paragraphs[index].start) for index in (0, -1)]
    times += f", {clock(spans[0])} to {clock(spans[1])}" if None not in spans else ""
    rows = [
        *(("layout", note) for note in report.layout),
        ("title", made.title), ("date", made.date or "not stated"),
        ("language", made.language or f"not stated; looks like {looks_like(made) or 'none known'}"),
        *([("pages", str(len(made.pages)))] if made.pages else []),
        *(("speaker", _speaker(speaker)) for speaker in report.speakers),
        ("attributed", f"{report.attributed:.1%} of what is said"),
        ("questions", f"{report.questions}, {report.unanswered} without a reply; {report.answers} replies"),
        ("times", times),
        ("characters", ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count or kind == "kept")),
    ]  # fmt: skip
    found = left_out(report)
    shown = found if everything else found[:_SHOWN]
    rows += [("left out", f"“{_brief(text)}”" + (f" × {count}" if count > 1 else "")) for _, text, count in shown]
    if len(found) > len(shown):
        rows.append(("", f"and {len(found) - len(shown)} more; --all shows them"))
    return "\n".join([printable(made.source), *(f"  {name:<10} {printable(value)}" for name, value in rows)]) + "\n"


def _speaker(speaker: SpeakerReport) -> str:
    also = f" (also {', '.join(speaker.also)})" if speaker.also else ""
    does = {"asks": speaker.questions, "answers": speaker.answers, "moderates": speaker.moderations}
    roles = ", ".join(f"{verb} {count}" for verb, count in does.items() if count)
    turns = f"{speaker.turns:,} turn{'s' if speaker.turns != 1 else ''}, {speaker.words:,} words"
    return f"{speaker.label or '(nobody named)'}{also}: {turns}" + (f"; {roles}" if roles else "")


def _brief(text: str) -> str:
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
