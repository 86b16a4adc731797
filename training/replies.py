"""Reporters' questions and the replies to them as examples: which passage replies is known, which sentence is not.

Of a reply every sentence counts as answering, so the loss asks only that the model finds the passage. The question's
own turn is kept out of all passages, as text and as context.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.sets import Collection, Document, documents, passages_of, questions
from qa.encoder import PassageEncoder
from qa.text import spans_of
from qa.types import Passage
from training.examples import WRONG, Example

SILVER = ("fomc_presser_silver", "whitehouse_briefings_silver")
_DEPTH = 30  # passages of all events that wrong ones are taken from


def hidden(asked: list[dict[str, Any]], document: Document) -> set[int]:
    """The turns in which the questions themselves stand."""
    return {question["question_turn"] for question in asked if question["doc_id"] == document.id}


def replying(
    question: dict[str, Any], document: Document, passages: list[Passage], chance: random.Random
) -> list[Passage]:
    """Up to two passages of the turns that reply: the first, and one of the others."""
    wanted = set(question["relevant_turns"])
    right = [passage for passage in passages if document.turns_of(passage) & wanted]
    return right[:1] + chance.sample(right[1:], min(1, len(right[1:])))


def replies(folder: Path, encoder: PassageEncoder, seed: int) -> Iterator[Example]:
    chance = random.Random(seed)
    asked = questions(folder, "train")
    passages = {d.id: (d, passages_of(d, encoder, hidden(asked, d))) for d in documents(folder, "train")}
    pool = Collection.of([p for _, own in passages.values() for p in own], encoder)
    for question in asked:
        document, own = passages[question["doc_id"]]
        right = replying(question, document, own, chance)
        wanted = set(question["relevant_turns"])
        near = [hit.passage for hit in pool.retriever.search(question["question"], _DEPTH)]
        wrong = [p for p in near if p.transcript.id != document.id or not document.turns_of(p) & wanted]
        chosen = wrong[:1] + chance.sample(wrong[1:], WRONG - 1)
        if right:
            gold = [frozenset(range(len(spans_of(passage)))) for passage in right]
            yield Example(question["question"], (*right, *chosen), (*gold, *(frozenset[int]() for _ in chosen)))
