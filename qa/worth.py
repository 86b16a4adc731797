"""Questions worth asking of a transcript: what was really asked in it, in English or Chinese, and stands for itself.

Nothing is put in: words are left out in front and behind alone, blanks are evened, the first letter is made a capital.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.text import STOPWORDS, count_roughly, is_cjk, is_interrogative, sentences_of, words
from qa.types import Range, Transcript

MOST = 6
_MARK = re.compile("[?？]")
_WORDS = range(6, 25)  # of a question: fewer lean on what was said before, more are not read at a glance
_CHARACTERS = range(12, 46)  # where each is a word
_BEST = 13  # words
_CONTENT = 3  # words beside function words: fewer name no subject
_AHEAD = 3  # of them before a pronoun that it may stand for

_AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|can|could|will|would|should|has|have|had)(?:n['’]t)?\s+(?!had|been|to\b|not\b)"
)
_ASKS = r"(?:what|which|who|whose|when|where|why|how)(?:['’](?:s|re|d|ll))?"
# Where a question may begin within its sentence, behind a pause and words that lead to it; behind a comma, "who" and
# "which" tell more of what stands before it.
_BEGIN = re.compile(
    rf"(?:^|[,;:]\s+|\s(?:[–—-]+|\.\.\.|…)\s*)(?:(?:and|but|so|or|then|well|now|okay|ok|yes|no|um|uh|just|also|first|"
    rf"secondly?|finally|specifically|basically|I guess|I mean|you know|like)\b,?\s+)*"
    rf"(?=(?:(?:in|on|at|to|for|with|by|under|from|about) )?(?<!, )(?:{_ASKS})\s|(?:what|why|how)\s|{_AUXILIARY})",
    re.IGNORECASE,
)
_LONGEST = 1000  # code points: what is longer is no question that stands for itself
_TAG = re.compile(r"\s*,\s*(?:right|you know|please|sir|ma['’]am|correct|okay|I guess|at all)\s*\?$", re.IGNORECASE)
_BROKEN = re.compile(r"—|–\s|--|\.\.\.|…|\[|\]|[\"“”?;]|\b(\w+),? \1\b|\b(?:um|uh|I mean|you know)\b", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:this|these|those|such|both)\b(?! (?:year|month|week|morning|afternoon|summer|winter|country|administration))"
    r"|^(?:\w+ )?that\b|\bthat\b(?! (?:(?:the|an?|you|we|your|our|people|there)\b|[A-Z]))"
    r"|\b(?:the|any) (?:same|other|latter|former)\b"
    r"|\b(?:else|question|mentioned|just said|earlier|here|hear me|next slide|you mean|elaborate|repeat|do so|one)\b"
)
_PRONOUN = re.compile(r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs)\b", re.IGNORECASE)
_ABOUT_ME = re.compile(r"\b(?:I|I['’]m|me|my|am)\b")
_HOLLOW = STOPWORDS | frozenset(
    "think explain talk give know see look thing things lot kind going get go come make sense way really right want "
    "actually like feel bit comment view thoughts guess mean sort maybe able point good back put take still yet "
    "even".split()
)

_ZH_BEGIN = re.compile(
    r"(?:^|[；：;:])\s*(?:(?:谢谢|謝謝|请问|請問|想问|想問|我想(?:问|問|请问|請問)(?:一下)?|我的(?:问题|問題)是|那么?|那麼|但是?|"
    r"所以|因此|而且|另外|如是者|第[一二三]|首先|其次|主席|局长|局長)[，,：:]?\s*)*"
)
_ZH_ASKS = re.compile(
    r"什[么麼]|如何|怎[么麼样樣]|哪|[为為]何|是否|能否|可否|[会會]否|多少|[谁誰]|何[时時]|有何|有[没沒]有|[吗嗎]|呢"
)
_ZH_POINTS = re.compile(
    r"[这這那此他她它我你您]|[閣阁]下|^[其便就则則才也又或並并而卻却的說说]|[难難]道|[豈岂]|對嗎|对吗"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    asker: str
    place: int
    score: float


@lru_cache(maxsize=16)
def questions(transcript: Transcript, most: int = MOST) -> tuple[str, ...]:
    """At most so many, in the order in which they were asked: the best of every asker before another one's second."""
    found: dict[str, list[_Candidate]] = {}
    for one in sorted(_candidates(transcript), key=lambda one: (-one.score, one.place)):
        found.setdefault(one.asker, []).append(one)
    ranked = sorted(
        (rank, -one.score, one.place, one.text) for own in found.values() for rank, one in enumerate(own)
    )  # fmt: skip
    chosen = list({text.casefold(): (place, text) for _, _, place, text in reversed(ranked)}.values())[::-1][:most]
    return tuple(text for _, text in sorted(chosen))


def _candidates(transcript: Transcript) -> Iterator[_Candidate]:
    """The best question of each turn that was replied to."""
    for index in transcript.answered():
        turn = transcript.turns[index]
        spans = sentences_of(transcript, Range(*turn[:2])) if _MARK.search(transcript.text, *turn[:2]) else []
        own = [_shortened(transcript.text[start:end]) for start, end in spans]
        asked = [_Candidate(text, turn.speaker, index, _score(text)) for text in filter(None, own)]
        if asked:
            yield max(asked, key=lambda one: one.score)


def _shortened(sentence: str) -> str:
    """The question in the sentence, cut no more than it must be; "" if it has none that stands for itself."""
    flat = " ".join(sentence.split())
    if len(flat) > _LONGEST or not is_interrogative(flat):
        return ""
    chinese = is_cjk(flat)
    parts = _cuts(_evened(flat), _ZH_BEGIN) if chinese else _cuts(_TAG.sub("?", flat), _BEGIN)
    stands = _stands_in_chinese if chinese else _stands
    return next((part[0].upper() + part[1:] for part in parts if stands(part)), "")


def _evened(text: str) -> str:
    """Without the blanks that a line's end has left between Chinese characters, or within quotation marks."""
    return re.sub(r"(?<=[^\x00-\u2e7f]) (?=[^\x00-\u2e7f])| (?=[”’])|(?<=[“‘]) ", "", text)


def _cuts(sentence: str, begin: re.Pattern[str]) -> Iterator[str]:
    return (sentence[match.end() :] for match in begin.finditer(sentence) if match.end() < len(sentence))


def _stands(text: str) -> bool:
    if count_roughly(text) not in _WORDS or _BROKEN.search(text[:-1]):
        return False
    if _POINTS.search(text) or _ABOUT_ME.search(text) or len(_content(text)) < _CONTENT:
        return False
    pronoun = _PRONOUN.search(text)
    return pronoun is None or len(_content(text[: pronoun.start()])) >= _AHEAD


def _stands_in_chinese(text: str) -> bool:
    return len(text) in _CHARACTERS and bool(_ZH_ASKS.search(text)) and not _ZH_POINTS.search(text)


def _content(text: str) -> Sequence[str]:
    return [word for word in words(text) if word not in _HOLLOW]


def _score(text: str) -> float:
    """What is of a good length and names somebody or something is asked sooner."""
    names = sum(word[0].isupper() or word[0].isdigit() for word in text.split()[1:])
    length = count_roughly(text) / (2 if is_cjk(text) else 1)
    return min(len(_content(text)), 7) + 1.5 * min(names, 2) - abs(length - _BEST) / 3
