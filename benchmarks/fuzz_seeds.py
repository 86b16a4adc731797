"""Small files of every format, in several layouts each: what the inputs of benchmarks.fuzz are made from.

A PDF or a Word document is made from its inner part: the lines its pages draw, the XML of its text.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from io import BytesIO
from typing import Any

_TALK = [
    ("THE CHAIR", "Good morning, everyone. Rates rose by 0.25 pct. to 5.5 percent."),
    ("Q", "Why? Mr. Smith asked you that in May."),
    ("Ann Lee", "Because “prices” rose. At 7:06 we knew: it was so. (Laughter.)"),
    ("刘三江", "质量是发展的基础。谢谢你的提问。"),
    ("THE CHAIR", "Thank you. That is all for today, and we meet again next week."),
    ("Ann Lee", "We looked at every crane in the harbour, one after the other, and found most of them sound."),
]
_PLAIN = [
    "Press Conference on Rates\nApril 22, 2020\n\n" + "\n\n".join(f"{name}: {said}" for name, said in _TALK),
    "\n".join(f"{name}\n{said}\n" for name, said in _TALK),
    "\n".join(f"{name} (00:{at:02}:07):\n{said}\n" for at, (name, said) in enumerate(_TALK)),
    "\r\n\r\n".join(f"[00:{at:02}:05.000 --> 00:{at:02}:09.500] {said}" for at, (_, said) in enumerate(_TALK)),
    "\n".join(f"{at}:03\n{said}" for at, (_, said) in enumerate(_TALK)),
    "---\ntitle: A Hearing\ndate: 2013-05-20\nsource: https://town.example/a\nlanguage: en\n---\n\n# A Hearing\n\n"
    + "\n\n".join(f"**{name}:** {said}" for name, said in _TALK),
    "国务院新闻办公室发布会\n时间：2013年5月20日\n地点：北京\n\n"
    + "\n".join(f"{name}：{said}" for name, said in [("记者", "请问去年的进展如何？"), ("主持人", "谢谢。")] * 3),
    "Speaker key:\nIE: Interviewer\nJS: Jane Smith\n\n"
    + "".join(f"{('IE', 'JS')[at % 2]}: {said}\n" for at, (_, said) in enumerate(_TALK)),
    "Q   Is it safe?\n\nCHAIR POWELL.  It is, as far as I can tell.\n\nQ   And tomorrow?\n\nCHAIR POWELL.  Yes.\n\nEND",
    "No labels here. " * 8 + "\n\n" + "It goes on, and on. " * 6,
]
_MARKDOWN = [
    *_PLAIN,
    "# Talk\n\n## Part one\n\n**Ann Lee** \\[01:46\\]\n\nIt is so.\n\n> Quoted.\n\n**Bo Li** \\[02:10\\]\n\nWhy?\n",
]


def _clock(seconds: int, mark: str = ".") -> str:
    return f"00:{seconds // 60:02}:{seconds % 60:02}{mark}000"


def _cues(shown: list[str], mark: str = ".", numbered: bool = False) -> str:
    times = (f"{_clock(2 * at, mark)} --> {_clock(2 * at + 2, mark)}" for at in range(len(shown)))
    numbers = (f"{at + 1}\n" if numbered else "" for at in range(len(shown)))
    return "\n\n".join(f"{number}{time}\n{line}" for number, time, line in zip(numbers, times, shown, strict=True))


_VTT = [
    "WEBVTT - A talk\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nNOTE a comment\n\n"
    + _cues([f"<v {name}>{said}</v>" for name, said in _TALK]),
    "WEBVTT\n\n" + _cues([f"<v.loud {name}><i>{said}</i> &amp; <00:00:01.000>more" for name, said in _TALK]),
    "WEBVTT\n\n" + _cues(["one line\n", "one line\ntwo line", "two line\nthree line", "three line\nfour line"]),
    "WEBVTT\n\n" + _cues([f"{name}: {said}" for name, said in _TALK] * 2, numbered=True),
    "WEBVTT\n\nREGION\nid:a\n\n"
    + _cues(["<ruby>漢<rt>かん</rt></ruby>字です。", "你好。\nHello.", "再见。\nGoodbye."]),
]
_SRT = [
    _cues([f"{name}: {said}" for name, said in _TALK] * 2, ",", True),
    "\ufeff" + _cues([f"<i>{said}</i>" for _, said in _TALK], ",", True).replace("\n", "\r\n"),
    _cues([">> CHAIR: Good morning.", ">> Why?", ">> ANN: So.", "- No.\n- Yes.", "{\\an8}Up here."], ",", True),
    _cues(["你好。\nHello.", "再见。\nGoodbye.", "谢谢。\nThank you."], ",", True),
]


def _segments(speaker: bool, words: bool) -> list[dict[str, Any]]:
    found = []
    for at, (name, said) in enumerate(_TALK):
        item: dict[str, Any] = {"id": at, "start": at * 3.0, "end": at * 3 + 2.5, "text": f" {said}"}
        if words:
            item["words"] = [
                {"word": f" {word}", "start": at * 3 + n / 9, "end": at * 3 + n / 8, "speaker": name}
                for n, word in enumerate(said.split())
            ]
        found.append(item | ({"speaker": name} if speaker else {}))
    return found


_WORDS = [{"word": "so", "punctuated_word": "So", "start": 0.1, "end": 0.4, "speaker": 0, "confidence": 0.9}]
_ITEMS = [
    {"id": 0, "type": "pronunciation", "start_time": "0.1", "end_time": "0.4", "alternatives": [{"content": "So"}]}
]
_JSON: list[Any] = [
    {"text": "Good morning.", "language": "english", "segments": _segments(False, False)},
    {"segments": _segments(True, True), "language": "en", "word_segments": []},
    _segments(True, False),
    {"title": "A hearing", "date": "2013-05-20", "source": "https://a.example", "language": "en",
     "turns": [{"speaker": name, "text": said, "start": at, "end": at + 1} for at, (name, said) in enumerate(_TALK)]},
    {"meeting_transcripts": [{"speaker": name, "content": said} for name, said in _TALK], "topic_list": []},
    {"transcript": {"title": "Oral Argument - April 22, 2020", "sections": [{"turns": [
        {"speaker": {"name": name}, "text_blocks": [{"text": said, "start": at, "stop": at + 0.5}]}
        for at, (name, said) in enumerate(_TALK)]}]}},
    {"title": "Chat", "speakers": [{"id": 1, "speaker_name": "Ann"}],
     "transcripts": [{"transcript": said, "speaker_id": 1, "speaker_model_label": "2"} for _, said in _TALK]},
    {"entries": [{"speakerDisplayName": name, "text": said, "startOffset": "00:00:01.5", "endOffset": "00:00:02"}
                 for name, said in _TALK]},
    {"transcription": [{"timestamps": {"from": "00:00:00,000", "to": "00:00:01,500"},
                        "offsets": {"from": 0, "to": 1500}, "text": said, "speaker": "0"} for _, said in _TALK],
     "result": {"language": "en"}},
    {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "So", "ts": 0.1, "end_ts": 0.4},
                                                {"type": "punct", "value": "."}]}],
     "speakers": [{"id": 0, "name": "A"}]},
    {"utterances": [{"speaker": "A", "text": said, "start": 1000, "end": 2000, "words": []} for _, said in _TALK]},
    {"recognizedPhrases": [{"channel": 0, "speaker": 1, "offsetInTicks": 1e7, "durationInTicks": 1e7, "nBest": [
        {"display": "So it is.", "words": [{"word": "so", "offset": "PT1S", "duration": "PT0.5S"}]}]}] * 2},
    {"results": {"channels": [{"detected_language": "en", "alternatives": [{"transcript": "So.", "words": _WORDS,
     "paragraphs": {"paragraphs": [{"speaker": 0, "sentences": [{"text": "So.", "start": 0.1, "end": 0.4}]}]}}]}] * 2}},
    {"results": {"transcripts": [{"transcript": "So."}], "items": _ITEMS, "language_code": "en-US", "speaker_labels": {
        "segments": [{"items": [{"start_time": "0.1", "speaker_label": "spk_0"}]}]},
        "audio_segments": [{"id": 0, "transcript": "So.", "start_time": "0.1", "end_time": "0.4", "items": [0]}]}},
    {"results": [{"alternatives": [{"transcript": "So it is.", "words": [{"word": "So", "startTime": "1.400s",
     "endTime": {"seconds": 2, "nanos": 5}, "speakerTag": 1}]}], "resultEndTime": "2.5s"}] * 2},
    {"data": {"transcript": {"title": "Standup", "date": 1.6e12, "transcript_url": "https://a.example", "sentences": [
        {"speaker_name": name, "raw_text": said, "start_time": 1, "end_time": 2} for name, said in _TALK]}}},
    {"text": "One.", "chunks": [{"text": " One.", "timestamp": [0.0, 2.0]}, {"text": " T", "timestamp": [2, None]}]},
    {"phrases": [{"offsetMilliseconds": 40, "durationMilliseconds": 960, "text": "So.", "speaker": 1, "channel": 0}]},
    {"version": "1.0.0", "segments": [{"speaker": "Ann", "startTime": 0.5, "endTime": 0.7, "body": "And"}] * 2},
]  # fmt: skip
_LINES = [{"speaker": name, "text": said} for name, said in _TALK]

_HEAD = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A Talk | Town</title></head><body>'
_HTML = [
    _HEAD + "<nav><ul><li><a href=/>Home</a></ul></nav><main><h1>A Talk</h1><p>April 22, 2020</p>"
    + "".join(f"<p><b>{name}:</b> {said}</p>" for name, said in _TALK) + "</main><footer>Town</footer></body></html>",
    _HEAD + "<table>" + "".join(f"<tr><td>{name}</td><td>{said}</td></tr>" for name, said in _TALK * 2) + "</table>",
    _HEAD + "<dl>" + "".join(f"<dt>{name}<dd>{said}" for name, said in _TALK * 2) + "</dl>",
    _HEAD + "<script>var x = '<p>';</script><style>p{}</style><form>"
    + "".join(f"<div class=speaker>{name}</div><div>{said}</div>" for name, said in _TALK * 2) + "</form>",
    "<meta charset=gbk><pre>" + "\n".join(f"{name}: {said}" for name, said in _TALK * 2) + "</pre>",
    "".join(f"<p>Q&nbsp; Why?</p><p>THE MAYOR:&nbsp; {said}</p>" for _, said in _TALK) + "<p>END&nbsp; 6:02 P.M. EST",
    "".join(f"<p><cite>&lt;ann&gt;</cite> {said}<br>{said}" for _, said in _TALK),
]  # fmt: skip

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _para(name: str, said: str, style: str = "") -> str:
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>{name}</w:t></w:r>'
        f'<w:r><w:t xml:space="preserve"> {said}</w:t><w:br/><w:tab/></w:r></w:p>'
    )


def _cells(name: str, said: str) -> str:
    return f"<w:tr><w:tc>{_para('', name)}</w:tc><w:tc>{_para('', said)}</w:tc></w:tr>"


def _body(inner: str) -> bytes:
    return f'<w:document xmlns:w="{_W}"><w:body>{inner}</w:body></w:document>'.encode()


_DOCX = [
    _body(_para("A Talk on Rates", "", "Title") + "".join(_para(f"{name}:", said) for name, said in _TALK)),
    _body("<w:tbl>" + "".join(_cells(name, said) for name, said in _TALK) + "</w:tbl>"),
    _body(
        "".join(_para("", f"{name}: {said}") for name, said in _TALK)
        + '<w:p><w:ins w:author="a"><w:r><w:t>New.</w:t></w:r></w:ins><w:del><w:r><w:t>Old</w:t></w:r></w:del>'
        + "<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink><w:sdt><w:sdtContent><w:r><w:t>in</w:t></w:r>"
        + "</w:sdtContent></w:sdt></w:p>"
    ),
]
_STYLES = (
    f'<w:styles xmlns:w="{_W}"><w:style w:styleId="Title"><w:name w:val="Title"/></w:style><w:style w:styleId="Name">'
    '<w:name w:val="Loud"/><w:basedOn w:val="Title"/><w:rPr><w:b/></w:rPr></w:style></w:styles>'
)


def docx(document: bytes) -> bytes:
    """A Word document whose text is this XML."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (("word/document.xml", document), ("word/styles.xml", _STYLES.encode())):
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _page(lines: list[str], size: int = 10, gap: int = 14) -> bytes:
    drawn = (f"BT /F {size} Tf 1 0 0 1 72 {700 - gap * at} Tm ({line}) Tj ET" for at, line in enumerate(lines))
    return "\n".join(drawn).encode("cp1252", "replace")


