"""Several transcripts that are the pages of one event, joined to one; a reply begun on one page ends on the next.

No turn runs over the end of a file: what is continued is a new turn of the same speaker, so that every quote stands in
one file. Each file keeps its own clock: a recording in segments may begin each at 0:00.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from qa import transcripts
from qa.roles import assign_roles
from qa.text import ends_sentence, sentences
from qa.types import Moment, Page, Range, Transcript, Turn

_GAP = "\n\n"
# Captions and recognisers say of each turn who spoke: there an unnamed speaker is unknown, not the one before.
_TIMED = frozenset((".json", ".jsonl", ".vtt", ".srt"))


def sha256(digests: Sequence[str]) -> str:
    """The identity of an event: over its files' sha256, in hexadecimal, in page order, with a line feed between."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def join(parts: Sequence[Transcript], labels: Sequence[str]) -> Transcript:
    """The parts as one transcript, in the order given; each is a page with its label and the file it is in.

    A part that has pages itself keeps them: "2.14" is page 14 of the second file. Title, date and language are those of
    the first part that has one; the address is the first part's, for it opens no other.
    """
    turns: list[Turn] = []
    paragraphs: list[Range] = []
    moments: list[Moment] = []
    pages: list[Page] = []
    own, names = _printed_on_all(parts), {turn.speaker for part in parts for turn in part.turns if turn.speaker}
    at = 0
    for part, label in zip(parts, labels, strict=True):
        said, blocks = _continue(part, turns[-1].speaker if turns else "", own, names)
        turns += [turn._replace(start=turn.start + at, end=turn.end + at) for turn in said]
        paragraphs += [Range(start + at, end + at) for start, end in blocks]
        moments += [Moment(start + at, seconds) for start, seconds in part.moments]
        pages += [page._replace(start=page.start + at) for page in _pages(part, label)]
        at += len(part.text) + len(_GAP)
    text, first = _GAP.join(part.text for part in parts), parts[0]
    digest = sha256([part.sha256 for part in parts])
    spoken = [turn if turn.role == "heading" else turn._replace(role="statement") for turn in turns]
    event = Transcript(
        digest[:16], digest, text, assign_roles(text, spoken), tuple(paragraphs),
        next((part.title for part in parts if part.title != _stem(part)), _stem(first)),
        next((part.date for part in parts if part.date), ""),
        first.source, first.url, next((part.language for part in parts if part.language), ""),
        tuple(moments), tuple(pages),
    )  # fmt: skip
    transcripts.check(event)
    return event


def _stem(part: Transcript) -> str:
    return Path(part.source).stem


def _pages(part: Transcript, label: str) -> list[Page]:
    inner = [Page(page.start, f"{label}.{page.label}", part.source) for page in part.pages]
    return inner if inner and inner[0].start == 0 else [Page(0, label, part.source), *inner]


def _printed_on_all(parts: Sequence[Transcript]) -> set[str]:
    """What stands above the first speaker of more than one page, or begins with the first page's title: nobody's."""
    above = Counter(words for part in parts for words in {part.text[t.start : t.end] for t in _above(part)})
    return {words for words, pages in above.items() if pages > 1 or words.startswith(parts[0].title)}


def _above(part: Transcript) -> list[Turn]:
    """The turns before the first one with a speaker."""
    return list(takewhile(lambda turn: not turn.speaker, part.turns))


def _continue(part: Transcript, speaker: str, own: set[str], names: set[str]) -> tuple[list[Turn], list[Range]]:
    """The part's turns and paragraphs; what is said above its first label is said by ``speaker``, if that is anybody.

    A parser that sees this page alone takes short lines up there for headings; whole sentences are none, unless they
    are printed on every page (``own``). Behind a heading of the page's own, or a label that was not seen, nobody is
    known to go on.
    """
    if not speaker or Path(part.source).suffix.lower() in _TIMED:
        return list(part.turns), list(part.paragraphs)
    said: list[Turn] = []
    paragraphs = dict(part.paragraphs)
    for block in _blocks(part.text, _above(part), own):
        start, end = block[0].start, block[-1].end
        words = part.text[start:end]
        if words in own:
            said += block
            continue
        if _names_one(words, names) or (block[0].role == "heading" and not _is_speech(words)):
            break
        if block[0].role == "heading":
            paragraphs[start] = paragraphs.pop(block[-1].start, end)
        said.append(block[-1]._replace(start=start, speaker=speaker, role="statement"))
    behind = said[-1].end if said else 0
    rest = [turn for turn in part.turns if turn.start >= behind]
    return [*said, *rest], [Range(*paragraph) for paragraph in sorted(paragraphs.items())]


def _blocks(text: str, above: Sequence[Turn], own: set[str]) -> Iterator[list[Turn]]:
    """The turns one by one; lines of a wrapped paragraph that were taken for headings with the line behind them."""
    block: list[Turn] = []
    for turn in above:
        printed = text[turn.start : turn.end] in own
        if block and (printed or block[-1].role != "heading" or _is_apart(text[block[-1].end : turn.start])):
            yield block
            block = []
        block.append(turn)
        if printed:
            yield block
            block = []
    if block:
        yield block


def _is_apart(between: str) -> bool:
    """Whether more than one line's end lies between: a blank line, or what the page prints."""
    return bool(between.strip()) or len(between.splitlines()) > 1


def _is_speech(words: str) -> bool:
    """Whether it ends a sentence; one question alone may be a heading."""
    return ends_sentence(words) and (words[-1] not in "?？" or len(sentences(words)) > 1)


def _names_one(words: str, names: set[str]) -> bool:
    """Whether a line begins with a speaker's label that this page's parser did not take for one."""
    known = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return bool(re.search(rf"^\W*(?:{known})\W*[:：]", words, re.MULTILINE)) if known else False
