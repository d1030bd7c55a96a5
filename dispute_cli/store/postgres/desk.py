"""The writers' views: an order's, which is one transaction, and the whole store's, which is one for each append. Locks are taken and let go by the store."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, LiteralString

from ...core.events import Event
from .. import Commit, OutcomeUnknown, Overtaken, Standing, signals
from ..chain import misfit
from . import rows
from .link import Asked, Link, Waited, named
from .rows import Tail
from .view import STATE, PostgresView, grouped

_EVENTS: LiteralString = """INSERT INTO events (purchase, id, position, seq, at, body, hash)
SELECT p, i, n, s, a, b::json, h
FROM unnest(%s::text[], %s::text[], %s::integer[], %s::bigint[], %s::timestamptz[], %s::text[], %s::bytea[]) AS t (p, i, n, s, a, b, h)"""
_HEADS: LiteralString = """INSERT INTO heads (purchase, id, due, disputed, events, at, hash)
SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::boolean[], %s::integer[], %s::timestamptz[], %s::bytea[])
ON CONFLICT (purchase, id) DO UPDATE SET due = excluded.due, disputed = excluded.disputed, events = excluded.events,
at = coalesce(excluded.at, heads.at), hash = excluded.hash"""
_ONE: LiteralString = """WITH event AS (
INSERT INTO events (purchase, id, position, seq, at, body, hash) VALUES (%s, %s, %s, %s, %s, %s, %s))
INSERT INTO heads (purchase, id, due, disputed, events, at, hash) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (purchase, id) DO UPDATE SET due = excluded.due, disputed = excluded.disputed, events = excluded.events,
at = excluded.at, hash = excluded.hash"""
_KEYS: LiteralString = "INSERT INTO keys (key, body, first, last) SELECT k, b::json, f, l FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[]) AS t (k, b, f, l)"
_POLICIES: LiteralString = "INSERT INTO policies (hash, body) SELECT h, b::json FROM unnest(%s::text[], %s::text[]) AS t (h, b) ON CONFLICT DO NOTHING"
_BLOB: LiteralString = "INSERT INTO blobs (hash, data) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_CLOCK: LiteralString = "UPDATE clock SET now = %s, behind = EXISTS (SELECT FROM heads WHERE due <= %s)"
_NUMBERED: LiteralString = "SELECT pg_current_xact_id(), setval('seq', greatest(%s, 1), %s > 0)"
_TAILS: LiteralString = "SELECT id, events, hash FROM heads WHERE purchase = ANY(%s) AND id = ANY(%s)"
_LOCKED: LiteralString = "SELECT id, due, events, hash FROM heads WHERE purchase = %s ORDER BY id FOR UPDATE"
_DRAWN: LiteralString = "SELECT draw(%s, %s)"
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
        state, heads, [(self._first,)], found = answers
        super().__init__(link, state[0])
        self._purchase = purchase
        self._tails = {id: Tail(events, bytes(hash)) for id, _, events, hash in heads}
        self._histories = grouped(found)

    @staticmethod
    def opening(purchase: str, gate: int) -> tuple[Asked, ...]:
        """What is asked, once the store's lock is had, to make one. The number is drawn after the lines are locked: whoever had them before has a lower one."""
        return STATE, (_LOCKED, (purchase,)), (_DRAWN, (1, gate)), (_HISTORY, (purchase,))

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
    """What writes a commit; `tails` goes on to where it leaves each order's chain."""
    asked: list[Asked] = []
    if commit.policies:
        asked.append((_POLICIES, [list(commit.policies), [rows.text(policy) for policy in commit.policies.values()]]))
    asked += write_of(commit.events, commit.orders, tails)
    if commit.keys:
        asked.append((_KEYS, rows.columns([(key.key, rows.text(key), first, last) for key, first, last in rows.spans(commit)])))
    return asked


def write_of(events: Sequence[Event], orders: dict[str, Standing], tails: dict[str, Tail]) -> list[Asked]:
    """What writes events and how their orders stand; `tails` goes on as above."""
    written = rows.rows_of(events, orders, tails)
    if len(events) == len(orders) == 1:
        return [(_ONE, [column[0] for column in (*written.events, *written.heads)])]
    return [*([(_EVENTS, written.events)] if events else ()), *([(_HEADS, written.heads)] if orders else ())]


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
        super().__init__(link, link.ask(STATE)[0][0])
        self._count()

    def _refresh(self) -> None:
        """Look again at what was written by others."""
        self._set(self._link.ask(STATE)[0][0])
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
        tails = self._tails_of({id for commit in commits for id in commit.orders})
        asked = [each for commit in commits for each in statements(commit, tails)]
        try:
            write(self._link, [BEGIN, (_NUMBERED, (seq, seq)), *asked, (_CLOCK, (now, now)), COMMIT])
        except Overtaken as error:
            self._link.undo()
            raise ValueError("a key is used twice, or an order's chain was written by somebody else") from error
        self._written, self._drawn, self.now = seq, max(seq, self._drawn), now

    def _tails_of(self, orders: Iterable[str]) -> dict[str, Tail]:
        ids = list(orders)
        found = self._link.rows(_TAILS, [rows.purchase_of(id) for id in ids], ids) if ids else []
        return {id: Tail(events, bytes(hash)) for id, events, hash in found}
