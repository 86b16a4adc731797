"""Question sets to training examples: a question, some passages, and which of their sentences answer.

The passages are the project's own, cut and framed as `qa index` does it; the wrong ones are those that the search ranks
highest, in the question's own document and among all others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.sets import Collection, Document, lines, passages_of
from qa.encoder import PassageEncoder
from qa.evidence import Scales
from qa.question import understand
from qa.reader import Weights, eligible
from qa.text import spans_of
from qa.transcripts import read
from qa.types import Hit, Passage, Vectors

HERE = Path(__file__).parent
SETS = ("pressqa", "written", "more", "squad2_calib", "selqa")
_WRONG = 2  # passages beside the one that answers
_FAR = 0.5  # share of the questions that get one of them from another document
_ASTRAY = 0.15  # share of the answerable questions that are put to another document too
_NEAR = 8  # passages that the wrong ones are taken from
_PARTS = ("train", "train", "fit", "train", "train", "report")  # the documents' parts, in turn
# Written for the project: the file that names the excerpts, and the parts of these in turn. "later" was written when
# the model was trained already, "fresh" is on documents of which nothing was ever trained on, "spoken" on what a speech
# recogniser wrote down.
_OURS = {
    "written": ("excerpts", _PARTS), "later": ("excerpts", ("report",)), "more": ("more_excerpts", ("train",)),
    "further": ("further_excerpts", ("train",)), "press": ("press_excerpts", ("train",)),
    "sections": ("sections_excerpts", ("train",)), "conferences": ("conferences_excerpts", ("train",)),
    "paragraphs": ("paragraphs_excerpts", ("train",)), "articles": ("articles_texts", ("train",)),
    "fresh": ("fresh_excerpts", ("fit", "report")), "spoken": ("spoken_excerpts", ("report",)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """``gold`` holds for each passage the indexes of the sentences that answer; all empty: none does. ``others`` are
    what all else but the reader says for each sentence, minus infinity for those that are never quoted."""

    question: str
    passages: tuple[Passage, ...]
    gold: tuple[frozenset[int], ...]
    others: tuple[Vectors, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Documents and questions in the common form (see the README of the evaluation data)."""

    documents: list[Document]
    questions: list[dict[str, Any]]
    parts: tuple[str, ...] = _PARTS

    def part(self, name: str) -> QuestionSet:
        """ "train", "fit" or "report": whole documents, of those that are asked about."""
        asked = {question["doc_id"] for question in self.questions}
        numbered = [(i, d) for i, d in enumerate(self.documents) if d.id in asked]
        kept = [d for i, d in numbered if self.parts[i % len(self.parts)] == name]
        ids = {document.id for document in kept}
        return QuestionSet(kept, [q for q in self.questions if q["doc_id"] in ids])


def question_set(name: str, eval_folder: Path) -> QuestionSet:
    if name in _OURS:
        return _ours(eval_folder, name)
    corpus = list(lines(eval_folder / name / "corpus.jsonl"))
    asked = list(lines(eval_folder / name / "questions.jsonl"))
    if name == "selqa":
        corpus, asked = _joined(corpus, asked)
    return QuestionSet([Document(line) for line in corpus], asked)


