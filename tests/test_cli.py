from __future__ import annotations

import functools
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qa import cli, encoder, transcripts
from qa.encoder import PassageEncoder
from qa.indexing import index
from qa.library import Library
from qa.render import answer_to_dict, to_html, to_markdown, to_text
from qa.types import Answer, Span
from tests.fakes import as_json, hashing, write_hearing

ROOT = Path(__file__).parent.parent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "library"


@pytest.fixture
def filled(home: Path, corpus: Path, minilm: PassageEncoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of the shipped corpus; the model is loaded once for all tests."""
    index(home, [corpus], load=lambda name: minilm)
    monkeypatch.setattr(Library, "encoder", property(lambda self: minilm))
    return home


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def ask(capsys: pytest.CaptureFixture[str], home: Path, question: str, *more: object) -> dict[str, Any]:
    code, out, _ = run(capsys, "ask", question, "--json", "--index", home, *more)
    assert code == 0
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_json_of_an_answer(filled: Path, capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    answer = ask(capsys, filled, "How many vehicles were recalled in 2023?")
    assert list(answer) == [
        "question", "outcome", "confidence", "threshold", "note", "searched", "exchange", "citations", "hits",
        "retrievers",
    ]  # fmt: skip
    assert answer["confidence"] >= answer["threshold"] > 0
    assert answer["searched"]["transcripts"] == 1 and answer["searched"]["passages"] >= len(answer["hits"])
    assert answer["searched"]["titles"] == [answer["citations"][0]["title"]]
    assert answer["outcome"] == "answered"
    (file,) = corpus.iterdir()
    text = file.read_text(encoding="utf-8")
    for part in (*answer["citations"], *answer["hits"]):
        assert text[part["start"] : part["end"]] == part["quote"]
    assert {"score", "lexical", "dense"} <= set(answer["hits"][0])
    assert answer["citations"][0]["replies_to"]["speaker"] == "Xinhua News Agency"
    assert [r["name"] for r in answer["retrievers"]] == ["lexical", "dense"]


def test_batch_keeps_the_order_and_goes_on_after_a_bad_line(
    filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"question":"Why is quality important?","id":7}\nnonsense\n\n{"question":"  "}\n'
        '{"question":"Who?","speaker":"x"}\n{"question":"When was this?"}\n\n'
    )
    code, out, err = run(capsys, "ask", "--batch", file, "--index", filled)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["question"] for line in lines] == ["Why is quality important?", *[None] * 4, "When was this?"]
    assert lines[0]["id"] == 7
    assert "line 2" in lines[1]["error"]
    assert lines[2]["error"] == "line 3: it is blank"
    assert 'line 5: unknown key "speaker"' in lines[4]["error"]
    assert code == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["1e999", "NaN", "[1]", "{}", "null"])
def test_an_id_that_json_cannot_write_again_is_refused(
    filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f'{{"question": "When was this?", "id": {name}}}\n')
    code, out, _ = run(capsys, "ask", "--batch", file, "--index", filled)
    assert code == 1 and json.loads(out)["error"] == 'line 1: "id" must be a string or a number'


def test_json_is_json_whatever_stdout_can_write(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="cp1252"))
    assert cli.main(["ask", "Was ist das, 质量?", "--json", "--index", str(filled)]) == 0
    assert json.loads(written.getvalue().decode("utf-8"))["question"] == "Was ist das, 质量?"


@pytest.mark.parametrize("options", [["--seed", "-1"], ["--most", "-5"], ["--most", "0"]])
def test_what_cannot_be_drawn_is_said_at_once(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["eval", "questions.jsonl", *options])
    assert "must be a whole number" in capsys.readouterr().err


def test_a_dash_is_stdin(filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("When was this?\n"))
    assert ask(capsys, filled, "-")["outcome"] == "answered"
    monkeypatch.setattr("sys.stdin", io.StringIO('{"question":"When was this?"}\n'))
    code, out, _ = run(capsys, "ask", "--batch", "-", "--index", filled)
    assert (code, json.loads(out)["outcome"]) == (0, "answered")


@pytest.mark.parametrize("form", ["text", "markdown", "html", "annotations"])
def test_every_format_holds_the_quote(filled: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    code, out, _ = run(
        capsys, "ask", "Which city hosted the China Quality Conference?", "--format", form, "--index", filled
    )
    assert code == 0
    assert "Chengdu" in out


def test_verify_says_verbatim_and_finds_a_changed_word(
    filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer = ask(capsys, filled, "How many vehicles were recalled in 2023?")
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer))
    code, out, _ = run(capsys, "verify", file, "--index", filled)
    assert code == 0
    assert "verbatim" in out
    answer["citations"][0]["quote"] = answer["citations"][0]["quote"].replace("6.728", "7.728")
    file.write_text(json.dumps(answer))
    code, out, _ = run(capsys, "verify", file, "--json", "--index", filled)
    assert code == 1
    assert json.loads(out)[0]["status"] == "altered"


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"citations":[{"quote":"x"}]}', '{"citations":3}', "[" * 100_000])
def test_verify_of_nonsense_is_one_line(
    filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "answer.json"
    file.write_text(content)
    code, out, err = run(capsys, "verify", file, "--index", filled)
    assert (code, out) == (2, "")
    assert err.startswith("qa: ")
    assert err.count("\n") == 1


def test_index_reports_and_exits_1_when_a_file_fails(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.indexing.index", functools.partial(index, load=hashing))
    folder = tmp_path / "talks"
    folder.mkdir()
    write_hearing(folder)
    (folder / "bad.json").write_text("{")
    code, out, err = run(capsys, "index", folder, "--json", "--index", home)
    report = json.loads(out)
    assert code == 1
    assert report["added"] == ["talks/hearing.json"]
    assert "talks/bad.json: not valid JSON" in err
    assert "passages/s" not in err  # no bar where stderr is no terminal


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["index"], "nothing to index"),
        (["ask", "x", "--index", "nowhere"], "make one: python -m qa index"),
        (["ask"], "give one question"),
        (["ask", "x", "--batch", "y"], "give one question"),
        (["verify", "nowhere.json"], "No such file"),
    ],
)
def test_errors_are_one_line_and_exit_2(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_an_empty_and_an_endless_question_are_refused(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for question in (" ", "x" * 2001):
        code, _, err = run(capsys, "ask", question, "--index", filled)
        assert code == 2
        assert err.startswith("qa: the question")


def test_speaker_and_transcript_narrow_the_search(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, filled, "What about quality?", "--speaker", "xinhua")
    assert {hit["speaker"] for hit in answer["hits"]} == {"Xinhua News Agency"}
    code, _, err = run(capsys, "ask", "x", "--speaker", "Nobody", "--index", filled)
    assert (code, "there speak: Liu Sanjiang, Xinhua News Agency" in err) == (2, True)


def test_search_and_doctor(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "search", "gas stoves", "--json", "-k", "2", "--index", filled)
    assert code == 0
    assert "gas stoves" in json.loads(out)["hits"][0]["quote"]
    code, out, _ = run(capsys, "doctor", "--json", "--index", filled)
    found = json.loads(out)
    assert (code, found["problems"]) == (0, [])
    assert found["encoder"]["sha256"] == encoder.SHA256[encoder.DEFAULT]
    assert found["library"]["passages"] > 5
    code, out, _ = run(capsys, "doctor", "--index", filled / "nowhere")
    assert (code, "Problem: no library" in out) == (1, True)


def test_hostile_text_reaches_no_terminal_and_no_markup() -> None:
    words = "Quality \x1b[31mred\x1b[0m <script>alert(1)</script> \u202eevil [x](javascript:y) `z`"
    transcript = transcripts.parse(as_json(("<img onerror=x>", words)), "a.json")
    span = Span(transcript, transcript.turns[0].start, transcript.turns[0].end)
    answer = Answer("<b>?</b>", (span,), (), 1.0)
    assert "\x1b" not in to_text(answer)
    assert "\u202e" not in to_text(answer)
    assert "<U+001B>" in to_text(answer)
    assert "<script" not in to_html(answer)
    assert "<img" not in to_html(answer)
    assert "[x](" not in to_markdown(answer)


@pytest.mark.parametrize("command", ["index", "ask", "search", "verify", "serve", "doctor"])
def test_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert stopped.value.code == 0
    assert f"example: python -m qa {command}" in capsys.readouterr().out


def test_an_empty_name_of_the_library_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_INDEX", "")
    assert cli._parser().parse_args(["doctor"]).index == Path(".qa")
    assert cli._parser().parse_args(["serve"]).index is None


def test_as_a_program_from_another_folder(tmp_path: Path, corpus: Path) -> None:
    def qa(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "qa", *arguments], capture_output=True, text=True, cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        )  # fmt: skip

    made = qa("index", str(corpus), "--index", "here/lib")
    assert made.returncode == 0, made.stderr
    answer = qa("ask", "Who attended?", "--json", "--index", "here/lib")
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["question"] == "Who attended?"
    assert answer.stderr == ""


def test_a_quote_with_a_line_separator_is_verified(
    filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    talk = tmp_path / "talk.json"
    talk.write_bytes(as_json(("Ann Lee", "The crane\u2028was inspected in spring.")))
    transcript = transcripts.read(talk, talk.name)
    span = Span(transcript, transcript.turns[0].start, transcript.turns[0].end)
    lines = [json.dumps(answer_to_dict(Answer("?", (span,), (), 1.0)), ensure_ascii=False)] * 2
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, _ = run(capsys, "verify", file, "--root", tmp_path, "--index", filled)
    assert (code, out.count("verbatim")) == (0, 2)


def test_what_a_claim_says_cannot_forge_a_line(
    filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer = ask(capsys, filled, "When was this?")
    answer["citations"][0].update(source="x\x1b[31m\nfake: verbatim: ok", sha256="0" * 64)
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer))
    code, out, _ = run(capsys, "verify", file, "--index", filled)
    assert (code, out.count("\n")) == (1, 1)
    assert "\x1b" not in out


def test_bytes_that_are_not_utf8_are_one_error_in_their_line(
    filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b'{"question":"\xff\xfe steel?"}\n{"question":"\\ud800"}\n{"question":"When was this?"}\n')
    code, out, err = run(capsys, "ask", "--batch", file, "--index", filled)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["question"] for line in lines] == [None, None, "When was this?"]
    assert (code, "Traceback" in err) == (1, False)


@pytest.mark.parametrize("path", ["x" * 5000, "/proc/self/mem", "/dev/zero", "nowhere"])
def test_paths_that_are_no_file_are_one_line(home: Path, capsys: pytest.CaptureFixture[str], path: str) -> None:
    for command in (["index", path, "--index", home], ["verify", path], ["ask", "x", "--index", path]):
        if path.startswith("/") and command[0] == "verify":
            continue  # reading a device is what was asked for
        code, out, err = run(capsys, *command)
        assert (code, out) == (2, ""), command
        assert err.count("\n") in (1, 2), err
        assert "Traceback" not in err


def test_a_fault_of_ours_is_one_line_too(
    filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.pipeline.Pipeline.ask", lambda *arguments: 1 / 0)
    code, _, err = run(capsys, "ask", "x", "--index", filled)
    assert (code, err.count("\n")) == (2, 1)
    assert "ZeroDivisionError" in err


def test_a_reader_that_goes_away_is_no_error(filled: Path) -> None:
    command = f"{sys.executable} -m qa doctor --index {filled} | true"
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, env=environment)
    assert ran.stderr == ""


def test_pages_of_one_event_are_offered_and_joined_when_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.indexing.index", functools.partial(index, load=hashing))
    folder = tmp_path / "talks"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"page-{number}.txt").write_text(f"Ann Lee: Word {number}.\nBo Li: Yes.\n")
    names = ["talks/page-1.txt", "talks/page-2.txt"]
    code, out, err = run(capsys, "index", folder, "--json", "--index", home)
    assert (code, json.loads(out)["events"], json.loads(out)["joined"]) == (0, [names], [])
    assert f"{names[0]} ... {names[1]} look like 2 pages of one event; add --join to index them as one" in err
    code, out, err = run(capsys, "index", folder, "--join", "--json", "--index", home)
    assert (code, json.loads(out)["joined"], "look like" in err) == (0, [names], False)
    assert len(Library(home, hashing).transcripts()) == 1


def test_an_answer_without_citations_has_nothing_to_verify(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answer.json"
    file.write_text('{"question": "Who?", "outcome": "not_in_record", "citations": [], "hits": []}')
    code, out, _ = run(capsys, "verify", file, "--index", home)
    assert (code, out) == (0, "no citations to check: nothing is quoted from the record\n")


def test_who_asked_the_same_is_verified_too(filled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answer = ask(capsys, filled, "How many vehicles were recalled in 2023?")
    claims = answer["citations"]
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({**answer, "citations": [], "exchange": claims}))
    code, out, _ = run(capsys, "verify", file, "--index", filled)
    assert code == 0 and out.startswith("answer 1, exchange 1: verbatim")
    forged = {**claims[0], "quote": "The new library will never open at all."}
    file.write_text(json.dumps({**answer, "citations": [], "exchange": [forged]}))
    code, out, _ = run(capsys, "verify", file, "--index", filled)
    assert code == 1 and out.startswith("answer 1, exchange 1: altered")
    file.write_text(json.dumps({**answer, "exchange": None}))
    code, _, err = run(capsys, "verify", file, "--index", filled)
    assert code == 2 and 'answer 1: its "exchange" is no list of citations' in err
