"""The library as a list: what each transcript is called, who speaks, how long it is, whether it can be deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from qa.library import Library
from qa.speakers import people
from qa.stored import Head
from qa.text import count_roughly
from qa.types import Transcript


@dataclass(frozen=True, slots=True)
class _Counts:
    """``speakers``: of each person the first label; ``asked``: whether somebody asks something in it."""

    speakers: list[str]
    words: int
    asked: bool


class Overview:
    """What is said is read once for each transcript, and again when it is another."""

    def __init__(self) -> None:
        self._counted: dict[tuple[str, str], _Counts] = {}

    def of(self, library: Library, deletable: Callable[[Head], bool]) -> list[dict[str, Any]]:
        """As JSON, ordered by source."""
        heads = library.heads()
        counts = {(head.id, head.digest): self._count(library, head) for head in heads}
        self._counted = {key: found for key, found in counts.items() if found}
        return [
            _listed(head, found, deletable(head)) for head, found in zip(heads, counts.values(), strict=True) if found
        ]

    def _count(self, library: Library, head: Head) -> _Counts | None:
        """None if it was deleted meanwhile."""
        if counted := self._counted.get((head.id, head.digest)):
            return counted
        transcript = library.transcript(head.id)
        return _counts(transcript) if transcript else None


def _counts(transcript: Transcript) -> _Counts:
    spoken = [turn for turn in transcript.turns if turn.role != "heading"]
    words = sum(count_roughly(transcript.text[turn.start : turn.end]) for turn in spoken)
    speakers = list(dict.fromkeys(people(transcript.speakers()).values()))
    return _Counts(speakers, words, any(turn.role == "question" for turn in spoken))


def _listed(head: Head, counts: _Counts, deletable: bool) -> dict[str, Any]:
    return {
        "id": head.id, "title": head.title, "date": head.date, "source": head.sources[0], **asdict(counts),
        "deletable": deletable,
    }  # fmt: skip
