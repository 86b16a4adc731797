"""Bytes to text: UTF-8, UTF-16 and UTF-32 by their marks, else what charset-normalizer recognises among the
usual encodings; where most letters are plain Latin ones, what small words and accents tell.

A wrong guess puts words in a speaker's mouth, so a guess is made only where the text decodes without one bad byte and
its words look like words, and what was guessed is told.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from qa.errors import TranscriptError

_WIDE = frozenset("gb18030 big5hkscs shift_jis euc_jp euc_kr".split())
_LATIN = ("cp1252", "cp1250", "cp1254", "iso8859_2")  # the first is taken where they read the same
_USUAL = [
    *_WIDE, *_LATIN, "utf_16_le", "utf_16_be", "cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic",
    "cp1253", "iso8859_7", "cp1255", "iso8859_8", "cp1256", "iso8859_6",
]  # fmt: skip
_CASED = frozenset("cp1251 koi8_r koi8_u iso8859_5 cp866 mac_cyrillic cp1253 iso8859_7".split())
# Latin-1 is left to Windows-1252, which holds it: browsers do the same (WHATWG Encoding, section 4.2).
_WESTERN, _CENTRAL, _TURKISH = ("cp1252",), ("cp1250", "iso8859_2"), ("cp1254",)
_ACCENTS = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüßªºµ"
# The code pages of a language, its letters beyond A to Z, and small words that no language of other pages has often.
_LANGUAGES = (
    (_WESTERN, _ACCENTS, "the of and to is was that it for he you we this have with are be not at will"),
    (_WESTERN, _ACCENTS, "le la les de des du un une en et est que qui je il elle ce dans pour pas nous vous avec où"),
    (_WESTERN, _ACCENTS, "der die das und ist nicht ein eine wir sie ich den im mit auf für von werden wird zu"),
    (_WESTERN, _ACCENTS, "el la los las de que en por un una con para es no se del está más qué al"),
    (_WESTERN, _ACCENTS, "os de que não um uma com para é do da dos em mais ao por as"),
    (_WESTERN, _ACCENTS, "il la di che è per un una non con del della gli sono più le"),
    (_WESTERN, _ACCENTS, "de het een en dat niet wij voor met zijn op te van"),
    (_WESTERN, _ACCENTS, "och det att som en på är för inte er til ikke med af den har vi jeg å"),
    (_WESTERN, _ACCENTS, "ja on ei se että oli hän ovat mutta kun niin myös"),
    (_WESTERN, _ACCENTS + "šž", "ja on ei see et ta oli kui ka mis siis või"),
    (_WESTERN, _ACCENTS, "el la les de del que en per amb no és una i"),
    (_WESTERN, _ACCENTS, "dhe të në një për që është nga me nuk"),
    (_WESTERN, _ACCENTS, "agus an ar go bhí tá is sé"),
    (_WESTERN, _ACCENTS + "ðþý", "og að er það ekki sem við þetta hann var"),
    (_CENTRAL, "ąćęłńóśźż", "nie się są jest na do że jak dla był była będzie gdzie będą czy od ale tak już aby w z"),
    (_CENTRAL, "áčďéěíňóřšťúůýž", "na kde že jsem jsou jako ale při která bylo podle není jsme bude nebo také aby"),
    (_CENTRAL, "áäčďéíĺľňóôŕšťúýž", "sa na kde že som sú ako ale pri ktorá bolo podľa nie sme bude alebo aby"),
    (_CENTRAL, "áéíóöőúüű", "az ez azt hol jó hogy nem egy és volt meg csak mint már vagy kell még lesz ami"),
    (_CENTRAL, "čćđšž", "na što kao koji koje nije će smo ili kako biti također ovo za su tudi ki bo kot niso"),
    (_CENTRAL, "ăâîşţ", "şi este care pentru din sunt fost că să nu mai prin după"),
    (_TURKISH, "çğıöşüâîû", "ve bir bu için ile olarak çok daha değil olan gibi ama yok kadar çünkü mı mi ki ancak"),
)
_NAMES = frozenset("äéöü")  # of foreign names, and the same in all of these pages
_LETTERS, _HIGH = re.compile(rb"[A-Za-z]"), re.compile(rb"[\x80-\xff]")
_C1 = re.compile(r"[\x80-\x9f]")  # letters of Windows, in ISO 8859 no characters of a text
_WIDE_LETTER = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_WORD = re.compile(r"[^\W\d_]+")
# As another page's letters are read: signs within, behind and before a word, words of nothing but accented letters.
_ODD = re.compile(
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f’‘´·“”…–—\xad](?=[^\W\d_])|(?<=[^\W\d_])[±¶¼¾¡¢£¤‡ˆ‹„‚]|[¢¤‡ˆªº](?=[^\W\d_])"
    r"|[^\W\d_a-zA-Z]{4,}"
)
_JOINING = re.compile(r"(?<=[^\W\d_])[“”…–—](?=[^\W\d_])")  # between two words, or a letter of another page
_ISO_GREEK = re.compile(r"¶(?=[^\W\d_])|(?<=[ά-ώ])Ά")  # an Ά or an apostrophe of ISO 8859-7 in Windows-1253
_RUN = re.compile(r"([a-z]?)[^\x00-\x7f]+")  # and the small letter that it stands right behind
_ODD_SHARE = 0.05  # of the letters beyond A to Z
_ODD_LETTERS, _FOREIGN_LETTERS = 0.0001, 0.001  # of all letters
_BROKEN_SHARE = 0.02  # of the words with such letters
_HIT = 400  # letters that have a small word among them
_NO_HIT = 60  # letters that may have none
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")  # in no text; but for the escape of a coloured log
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),  # the first begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_SHORTEST = 16  # bytes with zeros among them that may be UTF-16 without its mark
_SAMPLE = 1 << 18  # bytes that are looked at
_BINARY = "binary, not text; save it as text in UTF-8"
_UNCERTAIN = "in an encoding that is not certain; save it as text in UTF-8"


class Decoded(NamedTuple):
    """``guessed``: neither a mark nor valid UTF-8 told the encoding."""

    text: str
    encoding: str
    guessed: bool = False


def decode(content: bytes, source: str) -> Decoded:
    """The text and the encoding it was in. Raises TranscriptError if it is no text or no encoding is certain."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _strict(content, encoding, source, len(mark))
            if "\0" in text:
                raise TranscriptError(f"{source}: {_BINARY}")
            return Decoded(text, encoding)
    try:
        text, encoding = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = ""
    guessed = not encoding or "\0" in text
    if guessed:
        encoding = _guess(content, source)
        text = _strict(content, encoding, source)
        if _CONTROL.search(text):
            raise TranscriptError(f"{source}: {_BINARY}")
    return Decoded(text, encoding, guessed)


