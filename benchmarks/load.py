"""One process asked by many clients at once: latency, throughput, and whether each gets the answer to its own question.

    python -m benchmarks.load [--clients 50] [--seconds 60 | --minutes 10] [--concurrency N] [--threads N]

Serves the shipped corpus and asks it over HTTP: first one client alone for a quarter of the time, then all. Each answer
must be to the question as it was asked, and each quote must stand in the transcript where it says. ``--threads`` sets
how many threads torch takes for one question, to compare. Resident memory is read from the system (Linux).
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.machine import save
from qa import transcripts
from qa.limits import AT_ONCE

_PORT = 7893
_SAMPLE = 2.0  # seconds between two readings of memory
_SETTLED = 60.0  # seconds after which memory is expected to stay; half the time in a shorter run
_FOLDER = Path("benchmarks/questions")
_STRUCTURAL = ["Who spoke?", "How many questions were asked?", "What did Xinhua ask?", "When was this?"]


@dataclass
class Run:
    """What a number of clients saw."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lasted: float = 0.0

    def figures(self) -> dict[str, Any]:
        cuts = statistics.quantiles(self.seconds, n=20, method="inclusive")
        return {
            "answers": len(self.seconds),
            "errors": len(self.errors),
            "first errors": sorted(set(self.errors))[:3],
            "answers to another question or with a quote that is not verbatim": len(self.wrong),
            "p50 seconds": round(cuts[9], 3),
            "p95 seconds": round(cuts[18], 3),
            "answers a second": round(len(self.seconds) / self.lasted, 2),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float, default=0.0, help="instead of --seconds")
    parser.add_argument("--concurrency", type=int, default=AT_ONCE, help="of the server")
    parser.add_argument("--threads", type=int, default=0, help="of torch, for each question; default: the server's own")
    parser.add_argument("--name", default="load", help="of the file of results")
    options = parser.parse_args()
    seconds = options.minutes * 60 or options.seconds
    texts = {t.id: t.text for t in map(transcripts.read, Path("corpus").iterdir())}
    with tempfile.TemporaryDirectory() as folder:
        server = _serve(folder, options)
        try:
            _run(texts, 1, 5)  # what is loaded or compiled at first use
            alone = _run(texts, 1, max(5.0, seconds / 4))
            memory: list[tuple[float, float]] = []
            together = _run(texts, options.clients, seconds, lambda at: memory.append((at, _resident(server.pid))))
        finally:
            server.terminate()
            server.wait()
    save(options.name, {
        "clients": options.clients, "seconds": seconds, "one client alone": alone.figures(),
        "all clients": together.figures(), "resident MB": _growth(memory, min(_SETTLED, seconds / 2)),
    })  # fmt: skip


def _serve(folder: str, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    subprocess.run([sys.executable, "-m", "qa", "index", "corpus", "--index", folder], check=True)
    environment = {**os.environ, **({"OMP_NUM_THREADS": str(options.threads)} if options.threads else {})}
    command = [sys.executable, "-m", "qa", "serve", "--port", str(_PORT), "--index", folder, "--rate", "0",
               "--concurrency", str(options.concurrency)]  # fmt: skip
    server = subprocess.Popen(command, env=environment)
    for _ in range(1200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/readyz"):
                return server
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise SystemExit("the server was not ready within two minutes")


def _questions() -> list[str]:
    asked = [json.loads(line)["question"] for file in sorted(_FOLDER.glob("*.jsonl")) for line in file.open()]
    return [*asked, *_STRUCTURAL * max(1, len(asked) // 40)]


def _run(texts: dict[str, str], clients: int, seconds: float, sample: Any = None) -> Run:
    run, lock, began = Run(), threading.Lock(), time.monotonic()
    threads = [threading.Thread(target=_client, args=(run, lock, texts, n, began + seconds)) for n in range(clients)]
    for thread in threads:
        thread.start()
    while sample and time.monotonic() < began + seconds:
        sample(time.monotonic() - began)
        time.sleep(_SAMPLE)
    for thread in threads:
        thread.join()
    run.lasted = time.monotonic() - began
    return run


def _client(run: Run, lock: threading.Lock, texts: dict[str, str], number: int, until: float) -> None:
    draw, questions, asked = random.Random(number), _questions(), 0
    connection = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=300)
    while time.monotonic() < until:
        asked += 1
        # Blanks at its end tell this question from all others and change nothing in its answer.
        question = draw.choice(questions) + f"{number:08b}{asked:016b}".translate({48: " ", 49: "\t"})
        began = time.monotonic()
        status, answer = _ask(connection, question)
        took = time.monotonic() - began
        with lock:
            if status != 200:
                run.errors.append(f"{status}: {answer.get('error', '')}")
            else:
                run.seconds.append(took)
                if answer["question"] != question or not _verbatim(answer, texts):
                    run.wrong.append(question)
    connection.close()


def _ask(connection: http.client.HTTPConnection, question: str) -> tuple[int, dict[str, Any]]:
    try:
        connection.request(
            "POST", "/api/v1/ask", json.dumps({"question": question}), {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        connection.close()
        return 0, {"error": type(error).__name__}


def _verbatim(answer: dict[str, Any], texts: dict[str, str]) -> bool:
    quoted = [*answer["citations"], *answer["exchange"], *answer["hits"]]
    return all(texts[one["transcript"]][one["start"] : one["end"]] == one["quote"] for one in quoted)


def _resident(pid: int) -> float:
    """MB of memory that the process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _growth(memory: list[tuple[float, float]], settled: float) -> dict[str, Any]:
    later = [(at, held) for at, held in memory if at >= settled]
    minutes = (later[-1][0] - later[0][0]) / 60
    return {
        "at the start": round(memory[0][1]),
        f"after {settled:.0f} s": round(later[0][1]),
        "at the end": round(later[-1][1]),
        "at most": round(max(held for _, held in memory)),
        "growth a minute from then on": round((later[-1][1] - later[0][1]) / minutes, 2) if minutes else None,
    }  # fmt: skip


if __name__ == "__main__":
    main()
