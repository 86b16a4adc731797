"""Sentences and words in any script. Offsets are kept: nothing here returns altered text to be quoted."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

import sentencex
import snowballstemmer

from qa.boundaries import ABBREVIATED, CLOSERS, ENDED, continues, raised
from qa.types import Passage, Range, Span, Transcript

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
_CJK_RUN = re.compile(f"[{_CJK}]+")
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|(?:[^\W\d_]\.){{2,}}|[{_CJK}]+|(?:(?![{_CJK}])[^\W_])+")
_POSSESSIVE = re.compile(r"['’](?:s|S)\b")
_TERMINAL = re.compile(rf"[.!?。！？…][{re.escape(CLOSERS)}]*$")

_LONG = 2_000  # code points: a sentence is no longer

# English function and question words: they say nothing about which passage answers.
STOPWORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but "
    "by can could did do does doing done don down during each few for from further had has have having he her here "
    "hers him his how i if in into is it its itself just let me more most my no nor not now of off on once only or "
    "other our ours out over own per same she should so some such than that the their theirs them then there these "
    "they this those through to too under until up us very was we were what when where which while who whom whose "
    "why will with would you your yours shall may might must say said says tell told talk talked mention mentioned "
    "please thank thanks many much anything something transcript didn doesn isn aren wasn weren won wouldn couldn t "
    "s re ve ll d m".split()
)
_NAMES = frozenset(("us", "who", "it"))  # such words that are names, too

# sentencex panics at "A .", an initial and a stop with a blank of more than one byte between them.
_WIDE_BLANK = re.compile(r"[^\S\x00-\x7f](?=\.)")
_WINDOW = (
    20_000  # code points: where many quotation marks are never closed, its time grows with the square of the length
)
_LATIN = frozenset(map(chr, (*range(0x41, 0x250), *range(0x1E00, 0x1F00))))


def sentences(text: str, start: int = 0, end: int | None = None, language: str = "") -> list[Range]:
    """Sentences of ``text[start:end]``, trimmed of blanks; together they hold every non-blank character."""
    stop = len(text) if end is None else end
    found: list[Range] = []
    for paragraph in _blocks(text, start, stop):
        capitalised = raised(text[paragraph.start : paragraph.end])
        if capitalised is None:
            found.extend(_merge(text, _boundaries(text, paragraph, language)))
            continue
        cut = _merge(capitalised, _boundaries(capitalised, Range(0, len(capitalised)), language))
        found.extend(Range(paragraph.start + one.start, paragraph.start + one.end) for one in cut)
    return found


def sentences_of(transcript: Transcript, piece: Range) -> list[Range]:
    """The sentences within ``piece``; none crosses a paragraph."""
    found: list[Range] = []
    for start, end in pairwise([piece.start, *paragraphs_within(transcript, piece), piece.end]):
        found.extend(sentences(transcript.text, start, end, transcript.language))
    return found


def paragraphs_within(transcript: Transcript, piece: Range) -> list[int]:
    """Where paragraphs begin inside ``piece``, behind its first character."""
    first = bisect_right(transcript.paragraphs, piece.start, key=_start)
    last = bisect_left(transcript.paragraphs, piece.end, lo=first, key=_start)
    return [paragraph.start for paragraph in transcript.paragraphs[first:last]]


def _start(paragraph: Range) -> int:
    return paragraph.start


def spans_of(passage: Passage) -> list[Span]:
    """The sentences of a passage, in order."""
    return [Span(passage.transcript, *r) for piece in passage.pieces for r in sentences_of(passage.transcript, piece)]


def whole(span: Span) -> Span:
    """The sentence that the span is a part of, where it was too long for one passage; the span itself where it is
    whole, and where no sentence ends for long, as where nothing is punctuated."""
    transcript, turn = span.transcript, span.transcript.turns[span.turn]
    edges = [turn.start, *paragraphs_within(transcript, Range(turn.start, turn.end)), turn.end]
    at = bisect_right(edges, span.start)
    first, last = span.start - _LONG, span.end + _LONG
    start, end = trim(transcript.text, max(edges[at - 1], first), min(edges[at], last))
    before = transcript.text[max(start, span.start - ABBREVIATED) : span.start]
    if (not before.strip() or ends_sentence(before)) and (span.end == end or ends_sentence(span.quote[-ABBREVIATED:])):
        return span
    for sentence in sentences(transcript.text, start, end, transcript.language):
        if sentence.start <= span.start and span.end <= sentence.end:
            cut = (first > edges[at - 1] and sentence.start == start) or (last < edges[at] and sentence.end == end)
            return span if cut or sentence.end - sentence.start > _LONG else Span(transcript, *sentence)
    return span


def layout(passage: Passage) -> list[Range]:
    """Where the passage's sentences stand in ``passage.embedded``, in their order."""
    found: list[Range] = []
    at = len(passage.embedded) - len(passage.text)
    for piece in passage.pieces:
        found += [
            Range(at + start - piece.start, at + end - piece.start)
            for start, end in sentences_of(passage.transcript, piece)
        ]
        at += piece.end - piece.start + 1
    return found


def _blocks(text: str, start: int, end: int) -> Iterator[Range]:
    """Stretches between blank lines: a sentence never crosses one."""
    at = start
    for gap in re.compile(r"\n[^\S\n]*(?:\r?\n\s*)+|\r\n[^\S\n]*(?:\r\n\s*)+").finditer(text, start, end):
        yield Range(at, gap.start())
        at = gap.end()
    yield Range(at, end)


