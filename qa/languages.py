"""Which language a text is in, as far as its letters and smallest words tell, and what to say to a question in another
one than the record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.text import words

_SCRIPTS = (
    ("Japanese", r"[\u3040-\u30ff]"), ("Korean", r"[\uac00-\ud7af]"), ("Chinese", r"[\u3400-\u9fff]"),
    ("Russian", r"[\u0400-\u04ff]"), ("Greek", r"[\u0370-\u03ff]"), ("Arabic", r"[\u0600-\u06ff]"),
    ("Hebrew", r"[\u0590-\u05ff]"), ("Hindi", r"[\u0900-\u097f]"), ("Thai", r"[\u0e00-\u0e7f]"),
)  # fmt: skip
_SMALL = {
    "English": (
        "the of and to is what who how did does was were are which when where why that have has this for with many "
        "much they their it he she you would could should about from by say said"
    ),
    "French": (
        "le les des est que qui quoi quel quelle quels combien comment pourquoi où dans une sur pour avec été ont"
    ),
    "German": (
        "der das und ist was wer wie wann warum welche welcher wurde wurden wird nicht ein eine mit von "
        "für waren viele den dem zum hat haben über"
    ),
    "Spanish": (
        "el los las qué quién cuánto cuántos cuándo cómo por una del fue fueron con para es está son cuál dónde dijo"
    ),
    "Italian": "il gli che chi quanto quanti quando come perché di della delle è sono per con stato quale dove una",
    "Portuguese": (
        "o os as que quem quanto quantos quando como por uma foi com para é são qual onde não dos da disse foram"
    ),
    "Dutch": "de het een wat wie hoe wanneer waarom welke is was werd werden van voor met niet zijn hoeveel",
    "Swedish": "och det vad vem hur när varför vilken är var som för med inte många den ett",
    "Polish": "co kto jak kiedy dlaczego jest był były nie ile który która na się do przez",
}
_WORDS = {language: frozenset(small.split()) for language, small in _SMALL.items()}
# Enough at the beginning, where no small word is English: they ask in one language only.
_ASKING = {
    word: language
    for language, own in (
        ("French", "qui quoi quel quelle quels quelles combien pourquoi"), ("German", "wer warum wieviel weshalb"),
        ("Spanish", "quién quien quiénes quienes cuánto cuántos cuántas cuantas cuándo cuando dónde cuál"),
        ("Italian", "chi cosa perché quanti"), ("Portuguese", "quem quantos quantas"), ("Dutch", "wat waarom hoeveel"),
        ("Swedish", "vad vem varför"), ("Polish", "kto dlaczego ile"),
    )
    for word in own.split()
}  # fmt: skip
_LEAST = 2  # small words of a language, and more than of any other
_SAMPLE = 4000  # code points of a record


def language_of(text: str) -> str:
    """Its English name; "" where it cannot be told."""
    letters = sum(map(str.isalpha, text))
    for language, script in _SCRIPTS:
        if letters and 3 * len(re.findall(script, text)) > letters:
            return "Ukrainian" if language == "Russian" and re.search("[іїєґ]", text, re.IGNORECASE) else language
    said = words(text)
    counts = sorted(((sum(word in own for word in said), name) for name, own in _WORDS.items()), reverse=True)
    (most, language), (second, _) = counts[:2]
    if most >= _LEAST and most > second:
        return language
    if "¿" in text:
        return "Spanish"
    return _ASKING.get(said[0], "") if said and _WORDS["English"].isdisjoint(said) else ""


def hint(question: str, texts: Sequence[str]) -> str:
    """What to say to a question in another language than all of these texts; "" if there is nothing to say."""
    asked = language_of(question)
    held = {language_of(text[:_SAMPLE]) for text in texts} if asked else set()
    if not held or "" in held or asked in held:
        return ""
    named = " and ".join(sorted(held))
    return f"The question is in {asked}, the record in {named}: ask in {named}."
