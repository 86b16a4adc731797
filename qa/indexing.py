"""Files to a library: adds, replaces and removes what changed, and makes it visible in one step."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from qa import chunking, derived, transcripts
from qa.config import Manifest
from qa.encoder import DEFAULT, PassageEncoder
from qa.encoder import load as load_encoder
from qa.errors import LibraryError, QAError
from qa.library import EncoderLoader, check_encoder, contents, read_manifest
from qa.planning import Plan, Report, complete, plan_of
from qa.store import Store, vector_key
from qa.text import layout
from qa.types import Passage, Transcript

_LOCK = "lock.sqlite"
_BLOCK = 512  # passages between two commits of vectors: what a killed run has to encode again at most

Progress = Callable[[int, int], None]
"""Called with passages encoded so far, and in all."""

Keep = Callable[[list[Passage]], list[Passage]]
"""Given the passages of a transcript; returns those to be indexed, as they are to be indexed."""


def index(
    folder: Path,
    given: Sequence[Path],
    *,
    remove: Sequence[Path] = (),
    encoder: str = "",
    rebuild: bool = False,
    join: bool | None = None,
    progress: Progress = lambda done, total: None,
    load: EncoderLoader = load_encoder,
    keep: Keep = lambda passages: passages,
) -> Report:
    """Brings the library in ``folder`` in line with the files and folders ``given``; forgets those in ``remove``.

    A folder is mirrored: what was indexed from it and is no longer there is removed. A file that cannot be read is
    reported and keeps its last readable version. Files that are the pages of one event are joined if ``join``, never if
    it is False, and by default where the library holds them joined. ``keep`` chooses from the
    passages of each transcript. Raises QAError if nothing can be done at all.
    """
    report = Report()
    with _only_writer(folder):
        store = Store(folder, create=True)
        try:
            with store.transaction():
                manifest = None if rebuild or store.get("manifest") is None else read_manifest(store, folder)
                known = {file.path: file for file in store.files()}
                name = encoder or (manifest.encoder if manifest else _previous(store))
            if manifest and name != manifest.encoder:
                raise LibraryError(
                    f"the library at {folder} was made with encoder {manifest.encoder}, not {encoder}; "
                    f"run: python -m qa index --rebuild --encoder {encoder} --index {folder}"
                )
            if rebuild and known and (missing := [str(path) for path in given if not path.exists()]):
                raise LibraryError(f"{missing[0]}: no such file or folder; the library at {folder} stays as it was")
            found = transcripts.find(given, folder)
            if rebuild and not given:
                found.files = [(Path(file.path), file.source) for file in known.values()]
            report.failed.extend(found.errors)
            forget = [path.resolve() for path in remove]
            roots = [*forget, *(path.resolve() for path in given if path.is_dir())]
            unknown = (path for path in remove if not any(Path(name).is_relative_to(path.resolve()) for name in known))
            report.failed.extend(f"{path}: not in the library" for path in unknown)
            if not rebuild:
                complete(found, known, roots)
            with store.transaction():
                plan = plan_of(store, known, found, roots, forget, rebuild, join, report)
            if rebuild and known and not (plan.transcripts or remove):
                raise LibraryError(f"{_nothing_in(given, report)}; the library at {folder} stays as it was")
            with store.transaction(write=True):
                for file in plan.touched:
                    store.put_file(file)
            if plan.files or plan.gone:
                _write(folder, store, plan, _Model(name, manifest, folder, load), rebuild, keep, progress, report)
        finally:
            store.close()
    return report


def _nothing_in(given: Sequence[Path], report: Report) -> str:
    return report.failed[0] if report.failed else f"no transcript in {', '.join(map(str, given))}"


class _Model:
    """The encoder, loaded when the first passage is to be made."""

    def __init__(self, name: str, manifest: Manifest | None, folder: Path, load: EncoderLoader) -> None:
        self._make: Callable[[], PassageEncoder] = partial(load, name)
        self._given = manifest
        self._folder = folder
        self._encoder: PassageEncoder | None = None

    @property
    def encoder(self) -> PassageEncoder:
        if self._encoder is None:
            self._encoder = self._make()
            if self._given:
                check_encoder(self._encoder, self._given, self._folder)
        return self._encoder

    @property
    def manifest(self) -> Manifest:
        return self._given or Manifest(self.encoder.name, self.encoder.sha256, self.encoder.dim)


def _previous(store: Store) -> str:
    """The encoder that a library to be rebuilt was made with."""
    try:
        return Manifest.from_json(store.get("manifest")).encoder
    except (TypeError, KeyError, ValueError):
        return DEFAULT


@contextlib.contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Held for the whole run; SQLite gives it back even when the process is killed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LibraryError(f"another process is indexing into {folder}; try again when it is done") from None
        raise LibraryError(f"cannot write the library at {folder}: {error}") from None
    except sqlite3.DatabaseError as error:
        raise LibraryError(f"{folder / _LOCK} is damaged ({error}); delete it") from None
    except OSError as error:
        raise LibraryError(f"cannot write the library at {folder}: {error.strerror or error}") from None
    with contextlib.closing(lock):
        yield


def _write(
    folder: Path, store: Store, plan: Plan, model: _Model, rebuild: bool,
    keep: Keep, progress: Progress, report: Report,
) -> None:  # fmt: skip
    made: list[tuple[Transcript, list[Passage], list[bytes]]] = []
    for transcript in plan.transcripts.values():
        try:
            passages = keep(chunking.chunk(transcript, model.encoder.count, model.encoder.limit, model.manifest.sizes))
        except QAError as error:
            report.failed.append(str(error))
            continue
        made.append((transcript, passages, [vector_key(passage, model.manifest.sha256) for passage in passages]))
    report.encoded = _encode(store, made, model, progress)
    with store.transaction(write=True):
        if rebuild:
            store.clear()
        for transcript, passages, keys in made:
            store.put_transcript(transcript, passages, keys)
        for file in plan.gone:
            store.remove_file(file.path)
        for file in plan.files:
            store.put_file(file)
        store.drop_unreferenced()
        store.put("manifest", model.manifest.to_json())
        store.put("generation", (store.get("generation") or 0) + 1)
        _, stamp = derived.build(folder, contents(store, model.manifest.dim))
        store.put("derived", stamp)
    derived.discard_others(folder, stamp)
    if plan.gone:
        store.flush()


def _encode(
    store: Store, made: list[tuple[Transcript, list[Passage], list[bytes]]], model: _Model, progress: Progress
) -> int:
    """Makes the vectors that are not stored yet, in blocks that are committed one by one."""
    wanted = {key: passage for _, passages, keys in made for passage, key in zip(passages, keys, strict=True)}
    texts = {key: passage.embedded for key, passage in wanted.items()}
    with store.transaction():
        missing = sorted(store.missing_vectors(texts), key=lambda key: (len(texts[key]), key))
    for start in range(0, len(missing), _BLOCK):
        block = missing[start : start + _BLOCK]
        report = partial(_advance, progress, start, len(missing))
        vectors = model.encoder.encode_passages(
            [texts[key] for key in block], [layout(wanted[key]) for key in block], report
        )
        with store.transaction(write=True):
            store.put_vectors(block, *vectors)
    return len(missing)


def _advance(progress: Progress, start: int, total: int, done: int) -> None:
    progress(start + done, total)
