"""BM25 over stems and CJK bigrams (Robertson & Zaragoza 2009), kept by tantivy.

The passage's own words count in full, those of its context less: the question replied to, and other names of what it
names, long for short and short for long. Beside the passages it is kept which words each transcript has, to tell the
event that a question is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tantivy

from qa.abbreviations import also, initials
from qa.text import terms, wordings
from qa.types import Passage, Scope

_FIELDS = (("body", 1.0), ("context", 0.5))  # what a word counts that stands there
_HEAP = 64 * 2**20  # bytes
_TRANSCRIPTS = "transcripts"  # their index's folder

Pairs = list[tuple[int, float]]


class LexicalIndex:
    """Passages by number, in the order given at ``build``; equal scores are ordered by that number."""

    def __init__(self, passages: tantivy.Index, transcripts: tantivy.Index) -> None:
        self._schema = passages.schema
        self._passages = passages.searcher()
        self._transcripts = transcripts.searcher()

    @classmethod
    def build(cls, passages: Iterable[Passage], folder: Path | None = None) -> LexicalIndex:
        """Writes the index to an existing empty ``folder``, or keeps it in memory."""
        vocabularies: dict[str, _Vocabulary] = {}
        index = _written(_documents(passages, vocabularies), folder)
        return cls(index, _written(map(_Vocabulary.document, vocabularies.values()), _beside(folder)))

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Opens what ``build`` wrote. Raises ValueError or OSError if it is damaged."""
        return cls(tantivy.Index.open(str(folder)), tantivy.Index.open(str(folder / _TRANSCRIPTS)))

    def __len__(self) -> int:
        return int(self._passages.num_docs)

    def search(self, question: str, k: int, scope: Scope = Scope(), languages: Sequence[str] = ("",)) -> Pairs:
        """The ``k`` best (number, BM25 score), best first; only passages that share a word with the question, whose
        words are read in the record's ``languages``."""
        words = dict.fromkeys([*_terms(question, languages), *sorted(initials(question))])
        weighted = [self._term(word, name, weight) for word in words for name, weight in _FIELDS]
        must = [_either(self._schema, "transcript", scope.transcripts)] if scope.transcripts else []
        must += [_either(self._schema, "speaker", scope.speakers)] if scope.speakers else []
        must.append(_any(weighted))
        return _found(self._passages, tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in must]), k)

    def transcripts(self, question: str, languages: Sequence[str] = ("",)) -> Pairs:
        """Of every transcript with a word of the question the number of its first passage and a BM25 score in which
        each word counts once: rare words tell events apart, frequent ones are in all that are long."""
        words = [self._term(word, "body", 1.0) for word in dict.fromkeys(_terms(question, languages))]
        return _found(self._transcripts, _any(words), int(self._transcripts.num_docs))

    def _term(self, word: str, name: str, weight: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, word, "freq"), weight)


@dataclass(slots=True)
class _Vocabulary:
    """The words of a transcript, whose first passage has the number ``first``."""

    first: int
    words: set[str] = field(default_factory=set)

    def document(self) -> tantivy.Document:
        document = tantivy.Document()
        document.add_unsigned("number", self.first)
        document.add_text("body", " ".join(sorted(self.words)))
        return document


def _terms(question: str, languages: Sequence[str]) -> list[str]:
    return [term for word in wordings(question, languages) for term in sorted(word)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    for name, _ in _FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("transcript", "speaker"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _documents(passages: Iterable[Passage], vocabularies: dict[str, _Vocabulary]) -> Iterator[tantivy.Document]:
    """The passages, numbered; notes the words of their transcripts as they go by."""
    for number, passage in enumerate(passages):
        transcript = passage.transcript
        body = terms(passage.text, transcript.language)
        vocabularies.setdefault(transcript.id, _Vocabulary(number)).words.update(body)
        context = [*terms(passage.context, transcript.language), *sorted(also(transcript, passage.text))]
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_text("body", " ".join(body))
        document.add_text("context", " ".join(context))
        document.add_text("transcript", transcript.id)
        for start, _ in passage.pieces:
            document.add_text("speaker", transcript.turns[transcript.turn_at(start)].speaker)
        yield document


def _beside(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    (folder / _TRANSCRIPTS).mkdir()
    return folder / _TRANSCRIPTS


def _written(documents: Iterable[tantivy.Document], folder: Path | None) -> tantivy.Index:
    index = tantivy.Index(_schema(), str(folder) if folder else None)
    writer = index.writer(_HEAP, num_threads=1)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _found(searcher: tantivy.Searcher, query: tantivy.Query, k: int) -> Pairs:
    found = searcher.search(query, limit=max(1, k), count=False).hits
    numbers = searcher.fast_field_values("number", [address for _, address in found])
    pairs = ((int(number or 0), float(score or 0)) for number, (score, _) in zip(numbers, found, strict=True))
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _any(queries: list[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _either(schema: tantivy.Schema, field: str, values: frozenset[str]) -> tantivy.Query:
    """Any of the values; adds nothing to the score."""
    query = tantivy.Query.term_set_query(schema, field, sorted(values))
    return tantivy.Query.const_score_query(query, 0.0)
