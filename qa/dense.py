"""Exact cosine search over unit vectors, kept by FAISS. Exact, so the same question finds the same passages."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.types import Vectors


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
