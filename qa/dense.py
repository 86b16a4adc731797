"""Exact cosine search over unit vectors, kept by FAISS. Exact, so the same question finds the same passages."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.types import Vectors

_SAMPLE = 10_000  # vectors that stand for all


class DenseIndex:
    """Vectors by number, in the order given at ``build``; keeps the VectorStore protocol."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, file: Path | None = None) -> DenseIndex:
        """``vectors`` is ``(n, dim)`` float32 with unit rows; written to ``file`` if one is named."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        if file:
            faiss.write_index(index, str(file))
        return cls(index)

    @classmethod
    def open(cls, file: Path) -> DenseIndex:
        """Opens what ``build`` wrote. Raises RuntimeError if it is damaged."""
        return cls(faiss.read_index(str(file)))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self, numbers: NDArray[np.int64]) -> Vectors:
        """``(n, dim)`` float32: those with these numbers."""
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(numbers, dtype=np.int64)))

    def usual(self, vector: Vectors) -> tuple[float, float]:
        """Mean and standard deviation of the cosines between one ``(dim,)`` vector and all that are kept."""
        mean, square = self._moments
        middle = float(vector @ mean)
        return middle, float(np.sqrt(max(float(vector @ square @ vector) - middle**2, 0.0)))

    @cached_property
    def _moments(self) -> tuple[Vectors, Vectors]:
        every = max(1, len(self) // _SAMPLE)
        some = self.vectors(np.arange(0, len(self), every))
        return some.mean(axis=0), np.asarray(some.T @ some / np.float32(len(some)), dtype=np.float32)

    def search(self, vector: Vectors, k: int, among: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The ``k`` best (number, cosine), best first; equal cosines are ordered by number."""
        wanted = min(k, len(self) if among is None else len(among))
        if wanted <= 0:
            return []
        selector = None if among is None else faiss.IDSelectorBatch(np.ascontiguousarray(among, dtype=np.int64))
        parameters = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        cosines, numbers = self._index.search(vector.reshape(1, -1).astype(np.float32), wanted, params=parameters)
        pairs = ((int(n), float(c)) for n, c in zip(numbers[0], cosines[0], strict=True) if n >= 0)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
