"""The FAISS, tantivy and sentence files beside the store: derived, stamped with checksums, rebuilt when damaged."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from qa.dense import DenseIndex
from qa.hybrid import Indexes
from qa.lexical import LexicalIndex
from qa.sentences import SentenceIndex, standing
from qa.types import Passage, Vectors

_PREFIX = "derived-"
_DENSE = "dense.faiss"
_LEXICAL = "lexical"
_SENTENCES = "sentences"
_OWN = re.compile(rf"{_PREFIX}[0-9a-f]{{12}}")

Stamp = dict[str, Any]
"""{"name": folder, "files": {relative path: [size in bytes, sha256]}}"""


class DamagedError(Exception):
    """Derived files that are missing or not those that were stamped."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the indexes are made of, in the order of the passages' numbers: ``vectors`` ``(n, dim)`` float32, and of
    each passage ``(k, dim)``, its sentences, ``sentence_count`` in all."""

    passages: Iterable[Passage]
    vectors: Vectors
    sentences: Iterable[NDArray[Any]]
    sentence_count: int


def build(folder: Path, contents: Contents) -> tuple[Indexes, Stamp]:
    """Writes the indexes to a new folder of their own. Nobody sees it before its stamp is stored."""
    home = folder / f"{_PREFIX}{secrets.token_hex(6)}"
    for name in (_LEXICAL, _SENTENCES):
        (home / name).mkdir(parents=True)
    indexes = build_at(home, contents)
    return indexes, {"name": home.name, "files": {name: _digest(home / name) for name in _listing(home)}}


def build_at(home: Path | None, contents: Contents) -> Indexes:
    """In memory without a ``home``: for a library on a disk that cannot be written."""
    at = {name: home / name if home else None for name in (_LEXICAL, _DENSE, _SENTENCES)}
    places: list[int] = []
    lexical = LexicalIndex.build(_noting(contents.passages, places), at[_LEXICAL])
    dense = DenseIndex.build(contents.vectors, at[_DENSE])
    shape = (contents.sentence_count, contents.vectors.shape[1])
    return Indexes(lexical, dense, SentenceIndex.build(contents.sentences, shape, places, at[_SENTENCES]))


def _noting(passages: Iterable[Passage], places: list[int]) -> Iterator[Passage]:
    """The passages, once: where each stands is noted as it goes by."""
    for passage in passages:
        places.append(standing(passage))
        yield passage


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
        return Indexes(
            LexicalIndex.open(home / _LEXICAL), DenseIndex.open(home / _DENSE), SentenceIndex.open(home / _SENTENCES)
        )
    except (ValueError, OSError, RuntimeError) as error:
        raise DamagedError(str(error)) from None


def discard_others(folder: Path, stamp: Stamp) -> None:
    """Deletes the derived files of earlier generations and of runs that were killed."""
    for home in folder.glob(f"{_PREFIX}*"):
        if home.name != stamp["name"] and _is_ours(home):
            shutil.rmtree(home, ignore_errors=True)


def _is_ours(home: Path) -> bool:
    """Whether it is named as ``build`` names it, and holds nothing else: a library may lie among a user's folders."""
    if not _OWN.fullmatch(home.name) or home.is_symlink():
        return False
    try:
        return all(inside.name in (_LEXICAL, _DENSE, _SENTENCES) for inside in home.iterdir())
    except OSError:  # a file, or a folder that cannot be read
        return False


def _listing(home: Path) -> list[str]:
    files = (file for file in home.rglob("*") if file.is_file() and not file.name.startswith("."))
    return sorted(file.relative_to(home).as_posix() for file in files if not file.name.endswith(".lock"))


def _digest(file: Path) -> list[Any]:
    with file.open("rb") as stream:
        return [file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()]
