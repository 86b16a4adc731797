"""Who asked: told by the label, by how a turn introduces itself, and by who was called on before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from qa.roles import is_outlets
from qa.speakers import TITLES, of_other_gender
from qa.text import STOPWORDS, words
from qa.types import Transcript

# "I'm Ann Lee with the Washington Post", "Reuters reporter here"; not every name that a question mentions.
_INTRODUCTION = re.compile(
    r"\b(?:I am|I['’]m|[Tt]his is|[Mm]y name is)\s+"
    r"(?=(?:an? (?:[\w-]+ )?(?:reporter|journalist|correspondent) )?(?:(?:with|from|at|for|of)\s+)?(?:the\s+)?[A-Z])"
    r"((?:(?!\babout\b)[^.?!]){1,80})|^([^.?!]{1,40}) here(?=\W*$|[,.;–—])"
)
# "Thank you, Nick." ends an exchange; "Thank you. Next, Nick." and "Thanks, go ahead, Nick" begin one.
_THANKS = re.compile(
    r"^\W*(?:okay,? |all right,? )?(?:thank you|thanks)\b(?!.*\b(?:next|go|to|turn|over|call)\b)", re.IGNORECASE
)
_OPENING = 200  # code points at a turn's beginning, or end, in which somebody is introduced, or called on
_CLAUSE = re.compile(r"(?<=\w\w)[.?!;]+(?:\s|$)|\n")  # not behind an initial
_CAPITAL = re.compile(r"[A-Z][\w.&'’-]*")
_BETWEEN = frozenset(
    "with from of at for and the here hi hello hey thanks thank you good morning afternoon evening yes yeah so okay ok "
    "next up first last final question our your go ahead to over turn call on please let's us we'll we have will take "
    "i'll one more now then right sorry all newspaper channel radio tv television".split()
)
_FOR = frozenset("with from at for of the".split())
# Behind these something is stated, and whom it names did not ask.
_STATING = frozenset("i you he she it we they that who which is are was were has have had reported said says".split())
_SHORT = 10  # words of a sentence that introduces or calls on somebody
_BACK = 6  # turns that one who was called on may go on asking for
_AGENCY = frozenset(("news", "agency"))  # left out where an outlet is well known


def is_meant(name: frozenset[str], question: str, transcript: Transcript, turn: int) -> bool:
    """Whether ``name``, as ``question`` has it, is that of who asks in the turn."""
    label = frozenset(words(transcript.turns[turn].speaker))
    short = label - TITLES - STOPWORDS
    last = [word for word in dict.fromkeys(words(question)) if word in name - _AGENCY][-1:]
    if of_other_gender(name, label):
        return False
    return (name - TITLES or name) <= label | introduced(transcript, turn) or (
        short <= name and not short.isdisjoint(last)
    )


def speaks(name: frozenset[str], question: str, transcript: Transcript, turn: int) -> bool:
    """Whether a name that stands anywhere in the question is that of who asks in the turn: a single word may as well be
    a word of an outlet's name, "China" of China Daily's."""
    if len(name) > 1:
        return is_meant(name, question, transcript, turn)
    label = transcript.turns[turn].speaker
    return name.issubset(words(label)) and not is_outlets(label, *name)


@lru_cache(maxsize=256)  # more turns than one question meets; each keeps its transcript in memory
def introduced(transcript: Transcript, turn: int) -> frozenset[str]:
    """The words that name who asks in the turn, besides the label; initials of what is written out too."""
    said = transcript.turns[turn]
    opening = transcript.text[said.start : min(said.end, said.start + _OPENING)]
    told = [_leading(match[1]) if match[1] else match[2] for match in _INTRODUCTION.finditer(opening)]
    told += [clause for clause in _CLAUSE.split(opening)[:3] if _only_names(clause, at_least=2)]
    return frozenset(word for clause in [*told, *_called_on(transcript, turn)] for word in _named(clause))


def _leading(clause: str) -> str:
    """The name, and for whom he asks: "Tom Brown from CNN" of "Tom Brown from CNN, and Reuters reported", "Li Na for
    Xinhua" of "Li Na, working for Xinhua"; nothing of "Powell's third conference"."""
    said = clause.split()
    kept: list[str] = []
    plain = [word.strip(",:;–—-").casefold().replace("’", "'") for word in said]
    aside = False  # behind a word that stands in no introduction
    for at, word in enumerate(said):
        is_name = bool(_CAPITAL.match(word))
        goes_on = is_name and at > 0 and (plain[at - 1] in _FOR or said[at - 1] in kept[-1:])
        if not kept and plain[at].endswith("'s") and not _CAPITAL.match(" ".join(said[at + 1 : at + 2])):
            return ""
        if plain[at] in _STATING or (
            plain[at] == "and" and at and said[at - 1][-1] == "," and plain[at + 1 :][:1] != ["i'm"]
        ):
            break
        aside = aside or not (is_name or plain[at] in _BETWEEN)
        if goes_on if aside else is_name or plain[at] in _BETWEEN:
            kept.append(word)
    return " ".join(kept)


def _called_on(transcript: Transcript, turn: int) -> list[str]:
    """What gave the floor: the end of the turn before, or of one before that if the same label only followed up."""
    turns = transcript.turns
    for before in range(turn - 1, max(turn - _BACK, 0) - 1, -1):
        said = turns[before]
        if said.speaker == turns[turn].speaker:
            continue
        ending = transcript.text[max(said.start, said.end - _OPENING) : said.end]
        clauses = [clause for clause in _CLAUSE.split(ending) if clause.strip()]
        if clauses and _only_names(clauses[-1], at_least=1) and not _THANKS.search(clauses[-1]):
            return clauses[-1:]
        if before > 0 and turns[before - 1].speaker != turns[turn].speaker:
            break
    return []


def _only_names(clause: str, at_least: int) -> bool:
    """Whether the clause holds names and what stands between them, but nobody's office."""
    said = clause.replace(",", " ").replace("’", "'").split()
    names = [word for word in said if _CAPITAL.match(word) and word.casefold() not in _BETWEEN]
    others = {word.casefold().strip(":–—-") for word in said if word not in names} - {""}
    if len(said) > _SHORT or len(names) < at_least:
        return False
    return others <= _BETWEEN and TITLES.isdisjoint(words(" ".join(names)))


def _named(clause: str) -> Iterable[str]:
    yield from words(clause)
    for run in re.split(r"(?:^|\s)[^A-Z\s]\S*|,", clause):
        letters = [word[0].casefold() for word in run.split()]
        yield from ("".join(letters[i:j]) for i in range(len(letters)) for j in range(i + 2, len(letters) + 1))
