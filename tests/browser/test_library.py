"""The library drawer in real Chromium: who is asked, files added and deleted, questions worth asking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from qa.indexing import index
from qa.service import Service
from tests.browser.served import HOSTILE, ask, serve
from tests.fakes import as_json, hashing

FERRY = (("Ann Lee", "How many ferries does the county buy next spring?"), ("Ben Ray", "The county buys two ferries."))
BRIDGE = (("Cem Oz", "Who pays for the new bridge at Norby harbour?"), ("Bo Li", "The state pays for the new bridge."))
NIGHTS = (("Dee Fox", "Does the harbour crane work at night?"), ("Bo Li", "The crane does not work at night."))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("talks")
    for name, turns in (("a-ferry", FERRY), ("b-bridge", BRIDGE), ("c-nights", NIGHTS)):
        (folder / f"{name}.json").write_bytes(as_json(*turns, title=f"The {name[2:]} talk", date="2024-03-12"))
    return folder


@pytest.fixture(scope="module")
def held(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(Service(tmp_path_factory.mktemp("library") / "library", folder, hashing))


@pytest.fixture(scope="module")
def read_only(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    service = Service(tmp_path_factory.mktemp("closed") / "library", folder, hashing)
    service.start()
    service.add("added.txt", talk("closed"))
    yield from serve(service, read_only=True)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("many")
    for number in range(9):
        content = as_json(("Ann Lee", "Does it run?"), (f"Member {number}", "It runs."), title=f"Sitting {number}")
        (folder / f"{number}.json").write_bytes(content)
    (folder / "hostile.json").write_bytes(
        as_json((HOSTILE, f"How many ferries does the county buy next spring, {HOSTILE}?"), ("Ben", "Two."),
                ("<b>Q</b>", "Will <img src=x onerror=window.hacked=1> buy the county new ferries next spring?"),
                ("Ben", "Perhaps it will."), title=HOSTILE)
    )  # fmt: skip
    yield from serve(Service(folder / ".qa", folder, hashing))


def talk(word: str) -> bytes:
    return f"Ann Lee: What is the {word} for?\n\nBen Ray: The {word} is for the {word} committee.\n".encode()


def opened(page: Page, address: str) -> Locator:
    page.goto(address)
    expect(page.locator(".para").first).to_be_attached(timeout=30_000)
    page.get_by_role("button", name="Library", exact=True).click()
    drawer = page.get_by_role("dialog", name="Library")
    expect(drawer.locator(".one").first).to_be_visible()
    return drawer


def give(page: Page, *files: Path) -> Locator:
    with page.expect_file_chooser() as chosen:
        page.locator("#library").get_by_role("button", name="Add transcripts…").click()
    chosen.value.set_files(list(files))
    return page.locator("#library .adding")


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def line(drawer: Locator, title: str) -> Locator:
    return drawer.locator(".one").filter(has=drawer.page.get_by_role("button", name=title, exact=True))


def remember(page: Page, address: str, choice: Any) -> None:
    page.goto(address)
    page.evaluate("choice => localStorage.setItem('asked', JSON.stringify(choice))", choice)


def test_the_list_says_what_is_held(page: Page, held: str) -> None:
    drawer = opened(page, held)
    ferry = line(drawer, "The ferry talk")
    expect(ferry.locator(".facts")).to_have_text("2024-03-12 · 14 words")
    ferry.get_by_text("2 speakers").click()
    expect(ferry.locator(".about li")).to_have_text(["Ann Lee", "Ben Ray"])
    expect(ferry.locator(".about")).to_contain_text("To delete it, remove the file there.")
    expect(ferry.get_by_role("button", name="Delete")).to_have_count(0)
    expect(drawer.locator(".filter")).to_be_hidden()
    drawer.get_by_role("button", name="The nights talk").click()
    expect(page.locator(".pane h2")).to_have_text("The nights talk")


def test_only_the_chosen_are_asked_and_the_choice_is_remembered(page: Page, held: str) -> None:
    drawer = opened(page, held)
    drawer.get_by_role("button", name="Ask none").click()
    asking = page.locator("#library .asking")
    expect(asking).to_have_text("Asking none of 3 transcripts: choose some")
    drawer.get_by_label("Ask The bridge talk").check()
    page.reload()
    expect(asking).to_have_text("Asking 1 of 3 transcripts")
    ask(page, "How many ferries does the county buy?")
    page.locator(".turn .cite").first.click()
    expect(page.locator(".pane h2")).to_have_text("The bridge talk")
    asking.click()
    page.get_by_role("button", name="Ask all").click()
    expect(asking).to_have_text("Asking all 3 transcripts")
    page.get_by_label("Close the library").click()
    ask(page, "How many ferries is it that the county buys?")
    expect(page.locator(".turn").last.locator(".card")).to_contain_text("The county buys two ferries.")


def test_none_chosen_is_said_and_asks_nothing(page: Page, held: str) -> None:
    remember(page, held, [])
    page.goto(held)
    expect(page.locator("#library .asking")).to_contain_text("Asking none of 3")
    ask(page, "How many ferries does the county buy?")
    expect(page.locator(".turn .card")).to_contain_text("No transcript is chosen")
    page.locator("#library .asking").click()
    expect(page.get_by_role("dialog", name="Library")).to_be_visible()


@pytest.mark.parametrize("choice", ["broken", {"a": 1}, [3]])
def test_a_choice_of_nothing_that_is_held_is_none(page: Page, held: str, choice: Any) -> None:
    remember(page, held, choice)
    page.goto(held)
    expect(page.locator("#library .asking")).to_have_text("Asking all 3 transcripts")


def test_what_changes_elsewhere_is_told_with_the_next_answer(page: Page, held: str) -> None:
    page.goto(held)
    asking = page.locator("#library .asking")
    expect(asking).to_have_text("Asking all 3 transcripts")
    ours = {"X-On-The-Record": "1"}
    added = page.request.post(f"{held}transcripts?name=tram.txt", data=talk("tram"), headers=ours).json()["transcript"]
    ask(page, "What is the tram for?")
    expect(asking).to_have_text("Asking all 4 transcripts")
    page.evaluate("id => localStorage.setItem('asked', JSON.stringify([id]))", added)
    page.reload()
    expect(asking).to_have_text("Asking 1 of 4 transcripts")
    page.request.delete(f"{held}transcripts/{added}", headers=ours)
    ask(page, "What is the tram for?")
    expect(page.locator(".turn").last).to_contain_text("no longer in the library")
    expect(asking).to_have_text("What was chosen is not in the library any more. Asking all 3 transcripts")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_an_empty_library_shows_the_first_that_is_added(page: Page, tmp_path: Path) -> None:
    service = Service(tmp_path / "library", None, hashing)
    index(tmp_path / "library", [written(tmp_path, "tram.txt", talk("tram"))], load=hashing)
    index(tmp_path / "library", [], remove=[tmp_path / "tram.txt"], load=hashing)
    for address in serve(service):
        page.goto(address)
        expect(page.locator(".pane .problem")).to_have_text("the library is empty")
        page.get_by_role("button", name="Library", exact=True).click()
        give(page, tmp_path / "tram.txt").get_by_role("button", name="Add to").click()
        expect(page.locator(".adding .added")).to_be_visible(timeout=30_000)
        expect(page.locator(".pane h2")).to_have_text("tram")
        expect(page.locator(".pane .problem")).to_be_hidden()


def test_a_question_worth_asking_is_asked_by_a_click(page: Page, held: str) -> None:
    page.goto(held)
    expect(page.locator(".example")).to_contain_text([FERRY[0][1], BRIDGE[0][1], NIGHTS[0][1]])
    drawer = opened(page, held)
    drawer.get_by_label("Ask The bridge talk").uncheck()
    bridge = line(drawer, "The bridge talk")
    bridge.get_by_text("Questions worth asking").click()
    bridge.get_by_role("button", name="Who pays for the new bridge at Norby harbour?").click()
    expect(drawer).to_be_hidden()
    expect(page.locator(".turn .question")).to_have_text(BRIDGE[0][1])
    expect(page.locator(".turn .card")).to_contain_text("The state pays for the new bridge.", timeout=30_000)


def test_several_files_are_read_and_one_bad_stops_no_other(page: Page, held: str, tmp_path: Path) -> None:
    drawer = opened(page, held)
    names = ["one.txt", "bad.json", "film.mp4", "two.txt"]
    files = [written(tmp_path, name, b"{" if name.startswith("bad") else talk(name[:3])) for name in names]
    adding = give(page, *files)
    expect(adding.locator(".read")).to_have_count(2)
    expect(adding.locator(".failed .name")).to_have_text(["bad.json", "film.mp4"])
    expect(adding.locator(".failed .state").last).to_contain_text("cannot read .mp4")
    adding.locator(".read summary").first.click()
    expect(adding.locator("dd").filter(has_text="Ben Ray: 1 turn").first).to_be_visible()
    adding.get_by_role("button", name="Add all 2").click()
    expect(adding.locator(".added .name")).to_have_text(["one.txt", "two.txt"], timeout=30_000)
    expect(line(drawer, "two")).to_be_visible()
    adding.get_by_role("button", name="Done").click()
    adding = give(page, files[0])
    expect(adding.locator(".failed .state")).to_have_text("already in the library, as one.txt")
    for name in ("one", "two"):
        delete(page, drawer, name)


def test_the_focus_stays_with_the_file_that_is_added(page: Page, held: str, tmp_path: Path) -> None:
    drawer = opened(page, held)
    adding = give(page, written(tmp_path, "kite.txt", talk("kite")))
    adding.get_by_role("button", name="Add to the library").focus()
    page.keyboard.press("Enter")
    expect(adding.locator(".file.added")).to_be_focused(timeout=30_000)
    delete(page, drawer, "kite")


def delete(page: Page, drawer: Locator, title: str) -> None:
    drawer.get_by_role("button", name=f"Delete {title}").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete it").click()
    expect(line(drawer, title)).to_have_count(0)


def test_uploading_and_indexing_show_how_far_they_are(page: Page, held: str, tmp_path: Path) -> None:
    drawer = opened(page, held)
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
            for (const bar of document.querySelectorAll('#library progress')) seen.push([bar.ariaLabel, bar.value]);
        }).observe(document.querySelector('#library .adding'), { childList: true, subtree: true }); }"""
    )
    slow = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    slow.send("Network.emulateNetworkConditions", conditions)
    turns = [("Ann Lee" if n % 2 else "Ben Ray", f"Part {n}: " + f"the harbour of town {n} " * 40) for n in range(300)]
    adding = give(page, written(tmp_path, "long.json", as_json(*turns, title="The long talk")))
    adding.get_by_role("button", name="Add to the library").click(timeout=30_000)
    expect(adding.locator(".added")).to_be_visible(timeout=60_000)
    seen = page.evaluate("seen")
    uploading = {share for label, share in seen if label.startswith("Uploading")}
    indexing = {share for label, share in seen if label.startswith("Indexing")}
    assert len(uploading) > 1 and all(0 <= share < 1 for share in uploading)
    assert 1 in indexing
    delete(page, drawer, "The long talk")


