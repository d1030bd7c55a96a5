# Each target makes .venv and installs what it needs; `make demo` and `make test` work on a fresh machine with Python and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test soak fuzz lint generate bench clean

demo: .venv/demo
	@$(BIN)/dispute demo

test: .venv/test
	$(BIN)/python -m pytest -n 2 --dist worksteal

# A million steps of the service beside its model, and many inputs for every reader; another seed each day unless one is given.
SOAK_STEPS ?= 1000000
SOAK_HISTORIES ?= 20000
FUZZ_INPUTS ?= 20000
SEED ?= $(shell date +%Y%m%d)

soak: .venv/test
	@echo "seed $(SEED)"
	SOAK_STEPS=$(SOAK_STEPS) SOAK_SEED=$(SEED) $(BIN)/python -m pytest -n 2 --dist worksteal tests/model/test_machine.py
	SOAK_HISTORIES=$(SOAK_HISTORIES) SOAK_SEED=$(SEED) $(BIN)/python -m pytest -n 2 --dist worksteal tests/service/test_record.py -k any_history

fuzz: .venv/test
	@echo "seed $(SEED)"
	FUZZ_INPUTS=$(FUZZ_INPUTS) FUZZ_SEED=$(SEED) $(BIN)/python -m pytest -n 2 --dist worksteal $(if $(wildcard /dev/shm),--basetemp=/dev/shm/dispute-fuzz) tests/fuzz

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/mypy

generate: .venv/test
	$(BIN)/python scripts/generate.py

# Everything beside its peers, in turns, up to a million orders: half an hour, and some gigabytes in the temporary folder. A ratio that got worse
# fails. ONLY=status,batch for some groups, QUICK=1 for small stores; jq, sqlite3 and hledger come from the system and are skipped where missing.
bench: .venv/bench
	$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick) $(if $(RECORD),--record)
	$(if $(ONLY)$(QUICK),,$(BIN)/python benchmarks/postgres.py)
	$(if $(ONLY)$(QUICK),,$(BIN)/python benchmarks/scenarios.py)

.PHONY: faults

# Writing commands struck at every system call in every way, cut off from power, on full disks; then the table. Needs strace; mounts where it may.
faults: .venv/test
	$(BIN)/python -m pytest -n 2 --dist worksteal -rs tests/faults
	$(BIN)/python -m tests.faults

.PHONY: corruption storm

# Every bit and every cut of a store and its index, every torn sector and page; where there is memory to write to, there.
corruption: .venv/test
	TRUST=all $(BIN)/python -m pytest -n 2 --dist worksteal $(if $(wildcard /dev/shm),--basetemp=/dev/shm/dispute-corruption) \
		tests/trust/test_corruption.py tests/trust/test_power.py tests/trust/test_edited.py

# 16 writers of 100 commands, 4 readers; the same with an index that is taken away, and with backups on the way.
storm: .venv/test
	TRUST=all $(BIN)/python -m pytest -s tests/trust/test_storm.py tests/trust/test_shared_storm.py

.PHONY: coverage mutants

# Every branch of the core, the store and the service, by the tests that stay in their process; below 100 % it fails.
# Without the own plugin: it is loaded before anything is measured.
coverage: .venv/test
	$(BIN)/python -m pytest -n 2 --dist worksteal -p no:dispute --cov --cov-report=term-missing tests/rules tests/service tests/store \
		tests/cli/test_streams.py tests/cli/test_usage.py tests/test_*.py

# Small wrongs planted in the core one at a time, each met by the tests that run it; MUTANTS="store --sample 300 --seed 7" for others.
MUTANTS ?= core
mutants: .venv/test
	$(BIN)/python -m tests.mutants $(MUTANTS)

.venv/demo: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/test: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch .venv/demo $@

.venv/bench: .venv/test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
