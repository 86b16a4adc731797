"""Bytes to text: what is certain is read, what is not is refused, nothing is read wrongly in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.decoding import decode
from qa.errors import TranscriptError

CHINESE = "国务院新闻办公室新闻发布会。记者：请问去年的进展如何？刘三江：谢谢你的提问。质量是发展的基础，是人民的福祉。"
TRADITIONAL = "主席：各位議員，會議現在開始。食物及衞生局局長：多謝主席。政府會繼續增加資源，改善公共醫療服務。"
FRENCH = "Président : Bonjour à tous. Où en sont les négociations ? Elles ont échoué, c’est regrettable. Été, cœur."
GERMAN = "Sprecher: Guten Tag. Die Maßnahmen werden über das nächste Jahr hinaus verlängert. Größe, Übung."
ENGLISH = "Chair Powell: We don’t think so. “Inflation” is 2 percent. The naïve view costs £5."
POLISH = "Rzecznik: Dzień dobry. Zaczynamy konferencję prasową. Gdzie są środki? Pieniądze będą w przyszłym roku."
RUSSIAN = "Ведущий: Добрый день. Начинаем пресс-конференцию. Вопрос: каковы итоги года?"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "gb18030"), (CHINESE, "utf-16"), (CHINESE, "utf-16-le"), (TRADITIONAL, "big5-hkscs"),
        (FRENCH, "cp1252"), (GERMAN, "latin-1"), (GERMAN, "utf-16-be"), (ENGLISH, "cp1252"), (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"), (RUSSIAN, "utf-32"), (RUSSIAN, "utf-8-sig"), (RUSSIAN, "utf-8"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 30])
def test_the_usual_encodings_are_read_without_a_wrong_character(text: str, encoding: str, times: int) -> None:
    assert decode((text * times).encode(encoding), "talk.txt")[0] == text * times


def test_a_long_text_is_read_whole() -> None:
    text = (CHINESE + "\n") * 4000
    assert decode(text.encode("gb18030"), "talk.txt")[0] == text


@pytest.mark.parametrize("blanks", range(4))
def test_a_long_text_without_a_line_break_is_read_whole(blanks: int) -> None:
    text = " " * blanks + CHINESE * 3000
    assert decode(text.encode("gb18030"), "talk.txt").text == text


def test_the_encoding_is_told() -> None:
    assert decode(CHINESE.encode("gb18030"), "talk.txt")[1] == "gb18030"
    assert decode(CHINESE.encode("utf-8-sig"), "talk.txt")[1] == "utf-8"


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        b"\x7fELF\2\1\1\0" + bytes(64),
        b"a\0b",
        b"\0\1",
        b"\xef\xbb\xbfa\0",
    ],
)
def test_what_is_no_text_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(TranscriptError, match=r"^talk\.txt: binary, not text; .*UTF-8$"):
        decode(content, "talk.txt")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfA\xff", b"\xff\xfeA"])
def test_a_mark_is_held_to(content: bytes) -> None:
    with pytest.raises(TranscriptError, match=r"^talk\.txt: not utf-\S+ at byte \d+; "):
        decode(content, "talk.txt")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    assert decode(text.encode(), "talk.txt") == (text, "utf-8", False)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        text, encoding, _ = decode(content, "talk.txt")
    except TranscriptError:
        return
    assert "\0" not in text
    assert text.encode(encoding).decode(encoding) == text