def _strict(content: bytes, encoding: str, source: str, start: int = 0) -> str:
    try:
        return content[start:].decode(encoding)
    except UnicodeDecodeError as error:
        where = start + error.start
        raise TranscriptError(f"{source}: not {encoding} at byte {where}; save it as text in UTF-8") from None


def _guess(content: bytes, source: str) -> str:
    from charset_normalizer import from_bytes

    sample = content[:_SAMPLE]
    if len(content) > _SAMPLE and b"\0" not in sample:  # not in the middle of a character
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    few = b"\0" in content and len(content) < _SHORTEST
    # A text without a line break may be cut in a character, which has four bytes at most.
    ends = [] if few else range(len(sample), len(sample) - (4 if len(content) > len(sample) else 1), -1)
    best = next((best for end in ends if (best := from_bytes(sample[:end], cp_isolation=_USUAL).best())), None)
    found, text = (best.encoding, str(best)) if best else ("", "")
    if found in ("cp1253", "iso8859_7"):  # they differ in one letter
        text = sample.decode("cp1253", "replace")
        found = "iso8859_7" if _ISO_GREEK.search(text) else "cp1253"
    plain, high = len(_LETTERS.findall(sample)), len(_HIGH.findall(sample))
    if b"\0" in sample or (found in _WIDE and (plain < high or _is_wide(text))):
        page = found
    else:
        page = _latin(sample) if plain > high else ""
        if not page and found not in (*_LATIN, *_WIDE) and not _is_broken(text, found):
            page = found
    if not page:
        binary = not best and _CONTROL.search(sample.decode("latin-1"))
        raise TranscriptError(f"{source}: {_BINARY if binary else _UNCERTAIN}")
    return page


def _latin(sample: bytes) -> str:
    """The code page of a text in Latin letters: that of the language whose small words it has most, if it has that
    language's letters; "" where another reading is as good."""
    ranked: list[tuple[int, float, str, str]] = []
    for page in _LATIN:
        try:
            text = sample.decode(page)
        except UnicodeDecodeError:
            continue
        if not _C1.search(text) and (rank := _rank(text, page)):
            ranked.append((*rank, page, text))
    if not ranked:
        return ""
    score, foreign, page, text = max(ranked, key=itemgetter(0, 1))
    rivals = [other for other in ranked if other[3] != text and other[0] * 2 >= score and other[1] >= foreign]
    return "" if rivals or (score < 2 and page not in _WESTERN) else page


def _rank(text: str, page: str) -> tuple[int, float] | None:
    """How many small words of its language the reading has, and how many letters foreign to it or odd signs, below
    zero; None where these are too many."""
    words = Counter(_WORD.findall(text))
    small = Counter(word.lower() for word in words.elements())
    beyond = Counter(c for c in text.lower() if not c.isascii() and c.isalpha())
    odd = len(_ODD.findall(text)) + sum(words[word] for word in words if _is_torn(word))
    joined = len(_JOINING.findall(text))
    written = sum(map(len, words.elements()))
    ranks = []
    for at, (pages, letters, known) in enumerate(_LANGUAGES):
        if page in pages:
            score = sum(small[word] for word in known.split())
            foreign = sum(count for c, count in beyond.items() if c not in letters and c not in _NAMES)
            if at and joined > beyond.total():  # English may have dashes and no accents
                foreign += joined
            ranks.append((score, -foreign))
    score, foreign = max(ranks)
    share = _ODD_SHARE * beyond.total()
    if odd > max(share, _ODD_LETTERS * written) or -foreign > max(share, _FOREIGN_LETTERS * written):
        return None
    return (score, foreign - odd) if score * _HIT >= written or written <= _NO_HIT else None


def _is_wide(text: str) -> bool:
    """Whether Chinese, Japanese or Korean letters among Latin ones are words, not an accent or apostrophe in one."""
    runs = _RUN.findall(text)
    return bool(_WIDE_LETTER.search(text)) and sum(map(bool, runs)) * 2 < len(runs)


def _is_torn(word: str) -> bool:
    """Whether a capital stands behind a small letter, one of them beyond A to Z."""
    return not word.isascii() and any(a.islower() and b.isupper() and not (a + b).isascii() for a, b in pairwise(word))


def _is_broken(text: str, page: str) -> bool:
    """Whether words are torn or mix plain Latin letters with others, or no capital stands where some should."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    broken = sum(_is_torn(word) or any(map(str.isascii, word)) for word in words)
    return broken > _BROKEN_SHARE * len(words) or (page in _CASED and all(map(str.islower, words))) or not words
