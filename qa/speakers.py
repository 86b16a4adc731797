"""One person under several labels: "CHAIR POWELL", "Chair Powell" and "Powell" are one, "Mr. Lee" and "Ms. Lee" two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_COURTESY = {"mr": "he", "sir": "he", "mister": "he", "mrs": "she", "ms": "she", "miss": "she", "dame": "she"}
TITLES = frozenset(_COURTESY) | frozenset(
    "dr prof professor hon honorable honourable president vice deputy acting assistant under chair chairman chairwoman "
    "chairperson secretary minister ambassador governor gov senator sen representative rep congressman congresswoman "
    "councillor councilor councilmember commissioner director general gen colonel col major captain capt admiral "
    "lieutenant lt judge justice attorney prime press spokesman spokeswoman spokesperson state mayor "
    "chancellor premier councilman councilwoman alderman chief sheriff lord lady baroness baron ceo "
    "superintendent treasurer".split()
)
_ADDRESS = frozenset(_COURTESY) | {"dr", "prof", "hon"}  # no name by themselves
_LESSER = frozenset("vice deputy assistant under lieutenant press".split())
_BODIES = frozenset(
    "department council motors electric assembly association committee ministry agency bank court government house "
    "party union board commission company corporation university police senate congress parliament office service "
    "club".split()
)
# What is no name by itself, so that what stands behind it in brackets tells who it is, unless that says how he spoke.
_NAMELESS = frozenset("reporter journalist correspondent question questioner q speaker press media participant".split())
_HOW = frozenset(
    "off mic inaudible via through translation translated interpreter interpretation continued cont contd remote phone "
    "telephone zoom video by in english spanish french russian chinese japanese arabic german continuing crosstalk "
    "laughing laughter unidentified unknown unintelligible foreign language speaks speaking not given d".split()
)
# Titles of a person only behind whom a name stands; without one, "Manager" tells one office from another.
_RANKS = frozenset("coach officer sergeant sgt detective supervisor trustee administrator manager cfo coo cto".split())
_CHAIRS = dict.fromkeys(("chairman", "chairwoman", "chairperson"), "chair")  # of one office
_LONG, _ALIKE = 8, 0.85  # letters; difflib's ratio
_LONG_TITLES = sorted(title for title in TITLES if len(title) >= _LONG)
_BRACKETS = re.compile(r"\([^)]*\)|（[^）]*）|\[[^\]]*\]")
_WORDS = re.compile(r"[^\W_]+")


def people(labels: Iterable[str]) -> dict[str, str]:
    """Each label to the first label of the same person. Labels are one if they differ in case, blanks, marks, what
    stands in brackets, and titles in front only, unless the titles tell a man from a woman."""
    first: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    held = {label: _bare(label) for label in labels}
    both = {name for name, gender in held.values() if gender == "he"} & {
        n for n, gender in held.values() if gender == "she"
    }
    for label, (name, gender) in held.items():
        if not name:  # of brackets or marks alone
            found[label] = label
            continue
        known = first.get((name, gender))
        if not known and name not in both:
            known = first.get((name, "")) if gender else _only(first, name)
        found[label] = known or label
        first.setdefault((name, gender), found[label])
    return found


def is_called(label: str, name: str) -> bool:
    """Whether ``name`` is how somebody may write the person that ``label`` names."""
    (written, gender), (wanted, other) = _bare(label), _bare(name)
    return written == wanted and (not gender or not other or gender == other)


def called(name: str, labels: Iterable[str]) -> list[str]:
    """The labels of who is called so, by all of the name, by whole words of it ("Powell" for "CHAIR POWELL"), or by
    more of it than the label has ("Jerome Powell"); never one of the other gender, nor a deputy for who is above."""
    given = _given(name)
    office = " of " in name
    if given <= _ADDRESS:
        return []
    held = list(dict.fromkeys(labels))
    gender = _bare(name)[1]
    alike = [label for label in held if not gender or _bare(label)[1] in ("", gender)]
    return (
        [label for label in held if is_called(label, name)]
        or [label for label in alike if _holds(label, given, office)]
        or [label for label in alike if _shortens(label, name)]
        or ([label for label in alike if _holds(label, behind)] if (behind := _behind_title(name)) else [])
    )


def may_be_here(name: str, labels: Iterable[str]) -> bool:
    """Whether a label is a title and the name's first word. Where the family name comes first, "President Xi" is Xi
    Jinping, else "Senator Warren" is not Warren Buffett: nobody can tell, so nobody is said to be absent."""
    full = [word for word in _words(name) if word not in TITLES]
    held = (_words(_BRACKETS.sub(" ", label)) for label in labels)
    return len(full) > 1 and any(len(own) > 1 and own[-1] == full[0] and TITLES.issuperset(own[:-1]) for own in held)


def of_other_gender(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether the titles among the words of two names tell a man from a woman."""
    return {_gender(one), _gender(other)} == {"he", "she"}


