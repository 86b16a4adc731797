"""What is indexed, for asking: opens a library, follows it as other processes change it, mends its derived files."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import derived
from qa.chunking import VERSION
from qa.config import FORMAT, Manifest
from qa.encoder import ENGLISH, PassageEncoder
from qa.encoder import load as load_encoder
from qa.errors import LibraryError, NotHeldError
from qa.hybrid import HybridRetriever, Indexes
from qa.speakers import is_called, people
from qa.store import File, Store
from qa.stored import Head
from qa.types import Hit, Passage, RetrieverReport, Scope, Searched, Transcript

EncoderLoader = Callable[[str], PassageEncoder]
_NAMED = 5  # titles that say what was searched; the rest is a number


@dataclass(frozen=True, slots=True)
class _State:
    generation: int
    indexes: Indexes


class Library:
    """A library on disk, opened for asking. Safe to share between threads."""

    def __init__(self, folder: Path, load: EncoderLoader = load_encoder) -> None:
        """Raises LibraryError if there is none, or if this version cannot read it. Loads no model."""
        self.folder = folder
        self._load = load
        self._lock = threading.RLock()
        self._store = Store(folder)
        self._encoder: PassageEncoder | None = None
        self._state: _State | None = None
        self._known: dict[str, Transcript] = {}
        self._languages: list[str] = []
        self.manifest = read_manifest(self._store, folder)

    def close(self) -> None:
        self._store.close()

    @property
    def encoder(self) -> PassageEncoder:
        """The model that the library was made with, loaded at first use. Raises LibraryError if it is another now."""
        with self._lock:
            if self._encoder is None:
                self._encoder = check_encoder(self._load(self.manifest.encoder), self.manifest, self.folder)
            return self._encoder

    # -- asking ----------------------------------------------------------------------------------------------------

    def search(self, question: str, k: int, scope: Scope = Scope()) -> tuple[list[Hit], tuple[RetrieverReport, ...]]:
        """The ``k`` best hits in the newest state, and what each retriever did."""
        with self._lock, self.snapshot() as indexes:
            return self._retriever(indexes).search_with_reports(question, k, scope)

    def each(self, question: str, scope: Scope = Scope()) -> dict[str, list[int]]:
        """Numbers of the passages that each retriever finds alone, and their fusion, best first."""
        with self._lock, self.snapshot() as indexes:
            found = self._retriever(indexes).each(question, scope)
        return {name: [number for number, _ in pairs] for name, pairs in found.items()}

    def _retriever(self, indexes: Indexes) -> HybridRetriever:
        english = self.manifest.encoder in ENGLISH
        return HybridRetriever(self, indexes, _Late(self), english)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        rows = self._store.passage_rows(numbers)
        return [Passage(self._transcript(rows[n][0]), rows[n][1], rows[n][2]) for n in numbers]

    def owners(self, numbers: Sequence[int]) -> list[str]:
        return self._store.owners(numbers)

    def numbers(self, scope: Scope) -> NDArray[np.int64] | None:
        return self._store.numbers(scope)

    def languages(self) -> list[str]:
        return self._languages

    # -- looking ---------------------------------------------------------------------------------------------------

    def transcripts(self) -> list[Transcript]:
        """All of them, ordered by source."""
        with self._lock, self._store.transaction():
            read = [self._store.transcript(identity) for identity in self._store.transcript_ids()]
        found = [transcript for transcript in read if transcript]
        return sorted(found, key=lambda transcript: (transcript.source, transcript.id))

    def titles(self) -> list[tuple[str, str]]:
        """(id, title) of every transcript; nothing else of them is read."""
        with self._lock, self._store.transaction():
            return [(head.id, head.title) for head in self._store.heads()]

    def heads(self) -> list[Head]:
        """All transcripts without their words, ordered by source."""
        with self._lock, self._store.transaction():
            return self._store.heads()

    def transcript(self, identity: str) -> Transcript | None:
        """The transcript with that id, checked against its stored hash, or None."""
        with self._lock, self._store.transaction():
            return self._store.transcript(identity)

    def files(self) -> list[File]:
        with self._lock, self._store.transaction():
            return self._store.files()

    def scope(self, transcripts: Sequence[str], speakers: Sequence[str]) -> Scope:
        """Transcripts by id, source or title, speakers by name. Raises LibraryError for one not held."""
        held = self.heads() if transcripts else []
        chosen = {match.id for name in transcripts for match in _matching(name, held)}
        labels = set(self.labels(Scope())) if speakers else set()
        said = {label for name in speakers for label in _called(name, labels)}
        return Scope(frozenset(chosen), frozenset(said))

    def labels(self, scope: Scope) -> list[str]:
        """The labels of all speakers in the transcripts that ``scope`` names, or of all."""
        with self._lock, self._store.transaction():
            return sorted(filter(None, self._store.labels(scope.transcripts)))

    def searched(self, scope: Scope) -> Searched:
        """What a search within ``scope`` looks through."""
        with self._lock, self._store.transaction():
            numbers = self._store.numbers(scope)
            count = self._store.passage_count() if numbers is None else len(numbers)
            heads = self._store.heads()
        titles = [head.title for head in heads if not scope.transcripts or head.id in scope.transcripts]
        return Searched(count, len(titles), tuple(titles[:_NAMED]))

    def passage_count(self) -> int:
        with self._lock, self._store.transaction():
            return self._store.passage_count()

    def check(self) -> list[str]:
        """Everything that is wrong with the library on disk, a line each; empty if it is sound. Mends nothing."""
        with self._lock:
            wrong = self._store.check()
            if wrong:
                return wrong
            with self._store.transaction():
                for identity in self._store.transcript_ids():
                    self._store.transcript(identity)
                self._store.all_vectors(self.manifest.dim)
                try:
                    derived.load(self.folder, self._store.get("derived"))
                except derived.DamagedError as error:
                    return [f"derived files: {error}; they are rebuilt at the next question"]
        return []

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Indexes]:
        """The indexes, and a store that does not change under them until the end."""
        while True:
            state = self._current()
            with self._store.transaction():
                if self._store.get("generation") == state.generation:
                    yield state.indexes
                    return

    def _current(self) -> _State:
        with self._store.transaction():
            generation, stamp = self._store.get("generation"), self._store.get("derived")
        if self._state is None or self._state.generation != generation:
            self._known.clear()
            self.manifest = read_manifest(self._store, self.folder)
            self._languages = self._store.languages()
            if self._encoder and self.manifest.differences(made_with(self._encoder, self.manifest)):
                self._encoder = None  # it was made anew with another: that one is loaded when it is wanted
            try:
                indexes = derived.load(self.folder, stamp)
            except derived.DamagedError:
                return self._mend()
            self._state = _State(generation, indexes)
        return self._state

    def _mend(self) -> _State:
        """Builds the derived files anew from the stored vectors; in memory where the disk cannot be written."""
        try:
            with self._store.transaction(write=True):
                generation = self._store.get("generation")
                try:  # another process may have mended or replaced them meanwhile
                    indexes = derived.load(self.folder, self._store.get("derived"))
                except derived.DamagedError:
                    indexes, stamp = derived.build(self.folder, contents(self._store, self.manifest.dim))
                    self._store.put("derived", stamp)
        except (LibraryError, OSError, ValueError):
            with self._store.transaction():
                generation = self._store.get("generation")
                indexes = derived.build_at(None, contents(self._store, self.manifest.dim))
        self._state = _State(generation, indexes)
        return self._state

    def _transcript(self, identity: str) -> Transcript:
        if identity not in self._known:
            transcript = self._store.transcript(identity)
            if transcript is None:
                raise LibraryError(f"{self.folder}: transcript {identity} is gone; run: python -m qa doctor")
            self._known[identity] = transcript
        return self._known[identity]


def _matching(name: str, held: Sequence[Head]) -> list[Head]:
    """An id means that transcript alone, whatever another's title holds."""
    wanted = name.casefold()
    named = [head for head in held if wanted == head.id]
    found = named or [
        head for head in held if wanted in map(str.casefold, head.sources) or wanted in head.title.casefold()
    ]
    if not found:
        raise NotHeldError(f"no transcript {name!r} in the library; see them: python -m qa doctor")
    return found


