"""Where facts are kept: the small protocol that every store keeps to. A store knows events and bytes, no rule."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct, field

from ..core.events import Event

SCHEMA = 1
EVERY = 1 << 60
"""As a limit: more orders than any store has."""


class Head(Struct, frozen=True, kw_only=True):
    """What a store is made with, once; it never changes."""

    schema: int = SCHEMA
    seed: int
    start: datetime
    clock: str
    """`simulated` or `wall` (K1)."""
    policy: dict[str, Any]
    """The policy that orders are made under unless they name another, as plain data."""


class Standing(Struct, frozen=True):
    """What a store must be able to find an order by, told with each commit that touches the order."""

    due: datetime | None
    """Its next deadline; None when nothing is due any more."""
    disputed: bool
    """It has or had a dispute."""


class Key(Struct, frozen=True, omit_defaults=True):
    """An idempotency key, kept as long as the log."""

    key: str
    fingerprint: str
    """SHA-256 of the parsed command."""
    command: str
    """The subcommand's words."""
    first: int | None = None
    """`seq` of its command's first event where that is not the commit's first (a long tick has several commits, an atomic batch several keys)."""
    last: int | None = None
    """`seq` of its command's last event where that is not the commit's last; smaller than `first` when it has none."""
    tick: tuple[datetime, datetime, int] | None = None
    """Of a tick: from, to, and how many deadlines fired."""


class Commit(Struct, frozen=True, kw_only=True):
    """What becomes durable together, or not at all."""

    now: datetime
    """The store's clock after it."""
    events: tuple[Event, ...] = ()
    """Already numbered: `seq` goes on from the store's last."""
    orders: dict[str, Standing] = field(default_factory=dict)
    """Every order that the events touch."""
    keys: tuple[Key, ...] = ()
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Policies that this commit is the first to use, by hash."""


class Problem(Struct, frozen=True):
    """What `verify` found."""

    message: str
    commit: int | None = None
    line: int | None = None
    order: str | None = None


class Entry(Struct, frozen=True):
    """A commit as an audit meets it."""

    number: int
    line: int
    commit: Commit
    last: int | None = None
    """`seq` of the store's last event as far as it is known beforehand; None where nothing tells."""


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


Copied = Callable[[int, int], None]
"""Told how many bytes are copied, of how many."""


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


class Running(Struct, frozen=True):
    """A shared tick that is under way: the clock moves when all that it fires is written."""

    number: int
    target: datetime
    """Every deadline up to here fires."""
    idle: bool
    """It goes until nothing is due: the clock ends at the last firing."""


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


@runtime_checkable
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


class Overtaken(Exception):
    """Another writer was quicker with the same order or key; nothing is written, and it may be tried again from the start."""


class StoreMissing(Exception):
    """There is no store here."""


class StoreExists(Exception):
    """There is a store here already; making one over it has to be said aloud."""


class StoreUnusable(Exception):
    """The store is unreadable, damaged or of a newer version; the text says what, where and what to do."""


class Locked(Exception):
    """Another process held the lock until the time was up; the text names its pid, command and age."""


class OutcomeUnknown(Exception):
    """The write may or may not be recorded: repeat with the same idempotency key, or look at `events`."""


__all__ = [
    "SCHEMA", "Commit", "Copied", "Desk", "Entry", "Head", "Key", "Locked", "Numbered", "OutcomeUnknown", "Overtaken", "Problem", "Running", "SharedDesk",
    "SharedStore", "Standing", "Store", "StoreExists", "StoreMissing", "StoreUnusable", "TickDesk", "View",
]