def is_named(name: str, text: str) -> bool:
    """Whether the text holds the name, but for titles."""
    given = _given(name)
    return bool(given) and (given - TITLES or given) <= _one_office(text)


def _words(text: str) -> list[str]:
    """Without case and accents: who asks for "Jose" means José."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return _WORDS.findall("".join(character for character in apart if not unicodedata.combining(character)))


def _given(name: str) -> set[str]:
    return _one_office(name) - {"the", "of"}


def _one_office(text: str) -> set[str]:
    """Its words, a chairman being a chair."""
    return {_CHAIRS.get(word, word) for word in _words(text)}


def _holds(label: str, given: set[str], office: bool = False) -> bool:
    """Whether the label holds the words of a name, of an ``office`` all; "President" is not the vice president."""
    own = _one_office(label)
    # "State" and "General" are no titles before "Department" and "Motors".
    wanted = given if office or given & _BODIES else given - TITLES or given
    return wanted <= own and not (given <= TITLES and own & _LESSER - given)


def _shortens(label: str, name: str) -> bool:
    own, full = _words(_BRACKETS.sub(" ", label)), _words(name)
    rest = set(own) - TITLES
    return bool(rest) and own[-1] == full[-1] and own[-1] in rest and rest <= set(full)


def _behind_title(name: str) -> set[str]:
    """What follows the last title in a person's name: "Yellen" of "Treasury Secretary Yellen"."""
    full = _words(name)
    last = max((at for at, word in enumerate(full) if word in TITLES or word in _RANKS), default=len(full))
    return set(full[last + 1 :]) if _BODIES.isdisjoint(full[last + 1 :]) else set()


def _only(first: dict[tuple[str, str], str], name: str) -> str | None:
    """The person of that name, if there is only one."""
    held = {first[key] for key in ((name, "he"), (name, "she")) if key in first}
    return held.pop() if len(held) == 1 else None


def _is_title(word: str) -> bool:
    """Long ones also misspelt: "CHAIMRAN POWELL" stands in the record."""
    return word in TITLES or (len(word) >= _LONG and bool(get_close_matches(word, _LONG_TITLES, 1, _ALIKE)))


def _bare(label: str) -> tuple[str, str]:
    """The name without case, blanks, marks and titles in front, and whether a title says "he" or "she"."""
    plain = unicodedata.normalize("NFKC", label)
    words = _words(_BRACKETS.sub(" ", plain).strip() or plain)
    if _NAMELESS.issuperset(words):
        full = [word for word in _words(plain) if word not in _HOW and not word.isdigit()]
        words = full or words
    titles = 0
    while titles < len(words) - 1 and _is_title(words[titles]):
        titles += 1
    if words and words[titles] in TITLES:  # an office alone: "Vice Mayor" is another than "Mayor", "Mr. Mayor" is none
        titles = next((at for at, word in enumerate(words[:titles]) if word not in _COURTESY), titles)
    return "".join(words[titles:]), _gender(words[:titles])


def _gender(words: Iterable[str]) -> str:
    return next((_COURTESY[word] for word in words if word in _COURTESY), "")
