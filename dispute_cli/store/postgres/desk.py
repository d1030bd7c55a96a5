"""The writers' views: an order's, which is one transaction, and the whole store's, which is one for each append. Locks are taken and let go by the store."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, LiteralString

from ...core.events import Event
from .. import Commit, OutcomeUnknown, Overtaken, signals
from ..chain import misfit
from . import rows
from .link import Asked, Link, Waited, named
from .rows import Tail
from .view import STATE, STATE_COLUMNS, STATE_TABLES, PostgresView, grouped

_INTO_EVENTS: LiteralString = "events (purchase, id, position, seq, at, body, hash)"
_INTO_HEADS: LiteralString = "INSERT INTO heads (purchase, id, due, disputed, events, at, hash)"
_CHANGED: LiteralString = """ON CONFLICT (purchase, id) DO UPDATE SET due = excluded.due, disputed = excluded.disputed, events = excluded.events,
at = coalesce(excluded.at, heads.at), hash = excluded.hash"""
_EVENT: LiteralString = f"INSERT INTO {_INTO_EVENTS} VALUES (%s, %s, %s, %s, %s, %s, %s)"
_HEAD: LiteralString = f"{_INTO_HEADS} VALUES (%s, %s, %s, %s, %s, %s, %s) {_CHANGED}"
EVENTS: LiteralString = f"COPY {_INTO_EVENTS} FROM STDIN"
HEADS: LiteralString = """unnest(%s::text[], %s::text[], %s::timestamptz[], %s::boolean[], %s::integer[], %s::timestamptz[], %s::bytea[])
AS n (purchase, id, due, disputed, events, at, hash)"""
_HEADS: LiteralString = f"{_INTO_HEADS} SELECT * FROM {HEADS} {_CHANGED}"
_KEYS: LiteralString = "INSERT INTO keys (key, body, first, last) SELECT k, b::json, f, l FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[]) AS t (k, b, f, l)"
_POLICIES: LiteralString = "INSERT INTO policies (hash, body) SELECT h, b::json FROM unnest(%s::text[], %s::text[]) AS t (h, b) ON CONFLICT DO NOTHING"
_BLOB: LiteralString = "INSERT INTO blobs (hash, data) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_CLOCK: LiteralString = "UPDATE clock SET now = %s, behind = EXISTS (SELECT FROM heads WHERE due <= %s)"
_NUMBERED: LiteralString = "SELECT pg_current_xact_id(), setval('seq', greatest(%s::bigint, 1), %s::bigint > 0)"
_TAILS: LiteralString = "SELECT id, events, hash FROM heads WHERE purchase = ANY(%s) AND id = ANY(%s)"
_LOCKED: LiteralString = "SELECT id, events, hash FROM heads WHERE purchase = %s ORDER BY id FOR UPDATE"
_DRAWN: LiteralString = "SELECT draw(%s, %s)"
_STATE: LiteralString = f"SELECT {STATE_COLUMNS}, draw(1, %s) FROM {STATE_TABLES}"
_HISTORY: LiteralString = "SELECT id, position, body::text, hash FROM events WHERE purchase = %s ORDER BY id, position"

BEGIN: Asked = ("BEGIN", ())
COMMIT: Asked = ("COMMIT", ())


class PostgresDesk(PostgresView):
    """What every desk does alike: it shows all that is written, and keeps evidence."""

    hides = False

    def keep(self, data: bytes) -> str:
        hash = sha256(data).hexdigest()
        self._link.rows(_BLOB, hash, data)
        return hash

    def interrupted(self) -> bool:
        return signals.pending()


class OrderDesk(PostgresDesk):
    """A `SharedDesk` on the lines of one purchase: what they are is read with the lock, in one trip, and the commit ends the transaction."""

    def __init__(self, link: Link, purchase: str, answers: Sequence[list[tuple[Any, ...]]]) -> None:
        heads, state, found = answers
        super().__init__(link, state)
        self._first: int | None = state[0][-1]
        self._purchase = purchase
        self._tails = {id: Tail(events, bytes(hash)) for id, events, hash in heads}
        self._histories = grouped(found)

    @staticmethod
    def opening(purchase: str, gate: int) -> tuple[Asked, ...]:
        """What is asked, once the store's lock is had, to make one. The number is drawn after the lines are locked: whoever had them before has a lower one."""
        return (_LOCKED, (purchase,)), (_STATE, (gate,)), (_HISTORY, (purchase,))

    def history(self, order: str) -> list[Event]:
        if rows.purchase_of(order) != self._purchase:
            return super().history(order)
        return list(self._histories.get(order, ()))

    def lines(self, purchase: str) -> list[str]:
        return [] if purchase == self._purchase and self._tails.keys() <= {purchase} else super().lines(purchase)

    def due(self, until: datetime | None, limit: int) -> list[tuple[datetime, str]]:
        """As the protocol says. Whether something is due already stands with the clock, so that no command has to look for it."""
        if until is not None and until <= self.now and not self._behind:
            return []
        return super().due(until, limit)

    def draw_numbers(self, count: int) -> Iterable[int]:
        """One was drawn with the lock, as most commands record one event; more follow it unless others drew meanwhile: then it is a gap."""
        if not count:
            return ()
        first, self._first = self._first, None
        more = draw(self._link, count - 1) if first is not None and count > 1 else None
        if first is None or more not in (None, first + 1):
            first = draw(self._link, count)
        return range(first, first + count)

    def append(self, commits: Sequence[Commit]) -> None:
        """As the protocol says; `Overtaken` where an order or a key was taken meanwhile, `OutcomeUnknown` where the connection is lost on the way."""
        asked: list[Asked] = []
        for commit in commits:
            check(commit, commit.events[0].seq - 1 if commit.events else 0, self.now)
            asked += statements(commit, self._tails)
        write(self._link, [*asked, COMMIT])