def _called(name: str, labels: set[str]) -> list[str]:
    """The labels of everybody who is called so, however each label writes the name."""
    wanted = name.casefold()
    found = [label for label in labels if is_called(label, name)] or [x for x in labels if wanted in x.casefold()]
    if not found:
        known = ", ".join(sorted(labels)[:10]) or "nobody named"
        raise NotHeldError(f"no speaker {name!r} in the library; there speak: {known}")
    person = people(sorted(labels))
    meant = {person[label] for label in found}
    return [label for label in labels if person[label] in meant]


class _Late:
    """The library's encoder, loaded only when a vector is wanted."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def encode_query(self, sentences: list[str], **kwargs: object) -> NDArray[np.float32]:
        return self._library.encoder.encode_query(sentences)

    def encode_document(self, sentences: list[str], **kwargs: object) -> NDArray[np.float32]:
        return self._library.encoder.encode_document(sentences)


def contents(store: Store, dim: int) -> derived.Contents:
    """What the library's indexes are made of, read from the store as they are built."""
    return derived.Contents(
        store.all_passages(), store.all_vectors(dim), store.all_sentences(dim), store.sentence_count(dim)
    )


def read_manifest(store: Store, folder: Path) -> Manifest:
    """Raises LibraryError if the library is empty or was made by another version."""
    stored = store.get("manifest")
    if stored is None:
        raise LibraryError(f"the library at {folder} is empty; fill it: python -m qa index FOLDER --index {folder}")
    try:
        manifest = Manifest.from_json(stored)
    except (TypeError, KeyError, ValueError):
        raise LibraryError(f"the library at {folder} is of another version; {_rebuild(folder)}") from None
    if (manifest.format, manifest.chunking) != (FORMAT, VERSION):
        raise LibraryError(
            f"the library at {folder} has format {manifest.format}.{manifest.chunking}, this version reads "
            f"{FORMAT}.{VERSION}; {_rebuild(folder)}"
        )
    return manifest


def check_encoder(encoder: PassageEncoder, manifest: Manifest, folder: Path) -> PassageEncoder:
    """The encoder if it is the one the library was made with. Raises LibraryError."""
    if difference := manifest.differences(made_with(encoder, manifest)):
        raise LibraryError(f"the library at {folder} was made with {difference}; {_rebuild(folder)}")
    return encoder


def made_with(encoder: PassageEncoder, manifest: Manifest) -> Manifest:
    """The manifest of a library that is like another, but made with that encoder."""
    return Manifest(encoder.name, encoder.sha256, encoder.dim, manifest.sizes)


def _rebuild(folder: Path) -> str:
    return f"run: python -m qa index --rebuild --index {folder}"
