"""Reads a file or a folder: picks the format, decodes, hashes and checks what the parser made of it."""

from __future__ import annotations

import hashlib
import os
import stat
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from qa.decoding import decode
from qa.errors import TranscriptError
from qa.formats import json_forms, pdf, plain, subtitles, web, word
from qa.formats.origin import Origin
from qa.roles import assign_roles
from qa.types import Transcript

Parser = Callable[[bytes, Origin], Transcript]


def _text(parse: Callable[[str, Origin], Transcript]) -> Parser:
    """For formats that are text: decoded first."""

    def decoded(content: bytes, origin: Origin) -> Transcript:
        found = decode(content, origin.source)
        if found.encoding != "utf-8":
            origin.notes.append(f"encoding {found.encoding}" + (", guessed" if found.guessed else ""))
        return parse(found.text, origin)

    return decoded


_MARKDOWN = _text(plain.parse)  # which sees by the ending that it is no plain text
_JSON = _text(json_forms.parse)
FORMATS: dict[str, Parser] = {
    ".txt": _text(plain.parse),
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".vtt": _text(subtitles.parse_vtt),
    ".srt": _text(subtitles.parse_srt),
    ".html": web.parse,
    ".htm": web.parse,
    ".xhtml": web.parse,
    ".pdf": pdf.parse,
    ".docx": word.parse,
    ".docm": word.parse,
    ".doc": word.parse,  # refused, with the way out
    ".json": _JSON,
    ".jsonl": _JSON,
}
MAX_BYTES = 64 * 2**20  # a spoken day is under 1 MB; more than this is no transcript


def read(path: Path, source: str = "") -> Transcript:
    """The transcript in ``path``; ``source`` is the name it is cited by, the path as given unless told.

    Raises TranscriptError, one line naming the file, if it cannot be read.
    """
    source = source or path.as_posix()
    return parse(load(path, source), source)


def load(path: Path, source: str) -> bytes:
    """The file's bytes. Raises TranscriptError where there is no such file or it is too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise TranscriptError(f"{source}: not a file")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 2**20:.0f} MB"
            raise TranscriptError(f"{source}: {size}, over the limit of {MAX_BYTES >> 20} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise TranscriptError(f"{source}: {error.strerror or error}") from None


def parse(content: bytes, source: str, notes: list[str] | None = None) -> Transcript:
    """The transcript that ``content`` holds, in the format that the ending of ``source`` names.

    ``notes`` takes what was recognised and why, a line each. Raises TranscriptError.
    """
    suffix = check_kind(source)
    origin = Origin(hashlib.sha256(content).hexdigest(), source, Path(source).stem, [] if notes is None else notes)
    try:
        transcript = FORMATS[suffix](content, origin)
    except (RecursionError, MemoryError):
        raise TranscriptError(f"{source}: nested too deeply or too large to be read; split it") from None
    if not any(turn.role != "heading" for turn in transcript.turns):
        raise TranscriptError(f"{source}: no words in it")
    turns = assign_roles(transcript.text, transcript.turns)
    title, language = (" ".join(given.split()) for given in (transcript.title, transcript.language))  # a line each
    transcript = replace(transcript, title=title, language=language, turns=turns)
    check(transcript)
    return transcript


def check_kind(source: str) -> str:
    """The ending of a file that can be read, in small letters. Raises TranscriptError for another one."""
    suffix = Path(source).suffix.lower()
    if suffix not in FORMATS:
        raise TranscriptError(f"{source}: cannot read {suffix or 'a file without ending'}; use {', '.join(FORMATS)}")
    return suffix


def read_alike(source: str, other: str) -> bool:
    """Whether the endings of two files' names choose the same parser."""
    one, two = (FORMATS.get(Path(name).suffix.lower()) for name in (source, other))
    return one is two


def check(transcript: Transcript) -> None:
    """A parser that breaks these laws has a bug: nothing it made may be cited."""
    ends = [0, *(turn.end for turn in transcript.turns)]
    ordered = all(end <= turn.start < turn.end for end, turn in zip(ends, transcript.turns, strict=False))
    if not ordered or ends[-1] > len(transcript.text):
        raise ValueError(f"{transcript.source}: turns overlap or leave the text")
    starts = [turn.start for turn in transcript.turns]
    owners = (bisect_right(starts, start) - 1 for start, _ in transcript.paragraphs)
    if any(i < 0 or end > ends[i + 1] for i, (_, end) in zip(owners, transcript.paragraphs, strict=True)):
        raise ValueError(f"{transcript.source}: a paragraph leaves its turn")
    if any(later.start <= earlier.start for earlier, later in pairwise(transcript.moments)):
        raise ValueError(f"{transcript.source}: moments out of order")
    if any(later.start < earlier.start for earlier, later in pairwise(transcript.pages)):
        raise ValueError(f"{transcript.source}: pages out of order")


@dataclass(slots=True)
class Found:
    """What lies under the paths given: files with the names they are cited by, and folders that cannot be read."""

    files: list[tuple[Path, str]] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def find(given: Iterable[Path], library: Path | None = None) -> Found:
    """The files named and those in the folders named; in a folder only files with an ending we read, nothing hidden,
    nothing in ``library``; a link that leaves the folder is an error, and a folder so linked is not read."""
    found = Found()
    for path in given:
        if path.is_dir():
            _walk(path.resolve(), library.resolve() if library else None, found)
        else:
            found.files.append((path, path.name))
    return found


def _walk(root: Path, library: Path | None, found: Found) -> None:
    def unreadable(error: OSError) -> None:
        found.unreadable.append(Path(error.filename))
        found.errors.append(f"{error.filename}: {error.strerror}")

    for folder, names, files in os.walk(root, onerror=unreadable):
        names[:] = sorted(name for name in names if not name.startswith(".") and Path(folder, name) != library)
        for linked in (path for name in names if (path := Path(folder, name)).is_symlink()):
            if not _is_inside(linked, root, Path.is_dir):
                found.unreadable.append(linked)
                found.errors.append(f"{_source(linked, root)}: a link that leads out of the folder; name it itself")
        for name in sorted(files):
            file = Path(folder, name)
            if name.startswith(".") or file.suffix.lower() not in FORMATS:
                continue
            source = _source(file, root)
            if _is_inside(file, root, Path.is_file):
                found.files.append((file, source))
            elif file.is_symlink():
                found.errors.append(f"{source}: a link that leads out of the folder, or nowhere; name its file itself")


def _source(path: Path, root: Path) -> str:
    return f"{root.name}/{path.relative_to(root).as_posix()}"


def _is_inside(path: Path, root: Path, is_there: Callable[[Path], bool]) -> bool:
    """Whether it is a regular file, or a folder, in the folder; a link may lead to another place in it."""
    try:
        return is_there(path) and path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a loop of links
        return False
