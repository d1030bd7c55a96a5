"""Where facts are kept: what every store tells and raises; what it can do is protocol.py, named from here too. A store knows events and bytes, no rule."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeGuard

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


Tell = Callable[[str], None]
"""Hears what a store mended, in a sentence."""
Copied = Callable[[int, int], None]
"""Told how many bytes are copied, of how many."""


class Running(Struct, frozen=True):
    """A shared tick that is under way: the clock moves when all that it fires is written."""

    number: int
    target: datetime
    """Every deadline up to here fires."""
    idle: bool
    """It goes until nothing is due: the clock ends at the last firing."""


def is_shared(store: "Store") -> "TypeGuard[SharedStore]":
    """Tell whether many may write a store at once. By one of its methods: to check the whole protocol takes as long as to read an order."""
    return hasattr(store, "write_order")


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
    "SharedStore", "Standing", "Store", "StoreExists", "StoreMissing", "StoreUnusable", "Tell", "TickDesk", "View", "is_shared",
]


if TYPE_CHECKING:
    from .protocol import Desk, Numbered, SharedDesk, SharedStore, Store, TickDesk, View
else:

    def __getattr__(name: str) -> Any:
        """A part of the protocol, made when a running program names it: most name it for type checkers alone."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.protocol"), name)
