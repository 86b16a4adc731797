from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from qa import encoder, indexing
from qa.encoder import PassageEncoder
from qa.library import Library
from qa.pipeline import Pipeline

# Timing is never asserted; examples are the same in every run.
settings.register_profile("all", deadline=None, derandomize=True)
settings.load_profile("all")
os.environ["HF_HUB_OFFLINE"] = "1"

ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser last: while it is open, its event loop lets no other begin in this thread."""
    items.sort(key=lambda item: item.path.parent.name == "browser")


@pytest.fixture(scope="session")
def corpus() -> Path:
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def minilm() -> PassageEncoder:
    """The real default model."""
    return encoder.load()


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, corpus: Path, minilm: PassageEncoder) -> Pipeline:
    """The shipped corpus in a library made with the real model."""
    folder = tmp_path_factory.mktemp("shipped") / ".qa"
    indexing.index(folder, [corpus], load=lambda name: minilm)
    return Pipeline(Library(folder, lambda name: minilm))
