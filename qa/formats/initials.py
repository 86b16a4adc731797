"""Initials with a key at the top: "FC Fadela Chaib  TAG Dr Tedros Ghebreyesus ..." and then "FC  Hello, everybody."

Line breaks may be lost: then all stands in one paragraph and the labels in the middle of it, behind a sentence.
"""

from __future__ import annotations

import re

from qa.formats.names import Label
from qa.formats.rows import Rows

_TITLES = frozenset("dr mr mrs ms prof sir amb hon professor".split())
_NAME_WORD = r"[^\W\d_a-z][\w'’-]*[^\W\d_A-Z][\w'’-]*"
_NAME = rf"{_NAME_WORD}\.?(?:\s(?:(?:van|von|de|der|den|al|bin)\b|[A-Z]\.|{_NAME_WORD}\.?))*"
_ENTRY = re.compile(rf"(?P<code>[A-Z]{{2,4}})[^\S\n]*[:=–-]?\s+(?P<name>{_NAME})(?=\s)\s*")
_CODE = re.compile(r"(?<!\S)[A-Z]{2,4}(?=\s)")
_TIME_BEFORE = re.compile(r"\d:[0-5]\d[\])]?\s*$")
_KEY_WITHIN = 10_000  # code points: the key stands at the top
_ENTRIES = 3  # two initials beside names may be chance


def keyed(text: str, lines: Rows) -> list[Label]:
    """The labels, each with the full name that the key gives; none where there is no key, or it is not used."""
    names, end = _key(text, int(lines.starts[0]) if lines else 0)
    if not names:
        return []
    begins = set(lines.begins)
    found = list(re.compile(rf"(?<!\S)(?:{'|'.join(names)})(?=\s)").finditer(text, end))
    own_line = [match for match in found if match.start() in begins]
    if len(own_line) < 3:
        own_line = [match for match in found if match.start() in begins or _behind_a_sentence(text, match.start())]
    labels = [_label(text, match, names) for match in own_line]
    return labels if len(labels) > 1 else []


def _label(text: str, match: re.Match[str], names: dict[str, str]) -> Label:
    speech = match.end()
    while speech < len(text) and text[speech] in " \t\xa0:":
        speech += 1
    return Label(names[match[0]], match.start(), speech, speech < len(text) and text[speech] in "\r\n", True)


def _key(text: str, start: int) -> tuple[dict[str, str], int]:
    """The first chain of initials and names that fit each other, and where it ends."""
    stop = min(len(text), start + _KEY_WITHIN)
    for opening in _CODE.finditer(text, start, stop):
        names: dict[str, str] = {}
        at = opening.start()
        while (entry := _ENTRY.match(text, at, stop)) and _fits(entry["code"], entry["name"], names):
            names[entry["code"]] = " ".join(entry["name"].split())
            at = entry.end()
        if len(names) >= _ENTRIES:
            return names, at
    return {}, 0


def _fits(code: str, name: str, names: dict[str, str]) -> bool:
    """Whether the code's letters stand in the name in this order, the first at its beginning: MI Michelle."""
    words = [word for word in name.split() if word.casefold().strip(".") not in _TITLES]
    letters = iter("".join(words).upper())
    return code not in names and bool(words) and words[0][0] == code[0] and all(c in letters for c in code)


def _behind_a_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 20) : at].rstrip()
    return before.endswith((".", "?", "!", "…", ")", "]", '"', "”")) or bool(_TIME_BEFORE.search(before))
