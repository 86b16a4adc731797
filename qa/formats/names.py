"""How a speaker's name is written, and which words in front of a colon name nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_PARTICLES = frozenset("of the and for in on at to de la le van von der den bin al el du da dos di y e".split())
_WORD = re.compile(r"[^\W_][\w.'’&/-]*")
_CAPITAL = re.compile(r"[^\W\d_a-z]|\d")  # anywhere in the word: "iFeng", "al-Sudani", "21st"
_BRACKETS = re.compile(r"\([^)]*\)|（[^）]*）|(?<!^)\\?\[[^\]]*\]|[《》]")
_HASH = re.compile(r"(?<=\s)#(?=\d)")  # "Speaker #2"
_DASHES = frozenset("-–—")
_BETWEEN = _DASHES | frozenset("&+/")
_UNSEEN = r"\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_ENDS = re.compile(rf"^[{_UNSEEN}]+|[{_UNSEEN}]+$")
_MARKS = frozenset(("Mn", "Mc", "Me", "Cf"))
_MOST = 8  # words
_MOST_MARKED = (
    4  # where letters carry marks, as in Hindi, none is a capital: a longer one is the beginning of a sentence
)
_CJK_TITLE = re.compile(
    r"(?:记者|記者|主持人|发言人|發言人|主席|主任|议员|議員|先生|女士|问|問|答|[长長部社報报網网台])$"
)
# Headings whose value is a fact about the event or the page: never a speaker.
_FACTS = frozenset(
    "date time location venue place source note notes tel phone fax email e-mail website url link copyright keywords "
    "tags duration language published updated episode 时间 地点 来源 编辑 责任编辑 分享到 日期 作者 标题 主题 备注 "
    "時間 地點 來源 標題 主題 備註 出席議員 缺席議員 出席政府官員 列席秘書 出席委員 缺席委員 列席者 出席者".split()
)
# Headings, and words that open a sentence. A speaker if repeated.
_NO_NAMES = _FACTS | frozenset(
    "speaker speakers chairperson chairpersons editor author title topic subject participants attendees contact "
    "moderators host hosts guest guests first second third fourth fifth finally firstly secondly thirdly update "
    "example lesson remember background conclusion introduction summary result results warning reminder updated "
    "嘉宾 具体措施如下".split()
)


class Label(NamedTuple):
    """A speaker's name in front of a turn; ``line`` is where the label begins, ``speech`` where the words do."""

    name: str
    line: int
    speech: int
    alone: bool
    opens: bool  # behind a blank line, or behind a line that ends a sentence
    seconds: float | None = None
    until: float | None = None


def is_fact(name: str) -> bool:
    return name.casefold() in _FACTS


def is_no_name(name: str) -> bool:
    """Whether it is a word that names somebody only where it is repeated."""
    return name.casefold() in _NO_NAMES


def has_cjk_title(name: str) -> bool:
    """Whether a Chinese name ends in an office or an outlet: "新华社记者", "主席"."""
    return bool(_CJK_TITLE.search(_BRACKETS.sub("", name)))


def written(label: str) -> str:
    """The label in one line, its letters composed and its ends without what is not seen: the same however encoded."""
    label = " ".join(label.split())
    return label if label.isascii() else _ENDS.sub("", unicodedata.normalize("NFC", label))


@lru_cache(maxsize=4096)  # a transcript has the same few labels again and again
def is_name(label: str, alone: bool = False) -> bool:
    """Whether it is written like a name, a title or an outlet: "Liu Sanjiang", "Xinhua News Agency", "THE PRESS".

    Alone on a line a name may be followed by a comma and an office in any case.
    """
    if len(label) > (120 if alone else 80):
        return False
    bare = _BRACKETS.sub(lambda found: "" if found[0] in "《》" else " ", written(label)).replace("·", "-")
    if alone and "," in bare:
        bare = bare.split(",")[0]
    parts = _HASH.sub("", bare).replace(",", " ").split()
    words = [_letters(part) for part in parts if part not in _BETWEEN]
    if not 1 <= len(parts) <= (_MOST_MARKED if set(words).difference(parts) else _MOST):
        return False
    if len(words) < len(parts) and not _are_joined(parts):
        return False
    return all(_WORD.fullmatch(p) and (p.casefold() in _PARTICLES or _CAPITAL.search(p)) for p in words) and not all(
        word.isdigit() for word in words
    )


def _letters(word: str) -> str:
    """The word without marks on its letters and signs that are not seen: the patterns take neither for letters."""
    return word if word.isascii() else "".join(c for c in word if unicodedata.category(c) not in _MARKS)


def _are_joined(parts: Sequence[str]) -> bool:
    """Whether signs stand between names: "Ann & Bob", "Jane Doe - Reuters", not "Q & A", "Note - Now", "Item 3 - X"."""
    for at, sign in enumerate(parts):
        before, after = parts[:at], parts[at + 1 :]
        if sign not in _BETWEEN:
            continue
        if not before or not after or min(len(before[-1]), len(after[0])) < 2:
            return False
        if sign in _DASHES and (len(before) < 2 or any(map(str.isdigit, "".join(before)))):
            return False
    return True
