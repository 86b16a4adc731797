"""What is installed, which model, what the library holds, and whether it is all sound."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import Any

from qa import crossencoder, encoder
from qa.errors import QAError
from qa.library import Library
from qa.text import printable

_PACKAGES = ("sentence-transformers", "torch", "transformers", "faiss-cpu", "tantivy", "sentencex", "gradio", "numpy")


def examine(folder: Path) -> dict[str, Any]:
    """{"python", "packages", "encoder", "reader", "library", "problems": [one line each]}; loads no model."""
    problems: list[str] = []
    return {
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "packages": {name: _version(name, problems) for name in _PACKAGES},
        "encoder": _encoder(folder, problems),
        "reader": _reader(problems),
        "library": _library(folder, problems),
        "problems": problems,
    }


def _version(name: str, problems: list[str]) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        problems.append(f"{name} is not installed; run: pip install -r requirements.txt")
        return None


def _encoder(folder: Path, problems: list[str]) -> dict[str, Any]:
    name, expected = encoder.DEFAULT, encoder.SHA256[encoder.DEFAULT]
    try:
        manifest = Library(folder).manifest
        name, expected = manifest.encoder, manifest.sha256
    except QAError:
        pass  # said by _library
    try:
        home = encoder.locate(name)
        digest = encoder.weights_sha256(home) if home else ""
    except QAError as error:
        problems.append(str(error))
        return {"name": name, "sha256": None}
    if digest and digest != expected:
        problems.append(f"the weights of {name} have sha256 {digest}, expected {expected}")
    return {"name": name, "sha256": digest, "bfloat16": encoder.has_bfloat16()}


def _reader(problems: list[str]) -> dict[str, Any]:
    try:
        digest = encoder.weights_sha256(crossencoder.DEFAULT)
    except QAError as error:
        problems.append(str(error))
        return {"name": crossencoder.DEFAULT.name, "sha256": None}
    if digest != crossencoder.DEFAULT_SHA256:
        problems.append(f"the reader's weights have sha256 {digest}, expected {crossencoder.DEFAULT_SHA256}")
    return {"name": crossencoder.DEFAULT.name, "sha256": digest}


def _library(folder: Path, problems: list[str]) -> dict[str, Any]:
    try:
        library = Library(folder)
        problems.extend(f"library: {line}" for line in library.check())
        held = library.transcripts()
        return {
            "folder": str(folder),
            "transcripts": [{"id": t.id, "source": t.source, "title": t.title, "sha256": t.sha256} for t in held],
            "passages": library.passage_count(),
        }
    except QAError as error:
        problems.append(str(error))
        return {"folder": str(folder), "transcripts": [], "passages": 0}


def to_text(findings: dict[str, Any]) -> str:
    library, model = findings["library"], findings["encoder"]
    lines = [f"Python {findings['python']}"]
    lines += [f"  {name} {version or 'missing'}" for name, version in findings["packages"].items()]
    lines.append(f"Encoder {model['name']}, sha256 {model['sha256'] or 'unknown'}")
    if "bfloat16" in model:
        lines.append(f"  number format: {'bfloat16' if model['bfloat16'] else 'float32'} on this processor")
    lines.append(f"Reader {findings['reader']['name']}, sha256 {findings['reader']['sha256'] or 'unknown'}")
    lines.append(
        f"Library {library['folder']}: {len(library['transcripts'])} transcripts, {library['passages']} passages"
    )
    lines += [f"  {item['id']}  {item['source']}  {item['title']}" for item in library["transcripts"]]
    lines += [f"Problem: {line}" for line in findings["problems"]] or ["Everything is sound."]
    return "\n".join(line[: len(line) - len(line.lstrip())] + printable(line) for line in lines) + "\n"
