"""What is measured inside one process: a step of the store, and the rules alone. Nothing is timed beyond the works themselves."""

import os
from collections.abc import Callable
from functools import reduce
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

import msgspec
from msgspec.structs import replace

from dispute_cli.core import commands as c
from dispute_cli.core.deadlines import soonest
from dispute_cli.core.decide import decide
from dispute_cli.core.events import MessageSent
from dispute_cli.core.evolve import evolve
from dispute_cli.core.moment import Moment
from dispute_cli.core.order import Order
from dispute_cli.core.policy import Policy
from dispute_cli.core.words import Actor
from dispute_cli.policies import DEFAULT, load
from dispute_cli.store import Commit, Standing
from dispute_cli.store.json_log import JsonLogStore

from . import data, stores
from .measure import timed

Works = dict[str, Callable[[], float]]


def steps(store: str, scratch: str) -> Works:
    """One order read and one event appended durably: on our desk, and on SQLite with the same facts."""
    from .peers import step_sqlite

    path = os.path.join(scratch, "step.sqlite")
    if os.path.exists(path):
        os.unlink(path)
    every = list(stores.commits(10_000))
    rows = [(event.seq, event.order, msgspec.json.encode(event).decode()) for commit in every for event in commit.events]
    known = {id: standing for commit in every for id, standing in commit.orders.items()}
    db = step_sqlite.make(path, rows, [(id, str(standing.due), standing.disputed) for id, standing in known.items()])
    entered = JsonLogStore(store).write("benchmark")
    desk = entered.__enter__()
    desk.entered = entered  # type: ignore[attr-defined]  # kept open as long as the work is
    ours, theirs = count(), count()
    message = MessageSent(seq=0, at=desk.now, order="O-0", by=Actor.BUYER, text="Is it on its way?", dispute=1)

    def on_desk() -> None:
        id = f"O-{next(ours)}"
        desk.history(id)
        sent = replace(message, seq=desk.seq + 1, order=id)
        desk.append([Commit(now=desk.now, events=(sent,), orders={id: Standing(known[id].due, True)})])

    def on_sqlite() -> None:
        id = f"O-{next(theirs)}"
        body = msgspec.json.encode(replace(message, order=id)).decode()
        [msgspec.json.decode(found) for found in step_sqlite.step(db, id, body, str(known[id].due))]

    return {"ours": lambda: timed(on_desk), "sqlite": lambda: timed(on_sqlite)}


def silences(orders: int) -> Works:
    """Every deadline of so many open disputes: by our rules, and by machines with a heap. Making the machines, or reading the policy, is not counted."""
    from .peers import lapse_statemachine, lapse_transitions

    found, policy = opened(orders), load(DEFAULT)
    same = data.disputes(orders)

    def peer(module: Any) -> float:
        machines = module.made([dict(order) for order in same])
        return timed(lambda: fired(module.run(machines), 2 * orders))

    return {
        "ours": lambda: timed(lambda: fired(fall_silent(list(found), policy), 2 * orders)),
        "transitions": lambda: peer(lapse_transitions),
        "python-statemachine": lambda: peer(lapse_statemachine),
    }


def opened(orders: int) -> list[Order]:
    """The disputes as states."""
    states: dict[str, Order | None] = {}
    for commit in stores.commits(orders):
        for event in commit.events:
            states[event.order] = evolve(states.get(event.order), event)
    return [order for order in states.values() if order]


def fall_silent(orders: list[Order], policy: Policy) -> int:
    """Fire every deadline in order of instant, deciding each by all the rules; return how many did."""
    clock = Actor.CLOCK
    heap = [(due.at, place, due.kind) for place, order in enumerate(orders) if (due := soonest(order))]
    heapify(heap)
    fired = 0
    while heap:
        at, place, kind = heappop(heap)
        order = orders[place]
        events = decide(order, c.Lapse(id=order.id, by=clock, kind=kind), Moment(at, policy, stores.SEED))
        order = orders[place] = reduce(evolve, events, order)
        fired += 1
        due = soonest(order)
        if due:
            heappush(heap, (due.at, place, due.kind))
    return fired


def fired(found: int, expected: int) -> None:
    if found != expected:
        raise SystemExit(f"{found:,} deadlines fired, not {expected:,}")
