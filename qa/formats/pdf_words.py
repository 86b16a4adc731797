"""The words of a PDF and where they stand, read in a process of its own: a file that brings the library to its knees,
or asks for a hundred gigabytes, ends that process and nothing else.

Run as a program with seconds and bytes as limits: PDF on stdin, one JSON line on stdout, {"error": "password"} or
{"title": "...", "pages": [[word, ...], ...]}, a word being [text, left, right, baseline, size, glued] in points, as
somebody sees the page who reads it upright.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

SECONDS = 100  # of computing; a book of a thousand pages takes fifteen
MEMORY = 3 * 2**30  # bytes of address space; the library and a book together take a tenth
_SAMPLE = 10  # of so many letters one tells which way a page is written
_BROKEN = 0x2  # how the library writes a hyphen at a line's end; it does not tell of the line's end
MOST = 4_000_000  # code points: eight times the longest hearing
_OUTPUT = 100 * MOST  # bytes that so many take as words with their places, at most


class Word(NamedTuple):
    """A word, from ``left`` to ``right``; y grows upwards. ``glued``: no blank stands before it."""

    text: str
    left: float
    right: float
    y: float
    size: float
    glued: bool = False


class Document(NamedTuple):
    """What the file holds. ``error``: "password", "damaged", "too much", "no reader" or "" for none."""

    error: str
    title: str = ""
    pages: tuple[tuple[Word, ...], ...] = ()


def read(content: bytes) -> Document:
    """The words of a PDF, page by page in the order the file draws them."""
    command = [sys.executable, "-P", __file__, str(SECONDS), str(MEMORY)]
    try:
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command, input=content, stdout=output, stderr=subprocess.DEVNULL, timeout=SECONDS * 2, check=False
            )
            if done.returncode < 0 or output.seek(0, os.SEEK_END) > _OUTPUT:  # ended by a signal: a limit, or a crash
                return Document("too much")
            output.seek(0)
            found = json.loads(output.read()) if done.returncode == 0 else {"error": "no reader"}
    except (subprocess.TimeoutExpired, OSError, ValueError):  # no memory for another process; an answer cut off
        return Document("too much")
    if "error" in found:
        return Document(found["error"])
    return Document("", found["title"], tuple(tuple(Word(*word) for word in page) for page in found["pages"]))


def _main() -> None:
    _limit(*map(int, sys.argv[1:]))
    content = sys.stdin.buffer.read()
    try:
        found: dict[str, Any] = _document(content)
    except MemoryError:
        found = {"error": "too much"}
    except ImportError:
        found = {"error": "no reader"}
    sys.stdout.write(json.dumps(found))


def _limit(seconds: int, memory: int) -> None:
    """Windows has no such limits; the time is bounded there all the same, by the caller."""
    try:
        import resource
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        with contextlib.suppress(ValueError, OSError):  # a system that does not let itself be limited so
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _document(content: bytes) -> dict[str, Any]:
    import pypdfium2  # type: ignore[import-untyped]
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        return {"error": "password" if locked else "damaged"}
    pages: list[list[Word]] = []
    total = 0
    for number in range(len(document)):
        try:
            text = _text_page(raw, document, number)
        except pypdfium2.PdfiumError:
            return {"error": "damaged"}
        total += text.count_chars()
        if total > MOST:
            return {"error": "too much"}
        pages.append(_upright(list(_words(raw, text))))
        text.close()
        text.page.close()
    return {"title": _whole(document.get_metadata_value("Title")), "pages": pages}


def _text_page(raw: Any, document: Any, number: int) -> Any:
    """The page, laid so that its text is upright: of text that runs upwards the library mixes the lines up."""
    page = document[number]
    text = page.get_textpage()
    counts = Counter(_turns(raw, text, index) for index in range(0, text.count_chars(), _SAMPLE))
    main = max(counts, key=lambda turns: (turns is not None, counts[turns]), default=0)
    if main is None or page.get_rotation() == 90 * main:
        return text
    page.set_rotation(90 * main)
    text.close()
    page.close()
    return document[number].get_textpage()


def _turns(raw: Any, text: Any, index: int) -> int | None:
    """How many right angles the letter is turned by; None for another angle."""
    quarters = raw.FPDFText_GetCharAngle(text, index) / 1.5707963
    return round(quarters) % 4 if abs(quarters - round(quarters)) < 0.06 else None


_Box = tuple[int, float, float, float, float]  # the letter's index, left, bottom, right, top
_Letter = tuple[str, _Box, float, float]


class _Seen(NamedTuple):
    """A word as it is drawn, and how often its writing is turned by a right angle; None for another angle."""

    word: Word
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    turns: int | None


def _words(raw: Any, text: Any) -> Iterator[_Seen]:
    """Cuts at blanks, at line ends, and where smaller letters are raised: the mark of a footnote."""
    letters: list[_Letter] = []
    glued = False
    for letter in _letters(raw, text):
        if letter is None:
            if letters:
                yield _seen(raw, text, letters, glued)
            letters, glued = [], False
            continue
        if letters and _is_raised(letters[-1], letter):
            yield _seen(raw, text, letters, glued)
            letters, glued = [], True
        letters.append(letter)
    if letters:
        yield _seen(raw, text, letters, glued)


def _letters(raw: Any, text: Any) -> Iterator[_Letter | None]:
    """(character, box with its index, x, y) of each letter; None for a blank."""
    import ctypes

    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        broken = code in (_BROKEN, 0xFFFE)
        character = "-" if broken else chr(code) if 0 < code < 0x110000 else " "
        if character.isspace() or (not character.isprintable() and code < 0xA0):
            yield None
            continue
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        yield character, (index, box.left, box.bottom, box.right, box.top), x.value, y.value
        if broken:
            yield None


def _is_raised(before: _Letter, letter: _Letter) -> bool:
    """Whether one of two neighbours on a level line is a superscript of the other."""
    tall, small = sorted((before[1][4] - before[1][2], letter[1][4] - letter[1][2]), reverse=True)
    return small < 0.85 * tall and abs(before[3] - letter[3]) > 0.1 * tall


def _seen(raw: Any, text: Any, letters: list[_Letter], glued: bool) -> _Seen:
    written = _whole("".join(letter[0] for letter in letters))
    boxes = [letter[1] for letter in letters]
    box = (min(b[1] for b in boxes), min(b[2] for b in boxes), max(b[3] for b in boxes), max(b[4] for b in boxes))
    turns = _turns(raw, text, boxes[0][0])
    return _Seen(Word(written, 0, 0, 0, 0, glued), box, (letters[0][2], letters[0][3]), turns)


def _whole(text: str) -> str:
    """Joins halves of surrogate pairs; a half alone is no character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _upright(seen: list[_Seen]) -> list[Word]:
    """The words written in the page's main direction, turned so that it runs to the right; the others are stamps."""
    counts = Counter(one.turns for one in seen if one.turns is not None)
    main = max(counts, key=lambda turns: counts[turns], default=0)
    return [_turned(one, main) for one in seen if one.turns == main]


def _turned(seen: _Seen, turns: int) -> Word:
    (left, bottom, right, top), (x, y) = seen.box, seen.origin
    for _ in range(turns):
        left, bottom, right, top = -top, left, -bottom, right
        x, y = -y, x
    size = round(max(top - bottom, 0.1), 2)
    return Word(seen.word.text, round(left, 2), round(right, 2), round(y, 2), size, seen.word.glued)


if __name__ == "__main__":
    _main()
