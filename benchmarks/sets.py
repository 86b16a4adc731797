"""Question sets in the common form (corpus.jsonl, questions.jsonl), searched without a library on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.chunking import chunk
from qa.derived import Contents, build_at
from qa.encoder import ENGLISH, PassageEncoder
from qa.formats.origin import Origin
from qa.formats.turns_json import parse
from qa.gold import Held, leading_blanks, share, without
from qa.hybrid import HybridRetriever, Indexes
from qa.roles import assign_roles
from qa.text import layout
from qa.types import Passage, Scope, Span, Transcript


class Document:
    """A transcript made of a corpus line; ``own`` maps the transcript's turns to the line's."""

    def __init__(self, line: dict[str, Any]) -> None:
        self.id: str = line["doc_id"]
        kept = [i for i, turn in enumerate(line["turns"]) if turn["text"].strip()]
        content = json.dumps({"turns": [{k: line["turns"][i][k] for k in ("speaker", "text")} for i in kept]})
        parsed = parse(content, Origin(self.id, self.id, self.id))
        self.transcript: Transcript = replace(
            parsed, id=self.id, title=line["title"], turns=assign_roles(parsed.text, parsed.turns)
        )
        self.own = kept
        self._held = Held(self.id, tuple(kept), blanks=leading_blanks(line["turns"][i]["text"] for i in kept))

    def shares(self, span: Span, answer: dict[str, Any]) -> bool:
        """Whether a sentence and an answer (turn, start, end of the line) share more than half of the shorter one."""
        if span.transcript.id != self.id:
            return False
        turn, start, end = self._held.place(span.transcript, span.start, span.end)
        return turn == answer["turn"] and share((start, end), (answer["start"], answer["end"]))

    def turns_of(self, passage: Passage) -> set[int]:
        return {self.own[self.transcript.turn_at(start)] for start, _ in passage.pieces}


def documents(folder: Path, split: str | None = None) -> list[Document]:
    return [Document(line) for line in lines(folder / "corpus.jsonl") if split in (None, line["split"])]


def questions(folder: Path, split: str | None = None) -> list[dict[str, Any]]:
    return [line for line in lines(folder / "questions.jsonl") if split in (None, line.get("split"))]


def lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        yield from (json.loads(line) for line in stream)


def passages_of(document: Document, encoder: PassageEncoder, masked: Iterable[int] = ()) -> list[Passage]:
    """The document's passages, without what the ``masked`` turns say: neither as text nor as context."""
    numbers = set(masked)
    hidden = {turn for turn, number in enumerate(document.own) if number in numbers}
    passages = chunk(document.transcript, encoder.count, encoder.limit)
    return [kept for passage in passages if (kept := without(passage, hidden)).pieces]


class Collection:
    """Passages with their vectors, searched as a library searches."""

    def __init__(self, passages: Sequence[Passage], indexes: Indexes, encoder: PassageEncoder) -> None:
        self._passages = passages
        self.retriever = HybridRetriever(self, indexes, encoder, encoder.name in ENGLISH)

    @classmethod
    def of(cls, passages: Sequence[Passage], encoder: PassageEncoder) -> Collection:
        vectors, sentences = encoder.encode_passages([p.embedded for p in passages], [layout(p) for p in passages])
        contents = Contents(passages, vectors, sentences, sum(map(len, sentences)))
        return cls(passages, build_at(None, contents), encoder)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        return [self._passages[number] for number in numbers]

    def owners(self, numbers: Sequence[int]) -> list[str]:
        return [self._passages[number].transcript.id for number in numbers]

    def languages(self) -> list[str]:
        return sorted({passage.transcript.language for passage in self._passages})

    def numbers(self, scope: Scope) -> NDArray[np.int64] | None:
        return None
