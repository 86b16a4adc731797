"""Kills `index` at random moments: each time the library must open, be sound, and finish when run again.

    python -m benchmarks.kill [--runs 50] [--files 24] [--seed 11] [--name kill]

Half of the runs index a new folder, half replace files in a library that is asked meanwhile.
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
from pathlib import Path

from benchmarks.machine import save
from qa.encoder import load
from qa.errors import LibraryError
from qa.library import Library

_WORDS = [
    "quality",
    "inspection",
    "vehicles",
    "recall",
    "standards",
    "region",
    "policy",
    "budget",
    "harbour",
    "crane",
    "night",
    "shift",
    "rates",
    "growth",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--files", type=int, default=24)
    parser.add_argument("--seed", type=int, default=11, help="of the moments and the texts")
    parser.add_argument("--name", default="kill", help="of the result's file")
    options = parser.parse_args()
    encoder = load()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as scratch:
        talks, home = Path(scratch, "talks"), Path(scratch, "library")
        talks.mkdir()
        write(talks, options.files, chance)
        whole = _whole(talks, home)
        counts = {"opened": 0, "sound": 0, "finished": 0, "killed": 0, "nothing published yet": 0}
        for number in range(options.runs):
            fresh = number % 2 == 0
            if fresh:
                shutil.rmtree(home)
            else:
                write(talks, options.files // 2, chance)
            # Half of the moments lie anywhere, half in the part of the run that encodes and writes.
            killed = _killed(talks, home, chance.uniform(0.6 * whole if number % 4 > 1 else 0, whole))
            counts["killed"] += killed
            try:
                library = Library(home, lambda name: encoder)
                library.search("quality of the harbour crane", 3)
                counts["opened"] += 1
                problems = library.check()
                held = {t.source: t.text for t in library.transcripts()}
                complete = len(held) == options.files
                library.close()
                counts["sound"] += not problems and complete
            except LibraryError as error:
                if not fresh or not _is_unborn(error):
                    print(f"run {number}: {error}", file=sys.stderr)
                    continue
                counts["nothing published yet"] += 1
                counts["opened"] += 1
                counts["sound"] += 1
            subprocess.run(_command(talks, home), check=True, stderr=subprocess.DEVNULL)
            after = Library(home, lambda name: encoder)
            texts = sorted(t.text for t in after.transcripts())
            expected = sorted(_text(file) for file in talks.iterdir())
            counts["finished"] += not after.check() and texts == expected
            after.close()
    save(
        options.name, {"runs": options.runs, "files": options.files, "whole run in seconds": round(whole, 1), **counts}
    )


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


def _killed(talks: Path, home: Path, after: float) -> bool:
    process = subprocess.Popen(_command(talks, home), stderr=subprocess.DEVNULL)
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