def _boundaries(text: str, block: Range, language: str) -> Iterator[Range]:
    code = language.split("-")[0] or ("zh" if is_cjk(text[block.start : block.end]) else "en")
    at = block.start
    while at < block.end:
        end = min(at + _WINDOW, block.end)
        part = _WIDE_BLANK.sub(" ", text[at:end])
        found = [
            Range(at + b["start_index"], at + b["end_index"]) for b in sentencex.get_sentence_boundaries(code, part)
        ]
        if end < block.end and len(found) > 1:  # the last may go on behind the window, which begins with it then
            end = found.pop().start
        for one in found:
            edges = [one.start, *(gap.end() for gap in ENDED.finditer(text, *one)), one.end]
            yield from (own for own in (trim(text, *pair) for pair in pairwise(edges)) if own.start < own.end)
        at = end


def _merge(text: str, parts: Iterator[Range]) -> Iterator[Range]:
    """Joins what was split behind an abbreviation or before a lower-case word or a closing mark."""
    held: Range | None = None
    for part in parts:
        if held is None:
            held = part
        elif continues(text, held, part):
            held = Range(held.start, part.end)
        else:
            yield held
            held = part
    if held is not None:
        yield held


def trim(text: str, start: int, end: int) -> Range:
    """The range without the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Range(start, end)


def paragraphs(text: str, start: int, end: int) -> list[Range]:
    """Paragraphs of ``text[start:end]`` set off by blank lines, trimmed, none empty."""
    trimmed = (trim(text, *block) for block in _blocks(text, start, end))
    return [block for block in trimmed if block.start < block.end]


def is_cjk(text: str) -> bool:
    """Whether at least a third of the letters are Chinese, Japanese or Korean."""
    letters = sum(map(str.isalpha, text))
    return letters > 0 and 3 * sum(len(run) for run in _CJK_RUN.findall(text)) >= letters


def is_latin(text: str) -> bool:
    """Whether at least three of four letters are Latin; also where there are none."""
    letters = [character for character in text if character.isalpha()]
    return 4 * sum(map(_LATIN.__contains__, letters)) >= 3 * len(letters)


def printable(text: str) -> str:
    """One line; what could steer a terminal (escape sequences, overrides of direction) is shown as its code."""
    flat = " ".join(text.split())
    return "".join(c if c.isprintable() or c in "\u200d\ufe0f" else f"<U+{ord(c):04X}>" for c in flat)


def count_roughly(text: str) -> int:
    """How many words stand between blanks, and characters of what is written without: quick, for lengths."""
    runs = _CJK_RUN.findall(text)
    return len((_CJK_RUN.sub(" ", text) if runs else text).split()) + sum(map(len, runs))


def is_interrogative(sentence: str) -> bool:
    """Whether it is written as a question."""
    return sentence.rstrip().rstrip(CLOSERS).endswith(("?", "？", "؟"))


def ends_sentence(text: str) -> bool:
    return bool(_TERMINAL.search(text.rstrip()))


def words(text: str) -> list[str]:
    """Case-folded words: "U.S." is "us", "65,000" is "65000", "China's" is "china"; CJK runs stay whole."""
    return [_plain(word) for word in _written(text)]


def content_words(text: str) -> list[str]:
    """The words without English function and question words; but "US" and, not at the beginning, "WHO" and "IT", are
    names where not all is in capitals."""
    written, shouted = _written(text), text.isupper()
    plain = [_plain(word) for word in written]
    return [
        word
        for at, word in enumerate(plain)
        if word not in STOPWORDS or (word in _NAMES and written[at].isupper() and not shouted and (at or word == "us"))
    ]


def _written(text: str) -> list[str]:
    found: list[str] = _WORD.findall(_POSSESSIVE.sub(" ", unicodedata.normalize("NFKC", text)))
    return found


def _plain(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "")
    return word.replace(".", "").casefold()


def terms(text: str, language: str = "") -> list[str]:
    """Index terms, in order: stems for alphabetic scripts (English unless told), bigrams for CJK."""
    stem = _stemmer(language.split("-")[0])
    found: list[str] = []
    for word in words(text):
        if _CJK_RUN.match(word):
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        else:
            found.append(stem(word))
    return found


def content_terms(text: str, language: str = "") -> list[str]:
    """Index terms without English function and question words; all terms if nothing else is left."""
    return terms(" ".join(content_words(text)), language) or terms(text, language)


def wordings(question: str, languages: Iterable[str], content: bool = True) -> list[frozenset[str]]:
    """The question's words, or those with ``content``, each as the index terms that it has in these languages: nothing
    tells the language of a few words, and a stem is found only where it is that of the record's."""
    read = content_terms if content else terms
    known = sorted({language.split("-")[0] for language in languages} or {""})
    return [frozenset(word) for word in zip(*(read(question, language) for language in known), strict=True)]


_SNOWBALL = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


@lru_cache(maxsize=32)
def _stemmer(language: str):  # type: ignore[no-untyped-def]
    """A cached stemmer: transcripts repeat their words, so the cache answers nearly always."""
    return lru_cache(maxsize=200_000)(snowballstemmer.stemmer(_SNOWBALL.get(language, "english")).stemWord)
