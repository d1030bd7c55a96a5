"""Cases learned once, struck at points one after the other, each verdict counted. How many points, and in which processes, is not decided here."""

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.run import ROOT

from .cases import CASES, LARGE
from .judging import Expected, judge
from .points import Known, Point, learn, points, strike
from .stage import Stage


class Tally(NamedTuple):
    """What some points came to."""

    counts: Counter[str]
    complaints: list[str]
    """Each with its point."""

    def plus(self, other: "Tally") -> "Tally":
        return Tally(self.counts + other.counts, self.complaints + other.complaints)


NONE = Tally(Counter(), [])


class Theatre:
    """A stage in a folder of its own, and what each case does there when nothing strikes."""

    def __init__(self, folder: Path, program: Path = ROOT) -> None:
        self.folder = folder
        self.stage = Stage(program)
        self._known: dict[str, tuple[Known, Expected]] = {}

    def close(self) -> None:
        self.stage.close()

    def know(self, name: str) -> tuple[Known, Expected]:
        """A case as it is without a stroke."""
        if name not in self._known:
            known = learn(self.stage, (CASES | LARGE)[name], self.folder / name)
            self._known[name] = known, Expected(known)
        return self._known[name]

    def points(self, name: str) -> list[Point]:
        return list(points(self.know(name)[0]))

    def around(self, name: str, call: str, on: str, kind: str) -> Iterator[Point]:
        """Every call of a name on a path that ends so, struck in one way."""
        lines = [line for line in self.know(name)[0].played.log.splitlines() if f" {call}(" in line]
        return (Point(name, call, number, kind) for number, line in enumerate(lines, 1) if re.search(f"{re.escape(on)}[>\"]", line))

    def strike(self, struck: Iterable[Point]) -> Tally:
        """Strike at each point and judge what is left."""
        return sum_up(self._strike(point) for point in struck)

    def _strike(self, point: Point) -> Tally:
        known, expected = self.know(point.case)
        folder = self.folder / point.case / "struck"
        played = strike(self.stage, known, point, folder)
        verdict = judge(expected, folder, played)
        shutil.rmtree(folder)
        counts = Counter(
            tried=1, hit=point.is_hit(played.log), killed=played.code == -9, errors=played.code > 0, unhurt=played.code == 0,
            durable=verdict.durable, lost=verdict.lost, broken=bool(verdict.complaints),
        )  # fmt: skip
        says = [f"{' '.join(map(str, point))}: {complaint}" for complaint in verdict.complaints]
        return Tally(+counts, says)


def sum_up(tallies: Iterable[Tally]) -> Tally:
    whole = NONE
    for tally in tallies:
        whole = whole.plus(tally)
    return whole
