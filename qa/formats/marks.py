"""Lines in a transcript that nobody said: "5:14 P.M. EDT", "END", and stage directions such as "(Laughter.)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from qa.formats.rows import Rows
from qa.text import ends_sentence, is_cjk
from qa.types import Range

_TIME_OF_DAY = r"\d{1,2}:\d{2}\s*[AaPp]\.?[Mm]\.?(?:\s+[A-Z]{2,4})?"
_MARK = re.compile(rf"[\W_]{{0,9}}(?:END\b[\W_]{{0,9}}(?:{_TIME_OF_DAY})?|{_TIME_OF_DAY})[\W_]{{0,9}}")
_DIRECTION = re.compile(r"[(（](?!\d{1,3}[:)）])[^()（）\n]{1,200}[)）]|[\[［](?!\d)[^\[\]［］\n]{1,200}[\]］]")
_TITLE = 30  # code points of a Chinese line that is a title
_CLOSING = 3  # lines at the end that may be marks


def is_mark(line: str) -> bool:
    """Whether it is "5:14 P.M. EDT", "END", "END  6:02 P.M. EDT": nobody's words, and nobody's name."""
    return bool(_MARK.fullmatch(line))


def is_end(line: str) -> bool:
    return is_mark(line) and "END" in line


def closing(text: str, lines: Rows) -> list[Range]:
    """The marks that the text ends with."""
    found: list[Range] = []
    for line in reversed(list(lines[-_CLOSING:])):
        if line.end - line.start > 40 or not is_mark(text[line.start : line.end]):
            break
        found.append(line)
    return found[::-1]


def directions(text: str, lines: Rows) -> Iterator[Range]:
    """The lines that are wholly in brackets, where the line before does not run on: it ends a sentence or is one of
    them, or a blank line or nothing stands between."""
    last = -1
    for row in lines.opening("(（[［"):
        place = lines[row]
        if not _DIRECTION.fullmatch(text, *place):
            continue
        before = lines[row - 1] if row else Range(0, 0)
        parted = text.count("\n", before.end, place.start) != 1
        if parted or row - 1 == last or ends_sentence(text[max(before.start, before.end - 20) : before.end]):
            last = row
            yield place


def titles(text: str, lines: Rows, labelled: Set[int]) -> Iterator[Range]:
    """Chinese titles such as "暫停會議" between two speakers: short lines between blank lines, behind a whole sentence
    or a stage direction and in front of a label, that end like no sentence. ``labelled``: begins of lines with one."""
    if text.isascii():
        return
    for row in lines.shorter(_TITLE + 1):
        if not 0 < row < len(lines) - 1:
            continue
        before, line, after = lines[row - 1], lines[row], lines[row + 1]
        if after.start in labelled and line.start not in labelled:
            words = text[line.start : line.end]
            alone = text.count("\n", before.end, line.start) > 1 and text.count("\n", line.end, after.start) > 1
            ended = text[before.end - 1] in "。？！」』）)" and (words[-1].isalnum() or words[-1] in "》〉")
            if alone and ended and is_cjk(words) and not ends_sentence(words):
                yield line
