"""The whole path on one screen: retrieve, read, cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from types import TracebackType

from qa import attribution, crossencoder, languages, reranker, structure
from qa.encoder import load as load_encoder
from qa.errors import LibraryError, TranscriptError
from qa.indexing import index
from qa.library import EncoderLoader, Library
from qa.question import check_question
from qa.reader import SentenceReader
from qa.roles import is_outlets, mostly_asking
from qa.speakers import is_named
from qa.store import DATABASE, FOLDER
from qa.types import Answer, Encoder, Hit, Reader, Reading, RetrieverReport, Scope, Span, Trace, Transcript

HITS = 10  # passages read for one answer


@dataclass(frozen=True, slots=True)
class Models:
    """Which models answer beside the library's encoder: folders or hub names. ``reader`` "" is the shipped one,
    ``reranker`` "" is none. ``fast``: nothing reads question and passage together."""

    reader: str = ""
    reranker: str = ""
    fast: bool = False


class Pipeline:
    """Answers questions from one library. Safe to share between threads."""

    def __init__(self, library: Library, reader: Reader | None = None, models: Models = Models()) -> None:
        self.library = library
        self.models = models
        self._given = reader
        self._own: tuple[Encoder, Reader] | None = None

    @property
    def reader(self) -> Reader:
        """The one that was given, or the models' with the library's encoder, which is another when it is made anew."""
        if self._given:
            return self._given
        encoder = self.library.encoder
        own = self._own
        if own is None or own[0] is not encoder:
            scorer = None if self.models.fast else crossencoder.load(self.models.reader)
            self._own = own = encoder, SentenceReader(encoder, scorer)
        return own[1]

    def ask(self, question: str, scope: Scope = Scope(), k: int = HITS) -> Answer:
        """The verbatim sentences that answer, or none and the closest passages. Raises QAError."""
        trace = self.trace(question, scope, k)
        reading = trace.reading
        for quote in (*reading.quotes, *reading.exchange):
            self._check(quote)
        return Answer(
            question, reading.quotes, trace.hits, reading.confidence, trace.retrievers, trace.note, reading.exchange,
            reading.threshold, self.library.searched(trace.scope) if trace.retrievers else None,
        )  # fmt: skip

    def trace(self, question: str, scope: Scope = Scope(), k: int = HITS) -> Trace:
        """What ``ask`` answers from, before the quotes are checked against what is stored. Raises QAError."""
        asked = check_question(question)
        note = ""
        if kind := structure.about(asked):
            note, shown = structure.answer(kind, self._held(scope), scope)
            if shown:
                return Trace(Reading(shown, 1.0, shown), note=note)
        trace = self._narrowed(asked, scope, k)
        if note:
            return replace(trace, note=note)
        if trace.note or trace.reading.quotes:
            return trace
        return replace(trace, note=languages.hint(asked, [hit.passage.text for hit in trace.hits]))

    def _narrowed(self, asked: str, scope: Scope, k: int) -> Trace:
        """The words of the one whose words are asked for, or everybody's."""
        names = {} if scope.speakers else attribution.speakers_meant(asked, lambda: self.library.labels(scope))
        # Who asks what China did does not mean China Daily.
        alike = {label: name for name, labels in names.items() for label in labels}
        outlets = {label for label, name in alike.items() if is_outlets(label, name)}
        meant = frozenset(alike) - (mostly_asking(outlets, self._held(scope)) if outlets else set())
        missing = [name for name, labels in names.items() if not labels]
        unknown = missing and (meant or not alike) and attribution.wants_words_of(asked)
        note = f"Nobody called {' or '.join(missing)} speaks here." if unknown else ""
        if not meant:
            trace = self._read(asked, scope, k, note)
            return trace if names else self._naming(attribution.topic(asked, bool(scope.speakers)), scope, k, trace)
        own = replace(scope, speakers=meant)
        trace = self._naming(attribution.topic(asked, named=True), own, k, self._read(asked, own, k, note))
        return trace if trace.reading.quotes else self._told_by_others(names, asked, scope, k, trace)

    def _naming(self, topic: str, scope: Scope, k: int, trace: Trace) -> Trace:
        """Where nothing seems to answer what was said about the topic: what surely speaks of it, with all its words."""
        found = self._read(topic, scope, k) if topic and not trace.reading.quotes else trace
        if found is trace or not found.reading.quotes or found.reading.confidence < 1:
            return trace
        return replace(found, seconds=_both(trace, found))

    def _told_by_others(self, names: Iterable[str], asked: str, scope: Scope, k: int, trace: Trace) -> Trace:
        """What others say that one of these said, where his own words do not tell: they must name him."""
        others = self._read(asked, scope, k)
        seconds = _both(trace, others)
        told = tuple(quote for quote in others.reading.quotes if any(is_named(name, quote.quote) for name in names))
        if told:
            return replace(others, reading=replace(others.reading, quotes=told), seconds=seconds)
        reading = replace(trace.reading, exchange=others.reading.exchange)
        return replace(trace, reading=reading, seconds=seconds, scope=scope)

    def _read(self, asked: str, scope: Scope, k: int, note: str = "") -> Trace:
        began = perf_counter()
        hits, reports = self.search(asked, scope, k)
        searched = perf_counter()
        reading = self.reader.read(asked, hits, scope)
        if reading.odds and not self.models.reranker:
            hits = reranker.as_read(hits, reading.odds)
        return Trace(reading, tuple(hits), reports, note, (searched - began, perf_counter() - searched), scope)

    def _held(self, scope: Scope) -> list[Transcript]:
        return [t for t in self.library.transcripts() if not scope.transcripts or t.id in scope.transcripts]

    def _check(self, quote: Span) -> None:
        """Reads the quote again from what is stored. Raises LibraryError if it does not stand there, word for word."""
        stored = self.library.transcript(quote.transcript.id)
        if stored is None or stored.text[quote.start : quote.end] != quote.quote:
            raise LibraryError(f"{quote.transcript.source} changed while you asked; ask again")

    def search(
        self, question: str, scope: Scope = Scope(), k: int = HITS
    ) -> tuple[list[Hit], tuple[RetrieverReport, ...]]:
        """The ``k`` best passages, and what each retriever did. Raises QAError."""
        asked = check_question(question)
        if not self.models.reranker:
            return self.library.search(asked, k, scope)
        hits, reports = self.library.search(asked, max(k, reranker.DEPTH), scope)
        return reranker.load(self.models.reranker).rerank(asked, hits)[:k], reports

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.library.close()


def open_library(
    path: str | Path, *, index_at: str | Path | None = None, load: EncoderLoader = load_encoder
) -> Pipeline:
    """Opens a library, or a folder or file of transcripts, which is indexed first (into ``.qa`` in that folder, for one
    file into a library of its own there, unless told). Raises QAError."""
    folder = Path(path)
    if (folder / DATABASE).exists():
        return Pipeline(Library(folder, load))
    own = folder / FOLDER if folder.is_dir() else folder.parent / FOLDER / folder.name
    home = Path(index_at) if index_at else own
    report = index(home, [folder], load=load)
    if report.failed and not (report.added or report.replaced or report.unchanged):
        raise TranscriptError(report.failed[0])
    return Pipeline(Library(home, load))


def _both(first: Trace, second: Trace) -> tuple[float, float]:
    """Seconds of what was done twice."""
    return first.seconds[0] + second.seconds[0], first.seconds[1] + second.seconds[1]
