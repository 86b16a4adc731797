"""The bytes of a web page to its lines and blocks: which encoding it is in, and lxml's reading of it."""

from __future__ import annotations

import re

from qa.decoding import decode
from qa.errors import TranscriptError
from qa.formats.page_blocks import Page, TooMuch

_CHARSET = re.compile(rb"""<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_HEAD = 1 << 14  # bytes in which a page declares its encoding
_MARKUP = re.compile(rb"<[^<>]*>")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LOST = "\ufffd"  # stands for bytes that are no character


def read(content: bytes, source: str) -> Page:
    """Raises TranscriptError where no encoding is certain, or there is more than a page holds."""
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    text, certain = decode_page(content, source)
    page = Page()
    try:
        etree.fromstring(text.encode(), etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True))
    except TooMuch as error:
        raise TranscriptError(f"{source}: {error} for a page; save its text as .txt") from None
    except etree.LxmlError as error:
        reason = " ".join(str(error).split()) or "empty"
        raise TranscriptError(f"{source}: not a web page ({reason}); save the page again") from None
    if not certain and any(_LOST in line.text for line in page.lines):
        raise TranscriptError(f"{source}: not in the encoding it declares; save the page again, in UTF-8")
    return page


def decode_page(content: bytes, source: str) -> tuple[str, bool]:
    """By its mark, else UTF-8 if it is valid, else as declared, else as it looks without its markup; whether every
    byte was one of the encoding's. Wrong bytes are borne where no word is: in menus, in comments, in scripts."""
    if content.startswith(_MARKS) or b"\0" in content:
        return decode(content, source).text, True
    declared = _declared(content)
    try:
        text = content.decode("utf-8")
        if not declared or not text.isascii():
            return text, True
    except UnicodeDecodeError:
        pass
    encoding = declared or decode(_MARKUP.sub(b" ", content), source).encoding
    try:
        return content.decode(encoding), True
    except UnicodeDecodeError:
        return content.decode(encoding, "replace"), False


def _declared(content: bytes) -> str:
    """The codec of the encoding that the page's head names, as browsers understand the name, or ""."""
    from webencodings import lookup  # type: ignore[import-untyped, unused-ignore]

    match = _CHARSET.search(content, 0, _HEAD)
    encoding = lookup(match[1].decode("ascii", "replace")) if match else None
    if encoding is None or encoding.name in ("replacement", "x-user-defined"):
        return ""
    if encoding.name.startswith("utf-16"):  # it could not be read as one byte a character
        return "utf-8"
    return "gb18030" if encoding.name == "gbk" else str(encoding.codec_info.name)
