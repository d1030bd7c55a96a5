"""The tables as a log of commits, which any other store takes, and as a JSON store: a backup. Nothing of the tables is changed."""

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, LiteralString

from msgspec.structs import replace

from ...core.events import Event
from .. import Commit, Copied, Desk, Key, Standing, StoreExists, StoreMissing, signals
from . import rows
from .audit import hashes
from .view import PostgresView

if TYPE_CHECKING:
    from ..json_log import JsonLogStore

AT_ONCE = 16
"""Events a commit: few, so that reading one order of the copy never decodes a long line."""
COMMITS_A_SYNC = 256

_STANDINGS: LiteralString = "SELECT id, CASE WHEN at > %s THEN was ELSE due END, disputed FROM heads WHERE purchase = ANY(%s) AND id = ANY(%s)"
_KEYS: LiteralString = "SELECT body::text, first, last FROM keys ORDER BY last, key"
_POLICIES: LiteralString = "SELECT hash FROM policies ORDER BY hash"
_SIZE: LiteralString = """SELECT (SELECT coalesce(sum(length(body::text)), 0) FROM events)::bigint,
(SELECT coalesce(sum(length(data)), 0) FROM blobs)::bigint"""


def commits(view: PostgresView) -> Iterator[Commit]:
    """Everything in the order of its numbers, which are given anew: 1, 2, 3 … With every commit an order stands as it does at the end."""
    policies = {hash: view.policy(hash) for (hash,) in view.ask(_POLICIES)}
    if policies:
        yield Commit(now=view.head.start, policies=policies)
    now, keys, count = view.head.start, _Keys(view), 0
    chunk: list[Event] = []
    for event in view.events():
        keys.pass_over(event.seq, count)
        if len(chunk) == AT_ONCE:
            yield _commit(view, now, chunk, keys.collect())
            chunk = []
        count, now = count + 1, max(now, event.at)
        chunk.append(replace(event, seq=count))
    keys.pass_over(None, count)
    if chunk:
        yield _commit(view, now, chunk, keys.collect())
    if now < view.now or keys.passed:
        yield Commit(now=view.now, keys=keys.collect())


def _commit(view: PostgresView, now: datetime, events: Sequence[Event], keys: tuple[Key, ...]) -> Commit:
    ids = list(dict.fromkeys(event.order for event in events))
    found = view.ask(_STANDINGS, view.now if view.running else "infinity", [rows.purchase_of(id) for id in ids], ids)
    orders = {id: Standing(rows.instant(due), disputed) for id, due, disputed in found}
    return Commit(now=now, events=tuple(events), orders=orders, keys=keys)


class _Keys:
    """The keys in the order of their commands' last events, renumbered as these pass by."""

    def __init__(self, view: PostgresView) -> None:
        self.coming = iter(view.ask(_KEYS))
        self.next = next(self.coming, None)
        self.passed: list[Key] = []

    def pass_over(self, seq: int | None, count: int) -> None:
        """Number `seq` is the next one to be told, None: there is none; `count` events were told before it."""
        while self.next is not None and (seq is None or self.next[2] < seq):
            body, first, last = self.next
            self.passed.append(replace(rows.key(body), first=count - (last - first), last=count))
            self.next = next(self.coming, None)

    def collect(self) -> tuple[Key, ...]:
        passed, self.passed = tuple(self.passed), []
        return passed


def backup(view: PostgresView, target: str, dry_run: bool, copied: Copied | None) -> None:
    """Write a JSON store of the same facts; FileExistsError where something stands. Cut short or failing, it leaves nothing."""
    from .. import json_log

    target = os.path.abspath(target)
    folder = target + ".d"
    for path in (target, folder):
        if os.path.lexists(path):
            raise FileExistsError(f"{path} is there already: a backup never writes over anything")
    if dry_run:
        return
    held = signals.hold()
    try:
        _write(view, json_log.create(target, view.head), copied)
    except (StoreExists, StoreMissing) as error:
        if held:
            signals.restore()
        raise FileExistsError(f"{target} cannot be written: {error}") from error
    except BaseException as error:
        _remove(target, folder)
        if held and isinstance(error, Exception):  # an interrupt leaves them held back: who tells it drops them
            signals.restore()
        raise


def _write(view: PostgresView, store: "JsonLogStore", copied: Copied | None) -> None:
    size = view.ask(_SIZE)[0] if copied else (0, 0)
    copying = _Copying(sum(size), copied)
    with store.write("backup") as desk:
        for hash in hashes(view):
            data = view.blob(hash)
            desk.keep(data)
            copying.go_on(len(data))
        _append(desk, commits(view), copying)


def _append(desk: Desk, found: Iterator[Commit], copying: "_Copying") -> None:
    while chunk := list(islice(found, COMMITS_A_SYNC)):
        desk.append(chunk)
        copying.go_on(sum(len(rows.encode(event)) for commit in chunk for event in commit.events) if copying.copied else 0)


class _Copying:
    """How much of a copy is made, told on the way, and where it may be stopped."""

    def __init__(self, whole: int, copied: Copied | None) -> None:
        self.whole, self.copied, self.done = whole, copied, 0

    def go_on(self, size: int) -> None:
        if signals.pending():
            raise KeyboardInterrupt
        self.done += size
        if self.copied and self.whole:
            self.copied(min(self.done, self.whole), self.whole)


def _remove(target: str, folder: str) -> None:
    """Remove what there is of the copy: nobody else had the name when it was begun."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(target):
        os.unlink(target)
