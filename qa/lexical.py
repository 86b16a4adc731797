"""BM25 over stems and CJK bigrams (Robertson & Zaragoza 2009), kept by tantivy.

The passage's own words count in full, those of its context less: the question replied to, and other names of what it
names, long for short and short for long.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import tantivy

from qa.abbreviations import also, initials
from qa.text import content_terms, terms
from qa.types import Passage, Scope

_CONTEXT_WEIGHT = 0.5  # of a word that stands in the context only
_HEAP = 64 * 2**20  # bytes


class LexicalIndex:
    """Passages by number, in the order given at ``build``; equal scores are ordered by that number."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, passages: Iterable[Passage], folder: Path | None = None) -> LexicalIndex:
        """Writes the index to an existing empty ``folder``, or keeps it in memory."""
        index = tantivy.Index(_schema(), str(folder) if folder else None)
        writer = index.writer(_HEAP, num_threads=1)
        for number, passage in enumerate(passages):
            writer.add_document(_document(number, passage))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Opens what ``build`` wrote. Raises ValueError or OSError if it is damaged."""
        return cls(tantivy.Index.open(str(folder)))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, question: str, k: int, scope: Scope = Scope()) -> list[tuple[int, float]]:
        """The ``k`` best (number, BM25 score), best first; only passages that share a word with the question."""
        query = self._query(question, scope)
        found = self._searcher.search(query, limit=max(1, k), count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in found])
        pairs = ((int(number or 0), float(score or 0)) for number, (score, _) in zip(numbers, found, strict=True))
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _query(self, question: str, scope: Scope) -> tantivy.Query:
        words = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._index.schema, field, term, "freq"), weight)
            for term in dict.fromkeys([*content_terms(question), *sorted(initials(question))])
            for field, weight in (("body", 1.0), ("context", _CONTEXT_WEIGHT))
        ]
        must = [_either(self._index.schema, "transcript", scope.transcripts)] if scope.transcripts else []
        must += [_either(self._index.schema, "speaker", scope.speakers)] if scope.speakers else []
        some = tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in (some, *must)])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    for field in ("body", "context"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for field in ("transcript", "speaker"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(number: int, passage: Passage) -> tantivy.Document:
    transcript = passage.transcript
    document = tantivy.Document()
    document.add_unsigned("number", number)
    document.add_text("body", " ".join(terms(passage.text, transcript.language)))
    context = [*terms(passage.context, transcript.language), *sorted(also(transcript, passage.text))]
    document.add_text("context", " ".join(context))
    document.add_text("transcript", transcript.id)
    for start, _ in passage.pieces:
        document.add_text("speaker", transcript.turns[transcript.turn_at(start)].speaker)
    return document


def _either(schema: tantivy.Schema, field: str, values: frozenset[str]) -> tantivy.Query:
    """Any of the values; adds nothing to the score."""
    query = tantivy.Query.term_set_query(schema, field, sorted(values))
    return tantivy.Query.const_score_query(query, 0.0)
