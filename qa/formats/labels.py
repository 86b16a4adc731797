"""Speaker labels in running text: decided over the whole file, not line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.types import Range

_LABEL = re.compile(r"[^\S\n]*(?P<name>[^\s:：][^:：\n]{0,79}?)[^\S\n]*[:：](?P<rest>[^\n]*)")
_PARTICLES = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "in",
        "on",
        "at",
        "to",
        "de",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "al",
        "el",
        "du",
        "da",
        "dos",
        "di",
        "y",
        "e",
    ]
)
_WORD = re.compile(r"[^\W\d_][\w.'’&/-]*|&|\d{1,3}")
# Labels of a page's head, whose value is a fact about the event and not something said.
_METADATA = frozenset(
    [
        "speaker",
        "speakers",
        "chairperson",
        "chairpersons",
        "date",
        "time",
        "location",
        "venue",
        "place",
        "source",
        "editor",
        "author",
        "note",
        "notes",
        "title",
        "topic",
        "subject",
        "participants",
        "attendees",
        "contact",
        "tel",
        "phone",
        "fax",
        "email",
        "e-mail",
        "website",
        "url",
        "copyright",
        "keywords",
        "tags",
        "moderators",
        "host",
        "hosts",
        "guest",
        "guests",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "finally",
        "firstly",
        "secondly",
        "thirdly",
        "update",
    ]
)


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's name in front of a turn; ``line`` is where the label begins, ``speech`` where the words do."""

    name: str
    line: int
    speech: int
    alone: bool


def find_labels(text: str, lines: Sequence[Range]) -> list[Label]:
    """The labels of the file's own layout: names alone on a line, or names in front of the text."""
    found = [label for label in (_label(text, line) for line in lines) if label]
    alone = [label for label in found if label.alone]
    if len(alone) >= 2:
        names = {label.name for label in alone}
        return [label for label in found if label.alone or label.name in names]
    return found if _plausible(text, lines, found) else []


def is_metadata(line: str) -> bool:
    """Whether the line is a heading such as "Date:" or "Chairperson:"."""
    match = _LABEL.match(line)
    return bool(match and match["name"].casefold().strip() in _METADATA)


def _label(text: str, line: Range) -> Label | None:
    match = _LABEL.match(text, line.start, line.end)
    if not match or not is_name(match["name"]):
        return None
    rest = match["rest"]
    if rest.strip() and rest[0].isdigit():  # a time or a ratio: "At 7:06"
        return None
    return Label(match["name"].strip(), line.start, match.start("rest"), not rest.strip())


def is_name(label: str) -> bool:
    """Whether it is written like a name, a title or an outlet: "Liu Sanjiang", "Xinhua News Agency", "THE PRESS"."""
    name = re.sub(r"\([^)]*\)", " ", label).replace(",", " ").strip()
    parts = name.split()
    if not 1 <= len(parts) <= 8 or name.casefold() in _METADATA or not _WORD.match(parts[0]):
        return False
    return all(_WORD.fullmatch(part) and (part.casefold() in _PARTICLES or not part[0].islower()) for part in parts)


def _plausible(text: str, lines: Sequence[Range], labels: Sequence[Label]) -> bool:
    """Most of what follows the first label must belong to a label, and not every paragraph to a new name."""
    if not labels:
        return False
    rest = [line for line in lines if line.start >= labels[0].line]
    distinct = len({label.name for label in labels})
    if len(labels) == 1:
        return len(labels[0].name.split()) >= 2 and len(rest) * 2 >= len(lines)
    return distinct <= max(2, len(labels) * 2 // 3) or len(labels) * 3 >= len(rest)
