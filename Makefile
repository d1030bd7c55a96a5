# Each target makes .venv and installs what it needs; `make demo` and `make test` work on a fresh machine with Python and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint generate bench clean

demo: .venv/demo
	@$(BIN)/dispute demo

test: .venv/test
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/mypy

generate: .venv/test
	$(BIN)/python scripts/generate.py

bench: .venv/test
	$(BIN)/python benchmarks/first.py

.venv/demo: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/test: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch .venv/demo $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
