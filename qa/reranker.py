"""Passages in a new order: what reads question and passage together has a say beside the search. That is the reader,
as far as it has read them anyway, or any CrossEncoder that sentence-transformers loads; torch is imported late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from qa.encoder import pretrained
from qa.errors import EncoderError
from qa.types import Hit

DEPTH = 30  # passages that are read for it; of more the order hardly changes
_BATCH = 8  # passages, as for the encoder
# Of the reader's log odds, added to the fused score: press excerpts gain up to .5 and more, Federal Reserve conferences
# lose from .5 on; see benchmarks/LOG.md.
ODDS = 0.3


def as_read(hits: Sequence[Hit], odds: Sequence[float]) -> list[Hit]:
    """The hits by their fused score and the reader's log odds that a sentence answers; equals keep their order."""
    scored = [replace(hit, score=hit.score + ODDS * own) for hit, own in zip(hits, odds, strict=True)]
    return sorted(scored, key=lambda hit: -hit.score)


class Reranker:
    """Safe to share between threads."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self._model = model

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits by the mean of their fused score and the model's, each from 0 to 1; equals keep their order.

        The model's alone throws away what similarity and shared words know, see benchmarks/LOG.md.
        """
        if len(hits) < 2:
            return list(hits)
        pairs = [(question, hit.passage.embedded) for hit in hits]
        scores = np.asarray(self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False), dtype=np.float64)
        own = _from_0_to_1(scores)
        fused = _from_0_to_1(np.array([hit.score for hit in hits]))
        order = np.argsort(-(own + fused), kind="stable")
        return [replace(hits[i], score=float(own[i] + fused[i]) / 2) for i in order]


def _from_0_to_1(scores: np.ndarray) -> np.ndarray:
    width = scores.max() - scores.min()
    return (scores - scores.min()) / width if width > 0 else np.zeros_like(scores)


@lru_cache(maxsize=2)
def load(name: str, dtype: str = "auto") -> Reranker:
    """Loads a folder or hub name. Raises EncoderError if it is not there or gives more than one score a pair."""
    model = pretrained("CrossEncoder", name, dtype, "reranker")
    if model.num_labels != 1:
        raise EncoderError(f"the reranker {name!r} gives {model.num_labels} scores for a pair; one is needed")
    return Reranker(name, model)
