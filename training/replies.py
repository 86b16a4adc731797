"""Questions that reporters asked and the turns that reply, as examples for the reader.

Which sentence of a reply answers is not known: any may. The wrong passages are those that the search ranks highest
among all conferences, as it does when a library is asked.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.sets import Collection, Document, documents, passages_of, questions
from qa.encoder import PassageEncoder
from qa.text import spans_of
from qa.types import Hit, Passage
from training.examples import Example, others

SILVER = ("fomc_presser_silver", "whitehouse_briefings_silver")
PAIRS = "whitehouse_pairs"
_EVENTS, _PAIRS = 100, 8  # so many events of the pairs, of those with so many questions or more
_SEEN = 30  # passages that the search ranks highest
_NEAR = 10  # of these, those that the wrong ones are taken from
_EACH = 2  # right passages, and wrong ones


def reply_examples(name: str, eval_folder: Path, encoder: PassageEncoder, seed: int) -> Iterator[Example]:
    """An example a question whose reply is among what the search finds, but for those that were evaded."""
    chance = random.Random(seed)
    folder = eval_folder / name
    given, asked = (
        _paired(folder, chance) if name == PAIRS else (documents(folder, "train"), questions(folder, "train"))
    )
    named = {document.id: document for document in given}
    passages = [p for document in given for p in passages_of(document, encoder, hidden(asked, document))]
    everything = Collection.of(passages, encoder)
    for question in asked:
        found = everything.retriever.search(question["question"], _SEEN)
        document = named[question["doc_id"]]
        gold = {hit.passage: own for hit in found if (own := _replying(document, hit.passage, question))}
        if not gold or question.get("non_answer_cue"):
            continue
        wrong = [hit for hit in found if hit.passage not in gold]
        hits = [hit for hit in found if hit.passage in gold][:_EACH]
        hits += wrong[:1] + chance.sample(wrong[1:_NEAR], _EACH - 1)
        yield _example(question["question"], hits, gold, encoder)


def hidden(asked: Sequence[dict[str, Any]], document: Document) -> set[int]:
    """The turns in which the questions themselves stand."""
    return {question["question_turn"] for question in asked if question["doc_id"] == document.id}


def _example(
    question: str, hits: Sequence[Hit], gold: dict[Passage, frozenset[int]], encoder: PassageEncoder
) -> Example:
    own = tuple(gold.get(hit.passage, frozenset()) for hit in hits)
    return Example(question, tuple(hit.passage for hit in hits), own, others(question, hits, encoder))


def _replying(document: Document, passage: Passage, question: dict[str, Any]) -> frozenset[int]:
    """Indexes of the passage's sentences that are of a turn that replies."""
    if passage.transcript.id != document.id:
        return frozenset()
    turns = set(question["relevant_turns"])
    return frozenset(at for at, span in enumerate(spans_of(passage)) if document.own[span.turn] in turns)


def _paired(folder: Path, chance: random.Random) -> tuple[list[Document], list[dict[str, Any]]]:
    """Some events, each a transcript of its questions and replies in turn."""
    with gzip.open(folder / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        pairs = sorted(map(json.loads, stream), key=lambda pair: str(pair["doc_id"]))
    events = {event: list(own) for event, own in groupby(pairs, key=lambda pair: str(pair["doc_id"]))}
    chosen = chance.sample([event for event, own in events.items() if len(own) >= _PAIRS], _EVENTS)
    given, asked = [], []
    for event in chosen:
        turns = []
        for pair in events[event]:
            asked.append({
                "doc_id": event, "question": pair["question"], "question_turn": len(turns),
                "relevant_turns": [len(turns) + 1],
            })  # fmt: skip
            turns += [{"speaker": "Q", "text": pair["question"]}, {"speaker": pair["speaker"], "text": pair["reply"]}]
        given.append(Document({"doc_id": event, "title": event, "turns": turns}))
    return given, asked
