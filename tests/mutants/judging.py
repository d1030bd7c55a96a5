"""Each mutant is met by the tests that may notice it, in a fork of a session that has everything imported; killed at the first that fails."""

import ast
import gc
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import hypothesis  # noqa: F401 – imported before the forks, as it takes long
import pytest

from .changes import Mutant
from .planting import Grounds, Unfit, sow
from .record import QUIET, Record

SURVIVED, KILLED, UNFIT = 0, 1, 3
MOST_SECONDS = 120
"""Of the wall, for one mutant that waits for what never comes."""
MOST_MEMORY = 4 << 30
BARE = [*QUIET, "-p", "no:xdist", "-p", "no:pytest_cov"]
Case = tuple[int, Mutant, list[str]]
"""A mutant with its number, and the tests that may notice it."""
Verdicts = dict[int, bool]
"""By the mutant's number: was it killed?"""


class Bounds(NamedTuple):
    workers: int
    seconds: float
    """Of tests for one mutant."""


class Judge:
    """A plugin that runs no test but in forks, each with one mutant planted; writes a line for each verdict."""

    def __init__(self, trees: dict[str, ast.Module], cases: Sequence[Case], bounds: Bounds, told: TextIO) -> None:
        self.trees, self.cases, self.bounds, self.told = trees, cases, bounds, told

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        grounds = Grounds()

        def meet(mutant: Mutant, tests: list[str]) -> int:
            mutant.put(True)
            try:
                grounds.plant(mutant.file, self.trees[mutant.file], mutant.line)
            except Unfit:
                return UNFIT
            return met(session, [items[test] for test in tests if test in items])

        for number, status in in_forks(self.cases, meet, self.bounds):
            print(json.dumps([number, status]), file=self.told, flush=True)
        return True


def met(session: pytest.Session, items: list[pytest.Item]) -> int:
    """Run tests until one fails."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return KILLED
    return SURVIVED


def in_forks(cases: Sequence[Case], meet: Callable[[Mutant, list[str]], int], bounds: Bounds) -> Iterator[tuple[int, int]]:
    """Judge each case in a process of its own, some at a time; what does not end in time, or ends by a signal, is killed."""
    gc.freeze()  # a fork that collects what it never uses copies all of it
    running: dict[int, tuple[int, str]] = {}
    for number, mutant, tests in cases:
        if len(running) == bounds.workers:
            yield ended(running)
        folder = tempfile.mkdtemp(prefix="mutant-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            alone(folder, bounds.seconds, lambda mutant=mutant, tests=tests: meet(mutant, tests))  # type: ignore[misc]
        running[pid] = number, folder
    while running:
        yield ended(running)


def ended(running: dict[int, tuple[int, str]]) -> tuple[int, int]:
    pid, status = os.wait()
    number, folder = running.pop(pid)
    shutil.rmtree(folder, ignore_errors=True)
    return number, os.WEXITSTATUS(status) if os.WIFEXITED(status) else KILLED


def alone(folder: str, seconds: float, judged: Callable[[], int]) -> None:
    """Be a fork: quiet, bounded, with a folder of its own; never return."""
    status = KILLED
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 4, int(seconds) + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        signal.alarm(MOST_SECONDS)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        quiet = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(quiet, fd)
        status = judged()
    finally:
        os._exit(status)


# Both ways


def judge(trees: dict[str, ast.Module], mutants: Sequence[Mutant], record: Record, files: list[str], bounds: Bounds) -> Verdicts:
    """Was each killed? Those in functions by code swapped; those at import, and all that got away, once more with their module imported anew."""
    cases = [(number, mutant, record.noticing(mutant, bounds.seconds)) for number, mutant in enumerate(mutants)]
    verdicts: Verdicts = {number: False for number, _, tests in cases if not tests}
    warm = [case for case in cases if case[2] and not case[1].at_import]
    verdicts |= {number: status == KILLED for number, status in by_swapping(trees, warm, files, bounds) if status != UNFIT}
    cold = [case for case in cases if case[2] and not verdicts.get(case[0])]
    for number, status in by_importing(trees, cold, bounds):
        verdicts[number] = status == KILLED
        if status != KILLED:
            print(f"survives: {mutants[number]}", file=sys.stderr, flush=True)
    return verdicts


def by_swapping(trees: dict[str, ast.Module], cases: Sequence[Case], files: list[str], bounds: Bounds) -> list[tuple[int, int]]:
    """From a fork that imports everything, so that this process stays as it is."""
    with tempfile.NamedTemporaryFile("w+", prefix="mutants-") as told:
        pid = os.fork()
        if not pid:
            try:
                os.dup2(2, 1)  # standard output is the table's
                with Path(told.name).open("w") as out:
                    pytest.main([*BARE, *files], plugins=[Judge(trees, cases, bounds, out)])
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        return [(number, status) for number, status in map(json.loads, told)]


def by_importing(trees: dict[str, ast.Module], cases: Sequence[Case], bounds: Bounds) -> Iterator[tuple[int, int]]:
    def meet(mutant: Mutant, tests: list[str]) -> int:
        mutant.put(True)
        sow(mutant.file, trees[mutant.file])
        code: Any = pytest.main([*BARE, "-x", *tests])
        return SURVIVED if code == pytest.ExitCode.OK else KILLED

    return in_forks(cases, meet, bounds)
