"""On the Record: ask a transcript a question, get the answer in the speakers' own words, check every word in place."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.citations import annotation, text_fragment, to_dict
    from qa.errors import QAError
    from qa.indexing import index
    from qa.library import Library
    from qa.pipeline import Pipeline
    from qa.pipeline import open_library as open
    from qa.transcripts import read
    from qa.types import Answer, Hit, Scope, Span, Transcript, Turn
    from qa.verification import verify

__version__ = "0.1.0"

# Names are looked up at first use, so that `import qa` loads no model, no index and no numpy.
_WHERE = {
    "Answer": "types", "Hit": "types", "Scope": "types", "Span": "types", "Transcript": "types", "Turn": "types",
    "Library": "library", "Pipeline": "pipeline", "QAError": "errors", "annotation": "citations", "index": "indexing",
    "open": "pipeline:open_library", "read": "transcripts", "text_fragment": "citations", "to_dict": "citations",
    "verify": "verification",
}  # fmt: skip
__all__ = [
    "Answer", "Hit", "Library", "Pipeline", "QAError", "Scope", "Span", "Transcript", "Turn", "annotation", "index",
    "open", "read", "text_fragment", "to_dict", "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    return getattr(import_module(f"qa.{module}"), attribute or name)
