"""Where a figure was measured, and its file."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any


def save(name: str, figures: dict[str, Any]) -> None:
    """Prints the figures and writes them with command, commit and machine to benchmarks/results/NAME.json."""
    record = {
        "command": f"python -m {_module()} {' '.join(_plain(argument) for argument in sys.argv[1:])}".strip(),
        "commit": _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain", "--", "qa") else ""),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
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


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], capture_output=True, text=True).stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
