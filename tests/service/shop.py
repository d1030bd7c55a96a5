"""A marketplace in memory or on disk, played through the service: commands given, time passed, what is stored read back.

    shop = Shop().order("O-1").opened("O-1").tick("1d")
    shop.refused("D1", c.OpenDispute, "O-1", **OVERDUE)           # and the store holds the very same bytes as before
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core.evidence import Attachment
from dispute_cli.core.policy import Policy, as_data
from dispute_cli.core.refusal import ConsentNeeded, Refusal
from dispute_cli.core.words import Actor, Cause, Outcome
from dispute_cli.keys import Enclosed, Options
from dispute_cli.policies import load
from dispute_cli.service import Service
from dispute_cli.store import Commit, Desk, Entry, Head, Store
from dispute_cli.store.json_log import JsonLogStore, create
from dispute_cli.store.memory import MemoryStore
from tests.given import DEFECTIVE, NOT_RECEIVED, PHOTO, POLICY, START, WHOLE, day

OVERDUE: dict[str, Any] = NOT_RECEIVED | {"reason": "wrong_tracking"}
"""Not received, from the first day on."""


def head(clock: str = "simulated", start: datetime = START, seed: int = 0, policy: Policy = POLICY) -> Head:
    return Head(seed=seed, start=start, clock=clock, policy=as_data(policy))


def on_disk(folder: Path, **of_head: Any) -> JsonLogStore:
    return create(str(folder / "disputes.json"), head(**of_head))


class Shop:
    """A service and the hands that use it; every command is given with consent unless told."""

    def __init__(self, store: Store | None = None, **of_head: Any) -> None:
        self.store: Store = store if store is not None else MemoryStore(head(**of_head))
        self.clock = START
        """What the wall shows."""
        self.shelf: dict[str, Policy] = {}
        """Policies by the name that commands give."""
        self.service = Service(self.store, lambda: self.clock, self.policy)
        self.last: a.Done | a.DoneOnLines | None = None

    def policy(self, name: str) -> Policy:
        return self.shelf[name] if name in self.shelf else load(name)

    # Commands

    def give(
        self,
        kind: type[c.Command],
        id: str = "O-1",
        *,
        actor: Actor | str | None = None,
        files: tuple[Attachment, ...] = (),
        language: str | None = None,
        yes: bool = True,
        **more: Any,
    ) -> Any:
        """Give a command and return its answer; `strict`, `dry_run` and `key` are options, everything else is the command's."""
        options = Options(consent=yes, **{name: more.pop(name) for name in ("strict", "dry_run", "key") if name in more})
        command: Any = kind(id=id, by=Actor(actor) if actor else None, **more)
        self.last = self.service.execute(command, options, Enclosed(files, language))
        return self.last

    def order(self, id: str = "O-1", *, price: str = "50.00", delivery: str = "5.00", **more: Any) -> "Shop":
        self.give(c.CreateOrder, id, price=price, delivery=delivery, **more)
        return self

    def purchase(self, id: str = "P", *items: str, delivery: str = "5.00", **more: Any) -> "Shop":
        self.give(c.CreateOrder, id, item=items or ("Cup=10.00", "Pot=20.00", "Tray=30.00"), delivery=delivery, **more)
        return self

    def opened(self, id: str = "O-1", **form: Any) -> "Shop":
        """A dispute: received, defective, 20.00 asked, one photo."""
        self.give(c.OpenDispute, id, files=(PHOTO,), **DEFECTIVE | form)
        return self

    def opened_whole(self, id: str = "O-1") -> "Shop":
        self.give(c.OpenDispute, id, files=(PHOTO,), **WHOLE)
        return self

    def missing(self, id: str = "O-1") -> "Shop":
        """A dispute: not received."""
        self.give(c.OpenDispute, id, **OVERDUE)
        return self

    def offered(self, id: str = "O-1", refund: str = "10.00", **more: Any) -> "Shop":
        self.give(c.Respond, id, refund=refund, **more)
        return self

    # Time

    def tick(self, duration: str | None = None, **form: Any) -> "Shop":
        self.ticked(duration, **form)
        return self

    def ticked(self, duration: str | None = None, **form: Any) -> a.Ticked:
        options = Options(**{name: form.pop(name) for name in ("dry_run", "key") if name in form})
        answer = self.service.ask(q.Tick(duration=duration, **form), options)
        assert isinstance(answer, a.Ticked)
        return answer

    # Looking

    def ask(self, question: q.Asked) -> Any:
        return self.service.ask(question)

    def look(self, id: str = "O-1", at: str | datetime | None = None) -> a.Order:
        answer = self.ask(q.Look(id=id, at=written(at)))
        assert isinstance(answer, a.Shown)
        return answer.order

    def looks(self, id: str = "P", at: str | datetime | None = None) -> tuple[a.Order, ...]:
        answer = self.ask(q.Look(id=id, at=written(at)))
        assert isinstance(answer, a.ShownLines)
        return answer.orders

    def listed(self, **filters: Any) -> list[str]:
        """The ids of the list's rows; the filters as a batch line would give them."""
        return [row.id for row in self.ask(msgspec.convert({"command": "status", **filters}, q.Look)).orders]

    def told(self, id: str | None = None, **filters: Any) -> tuple[dict[str, Any], ...]:
        answer = self.ask(q.Events(id=id, **filters))
        assert isinstance(answer, a.EventsTold)
        return answer.events

    def types(self, id: str | None = None) -> list[str]:
        return [event["type"] for event in self.told(id)]

    @property
    def now(self) -> datetime:
        """The recorded clock."""
        with self.store.read() as view:
            return view.now

    # What must be true

    def refused(self, rules: str, kind: type[c.Command], id: str = "O-1", **more: Any) -> Refusal:
        """The command is refused by exactly these rules, at this store's now, and not a byte of the store changes."""
        with pytest.raises(Refusal) as caught, unchanged(self.store):
            self.give(kind, id, **more)
        assert [fault.rule for fault in caught.value.faults] == rules.split()
        assert caught.value.now is not None
        return caught.value

    def needs_consent(self, rule: str, kind: type[c.Command], id: str = "O-1", **more: Any) -> ConsentNeeded:
        with pytest.raises(ConsentNeeded) as caught, unchanged(self.store):
            self.give(kind, id, yes=False, **more)
        assert caught.value.rule == rule
        assert caught.value.now is not None
        return caught.value


