"""What a store can do: the small protocol that every store keeps to, and what those can besides that many write at once. Nothing is done here."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from ..core.events import Event
from . import Commit, Copied, Entry, Head, Key, Problem, Running, Standing


class View(Protocol):
    """One consistent moment of a store."""

    head: Head
    now: datetime

    @property
    def seq(self) -> int:
        """Of the last event; 0 when there is none."""
        ...

    def history(self, order: str) -> list[Event]:
        """Return the order's events in their order; empty when there is no such order."""
        ...

    def histories(self, orders: Sequence[str]) -> dict[str, list[Event]]:
        """Return the events of many orders at once, as `history` does for each."""
        ...

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that are an order's, or a purchase's with lines."""
        ...

    def lines(self, purchase: str) -> list[str]:
        """Return the ids `purchase/1`, `purchase/2` … in numeric order; empty when there are none."""
        ...

    def due(self, until: datetime | None, limit: int) -> list[tuple[datetime, str]]:
        """Return at most `limit` orders whose next deadline is at or before `until` (None: any), soonest first, then by id."""
        ...

    def all_due(self) -> Iterator[tuple[datetime, str]]:
        """Yield every order that has a next deadline as `due` does, however many there are."""
        ...

    def orders(self, disputed: bool = False, after: str = "") -> Iterator[str]:
        """Yield the order ids greater than `after`, by code point; with `disputed` only those that have or had a dispute."""
        ...

    def events(self, since: int = 0) -> Iterator[Event]:
        """Yield all events whose `seq` is greater than `since`."""
        ...

    def key(self, key: str) -> tuple[Key, list[Event]] | None:
        """Return what was recorded under an idempotency key with the events of its command, or None."""
        ...

    def knows_policy(self, hash: str) -> bool:
        """Tell whether a commit recorded a policy of this hash."""
        ...

    def policy(self, hash: str) -> dict[str, Any]:
        """Return the policy of this hash; `StoreUnusable` when the store has none."""
        ...

    def blob(self, hash: str) -> bytes:
        """Return the bytes of an evidence file; `StoreUnusable` when missing or altered."""
        ...


class Desk(View, Protocol):
    """The one writer's view, under the lock; after `append` it shows what was appended."""

    def keep(self, data: bytes) -> str:
        """Store evidence bytes durably and return their SHA-256 (V4); the same bytes twice are one file."""
        ...

    def append(self, commits: Sequence[Commit]) -> None:
        """Make commits durable, in their order, with one write and one sync; on return they are acknowledged."""
        ...

    def interrupted(self) -> bool:
        """Tell whether somebody asked to stop since the first append: a long run asks this between its syncs."""
        ...


class Store(Protocol):
    """A place of facts."""

    def read(self) -> AbstractContextManager[View]:
        """Open for reading."""
        ...

    def write(self, command: str) -> AbstractContextManager[Desk]:
        """Take the lock in the name of a command; `Locked` when it is not had in time."""
        ...

    def audit(self) -> Iterator[Entry | Problem]:
        """Walk everything from the first byte, believing nothing derived."""
        ...

    def repair(self, dry_run: bool = False) -> list[str]:
        """Remove stray temporary files and orphan blobs, nothing else; return what was, or in a dry run would be, removed."""
        ...

    def backup(self, target: str, dry_run: bool = False, copied: Copied | None = None) -> None:
        """Write a consistent copy, evidence included, that is itself a store; FileExistsError, also in a dry run, where something stands.

        Cut short or failing, it leaves nothing of the copy.
        """
        ...


class Numbered(Protocol):
    """A view that hands numbers out itself; elsewhere they go on from its last one."""

    def draw_numbers(self, count: int) -> Iterable[int]:
        """Draw the next numbers of the store: `seq` strictly increases, and a number that is drawn and not used is a gap."""
        ...


class SharedDesk(Desk, Numbered, Protocol):
    """A desk of a store that many write at once: an order's, with its lines alone locked, or the whole store's."""

    running: Running | None
    """The tick that has to be finished before anything else is written."""


class TickDesk(SharedDesk, Protocol):
    """The whole store's desk on which a tick is begun, or taken part in: then commands wait, and other desks like this one share the due orders."""

    def begin(self, target: datetime, idle: bool) -> None:
        """Say what the tick fires, and let others share."""
        ...

    def take(self, limit: int) -> dict[str, list[Event]]:
        """Take some due orders that nobody else works on, with their histories; none when no order is due any more."""
        ...

    def put(self, events: Sequence[Event], orders: dict[str, Standing], fired: int) -> None:
        """Write what the orders taken became, and let go of them."""
        ...

    def finish(self) -> None:
        """Move the clock, unless another did it already."""
        ...

    def outcome(self) -> tuple[list[Event], int]:
        """Return the events of the tick that was begun here, whoever wrote them, and how many deadlines fired."""
        ...


class SharedStore(Store, Protocol):
    """A store that many write at once: commands on different orders run side by side, and ticks share their work."""

    def write(self, command: str) -> AbstractContextManager[TickDesk]:
        """Take the whole store."""
        ...

    def write_order(self, command: str, order: str) -> AbstractContextManager[SharedDesk]:
        """Take one order, with the other lines of its purchase; `Overtaken` where another writer turns out to have been quicker."""
        ...

    def join(self, command: str) -> AbstractContextManager[TickDesk]:
        """Take part in the tick that is under way; where there is none, take the whole store."""
        ...

    def settled(self) -> int:
        """Return the `seq` up to which no event can come any more that a view opened from now on does not show."""
        ...

    def commits(self) -> AbstractContextManager[tuple[View, Iterator[Commit]]]:
        """One moment, and everything in it as commits that another store can take, its events numbered 1, 2, 3 …"""
        ...
