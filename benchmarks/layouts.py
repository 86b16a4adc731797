"""What every file of a folder is read as: the parse report of each, with what was left out, the most frequent first.

python -m benchmarks.layouts RAW_FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from benchmarks.machine import save
from qa import transcripts
from qa.errors import TranscriptError
from qa.inspection import inspect, to_dict

_QUOTED = 8  # different stretches left out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    files = [file for file in folder.rglob("*") if file.suffix in transcripts.FORMATS and file.name != "README.md"]
    save("layouts", {str(file.relative_to(folder)): _row(file) for file in sorted(files)})


def _row(file: Path) -> dict[str, Any]:
    try:
        report = to_dict(inspect(file, file.name))
    except TranscriptError as error:
        return {"refused": str(error).removeprefix(f"{file.name}: ")}
    kept = (
        "layout",
        "title",
        "date",
        "turns",
        "questions",
        "answers",
        "paragraphs",
        "attributed",
        "timed",
        "characters",
    )
    left = [f"{one['kind']}: {one['text'][:80]} × {one['count']}" for one in report["left_out"][:_QUOTED]]
    return {
        **{key: report[key] for key in kept},
        "speakers": len([one for one in report["speakers"] if one["label"]]),
        "left out": left, "left out in all": len(report["left_out"]),
    }  # fmt: skip


if __name__ == "__main__":
    main()
