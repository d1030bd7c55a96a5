"""What the index should tell, counted from the document, and whether it does. Neither is changed here."""

from . import Commit
from .index import Index, IndexBroken, Mark, Place, seconds
from .lines import Body


class Tally:
    """Counts commits up to a watermark, then compares."""

    def __init__(self, index: Index, mark: Mark) -> None:
        self._index, self._mark = index, mark
        self._places = index.each("SELECT n, at, size, hash, seq FROM commits ORDER BY n")
        self._last = 0
        self._orders: dict[str, tuple[int | None, bool, int]] = {}
        self._touches = 0
        self._touched = 0
        self._keys: dict[str, int] = {}
        self._policies: dict[str, int] = {}
        self._fault: str | None = None

    def is_complete(self) -> bool:
        """All that the watermark covers is counted."""
        return self._last >= self._mark.n

    def put(self, place: Place, commit: Commit | Body) -> None:
        """Count a commit of the document."""
        self._last = place.n
        try:
            if next(self._places, None) != place:
                self._fault = self._fault or f"commit {place.n} stands elsewhere"
        except IndexBroken as error:
            self._fault = str(error)
        for id, standing in commit.orders.items():
            before = self._orders.get(id)
            self._orders[id] = (seconds(standing.due), standing.disputed, before[2] + 1 if before else 1)
            self._touches += hash(("text", id, place.n))
            self._touched += 1
        for key in commit.keys:
            self._keys[key.key] = place.n
        for name in commit.policies:
            self._policies.setdefault(name, place.n)

    def fault(self) -> str | None:
        """Say where the index differs, or None."""
        try:
            return self._fault or self._difference()
        except IndexBroken as error:
            return str(error)

    def _difference(self) -> str | None:
        index = self._index
        if self._last < self._mark.n:
            return f"its watermark is ahead, at commit {self._mark.n} of {self._last}"
        if next(self._places, None) is not None:
            return "it knows commits that are not there"
        if not index.is_sound():
            return "its pages are damaged"
        count = 0
        for id, due, disputed, touched in index.each("SELECT id, due, disputed, touched FROM orders"):
            count += 1
            if self._orders.get(id) != (due, bool(disputed), touched):
                return f"order {id} differs"
        if count != len(self._orders):
            return "it lacks orders"
        return self._lists()

    def _lists(self) -> str | None:
        """Compare the rest: touches by a sum over their hashes, for they are many (and bytes hash as their text)."""
        rows, total = 0, 0
        for row in self._index.each("SELECT typeof(id), id, n FROM touches"):
            rows += 1
            total += hash(row)
        if (rows, total) != (self._touched, self._touches):
            return "it lists other commits of an order"
        for table, known in (("keys", self._keys), ("policies", self._policies)):
            if dict(self._index.all(f"SELECT * FROM {table}")) != known:
                return f"its {table} differ"
        return None
