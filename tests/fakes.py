"""Small real parts for tests: an encoder that hashes words, and transcripts made of turns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa import transcripts
from qa.encoder import PassageEncoder
from qa.text import content_terms, spans_of, terms
from qa.types import Passage, Range, Transcript, Vectors

DIM = 64


class HashingModel:
    """Sums a fixed pseudo-random direction for each term: texts that share words are near each other."""

    max_seq_length = 130

    class tokenizer:
        @staticmethod
        def num_special_tokens_to_add() -> int:
            return 2


class HashingEncoder(PassageEncoder):
    """Keeps the interface of PassageEncoder; a token is four characters or a CJK character."""

    encoded = 0

    @property
    def dim(self) -> int:
        return DIM

    def count(self, texts: list[str]) -> list[int]:
        return [sum(1 if ord(c) > 0x2E7F else 0 for c in text) + (len(text) + 3) // 4 for text in texts]

    def encode_query(self, sentences: list[str], **kwargs: Any) -> Vectors:
        return np.array([_direction(text) for text in sentences], dtype=np.float32).reshape(-1, DIM)

    def encode_document(self, sentences: list[str], progress: Any = None, **kwargs: Any) -> Vectors:
        HashingEncoder.encoded += len(sentences)
        if progress:
            progress(len(sentences))
        return self.encode_query(sentences)

    def encode_passages(
        self, texts: list[str], sentences: Sequence[Sequence[Range]], progress: Any = None
    ) -> tuple[Vectors, list[Vectors]]:
        vectors = self.encode_document(texts, progress)
        pairs = zip(texts, sentences, strict=True)
        return vectors, [self.encode_query([text[start:end] for start, end in own]) for text, own in pairs]


def hashing(name: str = "hashing") -> PassageEncoder:
    return HashingEncoder(name, hashlib.sha256(name.encode()).hexdigest(), HashingModel())  # type: ignore[arg-type]


class OverlapScorer:
    """Keeps the SentenceScorer protocol: the number of terms that a sentence shares with the question, less one."""

    def score(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        wanted = set(content_terms(question))
        return [
            np.array([len(wanted & set(terms(span.quote))) - 1 for span in spans_of(passage)], dtype=np.float32)
            for passage in passages
        ]


def _direction(text: str) -> Vectors:
    total = np.zeros(DIM, dtype=np.float32)
    for term in terms(text) or ["nothing"]:
        seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:8], "big")
        total += np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
    return total / np.linalg.norm(total)


def spoken(*turns: tuple[str, str], source: str = "made.json", **head: str) -> Transcript:
    """A transcript of (speaker, text) turns."""
    return transcripts.parse(as_json(*turns, **head), source)


def as_json(*turns: tuple[str, str], **head: str) -> bytes:
    return json.dumps({**head, "turns": [{"speaker": s, "text": t} for s, t in turns]}).encode()


def write_hearing(folder: Path, name: str = "hearing.json", load: str = "three tonnes") -> Path:
    """A small hearing with two speakers and a question."""
    file = folder / name
    file.write_bytes(as_json(
        ("Chair Okafor", "When was the load limit lowered, and who was told about it?"),
        ("Lena Brandt", f"It was lowered to {load} on 4 November 2022. "
         "The operators were told in writing the same week. "
         "The residents were not told, and I accept that this was a mistake."),
        ("Chair Okafor", "Thank you. Does the crane work at night?"),
        ("Lena Brandt", "The crane does not work at night. The night shifts ended on 30 June."),
        title="Harbour Committee, public hearing", date="2024-03-12",
    ))  # fmt: skip
    return file
