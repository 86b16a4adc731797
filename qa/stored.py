"""Transcripts and passages as rows of the library's database, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.types import Moment, Page, Passage, Range, Transcript, Turn

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transcripts (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, digest TEXT NOT NULL, title TEXT NOT NULL, date TEXT NOT NULL,
    url TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, turns TEXT NOT NULL, paragraphs TEXT NOT NULL,
    moments TEXT NOT NULL, pages TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, source TEXT NOT NULL, transcript TEXT NOT NULL REFERENCES transcripts (id),
    stamp TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS files_transcript ON files (transcript);
CREATE TABLE IF NOT EXISTS passages (
    number INTEGER, transcript TEXT NOT NULL REFERENCES transcripts (id), start INTEGER NOT NULL,
    pieces TEXT NOT NULL, context TEXT NOT NULL, speakers TEXT NOT NULL, key BLOB NOT NULL,
    PRIMARY KEY (transcript, start));
CREATE INDEX IF NOT EXISTS passages_number ON passages (number);
CREATE TABLE IF NOT EXISTS embeddings (
    key BLOB PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL) WITHOUT ROWID;
"""

# Of transcripts as t, and of the file it is read from as f: what ``transcript`` takes.
COLUMNS = (
    "t.id, t.sha256, t.text, t.turns, t.paragraphs, t.moments, t.pages, t.title, t.date, f.source, t.url, t.language, "
    "t.digest"
)


@dataclass(frozen=True, slots=True)
class Head:
    """A transcript without its words. ``digest`` changes with these, ``paths`` and ``sources`` are those of its files,
    in their order."""

    id: str
    title: str
    date: str
    digest: str
    sources: tuple[str, ...]
    paths: tuple[str, ...]


def digest(*stored: str) -> str:
    """What is stored of a transcript must be what was read: its words, who said them where, and when."""
    return hashlib.sha256("\0".join(stored).encode()).hexdigest()


def transcript_row(transcript: Transcript) -> tuple[object, ...]:
    turns = [[t.start, t.end, t.speaker, t.role, t.seconds, t.until] for t in transcript.turns]
    parts = (turns, transcript.paragraphs, transcript.moments, transcript.pages)
    stored = (transcript.text, *map(json.dumps, parts))
    title = "" if transcript.title == Path(transcript.source).stem else transcript.title
    return (transcript.id, transcript.sha256, digest(*stored), title, transcript.date, transcript.url,
            transcript.language, *stored)  # fmt: skip


def transcript(row: Sequence[Any]) -> Transcript | None:
    """The transcript in a row of COLUMNS; None if it is not what was stored."""
    if digest(*row[2:7]) != row[12]:
        return None
    turns = tuple(Turn(*turn) for turn in json.loads(row[3]))
    paragraphs = tuple(Range(*paragraph) for paragraph in json.loads(row[4]))
    moments = tuple(Moment(*moment) for moment in json.loads(row[5]))
    pages = tuple(Page(*page) for page in json.loads(row[6]))
    date, source, url, language = row[8:12]
    source = (pages[0].source if pages else "") or source  # an event is named after its first page
    title = row[7] or Path(source).stem
    return Transcript(row[0], row[1], row[2], turns, paragraphs, title, date, source, url, language, moments, pages)


def heads(rows: Iterable[Sequence[str]]) -> list[Head]:
    """From rows of id, title, date, digest, and source and path of one file; in the order of the first file's row."""
    files: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for *head, source, path in rows:
        files.setdefault(tuple(head), []).append((source, path))
    return [
        Head(identity, title or Path(own[0][0]).stem, date, digest, *map(tuple, zip(*own, strict=True)))
        for (identity, title, date, digest), own in files.items()
    ]


def passage_row(passage: Passage, key: bytes) -> tuple[object, ...]:
    transcript = passage.transcript
    speakers = sorted({transcript.turns[transcript.turn_at(start)].speaker for start, _ in passage.pieces})
    pieces = json.dumps(passage.pieces)
    return transcript.id, passage.pieces[0].start, pieces, passage.context, json.dumps(speakers), key


def pieces(text: str) -> tuple[Range, ...]:
    return tuple(Range(*piece) for piece in json.loads(text))
