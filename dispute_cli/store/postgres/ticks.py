"""A tick that several share: due orders taken in chunks that skip what others have taken, and the clock moved once all is written. No rule is here.

Its desks have the store's lock shared, so that no command comes between; that a tick is under way stands with the clock, so that one whose workers all
died is finished by whoever comes next.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import LiteralString

from ...core.events import Event
from .. import Running, Standing
from . import rows
from .desk import BEGIN, COMMIT, EVENTS, HEADS, WholeDesk, draw, write
from .link import Asked, Link, Waited, named
from .rows import Tail

_TAKEN: LiteralString = """SELECT id, purchase, events, hash FROM heads WHERE due <= %s ORDER BY due, id LIMIT %s FOR UPDATE SKIP LOCKED"""
_AWAITED: LiteralString = "SELECT 1 FROM heads WHERE due <= %s ORDER BY due, id LIMIT 1 FOR UPDATE"
_LEFT: LiteralString = "SELECT EXISTS (SELECT FROM heads WHERE due <= %s)"
_BEGUN: LiteralString = "INSERT INTO ticks (began, target, idle, since) VALUES (%s, %s, %s, %s) RETURNING number"
_UNDER_WAY: LiteralString = "UPDATE clock SET tick = %s"
_CHANGED: LiteralString = f"""UPDATE heads h SET was = CASE WHEN h.at > c.now THEN h.was ELSE h.due END,
due = n.due, disputed = n.disputed, events = n.events, at = coalesce(n.at, h.at), hash = n.hash
FROM clock c, {HEADS} WHERE h.purchase = n.purchase AND h.id = n.id"""
_SHARE: LiteralString = "INSERT INTO shares (tick, fired) VALUES (%s, %s)"
_ENDED: LiteralString = """UPDATE ticks t SET last = (SELECT last_value FROM seq),
fired = (SELECT coalesce(sum(fired), 0)::bigint FROM shares WHERE tick = t.number)
WHERE t.number = %s AND t.number = (SELECT tick FROM clock)"""
_MOVED: LiteralString = """UPDATE clock c SET tick = NULL, behind = false, now = CASE WHEN t.idle THEN
greatest(c.now, (SELECT max(at) FROM events WHERE seq > t.since)) ELSE greatest(c.now, t.target) END
FROM ticks t WHERE c.tick = t.number AND t.number = %s"""
_CLEARED: LiteralString = "DELETE FROM shares WHERE tick = %s"
_HELD: Asked = ("SELECT tick FROM clock FOR UPDATE", ())
_OUTCOME: LiteralString = "SELECT since, last, fired FROM ticks WHERE number = %s"


def enter(link: Link) -> None:
    """Take part in the tick under way, or where there is none have the store alone. At the door only one at a time decides which of both it is."""
    door, store = link.address.gate("door"), link.address.gate("store")
    link.rows("SELECT pg_advisory_lock(%s)", door)
    link.rows("SELECT pg_advisory_lock_shared(%s)", store)
    if link.one("SELECT tick FROM clock")[0] is None:
        link.rows("SELECT pg_advisory_unlock_shared(%s), pg_advisory_lock(%s)", store, store)
    else:
        link.rows("SELECT pg_advisory_unlock(%s)", door)


class TickingDesk(WholeDesk):
    """A `TickDesk`: alone with the store until it begins a tick."""

    _own: Running | None = None
    """The tick that was begun here."""

    def begin(self, target: datetime, idle: bool) -> None:
        number = self._link.one(_BEGUN, self.now, target, idle, self.seq)[0]
        write(self._link, [BEGIN, (_UNDER_WAY, (number,)), COMMIT])
        self.running = self._own = Running(number, target, idle)
        door, store = self._link.address.gate("door"), self._link.address.gate("store")
        self._link.rows("SELECT pg_advisory_lock_shared(%s), pg_advisory_unlock(%s), pg_advisory_unlock(%s)", store, store, door)

    def take(self, limit: int) -> dict[str, list[Event]]:
        assert self.running, "only a tick that is under way is shared"
        target = self.running.target
        while True:
            taken = self._link.ask(BEGIN, (_TAKEN, (target, limit)))[1]
            if taken:
                self._tails = {id: Tail(events, bytes(hash)) for id, _, events, hash in taken}
                return self.histories([id for id, *_ in taken])
            if not self._link.one(_LEFT, target)[0]:
                self._link.undo()
                return {}
            self._await(target)

    def _await(self, target: datetime) -> None:
        """Others work on all that is left: once one of them is done, or dead, there is something to look at again."""
        try:
            self._link.rows(_AWAITED, target)
        except Waited:
            raise named(self._link, None) from None
        self._link.undo()

    def draw_numbers(self, count: int) -> Iterable[int]:
        if self.running is None:
            return super().draw_numbers(count)
        first = draw(self._link, count) if count else 0
        return range(first, first + count)

    def put(self, events: Sequence[Event], orders: dict[str, Standing], fired: int) -> None:
        assert self.running, "only a tick that is under way is shared"
        written = rows.rows_of(events, orders, self._tails)
        self._link.copy(EVENTS, written.events)
        write(self._link, [(_CHANGED, rows.columns(written.heads)), (_SHARE, (self.running.number, fired)), COMMIT])

    def finish(self) -> None:
        assert self.running, "only a tick that is under way is finished"
        number = (self.running.number,)
        write(self._link, [BEGIN, _HELD, (_ENDED, number), (_MOVED, number), (_CLEARED, number), COMMIT])
        self._refresh()

    def outcome(self) -> tuple[list[Event], int]:
        assert self._own, "only the tick that was begun here is told of"
        since, last, fired = self._link.one(_OUTCOME, self._own.number)
        events = [rows.event(body) for _, body in self._bodies(since, last)]
        return sorted(events, key=lambda event: (event.at, event.order)), fired
