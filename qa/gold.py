"""What is known to be right of a question: which sentences answer it, which passages and turns are relevant."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from qa.question_sets import Asked, Place, QuestionSet
from qa.text import is_cjk, words
from qa.types import Passage, Span, Transcript

_SHARED = 0.5  # of the shorter one of a sentence and an answer: what shares more is the answer's sentence


@dataclass(frozen=True, slots=True)
class Held:
    """A document as a library holds it: its transcript's id, for each turn held the number of the document's, the
    numbers of the document's turns in which the questions themselves stand, and how many blanks each turn held begins
    with, which the transcript's does not."""

    id: str
    own: tuple[int, ...]
    hidden: frozenset[int] = frozenset()
    blanks: tuple[int, ...] = ()

    def place(self, transcript: Transcript, start: int, end: int) -> tuple[int, int, int]:
        """The document's turn, and the characters of it that the transcript's are."""
        turn = transcript.turn_at(start)
        offset = transcript.turns[turn].start - (self.blanks[turn] if self.blanks else 0)
        return self.own[turn], start - offset, end - offset


@dataclass(frozen=True, slots=True)
class Gold:
    """``held`` is the document that the question is about; None: the gold is a string, wherever it stands, or there is
    none, and nothing is known to answer."""

    asked: Asked
    held: Held | None

    def answers(self, span: Span) -> bool:
        asked = self.asked
        if asked.must_quote:
            return _flat(asked.must_quote) in _flat(span.quote)
        if not self.held or span.transcript.id != self.held.id:
            return False
        turn, start, end = self.held.place(span.transcript, span.start, span.end)
        if not asked.places:
            return turn in asked.turns
        return any(turn == place.turn and share((start, end), (place.start, place.end)) for place in asked.places)

    def turns(self, passage: Passage) -> set[int]:
        """The relevant turns that the passage holds words of."""
        if not self.held or passage.transcript.id != self.held.id:
            return set()
        said = {self.held.own[passage.transcript.turn_at(start)] for start, _ in passage.pieces}
        return said & self.asked.turns

    def relevant(self, passage: Passage) -> bool:
        """Whether it holds an answer, or words of a relevant turn where no answer is given."""
        if self.asked.must_quote:
            return _flat(self.asked.must_quote) in _flat(passage.text)
        if not self.asked.places:
            return bool(self.turns(passage))
        return any(
            _overlap(passage, self.held, place) for place in self.asked.places if self.held and self.turns(passage)
        )

    def f1(self, quotes: Sequence[str]) -> float | None:
        """Token F1 of the quoted text and the nearest answer (Rajpurkar et al. 2016), which may be a part or all parts;
        0 where nothing is quoted, None where no answer's words are known."""
        known = [place for place in self.asked.places if place.text]
        golden = [place.text for place in known] or [self.asked.must_quote]
        parts = [place for place in known if not place.also]
        if not any(_meet(one, other) for one, other in combinations(parts, 2)):  # those that meet are alternatives
            golden.append(" ".join(place.text for place in parts))
        said = _tokens(" ".join(quotes))
        return max((_f1(said, _tokens(gold)) for gold in golden if gold), default=None)


def _flat(text: str) -> str:
    """With a line break as a blank, as it is shown and copied."""
    return " ".join(text.split())


def share(sentence: tuple[int, int], answer: tuple[int, int]) -> bool:
    """Whether two ranges of a turn share more than half of the shorter one."""
    (start, end), (first, last) = sentence, answer
    return min(end, last) - max(start, first) > _SHARED * min(end - start, last - first)


def _overlap(passage: Passage, held: Held, place: Place) -> bool:
    said = (held.place(passage.transcript, *piece) for piece in passage.pieces)
    return any(turn == place.turn and min(end, place.end) > max(start, place.start) for turn, start, end in said)


def _meet(one: Place, other: Place) -> bool:
    return one.turn == other.turn and max(one.start, other.start) < min(one.end, other.end)


def _tokens(text: str) -> Counter[str]:
    """Words, and single characters of what is written without blanks (Cui et al. 2019)."""
    return Counter(token for word in words(text) for token in (word if is_cjk(word) else [word]))


def _f1(said: Counter[str], gold: Counter[str]) -> float:
    shared = (said & gold).total()
    return 2 * shared / (said.total() + gold.total()) if shared else 0.0


def write_documents(given: QuestionSet, folder: Path) -> dict[str, Held]:
    """The set's documents as files to be indexed, and how each will be held. The turns in which the questions
    themselves stand are written too, so that their replies are known as replies; see ``unasked``."""
    folder.mkdir(parents=True, exist_ok=True)
    held: dict[str, Held] = {}
    for number, line in enumerate(given.documents):
        own = tuple(i for i, turn in enumerate(line["turns"]) if turn["text"].strip())
        turns = [{"speaker": line["turns"][i].get("speaker", ""), "text": line["turns"][i]["text"]} for i in own]
        content = json.dumps({"turns": turns}).encode()  # a title would be one more turn
        (folder / f"{number:06}.json").write_bytes(content)
        asked = (a.own_turn for a in given.questions if a.document == line["doc_id"])
        hidden = frozenset(turn for turn in asked if turn is not None)
        blanks = leading_blanks(turn["text"] for turn in turns)
        held[line["doc_id"]] = Held(hashlib.sha256(content).hexdigest()[:16], own, hidden, blanks)
    return held


def leading_blanks(texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(len(text) - len(text.lstrip()) for text in texts)


def unasked(held: Iterable[Held]) -> Callable[[list[Passage]], list[Passage]]:
    """What takes out of passages what the hidden turns say, as text and as context: the questions themselves would be
    found instead of the replies to them."""
    hidden: dict[str, set[int]] = {}
    for one in held:
        turns = (turn for turn, number in enumerate(one.own) if number in one.hidden)
        hidden.setdefault(one.id, set()).update(turns)

    def keep(passages: list[Passage]) -> list[Passage]:
        masked = (without(passage, hidden.get(passage.transcript.id, set())) for passage in passages)
        return [passage for passage in masked if passage.pieces]

    return keep


def without(passage: Passage, hidden: Collection[int]) -> Passage:
    """The passage without what the ``hidden`` turns of its transcript say, as text and as context; it may be empty."""
    transcript = passage.transcript
    turns = [transcript.turn_at(piece.start) for piece in passage.pieces]
    kept = [at for at, turn in enumerate(turns) if turn not in hidden]
    context = passage.context
    if kept and context and not {turns[0], transcript.question_of(turns[0])}.isdisjoint(hidden):
        context = transcript.turns[turns[kept[0]]].speaker
    return replace(passage, pieces=tuple(passage.pieces[at] for at in kept), context=context)
