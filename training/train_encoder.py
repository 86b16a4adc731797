"""Trains the encoder on questions and the passages that reply to them, on a processor alone.

    python -m training.train_encoder EVAL_FOLDER OUTPUT_FOLDER [--epochs 1]

The loss is that of a softmax over the batch's passages (van den Oord et al. 2018): its own against those of the other
questions, many of them from the same event; and where it is known which sentences answer, of a softmax over the vectors
of all sentences in these passages, each the mean of its own tokens, as the index keeps them. Writes OUTPUT_FOLDER, a
sentence-transformers folder, after every epoch.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import logging
import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import torch
from sentence_transformers import SentenceTransformer

from benchmarks.sets import Document, documents, passages_of, questions
from qa import encoder as encoders
from qa.encoder import PassageEncoder
from qa.text import layout
from qa.types import Passage, Range
from training.examples import SETS, answering, question_set
from training.replies import PAIRS, SILVER, hidden
from training.steps import Steps

_BATCH = 64  # questions a step
_BLOCK = 8  # questions of one event that stay together: the others' passages are its hardest wrong ones
_PART = 8  # texts at once: small parts stay in the processor's cache
_TOKENS = 192
_SCALE = 20.0  # of the cosines, as sentence-transformers has it
_REPLY = 110  # words of a reply: a passage's


class Pair(NamedTuple):
    """``places`` are the event's turns, or passages, that answer: none of them is a wrong one. ``sentences`` are the
    passage's, and ``gold`` the indexes of those that answer; none where that is not known."""

    question: str
    passage: str
    event: str
    place: object
    places: frozenset[object]
    sentences: tuple[Range, ...] = ()
    gold: frozenset[int] = frozenset()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--start", default=encoders.UNTUNED, help="weights to start from")
    parser.add_argument("--briefings", type=int, help="how many of the White House pairs; default: all")
    parser.add_argument("--sets", nargs="+", default=list(SETS), help="with answering sentences")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.manual_seed(options.seed)
    encoder = encoders.load(encoders.UNTUNED)
    given: list[Pair] = []
    for name, pairs in _sources(options.eval_folder, options.sets, encoder, random.Random(options.seed)):
        found = list(pairs)
        if name == PAIRS and options.briefings:
            found = random.Random(options.seed).sample(found, options.briefings)
        logging.info("%s: %d pairs", name, len(found))
        given += found
    model = SentenceTransformer(
        str(encoders.locate(options.start)), device="cpu", local_files_only=True,
        config_kwargs={"attention_probs_dropout_prob": 0.0},  # with it attention takes a third of the time
    ).float()  # fmt: skip
    for parameter in model[0].auto_model.embeddings.parameters():  # words not met here keep their meaning
        parameter.requires_grad = False
    train(model, given, options.epochs, options.rate, options.seed, options.output)


def _sources(
    folder: Path, sets: Sequence[str], encoder: PassageEncoder, chance: random.Random
) -> Iterator[tuple[str, Iterator[Pair]]]:
    yield PAIRS, _briefings(folder / PAIRS / "train.jsonl.gz")
    for name in SILVER:
        yield name, _replies(folder / name, encoder, chance, masked=True)
    yield "qmsum", _replies(folder / "qmsum", encoder, chance, masked=False)
    for name in sets:
        given = question_set(name, folder).part("train")
        yield name, _answers(given.documents, given.questions, encoder)


def _briefings(file: Path) -> Iterator[Pair]:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            pair = json.loads(line)
            reply = " ".join(pair["reply"].split()[:_REPLY])
            yield Pair(pair["question"], f"{pair['speaker']}\n{reply}", pair["doc_id"], number, frozenset([number]))


def _replies(folder: Path, encoder: PassageEncoder, chance: random.Random, masked: bool) -> Iterator[Pair]:
    asked = questions(folder, "train")
    for document in documents(folder, "train"):
        passages = passages_of(document, encoder, hidden(asked, document) if masked else ())
        for question in asked:
            if question["doc_id"] != document.id:
                continue
            wanted = frozenset[object](question["relevant_turns"])
            for passage in _replying(question, document, passages, chance):
                place = min(document.turns_of(passage) & wanted, key=str)
                yield Pair(question["question"], passage.embedded, document.id, place, wanted)


def _replying(
    question: dict[str, Any], document: Document, passages: list[Passage], chance: random.Random
) -> list[Passage]:
    """Up to two passages of the turns that reply: the first, and one of the others."""
    wanted = set(question["relevant_turns"])
    right = [passage for passage in passages if document.turns_of(passage) & wanted]
    return right[:1] + chance.sample(right[1:], min(1, len(right[1:])))


def _answers(given: Sequence[Document], asked: Sequence[dict[str, Any]], encoder: PassageEncoder) -> Iterator[Pair]:
    """Each answerable question with the passage that holds its answer."""
    for document in given:
        passages = passages_of(document, encoder)
        for question in asked:
            if question["doc_id"] != document.id or not question["answerable"]:
                continue
            gold = {n: own for n, passage in enumerate(passages) if (own := answering(document, passage, question))}
            for number in list(gold)[:1]:
                right = passages[number]
                yield Pair(
                    question["question"], right.embedded, document.id, number, frozenset(gold), tuple(layout(right)),
                    gold[number],
                )  # fmt: skip


