"""A store in this process's memory, for tests and for thousands of scenario runs. Nothing of it outlives the process, no lock, no bytes."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from ..core.events import Event, EvidenceAdded
from . import Commit, Copied, Entry, Head, Key, Locked, Problem, Standing, StoreUnusable
from .chain import misfit

_LAST = chr(0x10FFFF)
"""No id stands behind it."""


class MemoryStore:
    """A `Store` and its own only `View` and `Desk`: a view of it shows every later append too."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.now = head.start
        self.seq = 0
        self._commits: list[Commit] = []
        self._events: list[Event] = []
        self._histories: dict[str, list[Event]] = {}
        self._standings: dict[str, Standing] = {}
        self._due: list[tuple[datetime, str]] = []
        self._keys: dict[str, tuple[Key, int, int]] = {}
        self._policies: dict[str, dict[str, Any]] = {}
        self._blobs: dict[str, bytes] = {}
        self._writer: str | None = None

    @contextmanager
    def read(self) -> Iterator["MemoryStore"]:
        yield self

    @contextmanager
    def write(self, command: str) -> Iterator["MemoryStore"]:
        if self._writer is not None:
            raise Locked(f"this process (`{self._writer}`) is writing already")
        self._writer = command
        try:
            yield self
        finally:
            self._writer = None

    def history(self, order: str) -> list[Event]:
        return list(self._histories.get(order, ()))

    def histories(self, orders: Sequence[str]) -> dict[str, list[Event]]:
        return {order: self.history(order) for order in orders}

    def known(self, ids: Sequence[str]) -> set[str]:
        return {id for id in ids if id in self._standings or self.lines(id)}

    def lines(self, purchase: str) -> list[str]:
        start = purchase + "/"
        numbers = (id[len(start) :] for id in self._standings if id.startswith(start))
        return [start + number for number in sorted((n for n in numbers if n.isascii() and n.isdigit()), key=int)]

    def due(self, until: datetime | None, limit: int) -> list[tuple[datetime, str]]:
        end = len(self._due) if until is None else bisect_right(self._due, (until, _LAST))
        return self._due[: min(end, limit)]

    def all_due(self) -> Iterator[tuple[datetime, str]]:
        yield from self._due

    def orders(self, disputed: bool = False, after: str = "") -> Iterator[str]:
        yield from sorted(id for id, standing in self._standings.items() if id > after and (standing.disputed or not disputed))

    def events(self, since: int = 0) -> Iterator[Event]:
        for number in range(max(since, 0), self.seq):
            yield self._events[number]

    def key(self, key: str) -> tuple[Key, list[Event]] | None:
        found = self._keys.get(key)
        return found and (found[0], self._events[found[1] - 1 : found[2]])

    def knows_policy(self, hash: str) -> bool:
        return hash in self._policies

    def policy(self, hash: str) -> dict[str, Any]:
        if hash not in self._policies:
            raise StoreUnusable(f"no commit holds policy {hash[:80]}")
        return self._policies[hash]

    def blob(self, hash: str) -> bytes:
        if hash not in self._blobs:
            raise StoreUnusable(f"evidence {hash[:80]} is missing")
        return self._blobs[hash]

    def keep(self, data: bytes) -> str:
        hash = sha256(data).hexdigest()
        self._blobs[hash] = data
        return hash

    def append(self, commits: Sequence[Commit]) -> None:
        """As the protocol says; ValueError, and nothing changed, for commits that cannot follow."""
        seq, now, used = self.seq, self.now, set(self._keys)
        for commit in commits:
            reason = misfit(commit, seq, now)
            if reason is not None:
                raise ValueError(reason)
            for key in commit.keys:
                if key.key in used:
                    raise ValueError(f"a key is used twice: {key.key}")
                used.add(key.key)
            seq, now = seq + len(commit.events), commit.now
        for commit in commits:
            self._take(commit)

    def interrupted(self) -> bool:
        """Never: in memory nothing holds signals back."""
        return False

    def audit(self) -> Iterator[Entry | Problem]:
        """Yield every commit; memory does not rot, so only missing evidence can be a problem."""
        for number, commit in enumerate(self._commits, start=1):
            yield Entry(number, number + 1, commit, self.seq)
            for event in commit.events:
                if isinstance(event, EvidenceAdded) and event.hash is not None and event.hash not in self._blobs:
                    yield Problem(f"evidence {event.hash} is missing", commit=number, line=number + 1, order=event.order)

    def repair(self, dry_run: bool = False) -> list[str]:
        named = {event.hash for event in self._events if isinstance(event, EvidenceAdded)}
        orphans = sorted(set(self._blobs) - named)
        for hash in () if dry_run else orphans:
            del self._blobs[hash]
        return orphans

    def backup(self, target: str, dry_run: bool = False, copied: Copied | None = None) -> None:
        """Write a JSON store of the same facts."""
        from . import StoreExists, json_log

        if dry_run:
            return
        try:
            store = json_log.create(target, self.head)
        except StoreExists as error:
            raise FileExistsError(f"{target} is there already: a backup never writes over anything") from error
        with store.write("backup") as desk:
            for data in self._blobs.values():
                desk.keep(data)
            desk.append(self._commits)

    def _take(self, commit: Commit) -> None:
        self._commits.append(commit)
        first = self.seq + 1
        for event in commit.events:
            self._histories.setdefault(event.order, []).append(event)
        self._events.extend(commit.events)
        self.seq, self.now = len(self._events), commit.now
        for id, standing in commit.orders.items():
            self._move(id, standing)
        for key in commit.keys:
            self._keys[key.key] = (key, first if key.first is None else key.first, self.seq if key.last is None else key.last)
        for hash, policy in commit.policies.items():
            self._policies.setdefault(hash, policy)

    def _move(self, id: str, standing: Standing) -> None:
        """Keep the list of deadlines sorted."""
        before = self._standings.get(id)
        self._standings[id] = standing
        if before is not None and before.due == standing.due:
            return
        if before is not None and before.due is not None:
            del self._due[bisect_left(self._due, (before.due, id))]
        if standing.due is not None:
            insort(self._due, (standing.due, id))