_FLAT = [line for name, said in _TALK for line in (f"{name}:", said.replace("(", "").replace(")", ""))]
_PDF = [
    _page(_FLAT) + b"\nBT /F 7 Tf 1 0 0 1 72 60 Tm (1 A footnote.) Tj ET",
    _page([f"{at:>2}  {line}" for at, line in enumerate(_FLAT, 1)], 9, 20),
    b"BT /F 12 Tf 72 700 Td [(Q) -2000 (Why) 20 (?)] TJ 0 -20 Td (ANN LEE:) Tj T* (It is so.) ' ET q 2 0 0 2 0 0 cm Q",
]


def pdf(content: bytes, pages: int = 2) -> bytes:
    """A PDF whose pages all draw this."""
    packed = zlib.compress(content)
    kids = " ".join("3 0 R" for _ in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        b"<< /Title (A Talk) >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, item)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 7\n0000000000 65535 f \n{table}{end}".encode()


def _texts(*texts: str) -> list[bytes]:
    return [*(text.encode() for text in texts), texts[0].encode("utf-16"), texts[-1].encode("gb18030", "replace")]


SEEDS: dict[str, list[bytes]] = {
    ".txt": _texts(*_PLAIN),
    ".md": _texts(*_MARKDOWN),
    ".vtt": _texts(*_VTT),
    ".srt": _texts(*_SRT),
    ".html": _texts(*_HTML),
    ".json": [json.dumps(data, ensure_ascii=at % 2 == 0).encode() for at, data in enumerate(_JSON)],
    ".jsonl": ["\n".join(json.dumps(item, ensure_ascii=False) for item in items).encode()
               for items in (_LINES, _segments(True, True), _LINES[:1])],
    ".docx": _DOCX,
    ".pdf": _PDF,
}  # fmt: skip