def train(model: Any, given: list[Pair], epochs: int, rate: float, seed: int, output: Path) -> None:
    chance = random.Random(seed)
    steps = epochs * (len(given) // _BATCH)
    step = Steps(model, rate, steps)
    model.train()
    for _ in range(epochs):
        for batch in _batched(_mixed(given, chance)[: len(given) // _BATCH * _BATCH], _BATCH):
            with torch.autocast("cpu", torch.bfloat16, enabled=encoders.has_bfloat16()):
                asked, _ = _embed(model, [p.question for p in batch])
                replies, parts = _embed(model, [p.passage for p in batch], [p.sentences for p in batch])
            loss = _loss(asked, replies, batch) + _sentence_loss(asked, parts, batch)
            loss.backward()
            step(float(loss.detach()))
        save(model, output)


def _mixed(given: Sequence[Pair], chance: random.Random) -> list[Pair]:
    """In random order, but for blocks of the same event."""
    shuffled = sorted(chance.sample(given, len(given)), key=lambda pair: pair.event)
    blocks = [
        block for _, own in groupby(shuffled, key=lambda pair: pair.event) for block in _batched(list(own), _BLOCK)
    ]
    chance.shuffle(blocks)
    return [pair for block in blocks for pair in block]


def _batched(given: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    yield from (given[start : start + size] for start in range(0, len(given), size))


def _embed(
    model: Any, texts: Sequence[str], sentences: Sequence[Sequence[Range]] = ()
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """``(n, dim)`` float32, unit rows, and for each text its sentences' vectors; texts of like length together."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    vectors: list[torch.Tensor] = [torch.empty(0)] * len(texts)
    found: list[torch.Tensor] = [torch.empty(0)] * len(texts)
    for part in _batched(order, _PART):
        features = model.tokenizer(
            [texts[i] for i in part], truncation=True, max_length=_TOKENS, padding=True, return_tensors="pt",
            return_offsets_mapping=True,
        )  # fmt: skip
        offsets = features.pop("offset_mapping").tolist()
        read = model(dict(features))
        for row, i in enumerate(part):
            vectors[i] = read["sentence_embedding"][row].float()
            if sentences and sentences[i]:
                found[i] = _means(read["token_embeddings"][row].float(), offsets[row], sentences[i])
    return torch.nn.functional.normalize(torch.stack(vectors), dim=1), found


def _means(tokens: torch.Tensor, offsets: list[list[int]], sentences: Sequence[Range]) -> torch.Tensor:
    """``(k, dim)``, unit rows, as qa/encoder.py makes them."""
    placed = [(at, first, last) for at, (first, last) in enumerate(offsets) if first < last]
    inside = [[at for at, first, last in placed if start <= first and last <= end] for start, end in sentences]
    means = torch.stack([tokens[own].mean(dim=0) if own else tokens.mean(dim=0) for own in inside])
    return torch.nn.functional.normalize(means, dim=1)


def _loss(asked: torch.Tensor, replies: torch.Tensor, batch: Sequence[Pair]) -> torch.Tensor:
    scores = asked @ replies.T * _SCALE
    return torch.nn.functional.cross_entropy(scores.masked_fill(_also(batch), -1e4), torch.arange(len(batch)))


def _sentence_loss(asked: torch.Tensor, parts: list[torch.Tensor], batch: Sequence[Pair]) -> torch.Tensor:
    known = [i for i, pair in enumerate(batch) if pair.gold]
    if not known:
        return torch.zeros(())
    scores = asked[known] @ torch.cat([parts[i] for i in known]).T * _SCALE
    owner = torch.tensor([i for i in known for _ in parts[i]])
    gold = torch.tensor([[i == j and n in batch[i].gold for j in known for n in range(len(parts[j]))] for i in known])
    scores = scores.masked_fill(_also(batch)[known][:, owner], -1e4)
    return (scores.logsumexp(1) - scores.masked_fill(~gold, -1e4).logsumexp(1)).mean()


def _also(batch: Sequence[Pair]) -> torch.Tensor:
    """``(n, n)`` bool: the passages of others that answer too."""
    return torch.tensor(
        [
            [
                i != j and a.event == b.event and (b.place in a.places or a.passage == b.passage)
                for j, b in enumerate(batch)
            ]
            for i, a in enumerate(batch)
        ]
    )


def save(model: Any, output: Path) -> None:
    """In half precision: 45 MB."""
    half = copy.deepcopy(model).half()
    half.tokenizer.backend_tokenizer.no_truncation()  # else the lengths of the last batch are saved with it
    half.tokenizer.backend_tokenizer.no_padding()
    half.save(str(output), safe_serialization=True, create_model_card=False)


if __name__ == "__main__":
    main()
