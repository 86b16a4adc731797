"""What a saved web page prints around a transcript and nobody said: share links, pagers, comment forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.text import ends_sentence
from qa.types import Range

_PHRASES = r"""
    \d+\s+Comment\(s\) | No\ comments\b | Add\ your\ comments? | Adjust\ font\ size:? | Font\ size:
  | Print(?=\s+E-?mail\b) | E-?mail(?=\s+(?:Print|Bookmark)\b) | Print\s+E-?mail | Bookmark\ and\ Share
  | Go\ to\ Forum\b | ChinaNews\ App\ Download | App\ Download$ | Send\ your\ stories | Get\ more\ from\b
  | Follow\ \S+\ on\ (?:Twitter|Facebook|X|WeChat|YouTube)\b | (?:Mobile|RSS|Newsletter){2,}
  | User\ Name\s+Required | Enter\ the\ words\ you\ see | Your\ Comment$
  | comments\ may\ be\ removed\ by\ the\ moderator | Share\ (?:this|on)\b | Share\ to\b | Read\ in\ Chinese$
  | Follow\ \w+\ Transcripts$ | Transcribe\ Your\ Own\ Content | Try\ Rev\ for\ free
  | 分享缩略图 | 分享到 | 打印本页 | 责任编辑 | _ueditor_page_break_tag_
"""
_FURNITURE = re.compile(_PHRASES, re.VERBOSE)
_LEADING = re.compile(rf"(?:\s|(?:{_PHRASES})|E-?mail\b|Print\b|\|)+", re.VERBOSE)
_PAGER = re.compile(r"^\s*(?:<|<<|«|‹|Previous|Prev)?\s*(?:\d{1,3}\s+){2,}\d{0,3}\s*(?:>|>>|»|›|Next)?\s*$")


_FOOT = 2  # lines: one alone may be what somebody said ("No comments.")


def is_furniture(line: str) -> bool:
    """Whether the whole line is the page's own: a pager, or links and forms and nothing else."""
    return bool(_PAGER.match(line) or _LEADING.fullmatch(line))


def strip_leading(text: str, start: int, end: int) -> Range:
    """The range without the page's links in front ("0 Comment(s)Print E-mail China.org.cn, ...")."""
    match = _LEADING.match(text, start, end)
    return Range(match.end() if match else start, end)


def tail(lines: Sequence[str]) -> int:
    """Index of the first line of the page's foot: furniture, with nothing but furniture and scraps behind it."""
    cut, found = len(lines), 0
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        if _PAGER.match(line) or _FURNITURE.search(line):
            cut, found = index, found + 1
        elif len(line.split()) > 3 and (len(line) > 60 or (ends_sentence(line) and not line.startswith("•"))):
            break
    return cut if found >= _FOOT else len(lines)
