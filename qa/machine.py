"""Where and with what a figure was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    "torch", "transformers", "sentence-transformers", "faiss-cpu", "tantivy", "numpy", "sentencex", "snowballstemmer",
    "ir-measures",
)  # fmt: skip


def machine() -> str:
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def commit() -> str:
    """The program's commit, "+" behind it if its code was changed since; "" where it is not known."""
    found = _git("rev-parse", "--short", "HEAD")
    return found + "+" * bool(found and _git("status", "--porcelain", "--", "."))


def versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _git(*arguments: str) -> str:
    folder = Path(__file__).parent
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=folder).stdout.strip()
    except OSError:  # no git here
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
