"""A saved web page: finds the transcript among menus, side bars and comment forms, and the speakers in it.

``Transcript.text`` is the title and the kept lines as a browser lays them out, with a blank line before each block.
Labels, times of day and end marks lie outside what anybody said; stage directions stay where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.errors import TranscriptError
from qa.formats import clock, furniture, marks, page_body, page_labels, page_source
from qa.formats.labels import Label
from qa.formats.origin import Origin, find_date
from qa.formats.page_blocks import Line
from qa.formats.rows import rows_of
from qa.text import ends_sentence, is_cjk, trim
from qa.types import Range, Transcript, Turn

_TRANSCRIPT = 400  # code points in sentences, fewer than that and no speakers are no transcript
_TITLE = 500  # code points of a title
_URL = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_SITE = re.compile(r"\s+(?:[|·»–—-]|::)\s+")
_SHORT = 80  # code points: "Related: issue 7."
_REMARK = 8  # words: a line above the first speaker that is so long a sentence was said, or written, about the event


def parse(content: bytes, origin: Origin) -> Transcript:
    """Raises TranscriptError where the bytes are no page, or the page holds no transcript."""
    page = page_source.read(content, origin.source)
    title = _title(page.facts) or origin.stem
    lines = page_body.kept(page)
    if not any(line.text == title for line in lines[:20]):
        lines.insert(0, Line(title, heading=True))
    text, ranges = _join(lines)
    found = page_labels.find(text, lines, ranges)
    names = len({label.name for label in found})
    origin.notes.append(
        f"web page: {len(lines)} of its {len(page.lines)} lines, {len(found)} labels of {names} speakers"
    )
    if len(found) < 2 and sum(page_body.weight(line) for line in lines) < _TRANSCRIPT:
        raise TranscriptError(f"{origin.source}: no transcript in this page; save the page that shows the whole text")
    end = _end(text, lines, ranges, found)
    turns, paragraphs = _speech(text, lines[:end], ranges[:end], found)
    headings = [text[turn.start : turn.end] for turn in turns if turn.role == "heading"]
    return origin.transcript(
        text,
        tuple(turns),
        tuple(paragraphs),
        title=title,
        date=_date(page.facts, headings),
        url=_url(page.facts),
        language=_language(page.facts, text),
    )


def _title(facts: dict[str, str]) -> str:
    """og:title or <title>, without the site's name; where og:title is the site's name, it is taken from <title>."""
    given, shared, site = (facts.get(name, "")[:_TITLE] for name in ("title", "og:title", "og:site_name"))
    if shared and given.endswith(shared) and _SITE.search(given.removesuffix(shared) + " "):
        site, shared = site or shared, ""
        given = _SITE.split(given.removesuffix(site) + " ")[0] if given.endswith(site) else given
    title = shared or given or facts.get("h1", "")[:_TITLE]
    for cut in reversed(list(_SITE.finditer(title))):
        head, tail = title[: cut.start()], title[cut.end() :]
        if tail.casefold() == site.casefold() or head == facts.get("h1") or (not site and cut[0].strip() == "|"):
            return head
    return title.strip()


def _date(facts: dict[str, str], headings: Sequence[str]) -> str:
    """The dateline's date, which is the event's; else when the page was published."""
    names = ("article:published_time", "datepublished", "dc.date", "dcterms.date", "date", "datetime", "time")
    return next((date for line in [*headings, *(facts.get(n, "") for n in names)] if (date := find_date(line))), "")


def _url(facts: dict[str, str]) -> str:
    names = ("canonical", "og:url", "saved from")
    return next((facts[name] for name in names if _URL.fullmatch(facts.get(name, ""))), "")


def _language(facts: dict[str, str], text: str) -> str:
    """As the page declares it; a Chinese text in an English frame has none."""
    declared = facts.get("lang", "").strip()
    if not _LANGUAGE.fullmatch(declared):
        return ""
    code = declared.replace("_", "-").lower()
    return code if is_cjk(text) == (code[:2] in ("zh", "ja", "ko")) else ""


def _join(lines: Sequence[Line]) -> tuple[str, list[Range]]:
    parts: list[str] = []
    ranges: list[Range] = []
    at = 0
    for line in lines:
        gap = "" if not parts else "\n\n" if line.opens or line.heading else "\n"
        parts.append(gap + line.text)
        at += len(gap)
        ranges.append(Range(at, at + len(line.text)))
        at += len(line.text)
    return "".join(parts), ranges


def _end(text: str, lines: Sequence[Line], ranges: Sequence[Range], found: Sequence[Label]) -> int:
    """How many lines there are before the page's foot: that begins behind the word END, or with furniture."""
    last = found[-1].line if found else 0
    behind = sum(place.start <= last for place in ranges)
    end = next((row for row in range(behind, len(lines)) if marks.is_end(lines[row].text)), None)
    if end is None:
        return furniture.tail(text, rows_of(text, ranges), behind)
    return next((row for row in range(end, len(lines)) if not marks.is_mark(lines[row].text)), len(lines))