def examples(given: QuestionSet, encoder: PassageEncoder, seed: int) -> Iterator[Example]:
    """An example a question: an unanswerable one gets the passages nearest to it. Of some answerable ones another is
    made with the nearest passages of another document, where nothing answers."""
    chance = random.Random(seed)
    passages = {document.id: passages_of(document, encoder) for document in given.documents}
    everything = Collection.of([p for own in passages.values() for p in own], encoder)
    collections = {name: Collection.of(own, encoder) for name, own in passages.items()}
    asked = sorted(given.questions, key=lambda question: str(question["doc_id"]))
    for name, questions in groupby(asked, key=lambda question: str(question["doc_id"])):
        document = next(d for d in given.documents if d.id == name)
        for question in questions:
            found = collections[name].retriever.search(question["question"], len(passages[name]))
            near = found[:_NEAR]
            if not question["answerable"]:
                yield _unanswered(question["question"], _tempting(question, document, near))
                continue
            gold = {hit.passage: own for hit in found if (own := answering(document, hit.passage, question))}
            wrong = [hit for hit in near if hit.passage not in gold]
            # The nearest wrong passage always, and another one from a little further away or from another document.
            chosen = wrong[:1] + chance.sample(wrong[1:], min(_WRONG - 1, len(wrong[1:])))
            if chance.random() < _FAR:
                chosen = wrong[:1] + _elsewhere(everything, question["question"], name)
            hits = [hit for hit in found if hit.passage in gold][:2] + chosen
            yield Example(
                question["question"], tuple(hit.passage for hit in hits),
                tuple(gold.get(hit.passage, frozenset()) for hit in hits),
                others(question["question"], hits, encoder),
            )  # fmt: skip
            if chance.random() < _ASTRAY and len(collections) > 1:
                other = chance.choice([another for another in collections if another != name])
                yield _unanswered(
                    question["question"], collections[other].retriever.search(question["question"], _WRONG + 1)
                )


def _elsewhere(everything: Collection, question: str, name: str) -> list[Hit]:
    """The nearest passage of another document, unless it is the nearest of all: that one may well answer too."""
    found = everything.retriever.search(question, _NEAR)
    return [hit for hit in found[1:] if hit.passage.transcript.id != name][:1]


def _tempting(question: dict[str, Any], document: Document, near: Sequence[Hit]) -> Sequence[Hit]:
    against = set(question.get("distractor_turns", []))
    return [hit for hit in near if not against or document.turns_of(hit.passage) & against][: _WRONG + 1] or near[:1]


def _unanswered(question: str, hits: Sequence[Hit]) -> Example:
    return Example(question, tuple(hit.passage for hit in hits), tuple(frozenset[int]() for _ in hits), ())


def others(question: str, hits: Sequence[Hit], encoder: PassageEncoder) -> tuple[Vectors, ...]:
    """An example's, as the program weighs it without the reader."""
    asked = understand(question)
    scales, ranking = Scales(encoder, None), np.array(Weights.load().ranking)
    scores = [np.full(len(spans_of(hit.passage)), -np.inf, np.float32) for hit in hits]
    candidates = eligible(asked, hits)
    if candidates:
        weighed = scales.weigh(asked, hits, candidates).table @ ranking
        for candidate, weight in zip(candidates, weighed, strict=True):
            scores[candidate.rank][candidate.place] = weight
    return tuple(scores)


def answering(document: Document, passage: Passage, question: dict[str, Any]) -> frozenset[int]:
    """Indexes of the passage's sentences that share more than half of the shorter one with an answer."""
    answers = question["answer_spans"] + question.get("also_spans", []) if question["answerable"] else []
    return frozenset(
        place
        for place, span in enumerate(spans_of(passage))
        if any(document.shares(span, answer) for answer in answers)
    )


# -- other forms to the common one ----------------------------------------------------------------------------------


def _ours(eval_folder: Path, name: str) -> QuestionSet:
    """The questions that were written for the project: on excerpts of public transcripts and on pages of its own."""
    excerpts, parts = _OURS[name]
    corpus, places = [], {}
    for excerpt in lines(HERE / "questions" / f"{excerpts}.jsonl"):
        written = "texts" in excerpt  # not cut out of a document
        line, places[excerpt["ex"]] = _article(excerpt) if written else _excerpt(excerpt, _whole(eval_folder, excerpt))
        corpus.append(line)
    for page in sorted((HERE / "pages").glob("*.txt")) if excerpts == "excerpts" else ():
        line, places[page.stem] = _page(page)
        corpus.append(line)
    asked = [_in_common_form(q, places[q["ex"]]) for q in lines(HERE / "questions" / f"{name}.jsonl")]
    return QuestionSet([Document(line) for line in corpus], asked, parts)


