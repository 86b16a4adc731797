"""Files found to what a library has to do about them: which to read anew, alone or as the pages of one event."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from qa import events, siblings, transcripts
from qa.config import FORMAT, Manifest
from qa.errors import LibraryError, TranscriptError
from qa.store import File, Store
from qa.text import printable
from qa.types import Transcript

_PAGE = " page "  # in the stamp of a file that is indexed as a page of an event


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
class Plan:
    """What is to be written: files with new content, files whose times alone are new, the transcripts that are not
    stored yet, or were read otherwise, and the files to forget. ``read_as``: of each transcript stored the name of the
    file that it was read from; ``held``: the files known that are not to be forgotten."""

    read_as: dict[str, str] = field(default_factory=dict)
    held: list[File] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    touched: list[File] = field(default_factory=list)
    transcripts: dict[str, Transcript] = field(default_factory=dict)
    gone: list[File] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def needs(self, file: File) -> bool:
        """Whether the transcript is to be read from this file: nothing was yet, or the file is the first that holds it,
        by which it is cited, and its ending chooses another parser than it was read with."""
        new = self.transcripts.get(file.transcript)
        other = new.source if new else self.read_as.get(file.transcript)
        if other is None:
            return True
        if transcripts.read_alike(file.source, other):
            return False
        holders = {one.path: one.transcript for one in (*self.held, *self.files)}
        return all(file.path <= path for path, held in holders.items() if held == file.transcript)

    def parse(self, content: bytes, source: str) -> Transcript:
        """The transcript; an encoding that had to be guessed is noted: a wrong one puts words in a speaker's mouth."""
        found: list[str] = []
        transcript = transcripts.parse(content, source, found)
        guessed = (note for note in found if note.endswith("guessed"))
        self.notes += [f"{source}: {note}; look at it: python -m qa inspect" for note in guessed]
        return transcript


def complete(found: transcripts.Found, known: dict[str, File], roots: Sequence[Path]) -> None:
    """Adds the other pages of the events of which some are found or to be forgotten: an event is read as a whole."""
    here = {_identify(path) for path, _ in found.files}
    for pages in _known_events(known.values()):
        inside = {page.path for page in pages if page.path in here}
        if not inside and not any(_is_under(page.path, roots) for page in pages):
            continue
        others = [page for page in pages if page.path not in inside and not _is_under(page.path, roots)]
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


def plan_of(
    store: Store,
    known: dict[str, File],
    found: transcripts.Found,
    roots: Sequence[Path],
    forget: Sequence[Path],
    rebuild: bool,
    join: bool | None,
    report: Report,
) -> Plan:
    """What ``found`` needs; what is known from under ``roots`` and was not found, though it could be, is forgotten, and
    in any case what lies under ``forget``."""
    files: dict[str, tuple[Path, str]] = {}
    for path, source in found.files:
        if not _is_under(_identify(path), forget):
            files.setdefault(_identify(path), (path, source))
    plan = Plan()
    for name, file in known.items():
        missed = name not in files and (rebuild or _is_under(name, roots)) and not _is_under(name, found.unreadable)
        (plan.gone if missed or _is_under(name, forget) else plan.held).append(file)
    if not rebuild:
        plan.read_as = {file.transcript: file.source for file in reversed(known.values())}
    lost = {file.transcript for file in plan.gone} & plan.read_as.keys()
    for file in plan.held:  # a copy with another ending may have to be read instead
        if file.transcript in lost and not transcripts.read_alike(file.source, plan.read_as[file.transcript]):
            files.setdefault(file.path, (Path(file.path), file.source))
    groups = _to_join(files, known, join, report)
    paged = {str(path) for group in groups for path, _ in group.files}
    for group in groups:
        _try(group.files, known, report, partial(_look_at_event, group, known, rebuild, plan))
    for name, (path, source) in files.items():
        if name not in paged:
            _try([(path, source)], known, report, partial(_look, path, source, known.get(name), rebuild, plan))
    if rebuild:
        plan.gone += _carry(store, known, plan)
    report.removed.extend(file.source for file in plan.gone)
    report.notes.extend(plan.notes)
    return plan


def _carry(store: Store, known: dict[str, File], plan: Plan) -> list[File]:
    """What a rebuild cannot read stays as it was read last; the files of which that cannot be kept either."""
    settled = {file.path for file in (*plan.files, *plan.gone)}
    lost: list[File] = []
    for file in (file for name, file in known.items() if name not in settled):
        kept = plan.transcripts.get(file.transcript) or _as_stored(store, file.transcript)
        if kept:
            plan.transcripts[file.transcript] = kept
            plan.files.append(file)
        else:
            lost.append(file)
    return lost if plan.files or plan.gone else []  # else nothing is written


def _as_stored(store: Store, identity: str) -> Transcript | None:
    """None if it was stored by another version, or was altered since."""
    try:
        same = Manifest.from_json(store.get("manifest")).format == FORMAT
        return store.transcript(identity) if same else None
    except (LibraryError, TypeError, KeyError, ValueError):
        return None


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


def _is_under(name: str, folders: Sequence[Path]) -> bool:
    return any(Path(name).is_relative_to(folder) for folder in folders)


def _identify(path: Path) -> str:
    """The file's whole path: what it is known by."""
    try:
        return str(path.resolve())
    except (OSError, RuntimeError):  # a loop of links, a name too long: the error comes when it is read
        return str(path.absolute())


def _look(path: Path, source: str, before: File | None, rebuild: bool, plan: Plan) -> bool:
    """Whether the library does not hold the file's content; adds to the plan what it needs."""
    if not _is_text(str(path)):
        raise TranscriptError(f"{printable(source)}: the file's name is not UTF-8; rename it")
    stamp = _stamp(path, source)
    if before and before.stamp == stamp and before.source == source and not rebuild and not plan.needs(before):
        return False
    content = transcripts.load(path, source)
    transcripts.check_kind(source)
    identity = hashlib.sha256(content).hexdigest()[:16]
    file = File(_identify(path), source, identity, stamp)
    needed = plan.needs(file)
    if needed:
        plan.transcripts[identity] = plan.parse(content, source)
    same = before is not None and (before.transcript, before.source) == (identity, source) and not (rebuild or needed)
    (plan.touched if same else plan.files).append(file)
    return not same


def _look_at_event(group: siblings.Group, known: dict[str, File], rebuild: bool, plan: Plan) -> bool:
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
    same = same_names and held == {identity} and identity in plan.read_as and not rebuild
    if not same:  # also where the names alone are new: the pages of what is stored name their files
        parts = [plan.parse(content, row.source) for content, row in zip(contents, rows, strict=True)]
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
