"""Which files are the pages of one event: told from a number in their names, or from the pager inside them.

A number that may as well be a date or a serial number is no page, unless the files say so themselves.
"""

from __future__ import annotations

import filecmp
import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from qa.decoding import decode
from qa.errors import TranscriptError
from qa.formats.origin import find_date

Named = tuple[Path, str]
"""A file, and the name it is cited by."""

_EDGE = r"(?:(?<![^\W\d_])|(?<=(?-i:[a-z]))(?=(?-i:[A-Z])))"  # of a word: "talk-part2", "TalkPart2", not "counterpart2"
_WORDS = "page|pg|p|part|pt|segment|seg|chunk|section|cd|disc|disk|tape|volume|vol"
_PAGE_WORDS = ("page", "pg", "p")
_BEHIND = re.compile(rf"{_EDGE}(?P<label>(?P<word>{_WORDS})[-_. ]*(?P<number>\d{{1,4}}))(?![^\W_])", re.IGNORECASE)
_OF = re.compile(r"(?<!\d)(?P<number>\d{1,4})[-_ ]*of[-_ ]*\d{1,4}(?!\d)", re.IGNORECASE)
_CHINESE = re.compile(r"第(?P<number>\d{1,4})[页頁]")
_BRACKETS = re.compile(r"[-_ ]*\((?P<number>\d{1,4})\)$")
_BESIDE = re.compile(r"(?P<sign>[-_])(?P<number>\d{1,3})$")
_LAST = re.compile(r"(?P<number>\d{1,3})$")
_FIRST = re.compile(r"^(?P<number>\d{1,3})(?=\D)")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE_BEFORE = re.compile(rf"(?:\d|(?<![^\W\d_]){_MONTH})$", re.IGNORECASE)
_DATE_BEHIND = re.compile(rf"(?:\d|{_MONTH}(?![^\W\d_]))", re.IGNORECASE)
_SIGNS = "-_. "

_READABLE = frozenset((".txt", ".md", ".markdown", ".html", ".htm", ".xhtml"))  # a pager is seen without parsing
_MOST = 4 * 2**20  # bytes of a file that is looked at for a pager
_HEAD = 2000  # code points in which an event is dated
_TITLE = 12  # code points: less is a word such as "Transcript"
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_TITLE_TAG = re.compile(r"<title\b[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_PAGE_OF = re.compile(
    r"\bpage\s+(\d{1,3})\s*(?:of|/)\s*(\d{1,3})\b|第\s*(\d{1,3})\s*[页頁]\s*[,，/]?\s*共\s*(\d{1,3})\s*[页頁]",
    re.IGNORECASE,
)
_PAGER = re.compile(
    r"(?:\bPrev(?:ious)?|[<«‹]|上一[页頁])\s+1\s+2\b|(?<!\S)1\s+2\s+(?:\d{1,3}\s+){0,99}(?:Next\b|[>»›]|下一[页頁])"
)


class Group(NamedTuple):
    """Files whose names are equal but for one number, in its order.

    ``labels`` are the pages' ("1", "seg001"); ``sure``: the names alone say that they are pages; ``missing``: the
    numbers from the first page to the last that no file has.
    """

    files: tuple[Named, ...]
    labels: tuple[str, ...]
    sure: bool
    missing: tuple[int, ...]


class _Place(NamedTuple):
    """A number in a name. ``key``: the name without it; ``base``: the name of a first page that has no number."""

    key: tuple[str, ...]
    value: int
    label: str
    base: str | None
    sure: bool


def groups(files: Sequence[Named], known: Collection[Path] = ()) -> list[Group]:
    """The files that are the pages of one event, at least two each, numbered from 0 or 1 without a gap.

    ``known`` are pages of one event already: nothing more is asked of a group of them alone.
    """
    found: list[Group] = []
    taken: set[Path] = set()
    for group in families(files):
        paths = [path for path, _ in group.files]
        if group.missing or not taken.isdisjoint(paths) or _hold_copies(paths):
            continue
        if group.sure or all(path in known for path in paths) or _say_so(paths):
            found.append(group)
            taken.update(paths)
    return sorted(found, key=lambda group: group.files[0][1])


def families(files: Iterable[Named]) -> list[Group]:
    """All files whose names are equal but for one number, the surest reading of a name first; by the names alone."""
    given = {(path.parent, path.name): (path, source) for path, source in files}
    placed: dict[tuple[Path, tuple[str, ...]], list[tuple[_Place, Named]]] = {}
    for folder, name in given:
        for place in _places(name):
            placed.setdefault((folder, place.key), []).append((place, given[folder, name]))
    found = [_family(members, given) for members in placed.values()]
    order = {"word": 0, "brackets": 1, "beside": 2, "serial": 3}
    ranks = [order[key[0]] for _, key in placed]
    ranked = sorted(zip(ranks, found, strict=True), key=lambda pair: pair[0])
    return [group for _, group in ranked if group]


