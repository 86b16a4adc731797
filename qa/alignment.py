"""Which characters of a source's text stand in a transcript: a greedy alignment by exact stretches.

Most of a parse keeps the source's order, so every part is looked for behind the one before, near first, then anywhere
behind; what is not found so was moved (a footnote, a column, a channel) and is looked for in what is left over.
Every character of the source is taken once at most. All strings are without blanks.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.types import Range

_LONG = 24  # characters that hardly occur twice by chance
_MIDDLE = 10  # that hardly do near by
_SHORT = 6  # characters to go on with behind a difference
_NEAR = 3000  # characters: furniture between two parts
_BESIDE = 300  # characters: where a short part may be looked for
_SKIPPED = 12  # characters of a part that the source may lack in a row, as where a ligature was resolved
_WORK = 40  # how often the source is looked through in all, at most


def align(source: str, parts: Sequence[str]) -> tuple[bytearray, int]:
    """A 1 for every character of ``source`` found in ``parts``, and how many characters of those were not found."""
    first = _Pass(source)
    lost = [rest for part in parts for rest in first.follow(part)]
    if not lost:
        return first.taken, 0
    second = _Pass(_without(source, first.taken))
    missing = 0
    for part in sorted(lost, key=len, reverse=True):
        second.at = 0
        missing += sum(map(len, second.follow(part)))
    return bytearray(a | b for a, b in zip(first.taken, second.taken, strict=True)), missing


def _without(source: str, taken: bytearray) -> str:
    """The source with a NUL for every character that is taken already."""
    return "".join("\0" if gone else character for character, gone in zip(source, taken, strict=True))


def _joined(ranges: Sequence[Range]) -> list[Range]:
    """Ranges that touch as one; without empty ones."""
    found: list[Range] = []
    for start, end in ranges:
        if found and found[-1].end == start:
            found[-1] = Range(found[-1].start, end)
        elif start < end:
            found.append(Range(start, end))
    return found


class _Pass:
    """One walk through the source; ``at`` is how far it got."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.taken = bytearray(len(source))
        self.at = 0
        self._work = max(10_000_000, _WORK * len(source))

    def follow(self, part: str) -> list[str]:
        """Takes what it finds of ``part``, in order; returns the stretches that it does not find."""
        lost: list[Range] = []
        done = 0
        found = False
        while done < len(part):
            here = self._long(part, done)
            if here < 0:
                same = self._same(part, done)
                # A part that was moved must not be taken for the few letters that happen to stand here.
                within = _BESIDE if found else _LONG
                skipped, here = self._short(part, done + same, self.at + same, within)
                if here < 0:
                    same, skipped = 0, _LONG
                self._take(self.at, same)
                lost.append(Range(done + same, done + same + skipped))
                done += same + skipped
                if here < 0:
                    continue
            found = True
            self.at = here
            same = self._same(part, done)
            self._take(here, same)
            done += same
            self.at += same
        return [part[start:end] for start, end in _joined(lost)]

    def _find(self, gram: str, start: int, end: int) -> int:
        """The first place that is not taken yet."""
        found = self.source.find(gram, start, end)
        while found >= 0 and self.taken[found]:
            found = self.source.find(gram, found + 1, end)
        return found

    def _take(self, start: int, length: int) -> None:
        self.taken[start : start + length] = b"\1" * length

    def _same(self, part: str, done: int) -> int:
        """For how many characters part and source agree from here on."""
        length = 0
        step = 256
        while part[done + length : done + length + step] == self.source[self.at + length : self.at + length + step]:
            if done + length >= len(part) or self.at + length >= len(self.source):
                return min(len(part) - done, len(self.source) - self.at)
            length += step
        rest = part[done + length : done + length + step]
        for one, other in zip(rest, self.source[self.at + length : self.at + length + step], strict=False):
            if one != other:
                break
            length += 1
        return length

    def _long(self, part: str, done: int) -> int:
        """Where the next characters of ``part`` stand, near by or anywhere behind; -1 if nowhere."""
        gram = part[done : done + _LONG]
        near = self._find(gram, self.at, self.at + (_NEAR if len(gram) == _LONG else _BESIDE))
        if near < 0:  # it differs soon
            near = self._find(gram[:_MIDDLE], self.at, self.at + _BESIDE)
        if near >= 0 or self._work <= 0 or (len(gram) < _LONG and self.at):
            return near
        found = self._find(gram, self.at, len(self.source))
        self._work -= (found if found >= 0 else len(self.source)) - self.at
        return found

    def _short(self, part: str, done: int, at: int, within: int) -> tuple[int, int]:
        """How many characters of ``part`` to skip, and where it goes on, close by; -1 if it does not."""
        for skipped in range(min(_SKIPPED, len(part) - done)):
            gram = part[done + skipped : done + skipped + _SHORT]
            found = self._find(gram, at, at + within)
            if found >= 0 and (len(gram) == _SHORT or found - at <= len(gram)):
                return skipped, found
        return 0, -1
