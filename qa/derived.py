"""The FAISS and tantivy files beside the store: derived from it, stamped with their checksums, rebuilt when damaged."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.dense import DenseIndex
from qa.lexical import LexicalIndex
from qa.types import Passage, Vectors

_PREFIX = "derived-"
_DENSE = "dense.faiss"
_LEXICAL = "lexical"

Stamp = dict[str, Any]
"""{"name": folder, "files": {relative path: [size in bytes, sha256]}}"""


class DamagedError(Exception):
    """Derived files that are missing or not those that were stamped."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """Both indexes over the same passages, by the same numbers."""

    lexical: LexicalIndex
    dense: DenseIndex


def build(folder: Path, passages: Iterable[Passage], vectors: Vectors) -> tuple[Indexes, Stamp]:
    """Writes both indexes to a new folder of their own. Nobody sees it before its stamp is stored."""
    home = folder / f"{_PREFIX}{secrets.token_hex(6)}"
    (home / _LEXICAL).mkdir(parents=True)
    indexes = Indexes(LexicalIndex.build(passages, home / _LEXICAL), DenseIndex.build(vectors, home / _DENSE))
    return indexes, {"name": home.name, "files": {name: _digest(home / name) for name in _listing(home)}}


def build_in_memory(passages: Iterable[Passage], vectors: Vectors) -> Indexes:
    """For a library on a disk that cannot be written."""
    return Indexes(LexicalIndex.build(passages), DenseIndex.build(vectors))


def load(folder: Path, stamp: Stamp | None) -> Indexes:
    """Opens what ``build`` wrote, after checking every file against the stamp. Raises DamagedError."""
    if not stamp:
        raise DamagedError("they were never written")
    try:
        home, files = folder / stamp["name"], dict(stamp["files"])
    except (TypeError, KeyError, ValueError):
        raise DamagedError("their stamp is damaged") from None
    for name, (size, digest) in files.items():
        try:
            if _digest(home / name) != [size, digest]:
                raise DamagedError(f"{name} was altered")
        except OSError:
            raise DamagedError(f"{name} is missing") from None
    try:
        return Indexes(LexicalIndex.open(home / _LEXICAL), DenseIndex.open(home / _DENSE))
    except (ValueError, OSError, RuntimeError) as error:
        raise DamagedError(str(error)) from None


def discard_others(folder: Path, stamp: Stamp) -> None:
    """Deletes the derived files of earlier generations and of runs that were killed."""
    for home in folder.glob(f"{_PREFIX}*"):
        if home.name != stamp["name"]:
            shutil.rmtree(home, ignore_errors=True)


def _listing(home: Path) -> list[str]:
    files = (file for file in home.rglob("*") if file.is_file() and not file.name.startswith("."))
    return sorted(file.relative_to(home).as_posix() for file in files if not file.name.endswith(".lock"))


def _digest(file: Path) -> list[Any]:
    with file.open("rb") as stream:
        return [file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()]
