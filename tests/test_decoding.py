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
CZECH = (
    "Mluvčí: Dobrý den. Začínáme tiskovou konferenci. Kde jsou prostředky? Peníze přijdou až na jaře, říká, že brzy."
)
HUNGARIAN = "Szóvivő: Jó napot. Hol vannak az eszközök? A pénz jövőre érkezik, és nem kell többet kérni, őszintén."
TURKISH = "Sayın Başkan: Günaydın. Basın toplantısı başlıyor ve bir soru var. Para gelecek yıl için, çünkü bütçe böyle."
GREEK = "Πρόεδρος: Καλημέρα σε όλους. Αρχίζουμε τη συνέντευξη τύπου. Ερώτηση: ποια είναι τα αποτελέσματα; Άλλος;"
HEBREW = "יושב ראש: בוקר טוב לכולם. אנו פותחים את מסיבת העיתונאים. שאלה: מהן תוצאות השנה? הכסף יגיע בשנה הבאה."
ARABIC = "الرئيس: صباح الخير للجميع. نبدأ المؤتمر الصحفي. سؤال: ما هي نتائج العام؟ ستصل الأموال في العام المقبل."
SPANISH = "Portavoz: ¿Dónde está el micrófono? Aquí, según él. La canción empezó mañana en la televisión de España."
RUSSIAN = "Ведущий: Добрый день. Начинаем пресс-конференцию. Вопрос: каковы итоги года?"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "gb18030"), (CHINESE, "utf-16"), (CHINESE, "utf-16-le"), (TRADITIONAL, "big5-hkscs"),
        (FRENCH, "cp1252"), (GERMAN, "latin-1"), (GERMAN, "utf-16-be"), (ENGLISH, "cp1252"), (POLISH, "cp1250"),
        (POLISH, "iso8859-2"), (CZECH, "cp1250"), (CZECH, "iso8859-2"), (HUNGARIAN, "cp1250"), (TURKISH, "cp1254"),
        (TURKISH, "iso8859-9"), (GREEK, "cp1253"), (GREEK, "iso8859-7"), (HEBREW, "cp1255"), (ARABIC, "cp1256"),
        (SPANISH, "cp1252"), (RUSSIAN, "koi8-r"), (RUSSIAN, "iso8859-5"), (RUSSIAN, "cp866"),
        (RUSSIAN, "cp1251"), (RUSSIAN, "utf-32"), (RUSSIAN, "utf-8-sig"), (RUSSIAN, "utf-8"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 30])
def test_the_usual_encodings_are_read_without_a_wrong_character(text: str, encoding: str, times: int) -> None:
    assert decode((text * times).encode(encoding), "talk.txt")[0] == text * times


@pytest.mark.parametrize("times", [1, 30])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "mac-roman"), (GERMAN, "cp850"), (SPANISH, "mac-roman"), (SPANISH, "cp850"), (POLISH, "mac-latin2"),
     ("modèles présentés", "cp1252"), ("We heard it today. " * 400 + "Иван Петров and Анна Орлова spoke.", "cp1251")],
)  # fmt: skip
def test_what_may_be_in_another_encoding_is_refused_in_one_line(text: str, encoding: str, times: int) -> None:
    with pytest.raises(TranscriptError, match=r"^talk\.txt: in an encoding that is not certain; .*UTF-8$"):
        decode((text * times).encode(encoding), "talk.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Chair: He earns £100 a week, and ½ of it is spent.",
        "Chair: It’s late, and I’m sure that it’s time to go. That’s all.",
        "Chair: We waited—and waited—for it, from Monday–Friday. So we left.",
        "Président : les modèles que nous avons présentés ne sont pas achevés, et nous y reviendrons après le congrès.",
    ],
)
def test_short_texts_with_few_letters_beyond_ascii_are_in_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252"), "talk.txt") == (text, "cp1252", True)


def test_a_text_in_latin_letters_with_names_in_others() -> None:
    for text, encoding in (
        ("Chair: We heard 王小明 and 刘三江 today. " * 3, "gb18030"),
        ("Chair: We heard Иван Петров and Анна Орлова today. " * 3, "cp1251"),
    ):
        assert decode(text.encode(encoding), "talk.txt").text == text


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
