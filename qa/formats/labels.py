"""Speaker labels in running text: decided over the whole file, not line by line.

A real speaker lost is worse than a false one found: the words would be quoted as somebody else's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.text import ends_sentence, is_cjk
from qa.types import Range

_LABEL = re.compile(r"[^\S\n]*(?:\*\*)?(?P<name>[^\s:：*][^:：\n*]{0,119}?)[^\S\n]*[:：](?:\*\*)?(?P<rest>[^\n]*)")
_PARTICLES = frozenset("of the and for in on at to de la le van von der den bin al el du da dos di y e".split())
_WORD = re.compile(r"[^\W_][\w.'’&/-]*|&")
_CAPITAL = re.compile(r"[^\W\d_a-z]|\d")  # anywhere in the word: "iFeng", "al-Sudani", "21st"
_BRACKETS = re.compile(r"\([^)]*\)|（[^）]*）|[《》]")
_CJK_TITLE = re.compile(
    r"(?:记者|記者|主持人|发言人|發言人|主席|主任|议员|議員|先生|女士|问|問|答|[长長部社报報网網台])$"
)
# Headings whose value is a fact about the event or the page, and words that open a sentence. A speaker if repeated.
_NO_NAMES = frozenset(
    "speaker speakers chairperson chairpersons date time location venue place source editor author note notes title "
    "topic subject participants attendees contact tel phone fax email e-mail website url copyright keywords tags "
    "moderators host hosts guest guests first second third fourth fifth finally firstly secondly thirdly update "
    "example lesson remember background conclusion introduction summary result results warning reminder updated "
    "时间 地点 来源 编辑 责任编辑 分享到 日期 作者 标题 主题 嘉宾 具体措施如下 备注".split()
)


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's name in front of a turn; ``line`` is where the label begins, ``speech`` where the words do."""

    name: str
    line: int
    speech: int
    alone: bool
    opens: bool  # behind a blank line, or behind a line that ends a sentence


def find_labels(text: str, lines: Sequence[Range]) -> list[Label]:
    """The labels of the file's own layout: names alone on a line, or names in front of the text."""
    befores = [None, *lines[:-1]] if lines else []
    found = [label for line, before in zip(lines, befores, strict=True) if (label := _label(text, line, before))]
    seen = Counter(label.name for label in found)
    found = [label for label in found if seen[label.name] > 1 or _may_occur_once(label)]
    alone = [label for label in found if label.alone]
    names = {label.name for label in alone}
    if len(alone) >= 2 and any(_is_certain(name, seen) for name in names):
        return [label for label in found if label.alone or label.name in names]
    certain = sum(_is_certain(label.name, seen) for label in found)
    if certain * 2 < len(found):
        return []
    if len(found) == 1:  # one person's statement
        return found if sum(line.start >= found[0].line for line in lines) * 2 >= len(lines) else []
    return found


def is_metadata(line: str) -> bool:
    """Whether the line is a heading such as "Date:" or "Chairperson:"."""
    match = _LABEL.match(line)
    return bool(match and match["name"].casefold().strip() in _NO_NAMES)


def _label(text: str, line: Range, before: Range | None) -> Label | None:
    match = _LABEL.match(text, line.start, line.end)
    if not match or not is_name(match["name"], alone=not match["rest"].strip()):
        return None
    rest = match["rest"]
    if match["name"][-1].isdigit() and rest[:1].isdigit():  # a time or a ratio: "At 7:06"
        return None
    opens = before is None or _is_over(text, before, line)
    return Label(match["name"].strip(), line.start, match.start("rest"), not rest.strip(), opens)


def _is_over(text: str, before: Range, line: Range) -> bool:
    """Whether the line before does not run on: it ends a sentence, is short, or a blank line follows it."""
    short = before.end - before.start < _SHORT
    return short or ends_sentence(text[before.start : before.end]) or text.count("\n", before.end, line.start) > 1


_SHORT = 40  # code points: a line this short was not wrapped


def _may_occur_once(label: Label) -> bool:
    if label.name.casefold() in _NO_NAMES or not label.opens:
        return False
    return not is_cjk(label.name) or len(label.name) <= 4 or bool(_CJK_TITLE.search(_BRACKETS.sub("", label.name)))


def _is_certain(name: str, seen: Counter[str]) -> bool:
    """A single word that occurs once may as well open a sentence; of several words, or repeated, it is a name."""
    return seen[name] > 1 or len(name.split()) > 1 or is_cjk(name) or (name.isupper() and len(name) > 3)


def is_name(label: str, alone: bool = False) -> bool:
    """Whether it is written like a name, a title or an outlet: "Liu Sanjiang", "Xinhua News Agency", "THE PRESS".

    Alone on a line a name may be followed by a comma and an office in any case.
    """
    bare = _BRACKETS.sub(lambda found: "" if found[0] in "《》" else " ", label).replace("·", "-")
    if alone and "," in bare:
        bare = bare.split(",")[0]
    parts = bare.replace(",", " ").split()
    if not 1 <= len(parts) <= 8 or len(label) > (120 if alone else 80):
        return False
    return all(_WORD.fullmatch(p) and (p.casefold() in _PARTICLES or _CAPITAL.search(p)) for p in parts) and not all(
        part.isdigit() for part in parts
    )
