"""What a page's elements are: blocks, headings, names, menus and hidden parts; told by tag, role, class and style."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol p pre search section "
    "summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
NO_TEXT = frozenset(
    "script style template svg math canvas object applet audio video select button textarea datalist rt rp".split()
)
_ASIDES = frozenset("nav aside footer form noscript dialog menu search figcaption".split())
_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist tooltip".split()
)
# Words in a class or an id that name a part beside the text.
_WORDS = frozenset(
    "ad ads advert advertisement banner breadcrumb breadcrumbs commentform commentlist comments consent cookie cookies "
    "disqus footer login menu modal nav navbar navigation newsletter newsletters pager pagination popover popup promo "
    "related respond share sharing sidebar signup skip social sponsor sponsoring sponsors submenu subscribe toc toolbar"
    " widget".split()
)
_HIDDEN_CLASSES = frozenset(
    "hidden hide visually-hidden visuallyhidden sr-only screen-reader-text screen-reader-only d-none".split()
)
_STYLE_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SPEAKER = re.compile(r"(?<![a-z])speaker(?!s)")
HIDDEN = "hidden"


def kind(tag: str, attributes: Mapping[str, str]) -> str:
    """By what it sets a name off: "speaker", "b", "cite", or "" if it does not."""
    if _SPEAKER.search(attributes.get("class", "").lower()):
        return "speaker"
    if tag in HEADINGS or tag in ("b", "strong"):
        return "b"
    return "cite" if tag == "cite" else ""


def aside(tag: str, attributes: Mapping[str, str]) -> str:
    """Why it is beside the text, or ""."""
    if tag in ("html", "body", "main", "article"):
        return ""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return HIDDEN
    if _STYLE_HIDDEN.search(attributes.get("style", "").lower()):
        return HIDDEN
    if tag in _ASIDES:
        return tag
    if (role := attributes.get("role", "").lower()) in _ROLES:
        return role
    return _named(attributes.get("class", ""), attributes.get("id", ""))


@lru_cache(maxsize=10_000)
def _named(classes: str, name: str) -> str:
    if _HIDDEN_CLASSES & set(classes.split()) and ":" not in classes:  # "hidden md:block": hidden on small screens only
        return HIDDEN
    words = {word.lower() for word in _WORD.findall(f"{classes} {name}")}
    return "" if "public" in words else next(iter(sorted(words & _WORDS)), "")
