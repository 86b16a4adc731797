from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qa import citations, store, verification
from qa.chunking import Sizes
from qa.config import Manifest
from qa.errors import LibraryError
from qa.indexing import index
from qa.library import Library
from qa.pipeline import Models, Pipeline
from qa.planning import Report
from qa.types import Scope, Span
from tests.fakes import HashingEncoder, as_json, hashing, write_hearing


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "talks"
    folder.mkdir()
    write_hearing(folder)
    (folder / "other.json").write_bytes(as_json(("Ann Lee", "Quality inspection of gas stoves went well this year.")))
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "library"


def run(home: Path, *given: Path, **options: object) -> Report:
    return index(home, list(given), load=hashing, **options)  # type: ignore[arg-type]


def opened(home: Path) -> Library:
    return Library(home, hashing)


def found(library: Library, question: str, scope: Scope = Scope()) -> list[str]:
    return [hit.span.quote for hit in library.search(question, 5, scope)[0]]


def test_a_second_run_costs_nothing(files: Path, home: Path) -> None:
    first = run(home, files)
    assert (sorted(first.added), first.encoded > 0) == (["talks/hearing.json", "talks/other.json"], True)
    before = (home / store.DATABASE).read_bytes()
    second = index(home, [files], load=lambda name: pytest.fail("the model was loaded"))
    assert (len(second.unchanged), second.encoded, second.added) == (2, 0, [])
    assert (home / store.DATABASE).read_bytes() == before


def test_a_touched_file_is_unchanged(files: Path, home: Path) -> None:
    run(home, files)
    os.utime(files / "other.json", ns=(1, 1))
    second = index(home, [files], load=lambda name: pytest.fail("the model was loaded"))
    assert len(second.unchanged) == 2


def test_a_changed_file_replaces_its_passages_and_keeps_the_others_vectors(files: Path, home: Path) -> None:
    run(home, files)
    write_hearing(files, load="two tonnes")
    encoded = HashingEncoder.encoded
    report = run(home, files)
    assert report.replaced == ["talks/hearing.json"]
    assert 0 < HashingEncoder.encoded - encoded < 4
    quotes = " ".join(found(opened(home), "load limit tonnes lowered"))
    assert "two tonnes" in quotes
    assert "three tonnes" not in quotes


def test_a_removed_file_leaves_nothing_behind(files: Path, home: Path) -> None:
    run(home, files)
    identity = next(t.id for t in opened(home).transcripts() if "hearing" in t.source)
    (files / "hearing.json").unlink()
    assert run(home, files).removed == ["talks/hearing.json"]
    library = opened(home)
    assert library.transcript(identity) is None
    assert not any("tonnes" in quote for quote in found(library, "load limit tonnes lowered"))
    with sqlite3.connect(home / store.DATABASE) as database:
        for table in ("passages", "transcripts", "files"):
            assert b"hearing" not in repr(database.execute(f"SELECT * FROM {table}").fetchall()).encode()
        keys = database.execute("SELECT count(*) FROM embeddings").fetchone()
        assert keys == database.execute("SELECT count(DISTINCT key) FROM passages").fetchone()


def test_remove_forgets_a_file_that_still_exists(files: Path, home: Path) -> None:
    run(home, files)
    assert run(home, remove=[files / "other.json"]).removed == ["talks/other.json"]
    assert [t.source for t in opened(home).transcripts()] == ["talks/hearing.json"]


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize("named", [False, True])
def test_remove_forgets_what_is_found_too(files: Path, home: Path, rebuild: bool, named: bool) -> None:
    run(home, files)
    given = [files] if named else []
    report = run(home, *given, remove=[files / "other.json"], rebuild=rebuild)
    assert (report.removed, report.failed) == (["talks/other.json"], [])
    assert [t.source for t in opened(home).transcripts()] == ["talks/hearing.json"]


