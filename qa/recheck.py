"""Citations that come back from a browser -> what the library says in their place now, or why it does not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa import citations, verification
from qa.errors import CitationError
from qa.types import Span, Transcript
from qa.verification import Records, Status

_FILES = 100  # transcripts cited at once: each file is read again
_NOWHERE = Path(os.devnull)  # nothing lies beneath it: only the library's own files are looked at


@dataclass(frozen=True, slots=True)
class Found:
    """``span`` is what stands in the library, word for word what was cited; None: ``status`` says why. The place is
    the citation's own; nothing else that it says is believed."""

    span: Span | None
    status: Status
    transcript: str
    start: int
    end: int


class Recheck:
    """Checks many citations at one moment: each transcript's file is read once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._held: dict[str, Transcript | None] = {}
        self._files: dict[str, Status] = {}

    def find(self, claim: Mapping[str, Any]) -> Found:
        """Raises CitationError if ``claim`` is no citation."""
        verification.require(claim)
        identity = claim["sha256"][:16]
        if identity not in self._held:
            self._held[identity] = self._records.transcript(identity)
        held = self._held[identity]
        status = self._file(identity, held, claim)
        if held is not None and status == "verbatim":
            status = verification.check(held, claim).status
        span = Span(held, claim["start"], claim["end"]) if held is not None and status == "verbatim" else None
        return Found(span, status, identity, claim["start"], claim["end"])

    def _file(self, identity: str, held: Transcript | None, claim: Mapping[str, Any]) -> Status:
        """Whether the file is the one that was cited; "verbatim" if so."""
        if identity not in self._files:
            if len(self._files) >= _FILES:
                raise CitationError(f"more than {_FILES} transcripts are cited; check fewer at a time")
            own = claim if held is None else citations.to_dict(Span(held, held.turns[0].start, held.turns[0].end))
            self._files[identity] = verification.verify(own, self._records, _NOWHERE).status
        return self._files[identity]
