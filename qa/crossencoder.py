"""The trained reader: reads a question and a passage together and gives every sentence of the passage a score.

A token-classification model with one label, as transformers loads it. A sentence's score is the mean of its tokens'
logits plus the first token's, which speaks for the passage; 0 is the score of "no sentence here answers", so a score is
the log odds against that. torch and transformers are imported late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.encoder import first_line, locate, number_format, weights_sha256
from qa.errors import EncoderError
from qa.text import layout
from qa.types import Passage, Range, Vectors

if TYPE_CHECKING:
    from torch import Tensor

DEFAULT = Path(__file__).parent / "models" / "reader"
DEFAULT_SHA256 = "945d522fc4d6f70391431fd8f0c2583dfe306b9798d54f0f39bfa854a0bdd01a"
_TOKENS = 512  # positions of the model; of what is longer, question or passage, the end is cut off
_UNREAD = -30.0  # log odds of a sentence that was cut off
_BATCH = 8  # passages, as for the encoder


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and passages as the model reads them: its inputs, and for each passage its sentences' token ranges."""

    inputs: dict[str, Any]
    sentences: list[list[Range]]


class CrossEncoder:
    """Safe to share between threads."""

    def __init__(self, name: str, sha256: str, model: Any, tokenizer: Any) -> None:
        self.name = name
        self.sha256 = sha256
        self._model = model
        self._tokenizer = tokenizer

    def score(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        """For each passage ``(sentences,)`` float32: log odds that the sentence answers."""
        import torch

        scores: list[Vectors] = [np.empty(0, np.float32)] * len(passages)
        order = sorted(range(len(passages)), key=lambda index: len(passages[index].embedded))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            batch = collate(self._tokenizer, [question] * len(rows), [passages[row] for row in rows])
            with torch.inference_mode():
                logits = self._model(**batch.inputs).logits[..., 0].float()
            for row, values in zip(rows, sentence_scores(logits, batch.sentences), strict=True):
                scores[row] = values.numpy()
        return scores


@lru_cache(maxsize=2)  # it keeps no state: all libraries that are open share one
def load(name: str = "", dtype: str = "auto") -> CrossEncoder:
    """Loads the shipped model, or a folder or hub name of a token-classification model with one label.

    Raises EncoderError if it is not there, is of another kind, or if the shipped weights are damaged.
    """
    folder = DEFAULT if not name else locate(name)
    digest = weights_sha256(folder) if folder else ""
    if not name and digest != DEFAULT_SHA256:
        raise EncoderError(f"the reader's weights in {folder} are damaged (sha256 {digest[:12]}...); reinstall them")
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    where: Any = {"local_files_only": folder is not None, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder or name), **where)
        model = AutoModelForTokenClassification.from_pretrained(
            str(folder or name), dtype=number_format(dtype), use_safetensors=True, **where
        )
    except Exception as error:  # the loader raises whatever its many parts raise
        raise EncoderError(f"cannot load the reader {name!r}: {first_line(error)}") from None
    if model.config.num_labels != 1:
        raise EncoderError(f"the reader {name!r} has {model.config.num_labels} labels; one is needed")
    return CrossEncoder(name or DEFAULT.name, digest, model.eval(), tokenizer)


def collate(tokenizer: Any, questions: Sequence[str], passages: Sequence[Passage]) -> Batch:
    """Pairs of question and passage, padded to the longest."""
    inputs = tokenizer(
        list(questions), [passage.embedded for passage in passages], truncation="longest_first", max_length=_TOKENS,
        padding=True, return_offsets_mapping=True, return_tensors="pt",
    )  # fmt: skip
    offsets = inputs.pop("offset_mapping").tolist()
    sentences = [_tokens(row, inputs.sequence_ids(i), layout(passages[i])) for i, row in enumerate(offsets)]
    return Batch(dict(inputs), sentences)


def _tokens(offsets: list[list[int]], owners: list[int | None], sentences: list[Range]) -> list[Range]:
    """The tokens that lie in each sentence; both are in order."""
    own = [(at, *offset) for at, (offset, owner) in enumerate(zip(offsets, owners, strict=True)) if owner == 1]
    found: list[Range] = []
    for start, end in sentences:
        inside = [at for at, first, last in own if start <= first and last <= end]
        found.append(Range(inside[0], inside[-1] + 1) if inside else Range(0, 0))
    return found


def sentence_scores(logits: Tensor, sentences: Sequence[Sequence[Range]]) -> list[Tensor]:
    """``logits`` is ``(passages, tokens)`` float32; for each passage ``(sentences,)``."""
    import torch

    sums = torch.nn.functional.pad(logits.cumsum(dim=1), (1, 0))
    found: list[Tensor] = []
    for row, ranges in enumerate(sentences):
        first = torch.tensor([r.start for r in ranges], dtype=torch.long)
        last = torch.tensor([r.end for r in ranges], dtype=torch.long)
        means = (sums[row, last] - sums[row, first]) / (last - first).clamp(min=1)
        found.append(torch.where(last > first, means + logits[row, 0], _UNREAD))
    return found
