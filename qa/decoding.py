"""Bytes to text: UTF-8, UTF-16 and UTF-32 by their marks, else what charset-normalizer recognises among the
usual encodings.

A wrong guess puts words in a speaker's mouth, so a guess is made only where the text decodes without one bad byte, and
what was guessed is told.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from qa.errors import TranscriptError

# latin-1 is left to Windows-1252, which holds it: browsers do the same (WHATWG Encoding, section 4.2).
_USUAL = "gb18030 big5hkscs shift_jis euc_jp euc_kr cp1252 cp1250 cp1251 koi8_r utf_16_le utf_16_be".split()
_CENTRAL = frozenset("Polish Czech Slovak Hungarian Slovene Croatian Romanian".split())
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¹³¿¼¾¶][^\W\d_]")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")  # in no text; but for the escape of a coloured log
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),  # the first begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_SHORTEST = 16  # bytes with zeros among them that may be UTF-16 without its mark
_SAMPLE = 1 << 18  # bytes that are looked at
_BINARY = "binary, not text; save it as text in UTF-8"


class Decoded(NamedTuple):
    """``guessed``: neither a mark nor valid UTF-8 told the encoding."""

    text: str
    encoding: str
    guessed: bool = False


def decode(content: bytes, source: str) -> Decoded:
    """The text and the encoding it was in. Raises TranscriptError if it is no text or no encoding is certain."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _strict(content, encoding, source, len(mark))
            if "\0" in text:
                raise TranscriptError(f"{source}: {_BINARY}")
            return Decoded(text, encoding)
    try:
        text, encoding = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = ""
    guessed = not encoding or "\0" in text
    if guessed:
        encoding = _guess(content, source)
        text = _strict(content, encoding, source)
        if _CONTROL.search(text):
            raise TranscriptError(f"{source}: {_BINARY}")
    return Decoded(text, encoding, guessed)


def _strict(content: bytes, encoding: str, source: str, start: int = 0) -> str:
    try:
        return content[start:].decode(encoding)
    except UnicodeDecodeError as error:
        where = start + error.start
        raise TranscriptError(f"{source}: not {encoding} at byte {where}; save it as text in UTF-8") from None


def _guess(content: bytes, source: str) -> str:
    from charset_normalizer import from_bytes

    sample = content[:_SAMPLE]
    if len(content) > _SAMPLE and b"\0" not in sample:  # not in the middle of a character
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    few = b"\0" in content and len(content) < _SHORTEST
    # A text without a line break may be cut in a character, which has four bytes at most.
    ends = [] if few else range(len(sample), len(sample) - (4 if len(content) > len(sample) else 1), -1)
    best = next((best for end in ends if (best := from_bytes(sample[:end], cp_isolation=_USUAL).best())), None)
    if best is None:
        raise TranscriptError(f"{source}: {_BINARY}")
    if best.encoding in ("cp1250", "cp1252"):  # they differ in few letters: the language tells, or signs inside words
        central = best.language in _CENTRAL or _SIGN_IN_WORD.search(sample.decode("cp1252", "replace"))
        return "cp1250" if central else "cp1252"
    return best.encoding
