"""What is known to be right of a question: which sentences answer it, which passages and turns are relevant."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.question_sets import Asked, Place, QuestionSet
from qa.text import words
from qa.types import Passage, Span

_SHARED = 0.5  # of the shorter one of a sentence and an answer: what shares more is the answer's sentence


@dataclass(frozen=True, slots=True)
class Held:
    """A document as a library holds it: its transcript's id, and for each turn held the number of the document's."""

    id: str
    own: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """``held`` is the document that the question is about; None: the gold is a string, wherever it stands, or there is
    none, and nothing is known to answer."""

    asked: Asked
    held: Held | None

    def answers(self, span: Span) -> bool:
        asked = self.asked
        if asked.must_quote:
            return asked.must_quote in span.quote
        if not self.held or span.transcript.id != self.held.id:
            return False
        turn = self.held.own[span.turn]
        if not asked.places:
            return turn in asked.turns
        offset = span.transcript.turns[span.turn].start
        sentence = (span.start - offset, span.end - offset)
        return any(turn == place.turn and share(sentence, (place.start, place.end)) for place in asked.places)

    def turns(self, passage: Passage) -> set[int]:
        """The relevant turns that the passage holds words of."""
        if not self.held or passage.transcript.id != self.held.id:
            return set()
        said = {self.held.own[passage.transcript.turn_at(start)] for start, _ in passage.pieces}
        return said & self.asked.turns

    def relevant(self, passage: Passage) -> bool:
        """Whether it holds an answer, or words of a relevant turn where no answer is given."""
        if self.asked.must_quote:
            return self.asked.must_quote in passage.text
        if not self.asked.places:
            return bool(self.turns(passage))
        return any(
            _overlap(passage, self.held.own, place) for place in self.asked.places if self.held and self.turns(passage)
        )

    def f1(self, quotes: Sequence[str]) -> float:
        """Token F1 of the quoted text and the nearest answer (Rajpurkar et al. 2016); 0 where nothing is quoted."""
        golden = [place.text for place in self.asked.places if place.text] or [self.asked.must_quote]
        said = Counter(word for quote in quotes for word in words(quote))
        return max((_f1(said, Counter(words(gold))) for gold in golden), default=0.0)


def share(sentence: tuple[int, int], answer: tuple[int, int]) -> bool:
    """Whether two ranges of a turn share more than half of the shorter one."""
    (start, end), (first, last) = sentence, answer
    return min(end, last) - max(start, first) > _SHARED * min(end - start, last - first)


def _overlap(passage: Passage, own: Sequence[int], place: Place) -> bool:
    transcript = passage.transcript
    for start, end in passage.pieces:
        turn = transcript.turn_at(start)
        offset = transcript.turns[turn].start
        if own[turn] == place.turn and min(end - offset, place.end) > max(start - offset, place.start):
            return True
    return False


def _f1(said: Counter[str], gold: Counter[str]) -> float:
    shared = (said & gold).total()
    return 2 * shared / (said.total() + gold.total()) if shared else 0.0


def write_documents(given: QuestionSet, folder: Path) -> dict[str, Held]:
    """The set's documents as files to be indexed, and how each will be held. The turns in which the questions
    themselves stand are left out: they would be found instead of the replies."""
    folder.mkdir(parents=True, exist_ok=True)
    hidden: dict[str, set[int]] = {}
    for asked in given.questions:
        if asked.own_turn is not None:
            hidden.setdefault(asked.document, set()).add(asked.own_turn)
    held: dict[str, Held] = {}
    for number, line in enumerate(given.documents):
        own = tuple(_spoken(line["turns"], hidden.get(line["doc_id"], ())))
        turns = [{"speaker": line["turns"][i].get("speaker", ""), "text": line["turns"][i]["text"]} for i in own]
        content = json.dumps({"turns": turns}).encode()  # a title would be one more turn
        (folder / f"{number:06}.json").write_bytes(content)
        held[line["doc_id"]] = Held(hashlib.sha256(content).hexdigest()[:16], own)
    return held


def _spoken(turns: Sequence[dict[str, Any]], hidden: Iterable[int]) -> Iterable[int]:
    left_out = set(hidden)
    return (i for i, turn in enumerate(turns) if turn["text"].strip() and i not in left_out)
