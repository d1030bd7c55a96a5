"""An order's course from its events: what silence would bring, which counters ran from when to when, where the money was. Nothing is drawn or worded here."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from ...core.deadlines import Deadline, deadlines
from ...core.events import Event
from ...core.instants import LATEST
from ...core.ledger import postings
from ...core.words import Actor, Kind
from ...session import Session, load


class Counter(NamedTuple):
    """A time limit that somebody saw run."""

    kind: Kind
    actor: Actor
    began: datetime
    due: datetime
    ended: datetime | None
    """When it passed or was answered; None: it runs."""


class Money(NamedTuple):
    """Where what was paid is, from an instant on, in minor units; the three make up the whole. Return postage is outside of it."""

    at: datetime
    escrow: int
    seller: int
    buyer: int


def silence(session: Session, events: Sequence[Event]) -> Iterator[Event]:
    """What happens after these events if everybody is silent to the end of the calendar."""
    loaded = load(events)
    while loaded and (fired := session.lapse(loaded, LATEST)):
        yield from fired
        loaded = loaded.after(fired)


def counters(events: Sequence[Event]) -> list[Counter]:
    """Every counter that ran, by its beginning; one that starts afresh is another one."""
    running: dict[Hashable, Counter] = {}
    ran: list[Counter] = []
    loaded = None
    for at, group in groupby(events, attrgetter("at")):
        facts = [*group]
        loaded = loaded.after(facts) if loaded else load(facts)
        due = {mark(one): one for one in deadlines(loaded.order)} if loaded else {}
        ran += [counter._replace(ended=at) for name, counter in running.items() if name not in due]
        running = {name: Counter(one.kind, one.actor, running[name].began if name in running else at, one.at, None) for name, one in due.items()}
    return sorted((*ran, *running.values()), key=attrgetter("began", "due"))


def mark(due: Deadline) -> Hashable:
    """What makes a counter the same one: protection stays itself however long it is made."""
    return due.kind if due.kind is Kind.PROTECTION else due


def money(events: Sequence[Event]) -> list[Money]:
    """Where the money was after each movement."""
    moved: list[Money] = []
    held = {"escrow": 0, "seller": 0, "buyer": 0}
    for event in events:
        steps = [(posting.account.partition("/")[0], posting.amount) for posting in postings(event)]
        for party, amount in steps:
            # What the parties pay comes from elsewhere: the price from the buyer's pocket, postage from either's.
            if party == "escrow" or (party in held and amount > 0):
                held[party] += amount
        if any(party == "escrow" for party, _ in steps):
            moved.append(Money(event.at, **held))
    return moved
