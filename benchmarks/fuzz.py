"""Throws mutated files at every parser: each must give a sound transcript or one line that says why not, and soon.

    python -m benchmarks.fuzz [--inputs 100000] [--seconds 600] [--only .vtt] [--seed 11]

A format ends at so many inputs or so many seconds, whichever comes first. Inputs that are read in a way not seen before
are mutated further. What fails is cut down and printed. Time is computing time, the child process of a PDF included,
and is told as a ratio to the median input's.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks import fuzz_laws
from benchmarks.fuzz_mutations import grown, mutate
from benchmarks.fuzz_seeds import SEEDS, docx, pdf
from benchmarks.machine import save
from qa import transcripts
from qa.errors import TranscriptError

_SLOW = 1.0  # seconds of computing for an input of at most 20 KB
_HUNG = 30  # seconds after which an input is given up
_MEMORY = 512  # MB more than before
_POOL = 400  # inputs kept to be mutated further
_PROBES = 400  # one input in so many is a pair that shows how time grows
_SIZE = {".pdf": 4_000, ".docx": 20_000}  # bytes of the smaller of the pair
_QUADRATIC = 9.0  # four times the size takes four times as long where time grows in proportion, sixteen where squared
_TRIES = 600  # parses to cut an input down, in at most
_PATIENCE = 10  # seconds
_REPEATED = re.compile(rb"(.{1,300}?)\1{19,}", re.DOTALL)
_WRAPPED: dict[str, Callable[[bytes], bytes]] = {".docx": docx, ".pdf": pdf}


@dataclass(slots=True)
class Tally:
    """What one format's run showed; ``failures`` by kind, the first input of each."""

    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    times: list[float] = field(default_factory=list)
    growth: float = 0.0
    failures: dict[str, str] = field(default_factory=dict)


class _Hung(BaseException):
    pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--only", choices=list(SEEDS))
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    formats = [options.only] if options.only else list(SEEDS)
    rows = {}
    for suffix in formats:
        tally = run(suffix, options.inputs, options.seconds, options.seed)
        rows[suffix] = _row(tally)
        print(suffix, rows[suffix], file=sys.stderr, flush=True)
    save("fuzz" + (options.only or "").replace(".", "-"), {"seed": options.seed, **rows})
    sys.exit(any(row["failures"] for row in rows.values()))


def run(suffix: str, inputs: int, seconds: float, seed: int) -> Tally:
    """As many mutated files as the limits allow."""
    chance, tally = random.Random(f"{seed}{suffix}"), Tally()
    pool, seen = list(SEEDS[suffix]), {""}
    until = time.monotonic() + seconds
    for given in SEEDS[suffix]:
        _one(given, suffix, tally)
    while tally.inputs < inputs and time.monotonic() < until:
        parent = chance.choice(pool[-60:] if chance.random() < 0.3 else pool)
        if chance.randrange(_PROBES) == 0:
            _grow(parent, suffix, tally, chance)
            continue
        made = mutate(parent, chance.choice(pool), suffix, chance)
        if suffix in _WRAPPED and chance.random() < 0.2:  # the file around it
            made = mutate(_WRAPPED[suffix](parent), _WRAPPED[suffix](made), ".bin", chance)
            _one(made, suffix, tally, bare=True)
            continue
        shape = _one(made, suffix, tally)
        if shape not in seen and len(seen) < _POOL:
            seen.add(shape)
            pool.append(made)
    return tally


def _one(given: bytes, suffix: str, tally: Tally, bare: bool = False) -> str:
    """Reads one input; the shape of what came of it."""
    wrap = _WRAPPED.get(suffix, bytes) if not bare else bytes
    memory = _peak()
    shape, spent, failure = attempt(wrap(given), suffix)
    tally.inputs += 1
    tally.times.append(spent)
    tally.accepted += shape.startswith("read")
    tally.refused += shape.startswith("refused")
    if not failure and spent > _SLOW and (spent := min(spent, attempt(wrap(given), suffix)[1])) > _SLOW:
        failure = f"slow: {spent / statistics.median(tally.times):.0f} times the median"
    if not failure and _peak() - memory > _MEMORY:
        failure = "memory"
    if failure:
        _fail(failure, given, suffix, wrap, tally)
    return shape


