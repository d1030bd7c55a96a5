"""Stores of any size, each order with an open dispute, the same for the same seed: made through the store's own append. Nothing is measured here."""

import os
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from dispute_cli.core import commands as c
from dispute_cli.core.decide import create, decide
from dispute_cli.core.events import Event
from dispute_cli.core.moment import Moment
from dispute_cli.core.policy import as_data
from dispute_cli.policies import DEFAULT, load
from dispute_cli.session import Loaded, standing_of
from dispute_cli.session import load as fold
from dispute_cli.store import Commit, Head, Standing
from dispute_cli.store.index import FORMAT
from dispute_cli.store.json_log import JsonLogStore
from dispute_cli.store.json_log import create as create_store

START = datetime(2026, 1, 1, tzinfo=UTC)
COHORTS = 100
"""Each is disputed an hour after the one before: a tick can fire one in a hundred."""
VARIANTS = 8
SEED = 7
AT_ONCE = 4_000
"""Commits a sync."""

Turn = tuple[tuple[Event, ...], Standing]
"""What one command makes true, and how its order stands then."""


def made(folder: str, orders: int) -> str:
    """Return the path of a store of so many orders, made unless it is there from another run."""
    home = os.path.join(folder, f"{orders}-{SEED}-{FORMAT}")
    path = os.path.join(home, "disputes.json")
    if not os.path.exists(os.path.join(home, "whole")):
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home)
        fill(path, orders)
        open(os.path.join(home, "whole"), "w").close()
    return path


def copied(path: str, target: str) -> str:
    """Return a copy to write on, its index brought up to date."""
    remove(target)
    shutil.copyfile(path, target)
    with JsonLogStore(target, tell=lambda message: None).read():
        os.sync()  # or whoever syncs first would wait for all of it
        return target


def remove(path: str) -> None:
    """Remove a store, if it is there."""
    shutil.rmtree(path + ".d", ignore_errors=True)
    if os.path.exists(path):
        os.unlink(path)


def fill(path: str, orders: int) -> None:
    """Write every order as its commands would, one commit each, many a sync."""
    store = create_store(path, Head(seed=SEED, start=START, clock="simulated", policy=as_data(load(DEFAULT))))
    with store.write("fill") as desk:
        waiting: list[Commit] = []
        for commit in commits(orders):
            waiting.append(commit)
            if len(waiting) == AT_ONCE:
                desk.append(waiting)
                waiting = []
        desk.append(waiting)


def commits(orders: int) -> Iterator[Commit]:
    """Yield each order's payment and its dispute, a cohort after the other."""
    chance, seq = random.Random(SEED), 0
    for cohort in range(COHORTS):
        now = START + timedelta(hours=cohort)
        stories = [told(chance, now) for _ in range(VARIANTS)]
        for number in range(cohort * orders // COHORTS, (cohort + 1) * orders // COHORTS):
            id = f"O-{number}"
            for facts, standing in stories[number % VARIANTS]:
                events = tuple(replace(event, seq=seq + place, order=id) for place, event in enumerate(facts, 1))
                seq += len(events)
                yield Commit(now=now, events=events, orders={id: standing})


def told(chance: random.Random, now: datetime) -> tuple[Turn, Turn]:
    """Decide an order and its dispute once; the other orders of this variant differ in their ids alone."""
    moment = Moment(now, load(DEFAULT), SEED)
    price, delivery = f"{chance.randrange(500, 50_000) / 100:.2f}", f"{chance.randrange(0, 1_500) / 100:.2f}"
    paid = create(c.CreateOrder(id="O", price=price, delivery=delivery, title=f"Parcel {chance.randrange(1_000)}"), False, moment)
    loaded = folded(paid)
    form = c.OpenDispute(id="O", received=False, reason="wrong_tracking", message=f"The number {chance.randrange(10**9)} shows another parcel")
    disputed = decide(loaded.order, form, moment)
    return (paid, standing_of(loaded.order)), (disputed, standing_of(loaded.after(disputed).order))


def folded(events: tuple[Event, ...]) -> Loaded:
    loaded = fold(events)
    assert loaded, "a payment makes an order"
    return loaded