def test_what_is_to_be_forgotten_must_be_known(files: Path, home: Path, tmp_path: Path) -> None:
    run(home, files)
    assert run(home, remove=[tmp_path / "strange.txt"]).failed == [f"{tmp_path}/strange.txt: not in the library"]


def test_an_empty_folder_makes_no_library(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run(home, tmp_path / "empty")
    with pytest.raises(LibraryError, match="is empty; fill it"):
        opened(home)


def test_the_same_file_twice_is_one_transcript(files: Path, home: Path) -> None:
    shutil.copy(files / "hearing.json", files / "copy.json")
    run(home, files)
    assert len(opened(home).transcripts()) == 2
    (files / "copy.json").unlink()
    run(home, files)
    assert sorted(t.source for t in opened(home).transcripts()) == ["talks/hearing.json", "talks/other.json"]


def test_one_bad_file_is_named_and_the_others_are_indexed(files: Path, home: Path) -> None:
    (files / "bad.json").write_text("{")
    report = run(home, files)
    assert len(report.added) == 2
    assert [line.startswith("talks/bad.json: not valid JSON at line 1") for line in report.failed] == [True]


def test_a_file_that_became_unreadable_keeps_its_last_good_version(files: Path, home: Path) -> None:
    run(home, files)
    (files / "other.json").write_text("{")
    report = run(home, files)
    assert report.failed
    assert not report.removed
    assert any("gas stoves" in quote for quote in found(opened(home), "gas stoves"))


def test_a_missing_file_is_an_error_of_one_line(home: Path, tmp_path: Path) -> None:
    report = run(home, tmp_path / "nowhere.txt")
    assert report.failed == [f"{tmp_path / 'nowhere.txt'}: No such file or directory"]


@pytest.mark.parametrize("damage", ["flip", "truncate", "delete", "delete all"])
def test_damaged_derived_files_are_rebuilt_without_encoding(files: Path, home: Path, damage: str) -> None:
    run(home, files)
    whole = found(opened(home), "load limit tonnes lowered")
    (folder,) = home.glob("derived-*")
    if damage == "delete all":
        shutil.rmtree(folder)
    for file in [f for f in folder.rglob("*") if f.is_file()]:
        content = file.read_bytes()
        if damage == "flip" and content:
            file.write_bytes(content[:-1] + bytes([content[-1] ^ 255]))
        elif damage == "truncate":
            file.write_bytes(content[: len(content) // 2])
        elif damage == "delete":
            file.unlink()
    encoded = HashingEncoder.encoded
    assert opened(home).check() != []
    assert found(opened(home), "load limit tonnes lowered") == whole
    assert HashingEncoder.encoded == encoded
    assert opened(home).check() == []


def test_only_derived_files_of_its_own_are_discarded(files: Path, home: Path, tmp_path: Path) -> None:
    run(home, files)
    (earlier,) = home.glob("derived-*")
    kept = home / "derived-works", home / "derived-0123456789ab", home / "derived-ba9876543210"
    for folder in kept[:2]:
        folder.mkdir()
        (folder / "thesis.txt").write_text("mine")
    (tmp_path / "linked").mkdir()
    kept[2].symlink_to(tmp_path / "linked")
    (home / "derived-cdefcdefcdef" / "lexical").mkdir(parents=True)  # of a run that was killed
    write_hearing(files, load="two tonnes")
    run(home, files)
    assert not earlier.exists()
    (own,) = set(home.glob("derived-*")) - set(kept)
    assert all(folder.exists() for folder in kept) and (own / "lexical").is_dir() and own.name != "derived-cdefcdefcdef"


def test_a_library_that_cannot_be_written_is_mended_in_memory(
    files: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(home, files)
    whole = found(opened(home), "load limit tonnes lowered")
    (folder,) = home.glob("derived-*")
    shutil.rmtree(folder)
    monkeypatch.setattr("qa.derived.build", lambda *a: (_ for _ in ()).throw(PermissionError("read-only")))
    assert found(opened(home), "load limit tonnes lowered") == whole
    assert not list(home.glob("derived-*"))


def test_a_reader_follows_a_writer(files: Path, home: Path) -> None:
    run(home, files)
    library = opened(home)
    assert any("gas stoves" in quote for quote in found(library, "gas stoves"))
    (files / "other.json").write_bytes(as_json(("Ann Lee", "Now it is about electric kettles and their cables.")))
    run(home, files)
    quotes = found(library, "gas stoves electric kettles")
    assert any("kettles" in quote for quote in quotes)
    assert not any("stoves" in quote for quote in quotes)


def test_asking_while_another_thread_indexes(files: Path, home: Path) -> None:
    run(home, files)
    library = opened(home)
    failures: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert all(quote for quote in found(library, "load limit tonnes"))
            except Exception as error:
                failures.append(repr(error))

    thread = threading.Thread(target=ask)
    thread.start()
    for round_ in range(8):
        write_hearing(files, load=f"{round_} tonnes")
        run(home, files)
    stop.set()
    thread.join()
    assert failures == []
    assert any("7 tonnes" in quote for quote in found(library, "load limit tonnes"))


def test_only_one_process_indexes_at_a_time(files: Path, home: Path) -> None:
    home.mkdir()
    lock = sqlite3.connect(home / "lock.sqlite", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LibraryError, match="another process is indexing"):
        run(home, files)
    lock.close()
    assert run(home, files).added


def test_another_encoder_is_refused_with_the_command_that_mends_it(files: Path, home: Path) -> None:
    run(home, files)
    with pytest.raises(LibraryError, match=r"was made with encoder on-the-record.*index --rebuild --encoder other"):
        run(home, files, encoder="other")
    changed = Library(home, lambda name: hashing("changed"))
    changed.manifest = Manifest("hashing", "0" * 64, 64)
    with pytest.raises(LibraryError, match=r"made with .*; run: python -m qa index --rebuild --index"):
        _ = changed.encoder


def test_a_library_that_is_made_anew_is_asked_with_its_new_encoder(files: Path, home: Path) -> None:
    run(home, files)
    with Pipeline(opened(home), models=Models(fast=True)) as pipeline:
        pipeline.ask("Will the harbour close?")
        assert pipeline.library.encoder.name == "on-the-record-minilm"
        reader = pipeline.reader
        run(home, rebuild=True, encoder="other")
        pipeline.ask("Will the harbour close?")
        assert pipeline.library.encoder.name == "other" and pipeline.reader is not reader


@pytest.mark.parametrize("change", [{"format": 0}, {"chunking": 0}, {"sizes": None}, {"surprise": 1}])
def test_another_version_is_refused_in_one_line(files: Path, home: Path, change: dict[str, object]) -> None:
    run(home, files)
    with sqlite3.connect(home / store.DATABASE) as database:
        stored = json.loads(json.loads(database.execute("SELECT value FROM meta WHERE key = 'manifest'").fetchone()[0]))
        value = json.dumps(json.dumps({**stored, **change}))
        database.execute("UPDATE meta SET value = ? WHERE key = 'manifest'", (value,))
    with pytest.raises(LibraryError, match="index --rebuild") as caught:
        opened(home)
    assert "\n" not in str(caught.value)
    assert run(home, rebuild=True).replaced
    assert opened(home).check() == []


def test_rebuild_reads_the_files_it_knows(files: Path, home: Path) -> None:
    run(home, files)
    write_hearing(files, load="two tonnes")
    report = run(home, rebuild=True, encoder="other")
    assert report.replaced == ["talks/hearing.json", "talks/other.json"]
    assert "two tonnes" in opened(home).transcripts()[0].text
    assert opened(home).manifest == Manifest("other", hashing("other").sha256, 64, Sizes())


@pytest.mark.parametrize("encoder", ["", "other"])
def test_rebuild_keeps_what_cannot_be_read_as_it_was_read_last(files: Path, home: Path, encoder: str) -> None:
    run(home, files)
    before = opened(home).files()
    (files / "other.json").rename(home.parent / "away.json")
    report = run(home, rebuild=True, encoder=encoder)
    assert (report.replaced, report.removed, len(report.failed)) == (["talks/hearing.json"], [], 1)
    assert (opened(home).files(), opened(home).check()) == (before, [])
    assert any("gas stoves" in quote for quote in found(opened(home), "gas stoves"))


@pytest.mark.parametrize("wrong", ["nowhere", "empty", "empty/broken.json"])
def test_rebuild_from_a_wrong_path_loses_nothing(files: Path, home: Path, wrong: str) -> None:
    run(home, files)
    before = opened(home).files()
    (home.parent / "empty").mkdir()
    if wrong.endswith(".json"):
        (home.parent / wrong).write_text("{")
    with pytest.raises(LibraryError, match=r"no such file|no transcript in|broken\.json.*; the library at .* stays"):
        run(home, *([files] if wrong == "nowhere" else []), home.parent / wrong, rebuild=True)
    assert (opened(home).files(), opened(home).check()) == (before, [])


def test_rebuild_says_what_it_cannot_keep(files: Path, home: Path) -> None:
    run(home, files)
    with contextlib.closing(sqlite3.connect(home / store.DATABASE)) as database:
        database.execute("UPDATE transcripts SET text = replace(text, 'gas', 'gaz')")
        database.commit()
    (files / "other.json").unlink()
    report = run(home, rebuild=True)
    assert (report.replaced, report.removed) == (["talks/hearing.json"], ["talks/other.json"])
    assert [t.source for t in opened(home).transcripts()] == ["talks/hearing.json"]


def test_rebuild_makes_an_older_librarys_tables_anew(files: Path, home: Path) -> None:
    run(home, files)
    with contextlib.closing(sqlite3.connect(home / "library.sqlite")) as database:
        database.execute("ALTER TABLE transcripts DROP COLUMN pages")
        database.commit()
    assert not run(home, rebuild=True).failed
    assert opened(home).check() == []


def test_a_damaged_database_is_said_in_one_line(files: Path, home: Path) -> None:
    run(home, files)
    for file in home.glob(f"{store.DATABASE}-*"):
        file.unlink()
    (home / store.DATABASE).write_bytes(b"not a database at all" * 300)
    with pytest.raises(LibraryError, match="move it away and index again"):
        opened(home)


@pytest.mark.parametrize("table", ["files", "embeddings"])
def test_a_damaged_table_is_said_in_one_line_by_who_indexes(files: Path, home: Path, table: str) -> None:
    run(home, files)
    with contextlib.closing(sqlite3.connect(home / store.DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        size = database.execute("PRAGMA page_size").fetchone()[0]
        root = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    content = bytearray((home / store.DATABASE).read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    (home / store.DATABASE).write_bytes(content)
    write_hearing(files, load="two tonnes")
    with pytest.raises(LibraryError, match=r"is damaged .*; move it away and index again"):
        run(home, files)


def test_a_damaged_lock_is_said_in_one_line(files: Path, home: Path) -> None:
    home.mkdir()
    (home / "lock.sqlite").write_bytes(b"no lock at all" * 300)
    with pytest.raises(LibraryError, match=r"lock\.sqlite is damaged .*; delete it"):
        run(home, files)


@pytest.mark.parametrize(
    ("column", "stored", "forged"), [("text", "three tonnes", "nine tonnes"), ("turns", "Lena Brandt", "Somebody Else")]
)
def test_what_was_altered_is_never_quoted(files: Path, home: Path, column: str, stored: str, forged: str) -> None:
    run(home, files)
    with sqlite3.connect(home / store.DATABASE) as database:
        database.execute(f"UPDATE transcripts SET {column} = replace({column}, ?, ?)", (stored, forged))
    with pytest.raises(LibraryError, match="was altered"):
        found(opened(home), "load limit tonnes")


def test_a_folder_that_cannot_be_read_loses_nothing(files: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(home, files)

    def walk(root: Path, onerror: Callable[[OSError], None]) -> list[object]:
        onerror(PermissionError(13, "Permission denied", str(root)))
        return []

    monkeypatch.setattr("os.walk", walk)
    report = run(home, files)
    assert report.failed == [f"{files}: Permission denied"]
    assert report.removed == []


def test_a_folder_that_became_a_link_loses_nothing(files: Path, home: Path) -> None:
    (files / "sub").mkdir()
    (files / "sub" / "talk.txt").write_text("Ann Lee: The ferry runs.\n")
    run(home, files)
    (files / "sub").rename(home.parent / "elsewhere")
    (files / "sub").symlink_to(home.parent / "elsewhere")
    for rebuild in (False, True):
        report = run(home, files, rebuild=rebuild)
        assert report.failed == ["talks/sub: a link that leads out of the folder; name it itself"]
        assert report.removed == []
        assert "talks/sub/talk.txt" in [t.source for t in opened(home).transcripts()]
    (files / "sub").unlink()
    (home.parent / "elsewhere").rename(files / "moved")
    (files / "sub").symlink_to(files / "moved")
    report = run(home, files)
    assert (report.failed, report.added, report.removed) == ([], ["talks/moved/talk.txt"], ["talks/sub/talk.txt"])


def test_odd_files_are_named_and_the_others_indexed(files: Path, home: Path) -> None:
    (files / "loop.txt").symlink_to(files / "loop.txt")
    (home.parent / "secret.txt").write_text("Ann Lee: Tell nobody of it.")
    (files / "away.txt").symlink_to(home.parent / "secret.txt")
    os.mkfifo(files / "pipe.txt")
    (files / "big.json").write_text('{"turns":[{"text":"x","start":1' + "0" * 400 + "}]}")
    (files / "bad\udcff.txt").write_text("Ann Lee: Hello there.")
    report = run(home, files)
    assert sorted(report.added) == ["talks/hearing.json", "talks/other.json"]
    assert len(report.failed) == 4
    assert "talks/away.txt: a link that leads out of the folder, or nowhere; name its file itself" in report.failed
    assert all("\n" not in line for line in report.failed)


def test_a_guessed_encoding_is_told(files: Path, home: Path) -> None:
    (files / "old.txt").write_bytes(
        "Präsident: Wir öffnen die Brücke für alle.\n\nFrau Öz: Danke schön.\n".encode("cp1252")
    )
    assert run(home, files).notes == ["talks/old.txt: encoding cp1252, guessed; look at it: python -m qa inspect"]
    assert run(home, files).notes == []


def test_a_library_inside_the_folder_is_not_indexed(files: Path) -> None:
    run(files / "library", files)
    assert run(files / "library", files).failed == []


def test_a_renamed_file_has_its_new_name(files: Path, home: Path) -> None:
    (files / "old.txt").write_text("Ann Lee: We begin.\nBo Li: Yes, we do.")
    run(home, files)
    (files / "old.txt").rename(files / "new.txt")
    run(home, files)
    renamed = next(t for t in opened(home).transcripts() if "new" in t.source)
    assert (renamed.title, renamed.source) == ("new", "talks/new.txt")


CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann Lee>The bridge opens in May.\n"


def speakers(home: Path) -> list[tuple[str, list[str]]]:
    return [(transcript.source, transcript.speakers()) for transcript in opened(home).transcripts()]


def test_a_file_with_another_ending_is_read_anew(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "talk.txt").write_text(CAPTIONS)
    run(home, folder)
    (folder / "talk.txt").rename(folder / "talk.vtt")
    (folder / "talk.txt").write_text("Bo Li: Something else.\n")
    report = run(home, folder)
    assert (report.added, report.replaced) == (["c/talk.vtt"], ["c/talk.txt"])
    assert speakers(home) == [("c/talk.txt", ["Bo Li"]), ("c/talk.vtt", ["Ann Lee"])]
    library = opened(home)
    (transcript,) = [t for t in library.transcripts() if t.source == "c/talk.vtt"]
    claim = citations.to_dict(Span(transcript, *transcript.turns[-1][:2]))
    assert verification.verify(claim, library).status == "verbatim"
    assert len(run(home, folder).unchanged) == 2


@pytest.mark.parametrize("remove", [False, True])
def test_of_copies_with_other_endings_the_first_says_how_it_is_read(home: Path, tmp_path: Path, remove: bool) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    for name in ("talk.vtt", "talk.txt"):
        (folder / name).write_text(CAPTIONS)
        run(home, folder)
    (found,) = speakers(home)
    assert found == ("c/talk.txt", []) and len(run(home, folder).unchanged) == 2
    if not remove:
        (folder / "talk.txt").unlink()
    report = run(home, remove=[folder / "talk.txt"]) if remove else run(home, folder)
    assert (report.removed, report.replaced) == (["c/talk.txt"], ["c/talk.vtt"])
    assert speakers(home) == [("c/talk.vtt", ["Ann Lee"])]


def test_a_copy_that_no_parser_reads_is_refused(files: Path, home: Path) -> None:
    run(home, files)
    shutil.copy(files / "hearing.json", files / "hearing.old")
    assert run(home, files / "hearing.old").failed[0].startswith("hearing.old: cannot read .old")


def test_a_library_on_a_disk_that_cannot_be_written_is_read(files: Path, home: Path, tmp_path: Path) -> None:
    run(home, files)
    address = f"{(home / store.DATABASE).resolve().as_uri()}?mode=ro&immutable=1"
    with pytest.MonkeyPatch.context() as patch:
        real = store.Store._connect
        refused = iter([True])

        def connect(where: Path | str) -> sqlite3.Connection:
            if next(refused, False):
                return _Refusing()  # type: ignore[return-value]
            assert where == address
            return real(where)

        patch.setattr(store.Store, "_connect", staticmethod(connect))
        assert any("tonnes" in quote for quote in found(opened(home), "load limit tonnes"))


class _Refusing:
    """What SQLite does with a log beside a file that it may not write."""

    def execute(self, *arguments: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")


def test_no_library_is_said_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="make one: python -m qa index"):
        opened(tmp_path / "none")


def test_nothing_on_disk_is_a_pickle(files: Path, home: Path) -> None:
    run(home, files)
    for file in (f for f in home.rglob("*") if f.is_file()):
        assert not file.read_bytes().startswith((b"\x80\x03", b"\x80\x04", b"\x80\x05")), file


def test_scope_by_transcript_and_speaker(files: Path, home: Path) -> None:
    run(home, files)
    library = opened(home)
    scope = library.scope(["talks/other.json"], [])
    assert {hit.span.transcript.source for hit in library.search("quality", 9, scope)[0]} == {"talks/other.json"}
    scope = library.scope([], ["lena"])
    hits, _ = library.search("load limit crane", 9, scope)
    assert hits
    for hit in hits:
        assert any(scope.admits(hit.passage.transcript, start) for start, _ in hit.passage.pieces)
    with pytest.raises(LibraryError, match="no speaker 'nobody'"):
        library.scope([], ["nobody"])
    with pytest.raises(LibraryError, match=r"no transcript 'x\.txt'"):
        library.scope(["x.txt"], [])


# -- the pages of one event ----------------------------------------------------------------------------------------


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(1, 12):
        write_page(folder, number)
    return folder


def write_page(folder: Path, number: int, words: str = "cranes") -> None:
    (folder / f"page-{number}.txt").write_text(
        f"Ann Lee: Words about {words} {number}.\nBo Li: Yes, number {number}.\n"
    )


def labels(library: Library) -> list[list[str]]:
    return [[page.label for page in transcript.pages] for transcript in library.transcripts()]


ALL = [str(number) for number in range(1, 12)]


def test_pages_are_joined_only_when_asked_and_then_it_is_remembered(pages: Path, home: Path) -> None:
    first = run(home, pages)
    assert (len(first.added), first.events) == (11, [[f"pages/page-{n}.txt" for n in ALL]])
    joined = run(home, pages, join=True)
    assert (len(joined.replaced), len(joined.joined), joined.events) == (11, 1, [])
    library = opened(home)
    assert labels(library) == [ALL]
    assert library.transcripts()[0].source == "pages/page-1.txt"
    assert library.check() == []
    again = index(home, [pages], load=lambda name: pytest.fail("the model was loaded"))
    assert (len(again.unchanged), again.events) == (11, [])
    assert len(run(home, rebuild=True).replaced) == 11
    assert labels(opened(home)) == [ALL]
    assert len(run(home, pages, join=False).replaced) == 11
    assert len(opened(home).transcripts()) == 11


def test_a_touched_page_changes_nothing(pages: Path, home: Path) -> None:
    run(home, pages, join=True)
    os.utime(pages / "page-3.txt", ns=(1, 1))
    assert len(index(home, [pages], load=lambda name: pytest.fail("the model was loaded")).unchanged) == 11


def test_a_changed_an_added_and_a_removed_page(pages: Path, home: Path) -> None:
    run(home, pages, join=True)
    write_page(pages, 3, "ships")
    assert len(run(home, pages / "page-3.txt").replaced) == 11
    assert "pages/page-3.txt" in {page.source for page in opened(home).transcripts()[0].pages}
    text = opened(home).transcripts()[0].text
    assert ("ships 3" in text, "cranes 3" in text) == (True, False)
    write_page(pages, 12)
    report = run(home, pages)
    assert (report.added, len(report.replaced)) == (["pages/page-12.txt"], 11)
    assert labels(opened(home)) == [[*ALL, "12"]]
    (pages / "page-12.txt").unlink()
    report = run(home, pages)
    assert (report.removed, labels(opened(home))) == (["pages/page-12.txt"], [ALL])


def test_what_is_forgotten_of_an_event_leaves_it(pages: Path, home: Path) -> None:
    run(home, pages, join=True)
    report = run(home, remove=[pages / "page-5.txt"])
    assert (report.removed, len(report.notes)) == (["pages/page-5.txt"], 1)
    library = opened(home)
    assert len(library.transcripts()) == 10
    assert not any("cranes 5" in transcript.text for transcript in library.transcripts())


def test_an_unreadable_page_keeps_the_event_as_it_was(pages: Path, home: Path) -> None:
    run(home, pages, join=True)
    (pages / "page-4.txt").write_bytes(b"\0\1\2")
    report = run(home, pages)
    assert ["wait for it" in line for line in report.failed] == [True]
    assert labels(opened(home)) == [ALL]


def test_renamed_pages_have_their_new_names(pages: Path, home: Path) -> None:
    run(home, pages, join=True)
    for number in ALL:
        (pages / f"page-{number}.txt").rename(pages / f"seg{number}.txt")
    run(home, pages, join=True)
    (event,) = opened(home).transcripts()
    assert [page.source for page in event.pages][:2] == ["pages/seg1.txt", "pages/seg2.txt"]


def test_what_one_speaker_said_is_shown_without_the_short_turns_beside_it(files: Path, home: Path) -> None:
    (files / "ferry.txt").write_text(
        "Ann Lee: Is the ferry out of use this winter, and who decided so?\n\nBo Li: It is.\n\nAnn Lee: Why?\n", "utf-8"
    )
    run(home, files)
    library = opened(home)
    hits, _ = library.search("ferry out of use", 5, library.scope([], ["bo li"]))
    assert {hit.span.speaker for hit in hits} == {"Bo Li"}
