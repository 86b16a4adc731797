"""The nouns and the protocols of the project.

Offsets are half-open and count Unicode code points of ``Transcript.text``. Nothing here holds a copy of a
transcript's words: a Span is a view, so a quote cannot differ from its source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Role = Literal["heading", "question", "answer", "statement", "moderation"]
Outcome = Literal["answered", "asked_not_answered", "not_in_record"]


class Range(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


class Moment(NamedTuple):
    """From this character on the recording's clock shows ``seconds``."""

    start: int
    seconds: float


class Page(NamedTuple):
    """From this character on the words stand on the page with this label, in the file ``source`` if not the first."""

    start: int
    label: str
    source: str = ""


class Turn(NamedTuple):
    """What one speaker says without interruption; the speaker's label lies outside ``start:end``.

    A heading (title, dateline, list of participants) is a turn that nobody spoke: role "heading", speaker "".
    """

    start: int
    end: int
    speaker: str = ""
    role: Role = "statement"
    seconds: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """One event: its text, and the turns and paragraphs as ranges of that text. Identity is the content hash."""

    id: str
    sha256: str = field(compare=False)
    text: str = field(compare=False, repr=False)
    turns: tuple[Turn, ...] = field(compare=False, repr=False)
    paragraphs: tuple[Range, ...] = field(compare=False, repr=False)
    title: str = field(default="", compare=False)
    date: str = field(default="", compare=False)
    source: str = field(default="", compare=False)
    url: str = field(default="", compare=False)
    language: str = field(default="", compare=False)
    moments: tuple[Moment, ...] = field(default=(), compare=False, repr=False)
    pages: tuple[Page, ...] = field(default=(), compare=False, repr=False)
    _asked: tuple[int, ...] = field(init=False, compare=False, repr=False)  # the turns that ask, ascending

    def __post_init__(self) -> None:
        asked = tuple(i for i, turn in enumerate(self.turns) if turn.role == "question")
        object.__setattr__(self, "_asked", asked)  # frozen

    def turn_at(self, offset: int) -> int:
        """Index of the turn that holds ``offset``, or -1 if it lies in no turn."""
        index = bisect_right(self.turns, offset, key=lambda turn: turn.start) - 1
        return index if index >= 0 and offset < self.turns[index].end else -1

    def paragraph_at(self, offset: int) -> int:
        """Number of the spoken paragraph that holds ``offset``, counted from 1; 0 in a heading."""
        index = bisect_right(self.paragraphs, offset, key=lambda paragraph: paragraph.start) - 1
        return index + 1 if index >= 0 and offset < self.paragraphs[index].end else 0

    def seconds_at(self, offset: int) -> float | None:
        """What the clock shows when ``offset`` is said: the last moment known in its turn, or the turn's begin."""
        turn = self.turns[self.turn_at(offset)]
        index = bisect_right(self.moments, offset, key=lambda moment: moment.start) - 1
        known = index >= 0 and self.moments[index].start >= turn.start
        return self.moments[index].seconds if known else turn.seconds

    def page_at(self, offset: int) -> Page | None:
        """The page that ``offset`` stands on; None where the source has no pages."""
        index = bisect_right(self.pages, offset, key=lambda page: page.start) - 1
        return self.pages[index] if index >= 0 else None

    def question_of(self, turn: int) -> int:
        """Index of the question that ``turn`` replies to, or -1. Follows an exchange back over its other turns."""
        if self.turns[turn].role != "answer":
            return -1
        before = bisect_right(self._asked, turn)
        return self._asked[before - 1] if before else -1

    def answered(self) -> list[int]:
        """Indices of the questions that a turn replies to, ascending."""
        return sorted({self.question_of(turn) for turn in range(len(self.turns))} - {-1})

    def speakers(self) -> list[str]:
        """The speakers as labelled, in order of appearance."""
        return list(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker))


