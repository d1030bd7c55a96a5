"""Measuring: whole processes and functions, side by side in turns; medians of ratios pair by pair. What is measured is said elsewhere."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from msgspec import Struct

DISPUTE = os.path.join(os.path.dirname(sys.executable), "dispute")
HEAD = 4096

Taken = dict[str, list[float]]
"""Seconds by name, a round after the other."""


class Ran(NamedTuple):
    """A whole process."""

    seconds: float
    cpu: float
    """Seconds of one core."""
    megabytes: float
    """At its peak."""
    head: bytes
    """The first bytes of its standard output."""


class Figure(Struct, frozen=True):
    """One line of the table."""

    what: str
    measured: float
    unit: str
    """`×` of a ratio within this run; of anything else what one is."""
    goal: float | None = None
    least: bool = False
    """The goal is a least, not a most."""
    note: str = ""
    """The numbers behind it."""

    @property
    def reached(self) -> bool | None:
        if self.goal is None:
            return None
        return self.measured >= self.goal if self.least else self.measured <= self.goal


class Growth(Struct, frozen=True):
    """One cost at each size."""

    what: str
    unit: str
    at: dict[int, float]
    """By number of orders."""


def dispute(store: str, *words: str) -> list[str]:
    return [DISPUTE, "--store", store, *words]


def run(argv: Sequence[str]) -> Ran:
    """Run to the end; an exit code other than 0 ends the benchmark."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(argv, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(argv)} ended with {process.returncode}")
        output.seek(0)
        return Ran(took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.read(HEAD))


def processes(commands: Mapping[str, Sequence[str]], rounds: int) -> Taken:
    """Run every command in turn, round after round; the first warms up and does not count."""
    return in_turns({name: partial(seconds, argv) for name, argv in commands.items()}, rounds)


def seconds(argv: Sequence[str]) -> float:
    return run(argv).seconds


def in_turns(works: Mapping[str, Callable[[], float]], rounds: int, warm: int = 1) -> Taken:
    """Call every work in turn, each returning how long it took, round after round; those that warm up come first and do not count.

    The turns change from round to round, the same in every run: who comes after its like finds the processor's caches warm.
    """
    taken: Taken = {name: [] for name in works}
    names, chance = list(works), random.Random(0)
    for _ in range(warm + rounds):
        chance.shuffle(names)
        for name in names:
            taken[name].append(works[name]())
    return {name: seconds[warm:] for name, seconds in taken.items()}


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(taken: Taken, one: str, other: str) -> float:
    """The median of the ratios, each of two in one round."""
    return statistics.median(a / b for a, b in zip(taken[one], taken[other], strict=True))


def against(taken: Taken, one: str, other: str) -> str:
    """The medians themselves."""
    return f"{spoken(statistics.median(taken[one]))} against {spoken(statistics.median(taken[other]))}"


def spoken(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.2f} ms"
