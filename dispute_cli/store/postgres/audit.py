"""What `verify` and `repair` find in the tables: each order's chain from its first event on, its tail, its evidence; evidence that nothing names."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString

from ...core.events import Event, EvidenceAdded
from .. import Commit, Entry, Problem, Standing, StoreUnusable
from . import rows
from .desk import PostgresDesk
from .view import PostgresView

PAGE = 200
"""How many orders are looked at at once."""

_HEADS: LiteralString = """SELECT purchase, id, due, disputed, events, hash FROM heads WHERE (purchase, id) > (%s, %s) ORDER BY purchase, id LIMIT %s"""
_EVENTS: LiteralString = """SELECT id, position, body::text, hash FROM events WHERE purchase = ANY(%s) AND id = ANY(%s) AND at <= %s
ORDER BY purchase, id, position"""
_STRAYS: LiteralString = """SELECT DISTINCT e.id FROM events e LEFT JOIN heads h ON h.purchase = e.purchase AND h.id = e.id WHERE h.id IS NULL"""
_TWICE: LiteralString = "SELECT seq FROM events GROUP BY seq HAVING count(*) > 1 ORDER BY seq LIMIT 9"
_HASHES: LiteralString = "SELECT hash FROM blobs WHERE hash > %s ORDER BY hash LIMIT %s"
_NAMED: LiteralString = "SELECT DISTINCT body->>'hash' FROM events WHERE body->>'type' = 'evidence_added' AND body->>'hash' IS NOT NULL"


def audit(view: PostgresView) -> Iterator[Entry | Problem]:
    """Yield each order as one entry, its events as they follow each other; and each problem, with the order and the position in it."""
    seq = view.seq
    for number, (head, found) in enumerate(orders(view), 1):
        yield from _Order(view, head).walk(number, found, seq)
    for (id,) in view.ask(_STRAYS):
        yield Problem("it has events, and how it stands is missing", order=id)
    for (twice,) in view.ask(_TWICE):
        yield Problem(f"number {twice} stands at several events")


def orders(view: PostgresView) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Each order's row with the rows of its events, a page at a time."""
    last = ("", "")
    while page := view.ask(_HEADS, *last, PAGE):
        found = view.ask(_EVENTS, [row[0] for row in page], [row[1] for row in page], view.until)
        events = {id: [row[1:] for row in group] for id, group in groupby(found, key=itemgetter(0))}
        yield from ((head, events.get(head[1], [])) for head in page)
        last = page[-1][0], page[-1][1]


class _Order:
    """One order's walk."""

    def __init__(self, view: PostgresView, head: tuple[Any, ...]) -> None:
        self.view = view
        _, self.id, self.due, self.disputed, self.count, self.hash = head
        self.events: list[Event] = []

    def walk(self, number: int, found: list[tuple[Any, ...]], seq: int) -> Iterator[Entry | Problem]:
        try:
            last = b""
            for event, last in rows.linked(self.id, found):  # noqa: B007  # the last one counts
                yield from self._meet(event)
            if self.view.running is None and (len(self.events), last) != (self.count, bytes(self.hash)):
                yield self._problem(f"event {len(self.events) + 1} is missing: {self.count} were written")
        except rows.Broken as error:
            yield self._problem(str(error))
        standing = Standing(rows.instant(self.due), self.disputed)
        yield Entry(number, number, Commit(now=self.view.now, events=tuple(self.events), orders={self.id: standing}), seq)

    def _meet(self, event: Event) -> Iterator[Problem]:
        before = self.events[-1] if self.events else None
        position = len(self.events) + 1
        self.events.append(event)
        if event.at > self.view.now:
            yield self._problem(f"event {position} is later than the clock")
        if before is not None and event.seq <= before.seq:
            yield self._problem(f"event {position} has number {event.seq}, and the one before it {before.seq}")
        if before is not None and event.at < before.at:
            yield self._problem(f"event {position} is earlier than the one before it")
        if isinstance(event, EvidenceAdded) and event.hash is not None:
            try:
                self.view.blob(event.hash)
            except StoreUnusable as error:
                yield self._problem(str(error))

    def _problem(self, text: str) -> Problem:
        return Problem(text, order=self.id)


def hashes(view: PostgresView) -> Iterator[str]:
    """Every evidence file's hash."""
    last = ""
    while page := view.ask(_HASHES, last, PAGE):
        yield from (hash for (hash,) in page)
        last = page[-1][0]


def repair(desk: PostgresDesk, dry_run: bool) -> list[str]:
    """Remove evidence that no event names; return the hashes, in a dry run without removing any."""
    named = {hash for (hash,) in desk.ask(_NAMED)}
    orphans = [hash for hash in hashes(desk) if hash not in named]
    if orphans and not dry_run:
        desk.ask("DELETE FROM blobs WHERE hash = ANY(%s)", orphans)
    return orphans
