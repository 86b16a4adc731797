"""How a speaker's name is written, and which words in front of a colon name nobody."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_PARTICLES = frozenset("of the and for in on at to de la le van von der den bin al el du da dos di y e".split())
_WORD = re.compile(r"[^\W_][\w.'’&/-]*|&")
_CAPITAL = re.compile(r"[^\W\d_a-z]|\d")  # anywhere in the word: "iFeng", "al-Sudani", "21st"
_BRACKETS = re.compile(r"\([^)]*\)|（[^）]*）|[《》]")
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


@lru_cache(maxsize=4096)  # a transcript has the same few labels again and again
def is_name(label: str, alone: bool = False) -> bool:
    """Whether it is written like a name, a title or an outlet: "Liu Sanjiang", "Xinhua News Agency", "THE PRESS".

    Alone on a line a name may be followed by a comma and an office in any case.
    """
    if len(label) > (120 if alone else 80):
        return False
    bare = _BRACKETS.sub(lambda found: "" if found[0] in "《》" else " ", label).replace("·", "-")
    if alone and "," in bare:
        bare = bare.split(",")[0]
    parts = bare.replace(",", " ").split()
    if not 1 <= len(parts) <= 8:
        return False
    return all(_WORD.fullmatch(p) and (p.casefold() in _PARTICLES or _CAPITAL.search(p)) for p in parts) and not all(
        part.isdigit() for part in parts
    )
