"""The transcripts that are added on the page: each is kept as a file in the library's folder, and deleted with it."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from itertools import count
from pathlib import Path

from qa import inspection, transcripts
from qa.errors import LibraryError, TranscriptError
from qa.indexing import Progress, index
from qa.library import EncoderLoader, Library
from qa.stored import Head

_FOLDER = "uploads"
_UNSAFE = re.compile(r"[^\w.()（）\[\] ,'’&+-]+")
_NAME = 200  # bytes of a file's name before its ending: most systems take 255 in all
_ADDING = ".adding-"  # before the name of a file that is not indexed yet


class Uploads:
    """Of the library in ``folder``. One is written at a time, whoever sends it."""

    def __init__(self, folder: Path, load: EncoderLoader) -> None:
        self._library = folder
        self._folder = folder / _FOLDER
        # Not the model that answers: its tokenizer must not count while it truncates in another thread.
        self._load = lru_cache(maxsize=1)(load)
        self._writing = threading.Lock()

    def inspect(self, name: str, content: bytes, library: Library) -> inspection.Report:
        """What a file would be read as. Raises TranscriptError for one that cannot be read or is held already."""
        source = file_name(name)
        report = inspection.inspect_content(content, source)
        held = library.transcript(report.transcript.id)
        if held is not None:
            ending = Path(source).suffix
            other = "" if transcripts.read_alike(source, held.source) else f"; delete that to have it read as {ending}"
            raise TranscriptError(f"{source}: already in the library, as {held.source}{other}")
        return report

    def add(self, name: str, content: bytes, library: Library, progress: Progress) -> str:
        """Its id, once it is indexed. Raises QAError, and then nothing is kept."""
        with self._writing:
            made = self.inspect(name, content, library).transcript
            self._sweep({file.path for file in library.files()})
            path = _free(self._folder / made.source)
            mark = path.with_name(_ADDING + path.name)
            kept = False
            try:
                self._folder.mkdir(exist_ok=True)
                mark.touch()
                path.write_bytes(content)
                failed = index(self._library, [path], progress=progress, load=self._load).failed
                if failed:
                    raise TranscriptError(failed[0])
                kept = True
            except OSError as error:
                raise LibraryError(f"{path.name}: {error.strerror or error}") from None
            finally:
                if not kept:
                    path.unlink(missing_ok=True)
                mark.unlink(missing_ok=True)
        return made.id

    def _sweep(self, known: set[str]) -> None:
        """Deletes what was being added when the program was killed."""
        for mark in self._folder.glob(f"{_ADDING}*"):
            path = mark.with_name(mark.name.removeprefix(_ADDING))
            if str(path.resolve()) not in known:
                path.unlink(missing_ok=True)
            mark.unlink()

    def holds(self, head: Head) -> bool:
        """Whether all of the transcript's files were added on the page."""
        folder = self._folder.resolve()
        return all(Path(path).is_relative_to(folder) for path in head.paths)

    def remove(self, head: Head) -> None:
        """From the library first, then its files. Raises LibraryError for what would come back: a folder's file."""
        if not self.holds(head):
            raise LibraryError(f"{head.title}: comes from a folder that is indexed; remove its file there")
        paths = [Path(path) for path in head.paths]
        with self._writing:
            index(self._library, [], remove=paths, load=self._load)
            for path in paths:
                _unlink(path)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        said = error.strerror or str(error)
        raise LibraryError(f"{path.name}: in no answer any more, but its file was not deleted ({said})") from None


def check_kind(name: str) -> None:
    """Raises TranscriptError for a file that cannot be read whatever is in it."""
    transcripts.check_kind(file_name(name))


def file_name(name: str) -> str:
    """The last part of a name that a browser sent, as a name that any system can hold and no shell or page trips on."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, suffix = _UNSAFE.sub("_", last).strip().rstrip(".").rpartition(".")
    stem = stem.lstrip(".").encode()[:_NAME].decode(errors="ignore")
    return f"{stem or 'transcript'}{dot}{suffix}"


def _free(path: Path) -> Path:
    """``path``, or if there is such a file already, the next of its name with a number that there is not."""
    taken = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return path if not path.exists() else next(other for other in taken if not other.exists())
