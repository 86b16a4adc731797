"""Where a figure was measured, and its file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from qa.machine import commit, machine


def save(name: str, figures: dict[str, Any]) -> None:
    """Prints the figures and writes them with command, commit and machine to benchmarks/results/NAME.json."""
    record = {
        "command": f"python -m {_module()} {' '.join(_plain(argument) for argument in sys.argv[1:])}".strip(),
        "commit": commit(),
        "machine": machine(),
        **figures,
    }
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    print(text, end="")
    Path("benchmarks/results").mkdir(parents=True, exist_ok=True)
    Path(f"benchmarks/results/{name}.json").write_text(text)


def _plain(argument: str) -> str:
    """The argument without the folders that are this machine's own."""
    path = Path(argument)
    return f"FOLDER/{path.name}" if path.is_absolute() or argument.startswith("..") else argument


def _module() -> str:
    spec = sys.modules["__main__"].__spec__
    return spec.name if spec else Path(sys.argv[0]).stem
