"""Passages encoded a second, with and without the vectors of their sentences, against a plain loop of
SentenceTransformer.encode in float32, in one run.

    python -m benchmarks.encoding EVAL_FOLDER

Rounds alternate, so that a drift of the machine's speed meets both; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.machine import save
from benchmarks.sets import documents, passages_of
from qa import encoder as encoders
from qa.text import layout
from qa.types import Vectors

PASSAGES = 512
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval_folder", type=Path)
    folder = parser.parse_args().eval_folder / "fomc_presser_silver"
    ours = encoders.load()
    passages = [p for d in documents(folder, "dev") for p in passages_of(d, ours)][:PASSAGES]
    texts, sentences = [p.embedded for p in passages], [layout(p) for p in passages]
    kept = {"dtype": torch.float32}  # the weights are stored in float16, which a processor multiplies slowest
    plain = SentenceTransformer(str(encoders.locate(encoders.DEFAULT)), device="cpu", model_kwargs=kept)

    def one_call() -> Vectors:
        return plain.encode(texts, batch_size=32, show_progress_bar=False)

    def loop() -> Vectors:
        batches = [
            plain.encode(texts[i : i + 32], batch_size=32, show_progress_bar=False) for i in range(0, len(texts), 32)
        ]
        return np.concatenate(batches)

    ways: dict[str, Callable[[], Vectors]] = {
        "plain, one call": one_call, "plain, a loop of 32": loop, "ours": lambda: ours.encode_document(texts),
        "ours, with sentences": lambda: ours.encode_passages(texts, sentences)[0],
    }  # fmt: skip
    plain.encode(texts[:64])
    ours.encode_document(texts[:64])
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    vectors: dict[str, Vectors] = {}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            vectors[name] = way()
            seconds[name].append(time.perf_counter() - began)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    cosine = (vectors["plain, one call"] * vectors["ours"]).sum(axis=1)
    save("encoding", {
        "passages": len(texts), "rounds": ROUNDS, "bfloat16": encoders.has_bfloat16(),
        "passages a second": {name: round(len(texts) / value, 1) for name, value in median.items()},
        "times as fast as plain, one call": round(median["plain, one call"] / median["ours"], 2),
        "times as fast as plain, a loop of 32": round(median["plain, a loop of 32"] / median["ours"], 2),
        "with sentences, times as long as without": round(median["ours, with sentences"] / median["ours"], 3),
        "cosine to float32": {"lowest": round(float(cosine.min()), 5), "mean": round(float(cosine.mean()), 5)},
    })  # fmt: skip


if __name__ == "__main__":
    main()
