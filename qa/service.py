"""One pipeline for a server: indexed, opened and loaded in the background while the page is already served."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from qa import inspection, worth
from qa.encoder import load as load_encoder
from qa.errors import LibraryError, NotHeldError, NotReadyError, QAError
from qa.indexing import Progress, index
from qa.library import EncoderLoader, Library
from qa.limits import AT_ONCE
from qa.overview import Overview
from qa.pipeline import HITS, Models, Pipeline
from qa.speakers import people
from qa.types import Answer, Hit, RetrieverReport, Span, Transcript
from qa.uploads import Uploads

_PATIENCE = 300.0  # seconds that a question waits for the model
_LOOKS = 0.1  # seconds between two looks whether the model is there
_NONE = "No transcript is chosen. Choose in the library which ones to ask."
_STALE = "The transcripts chosen are no longer in the library. Choose others there."
_GONE = "this transcript is no longer in the library"


class Service:
    """``corpus``, if it is a folder, is mirrored into the library in ``folder`` first. ``at_once`` questions are
    answered at a time, whoever asks: the page, HTTP or MCP."""

    def __init__(
        self, folder: Path, corpus: Path | None = None, load: EncoderLoader = load_encoder,
        models: Models = Models(), at_once: int = AT_ONCE,
    ) -> None:  # fmt: skip
        self._folder = folder
        self._corpus = corpus
        self._load = load
        self._models = models
        self._at_once = at_once
        self._uploads = Uploads(folder, load)
        self._overview = Overview()
        self._asking = threading.BoundedSemaphore(at_once)
        self._settled = threading.Event()
        self._failure = ""
        self._pipeline: Pipeline | None = None

    def start(self) -> None:
        threading.Thread(target=self._prepare, name="prepare", daemon=True).start()

    def _prepare(self) -> None:
        try:
            if self._corpus is not None and self._corpus.is_dir():
                index(self._folder, [self._corpus], load=self._load)
            pipeline = Pipeline(Library(self._folder, self._load), models=self._models)
            pipeline.reader.read("", [])  # loads the model, so that the first question need not
            pipeline.library.search("ready?", 1)
            _share_cores(self._at_once)
            gc.freeze()  # the models stay: to look through them for garbage holds up an answer by a quarter of a second
            self._pipeline = pipeline
        except QAError as error:
            self._failure = str(error)
        except Exception as error:  # whatever it is, the page must say so instead of waiting for ever
            self._failure = f"{type(error).__name__}: {error}".splitlines()[0]
        finally:
            self._settled.set()

    def status(self) -> str:
        """ "loading", "ready", or what went wrong."""
        return "loading" if not self._settled.is_set() else self._failure or "ready"

    async def loaded(self) -> None:
        """Returns once it is known whether questions can be answered. Whoever waits here holds no thread, of which the
        page itself needs one."""
        while not self._settled.is_set():
            await asyncio.sleep(_LOOKS)

    def pipeline(self) -> Pipeline:
        """Waits until it is there. Raises LibraryError if it never will be."""
        if not self._settled.wait(_PATIENCE):
            raise NotReadyError("the model is still loading; ask again in a minute")
        if self._pipeline is None:
            raise LibraryError(self._failure)
        return self._pipeline

    def ask(
        self, question: str, k: int = HITS, speakers: Sequence[str] = (), transcripts: Sequence[str] = ()
    ) -> Answer:
        """``transcripts`` by id, source or title, and ``speakers`` by name, are where to look; none: everywhere."""
        pipeline = self.pipeline()
        with self._asking:
            return pipeline.ask(question, pipeline.library.scope(transcripts, speakers), k)

    def ask_chosen(self, question: str, chosen: object) -> Answer:
        """``chosen``, as a browser sent it, holds the ids of the transcripts to ask; None: all. Those no longer held
        are passed over. Raises LibraryError where none is left."""
        if chosen is None:
            return self.ask(question)
        wanted = {one for one in chosen if isinstance(one, str)} if isinstance(chosen, list) else set()
        asked = [identity for identity, _ in self.titles() if identity in wanted]
        if not asked:
            raise NotHeldError(_STALE if wanted else _NONE)
        return self.ask(question, transcripts=asked)

    def search(
        self, question: str, k: int = HITS, speakers: Sequence[str] = (), transcripts: Sequence[str] = ()
    ) -> tuple[list[Hit], tuple[RetrieverReport, ...]]:
        pipeline = self.pipeline()
        with self._asking:
            return pipeline.search(question, pipeline.library.scope(transcripts, speakers), k)

    def inspect(self, name: str, content: bytes) -> inspection.Report:
        """What a file would be read as. Raises TranscriptError for one that cannot be read or is held already."""
        return self._uploads.inspect(name, content, self.pipeline().library)

    def add(self, name: str, content: bytes, progress: Progress = lambda done, total: None) -> Transcript:
        """Keeps the file in the library's folder and indexes it; ``progress`` gets passages read so far, and in all.
        Raises QAError, and then nothing is kept."""
        return self.transcript(self._uploads.add(name, content, self.pipeline().library, progress))

    def remove(self, identity: str) -> str:
        """Deletes what was added on the page, and its file; gives its title. Raises LibraryError for what was not, or
        is not held."""
        held = {head.id: head for head in self.pipeline().library.heads()}
        if identity not in held:
            raise NotHeldError(_GONE)
        self._uploads.remove(held[identity])
        return held[identity].title

    def overview(self) -> list[dict[str, Any]]:
        """Every transcript as a list shows it."""
        return self._overview.of(self.pipeline().library, self._uploads.holds)

    def titles(self) -> list[tuple[str, str]]:
        return self.pipeline().library.titles()

    def transcript(self, identity: str) -> Transcript:
        transcript = self.pipeline().library.transcript(identity)
        if transcript is None:
            raise NotHeldError(_GONE)
        return transcript


def _share_cores(at_once: int) -> None:
    """No more threads than cores: torch takes all of them for each question, and questions would wait for each other's
    threads."""
    import torch

    most = max(1, (os.cpu_count() or 1) // at_once)
    if torch.get_num_threads() > most:
        torch.set_num_threads(most)


def example_questions(transcripts: list[Transcript], most: int = 4) -> list[str]:
    """Questions that these transcripts can answer: what was asked in them, one of each in turn, then from their
    structure alone who asked and when it was."""
    asked = chain.from_iterable(zip_longest(*(worth.questions(transcript) for transcript in transcripts)))
    found = [question for question in asked if question]
    for transcript in transcripts:
        askers = dict.fromkeys(turn.speaker for turn in transcript.turns if turn.role == "question" and turn.speaker)
        found.extend(f"What did {asker} ask?" for asker in list(askers)[:2])
    if any(transcript.date for transcript in transcripts[:1]):
        found.append("When was this?")
    return list(dict.fromkeys(found))[:most]


def blocks(transcript: Transcript) -> list[dict[str, object]]:
    """The transcript as the page shows it: headings and paragraphs, each with its place and its exact text.

    ``after``: what stands between it and the next of its turn, so that what is marked across both is the exact quote.
    ``speaker`` and ``time`` are given where a turn begins, and ``person``, the first label of who has several; ``page``
    where a page does.
    """
    who = people(transcript.speakers())
    headings = [(turn.start, turn.end) for turn in transcript.turns if turn.role == "heading"]
    spans = [Span(transcript, start, end) for start, end in sorted([*headings, *transcript.paragraphs])]
    around = [None, *spans, None]
    return [_block(span, around[place], around[place + 2], who) for place, span in enumerate(spans)]


def _block(span: Span, before: Span | None, after: Span | None, who: dict[str, str]) -> dict[str, object]:
    first = before is None or span.turn != before.turn
    within = after is not None and after.turn == span.turn
    return {
        "start": span.start, "end": span.end, "text": span.quote, "turn": span.turn, "paragraph": span.paragraph,
        "role": span.role, "speaker": span.speaker if first else "", "time": span.seconds if first else None,
        "person": who.get(span.speaker, "") if first else "",
        "page": span.page if before is None or span.page != before.page else "",
        "after": span.transcript.text[span.end : after.start] if after and within else "",
    }  # fmt: skip
