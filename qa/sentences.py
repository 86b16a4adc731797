"""The vectors of every passage's sentences, and where in an exchange the passage stands, by the passages' numbers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.types import Passage, Vectors

ELSEWHERE, REPLY, OPENING = 0, 1, 2  # in no reply, in one, at its beginning
_FILES = ("sentences.npy", "starts.npy", "standing.npy")


class SentenceIndex:
    """``vectors`` is ``(s, dim)`` float16 with unit rows, ``starts`` ``(n + 1,)`` int64 each passage's first row,
    ``standing`` ``(n,)`` uint8."""

    def __init__(self, vectors: NDArray[np.float16], starts: NDArray[np.int64], standing: NDArray[np.uint8]) -> None:
        self._vectors, self._starts, self._standing = vectors, starts, standing

    @classmethod
    def build(
        cls, rows: Iterable[Vectors], shape: tuple[int, int], standing: Iterable[int], folder: Path | None = None
    ) -> SentenceIndex:
        """``rows`` are each passage's sentences, ``shape`` that of all of them; written to ``folder`` if one is named:
        what is kept of a large library is then read from there when it is wanted."""
        starts = [0]
        vectors = _room(shape, folder / _FILES[0] if folder else None)
        for own in rows:
            vectors[starts[-1] : starts[-1] + len(own)] = own
            starts.append(starts[-1] + len(own))
        places, kinds = np.array(starts, dtype=np.int64), np.fromiter(standing, dtype=np.uint8)
        if folder is None:
            return cls(vectors, places, kinds)
        np.save(folder / _FILES[1], places)
        np.save(folder / _FILES[2], kinds)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> SentenceIndex:
        """Opens what ``build`` wrote. Raises ValueError or OSError if it is damaged."""
        return cls(*(np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in _FILES))

    def of(self, number: int) -> Vectors:
        """``(k, dim)`` float32, the passage's sentences in their order."""
        return np.asarray(self._vectors[self._starts[number] : self._starts[number + 1]], dtype=np.float32)

    def nearest(self, query: Vectors, numbers: NDArray[np.int64]) -> Vectors:
        """``(n,)`` float32: the cosine of each passage's nearest sentence to one ``(dim,)`` query."""
        if not len(numbers):
            return np.empty(0, np.float32)
        own = [self.of(number) for number in numbers]
        cosines = np.vstack(own) @ query
        firsts = np.cumsum([0, *(len(rows) for rows in own[:-1])])
        return np.asarray(np.maximum.reduceat(cosines, firsts), dtype=np.float32)

    def standing(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        """``(n,)``: ELSEWHERE, REPLY or OPENING."""
        return np.asarray(self._standing[numbers])


def standing(passage: Passage) -> int:
    """Where in an exchange a passage stands."""
    start = passage.pieces[0].start
    turn = passage.transcript.turns[passage.transcript.turn_at(start)]
    if turn.role != "answer":
        return ELSEWHERE
    return OPENING if start == turn.start else REPLY


def _room(shape: tuple[int, int], file: Path | None) -> NDArray[np.float16]:
    # A map of a file without a byte cannot be made: an empty library has none.
    if file is None or not shape[0]:
        vectors = np.empty(shape, dtype=np.float16)
        if file is not None:
            np.save(file, vectors)
        return vectors
    return np.lib.format.open_memmap(file, mode="w+", dtype=np.float16, shape=shape)
