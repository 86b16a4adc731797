"""The layers hold: a module imports only from those below it, and `import qa` loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

QA = Path(__file__).parent.parent / "qa"

# From the bottom up; modules on one line do not import each other.
LAYERS = [
    ["errors", "machine", "plots", "limits"], ["types", "decoding"], ["boundaries"], ["text"], ["stored"],
    ["formats.rows"],
    ["formats.origin", "formats.furniture", "formats.clock", "formats.front_matter", "formats.marks", "formats.names",
     "formats.json_fields", "formats.captions_cues", "formats.page_elements", "formats.pdf_words",
     "formats.word_parts", "speakers", "alignment", "abbreviations", "numbers", "lists", "languages",
     "declining"],
    ["formats.capitals", "formats.initials", "formats.captions_speakers", "formats.pieces", "formats.page_blocks",
     "formats.pdf_rows", "formats.word_paragraphs", "question"],
    ["roles", "structure", "attribution", "worth"], ["askers"],
    ["formats.labels", "formats.page_source", "formats.pdf_furniture", "formats.pdf_footnotes",
     "formats.pdf_paragraphs", "formats.word_labels"],
    ["formats.page_labels"], ["formats.page_body"],
    ["formats.plain", "formats.turns_json", "formats.words_json", "formats.subtitles", "formats.web"],
    ["formats.speech_json", "formats.cloud_json", "formats.pdf", "formats.word"],
    ["formats.meeting_json"], ["formats.json_forms"], ["transcripts", "siblings", "sources"], ["events", "accounting"],
    ["chunking", "encoder", "lexical", "dense", "sentences", "citations"],
    ["verification"],
    ["config", "hybrid", "render", "crossencoder", "reranker", "evidence", "question_sets",
     "recheck"],
    ["exchanges"], ["reader", "gold", "export", "feedback"],
    ["store", "derived", "inspection"], ["library"], ["planning"],
    ["indexing", "doctor", "inputs"], ["pipeline", "uploads", "overview"], ["service", "evaluate"], ["resampling"],
    ["sureness"], ["figures"], ["report"],
    ["comparing", "evaluation"], ["desk"], ["http", "client_api", "mcp_tools", "auth", "guard", "early"], ["serving"],
    ["api", "pane", "keeping", "commands"], ["cli"],
    ["__main__"],
]  # fmt: skip


def modules() -> dict[str, Path]:
    return {
        ".".join(file.relative_to(QA).with_suffix("").parts): file
        for file in QA.rglob("*.py")
        if file.name != "__init__.py"
    }


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "qa":
            package = node.module.removeprefix("qa").removeprefix(".")
            for alias in node.names:
                inner = f"{package}.{alias.name}".strip(".")
                found.add(inner if inner in modules() else package)
    return found - {""}


def test_every_module_has_its_layer() -> None:
    assert sorted(name for layer in LAYERS for name in layer) == sorted(modules())


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_only_downwards(name: str) -> None:
    level = {module: height for height, layer in enumerate(LAYERS) for module in layer}
    for used in imports(modules()[name]):
        assert level[used] < level[name], f"{name} imports {used}"


def test_import_qa_loads_nothing_heavy() -> None:
    code = "import sys, qa; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "qa" in loaded
    assert not {"torch", "transformers", "sentence_transformers", "faiss", "gradio", "numpy", "tantivy"} & set(loaded)


def test_every_public_name_is_there() -> None:
    import qa

    for name in qa.__all__:
        assert getattr(qa, name) is not None
