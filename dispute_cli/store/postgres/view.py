"""One moment of the tables, answered by a few statements that each use an index. Nothing is written here.

While a shared tick is under way a reader sees what was before it: events later than the clock are not told, and orders are due as they were.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString

import msgspec

from ...core.events import Event
from .. import EVERY, Head, Key, Running, StoreUnusable
from . import rows
from .link import Asked, Link, sole
from .schema import check_version

PAGE = 512
"""How many rows are fetched at once where all are wanted."""

STATE_COLUMNS: LiteralString = "s.version, s.head::text, c.now, c.behind, t.number, t.target, t.idle"
STATE_TABLES: LiteralString = "store s CROSS JOIN clock c LEFT JOIN ticks t ON t.number = c.tick"
STATE: Asked = (f"SELECT {STATE_COLUMNS} FROM {STATE_TABLES}", ())
_BODIES: LiteralString = "SELECT id, position, body::text, hash FROM events WHERE "
_HISTORY: LiteralString = _BODIES + "purchase = %s AND id = %s AND at <= %s ORDER BY position"
_HISTORIES: LiteralString = _BODIES + "purchase = ANY(%s) AND id = ANY(%s) AND at <= %s ORDER BY id, position"
_KNOWN: LiteralString = """SELECT asked.id FROM unnest(%s::text[]) AS asked (id)
WHERE EXISTS (SELECT FROM heads h WHERE h.purchase = split_part(asked.id, '/', 1) AND asked.id IN (h.id, h.purchase))"""
_LINES: LiteralString = "SELECT id FROM heads WHERE purchase = %s AND id <> purchase"
_DUE: LiteralString = "SELECT due, id FROM heads WHERE due <= %s ORDER BY due, id LIMIT %s"
_DUE_BEFORE: LiteralString = """SELECT due, id FROM (SELECT CASE WHEN at > %s THEN was ELSE due END AS due, id FROM heads) h
WHERE due <= %s ORDER BY due, id LIMIT %s"""
_ORDERS: LiteralString = "SELECT id FROM heads WHERE id > %s ORDER BY id LIMIT %s"
_DISPUTED: LiteralString = "SELECT id FROM heads WHERE id > %s AND disputed ORDER BY id LIMIT %s"
_EVENTS: LiteralString = "SELECT seq, body::text FROM events WHERE seq > %s AND seq <= %s AND at <= %s ORDER BY seq LIMIT %s"
_KEY: LiteralString = "SELECT body::text, first, last FROM keys WHERE key = %s"

LATEST_SEQ = (1 << 63) - 1


class PostgresView:
    """A `View` of the tables, inside whatever transaction its connection has begun."""

    hides = True
    """It does not show what the tick under way has written."""

    def __init__(self, link: Link, found: Sequence[tuple[Any, ...]]) -> None:
        """`found` is the answer to `STATE`."""
        self._link = link
        self._set(found)

    def _set(self, found: Sequence[tuple[Any, ...]]) -> None:
        version, head, now, self._behind, *tick = sole(self._link.address, found)
        check_version(self._link.address, version)
        try:
            self.head: Head = rows.head(head)
        except rows.UNREADABLE as error:
            raise StoreUnusable(f"{self._link.address.shown}: the store's head is damaged: {error}") from error
        self.now = known(now)
        self.running = Running(tick[0], known(tick[1]), tick[2]) if tick[0] is not None else None
        self.until: datetime | str = self.now if self.running and self.hides else "infinity"
        """The latest instant whose events are told."""

    def ask(self, query: LiteralString, *parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement at this moment."""
        return self._link.rows(query, *parameters)

    @property
    def seq(self) -> int:
        """Of the last event."""
        return int(self._link.one("SELECT coalesce(max(seq), 0) FROM events WHERE at <= %s", self.until)[0])

    def history(self, order: str) -> list[Event]:
        found = self._link.rows(_HISTORY, rows.purchase_of(order), order, self.until)
        return rows.history(order, (row[1:] for row in found))

    def histories(self, orders: Sequence[str]) -> dict[str, list[Event]]:
        return grouped(self._link.rows(_HISTORIES, [rows.purchase_of(order) for order in orders], list(orders), self.until) if orders else [])

    def known(self, ids: Sequence[str]) -> set[str]:
        return {id for (id,) in self._link.rows(_KNOWN, list(ids))} if ids else set()

    def lines(self, purchase: str) -> list[str]:
        start = len(purchase) + 1
        numbers = [id[start:] for (id,) in self._link.rows(_LINES, purchase)]
        return [f"{purchase}/{number}" for number in sorted((n for n in numbers if n.isascii() and n.isdigit()), key=int)]

    def due(self, until: datetime | None, limit: int) -> list[tuple[datetime, str]]:
        latest: datetime | str = "infinity" if until is None else until
        if self.running and self.hides:
            found = self._link.rows(_DUE_BEFORE, self.now, latest, limit)
        else:
            found = self._link.rows(_DUE, latest, limit)
        return [(known(due), id) for due, id in found]

    def all_due(self) -> Iterator[tuple[datetime, str]]:
        yield from self.due(None, EVERY)

    def orders(self, disputed: bool = False, after: str = "") -> Iterator[str]:
        query: LiteralString = _DISPUTED if disputed else _ORDERS
        last = after
        while found := self._link.rows(query, last, PAGE):
            yield from (id for (id,) in found)
            last = found[-1][0]

    def events(self, since: int = 0) -> Iterator[Event]:
        yield from (rows.event(body) for _, body in self._bodies(since, LATEST_SEQ))

    def _bodies(self, since: int, last: int) -> Iterator[tuple[int, str]]:
        while found := self._link.rows(_EVENTS, since, last, self.until, PAGE):
            yield from ((seq, body) for seq, body in found)
            since = found[-1][0]

    def key(self, key: str) -> tuple[Key, list[Event]] | None:
        found = self._link.rows(_KEY, key)
        if not found:
            return None
        body, first, last = found[0]
        return rows.key(body), [rows.event(body) for _, body in self._bodies(first - 1, last)]

    def knows_policy(self, hash: str) -> bool:
        return bool(self._link.rows("SELECT 1 FROM policies WHERE hash = %s", hash))

    def policy(self, hash: str) -> dict[str, Any]:
        found = self._link.rows("SELECT body::text FROM policies WHERE hash = %s", hash)
        if not found:
            raise StoreUnusable(f"no commit holds policy {hash[:80]}")
        policy: dict[str, Any] = msgspec.json.decode(found[0][0])
        return policy

    def blob(self, hash: str) -> bytes:
        found = self._link.rows("SELECT data FROM blobs WHERE hash = %s", hash)
        if not found:
            raise StoreUnusable(f"evidence {hash[:80]!r} is missing")
        data = bytes(found[0][0])
        if sha256(data).hexdigest() != hash:
            raise StoreUnusable(f"evidence {hash} was altered: its bytes have another hash")
        return data


def known(value: datetime | None) -> datetime:
    """An instant that a column always has."""
    found = rows.instant(value)
    assert found is not None
    return found


def grouped(found: Iterable[tuple[Any, ...]]) -> dict[str, list[Event]]:
    """Rows of (id, position, body, hash), those of an order together, as the history of each order."""
    return {id: rows.history(id, (row[1:] for row in group)) for id, group in groupby(found, key=itemgetter(0))}
