"""Files to a library: adds, replaces and removes what changed, and makes it visible in one step."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from qa import chunking, derived, events, siblings, transcripts
from qa.config import Manifest
from qa.encoder import DEFAULT, PassageEncoder
from qa.encoder import load as load_encoder
from qa.errors import LibraryError, QAError, TranscriptError
from qa.library import EncoderLoader, check_encoder, read_manifest
from qa.store import File, Store, vector_key
from qa.text import printable
from qa.types import Passage, Transcript

_PAGE = " page "  # in the stamp of a file that is indexed as a page of an event
_BLOCK = 512  # passages between two commits of vectors: what a killed run has to encode again at most

Progress = Callable[[int, int], None]
"""Called with passages encoded so far, and in all."""


@dataclass(slots=True)
class Report:
    """What a run did, by the names that files are cited by."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    encoded: int = 0
    events: list[list[str]] = field(default_factory=list)  # files that look like the pages of one event, not joined
    joined: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    """What is to be written: files with new content, files whose times alone are new, the transcripts that are not
    stored yet, and the files to forget."""

    files: list[File] = field(default_factory=list)
    touched: list[File] = field(default_factory=list)
    transcripts: dict[str, Transcript] = field(default_factory=dict)
    gone: list[File] = field(default_factory=list)


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
) -> Report:
    """Brings the library in ``folder`` in line with the files and folders ``given``; forgets those in ``remove``.

    A folder is mirrored: what was indexed from it and is no longer there is removed. A file that cannot be read is
    reported and keeps its last readable version. Files that are the pages of one event are joined if ``join``, never if
    it is False, and by default where the library holds them joined. Raises QAError if nothing can be done at all.
    """
    report = Report()
    with _only_writer(folder):
        store = Store(folder, create=True)
        try:
            manifest = None if rebuild or store.get("manifest") is None else read_manifest(store, folder)
            if manifest and encoder and encoder != manifest.encoder:
                raise LibraryError(
                    f"the library at {folder} was made with encoder {manifest.encoder}, not {encoder}; "
                    f"run: python -m qa index --rebuild --encoder {encoder} --index {folder}"
                )
            known = {file.path: file for file in store.files()}
            found = transcripts.find(given, folder)
            if rebuild and not given:
                found.files = [(Path(file.path), file.source) for file in known.values()]
            report.failed.extend(found.errors)
            roots = [path.resolve() for path in (*given, *remove) if path in remove or path.is_dir()]
            unknown = (path for path in remove if not any(Path(name).is_relative_to(path.resolve()) for name in known))
            report.failed.extend(f"{path}: not in the library" for path in unknown)
            if not rebuild:
                _complete(found, known, roots)
            plan = _plan(store, known, found, roots, rebuild, join, report)
            with store.transaction(write=True):
                for file in plan.touched:
                    store.put_file(file)
            if plan.files or plan.gone:
                name = encoder or (manifest.encoder if manifest else _previous(store))
                _write(folder, store, plan, _Model(name, manifest, folder, load), rebuild, progress, report)
        finally:
            store.close()
    return report


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
        lock = sqlite3.connect(folder / "lock.sqlite", timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LibraryError(f"another process is indexing into {folder}; try again when it is done") from None
        raise LibraryError(f"cannot write the library at {folder}: {error}") from None
    except OSError as error:
        raise LibraryError(f"cannot write the library at {folder}: {error.strerror or error}") from None
    with contextlib.closing(lock):
        yield


def _complete(found: transcripts.Found, known: dict[str, File], roots: Sequence[Path]) -> None:
    """Adds the other pages of the events of which some are found or to be forgotten: an event is read as a whole."""
    here = {_identify(path) for path, _ in found.files}
    for pages in _known_events(known.values()):
        inside = {page.path for page in pages if page.path in here}
        if not inside and not any(_under(page.path, roots) for page in pages):
            continue
        others = [page for page in pages if page.path not in inside and not _under(page.path, roots)]
        if others:  # the files given one by one keep the names that the event has
            named = {page.path: page.source for page in pages}
            found.files = [(path, named.get(_identify(path), source)) for path, source in found.files]
            found.files += [(Path(page.path), page.source) for page in others]


def _known_events(files: Iterable[File]) -> list[list[File]]:
    """The files that are indexed as pages of one event, by event and folder."""
    pages: dict[tuple[str, Path], list[File]] = {}
    for file in files:
        if _PAGE in file.stamp:
            pages.setdefault((file.transcript, Path(file.path).parent), []).append(file)
    return list(pages.values())


def _plan(
    store: Store,
    known: dict[str, File],
    found: transcripts.Found,
    roots: Sequence[Path],
    rebuild: bool,
    join: bool | None,
    report: Report,
) -> _Plan:
    """What ``found`` needs; what is known from under ``roots`` and was not found, though it could be, is forgotten."""
    plan = _Plan()
    stored = set() if rebuild else set(store.transcript_ids())
    files: dict[str, tuple[Path, str]] = {}
    for path, source in found.files:
        files.setdefault(_identify(path), (path, source))
    groups = _to_join(files, known, join, report)
    paged = {str(path) for group in groups for path, _ in group.files}
    for group in groups:
        _try(group.files, known, report, partial(_look_at_event, group, known, stored, rebuild, plan))
    for name, (path, source) in files.items():
        if name not in paged:
            look = partial(_look, path, source, known.get(name), stored, rebuild, plan)
            _try([(path, source)], known, report, look)
    seen = set(files)
    plan.gone = [
        file
        for name, file in known.items()
        if name not in seen and (rebuild or _under(name, roots)) and not _under(name, found.unreadable)
    ]
    report.removed.extend(file.source for file in plan.gone)
    return plan


def _to_join(
    files: dict[str, tuple[Path, str]], known: dict[str, File], join: bool | None, report: Report
) -> list[siblings.Group]:
    """The groups of files to be joined; the others are reported, and the events that are none any more."""
    pages = {Path(name) for name, file in known.items() if _PAGE in file.stamp}
    found = siblings.groups([(Path(name), source) for name, (_, source) in files.items()], pages)
    chosen = [group for group in found if join or (join is None and any(path in pages for path, _ in group.files))]
    report.joined = [[source for _, source in group.files] for group in chosen]
    if join is None:
        report.events = [[source for _, source in group.files] for group in found if group not in chosen]
        taken = {str(path) for group in chosen for path, _ in group.files}
        for event in _known_events(known.values()):
            apart = [page.source for page in event if page.path in files and page.path not in taken]
            if apart:
                report.notes.append(f"{apart[0]}: a page of an event so far, indexed singly now; its pages have a gap")
    return chosen


def _try(files: Sequence[tuple[Path, str]], known: dict[str, File], report: Report, look: Callable[[], bool]) -> None:
    """Reports the files by what ``look`` says or raises."""
    source = files[0][1]
    try:
        changed = look()
    except TranscriptError as error:
        waiting = f" (and the {len(files)} pages of its event wait for it)" if len(files) > 1 else ""
        report.failed.append(f"{error}{waiting}")
    except ValueError as error:  # a fault of ours in one file must not keep the others out
        report.failed.append(f"{source}: a fault in the program: {error}")
    else:
        for path, source in files:
            before = _identify(path) in known
            (report.unchanged if not changed else report.replaced if before else report.added).append(source)


def _under(name: str, folders: Sequence[Path]) -> bool:
    return any(Path(name).is_relative_to(folder) for folder in folders)


def _identify(path: Path) -> str:
    """The file's whole path: what it is known by."""
    try:
        return str(path.resolve())
    except (OSError, RuntimeError):  # a loop of links, a name too long: the error comes when it is read
        return str(path.absolute())


def _look(path: Path, source: str, before: File | None, stored: set[str], rebuild: bool, plan: _Plan) -> bool:
    """Whether the library does not hold the file's content; adds to the plan what it needs."""
    if not _is_text(str(path)):
        raise TranscriptError(f"{printable(source)}: the file's name is not UTF-8; rename it")
    stamp = _stamp(path, source)
    if before and before.stamp == stamp and before.source == source and not rebuild:
        return False
    content = transcripts.load(path, source)
    identity = hashlib.sha256(content).hexdigest()[:16]
    if identity not in stored and identity not in plan.transcripts:
        plan.transcripts[identity] = transcripts.parse(content, source)
    file = File(_identify(path), source, identity, stamp)
    same = before is not None and (before.transcript, before.source) == (identity, source) and not rebuild
    (plan.touched if same else plan.files).append(file)
    return not same


def _look_at_event(group: siblings.Group, known: dict[str, File], stored: set[str], rebuild: bool, plan: _Plan) -> bool:
    """``_look`` for the pages of one event; a stamp says which page of how many the file was read as."""
    for path, source in group.files:
        if not _is_text(str(path)):
            raise TranscriptError(f"{printable(source)}: the file's name is not UTF-8; rename it")
    of = len(group.files)
    rows = [
        File(str(path), source, "", f"{_stamp(path, source)}{_PAGE}{number}/{of}")
        for number, (path, source) in enumerate(group.files, 1)
    ]
    before = [known.get(row.path) for row in rows]
    held = {file.transcript if file else "" for file in before}
    same_names = len(held) == 1 and all(
        file and (file.source, _page_of(file.stamp)) == (row.source, _page_of(row.stamp))
        for file, row in zip(before, rows, strict=True)
    )
    if same_names and not rebuild and [file.stamp for file in before if file] == [row.stamp for row in rows]:
        return False
    contents = [transcripts.load(path, source) for path, source in group.files]
    identity = events.sha256([hashlib.sha256(content).hexdigest() for content in contents])[:16]
    same = same_names and held == {identity} and identity in stored and not rebuild
    if not same:  # also where the names alone are new: the pages of what is stored name their files
        parts = [transcripts.parse(content, row.source) for content, row in zip(contents, rows, strict=True)]
        plan.transcripts[identity] = events.join(parts, group.labels)
    (plan.touched if same else plan.files).extend(replace(row, transcript=identity) for row in rows)
    return not same


def _page_of(stamp: str) -> str:
    return stamp.partition(_PAGE)[2]


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _stamp(path: Path, source: str) -> str:
    """Changes with the content: size and both times, in nanoseconds."""
    try:
        status = path.stat()
    except OSError as error:
        raise TranscriptError(f"{path}: {error.strerror or error}") from None
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def _write(
    folder: Path, store: Store, plan: _Plan, model: _Model, rebuild: bool, progress: Progress, report: Report
) -> None:
    made: list[tuple[Transcript, list[Passage], list[bytes]]] = []
    for transcript in plan.transcripts.values():
        try:
            passages = chunking.chunk(transcript, model.encoder.count, model.encoder.limit, model.manifest.sizes)
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
        _, stamp = derived.build(folder, store.all_passages(), store.all_vectors(model.manifest.dim))
        store.put("derived", stamp)
    derived.discard_others(folder, stamp)


def _encode(
    store: Store, made: list[tuple[Transcript, list[Passage], list[bytes]]], model: _Model, progress: Progress
) -> int:
    """Makes the vectors that are not stored yet, in blocks that are committed one by one."""
    texts = {key: passage.embedded for _, passages, keys in made for passage, key in zip(passages, keys, strict=True)}
    missing = sorted(store.missing_vectors(texts), key=lambda key: (len(texts[key]), key))
    for start in range(0, len(missing), _BLOCK):
        block = missing[start : start + _BLOCK]
        report = partial(_advance, progress, start, len(missing))
        vectors = model.encoder.encode_document([texts[key] for key in block], progress=report)
        with store.transaction(write=True):
            store.put_vectors(block, vectors)
    return len(missing)


def _advance(progress: Progress, start: int, total: int, done: int) -> None:
    progress(start + done, total)
