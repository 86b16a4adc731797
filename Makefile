# make run: the page on http://127.0.0.1:7860.   make test: the tests.   make screenshots: the README's pictures.
# All make .venv first.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: run test lint screenshots

run: .venv/installed
	$(BIN)/python app.py

test: .venv/dev
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

screenshots: .venv/dev
	$(BIN)/python -m benchmarks.screenshots

.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

.venv/dev: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
