"""Kills `index` at random moments: each time the library must open, be sound, and finish when run again.

    python -m benchmarks.kill [--runs 50] [--files 24] [--seed 11] [--publishing]

Half of the runs index a new folder, half replace files in a library that holds an earlier state. With --publishing the
moments lie in the second in which a run makes its work visible.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.machine import save
from qa.encoder import PassageEncoder, load
from qa.errors import LibraryError
from qa.library import Library

_WORDS = (
    "quality inspection vehicles recall standards region policy budget harbour crane night shift rates growth".split()
)
_PUBLISHING = 0.5  # seconds from the first file of the new indexes to the end of the run, about
_TRIES = 20  # for one run: a moment that comes after the run has finished kills nothing and is drawn anew


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--files", type=int, default=24)
    parser.add_argument("--seed", type=int, default=11, help="of the moments and the texts")
    parser.add_argument("--publishing", action="store_true")
    options = parser.parse_args()
    encoder = load()
    chance = random.Random(options.seed)
    counts = Counter(
        {"killed": 0, "came too late": 0, "opened": 0, "sound": 0, "finished": 0, "nothing published yet": 0}
    )
    with tempfile.TemporaryDirectory() as scratch:
        talks, home = Path(scratch, "talks"), Path(scratch, "library")
        talks.mkdir()
        write(talks, options.files, chance)
        whole = _whole(talks, home)
        for number in range(options.runs):
            fresh = number % 2 == 0
            for _ in range(_TRIES):
                before = _prepare(talks, home, options.files, fresh, chance)
                # Half of the moments lie anywhere, half in the part of the run that encodes and writes.
                after = chance.uniform(0.6 * whole if number % 4 > 1 else 0, whole)
                if _killed(
                    talks, home, chance.uniform(0, _PUBLISHING) if options.publishing else after, options.publishing
                ):
                    counts["killed"] += 1
                    break
                counts["came too late"] += 1
            counts.update(_state(home, [before, _texts(talks)], fresh, encoder))
            subprocess.run(_command(talks, home), check=True, stderr=subprocess.DEVNULL)
            counts["finished"] += _is_complete(talks, home, encoder)
            print(f"run {number + 1} of {options.runs}: {dict(counts)}", file=sys.stderr)
    save("kill-publishing" if options.publishing else "kill", {"runs": options.runs, "files": options.files, **counts})


def _prepare(talks: Path, home: Path, files: int, fresh: bool, chance: random.Random) -> list[str]:
    """The texts that the library holds before the run: none, or those of before half of the files were replaced."""
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
        return []
    before = _texts(talks)
    write(talks, files // 2, chance)
    return before


def _state(home: Path, states: list[list[str]], fresh: bool, encoder: PassageEncoder) -> dict[str, int]:
    """What was left behind: a library that opens, answers and holds the state before or after, or none yet."""
    try:
        library = Library(home, lambda name: encoder)
        library.search("quality of the harbour crane", 3)
    except LibraryError as error:
        unborn = fresh and _is_unborn(error)
        if not unborn:
            print(f"not opened: {error}", file=sys.stderr)
        return {"opened": unborn, "sound": unborn, "nothing published yet": unborn}
    sound = not library.check() and _held(library) in states
    library.close()
    return {"opened": 1, "sound": sound}


def _is_complete(talks: Path, home: Path, encoder: PassageEncoder) -> bool:
    library = Library(home, lambda name: encoder)
    complete = not library.check() and _held(library) == _texts(talks)
    library.close()
    return complete


def _held(library: Library) -> list[str]:
    return sorted(transcript.text for transcript in library.transcripts())


def _texts(talks: Path) -> list[str]:
    return sorted(_text(file) for file in talks.iterdir())


def write(folder: Path, files: int, chance: random.Random) -> None:
    """Writes or replaces the first ``files`` transcripts."""
    for number in range(files):
        turns = [{"speaker": f"Speaker {t % 3}", "text": _speech(chance)} for t in range(8)]
        (folder / f"talk{number:02}.json").write_text(json.dumps({"turns": turns}))


def _speech(chance: random.Random) -> str:
    return " ".join(f"{' '.join(chance.choices(_WORDS, k=12)).capitalize()}." for _ in range(chance.randint(1, 6)))


def _text(file: Path) -> str:
    return "\n\n" * 2 + "".join(turn["text"] + "\n\n" for turn in json.loads(file.read_text())["turns"])


def _command(talks: Path, home: Path) -> list[str]:
    return [sys.executable, "-m", "qa", "index", str(talks), "--index", str(home)]


def _whole(talks: Path, home: Path) -> float:
    began = time.monotonic()
    subprocess.run(_command(talks, home), check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def _killed(talks: Path, home: Path, after: float, publishing: bool) -> bool:
    """Whether the run was killed, ``after`` seconds from its begin or from when it writes what it publishes."""
    before = set(home.glob("derived-*"))
    process = subprocess.Popen(_command(talks, home), stderr=subprocess.DEVNULL)
    while publishing and process.poll() is None and set(home.glob("derived-*")) <= before:
        time.sleep(0.002)
    try:
        process.wait(after)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def _is_unborn(error: LibraryError) -> bool:
    """A run killed before its first commit leaves no library, or an empty one; both say how to go on."""
    return "make one:" in str(error) or "is empty; fill it" in str(error)


if __name__ == "__main__":
    main()
