"""What a saved web page prints around a transcript and nobody said: share links, pagers, comment forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.text import ends_sentence, is_cjk
from qa.types import Range

# Lines of these and nothing else are the page's own wherever they stand.
_LINKS = r"""
    \d+\s+Comment\(s\) | Adjust\ font\ size:? | Font\ size:? | Print\s+E-?mail | Print(?=\s+E-?mail\b)
  | E-?mail(?=\s+(?:Print|Bookmark)\b) | Bookmark\ and\ Share | 分享缩略图 | _ueditor_page_break_tag_
"""
# A line that begins with one of these is the page's own at its foot, where nothing else follows.
_FOOT_LINE = re.compile(
    rf"""[\s•*|]*(?:{_LINKS}
  | No\ comments\b | Add\ your\ comments? | Go\ to\ Forum\b | ChinaNews\ App\ Download | App\ Download$
  | Send\ your\ stories | Get\ more\ from\b | Follow\ \S+\ on\ (?:Twitter|Facebook|X|WeChat|YouTube)\b
  | (?:Mobile|RSS|Newsletter)+$ | User\ Name\s+Required | Enter\ the\ words\ you\ see | Your\ Comment$
  | [\w, -]*comments\ may\ be\ removed\ by\ the\ moderator | Share\ (?:this|on|to)\b | Read\ in\ Chinese$
  | (?:Source|Editors?|Copyright)\b\s*[:©(] | Copyright\ ©
  | 分享到[:：]?\s*$ | 打印本页 | 责任编辑[:：] | 编辑[:：] | 来源[:：]
    )""",
    re.VERBOSE,
)
_ONLY_LINKS = re.compile(rf"(?:\s|\||{_LINKS})+", re.VERBOSE)
_LEADING = re.compile(rf"(?:\s|\||{_LINKS}|E-?mail\b|Print\b)+", re.VERBOSE)
_PAGER = re.compile(r"^\s*(?:<|<<|«|‹|Previous|Prev)?\s*(?:\d{1,3}\s+){2,}\d{0,3}\s*(?:>|>>|»|›|Next)?\s*$")
_FOOT = 2  # lines: one alone may be what somebody said ("No comments.")


def is_furniture(line: str) -> bool:
    """Whether the whole line is the page's own: a pager, or links and nothing else."""
    return bool(_PAGER.match(line) or _ONLY_LINKS.fullmatch(line))


def strip_leading(text: str, start: int, end: int) -> Range:
    """The range without the page's links in front ("0 Comment(s)Print E-mail China.org.cn, ...")."""
    match = _LEADING.match(text, start, end)
    return Range(match.end() if match else start, end)


def tail(lines: Sequence[str]) -> int:
    """Index of the first line of the page's foot: furniture, with nothing but furniture and scraps behind it."""
    cut, found = len(lines), 0
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        if _PAGER.match(line) or _FOOT_LINE.match(line):
            cut, found = index, found + 1
        elif _is_speech(line):
            break
    return cut if found >= _FOOT else len(lines)


def _is_speech(line: str) -> bool:
    if len(line) > 60:
        return True
    return ends_sentence(line) and not line.startswith("•") and (len(line.split()) > 3 or is_cjk(line))
