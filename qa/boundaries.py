"""Where a sentence goes on although sentencex ends it, and ends although sentencex does not."""

from __future__ import annotations

import re

from qa.types import Range

CLOSERS = "\"'”’»)]}」』）】"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

# sentencex ends the sentence behind these. A title goes on with a name, a counting word with a number.
_OPENING = r"(?:^|[\s(\[\"“‘])"
_TITLE = re.compile(
    _OPENING
    + r"(?:Dr|Mr|Mrs|Ms|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Cmdr|Adm|Hon|Rev|St|Messrs|Amb|Atty|Fmr|Supt|Insp|Maj|Brig"
    + r"|Pres)\.$"
)
_COUNTING = re.compile(
    _OPENING
    + r"(?:[Nn]os?|[Aa]rt|[Ss]ec|[Ff]ig|[Vv]ol|Prop|Ch|Rm|pp|ca|[Aa]pprox|est|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct"
    + r"|Nov|Dec)\.$"
)
_ROMAN = re.compile(r"[IVXL]+\b(?!['’])")
# "Thank you, Dr. My question is": no name.
_ADDRESSED = re.compile(r"(?:,|\b[Tt]hanks|\b[Tt]hank you) [A-Z]\w+\.$")
_NO_NAME = re.compile(r"(?:I|We|My|Our|Your|It|This|That|These|Those|The|There|Now|Please|And|But)\b")
_SAYS = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2} (?:said|says|asked|asks|replied|answered|added)(?=[.,])")
# "7 a.m. Monday", "5:00 p.m. Eastern": the hour goes on with its day, its zone or its date.
_HOUR = re.compile(r"\d ?(?:[ap]\.m|[AP]\.M)\.$")
_OF_HOUR = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?! (?:is|was|will|we|I|he|she|they)\b)"
    r"|(?:Eastern|Central|Mountain|Pacific|Greenwich)"
    r"(?= (?:[Ss]tandard|[Dd]aylight|[Mm]ean)? ?[Tt]ime\b|\W*$|[.,;)]| (?:today|tomorrow|on|and|to|for|in|at)\b)"
    r"|(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T)\b"
    rf"|(?:{MONTHS}) \d)"
)
_NUMBERED = re.compile(r"\(?(\d{1,2})\.")  # of a list: "1. The first"
ENDED = re.compile(r"(?<=\b[Mm]ay\.)\s+(?=[A-Z])")  # to sentencex "May." is short for something, as "Mar." is

# A stop, not of an abbreviation, and behind it a small letter; and a sentence that begins with a capital, not of "I".
_SMALL_START = re.compile(
    r"((?:[!?…]|(?<![\s.(\"“‘][a-z])(?<!\b(?:mr|ms|dr|st|lt|no|pp|ca|vs))(?<!\b(?:mrs|gen|sen|rep|gov|col|sgt|adm|hon|rev"
    r"|etc|pct|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|art|sec|fig|vol|est|inc|ltd))(?<!\b(?:prof|capt|cmdr|sept))\.)"
    r"[\"'”’)\]]*\s+[\"'“‘(\[]*)([a-z])"
)
_BEGUN = re.compile(r"(?:^|[.!?…][\"'”’)\]]*\s)[\s\"'“‘(\[]*(?!I\b)[A-ZÀ-ÖØ-Þ]")

_NEAR = 1_000  # code points: between two items of a list

ABBREVIATED = 24  # code points that hold any of these: a sentence joined again and again is not read whole each time

_INITIAL = re.compile(r"(?:^|[^\w.])[A-Z]\.$")


def raised(paragraph: str) -> str | None:
    """What a speech recogniser wrote in small letters, with a capital behind every stop that ends a sentence; None
    where a sentence begins with a capital already, other than "I", or nothing is to be raised. The length stays the
    same."""
    if _BEGUN.search(paragraph) or not _SMALL_START.search(paragraph):
        return None
    return _SMALL_START.sub(lambda match: match[1] + match[2].upper(), paragraph)


def continues(text: str, before: Range, after: Range) -> bool:
    """Whether the sentence that sentencex ends with ``before`` goes on with ``after``."""
    head, first = text[max(before.start, before.end - ABBREVIATED) : before.end], text[after.start]
    if first in CLOSERS and (after.end - after.start) <= 2:
        return True
    quoted = text[before.start] in '"“‘' and head[-1] in CLOSERS and head[-2:-1] in ("?", "!")
    if quoted and _SAYS.match(text, after.start, after.end):  # “Will we win?” Biden asked.
        return True
    if not head.endswith("."):
        return False
    if before.end == after.start and _INITIAL.search(head):  # "Japan-U.S."
        return True
    if _HOUR.search(head) and _OF_HOUR.match(text, after.start, after.end):
        return True
    if (number := _NUMBERED.fullmatch(text, before.start, before.end)) and _counts_on(text, number):
        return True
    return first.islower() or bool(
        (
            _TITLE.search(head)
            and first.isupper()
            and not (_ADDRESSED.search(head) and _NO_NAME.match(text, after.start, after.end))
        )
        or (
            _COUNTING.search(head) and (first.isdigit() or first in "$€£" or _ROMAN.match(text, after.start, after.end))
        )
    )


def _counts_on(text: str, found: re.Match[str]) -> bool:
    """Whether it is the first of a list, or the one before stands there too: else it may answer "How many?"."""
    number, before = int(found[1]), text[max(0, found.start() - _NEAR) : found.start()]
    return number == 1 or re.search(rf"(?:^|\s)\(?{number - 1}\.\s", before) is not None
