"""Rows in order and sums by key, however many: some thousands in memory, the others in files without a name, gone with the process. What they mean is not known here."""

from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import IO, Any

import msgspec

HELD = 20_000
"""Rows, or keys, in memory at most while they come."""

Key = tuple[str, str]


class Sorted:
    """Takes rows, tuples of one kind, in any order, and yields them in theirs, once. What tells them apart comes first."""

    def __init__(self, kind: Any) -> None:
        self.decode = msgspec.json.Decoder(kind).decode
        self.rows: list[Any] = []
        self.runs: list[IO[bytes]] = []

    def add(self, row: Any) -> None:
        self.rows.append(row)
        if len(self.rows) >= HELD:
            self.put_away()

    def put_away(self) -> None:
        """Write what is in memory to a file, in order, a row a line."""
        from tempfile import TemporaryFile

        run = TemporaryFile()  # noqa: SIM115  # it is read later, and closed then
        run.write(msgspec.json.Encoder().encode_lines(sorted(self.rows)))
        run.seek(0)
        self.runs.append(run)
        self.rows.clear()

    def __iter__(self) -> Iterator[Any]:
        yield from merge(*map(self.read, self.runs), sorted(self.rows))

    def read(self, run: IO[bytes]) -> Iterator[Any]:
        with run:
            yield from map(self.decode, run)


class Sums:
    """Adds amounts up by key, and yields the sums by key."""

    def __init__(self) -> None:
        self.sums: defaultdict[Key, int] = defaultdict(int)
        self.away = Sorted(tuple[Key, int])

    def add(self, key: Key, amount: int) -> None:
        self.sums[key] += amount
        if len(self.sums) >= HELD:
            self.put_away()

    def put_away(self) -> None:
        for row in self.sums.items():
            self.away.add(row)
        self.sums.clear()

    def __iter__(self) -> Iterator[tuple[Key, int]]:
        self.put_away()
        for key, rows in groupby(self.away, key=itemgetter(0)):
            yield key, sum(amount for _, amount in rows)
