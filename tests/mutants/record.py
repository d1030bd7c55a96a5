"""What the tests run and how long they take, noted once with nothing planted: which of them may notice a change, and which to ask first."""

import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import coverage
import pytest

from .changes import Mutant

QUICK, NEIGHBOURS = 0.3, 12
"""Seconds of a test that is asked early, and how many are asked out of turn because they killed a neighbour."""
QUIET = ["-p", "no:cacheprovider", "-p", "no:dispute", "--assert=plain", "-q", "--capture=sys", "--disable-warnings"]


class Times:
    """Notes how long each test took that passed."""

    def __init__(self) -> None:
        self.passed: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.passed[report.nodeid] = report.duration


@dataclass
class Record:
    """By file and line the tests that ran it, and by test how long it takes and how much it runs."""

    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    imported: dict[str, set[int]] = field(default_factory=dict)
    """By file the lines that ran outside every test: what was made of them stays, whatever is swapped later."""

    killers: defaultdict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    """By file the lines where a mutant was killed so far, each with the test that did it."""

    def noticing(self, mutant: Mutant, budget: float) -> list[str]:
        """The tests that may notice a mutant: those that ran its statement, or for one at import every test, those of its file first; what fits the budget."""
        lines = self.ran.get(mutant.file, {})
        reached = lines.values() if mutant.at_import else (lines.get(line, []) for line in mutant.lines)
        tests = {test for group in reached for test in group}
        near = self.in_turn(tests)
        far = self.in_turn(self.seconds.keys() - tests) if mutant.at_import else []
        proven = [test for test in self.near(mutant) if test in tests or mutant.at_import]
        return list(within(budget, dict.fromkeys([*proven, *near, *far]), self.seconds))

    def learn(self, mutant: Mutant, killer: str) -> None:
        if killer in self.seconds:
            self.killers[mutant.file].append((mutant.line, killer))

    def near(self, mutant: Mutant) -> list[str]:
        """The quick tests that killed the nearest neighbours of a mutant, the nearest first."""
        nearest = sorted(self.killers[mutant.file], key=lambda killer: abs(killer[0] - mutant.line))
        return [*dict.fromkeys(test for _, test in nearest if self.seconds[test] < QUICK)][:NEIGHBOURS]

    def at_import(self, mutant: Mutant) -> bool:
        """Whether what is changed has run before any test does."""
        return mutant.at_import or not self.imported[mutant.file].isdisjoint(mutant.lines)

    def quickest(self, test: str) -> tuple[float, int, str]:
        """The order of tests: the quickest first, then the most specific."""
        return round(self.seconds[test], 2), self.weight[test], test

    def in_turn(self, tests: Iterable[str]) -> list[str]:
        """The most specific first, by the power of two of the lines they run; of those alike the quick ones, and one case of each before a second of any."""
        alike: defaultdict[tuple[int, bool], list[str]] = defaultdict(list)
        for test in sorted(tests, key=self.quickest):
            alike[self.weight[test].bit_length(), self.seconds[test] >= QUICK].append(test)
        return [test for kind in sorted(alike) for test in each_once_first(alike[kind])]

    @cached_property
    def weight(self) -> Counter[str]:
        """How many lines each test runs."""
        return Counter(test for lines in self.ran.values() for tests in lines.values() for test in tests)


def each_once_first(tests: list[str]) -> list[str]:
    """One case of each test before a second of any: what is different tells more than what is quick."""
    met: Counter[str] = Counter()
    rounds: list[tuple[int, str]] = []
    for test in tests:
        name = test.partition("[")[0]
        rounds.append((met[name], test))
        met[name] += 1
    return [test for _, test in sorted(rounds, key=itemgetter(0))]


def within(budget: float, tests: Iterable[str], seconds: dict[str, float]) -> Iterable[str]:
    for test in tests:
        if seconds[test] <= budget:
            budget -= seconds[test]
            yield test


def take(tests: list[str], sources: list[str], workers: int, kept: Path | None = None) -> Record:
    """Run the tests under coverage, in a process of its own; or read what was kept of that."""
    if kept and kept.exists():
        told = json.loads(kept.read_text())
    else:
        told = in_a_fork(tests, sources, workers)
        if kept:
            kept.write_text(json.dumps(told), encoding="utf-8")
    ran = {file: {int(line): names for line, names in lines.items()} for file, lines in told["ran"].items()}
    return Record(told["seconds"], ran, {file: {*lines} for file, lines in told["imported"].items()})


def in_a_fork(tests: list[str], sources: list[str], workers: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        answer = Path(folder, "record.json")
        pid = os.fork()
        if not pid:
            try:
                os.dup2(2, 1)  # standard output is the table's
                answer.write_text(json.dumps(watched(tests, sources, workers, folder)))
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        told: dict[str, Any] = json.loads(answer.read_text())
        return told


def watched(tests: list[str], sources: list[str], workers: int, folder: str) -> dict[str, object]:
    times, data = Times(), os.path.join(folder, "coverage")
    config = Path(folder, "coveragerc")
    config.write_text(f"[run]\ndata_file = {data}\n")
    folders = sorted({os.path.dirname(source) for source in sources})
    of = [f"--cov={source}" for source in folders]
    spread = ["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []
    pytest.main([*QUIET, *spread, *of, "--cov-context=test", "--cov-report=", f"--cov-config={config}", *tests], plugins=[times])
    told = coverage.CoverageData(data)
    told.read()
    by_line = {source: told.contexts_by_lineno(os.path.abspath(source)) for source in sources}
    ran = {source: seen(lines, times.passed) for source, lines in by_line.items()}
    imported = {source: [line for line, contexts in lines.items() if "" in contexts] for source, lines in by_line.items()}
    return {"seconds": times.passed, "ran": ran, "imported": imported}


def seen(by_line: dict[int, list[str]], passed: dict[str, float]) -> dict[int, list[str]]:
    """By line the tests that ran it and passed."""
    named = {line: sorted({context.partition("|")[0] for context in contexts} & passed.keys()) for line, contexts in by_line.items()}
    return {line: tests for line, tests in named.items() if tests}
