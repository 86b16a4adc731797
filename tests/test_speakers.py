from __future__ import annotations

import pytest

from qa.speakers import called, is_called, is_named, people


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


def test_a_bare_name_before_a_man_and_a_woman_is_neither() -> None:
    assert set(people(["Lee", "Mr. Lee", "Ms. Lee"]).values()) == {"Lee", "Mr. Lee", "Ms. Lee"}


def test_what_has_no_name_is_told_by_its_brackets() -> None:
    labels = ["Reporter (CNN)", "Reporter (BBC, off mic)", "Reporter", "Reporter (off-mic)", "Reporter [00:10]"]
    assert set(people(labels).values()) == {"Reporter (CNN)", "Reporter (BBC, off mic)", "Reporter"}
    assert set(people(["Reporter (CNN)", "Reporter (CNN) (cont'd)"]).values()) == {"Reporter (CNN)"}


@pytest.mark.parametrize(
    ("name", "label"),
    [("the State Department", "Fire Department Chief"), ("General Motors", "Tata Motors"),
     ("the State Council", "City Council Chair Wen")],
)  # fmt: skip
def test_another_body_is_not_meant(name: str, label: str) -> None:
    assert called(name, [label]) == [] and called(name, [label, f"{name} spokesperson"]) == [f"{name} spokesperson"]


def test_a_name_as_somebody_may_write_it() -> None:
    assert is_called("CHAIR POWELL", "powell")
    assert is_called("Lena Brandt (Reuters)", "lena brandt")
    assert not is_called("Mr. Lee", "Ms. Lee")
    assert not is_called("Colby Smith", "Smith")


@pytest.mark.parametrize(
    ("name", "labels", "meant"),
    [
        ("Powell", ["CHAIR POWELL", "Ann Lee"], "CHAIR POWELL"), ("Jerome Powell", ["CHAIR POWELL"], "CHAIR POWELL"),
        ("Fed Chair Powell", ["CHAIR POWELL"], "CHAIR POWELL"), ("Ingrid Solheim", ["Ms Solheim"], "Ms Solheim"),
        ("Karoline Leavitt", ["MS. LEAVITT (Press)"], "MS. LEAVITT (Press)"), ("Colby Smith", ["Michelle Smith"], ""),
        ("Mr. Karl Leavitt", ["MS. LEAVITT"], ""), ("Mr. Lee", ["Ms. Lee"], ""), ("Mr", ["Mr. Lee"], ""),
        ("Dr", ["Dr. Lee"], ""), ("", ["Mr. Lee"], ""), ("Ann Powell", ["Ann"], ""), ("Mr. President", ["Chair"], ""),
        ("the President", ["VICE PRESIDENT VANCE", "PRESIDENT TRUMP"], "PRESIDENT TRUMP"),
        ("Vance", ["VICE PRESIDENT VANCE"], "VICE PRESIDENT VANCE"), ("Speaker 1", ["Speaker 11"], ""),
        ("Warren Buffett", ["SENATOR WARREN"], ""),
        ("the City Manager", ["City Clerk Lee", "City Manager Bo"], "City Manager Bo"),
        ("the Budget Manager", ["Budget Director Lee"], ""), ("the President of France", ["France 24"], ""),
        ("the Mayor of London", ["London Breed"], ""), ("the Chief Executive Officer", ["Executive Director Lee"], ""),
        ("Treasury Secretary Yellen", ["Janet Yellen"], "Janet Yellen"),
        ("the Chairman", ["CHAIR POWELL"], "CHAIR POWELL"),
        ("White House Press Secretary Leavitt", ["Karoline Leavitt", "Ms. House"], "Karoline Leavitt"),
        ("Coach Lee", ["Ann Lee"], "Ann Lee"), ("the Treasury Secretary", ["Janet Yellen"], ""),
        ("Xi Jinping", ["Mr. Jinping Li", "Xi"], ""), ("City Manager Lee", ["Ann Lee"], "Ann Lee"),
        ("Jose Andres", ["José Andrés"], "José Andrés"), ("Jose\u0301", ["José Andrés"], "José Andrés"),
        ("the Secretary of State", ["Secretary of State Blinken", "Assistant Secretary of State Kim"],
         "Secretary of State Blinken"),
    ],
)  # fmt: skip
def test_who_is_called_so(name: str, labels: list[str], meant: str) -> None:
    assert called(name, labels) == ([meant] if meant else [])


def test_a_text_names_somebody() -> None:
    assert is_named("Chair Powell", "Mr. Powell told us so.") and is_named("the President", "The president agreed.")
    assert is_named("the Chairman", "The chair agreed.") and is_named("José", "Jose agreed.")
    assert not is_named("Chair Powell", "The chair told us so.") and not is_named("", "Nobody.")


def test_a_deputy_is_another_than_who_is_above() -> None:
    labels = ["Mayor", "Vice Mayor", "Deputy Mayor", "Press Secretary", "Secretary"]
    assert people(labels) == {label: label for label in labels}
    assert called("President", ["President", "Vice President"]) == ["President"]
    assert called("Mr. President", ["VICE PRESIDENT", "PRESIDENT"]) == ["PRESIDENT"]
    assert is_called("Mr. Chairman", "Chairman") and is_called("MR. VICE PRESIDENT", "Vice President")
    assert called("the Governor", ["Governor Kim", "Lieutenant Governor Lee"]) == ["Governor Kim"]


@pytest.mark.parametrize("name", ["Mayor Adams", "Chancellor Adams", "Sheriff Adams", "CEO Adams"])
def test_whatever_his_title(name: str) -> None:
    assert called(name, ["Jerome Powell", "Eric Adams"]) == ["Eric Adams"]
