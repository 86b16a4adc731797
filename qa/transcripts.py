"""Reads a file or a folder: picks the format, decodes, hashes and checks what the parser made of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from qa.errors import TranscriptError
from qa.formats import plain, turns_json
from qa.formats.origin import Origin
from qa.roles import assign_roles
from qa.types import Transcript

FORMATS: dict[str, Callable[[str, Origin], Transcript]] = {
    ".txt": plain.parse,
    ".md": plain.parse,
    ".json": turns_json.parse,
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
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise TranscriptError(f"{source}: {size / 2**20:.0f} MB, over the limit of {MAX_BYTES >> 20} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise TranscriptError(f"{source}: {error.strerror or error}") from None


def parse(content: bytes, source: str) -> Transcript:
    """The transcript that ``content`` holds, in the format that the ending of ``source`` names."""
    suffix = Path(source).suffix.lower()
    if suffix not in FORMATS:
        raise TranscriptError(f"{source}: cannot read {suffix or 'a file without ending'}; use {', '.join(FORMATS)}")
    origin = Origin(hashlib.sha256(content).hexdigest(), source, Path(source).stem)
    transcript = FORMATS[suffix](_decode(content, source), origin)
    if not any(turn.role != "heading" for turn in transcript.turns):
        raise TranscriptError(f"{source}: no words in it")
    transcript = replace(transcript, turns=assign_roles(transcript.text, transcript.turns))
    _check(transcript)
    return transcript


def _decode(content: bytes, source: str) -> str:
    if b"\0" in content:
        raise TranscriptError(f"{source}: binary, not text; save it as text in UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranscriptError(f"{source}: not UTF-8 at byte {error.start}; save it as text in UTF-8") from None


def _check(transcript: Transcript) -> None:
    """A parser that breaks these laws has a bug: nothing it made may be cited."""
    ends = [0, *(turn.end for turn in transcript.turns)]
    ordered = all(end <= turn.start < turn.end for end, turn in zip(ends, transcript.turns, strict=False))
    if not ordered or ends[-1] > len(transcript.text):
        raise ValueError(f"{transcript.source}: turns overlap or leave the text")
    if any(transcript.turn_at(start) != transcript.turn_at(end - 1) for start, end in transcript.paragraphs):
        raise ValueError(f"{transcript.source}: a paragraph leaves its turn")


def find(given: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The files named and those in the folders named, each with the name it is cited by; in a folder only files
    with an ending we read, nothing hidden, no link that leaves the folder."""
    for path in given:
        if not path.is_dir():
            yield path, path.name
            continue
        root = path.resolve()
        for folder, names, files in os.walk(root):
            names[:] = sorted(name for name in names if not name.startswith("."))
            for name in sorted(files):
                file = Path(folder, name)
                if name.startswith(".") or file.suffix.lower() not in FORMATS:
                    continue
                if file.resolve().is_relative_to(root):
                    yield file, f"{root.name}/{file.relative_to(root).as_posix()}"