def written(at: str | datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(at, datetime) else at


class unchanged:
    """The store holds the same bytes after the block as before it, whatever the block raised."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> None:
        self.before = imprint(self.store)

    def __exit__(self, *raised: object) -> None:
        assert imprint(self.store) == self.before, "the store changed"


def imprint(store: Store) -> tuple[str, ...]:
    """A hash of everything that a store holds: the document and the evidence."""
    if isinstance(store, JsonLogStore):
        kept = Path(store.paths.folder) / "blobs"
        files = [Path(store.paths.document), *sorted(kept.glob("*"))]
        return tuple(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)
    commits = [met.commit for met in store.audit() if isinstance(met, Entry)]
    blobs = store._blobs if isinstance(store, MemoryStore) else {}
    return hashlib.sha256(msgspec.json.encode(commits)).hexdigest(), *sorted(blobs)


def facts(store: Store) -> bytes:
    """All events, encoded as they stand on disk, with the clock."""
    with store.read() as view:
        return msgspec.json.encode([view.now, *view.events()])


def money(store: Store) -> Any:
    """Every account's balance."""
    answer = Service(store, lambda: START, load).ask(q.Ledger())
    assert isinstance(answer, a.LedgerTold)
    return answer.balances


# A power that fails


class Cut(Exception):
    """The machine stopped here."""


class FailingStore(MemoryStore):
    """Takes so many more commits and then stops, in the middle of an append or between two."""

    left = 1 << 30

    def append(self, commits: Sequence[Commit]) -> None:
        taken = commits[: self.left]
        self.left -= len(taken)
        super().append(taken)
        if len(taken) < len(commits):
            raise Cut


def after(days: float = 0, seconds: int = 0) -> datetime:
    """An instant counted from the store's start."""
    return day(days, seconds)


def seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


def commit_of(desk: Desk, *events: Any, orders: dict[str, Any]) -> Commit:
    """A commit by hand: it need not make sense to anybody but the store."""
    numbered = tuple(msgspec.structs.replace(event, seq=desk.seq + place) for place, event in enumerate(events, 1))
    return Commit(now=max([desk.now, *(event.at for event in numbered)]), events=numbered, orders=orders)


def settled(**figures: Any) -> e.Settled:
    """The settlement of O-1 at once, everything released, unless told otherwise."""
    split: dict[str, Any] = {"refund": 0, "release": 5500, "currency": "USD", "outcome": Outcome.RELEASED, "cause": Cause.CONFIRMED, "seller": "seller", "payout_at": None}
    return e.Settled(0, START, "O-1", Actor.BUYER, **split | figures)
