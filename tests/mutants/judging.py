"""Each mutant is met by the tests that may notice it, in a fork of a session that has everything imported; killed by the first that fails."""

import ast
import gc
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import hypothesis  # noqa: F401 – imported before the forks, as it takes long
import pytest

from .changes import Mutant
from .planting import Grounds, Unfit, sow
from .record import QUIET, Record

SURVIVED, KILLED, UNFIT, HUNG, BROKEN = range(5)
"""No test failed; one did; it cannot be met by swapping; a test went on long past its time; something else went wrong, which shows nothing."""
MOST_MEMORY = 4 << 30
BARE = [*QUIET, "-p", "no:xdist", "-p", "no:pytest_cov"]
NOTICED = (KILLED, HUNG)
FEW = 40
Verdicts = dict[Mutant, int]
Verdict = tuple[Mutant, int, str]
"""What became of a mutant, and the test that failed."""
BY_EXIT = {pytest.ExitCode.OK: SURVIVED, pytest.ExitCode.TESTS_FAILED: KILLED, pytest.ExitCode.INTERRUPTED: KILLED, pytest.ExitCode.USAGE_ERROR: KILLED}
"""Of pytest; the last two where a file of tests, or its `conftest.py`, cannot be imported any more."""


class Bounds(NamedTuple):
    workers: int
    seconds: float
    """Of tests for one mutant."""


class Watch:
    """A plugin of one fork: ends it when a test takes far longer than with nothing planted, and notes which one failed."""

    def __init__(self, note: Path, seconds: dict[str, float]) -> None:
        self.note, self.seconds = note, seconds

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        usual = self.seconds.get(item.nodeid, 0)
        signal.setitimer(signal.ITIMER_PROF, 5 + 10 * usual)
        signal.setitimer(signal.ITIMER_REAL, 60 + 20 * usual)  # for one that waits for what never comes
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.note.write_text(report.nodeid, encoding="utf-8")


class Only:
    """A plugin that keeps these tests of the collected ones, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.turn = {test: at for at, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self.turn), key=lambda item: self.turn[item.nodeid])


Meeting = Callable[[Mutant, list[str], Watch], int]


class Judge:
    """A plugin that runs no test but in forks, each with one mutant planted; writes a line for each verdict."""

    def __init__(self, trees: dict[str, ast.Module], cases: Sequence[Mutant], record: Record, bounds: Bounds, told: TextIO) -> None:
        self.trees, self.cases, self.record, self.bounds, self.told = trees, cases, record, bounds, told

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        grounds = Grounds()

        def meet(mutant: Mutant, tests: list[str], watch: Watch) -> int:
            mutant.put(True)
            try:
                grounds.plant(mutant.file, self.trees[mutant.file], mutant.line)
            except Unfit:
                return UNFIT
            session.config.pluginmanager.register(watch)
            return met(session, [items[test] for test in tests if test in items])

        number = {mutant: number for number, mutant in enumerate(self.cases)}
        for mutant, status, killer in in_forks(self.cases, meet, self.record, self.bounds):
            print(json.dumps([number[mutant], status, killer]), file=self.told, flush=True)
        return True


def met(session: pytest.Session, items: list[pytest.Item]) -> int:
    """Run tests until one fails."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return KILLED
    return SURVIVED


def in_forks(cases: Sequence[Mutant], meet: Meeting, record: Record, bounds: Bounds) -> Iterator[Verdict]:
    """Judge each case in a process of its own, some at a time; the record learns who kills where."""
    gc.freeze()  # a fork that collects what it never uses copies all of it
    running: dict[int, tuple[Mutant, str]] = {}
    for mutant in cases:
        if len(running) == bounds.workers:
            yield ended(running, record)
        folder = tempfile.mkdtemp(prefix="mutant-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        tests = record.noticing(mutant, bounds.seconds)
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            watch = Watch(Path(folder, "killer"), record.seconds)
            alone(folder, lambda mutant=mutant, tests=tests, watch=watch: meet(mutant, tests, watch))  # type: ignore[misc]  # a default of a lambda has no type
        running[pid] = mutant, folder
    while running:
        yield ended(running, record)


def ended(running: dict[int, tuple[Mutant, str]], record: Record) -> Verdict:
    pid, status = os.wait()
    mutant, folder = running.pop(pid)
    note = Path(folder, "killer")
    killer = note.read_text(encoding="utf-8") if note.exists() else ""
    record.learn(mutant, killer)
    shutil.rmtree(folder, ignore_errors=True)
    became = verdict(status)
    if became in (SURVIVED, BROKEN):
        print(f"gets away so far: {mutant}", file=sys.__stderr__, flush=True)
    return mutant, became, killer


def verdict(status: int) -> int:
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    return HUNG if os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM) else BROKEN


def alone(folder: str, judged: Callable[[], int]) -> None:
    """Be a fork: quiet, bounded, with a folder of its own; never return."""
    status = BROKEN
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        signal.setitimer(signal.ITIMER_REAL, 60)  # for a module whose import never ends; each test winds it anew
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        quiet = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(quiet, fd)
        status = judged()
    finally:
        os._exit(status)


# Both ways


def judge(trees: dict[str, ast.Module], mutants: Sequence[Mutant], record: Record, files: list[str], bounds: Bounds) -> Verdicts:
    """Each mutant by code swapped; those that run at import, and none of them was killed by that, with their module imported anew."""
    verdicts: Verdicts = {}
    cold = {mutant for mutant in mutants if mutant.at_import}
    for mutant, status, killer in by_swapping(trees, [mutant for mutant in mutants if mutant not in cold], record, files, bounds):
        verdicts[mutant] = status
        record.learn(mutant, killer)
        if status == UNFIT or (status == SURVIVED and record.at_import(mutant)):
            cold.add(mutant)
    for mutant, status, _ in by_importing(trees, [mutant for mutant in mutants if mutant in cold], record, bounds):
        verdicts[mutant] = status
    return verdicts


def by_swapping(trees: dict[str, ast.Module], cases: Sequence[Mutant], record: Record, files: list[str], bounds: Bounds) -> list[Verdict]:
    """From a fork that imports everything, so that this process stays as it is."""
    with tempfile.NamedTemporaryFile("w+", prefix="mutants-") as told:
        pid = os.fork()
        if not pid:
            try:
                os.dup2(2, 1)  # standard output is the table's
                with Path(told.name).open("w") as out:
                    pytest.main([*BARE, *files], plugins=[Judge(trees, cases, record, bounds, out)])
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        return [(cases[number], status, killer) for number, status, killer in map(json.loads, told)]


def by_importing(trees: dict[str, ast.Module], cases: Sequence[Mutant], record: Record, bounds: Bounds) -> Iterator[Verdict]:
    def meet(mutant: Mutant, tests: list[str], watch: Watch) -> int:
        mutant.put(True)
        sow(mutant.file, trees[mutant.file])
        # The first few alone: their files are imported in a moment, and mostly they are enough.
        return next((status for part in (tests[:FEW], tests[FEW:]) if (status := session_of(part, watch)) != SURVIVED), SURVIVED)

    return in_forks(cases, meet, record, bounds)


def session_of(tests: Sequence[str], watch: Watch) -> int:
    """Run tests in a session of their own until one fails."""
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    code: Any = pytest.main([*BARE, "-x", *files], plugins=[Only(tests), watch]) if files else pytest.ExitCode.OK
    return BY_EXIT.get(code, BROKEN)
