from __future__ import annotations

import pytest

from qa.speakers import is_called, people


@pytest.mark.parametrize(
    "labels",
    [
        ["CHAIR POWELL", "Chair Powell", "Powell", "Mr. Powell", "CHAIMRAN POWELL"],
        ["Lena  Brandt", "LENA BRANDT", "Lena Brandt (Reuters)"],
        ["Moon Jae-in", "Moon Jae In", "President Moon Jae-in"],
        ["李强", "李 强", "李强（总理）"],
        ["Ｌｉｕ Sanjiang", "Liu Sanjiang"],
    ],
)
def test_labels_of_one_person(labels: list[str]) -> None:
    assert set(people(labels).values()) == {labels[0]}


@pytest.mark.parametrize(
    "labels",
    [
        ["Mr. Lee", "Ms. Lee"],
        ["THE PRESIDENT", "THE VICE PRESIDENT"],
        ["Speaker 1", "Speaker 11"],
        ["Colby Smith", "Michelle Smith"],
        ["Q", "A"],
        ["The Chair", "The Chairman"],
        ["Justine Lee", "Lee"],
        ["(inaudible)", "[unknown]"],
    ],
)
def test_labels_of_two(labels: list[str]) -> None:
    assert len(set(people(labels).values())) == 2


def test_a_bare_name_beside_a_man_and_a_woman_is_neither() -> None:
    assert people(["Mr. Lee", "Ms. Lee", "Lee"])["Lee"] == "Lee"


def test_a_name_as_somebody_may_write_it() -> None:
    assert is_called("CHAIR POWELL", "powell")
    assert is_called("Lena Brandt (Reuters)", "lena brandt")
    assert not is_called("Mr. Lee", "Ms. Lee")
    assert not is_called("Colby Smith", "Smith")
