"""The store in a PostgreSQL database, which many write at once. The protocol's methods: connections, locks and transactions; each step has its own module.

Whoever writes an order has the store's lock shared, and the rows of its purchase alone; whoever moves the clock has the store's lock alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, LiteralString

from .. import Commit, Copied, Entry, Head, Problem, StoreUnusable
from . import address, schema
from .link import Asked, Link, Lost, NoTable, Waited, named
from .rows import purchase_of
from .view import STATE, PostgresView

if TYPE_CHECKING:
    from .desk import OrderDesk
    from .ticks import TickingDesk

LOCK_TIMEOUT = 10.0
"""Seconds."""

_SNAPSHOT: Asked = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ())
_NAMED: LiteralString = "SELECT set_config('lock_timeout', %s, false), set_config('application_name', %s, false)"
_WHOLE: LiteralString = _NAMED + ", pg_advisory_lock(%s)"
_SHARED: LiteralString = _NAMED + ", pg_advisory_xact_lock_shared(%s)"
_HORIZON: LiteralString = """SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,
(SELECT t.since FROM clock c JOIN ticks t ON t.number = c.tick) FROM pg_current_snapshot() s"""


class PostgresStore:
    """A `SharedStore` at a URL. Between two uses it keeps one connection."""

    def __init__(self, url: str, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.address = address.read(url)
        self.lock_timeout = lock_timeout
        self._gate = self.address.gate("store")
        self._idle: Link | None = None
        self._horizon: tuple[int, int] | None = None
        """A number drawn, and the first transaction that began after it."""
        self._settled = 0

    @contextmanager
    def read(self) -> Iterator[PostgresView]:
        """Open for reading: one snapshot, and no lock."""
        with self._link((_SNAPSHOT, STATE)) as (link, answers):
            yield PostgresView(link, answers[1])

    @contextmanager
    def write_order(self, command: str, order: str) -> Iterator["OrderDesk"]:
        from .desk import BEGIN, OrderDesk

        purchase = purchase_of(order)
        opening = (BEGIN, self._first(_SHARED, f"{command} {purchase}", self._gate), *OrderDesk.opening(purchase, self.address.gate("draw")))
        with self._link(opening, purchase) as (link, answers):
            yield OrderDesk(link, purchase, answers[2:])

    @contextmanager
    def write(self, command: str) -> Iterator["TickingDesk"]:
        from .ticks import TickingDesk

        with self._link((self._first(_WHOLE, command, self._gate),)) as (link, _), link.releasing():
            yield TickingDesk(link)

    @contextmanager
    def join(self, command: str) -> Iterator["TickingDesk"]:
        from .ticks import TickingDesk, enter

        with self._link((self._first(_NAMED, command),)) as (link, _), link.releasing():
            try:
                enter(link)
            except Waited:
                raise named(link, None) from None
            yield TickingDesk(link)

    def settled(self) -> int:
        """As the protocol says: a number was drawn by a transaction that had begun; once all that had begun by then are over, it is settled."""
        with self._link(()) as (link, _):
            drawn = int(link.one("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM seq")[0])
            oldest, next, since = link.one(_HORIZON)
        if self._horizon is not None and oldest >= self._horizon[1]:
            self._settled, self._horizon = self._horizon[0], None
        if oldest >= next:
            self._settled = drawn
        elif self._horizon is None:
            self._horizon = (drawn, next)
        return self._settled if since is None else min(self._settled, since)

    def audit(self) -> Iterator[Entry | Problem]:
        from .audit import audit

        with self.read() as shown:
            yield from audit(shown)

    def repair(self, dry_run: bool = False) -> list[str]:
        from .audit import repair

        with self.write("repair") as desk:
            return repair(desk, dry_run)

    def backup(self, target: str, dry_run: bool = False, copied: Copied | None = None) -> None:
        from .export import backup

        with self.read() as shown:
            backup(shown, target, dry_run, copied)

    @contextmanager
    def commits(self) -> Iterator[tuple[PostgresView, Iterator[Commit]]]:
        from .export import commits

        with self.read() as shown:
            yield shown, commits(shown)

    def close(self) -> None:
        if self._idle is not None:
            self._idle.close()
            self._idle = None

    def _first(self, query: LiteralString, command: str, *gate: int) -> Asked:
        """Say how long we wait, and who we are, for whoever waits for us; then take a lock."""
        return query, (timeout(self.lock_timeout), f"dispute {command}"[:63], *gate)

    @contextmanager
    def _link(self, opening: tuple[Asked, ...], purchase: str | None = None) -> Iterator[tuple[Link, list[list[tuple[object, ...]]]]]:
        """Lend a connection on which the opening was asked; afterwards nothing that it began or locked is left."""
        link, answers = self._opened(opening, purchase)
        try:
            yield link, answers
        except NoTable as error:
            raise schema.missing(link) from error
        finally:
            self._give_back(link)

    def _opened(self, opening: tuple[Asked, ...], purchase: str | None) -> tuple[Link, list[list[tuple[object, ...]]]]:
        """Ask the opening on the connection that is kept, or where it broke meanwhile, or there is none, on a new one."""
        kept, self._idle = self._idle, None
        link = kept or Link(self.address)
        try:
            return link, link.ask(*opening) if opening else []
        except Lost:
            link.close()
            if kept is None:
                raise
            return self._opened(opening, purchase)
        except Waited:
            locked = named(link, purchase)
            self._give_back(link)
            raise locked from None
        except NoTable as error:
            try:
                raise schema.missing(link) from error
            finally:
                self._give_back(link)
        except BaseException:
            self._give_back(link)
            raise

    def _give_back(self, link: Link) -> None:
        """Keep the connection if it is whole and none is kept yet."""
        with suppress(StoreUnusable):  # lost, and its locks with it
            link.undo()
        if self._idle is None and not link.is_broken():
            self._idle = link
        else:
            link.close()


def create(url: str, head: Head, force: bool = False, lock_timeout: float = LOCK_TIMEOUT) -> PostgresStore:
    """Make a store; `StoreExists` where one is, unless `force`, which keeps the old one's tables in the schema `NAME.bak`."""
    store = PostgresStore(url, lock_timeout)
    with store._link(()) as (link, _):
        schema.make(link, head, force, timeout(lock_timeout))
    return store


def check_free(url: str, force: bool) -> None:
    """Refuse what `create` would refuse, and make nothing."""
    with PostgresStore(url)._link(()) as (link, _):
        schema.check_free(link, force)


def timeout(seconds: float) -> str:
    """A time to wait, as the server reads it: at least a millisecond, as 0 would mean for ever."""
    return f"{max(1, round(seconds * 1000))}ms"
