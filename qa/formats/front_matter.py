"""YAML front matter of a Markdown file: title, date, url and language of the event."""

from __future__ import annotations

import re
from typing import NamedTuple

_BLOCK = re.compile(r"\s*---[^\S\n]*\r?\n(?P<yaml>.*?\n)(?:---|\.\.\.)[^\S\n]*(?:\r?\n|\Z)", re.DOTALL)
_LIMIT = 2**16  # code points; more is no front matter
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_KNOWN = frozenset("title date source_url url language lang tags layout published_time".split())
_URLS = ("source_url", "url", "source", "link")


class FrontMatter(NamedTuple):
    """What the block says, and where the text behind it begins: 0 where there is no block that can be read."""

    end: int = 0
    title: str = ""
    date: str = ""
    url: str = ""
    language: str = ""


def read(text: str) -> FrontMatter:
    """The front matter at the top of ``text``; a block that is no YAML mapping is text like any other."""
    match = _BLOCK.match(text[:_LIMIT])
    if not match or not isinstance(data := _load(match["yaml"]), dict):
        return FrontMatter()
    facts = {key: " ".join(value.split()) for key, value in data.items() if isinstance(value, str) and _is_text(value)}
    if not facts.keys() & _KNOWN:  # "---", a dialogue, "---"
        return FrontMatter()
    url = next((facts[key] for key in _URLS if facts.get(key, "").startswith(("http://", "https://"))), "")
    language = facts.get("language") or facts.get("lang", "")
    return FrontMatter(
        match.end(),
        facts.get("title", ""),
        facts.get("date") or facts.get("published_time", ""),
        url,
        language if _LANGUAGE.fullmatch(language) else "",
    )


def _load(block: str) -> object:
    """The block's values as strings: "2021-04-08" stays as it is written. None where it is broken."""
    import yaml  # type: ignore[import-untyped]

    try:
        return yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _is_text(value: str) -> bool:
    """Half a surrogate pair ("\\ud800") is no character."""
    return not any("\ud800" <= c <= "\udfff" for c in value)
