"""The library's source of truth: transcripts, passages and vectors in one SQLite file (WAL).

A write becomes visible in one transaction with a new generation number, or not at all. Vectors are kept by the sha256
of the text they were made from, so that a run that was killed finds them again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa import stored
from qa.errors import LibraryError
from qa.text import layout
from qa.types import Passage, Range, Scope, Transcript, Vectors

FOLDER = ".qa"  # a library's usual name: hidden, so that it is not taken for a transcript
DATABASE = "library.sqlite"
_BUSY = 60.0  # seconds to wait for another process's commit
_MANY = 500  # values in one statement


@dataclass(frozen=True, slots=True)
class File:
    """A file that was indexed: ``stamp`` tells cheaply whether it changed since."""

    path: str
    source: str
    transcript: str
    stamp: str


def vector_key(passage: Passage, weights: str) -> bytes:
    """Identity of a passage's vectors: the weights (sha256), the text they are made from, and its sentences."""
    return hashlib.sha256(f"{weights}\n{layout(passage)}\n{passage.embedded}".encode()).digest()


class Store:
    """One connection. Not for two threads at once."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._file = folder / DATABASE
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        elif not _exists(self._file):
            raise LibraryError(f"no library at {folder}; make one: python -m qa index FOLDER --index {folder}")
        with self._readable():
            self._db = self._connect(self._file)
            if create:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
                self._db.executescript(stored.SCHEMA)
            try:
                self._db.execute("SELECT count(*) FROM meta").fetchone()
            except sqlite3.OperationalError as error:
                if create or "readonly" not in str(error):
                    raise
                # A library nobody can write to cannot change: no need for the files that a log makes beside it.
                self._db = self._connect(f"{self._file.resolve().as_uri()}?mode=ro&immutable=1")
                self._db.execute("SELECT count(*) FROM meta").fetchone()

    @staticmethod
    def _connect(where: Path | str) -> sqlite3.Connection:
        uri = isinstance(where, str)
        return sqlite3.connect(where, timeout=_BUSY, isolation_level=None, check_same_thread=False, uri=uri)

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise LibraryError(f"{self._file}: another process is writing; try again in a minute") from None
            raise LibraryError(f"{self._file}: {error}; move the folder away and index again") from None
        except sqlite3.DatabaseError as error:
            raise LibraryError(f"{self._file} is damaged ({error}); move it away and index again") from None

    @contextlib.contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[None]:
        """One state of the library from begin to end; an exception undoes everything."""
        with self._readable():
            self._db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def flush(self) -> None:
        """Leaves nothing in the log: it holds what was deleted."""
        with self._readable():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # -- meta ------------------------------------------------------------------------------------------------------

    def get(self, key: str) -> Any:
        """The value kept under ``key``, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        try:
            return json.loads(row[0]) if row else None
        except ValueError:
            raise LibraryError(f"{self._file} is damaged (its {key}); move it away and index again") from None

    def put(self, key: str, value: Any) -> None:
        self._db.execute("REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    # -- files and transcripts -------------------------------------------------------------------------------------

    def files(self) -> list[File]:
        return [
            File(*row) for row in self._db.execute("SELECT path, source, transcript, stamp FROM files ORDER BY path")
        ]

    def put_file(self, file: File) -> None:
        self._db.execute(
            "REPLACE INTO files VALUES (?, ?, ?, ?)", (file.path, file.source, file.transcript, file.stamp)
        )

    def remove_file(self, path: str) -> None:
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def transcript_ids(self) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT id FROM transcripts ORDER BY id")]

    def heads(self) -> list[stored.Head]:
        """Of every transcript, by the name of its file; no text is read."""
        rows = self._db.execute(
            "SELECT t.id, t.title, t.date, t.digest, f.source, f.path FROM transcripts AS t "
            "JOIN files AS f ON f.transcript = t.id ORDER BY f.source, f.path"
        )
        return stored.heads(rows)

    def put_transcript(self, transcript: Transcript, passages: Sequence[Passage], keys: Sequence[bytes]) -> None:
        """Anew if it is stored. The vectors of ``keys``, the passages', must be stored by the transaction's end."""
        row = stored.transcript_row(transcript)
        self._db.execute(f"REPLACE INTO transcripts VALUES ({','.join('?' * len(row))})", row)
        self._db.execute("DELETE FROM passages WHERE transcript = ?", (transcript.id,))
        self._db.executemany(
            "INSERT OR IGNORE INTO passages VALUES (NULL,?,?,?,?,?,?)", map(stored.passage_row, passages, keys)
        )

    def drop_unreferenced(self) -> None:
        """Deletes what belongs to no file any more, and numbers the passages anew by (transcript, start)."""
        self._db.execute("DELETE FROM passages WHERE transcript NOT IN (SELECT transcript FROM files)")
        self._db.execute("DELETE FROM transcripts WHERE id NOT IN (SELECT transcript FROM files)")
        self._db.execute("DELETE FROM embeddings WHERE key NOT IN (SELECT key FROM passages)")
        self._db.execute(
            "UPDATE passages SET number = o.number FROM (SELECT rowid AS id, row_number() OVER "
            "(ORDER BY transcript, start) - 1 AS number FROM passages) AS o WHERE passages.rowid = o.id"
        )

    def transcript(self, identity: str) -> Transcript | None:
        """Raises LibraryError if the stored text is not what was stored."""
        row = self._db.execute(
            f"SELECT {stored.COLUMNS} FROM transcripts AS t JOIN files AS f ON f.transcript = t.id WHERE t.id = ? "
            "ORDER BY f.path LIMIT 1",
            (identity,),
        ).fetchone()
        if row is None:
            return None
        found = stored.transcript(row)
        if found is None:
            raise LibraryError(
                f"{self._file}: the stored text of {row[9]} was altered; run: python -m qa index --rebuild"
            )
        return found

    # -- passages --------------------------------------------------------------------------------------------------

    def passage_count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def passage_rows(self, numbers: Sequence[int]) -> dict[int, tuple[str, tuple[Range, ...], str]]:
        """Number to (transcript id, pieces, context)."""
        rows = self._among("SELECT number, transcript, pieces, context FROM passages WHERE number", numbers)
        return {number: (owner, stored.pieces(pieces), context) for number, owner, pieces, context in rows}

    def owners(self, numbers: Sequence[int]) -> list[str]:
        """The passages' transcripts, by their ids."""
        found = dict(self._among("SELECT number, transcript FROM passages WHERE number", numbers))
        return [found[number] for number in numbers]

    def numbers(self, scope: Scope) -> NDArray[np.int64] | None:
        """Numbers of the passages in which ``scope`` admits an utterance, ascending; None: everything."""
        if not scope.transcripts and not scope.speakers:
            return None
        rows = self._db.execute("SELECT number, transcript, speakers FROM passages ORDER BY number")
        admitted = [
            number
            for number, owner, speakers in rows
            if (not scope.transcripts or owner in scope.transcripts)
            and (not scope.speakers or not scope.speakers.isdisjoint(json.loads(speakers)))
        ]
        return np.array(admitted, dtype=np.int64)

    def languages(self) -> list[str]:
        """Those of the transcripts, "" where it is not known."""
        return [language for (language,) in self._db.execute("SELECT DISTINCT language FROM transcripts ORDER BY 1")]

    def labels(self, transcripts: Set[str]) -> set[str]:
        """The speakers' labels in these transcripts; in all if there are none."""
        rows = self._db.execute("SELECT DISTINCT transcript, speakers FROM passages")
        return {
            label for owner, found in rows if not transcripts or owner in transcripts for label in json.loads(found)
        }

    def all_passages(self) -> Iterator[Passage]:
        """In the order of their numbers."""
        held: Transcript | None = None
        rows = self._db.execute("SELECT transcript, pieces, context FROM passages ORDER BY number")
        for owner, pieces, context in rows:
            if held is None or held.id != owner:
                held = self.transcript(owner)
            if held is None:
                raise LibraryError(f"{self._file}: a passage without its transcript; run: python -m qa index --rebuild")
            yield Passage(held, stored.pieces(pieces), context)

    # -- vectors ---------------------------------------------------------------------------------------------------

    def missing_vectors(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of ``keys`` that have no vector yet."""
        wanted = set(keys)
        return wanted - {key for (key,) in self._among("SELECT key FROM embeddings WHERE key", list(wanted))}

    def put_vectors(self, keys: Sequence[bytes], vectors: Vectors, sentences: Sequence[Vectors]) -> None:
        """``vectors`` is ``(n, dim)`` float32, ``sentences`` for each of them ``(k, dim)``, kept as float16."""
        rows = (
            (key, vector.astype("<f4").tobytes(), own.astype("<f2").tobytes())
            for key, vector, own in zip(keys, vectors, sentences, strict=True)
        )
        self._db.executemany("INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", rows)

    def all_vectors(self, dim: int) -> Vectors:
        """``(n, dim)`` float32 in the order of the passages' numbers."""
        count = self.passage_count()
        vectors = np.empty((count, dim), dtype=np.float32)
        rows = self._db.execute("SELECT e.vector FROM passages AS p JOIN embeddings AS e USING (key) ORDER BY p.number")
        filled = 0
        for filled, (vector,) in enumerate(rows, 1):
            vectors[filled - 1] = np.frombuffer(vector, dtype="<f4")
        if filled != count:
            raise LibraryError(f"{self._file}: {count - filled} vectors are lost; run: python -m qa index --rebuild")
        return vectors

    def sentence_count(self, dim: int) -> int:
        """How many sentences the passages have."""
        (size,) = self._db.execute(
            "SELECT coalesce(sum(length(e.sentences)), 0) FROM passages AS p JOIN embeddings AS e USING (key)"
        ).fetchone()
        return int(size) // (2 * dim)

    def all_sentences(self, dim: int) -> Iterator[NDArray[np.float16]]:
        """Each passage's ``(k, dim)`` float16, in the order of the passages' numbers."""
        rows = self._db.execute(
            "SELECT e.sentences FROM passages AS p JOIN embeddings AS e USING (key) ORDER BY p.number"
        )
        return (np.frombuffer(own, dtype="<f2").reshape(-1, dim) for (own,) in rows)

    def _among(self, select: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of ``select``, whose last word is the column that has one of the values."""
        for start in range(0, len(values), _MANY):
            part = values[start : start + _MANY]
            yield from self._db.execute(f"{select} IN ({','.join('?' * len(part))})", part)

    def check(self) -> list[str]:
        """What SQLite's own check finds wrong; empty if the file is sound."""
        with self._readable():
            rows = [row[0] for row in self._db.execute("PRAGMA integrity_check")]
            orphans = self._db.execute("PRAGMA foreign_key_check").fetchall()
        return [row for row in rows if row != "ok"] + [f"orphaned row in {row[0]}" for row in orphans]

    def clear(self) -> None:
        """Empties the library but for its vectors and generation; makes its tables anew, as this version has them."""
        for table in ("passages", "files", "transcripts", "vectors"):  # the last is of an older version
            self._db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in stored.SCHEMA.split(";"):
            self._db.execute(statement)


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except OSError as error:
        raise LibraryError(f"{file}: {error.strerror or error}") from None
