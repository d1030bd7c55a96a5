"""The points at which a command is struck: its system calls on the store and on its answer, learned once, each with every kind of stroke."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.run import Place

from .cases import Case, settle
from .stage import Played, Stage

KINDS = ("KILL", "INT", "TERM", "EIO", "ENOSPC", "EACCES")
_CALL = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)


class Point(NamedTuple):
    """One stroke: at the n-th call of a name, on the paths of a case."""

    case: str
    call: str
    nth: int
    kind: str

    @property
    def injection(self) -> str:
        how = "error" if self.kind.startswith("E") else "signal"
        return f"inject={self.call}:{how}={self.kind}:when={self.nth}"

    def is_hit(self, log: str) -> bool:
        """Whether strace saw the call come; a call that was to fail is marked as well."""
        came = sum(name == self.call for name in calls(log)) >= self.nth
        return came and (not self.kind.startswith("E") or "(INJECTED)" in log)


class Known(NamedTuple):
    """What a case does when nothing strikes."""

    case: Case
    template: Path
    paths: tuple[str, ...]
    """Of the store and the answer, relative to the folder."""
    calls: tuple[str, ...]
    """The names of the system calls on these, in their order."""
    whole: Path
    """The folder afterwards."""
    played: Played


def learn(stage: Stage, case: Case, folder: Path) -> Known:
    """Make a case ready, play it to the end, and note its paths and its calls."""
    template = folder / "template"
    template.mkdir(parents=True)
    case.prepare(Place(template))
    seen = stage.play(ready(case, template, folder / "seen"), case.argv, ["-y"])
    assert seen.code == 0, seen
    paths = tuple(sorted({path for path in re.findall(re.escape(str(folder / "seen")) + r"((?:/[^\"<>(),/]+)*)", seen.log)}))
    whole = ready(case, template, folder / "whole")
    played = stage.play(whole, case.argv, ["-y", *only(paths, whole)])
    assert played.code == 0, played
    return Known(case, template, paths, tuple(calls(played.log)), whole, played)


def ready(case: Case, template: Path, folder: Path) -> Path:
    """A fresh copy of the folder that a case finds."""
    shutil.copytree(template, folder)
    if case.settled:
        settle(folder)
    return folder


def points(known: Known) -> Iterator[Point]:
    """Every call × every kind."""
    counts: Counter[str] = Counter()
    for call in known.calls:
        counts[call] += 1
        for kind in KINDS:
            yield Point(known.case.name, call, counts[call], kind)


def strike(stage: Stage, known: Known, point: Point, folder: Path) -> Played:
    """Play a case in a fresh copy, struck at a point."""
    ready(known.case, known.template, folder)
    return stage.play(folder, known.case.argv, [*only(known.paths, folder), "-e", point.injection])


def only(paths: tuple[str, ...], folder: Path) -> Iterator[str]:
    """The options that let strace see calls on these paths alone."""
    for path in paths:
        yield from ("-P", f"{folder}{path}")


def calls(log: str) -> list[str]:
    return _CALL.findall(log)
