"""JSON to fields that know where they stand, so that a wrong one is refused by its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.errors import TranscriptError

FOREVER = 1e9  # seconds, thirty years; also keeps out NaN, infinity and numbers that no float holds

_NUMBER = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)s?")  # 4.87, and 1.400s
_CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,3}):([0-9]{1,2}(?:[.,][0-9]{1,9})?)")  # 01:02:03,500
_PERIOD = re.compile(r"PT(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)S)?")  # PT1M2.5S


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the file; ``path`` leads to it, as in segments[3].start; "" is the whole."""

    value: Any
    source: str
    path: str = ""

    def get(self, *keys: str) -> Field:
        """The first of ``keys`` that is there and not null; else the first, holding None."""
        here = self.value if isinstance(self.value, dict) else {}
        key = next((key for key in keys if here.get(key) is not None), keys[0])
        return Field(here.get(key), self.source, f"{self.path}.{key}" if self.path else key)

    def has(self, *keys: str) -> bool:
        return self.get(*keys).value is not None

    def each(self) -> Iterator[Field]:
        """The objects of a list; nothing where there is none."""
        if not isinstance(self.value, list | None):
            raise self.error("must be a list of objects")
        for index, item in enumerate(self.value or ()):
            field = Field(item, self.source, f"{self.path}[{index}]")
            if not isinstance(item, dict):
                raise field.error("must be an object")
            yield field

    def text(self) -> str:
        """The string; "" where there is none."""
        if not isinstance(self.value, str | None):
            raise self.error("must be a string")
        text = self.value or ""
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self.error("holds half a surrogate pair, which is no character") from None
        return text

    def label(self) -> str:
        """A speaker's label as it is; a bare number n is "Speaker n", "?" is unknown, an object counts by its name."""
        if isinstance(self.value, dict):
            return " ".join(self.get("name", "display_name").text().split())
        if isinstance(self.value, int) and not isinstance(self.value, bool) and abs(self.value) < FOREVER:
            return f"Speaker {self.value}" if self.value >= 0 else ""
        name = " ".join(self.text().split())
        return f"Speaker {name}" if name.isdecimal() else "" if name == "?" else name

    def seconds(self, unit: float = 1.0) -> float | None:
        """A time in seconds: a number of ``unit`` seconds, "4.87", "1.4s", "00:01:02,5", "PT1M2.5S", or
        {"seconds", "nanos"}; None where there is none."""
        if self.value is None:
            return None
        parts = [(self.value, unit)]
        if isinstance(self.value, dict) and {"seconds", "nanos"} & self.value.keys():
            parts = [(self.value.get("seconds", 0), 1.0), (self.value.get("nanos", 0), 1e-9)]
        read = [_time(value, unit) for value, unit in parts]
        if None in read:
            raise self.error("must be a time, zero or more")
        return sum(filter(None, read))

    def error(self, message: str) -> TranscriptError:
        """``message`` may be shown to a person: one line."""
        return TranscriptError(f"{self.source}: {self.path or 'the whole'} {message}")


def _time(value: Any, unit: float) -> float | None:
    if isinstance(value, str):
        return _spelled(value, unit)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < FOREVER / unit:
        return None
    return float(value * unit)


def _spelled(text: str, unit: float) -> float | None:
    if match := _NUMBER.fullmatch(text):
        value = float(match[1]) * (1.0 if text.endswith("s") else unit)
        return value if value < FOREVER else None
    match = _CLOCK.fullmatch(text) or _PERIOD.fullmatch(text)
    if not match or not any(match.groups()):
        return None
    hours, minutes, seconds = ((part or "0").replace(",", ".") for part in match.groups())
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