def _fail(failure: str, given: bytes, suffix: str, wrap: Callable[[bytes], bytes], tally: Tally) -> None:
    kind = failure.split(": ")[0] if failure.startswith("slow") else failure
    if kind in tally.failures:
        return
    slow = kind in ("slow", "memory", "hung")
    small = given if slow else smallest(given, lambda part: attempt(wrap(part), suffix)[2] == failure)
    tally.failures[kind] = shown(small)
    print(f"{suffix}: {failure}\n  {shown(small)}", file=sys.stderr, flush=True)


def shown(given: bytes) -> str:
    """The bytes as they are written in Python, what is repeated told by its number."""
    parts, at = [], 0
    for match in _REPEATED.finditer(given):
        parts += [repr(given[at : match.start()]), f"{match[1]!r} * {len(match[0]) // len(match[1])}"]
        at = match.end()
    return " + ".join([*parts, repr(given[at:])])[:4000]


def attempt(content: bytes, suffix: str) -> tuple[str, float, str]:
    """The shape of the outcome, the seconds of computing, and what is wrong with it, or ""."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(_HUNG)
    begin = _spent()
    try:
        transcript = transcripts.parse(content, f"made{suffix}")
        spent = _spent() - begin
        wrong = next(fuzz_laws.broken(transcript), "")
        shape = f"read {len(transcript.turns).bit_length()} {len(transcript.speakers())} {len(transcript.paragraphs)}"
        shape += f" {len(transcript.moments).bit_length()} {bool(transcript.language)} {bool(transcript.date)}"
        return shape, spent, wrong
    except TranscriptError as error:
        return (
            "refused " + re.sub(r"\d+", "0", str(error)),
            _spent() - begin,
            fuzz_laws.bad_line(str(error), f"made{suffix}"),
        )
    except _Hung:
        return "hung", _spent() - begin, "hung"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {place.filename.rpartition('/')[2]}: {place.name}"
        return "crash " + where, _spent() - begin, where
    finally:
        signal.alarm(0)


def _give_up(*_: object) -> None:
    raise _Hung


def _spent() -> float:
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def _peak() -> float:
    """MB that the process, or a child, has held at most."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def _grow(parent: bytes, suffix: str, tally: Tally, chance: random.Random) -> None:
    """Keeps the largest ratio of times for four times the size, where it is long enough to be measured."""
    wrap = _WRAPPED.get(suffix, bytes)
    small, large = grown(parent, suffix, chance, _SIZE.get(suffix, 50_000))
    spent, failure = attempt(wrap(large), suffix)[1:]
    if spent > 0.4 or failure:
        before = attempt(wrap(small), suffix)[1]
        if failure not in ("", "hung"):
            _fail(failure, small, suffix, wrap, tally)
        ratio = spent / max(before, 0.01)
        tally.growth = max(tally.growth, ratio)
        if failure == "hung" or (ratio > _QUADRATIC and spent > _SLOW):
            _fail("slow growth: " + f"{ratio:.1f} for 4", small, suffix, wrap, tally)


def smallest(given: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Cuts pieces out, halves first, for as long as it fails in the same way."""
    tries, size, until = 0, len(given) // 2, time.monotonic() + _PATIENCE
    while size:
        at = 0
        while at < len(given) and tries < _TRIES and time.monotonic() < until:
            part = given[:at] + given[at + size :]
            tries += 1
            if fails(part):
                given = part
            else:
                at += size
        size //= 2
    return given


def _row(tally: Tally) -> dict[str, Any]:
    times = sorted(tally.times)
    return {
        "inputs": tally.inputs, "accepted": tally.accepted, "refused": tally.refused,
        "failures": len(tally.failures), "kinds": list(tally.failures),
        "slowest by the median": round(times[-1] / max(statistics.median(times), 1e-6)),
        "slowest by the 99th percentile": round(times[-1] / max(times[len(times) * 99 // 100], 1e-6), 1),
        "largest growth for 4 times the size": round(tally.growth, 1),
    }  # fmt: skip


if __name__ == "__main__":
    main()
