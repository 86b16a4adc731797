"""Citations checked again: is the quote still there, word for word, and by whom was it said?"""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from qa import citations, events, siblings, transcripts
from qa.errors import CitationError, TranscriptError
from qa.types import Span, Transcript

Status = Literal["verbatim", "moved", "altered", "misattributed", "source changed", "source missing"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a citation, and why in one line."""

    status: Status
    detail: str = ""


class Records(Protocol):
    """What a library knows of its sources; a Library fits."""

    def transcript(self, identity: str) -> Transcript | None: ...

    def files(self) -> Sequence[Any]:
        """Each with path, source and transcript id."""


def verify(claim: Mapping[str, Any], records: Records | None, root: Path | None = Path()) -> Verdict:
    """Checks a citation (see ``citations.to_dict``) against the library and against the file it was made from.

    A source that the library does not know is looked for under ``root``, or nowhere. Raises
    CitationError if ``claim`` is none.
    """
    return _verified(claim, records, root)[0]


def _verified(
    claim: Mapping[str, Any], records: Records | None, root: Path | None
) -> tuple[Verdict, Transcript | None]:
    """The verdict, and the transcript as it was read, if it is the one that was cited."""
    require(claim)
    known = records.transcript(claim["sha256"][:16]) if records else None
    read, missing, changed = None, "", ""
    for files, labels in _candidates(claim, records, root):
        contents = {source: content for path, source in files if (content := _content(path)) is not None}
        cited = not labels or str(claim.get("page")).partition(".")[0] in labels
        if len(contents) < len(files):
            lost = next(source for _, source in files if source not in contents)
            missing = missing or (lost if labels and cited else "")
        elif _digest(contents.values()) == claim["sha256"]:
            try:
                read = _read(contents, labels)
            except TranscriptError as error:
                return Verdict("altered", f"the source is not named as it was cited: {error}"), None
            break
        elif cited:
            changed = changed or _whereabouts(claim, contents, labels)
    if read is None:
        if changed and not missing:
            return Verdict("source changed", changed), None
        held = " (the library still holds these words)" if known and _at(known, claim) else ""
        return Verdict("source missing", f"{missing or claim['source']} is not there any more{held}"), None
    if known and known.text != read.text:
        said = "the library's text is not what the file gives; run: python -m qa index --rebuild"
        return Verdict("altered", said), None
    return _compare(read, claim), read


def check(transcript: Transcript, claim: Mapping[str, Any]) -> Verdict:
    """Checks a citation against a transcript alone, whose file was looked at before. Raises CitationError."""
    require(claim)
    return _compare(transcript, claim)


def verify_with_question(claim: Mapping[str, Any], records: Records | None, root: Path | None = Path()) -> Verdict:
    """``verify``, and the question that the citation says it replies to."""
    verdict, read = _verified(claim, records, root)
    asked = claim.get("replies_to")
    if verdict.status != "verbatim" or asked is None:
        return verdict
    if not isinstance(asked, Mapping):
        raise CitationError('"replies_to" must be a citation')
    question = verify(asked, records, root)
    if question.status != "verbatim":
        return Verdict(question.status, f"the question it replies to: {question.detail}")
    if read is None or asked["sha256"] != claim["sha256"] or not _replies(read, claim["start"], asked["start"]):
        return Verdict("altered", "the question it is said to reply to is another one")
    return verdict


def _replies(transcript: Transcript, reply: int, question: int) -> bool:
    """Whether the turn at the one offset replies to the turn at the other."""
    return transcript.question_of(transcript.turn_at(reply)) == transcript.turn_at(question)


def verify_each(
    claims: Iterable[tuple[str, Mapping[str, Any]]], records: Records | None, root: Path | None = None
) -> list[dict[str, str]]:
    """What became of each citation, which comes with its place among the others. Raises CitationError."""
    results: list[dict[str, str]] = []
    for where, claim in claims:
        try:
            verdict = verify_with_question(claim, records, root)
        except CitationError as error:
            raise CitationError(f"{where}: {error}") from None
        results.append({"citation": where, "status": verdict.status, "detail": verdict.detail, "quote": claim["quote"]})
    return results


def require(claim: Mapping[str, Any]) -> None:
    """Raises CitationError if it is no citation."""
    kinds = {"sha256": str, "source": str, "speaker": str, "start": int, "end": int, "quote": str}
    for key, kind in kinds.items():
        value = claim.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise CitationError(f'a citation needs "{key}" as {"text" if kind is str else "a whole number"}')
    if len(claim["sha256"]) != 64:
        raise CitationError('"sha256" must be 64 hexadecimal digits')
    if not claim["quote"]:
        raise CitationError('"quote" is empty')
    if any(0xD800 <= ord(c) <= 0xDFFF for key, kind in kinds.items() if kind is str for c in claim[key]):
        raise CitationError("it holds half a surrogate pair, which is no character")


_Candidate = tuple[Sequence[tuple[Path, str]], Sequence[str]]  # files with their names, and labels where it is an event


def _candidates(claim: Mapping[str, Any], records: Records | None, root: Path | None) -> Iterator[_Candidate]:
    """What the citation may have been made from: events first, which say more of what is missing, then files."""
    rows = list(records.files()) if records else []
    exact = [row for row in rows if row.transcript == claim["sha256"][:16]]
    known = [Path(row.path) for row in exact or rows if exact or row.source == claim["source"]]
    folders = {path.parent for path in known}
    beside = [(Path(row.path), row.source) for row in exact or rows if Path(row.path).parent in folders]
    if not known and root is not None:
        beside = list(_beneath(claim["source"], root))
        known = [path for path, _ in beside[:1]]
    for group in siblings.families(beside):
        if not known or not {path for path, _ in group.files}.isdisjoint(known):
            lost = [(Path(), f"page {number} of {group.files[0][1]}") for number in group.missing]
            yield [*group.files, *lost], group.labels
    yield from (([(path, claim["source"])], ()) for path in known)


def _beneath(source: str, root: Path) -> Iterator[tuple[Path, str]]:
    """The file of that name under ``root``, there or not, and those beside it; never one outside of it."""
    try:
        home, path = root.resolve(), (root / source).resolve()
        if not path.is_relative_to(home):
            return
        yield path, source
        beside = [p for p in sorted(path.parent.iterdir()) if p.suffix.lower() == path.suffix.lower() and p != path]
        for other in beside:
            if other.is_file() and other.resolve().is_relative_to(home):
                yield other, Path(source).with_name(other.name).as_posix()
    except (OSError, RuntimeError, ValueError):  # no such folder, a NUL byte, a name too long, a loop of links
        return


def _digest(contents: Iterable[bytes]) -> str:
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    return digests[0] if len(digests) == 1 else events.sha256(digests)


def _read(contents: Mapping[str, bytes], labels: Sequence[str]) -> Transcript:
    parts = [transcripts.parse(content, source) for source, content in contents.items()]
    return events.join(parts, labels) if len(parts) > 1 else parts[0]


def _content(path: Path) -> bytes | None:
    try:
        return transcripts.load(path, str(path)) if path.is_file() else None
    except (TranscriptError, OSError, ValueError):  # ValueError: a path with a NUL byte
        return None


def _whereabouts(claim: Mapping[str, Any], contents: Mapping[str, bytes], labels: Sequence[str]) -> str:
    changed = f"{claim['source']} is another file than the one cited"
    if len(contents) > 1:
        changed = f"the event of {len(contents)} files with {claim['source']} is not the one cited"
    try:
        places = _find(_read(contents, labels), claim["quote"])
    except TranscriptError as error:
        return f"{changed}, and cannot be read: {error}"
    if not places:
        return f"{changed}; the quote is no longer in it"
    return f"{changed}; the quote now stands at {places[0].start}-{places[0].end}, said by {_name(places[0])}"


def _compare(transcript: Transcript, claim: Mapping[str, Any]) -> Verdict:
    span = _at(transcript, claim)
    if span is None:
        return _elsewhere(transcript, claim)
    if span.turn < 0 or span.end > transcript.turns[span.turn].end:
        return Verdict("misattributed", "the quote runs beyond what one speaker said")
    if span.speaker != claim["speaker"]:
        return Verdict("misattributed", f"said by {_name(span)}, not by {claim['speaker'] or 'an unnamed speaker'}")
    if (file := citations.source_of(span)) != claim["source"] and claim["source"] in {
        page.source for page in transcript.pages
    }:
        return Verdict("moved", f"source is {file}, not {claim['source']}")
    if wrong := _differences(claim, citations.place_of(span)):
        return Verdict("moved", wrong)
    # The file's name may differ with the folder that was indexed; all else that is said of the source must hold.
    if wrong := _differences(claim, {key: value for key, value in citations.to_dict(span).items() if key != "source"}):
        return Verdict("altered", wrong)
    return Verdict("verbatim", f"characters {span.start}-{span.end} of {citations.source_of(span)}")


def _differences(claim: Mapping[str, Any], true: Mapping[str, Any]) -> str:
    """What the claim says otherwise, in words; what it does not say is not held against it."""
    wrong = [key for key, value in true.items() if key in claim and not _equal(claim[key], value)]
    return ", ".join(f"{key} is {true[key]}, not {claim[key]}" for key in wrong)


def _equal(claimed: Any, value: Any) -> bool:
    if isinstance(value, float) and isinstance(claimed, int | float):
        with contextlib.suppress(OverflowError):  # a whole number beyond all floats is none of our times
            return math.isclose(claimed, value, abs_tol=1e-3)
    return bool(claimed == value)


def _elsewhere(transcript: Transcript, claim: Mapping[str, Any]) -> Verdict:
    places = _find(transcript, claim["quote"])
    own = [place for place in places if place.speaker == claim["speaker"]]
    if own:
        return Verdict("moved", f"the quote stands at {own[0].start}-{own[0].end}, ¶{own[0].paragraph}")
    if places:
        return Verdict("misattributed", f"said by {_name(places[0])} at {places[0].start}-{places[0].end}")
    there = transcript.text[max(0, claim["start"]) : max(0, claim["end"])]
    return Verdict("altered", f"these words are not in {transcript.source}; there stands: {there[:200]!r}")


def _at(transcript: Transcript, claim: Mapping[str, Any]) -> Span | None:
    start, end = claim["start"], claim["end"]
    if 0 <= start < end <= len(transcript.text) and transcript.text[start:end] == claim["quote"]:
        return Span(transcript, start, end)
    return None


def _find(transcript: Transcript, quote: str) -> list[Span]:
    """Where the quote stands within a turn."""
    found: list[Span] = []
    for turn in transcript.turns:
        start = transcript.text.find(quote, turn.start, turn.end)
        if start >= 0:
            found.append(Span(transcript, start, start + len(quote)))
    return found


def _name(span: Span) -> str:
    return span.speaker or "an unnamed speaker"
