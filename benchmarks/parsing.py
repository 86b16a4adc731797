"""What reading a large file costs, for each layout and format: megabytes a second, how many times as long as the plain
library takes to decode it, and the most memory, each in a process of its own.

    python -m benchmarks.parsing [--megabytes 20] [--only wrapped .html]

The files are made up with a fixed seed. Plain libraries: str.splitlines for text, lxml for .html, json for .json,
zipfile and lxml for .docx, pypdfium2 for .pdf. What is refused for its size is timed as well.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.machine import save
from qa import transcripts
from qa.errors import TranscriptError

_WORDS = (
    "the of to and in we that is rate inflation policy committee market growth will percent year economy prices labor "
    "have been there which about would expect because think meeting today people government water plan project you"
).split()
_NAMES = ["Ann Lee", "Ben Ray", "Carol Oh", "Dan Ito"]
_CHINESE = ["主席", "梁國雄議員", "陳志全議員"]
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Made:
    """Speech that nobody said."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        self.seconds = 0

    def sentence(self) -> str:
        end = "?" if self.chance.random() < 0.1 else "."
        return " ".join(self.chance.choices(_WORDS, k=self.chance.randint(6, 22))).capitalize() + end

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(3, 9)))

    def name(self) -> str:
        return self.chance.choice(_NAMES)

    def clock(self, comma: str = ".") -> str:
        self.seconds = (self.seconds + 4) % 360_000  # a recording of a hundred hours starts again
        return f"{self.seconds // 3600:02}:{self.seconds // 60 % 60:02}:{self.seconds % 60:02}{comma}000"

    def chinese(self) -> str:
        return "".join(chr(self.chance.randint(0x4E00, 0x4FFF)) for _ in range(self.chance.randint(30, 200)))


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 72)) + "\n\n"


def _cue(made: Made, comma: str, voice: str) -> str:
    return f"{made.seconds // 4}\n{made.clock(comma)} --> {made.clock(comma)}\n{voice}{made.sentence()}\n\n"


def _segment(made: Made) -> str:
    made.seconds += 4
    return json.dumps({"start": made.seconds - 4, "end": made.seconds, "text": f" {made.sentence()}"})


# A layout: the ending of its files, and what makes a piece of one.
LAYOUTS: dict[str, tuple[str, Callable[[Made], str]]] = {
    "names, wrapped": (".txt", lambda made: _wrapped(f"{made.name()}: {made.paragraph()}")),
    "names in capitals, wrapped": (".txt", lambda made: _wrapped(f"{made.name().upper()}.  {made.paragraph()}")),
    "names, long lines": (".txt", lambda made: f"{made.name()}: {made.paragraph()}\n\n"),
    "no names, wrapped": (".txt", lambda made: _wrapped(made.paragraph())),
    "Chinese": (".txt", lambda made: f"{made.chance.choice(_CHINESE)}：{made.chinese()}。\n\n"),
    "Markdown": (".md", lambda made: f"**{made.name()}:** {made.paragraph()}\n\n"),
    "a time and a name a line": (".txt", lambda made: f"[{made.clock()[:8]}] {made.name()}: {made.sentence()}\n"),
    "web page": (".html", lambda made: f"<p><b>{made.name()}:</b> {made.paragraph()}</p>\n"),
    "WebVTT": (".vtt", lambda made: _cue(made, ".", f"<v {made.name()}>")),
    "SubRip": (".srt", lambda made: _cue(made, ",", "")),
    "Whisper": (".json", _segment),
    "Word": (".docx", lambda made: f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{made.name()}: </w:t></w:r><w:r><w:t>"
             f"{made.paragraph()}</w:t></w:r></w:p>"),
    "PDF": (".pdf", lambda made: _wrapped(f"{made.name()}: {made.paragraph()}")),
}  # fmt: skip


def build(layout: str, size: int) -> bytes:
    suffix, piece = LAYOUTS[layout]
    pieces = list(_until(size, piece))
    if suffix == ".html":
        return f"<html><head><title>T</title></head><body><article>{''.join(pieces)}</article></body></html>".encode()
    if suffix == ".json":
        return f'{{"text": "", "language": "en", "segments": [{",".join(pieces)}]}}'.encode()
    if suffix == ".docx":
        return _docx("".join(pieces))
    if suffix == ".pdf":
        return _pdf("".join(pieces).splitlines())
    return ("WEBVTT\n\n" * (suffix == ".vtt") + "".join(pieces)).encode()


def _until(size: int, piece: Callable[[Made], str]) -> Iterator[str]:
    made = Made()
    while size > 0:
        one = piece(made)
        size -= len(one.encode())
        yield one


def _docx(body: str) -> bytes:
    """Stored, not packed: so that the file is as large as what is in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        file.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
    return buffer.getvalue()


def _pdf(lines: list[str]) -> bytes:
    """48 lines a page, not packed."""
    pages = [lines[at : at + 48] for at in range(0, len(lines), 48)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode()]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>")
    for number, page in enumerate(pages):
        rows = "".join(f"BT /F 10 Tf 72 {720 - 13 * row} Td ({line}) Tj ET\n" for row, line in enumerate(page) if line)
        head = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {5 + 2 * number} 0 R"
        objects.append(f"{head}/Resources<</Font<</F 3 0 R>>>>>>".encode())
        objects.append(f"<</Length {len(rows)}>>stream\n{rows}endstream".encode())
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    for number, item in enumerate(objects, 1):
        out.write(f"{number} 0 obj".encode() + item + b"\nendobj\n")
    out.write(b"trailer<</Root 1 0 R>>\n")
    return out.getvalue()


def _plainly(content: bytes, suffix: str) -> None:
    """What the library does that is under the parser."""
    if suffix == ".html":
        from lxml import etree

        etree.fromstring(content, etree.HTMLParser(huge_tree=True))
    elif suffix == ".json":
        json.loads(content)
    elif suffix == ".docx":
        from lxml import etree

        with zipfile.ZipFile(io.BytesIO(content)) as file:
            etree.fromstring(file.read("word/document.xml"), etree.XMLParser(huge_tree=True))
    elif suffix == ".pdf":
        import pypdfium2

        for page in pypdfium2.PdfDocument(content):
            page.get_textpage().get_text_range()
    else:
        content.decode().splitlines()


def measure(layout: str, megabytes: float) -> dict[str, Any]:
    suffix = LAYOUTS[layout][0]
    content = build(layout, int(megabytes * 1e6))
    began = time.perf_counter()
    try:
        outcome = f"{len(transcripts.parse(content, f'talk{suffix}').turns)} turns"
    except TranscriptError as error:
        outcome = f"refused: {error}"
    took = time.perf_counter() - began
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    began = time.perf_counter()
    _plainly(content, suffix)
    plain = time.perf_counter() - began
    return {
        "megabytes": round(len(content) / 1e6, 1), "outcome": outcome,
        "megabytes a second": round(len(content) / took / 1e6, 1),
        "times the plain library": round(took / plain, 1), "peak megabytes of memory": peak,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--only", nargs="+", default=list(LAYOUTS), choices=list(LAYOUTS))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.megabytes)))
        return
    command = [sys.executable, "-m", "benchmarks.parsing", "--megabytes", str(options.megabytes), "--one"]
    runs = {name: subprocess.run([*command, name], capture_output=True, text=True, check=True) for name in options.only}
    save("parsing", {name: json.loads(run.stdout) for name, run in runs.items()})


if __name__ == "__main__":
    main()
