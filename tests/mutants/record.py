"""What the tests run and how long they take, noted once with nothing planted: which of them may notice a change, the quickest first."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from pathlib import Path

import coverage
import pytest

from .changes import Mutant

QUIET = ["-p", "no:cacheprovider", "-q", "--capture=sys", "--disable-warnings"]


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

    def noticing(self, mutant: Mutant, budget: float) -> list[str]:
        """The tests that may notice a mutant: those that ran its statement, or for one at import every test, those of its file first; what fits the budget."""
        lines = self.ran.get(mutant.file, {})
        reached = lines.values() if mutant.at_import else (lines.get(line, []) for line in mutant.lines)
        tests = {test for group in reached for test in group}
        near = each_once_first(sorted(tests, key=self.quickest))
        far = each_once_first(sorted(self.seconds.keys() - tests, key=self.quickest)) if mutant.at_import else []
        return list(within(budget, [*near, *far], self.seconds))

    def quickest(self, test: str) -> tuple[float, int, str]:
        """The order of tests: the quickest first, then the most specific."""
        return round(self.seconds[test], 2), self.weight[test], test

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
        budget -= seconds[test]
        if budget < 0:
            return
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
    return Record(told["seconds"], ran)


def in_a_fork(tests: list[str], sources: list[str], workers: int) -> dict[str, dict[str, dict[str, list[str]]]]:
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
        told: dict[str, dict[str, dict[str, list[str]]]] = json.loads(answer.read_text())
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
    ran = {source: seen(told, os.path.abspath(source), times.passed) for source in sources}
    return {"seconds": times.passed, "ran": ran}


def seen(told: coverage.CoverageData, path: str, passed: dict[str, float]) -> dict[int, list[str]]:
    """By line the tests that ran it in their call, and passed."""
    by_line = told.contexts_by_lineno(path)
    named = {line: sorted({context.partition("|")[0] for context in contexts} & passed.keys()) for line, contexts in by_line.items()}
    return {line: tests for line, tests in named.items() if tests}
