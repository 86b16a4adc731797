"""What every file of a folder is read as: speakers, turns, and the shares of the spoken text with a speaker and a time.

python -m benchmarks.layouts RAW_FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from benchmarks.machine import save
from qa import transcripts
from qa.errors import TranscriptError
from qa.types import Transcript


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    files = [file for file in folder.rglob("*") if file.suffix in transcripts.FORMATS and file.name != "README.md"]
    save("layouts", {str(file.relative_to(folder)): _row(file) for file in sorted(files)})


def _row(file: Path) -> dict[str, Any]:
    try:
        return measure(transcripts.read(file))
    except TranscriptError as error:
        return {"refused": str(error).removeprefix(f"{file.as_posix()}: ")}


def measure(transcript: Transcript) -> dict[str, Any]:
    """Shares are of the code points spoken."""
    spoken = [turn for turn in transcript.turns if turn.role != "heading"]
    total = sum(turn.end - turn.start for turn in spoken)
    named = sum(turn.end - turn.start for turn in spoken if turn.speaker)
    timed = sum(end - start for start, end in transcript.paragraphs if transcript.seconds_at(start) is not None)
    asked = sum(turn.role == "question" for turn in spoken)
    return {
        "title": transcript.title, "date": transcript.date, "speakers": len(transcript.speakers()),
        "turns": len(spoken), "questions": asked, "paragraphs": len(transcript.paragraphs), "characters": total,
        "with a speaker": round(named / total, 3), "with a time": round(timed / total, 3),
    }  # fmt: skip


if __name__ == "__main__":
    main()