def _places(name: str) -> Iterator[_Place]:
    """The numbers of a name that may count pages."""
    suffix = Path(name).suffix
    stem, suffix = name.removesuffix(suffix), suffix.lower()
    for pattern in (_BEHIND, _OF, _CHINESE):
        for match in reversed(list(pattern.finditer(stem))):
            page = match.groupdict().get("word", "page").casefold() in _PAGE_WORDS
            label = str(int(match["number"])) if page else re.sub(f"[{_SIGNS}]+", " ", match["label"])
            base = stem[: match.start()].rstrip(_SIGNS) if match.end() == len(stem) else ""
            yield _place("word", stem, suffix, match, label, base, True)
    for kind, pattern, sure in (("brackets", _BRACKETS, "("), ("beside", _BESIDE, "_")):
        for match in pattern.finditer(stem):
            base = stem[: match.start()]
            yield _place(kind, stem, suffix, match, str(int(match["number"])), base, sure in match[0])
    for pattern in (_LAST, _FIRST):
        for match in pattern.finditer(stem):
            if not _is_dated(stem[: match.start()], stem[match.end() :]):
                yield _place("serial", stem, suffix, match, str(int(match["number"])), "", False)


def _place(kind: str, stem: str, suffix: str, match: re.Match[str], label: str, base: str, sure: bool) -> _Place:
    start, end = match.span("number")
    key = (kind, stem[:start].casefold(), stem[end:].casefold(), suffix)
    return _Place(key, int(match["number"]), label, base or None, sure)


def _is_dated(before: str, behind: str) -> bool:
    """Whether the number stands beside another one or a month's name."""
    return bool(_DATE_BEFORE.search(before.rstrip(_SIGNS)) or _DATE_BEHIND.match(behind.lstrip(_SIGNS)))


def _family(members: list[tuple[_Place, Named]], given: dict[tuple[Path, str], Named]) -> Group | None:
    """The members in order, behind a first page whose name has no number; None where two have the same number."""
    members = sorted(members, key=lambda member: member[0].value)
    values = [place.value for place, _ in members]
    first, (path, _) = members[0]
    plain = given.get((path.parent, f"{first.base}{path.suffix}")) if first.base else None
    kind = first.key[0]
    if kind == "brackets" and plain and values[0] < 2:  # "talk", "talk (1)": what a browser saves a second time
        return None
    files, labels = [named for _, named in members], [place.label for place, _ in members]
    if plain and values[0] == 2:
        files, labels, values = [plain, *files], ["1", *labels], [1, *values]
    if len(files) < 2 or len(set(values)) < len(values) or (kind == "beside" and files[0] != plain):
        return None
    missing = set(range(min(1, values[0]), values[-1])) - set(values)
    return Group(tuple(files), tuple(labels), first.sure, tuple(sorted(missing)))


def _hold_copies(paths: Sequence[Path]) -> bool:
    """Whether two of the files are the same, byte for byte: a copy is no further page."""
    try:
        sized = sorted(paths, key=lambda path: path.stat().st_size)
        return any(filecmp.cmp(one, other, shallow=False) for one, other in pairwise(sized))
    except OSError:  # said where the file is read
        return False


def _say_so(paths: Sequence[Path]) -> bool:
    """Whether each file says which page it is ("page 2 of 11"), or all have one title, one date and a pager."""
    numbered = alike = True
    titles: set[str] = set()
    dates: set[str] = set()
    for number, path in enumerate(paths, 1):
        title, text = _look_into(path)
        pages = [[int(group) for group in found if group] for found in _PAGE_OF.findall(text)]
        numbered = numbered and any(page == number and total >= len(paths) for page, total in pages)
        titles.add(title)
        dates.update(filter(None, [find_date(text[:_HEAD])]))
        alike = alike and len(title) >= _TITLE and bool(_PAGER.search(text)) and len(titles) == 1 and len(dates) < 2
        if not numbered and not alike:
            return False
    return True


def _look_into(path: Path) -> tuple[str, str]:
    """The file's title and its text without markup; nothing where that is not cheap to tell."""
    try:
        if path.suffix.lower() not in _READABLE or path.stat().st_size > _MOST:
            return "", ""
        text = decode(path.read_bytes(), path.name)[0]
    except (OSError, TranscriptError):
        return "", ""
    if "htm" not in path.suffix.lower():
        return next((line.strip() for line in text.splitlines() if line.strip()), ""), text
    match = _TITLE_TAG.search(text)
    return " ".join(html.unescape(match[1]).split()) if match else "", html.unescape(_TAG.sub(" ", text))
