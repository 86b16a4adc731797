"""What a saved page prints around a transcript and nobody said: share links, pagers, comment forms, page headers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from qa.formats.rows import Rows
from qa.text import ends_sentence, is_cjk
from qa.types import Range

# Lines of these and nothing else are the page's own wherever they stand.
_LINKS = r"""
    \d+\s+Comment\(s\) | Adjust\ font\ size:? | Font\ size:? | Print\s+E-?mail | Print(?=\s+E-?mail\b)
  | E-?mail(?=\s+(?:Print|Bookmark)\b) | Bookmark\ and\ Share | 分享缩略图 | _ueditor_page_break_tag_
"""
# A line that begins with one of these is the page's own at its foot, where nothing else follows.
_FOOT_LINE = re.compile(
    rf"""[\s•*|]*+(?:{_LINKS}
  | No\ comments\b | Add\ your\ comments? | Go\ to\ Forum\b | ChinaNews\ App\ Download | App\ Download$
  | Send\ your\ stories | Get\ more\ from\b | Follow\ \S+\ on\ (?:Twitter|Facebook|X|WeChat|YouTube)\b
  | (?:Mobile|RSS|Newsletter)+$ | User\ Name\s+Required | Enter\ the\ words\ you\ see | Your\ Comment$
  | [\w, -]*comments\ may\ be\ removed\ by\ the\ moderator | Share\ (?:this|on|to)\b | Read\ in\ Chinese$
  | (?:Source|Editors?|Copyright)\b\s*[:©(] | Copyright\ ©
  | 分享到[:：]?\s*$ | 打印本页 | 责任编辑[:：] | 编辑[:：] | 来源[:：]
    )""",
    re.VERBOSE,
)
_ONLY_LINKS = re.compile(rf"(?:\s|\||{_LINKS})++", re.VERBOSE)
_LEADING = re.compile(rf"(?:\s|\||•|\#{{1,6}}(?=\s)|{_LINKS}|E-?mail\b|Print\b|Read\ in\ Chinese$)++", re.VERBOSE)
_PAGER = re.compile(r"\s*+(?:<<|<|«|‹|Previous|Prev)?+\s*+(?:\d{1,3}\s++){2,}+\d{0,3}\s*+(?:>>|>|»|›|Next)?+\s*+$")
_RULE = re.compile(r"(?:[-*_=~—]\s*+){3,}+$")
_FIRST = frozenset("0123456789<«‹|PAFNEB分_-*=~—")  # what a line of the page's own may begin with
_LONGEST = 400  # code points of a line of the page's own
_PAGE = re.compile(r"(?:[Pp]age\s+)?[-–—]?\s?(?P<number>\d{1,5})\s?[-–—]?(?:\s?(?:of|/)\s?\d{1,5})?")
_SHORT = 20  # code points of a line with a page number
_PAGES = 3  # so many numbers in a row are page numbers
_FOOT = 2  # lines: one alone may be what somebody said ("No comments.")


def own(text: str, lines: Rows) -> list[Range]:
    """The lines that are the page's own: furniture wherever it stands, and what a printed page repeats."""
    repeated = running(text, lines)
    own = {row for row in lines.opening(_FIRST) if is_furniture(text[slice(*lines[row])])}
    return [lines[row] for row in sorted(own | repeated)]


def is_furniture(line: str) -> bool:
    """Whether the whole line is the page's own: a pager, a rule, or links and nothing else."""
    line = line.strip()
    if not line or line[0] not in _FIRST or len(line) > _LONGEST:
        return False
    return bool(_PAGER.match(line) or _RULE.match(line) or _ONLY_LINKS.fullmatch(line))


def strip_leading(text: str, start: int, end: int) -> Range:
    """The range without the page's links in front ("0 Comment(s)Print E-mail China.org.cn, ...")."""
    match = _LEADING.match(text, start, end)
    return Range(match.end() if match else start, end)


def running(text: str, lines: Rows) -> set[int]:
    """Numbers of the lines a printed page repeats: page numbers that count up, and the same words beside them."""
    short = ((row, _PAGE.fullmatch(text, *lines[row])) for row in lines.shorter(_SHORT))
    numbers = [(row, int(match["number"])) for row, match in short if match]
    counted = [(i, j) for (i, number), (j, after) in pairwise(numbers) if after == number + 1]
    if len(counted) < _PAGES - 1 or len(counted) * 2 < len(numbers):
        return set()
    pages = {i for pair in counted for i in pair}
    beside = {j for i in pages for j in (i - 1, i + 1) if 0 <= j < len(lines)} - pages
    words = Counter(text[slice(*lines[j])] for j in beside)
    return pages | {j for j in beside if words[text[slice(*lines[j])]] * 2 > len(pages)}


def tail(text: str, lines: Rows, first: int) -> int:
    """Index of the first line of the page's foot, ``first`` or later: furniture, with only scraps behind it."""
    cut, found = len(lines), 0
    for index in range(len(lines) - 1, first - 1, -1):
        start, end = lines[index]
        line = text[start : min(end, start + _LONGEST)]
        if _PAGER.match(line) or _FOOT_LINE.match(line):
            cut, found = index, found + 1
        elif end - start > _LONGEST or _is_speech(line):
            break
    return cut if found >= _FOOT else len(lines)


def _is_speech(line: str) -> bool:
    if len(line) > 60:
        return True
    return ends_sentence(line) and not line.startswith("•") and (len(line.split()) > 3 or is_cjk(line))
