"""The lines of a text as arrays: a long transcript has hundreds of thousands, and of most the first character is all
that needs to be looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from qa.text import trim
from qa.types import Range

Places = NDArray[np.int64]
_SPACES = np.array([code for code in range(0x3001) if chr(code).isspace()])


class Rows(Sequence[Range]):
    """Trimmed lines, none blank, in order; ``starts`` and ``ends`` are ``(lines,)`` int64, offsets into the text."""

    def __init__(self, codes: NDArray[np.unsignedinteger], starts: Places, ends: Places) -> None:
        self._codes, self.starts, self.ends = codes, starts, ends

    @cached_property
    def begins(self) -> list[int]:
        """``starts`` once more, for what looks at lines one by one."""
        found: list[int] = self.starts.tolist()
        return found

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, row: int) -> Range: ...
    @overload
    def __getitem__(self, row: slice) -> Rows: ...
    def __getitem__(self, row: int | slice) -> Range | Rows:
        if isinstance(row, slice):
            return Rows(self._codes, self.starts[row], self.ends[row])
        return Range(int(self.starts[row]), int(self.ends[row]))

    def __iter__(self) -> Iterator[Range]:
        return map(Range, self.begins, self.ends.tolist())

    def at(self, offset: int) -> int:
        """The number of the line that holds ``offset``, or of the last one before it; -1 if none is."""
        return bisect_right(self.begins, offset) - 1

    def kept(self, these: NDArray[np.bool_]) -> Rows:
        return Rows(self._codes, self.starts[these], self.ends[these])

    def without(self, starts: Iterable[int]) -> Rows:
        """Without the lines that begin there."""
        return self.kept(~self.begin_at(starts))

    def begin_at(self, starts: Iterable[int]) -> NDArray[np.bool_]:
        """``(lines,)``: which lines begin at one of these offsets."""
        return np.isin(self.starts, np.fromiter(starts, np.int64))

    def opening(self, characters: Iterable[str]) -> list[int]:
        """The numbers of the lines that begin with one of these characters."""
        wanted = np.array(sorted(map(ord, characters)))
        return np.flatnonzero(np.isin(self._codes[self.starts], wanted)).tolist()

    def opened(self, characters: Iterable[str]) -> list[Range]:
        """The lines that begin with one of these characters."""
        rows = self.opening(characters)
        return list(map(Range, self.starts[rows].tolist(), self.ends[rows].tolist()))

    def shorter(self, length: int) -> list[int]:
        """The numbers of the lines of fewer code points."""
        return np.flatnonzero(self.ends - self.starts < length).tolist()

    def with_colon(self) -> tuple[list[int], list[int]]:
        """The numbers of the lines that hold a colon, and where the first one stands."""
        wide = self._codes.itemsize > 1
        places = np.flatnonzero((self._codes == 0x3A) | (self._codes == 0xFF1A) if wide else self._codes == 0x3A)
        rows = np.searchsorted(self.starts, places, side="right") - 1
        rows, places = rows[rows >= 0], places[rows >= 0]
        held = places < self.ends[rows]
        rows, once = np.unique(rows[held], return_index=True)
        return rows.tolist(), places[held][once].tolist()


def rows(text: str, asides: Sequence[Range] = (), start: int = 0) -> Rows:
    """The lines from ``start`` on, but for those that begin in an aside."""
    codes = _codes(text)
    breaks = np.flatnonzero((codes[start:] == 10) | (codes[start:] == 13)) + start
    starts, ends = np.r_[start, breaks + 1], np.r_[breaks, len(text)]
    full = starts < ends
    starts, ends = starts[full], ends[full]
    ragged = np.isin(codes[starts], _SPACES) | np.isin(codes[ends - 1], _SPACES)
    for row in np.flatnonzero(ragged).tolist():
        starts[row], ends[row] = trim(text, int(starts[row]), int(ends[row]))
    full = starts < ends
    if asides:
        before = np.searchsorted([aside.start for aside in asides], starts, side="right")
        full &= starts >= np.array([0, *(aside.end for aside in asides)])[before]
    return Rows(codes, starts[full], ends[full])


def rows_of(text: str, ranges: Iterable[Range]) -> Rows:
    """Lines that are known already."""
    places = np.array(list(ranges), dtype=np.int64).reshape(-1, 2)
    return Rows(_codes(text), places[:, 0], places[:, 1])


def _codes(text: str) -> NDArray[np.unsignedinteger]:
    """The text's code points."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
