"""Questions that nothing answers any more, made of those that something answers: what answers is left out of the
passages, or the question asks for something else in nearly the same words (another name or number of the text, the
opposite, a negation: the ways in which SQuAD 2.0's questions mislead, Rajpurkar et al. 2018, table 1).

Now and then the altered question is answered all the same; most are not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.text import spans_of, words
from qa.types import Passage, Range
from training.examples import Example

_UNSAID = 0.2  # share of the answerable questions that get what answers left out
_ALTERED = 0.5  # and that are altered, where there is something to alter
_MOST = 2  # passages of such an example

# Of what begins a sentence only several words are a name, and not "The Danube".
_NAMES = re.compile(
    r"(?<![\w’'-])(?:(?<=[a-z,] )[A-Z][\w-]+(?: [A-Z][\w-]+)*|(?!The |In |A |An )[A-Z][\w-]+(?: [A-Z][\w-]+)+)"
)
_NUMBERS = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
_NOT = re.compile(r"^((?:Who|Which \w+|What \w+) (?:is|are|was|were|has|had|can|could|will|would)) (?!not|never)")
_PAIRS = """
first last; before after; more less; most least; largest smallest; larger smaller; highest lowest; higher lower;
increase decrease; increased decreased; increases decreases; increasing decreasing; rise fall; rising falling; rose
fell; growth decline; grew shrank; oldest youngest; older younger; earliest latest; early late; earlier later; north
south; northern southern; east west; eastern western; begin end; began ended; beginning end; start finish; started
finished; win lose; won lost; birth death; founded dissolved; built destroyed; opened closed; open close; joined left;
import export; imports exports; imported exported; best worst; better worse; good bad; strong weak; stronger weaker;
strength weakness; support oppose; supported opposed; supporters opponents; allow forbid; allowed forbidden; accept
reject; accepted rejected; male female; men women; father mother; son daughter; husband wife; brother sister; buy
sell; bought sold; maximum minimum; above below; inside outside; public private; legal illegal; common rare; advantage
disadvantage; advantages disadvantages; domestic foreign; easy difficult; easier harder; fast slow; faster slower;
agree disagree; agreed disagreed; upside downside; raise cut; raising cutting; gains losses; success failure;
succeeded failed; included excluded; long short; longer shorter; longest shortest; high low; old new; ancient modern;
hot cold; warm cool; rich poor; deep shallow; upper lower; winter summer; day night; positive negative; majority
minority; include exclude; possible impossible; able unable; likely unlikely; necessary unnecessary; successful
unsuccessful; popular unpopular
"""
_OPPOSITES = {
    one: other
    for pair in _PAIRS.replace("\n", " ").split(";")
    for one, other in (pair.split(), pair.split()[::-1])
}  # fmt: skip
_WORDS = re.compile(r"[a-z']+")


def variants(example: Example, chance: random.Random, named: bool) -> Iterator[Example]:
    """Of some answerable examples: without what answers, and with an altered question. ``named``: names may be
    exchanged too; where people speak, what is asked about one is often answered with another's name as well."""
    if chance.random() < _UNSAID:
        left = [unsaid(passage, gold) for passage, gold in zip(example.passages, example.gold, strict=True)]
        if kept := [passage for passage in left if passage]:
            yield _unanswered(example.question, kept)
    if chance.random() < _ALTERED and (question := altered(example.question, example.passages, chance, named)):
        yield _unanswered(question, example.passages)


def _unanswered(question: str, passages: Sequence[Passage]) -> Example:
    return Example(question, tuple(passages[:_MOST]), tuple(frozenset[int]() for _ in passages[:_MOST]), ())


def unsaid(passage: Passage, gold: frozenset[int]) -> Passage | None:
    """The passage without its sentences ``gold``; None if nothing is left."""
    pieces: list[Range] = []
    before = -1
    for place, span in enumerate(spans_of(passage)):
        if place in gold:
            continue
        follows = pieces and before == place - 1 and passage.transcript.turn_at(pieces[-1].start) == span.turn
        pieces[-1:] = [Range(pieces[-1].start, span.end)] if follows else [*pieces[-1:], Range(span.start, span.end)]
        before = place
    return replace(passage, pieces=tuple(pieces)) if pieces else None


def altered(question: str, passages: Sequence[Passage], chance: random.Random, named: bool) -> str:
    """The question asking for something else; "" if there is no way."""
    text = "\n".join(passage.text for passage in passages)
    ways = [
        _another(question, _NUMBERS, text, chance) or _number(question, chance),
        _opposite(question, chance),
        _another(question, _NAMES, text, chance) if named else "",
        _NOT.sub(r"\1 not ", question) if _NOT.match(question) else "",
    ]
    possible = [way for way in ways if way]
    return chance.choice(possible) if possible else ""


def _another(question: str, form: re.Pattern[str], text: str, chance: random.Random) -> str:
    """With one of the text's names or numbers, about as long, instead of one of its own."""
    own = [match for match in form.finditer(question) if match.start()]
    if not own:
        return ""
    taken = chance.choice(own)
    known = set(words(question))
    others = sorted({
        found for found in form.findall(text)
        if known.isdisjoint(words(found)) and abs(len(found.split()) - len(taken[0].split())) < 2
        and (not found[0].isdigit() or len(found) == len(taken[0]))
    })  # fmt: skip
    return f"{question[: taken.start()]}{chance.choice(others)}{question[taken.end() :]}" if others else ""


def _number(question: str, chance: random.Random) -> str:
    """With another last digit of one of its numbers."""
    own = list(_NUMBERS.finditer(question))
    if not own:
        return ""
    taken = chance.choice(own)
    digit = chance.choice([d for d in "123456789" if d != taken[0][-1]])
    return f"{question[: taken.end() - 1]}{digit}{question[taken.end() :]}"


def _opposite(question: str, chance: random.Random) -> str:
    found = [match for match in _WORDS.finditer(question) if match[0] in _OPPOSITES]
    if not found:
        return ""
    word = chance.choice(found)
    return f"{question[: word.start()]}{_OPPOSITES[word[0]]}{question[word.end() :]}"
