"""The words of a page to rows as somebody reads them: from the top down, in two columns the left one first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.formats.pdf_words import Word

_LEVEL = 0.3  # of a letter's height: words whose baselines differ by less stand in one row
_GAP = 1.0  # of a letter's height: a wider blank parts two columns, or a label from what is said
_COLUMN = 0.3  # of the width of what is printed: a column is at least so wide
_ROWS = 5  # fewer rows side by side may be a table or the names under a letter


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that follow each other on one line with no more than blanks between them."""

    words: tuple[Word, ...]
    left: float
    right: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Row:
    """What stands on one line of a page, or of one of its columns: 1 is the left one, 2 the right one, 0 none."""

    segments: tuple[Segment, ...]
    page: int
    column: int = 0

    @property
    def block(self) -> int:
        """Counts the pages and columns over the file."""
        return 3 * self.page + self.column

    @property
    def left(self) -> float:
        return self.segments[0].left

    @property
    def right(self) -> float:
        return self.segments[-1].right

    @property
    def size(self) -> float:
        return max(segment.size for segment in self.segments)

    @property
    def y(self) -> float:
        return max(self.segments, key=lambda segment: segment.size).y

    @property
    def words(self) -> list[Word]:
        return [word for segment in self.segments for word in segment.words]

    @property
    def text(self) -> str:
        """The row's words; a wide gap behind the first of them, a label such as "Q", is kept as two blanks."""
        parts: list[str] = []
        before: Word | None = None
        for word in self.words:
            wide = (
                before is not None and len(parts) == 1 and word.left - before.right > 0.6 * max(before.size, word.size)
            )
            parts.append(word.text if before is None or word.glued else ("  " if wide else " ") + word.text)
            before = word
        return "".join(parts)


def rows(words: Iterable[Word], page: int) -> list[Row]:
    """The rows of one page from the top down, whatever order the file draws them in."""
    found: list[list[Segment]] = []
    for segment in sorted(_segments(words), key=lambda segment: (-segment.y, segment.left)):
        if found and _level(found[-1], segment):
            found[-1].append(segment)
        else:
            found.append([segment])
    return [Row(tuple(sorted(row, key=lambda segment: segment.left)), page) for row in found]


def _level(row: Sequence[Segment], segment: Segment) -> bool:
    """Whether the segment stands in the row, or is a smaller mark raised above it."""
    highest = max(row, key=lambda other: other.size)
    return abs(highest.y - segment.y) < _LEVEL * max(highest.size, segment.size) * 0.75


def _segments(words: Iterable[Word]) -> list[Segment]:
    groups: list[list[Word]] = []
    for word in words:
        if groups and _follows(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_segment(group) for group in groups]


def _follows(group: Sequence[Word], word: Word) -> bool:
    last, size = group[-1], max(group[-1].size, word.size)
    return abs(last.y - word.y) < 0.5 * size and -0.5 * size < word.left - last.right < _GAP * size


def _segment(words: Sequence[Word]) -> Segment:
    tallest = max(words, key=lambda word: word.size)
    return Segment(tuple(words), words[0].left, max(word.right for word in words), tallest.y, tallest.size)


def in_columns(page: Sequence[Row]) -> list[Row]:
    """The rows in reading order: what stands above two columns, the left one, the right one, what stands below."""
    gutter = _gutter(page)
    if gutter is None:
        return list(page)
    ordered: list[Row] = []
    sides: tuple[list[Row], list[Row]] = ([], [])
    for row in page:
        if _crosses(row, gutter):
            ordered += sides[0] + sides[1]
            sides = ([], [])
            ordered.append(row)
            continue
        for side in (0, 1):
            if part := tuple(one for one in row.segments if (one.left >= gutter) == bool(side)):
                sides[side].append(Row(part, row.page, 1 + side))
    return ordered + sides[0] + sides[1]


def _crosses(row: Row, gutter: float) -> bool:
    """Whether a word stands across the gutter; half a point is a letter that leans over its box."""
    return any(segment.left < gutter - 0.5 and segment.right > gutter + 0.5 for segment in row.segments)


def _gutter(page: Sequence[Row]) -> float | None:
    """Where the right one of two columns begins; None for one column, a list of names, or a table."""
    if not page:
        return None
    left, right = min(row.left for row in page), max(row.right for row in page)
    width = right - left
    middle = [s.left for row in page for s in row.segments if 0.4 <= (s.left - left) / max(width, 1.0) <= 0.65]
    if len(middle) < _ROWS:
        return None
    common = Counter(round(start) for start in middle).most_common(1)[0][0]
    gutter = min(start for start in middle if abs(start - common) <= 1) - 0.5
    apart = [row for row in page if not _crosses(row, gutter)]
    before = [s for row in apart for s in row.segments if s.left < gutter]
    behind = [s for row in apart for s in row.segments if s.left >= gutter]
    wide = all(len(side) >= _ROWS and _middle(side) >= _COLUMN * width for side in (before, behind))
    return gutter if wide and len(apart) * 2 >= len(page) else None


def _middle(segments: Sequence[Segment]) -> float:
    """The median width."""
    return sorted(segment.right - segment.left for segment in segments)[len(segments) // 2]
