"""Rows in order and sums by key, however many: some thousands in memory, the others in files without a name, gone with the process. What they mean is not known here."""

import pickle
from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import IO, Any

HELD = 20_000
"""Rows, or keys, in memory at most while they come."""

Row = tuple[Any, ...]
"""What tells it from others comes first: rows are compared as they are."""


class Sorted:
    """Takes rows in any order and yields them in theirs, once."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.runs: list[IO[bytes]] = []

    def add(self, row: Row) -> None:
        self.rows.append(row)
        if len(self.rows) >= HELD:
            self.put_away()

    def put_away(self) -> None:
        """Write what is in memory to a file, in order."""
        from tempfile import TemporaryFile

        run = TemporaryFile()  # noqa: SIM115  # it is read later, and closed then
        for row in sorted(self.rows):
            pickle.dump(row, run, pickle.HIGHEST_PROTOCOL)
        run.seek(0)
        self.runs.append(run)
        self.rows.clear()

    def __iter__(self) -> Iterator[Row]:
        yield from merge(*map(read, self.runs), sorted(self.rows))


def read(run: IO[bytes]) -> Iterator[Row]:
    """The rows of a file that we wrote and nobody else can open."""
    with run:
        while True:
            try:
                yield pickle.load(run)
            except EOFError:
                return


class Sums:
    """Adds amounts up by key, and yields the sums by key."""

    def __init__(self) -> None:
        self.sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.away = Sorted()

    def add(self, key: tuple[str, str], amount: int) -> None:
        self.sums[key] += amount
        if len(self.sums) >= HELD:
            self.put_away()

    def put_away(self) -> None:
        for key, amount in self.sums.items():
            self.away.add((key, amount))
        self.sums.clear()

    def __iter__(self) -> Iterator[tuple[tuple[str, str], int]]:
        self.put_away()
        for key, rows in groupby(self.away, key=itemgetter(0)):
            yield key, sum(amount for _, amount in rows)
