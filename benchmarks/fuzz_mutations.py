"""Mutations that know the format: bytes and words of any file, values and keys of JSON, tags, clocks, labels."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

_MOST = 20_000  # bytes of an input: longer ones are made where growth is measured

_ANY = [
    b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\x80",
    b"\xf4\x90\x80\x80", b"\xff", b"\x1b[31m", b"\r", b"\n", b"\r\n", b"\n\n", b"\t", b" ", b"\x0b", b"\x0c", b"\x1c",
    *(c.encode() for c in "\u2028 \u2029 \x85 \xa0 \u3000 \u200b \u202e \u2066 \u2069 \ufeff \ufffd \u0301 é ß İ ﬁ "
      "😀 👩\u200d👧 质 한 ع ： 。 ？ Ⅷ ² ١ 𝟙 \U0010ffff".split(" ")),
    b"-1", b"0", b"1e999", b"NaN", b"Infinity", b"99999999999999999999", b"9" * 5000, b"0.1", b"00:00:00", b"7:06",
    b"a" * 300, b"Ann Lee: ", b"Q ", b"A. ", b"THE CHAIR: ", b"(", b")", b"[", b"]", b"{", b"}", b"<", b">", b"&", b";",
    b":", b"-->", b"--", b"- ", b">> ", b"**", b"#", b"---", b"\\", b'"', b"'", b".", b"?", b"%", b"$", b"|",
]  # fmt: skip
_OWN: dict[str, list[bytes]] = {
    ".txt": [b"\n\n", b"[00:01:02]", b"(00:12:03)", b"Speaker key:\n", b"END", b"Page 3 of 9", b"Date: "],
    ".vtt": [b"WEBVTT", b"NOTE", b"STYLE", b"<v Ann>", b"</v>", b"<c.x>", b"<rt>", b"<br>", b"&#0;", b"&#xD800;",
             b"\n\n00:00:01.000 --> 00:00:02.000 line:0\n", b"999:59:59.999 --> 00:00\n", b"&amp;lt;"],
    ".html": [b"<p>", b"</p>", b"<b>", b"</b>", b"<br>", b"<td>", b"<tr>", b"<table>", b"</table>", b"<dl><dt>",
              b"<dd>", b"<script>", b"</script>", b"<!--", b"-->", b"<![CDATA[", b"<svg>", b"<template>", b"<pre>",
              b"<h1>", b"<title>", b"<time datetime='", b"<meta charset=", b"utf-7", b"utf-16", b"big5",
              b"<cite>", b"<div class=speaker>", b"<div hidden>", b"<a href=", b"&#xD800;", b"&#0;", b"&nbsp;",
              b"<meta property=og:title content='", b"<form>", b"<body>", b"</html>", b"<base>", b"<plaintext>", b"</"],
    ".docx": [b"<w:p>", b"</w:p>", b"<w:r>", b"</w:r>", b"<w:t>", b"</w:t>", b"<w:br/>", b"<w:tab/>", b"<w:tbl>",
              b"<w:tr>", b"<w:tc>", b"</w:tbl>", b"<w:del>", b"<w:ins>", b"<w:rPr><w:vanish/></w:rPr>", b"<!--",
              b'<w:gridSpan w:val="9999999999"/>', b'<w:vMerge/>', b'<w:outlineLvl w:val="x"/>', b"<!DOCTYPE a>",
              b'<w:fldChar w:fldCharType="begin"/>', b"<w:sym/>", b"<w:noBreakHyphen/>", b"<mc:AlternateContent>"],
    ".pdf": [b"BT", b"ET", b" Tj ", b" TJ ", b" Td ", b" Tm ", b" Tf ", b" Tz ", b" Tr ", b"q ", b"Q ", b" cm ",
             b"(\\", b"<FEFF>", b"/F ", b"0 1 -1 0 ", b"1e38", b"-1e38", b"0 0 0 0 0 0 Tm", b"BI ", b"ID ", b"EI"],
}  # fmt: skip
_OWN |= {".md": _OWN[".txt"], ".srt": _OWN[".vtt"]}
_KEYS = (
    "segments text words word start end speaker results channels alternatives transcript transcripts items type offset "
    "transcription offsets from monologues elements value ts utterances recognizedPhrases nBest display phrases turns "
    "sections text_blocks sentences entries chunks timestamp meeting_transcripts content data response seconds nanos "
    "paragraphs audio_segments speaker_labels channel_labels language title date id duration name speakers source"
).split()
_LEAVES: list[Any] = [
    None, True, False, 0, -1, 1, 2**53, 10**20, 10**400, -0.0, 0.5, 1e308, 5e-324, float("nan"), float("inf"), 1.6e12,
    "", " ", "\n", "\0", "\ud800", "\udc00x", "\ud83d\ude00", "1.5s", "00:00:01,5", "PT1M", "PT", "2013-05-20",
    "1" * 400, "9" * 13, "en_us", "?", "０", "²", "http://a\n", "\u2028", "\u202eabc", "Ann Lee: so.", "x" * 3000,
    "质" * 50, [], {}, [[]],
    {"seconds": {"seconds": 1}}, {"name": {"name": "A"}},
]  # fmt: skip
_CODECS = "utf-16 utf-16-le utf-16-be utf-32 utf-8-sig gb18030 big5 cp1252 shift_jis euc_kr cp1251".split()


def mutate(seed: bytes, other: bytes, suffix: str, chance: random.Random) -> bytes:
    """``seed`` after one to six changes; ``other`` is a second file of the format to take parts from."""
    made = seed
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        change = _STRUCTURED.get(suffix) if chance.random() < 0.7 else None
        made = change(made, other, chance) if change else _bytes(made, other, suffix, chance)
    return made[:_MOST]


def _bytes(made: bytes, other: bytes, suffix: str, chance: random.Random) -> bytes:
    at = chance.randrange(len(made) + 1)
    end = min(len(made), at + chance.choice((1, 1, 2, 4, 16, 64, 400)))
    words = _OWN[suffix] if suffix in _OWN and chance.random() < 0.5 else _ANY
    match chance.randrange(12):
        case 0:
            return made[:at] + bytes(byte ^ 1 << chance.randrange(8) for byte in made[at:end]) + made[end:]
        case 1:
            return made[:at]
        case 2:
            return made[:at] + made[end:]
        case 3:
            return made[:end] + made[at:end] * chance.choice((1, 2, 3, 50)) + made[end:]
        case 4:
            cut = chance.randrange(len(other) + 1)
            return made[:at] + other[cut:]
        case 5:
            cut = chance.randrange(len(other) + 1)
            return made[:at] + other[cut : cut + chance.choice((4, 40, 400))] + made[at:]
        case 6:
            return made[:at] + chance.choice(words) * chance.choice((1, 1, 2, 200)) + made[at:]
        case 7:
            return made[:at] + chance.randbytes(chance.choice((1, 2, 4, 30))) + made[end:]
        case 8:
            lines = made.splitlines(keepends=True)
            chance.shuffle(lines)
            return b"".join(lines)
        case 9:
            return made.decode("utf-8", "replace").encode(chance.choice(_CODECS), "replace")
        case 10:
            end_of_line = chance.choice((b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"\xe2\x80\xa8"))
            return end_of_line.join(made.splitlines())
        case _:
            return made[:at] + chance.choice(words) + made[end:]


def _json(made: bytes, other: bytes, chance: random.Random) -> bytes:
    try:
        data = json.loads(made)
    except (ValueError, RecursionError):
        return _bytes(made, other, ".json", chance)
    try:
        changed = _node(data, _loads(other), chance, chance.randrange(2, 9))
        return json.dumps(changed, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, OverflowError, RecursionError):  # an integer of more digits than Python writes
        return made


def _loads(other: bytes) -> Any:
    try:
        return json.loads(other)
    except (ValueError, RecursionError):
        return None


def _node(data: Any, other: Any, chance: random.Random, depth: int) -> Any:
    """The data with one value somewhere in it changed."""
    if depth and isinstance(data, dict) and data and chance.random() < 0.95:
        key = chance.choice(list(data))
        match chance.randrange(12):
            case 0:
                return {name: value for name, value in data.items() if name != key}
            case 1:
                return {chance.choice(_KEYS) if name == key else name: value for name, value in data.items()}
            case 2:
                return data | {chance.choice(_KEYS): data[key]}
            case 3:
                return {**data, **other} if isinstance(other, dict) else {key: data}
        return data | {key: _node(data[key], other, chance, depth - 1)}
    if depth and isinstance(data, list) and data and chance.random() < 0.95:
        at = chance.randrange(len(data))
        match chance.randrange(12):
            case 0:
                return data[:at] + data[at + 1 :]
            case 1:
                return data + data[at : at + 1] * chance.choice((1, 3, 40))
            case 2:
                return chance.sample(data, len(data))
            case 3:
                return [*data[:at], chance.choice(_LEAVES), *data[at:]]
        return [*data[:at], _node(data[at], other, chance, depth - 1), *data[at + 1 :]]
    return _leaf(data, chance)


def _leaf(data: Any, chance: random.Random) -> Any:
    match chance.randrange(8):
        case 0 if isinstance(data, str):
            at = chance.randrange(len(data) + 1)
            return data[:at] + str(chance.choice(_LEAVES[16:40])) + data[at:]
        case 1 if isinstance(data, int | float) and not isinstance(data, bool):
            return chance.choice((-data, data * 1e6, str(data), data + 0.5, [data]))
        case 2:
            key = chance.choice(_KEYS)
            for _ in range(chance.choice((1, 3, 60, 900))):
                data = {key: data} if chance.random() < 0.7 else [data]
            return data
        case 3:
            return {"name": data}
        case 4:
            return {"seconds": data, "nanos": data}
    return chance.choice(_LEAVES)


def _lines(made: bytes, other: bytes, chance: random.Random) -> bytes:
    """JSON Lines with one of the lines changed."""
    lines = made.split(b"\n")
    at = chance.randrange(len(lines))
    return b"\n".join([*lines[:at], _json(lines[at], other, chance), *lines[at + 1 :]])


def _xml(made: bytes, other: bytes, chance: random.Random) -> bytes:
    """The document with one of its elements moved, repeated, taken out, wrapped, renamed, or given another text."""
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    try:
        root, donor = (etree.fromstring(part, etree.XMLParser(huge_tree=True)) for part in (made, other))
    except (etree.XMLSyntaxError, ValueError):
        return _bytes(made, other, ".docx", chance)
    inner, donors = list(root.iter(etree.Element))[1:], list(donor.iter(etree.Element))
    if not inner:
        return made
    element, extra = chance.choice(inner), deepcopy(chance.choice(donors))
    parent = element.getparent()
    match chance.randrange(7):
        case 0:
            parent.remove(element)
        case 1:
            for _ in range(chance.choice((1, 2, 30))):
                parent.insert(chance.randrange(len(parent) + 1), deepcopy(element))
        case 2:
            element.append(extra)
        case 3:
            parent.replace(element, extra)
            extra.append(element)
        case 4:
            element.tag = extra.tag
        case 5:
            element.text = chance.choice(
                [" ", "Ann Lee: ", "Q", "：", "\u2028", "x" * 500, "\n\n", "(00:01:02)", "质。", "\xa0"]
            )
        case _:
            for name in list(element.attrib) or [chance.choice(donors).tag]:
                element.set(name, chance.choice(["", "0", "-1", "x", "9" * 30, "Title", "Name"]))
    return bytes(etree.tostring(root))


_STRUCTURED = {".json": _json, ".jsonl": _lines, ".docx": _xml}


def grown(seed: bytes, suffix: str, chance: random.Random, size: int) -> tuple[bytes, bytes]:
    """The seed with one stretch of it, or a word of the format, repeated to ``size`` bytes, and four times so often."""
    at = chance.randrange(len(seed) + 1)
    unit = seed[at : at + chance.choice((1, 3, 10, 40, 160))] or b"a"
    if chance.random() < 0.5:
        unit = chance.choice(_OWN.get(suffix, _ANY) if chance.random() < 0.5 else _ANY)[:200]
    count = max(1, size // len(unit))
    return seed[:at] + unit * count + seed[at:], seed[:at] + unit * count * 4 + seed[at:]
