"""A Word document (.docx) to the XML in it. Nothing outside the file is ever opened, no part of it unpacked beyond a
limit, and what declares entities, as no Word document does, is refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from qa.errors import TranscriptError

Element = Any
"""An element of lxml, which tells mypy nothing of its types."""

_MOST = 16 * 2**20  # bytes of the text, unpacked: thirteen times the longest hearing
_BESIDE = 2**21  # bytes of any other part
_ELEMENTS = 10**6  # of a part
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN, _CORE = "word/document.xml", "docProps/core.xml"


class Parts(NamedTuple):
    """The root elements of the text, of its styles, and of what the file says of itself."""

    body: Element
    styles: Element | None
    core: Element | None


class _TooLarge(Exception):
    pass


class _Damaged(Exception):
    pass


_BROKEN = (zipfile.BadZipFile, zlib.error, _Damaged, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError)


def open_parts(content: bytes, source: str) -> Parts:
    """Raises TranscriptError for what is no .docx, is damaged, or unpacks to more than any transcript."""
    if content.startswith(_OLD):
        raise TranscriptError(f"{source}: an old Word file, or locked with a password; save it as .docx without one")
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            names = set(file.namelist())
            main = _main_part(file, names)
            styles = f"{main.rpartition('/')[0]}/styles.xml"
            return Parts(
                _xml(file, main, _MOST),
                _xml(file, styles, _BESIDE) if styles in names else None,
                _xml(file, _CORE, _BESIDE) if _CORE in names else None,
            )
    except _TooLarge:
        raise TranscriptError(
            f"{source}: unpacks to more than {_MOST >> 20} MB or a million elements; split it"
        ) from None
    except (*_BROKEN, OSError):
        raise TranscriptError(f"{source}: damaged or no Word document; open it in Word and save it as .docx") from None


def every(content: bytes, named: re.Pattern[str]) -> Iterator[Element]:
    """The root elements of all parts so named, the text first; none that is damaged, or too large by itself or with
    those before it."""
    left = _MOST + _BESIDE
    with zipfile.ZipFile(BytesIO(content)) as file:
        for name in sorted(filter(named.fullmatch, file.namelist()), key=lambda name: "document" not in name):
            most = min(left, _MOST if "document" in name else _BESIDE)
            left -= min(most, file.getinfo(name).file_size)
            try:
                yield _xml(file, name, most)
            except (_TooLarge, *_BROKEN, OSError):
                continue


def _main_part(file: zipfile.ZipFile, names: set[str]) -> str:
    """Where the document's words are; the file itself says so."""
    if "_rels/.rels" in names:
        for relation in _xml(file, "_rels/.rels", _BESIDE):
            target = (relation.get("Target") or "").lstrip("/")
            if (relation.get("Type") or "").endswith("/officeDocument") and target in names:
                return str(target)
    return _MAIN


def _xml(file: zipfile.ZipFile, name: str, most: int) -> Element:
    """A part's root element; ``most``: the bytes it may have."""
    from lxml import etree  # type: ignore[import-untyped]

    with file.open(name) as part:
        data = part.read(most + 1)
    if len(data) > most or data.count(b"<") > _ELEMENTS:
        raise _TooLarge
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise _Damaged from None
    if root.getroottree().docinfo.doctype:
        raise _Damaged
    return root