@dataclass(frozen=True, slots=True)
class Span:
    """A view into one turn of a transcript. A citation is a Span."""

    transcript: Transcript
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.transcript.text[self.start : self.end]

    @property
    def turn(self) -> int:
        """Index into ``transcript.turns``."""
        return self.transcript.turn_at(self.start)

    @property
    def speaker(self) -> str:
        return self.transcript.turns[self.turn].speaker

    @property
    def role(self) -> Role:
        return self.transcript.turns[self.turn].role

    @property
    def paragraph(self) -> int:
        """Counted from 1 over all spoken paragraphs; 0 in a heading."""
        return self.transcript.paragraph_at(self.start)

    @property
    def page(self) -> str:
        """Label of the page it begins on; "" where the source has no pages."""
        page = self.transcript.page_at(self.start)
        return page.label if page else ""

    @property
    def seconds(self) -> float | None:
        """When it is said, as near as the source tells."""
        return self.transcript.seconds_at(self.start)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed. Each piece lies within one turn; several pieces are short turns joined for search.

    ``context`` (the question replied to, the speaker) is embedded and searched, never quoted.
    """

    transcript: Transcript
    pieces: tuple[Range, ...]
    context: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.transcript.text[start:end] for start, end in self.pieces)

    @property
    def embedded(self) -> str:
        """What the encoder reads."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    @property
    def span(self) -> Span:
        """The longest piece: what stands for this passage where one quote is shown."""
        start, end = max(self.pieces, key=lambda piece: (piece.end - piece.start, -piece.start))
        return Span(self.transcript, start, end)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: its score (the fused one, or with a say of what read it), its BM25 (None: it shares no word with
    the question) and its cosine (None: the vectors could not be searched). ``sentences`` are the vectors of its
    sentences, ``(k, dim)`` float32, where kept."""

    passage: Passage
    score: float
    lexical: float | None = None
    dense: float | None = None
    sentences: Vectors | None = field(default=None, compare=False, repr=False)

    @property
    def span(self) -> Span:
        return self.passage.span


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look. Empty means everywhere; speakers are matched on the utterance, never on the file."""

    transcripts: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()

    def admits(self, transcript: Transcript, offset: int) -> bool:
        """Whether the utterance at ``offset`` is to be searched."""
        if self.transcripts and transcript.id not in self.transcripts:
            return False
        return not self.speakers or transcript.turns[transcript.turn_at(offset)].speaker in self.speakers


@dataclass(frozen=True, slots=True)
class RetrieverReport:
    """What one retriever did for one question; ``error`` is shown to the user, never swallowed. ``seconds`` that it
    took: of the dense one with encoding the question."""

    name: str
    found: int
    error: str = ""
    seconds: float = field(default=0.0, compare=False)


class Searched(NamedTuple):
    """What was looked through for an answer: passages, transcripts, and the titles of the first of these."""

    passages: int
    transcripts: int
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Verbatim citations, best first, a list's as it was spoken, or none: then ``hits`` are the closest passages and
    nothing more, and ``exchange``, if there is one, is where somebody asked the same: the question, and two sentences
    of the reply, its first ones or from the one that declines to answer.

    ``note`` is said by nobody: what follows from the transcript's structure. ``threshold``: confidence to answer from.
    ``searched`` is None where nothing was searched.
    """

    question: str
    citations: tuple[Span, ...]
    hits: tuple[Hit, ...]
    confidence: float
    retrievers: tuple[RetrieverReport, ...] = ()
    note: str = ""
    exchange: tuple[Span, ...] = ()
    threshold: float = 0.0
    searched: Searched | None = None

    @property
    def outcome(self) -> Outcome:
        if self.citations:
            return "answered"
        return "asked_not_answered" if self.exchange else "not_in_record"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of the hits: quotes, best first or as a list was spoken, and how sure it is that the sentence
    that it ranks first answers (0 to 1). ``ranked``: every sentence that was weighed, best first, also where nothing is
    quoted; ``exchange``: then perhaps who asked the same, and the reply; ``threshold``: the confidence from which on it
    quotes; ``odds``: of each hit, log odds that a sentence of it that may be quoted answers, none if no model read
    them."""

    quotes: tuple[Span, ...]
    confidence: float
    ranked: tuple[Span, ...] = ()
    exchange: tuple[Span, ...] = ()
    threshold: float = 0.0
    odds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer comes about: what was found and where it was looked for, what the reader makes of it, what is to be
    said beside it, and the seconds that searching and reading took."""

    reading: Reading
    hits: tuple[Hit, ...] = ()
    retrievers: tuple[RetrieverReport, ...] = ()
    note: str = ""
    seconds: tuple[float, float] = (0.0, 0.0)
    scope: Scope = Scope()


class Encoder(Protocol):
    """Texts to unit vectors. A SentenceTransformer fits unwrapped."""

    def encode_query(self, sentences: list[str], **kwargs: Any) -> Any:
        """``(n, dim)`` float32, unit rows."""

    def encode_document(self, sentences: list[str], **kwargs: Any) -> Any:
        """``(n, dim)`` float32, unit rows."""


class VectorStore(Protocol):
    """Nearest passages by cosine, over unit vectors numbered from 0."""

    def search(self, vector: Vectors, k: int, among: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The ``k`` best (number, cosine) for one ``(dim,)`` vector, best first, ``among`` those numbers only."""


class Retriever(Protocol):
    """Finds passages. Equal scores are ordered by (transcript, start)."""

    def search(self, question: str, k: int, scope: Scope = ...) -> list[Hit]: ...


class SentenceScorer(Protocol):
    """A trained model that reads question and passage together."""

    def score(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        """For each passage ``(sentences,)`` float32: log odds that the sentence answers."""


class Reader(Protocol):
    """Chooses the sentences that answer, or none."""

    def read(self, question: str, hits: Sequence[Hit], scope: Scope = ...) -> Reading: ...


TokenCounter = Callable[[list[str]], list[int]]
"""Texts to the number of tokens each has in the encoder, special tokens left out."""
