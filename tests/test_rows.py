"""Lines as arrays are the lines that a pattern finds one by one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from qa.formats.rows import Rows, rows, rows_of
from qa.types import Range

_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_COLON = re.compile("[:：]")
TEXTS = st.text(st.sampled_from("ab:：[# \t\r\n\x0b\x85\u2028\u3000é主🙂")) | st.text()


def found(text: str, start: int = 0) -> list[Range]:
    return [Range(*match.span()) for match in _LINE.finditer(text, start)]


@given(TEXTS, st.integers(0, 9))
def test_lines(text: str, start: int) -> None:
    start = min(start, len(text))
    made = rows(text, start=start)
    assert list(made) == found(text, start) == [made[row] for row in range(len(made))]
    assert list(rows_of(text, made)) == list(made)


@given(TEXTS)
def test_what_lines_open_with_and_hold(text: str) -> None:
    lines, made = found(text), rows(text)
    assert made.opened("[主a") == [line for line in lines if text[line.start] in "[主a"]
    assert made.shorter(3) == [row for row, line in enumerate(lines) if line.end - line.start < 3]
    colons = [
        (row, match.start()) for row, line in enumerate(lines) if (match := re.compile("[:：]").search(text, *line))
    ]
    assert list(zip(*made.with_colon(), strict=True)) == colons


@given(TEXTS, st.data())
def test_lines_left_out(text: str, data: st.DataObject) -> None:
    lines, made = found(text), rows(text)
    some = data.draw(st.sets(st.sampled_from(lines))) if lines else set()
    assert list(made.without(line.start for line in some)) == [line for line in lines if line not in some]
    assert list(rows(text, sorted(some))) == [line for line in lines if line not in some]
    for offset in range(len(text)):
        assert made.at(offset) == sum(line.start <= offset for line in lines) - 1


def test_none() -> None:
    assert isinstance(rows("")[:1], Rows)
    assert list(rows(" \n\t\r\n")) == [] == made_of_nothing()


def made_of_nothing() -> list[Range]:
    return list(rows_of("", []))
