"""The figures told: docs/performance.md, and the ratios of the recorded run beside this one's. Nothing is measured here."""

import os
import platform
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from .measure import Figure, Growth

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "performance.md")
RECORD = os.path.join(ROOT, "benchmarks", "record.json")
REASONS = os.path.join(ROOT, "benchmarks", "reasons.md")
WORSE = 1.15
"""A ratio may be so many times worse than the recorded one."""


class Machine(NamedTuple):
    """Where it was measured."""

    processor: str
    cores: int
    system: str
    python: str
    load: str

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores; {self.system}; Python {self.python}; load {self.load}."


def machine(before: tuple[float, ...]) -> Machine:
    after = os.getloadavg()
    load = f"{before[0]:.1f} at the beginning, {after[0]:.1f} at the end"
    return Machine(processor(), os.cpu_count() or 1, f"{platform.system()} {platform.release()}", platform.python_version(), load)


def processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def number(value: float) -> str:
    if value >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def measured(figure: Figure) -> str:
    return f"{number(figure.measured)} {figure.unit}"


def goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"{'≥' if figure.least else '≤'} {number(figure.goal)} {figure.unit}"


def row(figure: Figure) -> str:
    mark = {None: "", True: "yes", False: "**no**"}[figure.reached]
    return f"| {figure.what} | {goal(figure)} | {measured(figure)} | {mark} | {figure.note} |"


def table(figures: Iterable[Figure]) -> list[str]:
    return ["| figure | goal | measured | reached | behind it |", "|---|---|---|---|---|", *map(row, figures)]


def grown(growths: list[Growth]) -> list[str]:
    """How each cost grows; a size at which it was not measured stays empty."""
    sizes = sorted({size for growth in growths for size in growth.at})
    head = ["| cost | " + " | ".join(f"{size:,}" for size in sizes) + " |", "|---|" + "---|" * len(sizes)]
    return [*head, *(f"| {growth.what} | " + " | ".join(cell(growth, size) for size in sizes) + " |" for growth in growths)]


def cell(growth: Growth, size: int) -> str:
    return f"{growth.at[size]:.2f} {growth.unit}" if size in growth.at else ""


class Kept(msgspec.Struct):
    """A group as it was measured last."""

    figures: list[Figure] = []
    growths: list[Growth] = []


def keep(folder: str, group: str, lines: Iterable[Figure | Growth]) -> None:
    """Keep what a group told, beside the stores: a page can be written although only some groups are measured anew."""
    kept = Kept()
    for line in lines:
        kept.figures.append(line) if isinstance(line, Figure) else kept.growths.append(line)
    with open(os.path.join(folder, f"{group}.json"), "wb") as file:
        file.write(msgspec.json.encode(kept))


def read(path: str) -> Kept:
    with open(path, "rb") as file:
        return msgspec.json.decode(file.read(), type=Kept)


def write(folder: str, groups: list[str], where: Machine) -> None:
    """Write the page of what each group told last."""
    found = [os.path.join(folder, f"{group}.json") for group in groups]
    kept = [read(path) for path in found if os.path.exists(path)]
    figures = [figure for group in kept for figure in group.figures]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page(figures, [growth for group in kept for growth in group.growths], where))


def page(figures: list[Figure], growths: list[Growth], where: Machine) -> str:
    """The whole page."""
    with open(REASONS, encoding="utf-8") as file:
        reasons = file.read()
    return "\n".join([INTRODUCTION, f"Measured on: {where}", "", *table(figures), "", "## Growth with the number of orders", "", *grown(growths), "", reasons])


INTRODUCTION = """\
# What it costs

Written by `make bench`, which measures each group in one run, in turns, and tells medians of the ratios within each round: on a busy machine only
those count. Rates are by the processor time of one core. The data is made by a seeded generator through the store's own append
(`benchmarks/stores.py`): each order is paid, and has an open dispute. The peers' programs are in `benchmarks/peers/`.
`make bench ONLY=status,batch QUICK=1` measures some groups, on smaller stores; a ratio that got worse by more than 15 % against
`benchmarks/record.json` fails.
"""


def ratios(figures: Iterable[Figure]) -> dict[str, float]:
    """What can be compared with another run, maybe on another machine."""
    return {figure.what: round(figure.measured, 4) for figure in figures if figure.unit in ("×", "%")}


def recorded() -> dict[str, float]:
    if not os.path.exists(RECORD):
        return {}
    with open(RECORD, "rb") as file:
        return msgspec.json.decode(file.read(), type=dict[str, float])


def record(figures: Iterable[Figure]) -> None:
    """Keep this run's ratios, in place of those of the same names."""
    kept = recorded() | ratios(figures)
    with open(RECORD, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")


def worse(figures: Iterable[Figure]) -> list[str]:
    """Say which ratios got worse than the record allows."""
    before = recorded()
    found = []
    for figure in figures:
        was = before.get(figure.what)
        if was and figure.unit in ("×", "%") and times_worse(figure, was) > WORSE:
            found.append(f"{figure.what}: {number(figure.measured)} {figure.unit}, recorded {number(was)}")
    return found


def times_worse(figure: Figure, was: float) -> float:
    return was / figure.measured if figure.least else figure.measured / was
