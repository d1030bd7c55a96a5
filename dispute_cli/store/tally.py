"""What the index should tell, counted from the document, and whether it does. Neither is changed here."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from msgspec import Struct

from . import Commit
from .index import SOME, Batch, Index, IndexBroken, Mark, Place
from .lines import Body

_STANDINGS = "SELECT id, due, disputed, touched FROM orders WHERE id IN (%s)"


class Tally:
    """Gathers what the index should hold, as one who builds it would, and compares. What there is much of is compared by a sum of hashes."""

    def __init__(self, index: Index, mark: Mark) -> None:
        self._index, self._mark = index, mark
        self._last = 0
        self._batch = Batch()
        self._rows = index.some("SELECT n, at, size, hash, seq FROM commits ORDER BY n")
        self._places = chain.from_iterable(self._rows)
        self._orders: dict[str, tuple[str, int | None, bool, int]] = {}
        """Of which the index does not say yet what the document did so far."""
        self._agreed = Sum()
        """Of the ids of all the others."""
        self._touches = Sum()
        self._keys = Sum()
        self._policies: dict[str, int] = {}
        self._fault: str | None = None

    def close(self) -> None:
        """Ask no further: before the index is closed."""
        self._rows.close()

    def is_complete(self) -> bool:
        """All that the watermark covers is counted."""
        return self._last >= self._mark.n

    def put(self, place: Place, commit: Commit | Body) -> None:
        """Count a commit of the document."""
        self._last = place.n
        self._batch.put(place, commit)
        if self._batch.is_full():
            self._compare()

    def fault(self) -> str | None:
        """Say where the index differs, or None."""
        self._compare()
        try:
            return self._fault or self._difference()
        except IndexBroken as error:
            return str(error)

    def _compare(self) -> None:
        """Compare what was gathered, and forget it."""
        batch, self._batch = self._batch, Batch()
        try:
            self._fault = self._fault or self._gathered(batch)
        except IndexBroken as error:
            self._fault = str(error)

    def _gathered(self, batch: Batch) -> str | None:
        if list(islice(self._places, len(batch.places))) != batch.places:
            return f"a commit up to {self._last} stands elsewhere"
        self._touches.add(batch.touches)
        self._keys.add(batch.keys)
        for hash, n in batch.policies:
            self._policies.setdefault(hash, n)
        for id, row in batch.orders.items():
            before = self._orders.get(id)
            self._orders[id] = (*row[:3], row[3] + before[3]) if before else row
        self._let_go(list(batch.orders))
        return None

    def _let_go(self, ids: list[str]) -> None:
        """Forget the orders of which the index says what the document did so far. One that is touched again is counted again, and found."""
        for at in range(0, len(ids), SOME):
            some = ids[at : at + SOME]
            rows = self._index.all(_STANDINGS % ",".join("?" * len(some)), *some)
            agreed = [row[:1] for row in rows if self._orders[row[0]] == row]
            self._agreed.add(agreed)
            for (id,) in agreed:
                del self._orders[id]

    def _difference(self) -> str | None:
        index = self._index
        if self._last < self._mark.n:
            return f"its watermark is ahead, at commit {self._mark.n} of {self._last}"
        if next(self._places, None) is not None:
            return "it knows commits that are not there"
        if not index.is_sound():
            return "its pages are damaged"
        if self._orders:
            return f"order {min(self._orders)} differs"
        return self._lists()

    def _lists(self) -> str | None:
        """Compare the rest."""
        for table, columns, known, says in (
            ("orders", "id", self._agreed, "it has other orders"),
            ("touches", "id, n", self._touches, "it lists other commits of an order"),
            ("keys", "key, n", self._keys, "its keys differ"),
        ):
            if self._sum(table, columns) != known:
                return says
        return None if dict(self._index.all("SELECT * FROM policies")) == self._policies else "its policies differ"

    def _sum(self, table: str, columns: str) -> "Sum | None":
        """The sum of a table; None where a name is not a text: bytes would have its hash."""
        if self._index.one(f"SELECT 1 FROM {table} WHERE typeof({columns.partition(',')[0]}) != 'text' LIMIT 1"):
            return None
        found = Sum()
        for page in self._index.some(f"SELECT {columns} FROM {table}"):
            found.add(page)
        return found


class Sum(Struct):
    """How many rows there are, and the sum of their hashes: the same rows in any order have the same."""

    rows: int = 0
    total: int = 0

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.rows += len(rows)
        self.total += sum(map(hash, rows))

