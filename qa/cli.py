"""The command line: index, inspect, ask, search, verify, eval, serve, password, doctor. stdout is data, stderr is talk.

Exit codes: 0 done; 1 done in part, or something was found wrong; 2 not done, and one line says why.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qa import commands
from qa.errors import QAError
from qa.limits import AT_ONCE, RATE
from qa.store import FOLDER

_SHIPPED = ", with the shipped transcript put into it first"


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character gets its code, not an error
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except QAError as error:
        commands.say(str(error))
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        commands.say("stopped; what was finished is kept")
    except OSError as error:
        commands.say(f"{error.filename or 'output'}: {error.strerror or error}")
    except Exception as error:  # a fault of ours: one line still, and all of it for who asks
        if os.environ.get("QA_DEBUG"):
            raise
        commands.say(f"a fault in the program: {type(error).__name__}: {error}; QA_DEBUG=1 shows where")
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qa", description="Ask transcripts; every answer is quoted and can be checked."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], int], help: str, example: str, first: str = ""
    ) -> argparse.ArgumentParser:
        return _command(subparsers, name, run, help, example, first)

    command = add("index", commands.index, "add, replace and remove transcripts", "index corpus/")
    command.add_argument("paths", nargs="*", type=Path, help="files and folders; a folder is mirrored")
    command.add_argument("--remove", nargs="+", type=Path, default=[], metavar="PATH", help="forget these")
    command.add_argument("--rebuild", action="store_true", help="make everything anew, from PATHS or the files known")
    command.add_argument(
        "--join", action=argparse.BooleanOptionalAction, default=None,
        help="index files that are the pages of one event (page-1, page-2) as one transcript; the library remembers it "
        "until --no-join",
    )  # fmt: skip
    command.add_argument("--encoder", default="", help="a sentence-transformers folder or name")

    command = add(
        "inspect", commands.inspect, "say what files are read as, before they are indexed", "inspect talk.html"
    )
    command.add_argument("paths", nargs="+", type=Path, help="files and folders")
    command.add_argument("--all", action="store_true", help="quote everything that was left out")

    command = add(
        "ask", commands.ask, "answer a question in the speakers' own words", 'ask "How many vehicles were recalled?"'
    )
    command.add_argument("question", nargs="?", help="the question; - reads it from stdin")
    command.add_argument(
        "--batch",
        metavar="FILE",
        help='one {"question": ...} a line in, with an "id" if wanted; one answer a line out; - is stdin',
    )
    command.add_argument("--format", choices=commands.FORMATS, default="text", help="default: text")
    _narrowing(command, 10)
    _models(command)

    command = add("search", commands.search, "list the best passages", 'search "quality supervision" -k 3')
    command.add_argument("question", help="words or a question; - reads it from stdin")
    _narrowing(command, 10)
    _models(command)

    command = add("verify", commands.verify, "check the citations of an answer again", "verify answer.json")
    command.add_argument("answers", help='what `ask --json` printed, one or many ("hits" are not checked); - is stdin')
    command.add_argument("--root", type=Path, default=Path(), help="where to look for files the library does not know")

    command = add(
        "eval",
        commands.evaluate,
        "measure answers and refusals where the right ones are known",
        "eval questions.jsonl",
    )
    command.add_argument("questions", nargs="?", type=Path, help="questions, or a folder with their transcripts")
    command.add_argument("--corpus", type=Path, metavar="FOLDER", help="transcripts to ask; default: the library")
    command.add_argument("--pooled", action="store_true", help="put each to all documents of the set, not to its own")
    command.add_argument("--encoder", default="", help="a sentence-transformers folder or name")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="where the report goes; default: eval-NAME")
    command.add_argument(
        "--most", type=_number(1, 999_999), default=0, metavar="N", help="ask N of them, drawn at random"
    )
    command.add_argument("--seed", type=_number(0, 999_999), default=1, help="of what is drawn at random; default: 1")
    command.add_argument("--compare", nargs=2, type=Path, metavar=("A", "B"), help="two reports, question by question")
    _models(command)

    command = add("serve", commands.serve, "open the page on this machine", "serve --port 7860", _SHIPPED)
    _serving(command)
    _models(command)

    command = add("password", commands.password, "make a line for serve --auth", "password ann >>accounts.txt")
    command.add_argument("name", help="who it is for; the password is asked for, or read from stdin")

    add("doctor", commands.doctor, "say what is installed and whether the library is sound", "doctor")
    return parser


def _command(
    subparsers: Any, name: str, run: Callable[[argparse.Namespace], int], help: str, example: str, first: str = ""
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = subparsers.add_parser(
        name, help=help, description=help, epilog=f"example: python -m qa {example}"
    )
    default = os.environ.get("QA_INDEX") or FOLDER
    command.add_argument(
        "--index", type=Path, default=Path(default), help=f"the library's folder; default: {default}{first}"
    )
    command.add_argument("--json", action="store_true", help="JSON on stdout")
    command.set_defaults(run=run)
    return command


def _narrowing(command: argparse.ArgumentParser, k: int) -> None:
    command.add_argument("-k", type=_positive, default=k, help=f"passages to look at; default: {k}")
    command.add_argument("--speaker", action="append", default=[], help="only what this speaker said; may be repeated")
    command.add_argument("--transcript", action="append", default=[], help="only this one: id, file or title")


def _serving(command: argparse.ArgumentParser) -> None:
    """The options of `qa serve`, which `python app.py` has too."""
    # Not the default of the other commands: the page has the shipped corpus where no library is named.
    command.set_defaults(index=Path(os.environ["QA_INDEX"]) if os.environ.get("QA_INDEX") else None)
    command.add_argument("--host", default="", help="default: $GRADIO_SERVER_NAME or 127.0.0.1, this machine only")
    command.add_argument("--port", type=_number(1, 65535), help="default: $GRADIO_SERVER_PORT or 7860")
    command.add_argument("--read-only", action="store_true", help="nothing can be added on the page")
    command.add_argument("--auth", type=Path, metavar="FILE", help="ask for a name and password that stand in FILE")
    command.add_argument("--rate", type=_number(0, 100_000), default=RATE, metavar="N",
                         help=f"questions a minute from one address; 0: any number; default: {RATE}")  # fmt: skip
    command.add_argument("--concurrency", type=_number(1, 64), default=AT_ONCE, metavar="N",
                         help=f"questions answered at a time; default: {AT_ONCE}")  # fmt: skip
    command.add_argument("--max-upload", type=_number(1, 64), default=64, metavar="MB",
                         help="the largest file that can be added; default: 64")  # fmt: skip
    command.add_argument("--mcp", action="store_true", help="offer tools to MCP clients at /mcp")
    command.add_argument("--allow-host", action="append", default=[], metavar="NAME",
                         help="answer to this name too; may be repeated")  # fmt: skip


def _models(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reader", default="", metavar="NAME", help="a token-classification model's folder or name")
    command.add_argument("--reranker", default="", metavar="NAME", help="a cross-encoder's folder or name")
    command.add_argument("--fast", action="store_true", help="answer without the reader: sooner, refuses less surely")


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}")
        return int(text)

    return number


def _positive(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]?|100", text):
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 100")
    return int(text)
