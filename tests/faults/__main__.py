"""The sweep of `make faults`: every point of every case on all processors, a table of what came of it, and the floors that it must reach."""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from .cases import CASES
from .points import Point
from .stage import why_not
from .theatre import NONE, Tally, Theatre, sum_up

FEWEST = 2000
"""Points."""
HIT = 0.95
AT_ONCE = 40
"""Points that a process is given at a time."""
COLUMNS = ("tried", "hit", "killed", "errors", "unhurt", "durable", "lost", "broken")
MEMORY = Path("/dev/shm")
"""Where there is memory to write to, syncs cost nothing; a kill cannot tell the difference."""
_kept = tempfile.TemporaryDirectory(prefix="faults-", dir=MEMORY if MEMORY.is_dir() else None)


@cache
def theatre() -> Theatre:
    """This process's own."""
    folder = Path(_kept.name) / str(os.getpid())
    folder.mkdir()
    return Theatre(folder)


def strike(points: list[Point]) -> tuple[str, Tally]:
    return points[0].case, theatre().strike(points)


def points_of(case: str) -> list[Point]:
    return theatre().points(case)


def shares(points: Iterable[list[Point]]) -> Iterator[list[Point]]:
    for of_a_case in points:
        yield from (of_a_case[at : at + AT_ONCE] for at in range(0, len(of_a_case), AT_ONCE))


def sweep() -> Iterator[tuple[str, Tally]]:
    """Strike at every point; yield what each case came to as soon as it is through."""
    with ProcessPoolExecutor() as pool:
        struck = pool.map(strike, shares(pool.map(points_of, CASES)))
        for case, tallies in groupby(struck, itemgetter(0)):
            yield case, sum_up(tally for _, tally in tallies)


def row(case: str, tally: Tally) -> str:
    return f"{case:10}" + "".join(f"{tally.counts[column]:>9,}" for column in COLUMNS)


def short(counts: Counter[str]) -> Iterator[str]:
    """The floors that were not reached."""
    if counts["tried"] < FEWEST:
        yield f"fewer than {FEWEST} points"
    if counts["hit"] < HIT * counts["tried"]:
        yield f"less than {HIT:.0%} of the points were hit"
    if not counts["durable"]:
        yield "no kill came between the disk and the answer"
    if counts["lost"] or counts["broken"]:
        yield "promises were broken"


def main() -> int:
    reason = why_not()
    if reason is not None:
        print(f"nothing can be struck here: {reason}")
        return 1
    print(f"{'':10}" + "".join(f"{column:>9}" for column in COLUMNS))
    whole = NONE
    for case, tally in sweep():
        print(row(case, tally), flush=True)
        whole = whole.plus(tally)
    print(row("all", whole))
    print("durable: events were there that nobody was told of; lost: events that were told, or there before; broken: points with a complaint")
    print(*whole.complaints, *short(whole.counts), sep="\n")
    return 1 if any(short(whole.counts)) else 0


if __name__ == "__main__":
    sys.exit(main())
