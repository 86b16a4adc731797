"""Coverage-guided fuzzing of every parser with atheris: nothing but a Transcript or a TranscriptError may come of any
bytes, in bounded time and memory.

    pip install atheris
    python -m benchmarks.fuzz [--inputs 100000] [--seconds 600] [--only .vtt .srt]

A format ends after so many inputs, or so many seconds. An input that makes a parser fail is printed and ends it.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.machine import save

_SEED = 7
_LONGEST = 4096  # bytes of an input
_SLOW = 10  # seconds after which an input counts as a failure
_MEMORY = 2048  # megabytes
_TEXT = [
    "Title of it\nMay 3, 2021\n\nAnn Lee: Is it so?\n\nBen Ray: It is.\n(Laughter.)\n\nAnn Lee: Well.\n",
    "CHAIR POWELL.  We hold the\nrate.\n\nANN LEE.  Why?  [00:01:02]\n\nCHAIR POWELL.  So it is.\n\n5:14 P.M. EDT\n",
    "**Ann:** \\[00:12\\] Hello.\n\n**Ben:** \\[01:46\\] Hi, all.\n\n# Head\n\n**Ann:** Bye.\n",
    "---\ntitle: A\ndate: '2021-04-08'\n---\nQ    Why?\n\nMS. LEE:  So.\n\nQ    And?\n\nMS. LEE:  Yes.\n",
    "主席：各位早晨。\n\n(議員站起來)\n\n張三議員：規程問題。\n\n暫停會議\n\n主席：好。\n",
    "AL = Ann Lee\nBR = Ben Ray\n\nAL    Hello all.\n\nBR    Hello.\n\nAL    Bye.\n",
    "just words and no marks at all " * 9,
    "00:00:01 Ann\nHello.\n00:00:09 Ben\nHi.\n", "[PERSON1] Hello.\n[PERSON2] Hi.\n[PERSON1] Bye.\n",
]  # fmt: skip
_CUES = (
    "1\n00:00:01.000 --> 00:00:04.000 align:start\n<v Ann Lee>Is it <i>so</i>?</v>\n\n"
    "2\n00:05.500 --> 00:06.000\n- It is.\n>> BEN: Yes &amp; no.\n"
)
_JSON: list[Any] = [
    {"title": "T", "turns": [{"speaker": "A", "text": "Hello.", "start": 1, "end": 2.5}, {"text": "Hi."}]},
    {"text": "a b", "language": "en", "segments": [
        {"start": 0, "end": 1.5, "text": " a", "speaker": "S", "words": [{"word": " a", "start": 0, "end": 1}]}]},
    {"meeting_transcripts": [{"speaker": "A", "content": "Hello ."}], "topic_list": []},
    {"results": {"items": [{"type": "pronunciation", "start_time": "0.1", "end_time": "0.3", "speaker_label": "spk_0",
                            "alternatives": [{"content": "Hi"}]}]}},
    {"results": {"channels": [{"alternatives": [
        {"transcript": "hi", "words": [{"word": "hi", "start": 0, "end": 1}]}]}]}},
    {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "Hi", "ts": 0.5}]}]},
    {"transcript": {"title": "R", "sections": [{"turns": [{"speaker": {"name": "M"}, "text_blocks": [
        {"start": 0, "stop": 1, "text": "We hear."}]}]}]}},
    {"transcription": [{"timestamps": {"from": "00:00:00,000", "to": "00:00:01,000"}, "text": " Hi."}]},
    {"recognizedPhrases": [{"offset": "PT0.7S", "duration": "PT1S", "speaker": 1, "nBest": [{"display": "Hi."}]}]},
    {"results": [{"alternatives": [
        {"transcript": "Hi", "words": [{"word": "Hi", "startTime": "1s", "speakerTag": 1}]}]}]},
    {"utterances": [{"speaker": "A", "text": "Hi", "start": 10, "end": 20, "words": []}], "audio_url": "u"},
    [{"speaker": "A", "text": "Hi", "start": 0, "end": 1}],
]  # fmt: skip
_PAGE = (
    "<html lang=en><head><title>T | Site</title><meta charset=utf-8></head><body><nav><a href=x>Menu</a></nav><article>"
    "<h1>T</h1><p><b>Ann Lee:</b> Is it so, and will it be so in the years to come?<br>And why?</p>"
    "<p><b>Ben Ray:</b> It is.</p>"
    "<table><tr><td>Ann Lee</td><td>Well, it is so.</td></tr></table><dl><dt>Ben Ray</dt><dd>Yes.</dd></dl>"
    "<p>5:14 P.M. EDT</p></article><script>x</script><footer>Foot</footer></body></html>"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCUMENT = (
    f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Ann Lee:</w:t></w:r><w:r><w:t> Is it '
    "so?</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Ben Ray</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>It is "
    "so.</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
)
_PDF = (
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>endobj\n"
    "4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Courier>>endobj\n5 0 obj<</Length 92>>stream\n"
    "BT /F 9 Tf 72 700 Td (ANN LEE: Is it so?) Tj 0 -24 Td (BEN RAY: It is.) Tj ET\n"
    "endstream endobj\ntrailer<</Root 1 0 R>>\n"
)


def _docx(document: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", document)
    return buffer.getvalue()


def _as_docx(data: bytes) -> bytes:
    """A file as it is, or what is left of mutated XML when its tags are closed: most would not get past the reader."""
    if data.startswith(b"PK"):
        return data
    try:
        root = etree.fromstring(data, etree.XMLParser(recover=True))
    except etree.XMLSyntaxError:  # there is nothing to mend
        root = None
    return _docx(data if root is None else etree.tostring(root))


def _as_json(data: bytes) -> bytes:
    """JSON as it is, or one of the seeds with some of its values changed as the bytes say."""
    try:
        json.loads(data)
        return data
    except (ValueError, RecursionError):
        pass
    chance = random.Random(data)
    tree = copy.deepcopy(chance.choice(_JSON))
    for _ in range(chance.randint(1, 4)):
        holders = [tree]
        for holder in holders:
            inner = holder.values() if isinstance(holder, dict) else holder
            holders += [one for one in inner if isinstance(one, dict | list) and one]
        holder = chance.choice(holders)
        key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
        holder[key] = copy.deepcopy(chance.choice([*_VALUES, data.decode("utf-8", "replace"), tree]))
    return json.dumps(tree).encode()


_VALUES = [
    None,
    True,
    -1,
    0,
    1e300,
    float("nan"),
    10**400,
    "",
    " ",
    "1.5s",
    "PT1S",
    "\ud800",
    [],
    {},
    [[]],
    [{}],
    {"name": {}},
]
_TEXTS = [text.encode() for text in _TEXT] + [_TEXT[0].encode("utf-16"), _TEXT[4].encode("gb18030")]
SEEDS: dict[str, list[bytes]] = {
    ".txt": _TEXTS, ".md": _TEXTS, ".vtt": [f"WEBVTT - T\n\nNOTE x\n\nSTYLE\n::cue{{}}\n\n{_CUES}".encode()],
    ".srt": [_CUES.encode(), _CUES.replace(".", ",").encode("utf-8-sig")], ".html": [_PAGE.encode()],
    ".json": [json.dumps(one).encode() for one in _JSON],
    ".jsonl": [b'{"speaker": "A", "text": "Hi."}\n{"speaker": "B", "text": "Yes."}\n'],
    ".docx": [_DOCUMENT.encode(), _docx(_DOCUMENT.encode())], ".pdf": [_PDF.encode()],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--only", nargs="+", default=list(SEEDS))
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.run:
        _target(options.run, rest)
    else:
        save("fuzz", {"seed": _SEED, **{suffix: _series(suffix, options) for suffix in options.only}})


def _series(suffix: str, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS[suffix]):
            Path(folder, f"seed{number}").write_bytes(seed)
        limits = {
            "runs": options.inputs, "max_total_time": options.seconds, "max_len": _LONGEST, "seed": _SEED,
            "timeout": _SLOW, "rss_limit_mb": _MEMORY, "artifact_prefix": f"{folder}/", "print_final_stats": 1,
        }  # fmt: skip
        flags = [f"-{name}={value}" for name, value in limits.items()]
        command = [sys.executable, "-m", "benchmarks.fuzz", "--run", suffix, *flags, folder]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        failing = [
            file.read_bytes() for file in Path(folder).iterdir() if re.match("crash|timeout|oom|slow", file.name)
        ]
    if done.returncode:
        print(suffix, done.stderr[-3000:], *map(repr, failing), sep="\n", file=sys.stderr)
    found = {name: int(value) for name, value in re.findall(r"stat::(\w+):\s+(\d+)", done.stderr)}
    runs = int((re.findall(r"Done (\d+) runs", done.stderr) or [found.get("number_of_executed_units", 0)])[-1])
    return {
        "inputs": runs, "failures": int(done.returncode != 0), "peak megabytes": found.get("peak_rss_mb"),
        "whole seconds of the slowest input": found.get("slowest_unit_time_sec"),
    }  # fmt: skip


def _target(suffix: str, arguments: list[str]) -> None:
    import atheris  # type: ignore[import-not-found, unused-ignore]

    with atheris.instrument_imports(include=["qa"]):
        from qa import transcripts
        from qa.errors import TranscriptError

    shaped = {".docx": _as_docx, ".json": _as_json}.get(suffix, bytes)

    def one(data: bytes) -> None:
        try:
            made = transcripts.parse(shaped(data), f"talk{suffix}")
        except TranscriptError as error:
            assert str(error).startswith("talk.") and "\n" not in str(error), error
            return
        for turn in made.turns:
            assert made.text[turn.start : turn.end].strip() == made.text[turn.start : turn.end] != ""

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
