"""Trains the reader from the encoder's weights, on a processor alone.

    python -m training.train_reader EVAL_FOLDER OUTPUT_FOLDER [--epochs 1]

The loss of a question is the negative log probability that one of its answering sentences, or "none", is chosen among
all sentences of its passages; "none" has score 0. To it comes, where a sentence answers, the negative log probability
that it is chosen by all that the program weighs, the reader being one voice of several: so the reader learns most where
the others are wrong; and, with less weight, that of "none" in each of the other passages alone: so it learns that what
is near answers nothing by itself. Writes OUTPUT_FOLDER after every epoch.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

from qa import encoder as encoders
from qa.crossencoder import collate, sentence_scores
from qa.encoder import PassageEncoder
from qa.evidence import RANKING
from qa.reader import Weights
from training.altered import variants
from training.examples import SETS, Example, examples, question_set
from training.replies import PAIRS, SILVER, reply_examples
from training.steps import Steps

_GROUPS = 16  # questions a step
_HEARD, _MISHEARD = 0.15, 0.1  # share of the passages, and of their tokens
_STRANGE = 0.03  # share of the questions that are put to passages about something else too
_WRONG = 0.25  # weight of "none" in each passage that does not answer beside one that does
_NAMED = ("squad2_calib", "selqa", "sections", "paragraphs", "articles")  # sets in which names may be exchanged
_PART = 8  # passages at once: small parts stay in the processor's cache


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval_folder", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", default=str(encoders.locate(encoders.DEFAULT)), help="weights to start from")
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    parser.add_argument("--encoder", default=encoders.DEFAULT, help="what finds the wrong passages")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.manual_seed(options.seed)
    encoder = encoders.load(options.encoder)
    given: list[Example] = []
    for name in options.sets:
        found = list(_examples(name, options.eval_folder, encoder, options.seed))
        logging.info("%s: %d examples, %d answerable", name, len(found), sum(any(e.gold) for e in found))
        given += found
    given += _strangers(given, random.Random(options.seed))
    tokenizer = AutoTokenizer.from_pretrained(options.start)
    model = AutoModelForTokenClassification.from_pretrained(
        options.start, num_labels=1, attention_probs_dropout_prob=0.0, dtype=torch.float32
    )
    for parameter in model.base_model.embeddings.parameters():  # words not met here keep their meaning
        parameter.requires_grad = False
    train(model, tokenizer, given, options.epochs, options.seed, options.rate, options.output)


def _examples(name: str, folder: Path, encoder: PassageEncoder, seed: int) -> Iterator[Example]:
    if name in (*SILVER, PAIRS):
        yield from reply_examples(name, folder, encoder, seed)
        return
    chance = random.Random(seed)
    for example in examples(question_set(name, folder).part("train"), encoder, seed):
        yield example
        if any(example.gold):
            yield from variants(example, chance, named=name in _NAMED)


def _strangers(given: list[Example], chance: random.Random) -> list[Example]:
    """Some questions with another one's passages, most of them from other documents and about something else."""
    most = int(len(given) * _STRANGE)
    return [
        replace(example, passages=other.passages, gold=tuple(frozenset[int]() for _ in other.passages), others=())
        for example, other in zip(chance.sample(given, most), chance.sample(given, most), strict=True)
        if example.passages[0].transcript is not other.passages[0].transcript
    ]


def train(model: Any, tokenizer: Any, given: list[Example], epochs: int, seed: int, rate: float, output: Path) -> None:
    chance = random.Random(seed)
    steps = epochs * (len(given) // _GROUPS)
    step = Steps(model, rate, steps)
    weight = Weights.load().ranking[RANKING.index("reader")]
    model.train()
    for _ in range(epochs):
        chance.shuffle(given)
        for start in range(0, len(given) - _GROUPS + 1, _GROUPS):
            step(_backward(model, tokenizer, given[start : start + _GROUPS], weight))
        save(model, tokenizer, output)


def _backward(model: Any, tokenizer: Any, group: list[Example], weight: float) -> float:
    """Adds the gradient of the mean loss of the group; ``weight`` is the reader's among all that is weighed. Parts hold
    whole questions, passages of like length together."""
    group = sorted(group, key=lambda example: max(len(p.embedded) for p in example.passages))
    parts: list[list[Example]] = [[]]
    for example in group:
        if parts[-1] and sum(len(e.passages) for e in parts[-1]) + len(example.passages) > _PART:
            parts.append([])
        parts[-1].append(example)
    total = 0.0
    for part in parts:
        questions = [e.question for e in part for _ in e.passages]
        batch = collate(tokenizer, questions, [p for e in part for p in e.passages])
        _as_heard(tokenizer, batch.inputs)
        with torch.autocast("cpu", torch.bfloat16, enabled=encoders.has_bfloat16()):
            logits = model(**batch.inputs).logits
        loss = _loss(sentence_scores(logits[..., 0].float(), batch.sentences), part, weight) / len(group)
        loss.backward()
        total += float(loss.detach())
    return total


def _as_heard(tokenizer: Any, inputs: dict[str, torch.Tensor]) -> None:
    """Some passages become as a speech recogniser might have written them: without punctuation, with wrong words."""
    ids, owner = inputs["input_ids"], inputs["token_type_ids"]
    heard = (owner == 1) & (ids != tokenizer.sep_token_id) & (torch.rand(len(ids), 1) < _HEARD)
    marks = torch.tensor(tokenizer.convert_tokens_to_ids(list(".,;:?!-–—\"'()")))
    inputs["attention_mask"] = inputs["attention_mask"] * ~(heard & torch.isin(ids, marks))
    others = ids[owner == 1][torch.randint(int((owner == 1).sum()), ids.shape)]
    inputs["input_ids"] = torch.where(heard & (torch.rand(ids.shape) < _MISHEARD), others, ids)


def _loss(scores: list[torch.Tensor], part: list[Example], weight: float) -> torch.Tensor:
    losses = []
    at = 0
    for example in part:
        own = scores[at : at + len(example.passages)]
        at += len(example.passages)
        none = torch.zeros(1)
        right = [values[sorted(gold)] for values, gold in zip(own, example.gold, strict=True) if gold]
        losses.append(torch.cat([*own, none]).logsumexp(0) - torch.cat(right or [none]).logsumexp(0))
        if right:
            wrong = [values for values, gold in zip(own, example.gold, strict=True) if not gold]
            losses += [_WRONG * torch.cat([values, none]).logsumexp(0) for values in wrong]
            every = [weight * values + torch.from_numpy(o) for values, o in zip(own, example.others, strict=True)]
            best = torch.cat([values[sorted(gold)] for values, gold in zip(every, example.gold, strict=True)])
            if best.isfinite().any():
                losses.append(torch.cat(every).logsumexp(0) - best.logsumexp(0))
    return torch.stack(losses).sum()


def save(model: Any, tokenizer: Any, output: Path) -> None:
    """In half precision: 45 MB."""
    model.config.architectures = ["BertForTokenClassification"]
    state = {name: value.detach().to(torch.float16) for name, value in model.state_dict().items()}
    model.save_pretrained(output, state_dict=state)
    config = json.loads((output / "config.json").read_text())
    config.pop("_name_or_path", None)
    (output / "config.json").write_text(json.dumps({**config, "dtype": "float16"}, indent=1) + "\n")
    tokenizer.save_pretrained(output)


if __name__ == "__main__":
    main()