def _body(text: str, lines: Sequence[Line], ranges: Sequence[Range], found: Sequence[Label]) -> int:
    """Where the first speaker begins, or the first sentence that is no heading."""
    if found:
        return found[0].line
    rows = (row for row, line in enumerate(lines) if not line.heading and (ends_sentence(line.text)))
    return ranges[next(rows, min(1, len(ranges) - 1))].start


def _cuts(text: str, ranges: Sequence[Range], found: Sequence[Label]) -> list[Label]:
    """The labels, and the times that stand beside them, as labels without a name."""
    times = [label.seconds for label in found if label.seconds is not None]
    runs = clock.runs(times)
    cuts = [label if runs else label._replace(seconds=None, until=None) for label in found]
    taken = {label.line for label in found}
    marks = clock.marks(text, rows_of(text, ranges).without(taken), bool(times))
    cuts += [Label("", mark.start, mark.end, False, True, mark.seconds, mark.until) for mark in marks]
    return sorted(cuts, key=lambda cut: cut.line)


def _speech(
    text: str, lines: Sequence[Line], ranges: Sequence[Range], found: Sequence[Label]
) -> tuple[list[Turn], list[Range]]:
    """The turns, headings among them, and the paragraphs: a block is one, and so is a line behind a whole sentence."""
    body, forgets = _body(text, lines, ranges, found), _sections_name_speakers(lines, ranges, found)
    turns: list[Turn] = []
    paragraphs: list[Range] = []
    speaker, fresh, seconds, until = "", True, None, None
    for line, (start, end), cut in _pieces(lines, ranges, _cuts(text, ranges, found)):
        if cut:
            speaker, fresh = cut.name or speaker, True
            seconds, until = (seconds, until) if cut.seconds is None else (cut.seconds, cut.until)
        elif _is_heading(line, start < body):
            turns.append(Turn(start, end, role="heading"))
            speaker, fresh = speaker if line.heading and not forgets else "", True
            continue
        start, end = trim(text, start, end)
        if start == end or furniture.is_furniture(text[start:end]):
            continue
        if fresh or line.opens or ends_sentence(text[max(0, start - 20) : start]):
            paragraphs.append(Range(start, end))
        else:
            paragraphs[-1] = Range(paragraphs[-1].start, end)
        turns[-1:] = (
            [*turns[-1:], Turn(start, end, speaker, seconds=seconds, until=until)]
            if fresh
            else [turns[-1]._replace(end=end)]
        )
        fresh, seconds, until = False, None, None
    return turns, paragraphs


def _pieces(
    lines: Sequence[Line], ranges: Sequence[Range], cuts: Sequence[Label]
) -> Iterator[tuple[Line, Range, Label | None]]:
    """The lines, cut at the labels and times in them, each with the one in front."""
    at = 0
    for line, place in zip(lines, ranges, strict=True):
        label, start = None, place.start
        while at < len(cuts) and cuts[at].line < place.end:
            if start < cuts[at].line or label:
                yield line, Range(start, max(start, cuts[at].line)), label
            label, start = cuts[at], min(cuts[at].speech, place.end)
            at += 1
        yield line, Range(start, place.end), label


def _is_heading(line: Line, above: bool) -> bool:
    """``above`` the first speaker all is a heading but remarks; below, headings and "END  6:02 P.M. EDT"."""
    if line.heading or marks.is_mark(line.text):
        return True
    return above and not (ends_sentence(line.text) and (len(line.text.split()) >= _REMARK or len(line.text) > 60))


def _sections_name_speakers(lines: Sequence[Line], ranges: Sequence[Range], found: Sequence[Label]) -> bool:
    """Whether most headings have a label behind them, or one short line and a label: then that line is nobody's."""
    starts = {label.line for label in found}
    named = total = 0
    for row, line in enumerate(lines[:-2]):
        if found and line.heading and ranges[row].start > found[0].line and not lines[row + 1].heading:
            total += 1
            short = len(lines[row + 1].text) < _SHORT and ranges[row + 2].start in starts
            named += short or ranges[row + 1].start in starts
    return named * 2 > total