def test_files_may_be_dropped_anywhere(page: Page, held: str) -> None:
    opened(page, held)
    page.get_by_label("Close the library").click()
    page.evaluate(
        """text => { const carried = new DataTransfer();
        carried.items.add(new File([text], 'dropped.txt')); carried.items.add(new File(['{'], 'bad.json'));
        for (const type of ['dragover', 'drop']) document.querySelector('#chat').dispatchEvent(
            new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true })); }""",
        talk("drop").decode(),
    )
    adding = page.locator("#library .adding")
    expect(adding.locator(".read .name")).to_have_text("dropped.txt")
    expect(adding.locator(".failed .name")).to_have_text("bad.json")


def test_what_is_deleted_is_asked_for_first_and_then_nowhere(page: Page, held: str, tmp_path: Path) -> None:
    drawer = opened(page, held)
    give(page, written(tmp_path, "zeppelin.txt", talk("zeppelin"))).get_by_role("button", name="Add to").click()
    expect(page.locator(".pane h2")).to_have_text("zeppelin", timeout=30_000)
    page.get_by_label("Close the library").click()
    ask(page, "What is the zeppelin for?")
    cite = page.locator(".turn .cite").first
    cite.click()
    expect(page.locator("#pane mark")).to_be_visible()
    page.get_by_role("button", name="Library", exact=True).click()
    drawer.get_by_role("button", name="Delete zeppelin").click()
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("Delete “zeppelin”?")
    expect(asked.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(line(drawer, "zeppelin")).to_be_visible()
    delete(page, drawer, "zeppelin")
    expect(drawer.locator(".done")).to_have_text("Deleted: zeppelin")
    expect(page.locator(".pane .problem")).to_contain_text("was deleted")
    expect(page.get_by_label("Which transcript is shown").locator("option")).to_have_count(3)
    page.get_by_label("Close the library").click()
    cite.click()
    expect(page.locator(".pane .problem")).to_have_text("this transcript is no longer in the library")
    ask(page, "What is the zeppelin for?")
    expect(page.locator(".turn").last).not_to_contain_text("zeppelin committee")


def test_a_quote_of_what_was_deleted_is_checked_and_no_other(page: Page, held: str, tmp_path: Path) -> None:
    opened(page, held)
    give(page, written(tmp_path, "airship.txt", talk("airship"))).get_by_role("button", name="Add to").click()
    expect(page.locator(".pane h2")).to_have_text("airship", timeout=30_000)
    page.get_by_label("Close the library").click()
    for question in ("What is the airship for?", "Who pays for the new bridge?"):
        ask(page, question)
    page.locator(".turn").last.locator(".cite").first.click()
    expect(page.locator(".pane h2")).to_have_text("The bridge talk")
    (identity,) = (one["id"] for one in page.request.get(f"{held}transcripts").json()["transcripts"]
                   if one["title"] == "airship")  # fmt: skip
    page.request.delete(f"{held}transcripts/{identity}", headers={"X-On-The-Record": "1"})
    quote = page.locator(".turn").first.locator(".quote").first
    quote.locator(".trust").click()
    expect(page.locator(".outcome .bad")).to_contain_text("Source missing")
    expect(page.locator(".outcome dd").first).to_have_text("airship.txt")
    expect(page.locator(".outcome .good")).to_have_count(0)
    page.locator(".turn").last.locator(".trust").first.click()
    expect(page.locator(".outcome .good")).to_contain_text("character for character")


def test_a_read_only_page_offers_neither_adding_nor_deleting(page: Page, read_only: str) -> None:
    drawer = opened(page, read_only)
    expect(line(drawer, "added")).to_be_visible()
    expect(page.get_by_role("button", name="Add a transcript")).to_be_hidden()
    expect(drawer.get_by_role("button", name="Add transcripts…")).to_be_hidden()
    expect(drawer.get_by_role("button", name="Delete")).to_have_count(0)


def test_many_can_be_filtered_and_chosen_by_that(page: Page, many: str) -> None:
    drawer = opened(page, many)
    drawer.get_by_label("Filter the transcripts").fill("member 3")
    expect(drawer.locator(".one:visible")).to_have_count(1)
    drawer.get_by_role("button", name="Ask all").click()
    expect(drawer.locator(".sum")).to_have_text("Asking all 10 transcripts")
    drawer.get_by_role("button", name="Ask none").click()
    expect(drawer.locator(".sum")).to_have_text("Asking 9 of 10 transcripts")
    drawer.get_by_label("Filter the transcripts").press("Escape")
    expect(drawer.locator(".one:visible")).to_have_count(10)


def test_nothing_in_the_list_is_markup(page: Page, many: str) -> None:
    drawer = opened(page, many)
    one = drawer.locator(".one").last
    expect(one.locator(".title")).to_contain_text("<script>window.hacked=1</script>")
    one.locator(".about summary").click()
    expect(one.locator(".about li").first).to_contain_text("<img src=x")
    one.locator(".worth summary").click()
    expect(one.locator(".worth")).to_contain_text("Will <img src=x onerror=window.hacked=1> buy the county")
    assert page.evaluate("window.hacked") is None
    assert page.locator("#library :is(img, script, a, b)").count() == 0


def test_the_keyboard_opens_and_closes_it(page: Page, held: str) -> None:
    page.goto(held)
    button = page.get_by_role("button", name="Library", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Library")
    expect(drawer.get_by_role("heading", name="Library")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_it_fills_the_screen_and_nothing_scrolls_sideways(page: Page, many: str) -> None:
    drawer = opened(page, many)
    for summary in drawer.locator("summary").all()[-2:]:
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert drawer.evaluate("node => [...node.querySelectorAll('*')].every(one => one.scrollWidth <= 390)")
    drawer.get_by_role("button", name="Sitting 3", exact=True).click()
    expect(drawer).to_be_hidden()
    expect(page.locator(".pane h2")).to_have_text("Sitting 3")
    expect(page.locator(".pane h2")).to_be_in_viewport()
    page.get_by_label("Close the transcript").click()
    for button in page.locator("#bar button:visible").all():
        expect(button).to_be_in_viewport(ratio=1)