def draw(link: Link, count: int) -> int:
    """Draw numbers that follow each other, and return the first."""
    return int(link.one(_DRAWN, count, link.address.gate("draw"))[0])


def check(commit: Commit, seq: int, now: datetime) -> None:
    reason = misfit(commit, seq, now)
    if reason is not None:
        raise ValueError(reason)


def statements(commit: Commit, tails: dict[str, Tail]) -> list[Asked]:
    """What writes a commit, a row each: it is small, and goes in one message. `tails` goes on to where it leaves each order's chain."""
    written = rows.rows_of(commit.events, commit.orders, tails)
    return [*beside([commit]), *((_EVENT, row) for row in written.events), *((_HEAD, row) for row in written.heads)]


def beside(commits: Sequence[Commit]) -> list[Asked]:
    """What writes the policies and keys of commits."""
    policies = [(hash, rows.text(policy)) for commit in commits for hash, policy in commit.policies.items()]
    keys = [(key.key, rows.text(key), first, last) for commit in commits for key, first, last in rows.spans(commit)]
    return [*([(_POLICIES, rows.columns(policies))] if policies else ()), *([(_KEYS, rows.columns(keys))] if keys else ())]


def write(link: Link, asked: Sequence[Asked]) -> None:
    """Run what ends with a commit. INT, TERM and HUP are held back from here on, until the answer is told; not where nothing was written."""
    held = signals.hold()
    try:
        link.settle(*asked)
    except OutcomeUnknown:
        raise
    except Exception as error:
        if held:
            signals.restore()
        if isinstance(error, Waited):  # for a key that somebody else is about to record
            raise named(link, None) from None
        raise


class WholeDesk(PostgresDesk):
    """A `Desk` on everything: nobody else writes, so its numbers go on from the last one without a gap. Each append is one transaction."""

    def __init__(self, link: Link) -> None:
        super().__init__(link, link.ask(STATE)[0])
        self._count()

    def _refresh(self) -> None:
        """Look again at what was written by others."""
        self._set(self._link.ask(STATE)[0])
        self._count()

    def _count(self) -> None:
        self._drawn = int(self._link.one("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM seq")[0])
        self._written = self._drawn

    @property
    def seq(self) -> int:
        """The last number drawn, whether or not its event was written."""
        return self._written

    def draw_numbers(self, count: int) -> Iterable[int]:
        first, self._drawn = self._drawn + 1, self._drawn + count
        return range(first, first + count)

    def append(self, commits: Sequence[Commit]) -> None:
        """As the protocol says; ValueError for commits that cannot follow."""
        if not commits:
            return
        seq, now = self._written, self.now
        for commit in commits:
            check(commit, seq, now)
            seq, now = seq + len(commit.events), commit.now
        events = [event for commit in commits for event in commit.events]
        orders = {id: standing for commit in commits for id, standing in commit.orders.items()}
        written = rows.rows_of(events, orders, self._tails_of(orders))
        heads: list[Asked] = [(_HEADS, rows.columns(written.heads))] if orders else []
        try:
            self._link.ask(BEGIN, (_NUMBERED, (seq, seq)))
            self._link.copy(EVENTS, written.events)
            write(self._link, [*heads, *beside(commits), (_CLOCK, (now, now)), COMMIT])
        except Overtaken as error:
            self._link.undo()
            raise ValueError("a key is used twice, or an order's chain was written by somebody else") from error
        self._written, self._drawn, self.now = seq, max(seq, self._drawn), now

    def _tails_of(self, orders: Iterable[str]) -> dict[str, Tail]:
        ids = list(orders)
        found = self._link.rows(_TAILS, [rows.purchase_of(id) for id in ids], ids) if ids else []
        return {id: Tail(events, bytes(hash)) for id, events, hash in found}
