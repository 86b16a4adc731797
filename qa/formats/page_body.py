"""Which lines of a page are its transcript: the smallest element that holds nearly all sentences and labels, without
the parts beside the text.

Measured beside trafilatura 2.3 on three briefings and two minutes as served, with all tags and classes that name parts
taken away, and with the speech put into a table, into lines and into bare blocks: this loses no word of 25 pages;
trafilatura lost 7 to 40 words of four, and kept about as many that nobody said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from qa.formats import labels
from qa.formats.page_blocks import Block, Line, Page
from qa.formats.rows import rows_of
from qa.text import ends_sentence, is_cjk
from qa.types import Range

_LONG = 80  # code points of a line that is no entry of a menu
_WORD = 20  # code points of "Share:" or "Follow us on"
_MOST = 0.5  # share of the words: what holds more is never beside the text
_NEARLY_ALL = 0.95
_LISTS = frozenset(("ul", "ol", "dir", "menu", "nav"))


def kept(page: Page) -> list[Line]:
    """The lines of the transcript, with what stands above and below it in the same element."""
    lines = page.lines
    named = _labelled(lines)
    weights = [weight(line) for line in lines]
    beside = _beside(page, weights, named)
    weights = [0 if row in beside else weight for row, weight in enumerate(weights)]
    first, last = _main(page.blocks, weights, named - beside)
    links = _rows(_link_lists(page))
    rows = [row for row in range(first, last) if row not in beside and row not in links]
    while rows and lines[rows[-1]].linked and rows[-1] not in named:
        rows.pop()
    begin = next((i for i, row in enumerate(rows) if not lines[row].linked), 0)
    while rows and lines[rows[-1]].heading and rows[-1] not in named:
        rows.pop()
    return [lines[row] for row in rows[begin:]]


def weight(line: Line) -> int:
    """How much speaks for a line being text: its length, if it is a sentence or long; a Chinese character counts as
    three letters."""
    if line.linked or line.heading or not (len(line.text) >= _LONG or ends_sentence(line.text)):
        return 0
    return len(line.text) * (3 if is_cjk(line.text) else 1)


def _labelled(lines: Sequence[Line]) -> set[int]:
    """The lines that begin with a name which comes again."""
    text = "\n\n".join(line.text for line in lines)
    starts = [0, *accumulate(len(line.text) + 2 for line in lines)]
    ranges = [Range(start, start + len(line.text)) for start, line in zip(starts, lines, strict=False)]
    rows = {place.start: row for row, place in enumerate(ranges)}
    found = [label for label in labels.find_labels(text, rows_of(text, ranges)) if label.line in rows]
    seen = Counter(label.name for label in found)
    return {rows[label.line] for label in found if seen[label.name] > 1}


def _beside(page: Page, weights: Sequence[int], named: set[int]) -> set[int]:
    """The lines of menus and the like. What is marked so in one way and holds most of the words, or speakers, is none:
    the page stands in a form, or its parts are shown one after the other."""
    marked: dict[str, list[Block]] = {}
    for block in page.blocks:
        if block.aside:
            marked.setdefault(block.aside, []).append(block)
    found: set[int] = set()
    for blocks in marked.values():
        rows = _rows(blocks)
        heavy = sum(weights[row] for row in rows) > sum(weights) * _MOST
        if len(rows & named) < 2 and not (heavy and len(named - rows) < 2):
            found |= rows
    return found


def _rows(blocks: Iterable[Block]) -> set[int]:
    """The lines in these elements; each is looked at once, however deep they are nested."""
    found: set[int] = set()
    end = 0
    for block in sorted(blocks, key=lambda block: (block.first, -block.last)):
        found.update(range(max(end, block.first), block.last))
        end = max(end, block.last)
    return found


def _main(blocks: Sequence[Block], weights: Sequence[int], named: set[int]) -> tuple[int, int]:
    """The first line and the end of the smallest element that holds nearly all that counts."""
    heavy = [0, *accumulate(weights)]
    labelled = [0, *accumulate(row in named for row in range(len(weights)))]

    def holds(block: Block) -> bool:
        share = heavy[block.last] - heavy[block.first] >= heavy[-1] * _NEARLY_ALL
        return share and labelled[block.last] - labelled[block.first] >= labelled[-1] * _NEARLY_ALL

    sizes = [(block.last - block.first, block.first, block.last) for block in blocks if holds(block)]
    _, first, last = min(sizes, default=(0, 0, len(weights)))
    return first, last


def _link_lists(page: Page) -> Iterator[Block]:
    """Lists of links and a word or two ("Share:"): a table of contents, related pages."""
    linked = [0, *accumulate(line.linked for line in page.lines)]
    words = [0, *accumulate(not line.linked and len(line.text) > _WORD for line in page.lines)]
    for block in page.blocks:
        links = linked[block.last] - linked[block.first]
        if block.tag in _LISTS and words[block.first] == words[block.last] and links * 2 >= block.last - block.first:
            yield block