def _whole(eval_folder: Path, excerpt: dict[str, Any]) -> dict[str, Any]:
    """The line that the excerpt is from, or one made of a transcript beside the sets."""
    if "file" in excerpt:
        transcript = read(eval_folder.parent / "raw_transcripts" / excerpt["file"])
        turns = [{"speaker": t.speaker, "text": transcript.text[t.start : t.end]} for t in transcript.turns]
        return {"title": transcript.title, "turns": turns}
    whole = next(x for x in lines(eval_folder / excerpt["set"] / "corpus.jsonl") if x["doc_id"] == excerpt["doc_id"])
    return _joined([whole], [])[0][0] if excerpt["set"] == "selqa" else whole


Place = tuple[int, int, int]  # turn, start, end


def _excerpt(excerpt: dict[str, Any], whole: dict[str, Any]) -> tuple[dict[str, Any], list[Place]]:
    turns: list[dict[str, str]] = []
    places: list[Place] = []
    for turn, sentences in groupby(excerpt["sentences"], key=lambda sentence: sentence[0]):
        ranges = [(start, end) for _, start, end in sentences]
        first, last = ranges[0][0], ranges[-1][1]
        places += [(len(turns), start - first, end - first) for start, end in ranges]
        said = whole["turns"][turn]
        turns.append({"speaker": said["speaker"], "text": said["text"][first:last]})
    return {"doc_id": excerpt["ex"], "title": whole["title"], "turns": turns}, places


def _article(article: dict[str, Any]) -> tuple[dict[str, Any], list[Place]]:
    """A paragraph that was written for the project, as its sentences."""
    places: list[Place] = []
    at = 0
    for text in article["texts"]:
        places.append((0, at, at + len(text)))
        at += len(text) + 1
    turn = {"speaker": "", "text": " ".join(article["texts"])}
    return {"doc_id": article["ex"], "title": article["title"], "turns": [turn]}, places


def _page(file: Path) -> tuple[dict[str, Any], list[Place]]:
    """A title, then "SPEAKER:" lines and numbered sentences, "[1] ...", one a line."""
    title, *rest = file.read_text(encoding="utf-8").splitlines()
    turns: list[dict[str, str]] = []
    places: list[Place] = []
    for line in filter(None, map(str.strip, rest)):
        numbered = re.match(r"\[\d+\] (.*)", line)
        if not numbered:
            turns.append({"speaker": line.rstrip(":"), "text": ""})
            continue
        text = f"{turns[-1]['text']} {numbered[1]}".strip()
        places.append((len(turns) - 1, len(text) - len(numbered[1]), len(text)))
        turns[-1]["text"] = text
    return {"doc_id": file.stem, "title": title, "turns": turns}, places


def _in_common_form(question: dict[str, Any], places: list[Place]) -> dict[str, Any]:
    spans = {
        key: [dict(zip(("turn", "start", "end"), places[number - 1], strict=True)) for number in question[key]]
        for key in ("sentences", "also")
    }
    return {
        "doc_id": question["ex"], "question": question["question"], "kind": question["kind"],
        "answerable": bool(question["sentences"]), "answer_spans": spans["sentences"], "also_spans": spans["also"],
    }  # fmt: skip


def _joined(corpus: list[dict[str, Any]], asked: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[Any]]:
    """A section's sentences, a turn each, become one turn; the answers' offsets move with them."""
    moved, starts = [], {}
    for line in corpus:
        texts = [turn["text"].strip() for turn in line["turns"]]
        starts[line["doc_id"]] = [sum(len(text) + 1 for text in texts[:i]) for i in range(len(texts))]
        moved.append({**line, "turns": [{"speaker": "", "text": " ".join(texts)}]})
    spans = [
        [
            {"turn": 0, "start": starts[q["doc_id"]][s["turn"]], "end": starts[q["doc_id"]][s["turn"]] + len(s["text"])}
            for s in q["answer_spans"]
        ]
        for q in asked
    ]
    return moved, [{**q, "answer_spans": own} for q, own in zip(asked, spans, strict=True)]
