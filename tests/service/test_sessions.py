"""One opening of a store: what nobody recorded is nothing, and what the store says of an order must be so."""

import pytest

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli import service as service_module
from dispute_cli.core import events as e
from dispute_cli.core.ledger import Balances
from dispute_cli.core.words import Actor
from dispute_cli.session import Loaded, Session, sound
from dispute_cli.store import Entry, Standing, StoreUnusable
from tests.given import START, rule

from .shop import Shop, after, commit_of, unchanged


def test_many_orders_are_fetched_at_once_and_what_nobody_made_is_none() -> None:
    shop = Shop().order("O-1")
    with shop.store.read() as view:
        session = Session(view)
        session.fetch(["O-1", "O-2"])
        assert set(session.orders) == {"O-1"}
        assert session.find("O-2") is None


def test_an_order_said_to_be_due_when_nothing_is_stops_the_clock() -> None:
    shop = Shop().order()
    with shop.store.write("by hand") as desk:
        desk.append([commit_of(desk, e.Shipped(0, START, "O-1", Actor.SELLER, "T"), orders={"O-1": Standing(after(3), False)})])
    with pytest.raises(StoreUnusable, match=r"O-1: it was said to be due at .*, and nothing is"), unchanged(shop.store):
        shop.tick("4d")


def test_a_long_tick_is_written_in_commits_of_sixteen_deadlines() -> None:
    shop = Shop()
    for number in range(33):
        shop.order(f"O-{number}")
    shop.tick("60d")
    commits = [met.commit for met in shop.store.audit() if isinstance(met, Entry)][33:]
    assert [len(commit.orders) for commit in commits] == [16, 16, 1]


def test_who_looks_at_an_instant_after_the_recorded_one_is_there() -> None:
    with Shop().order().store.read() as view:
        assert [Session(view, now).now for now in (after(-1), after(3), None)] == [START, after(3), START]


def test_more_events_than_memory_should_hold_are_told_from_the_store_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.service.MOST", 2)
    shop = Shop().order().opened()
    told = shop.service.stream(q.Events(since=1))
    assert isinstance(told, a.Streamed) and [*told.lists["events"]] == [*shop.told(since=1)]
    assert not isinstance(shop.service.stream(q.Events(since=2)), a.Streamed)


@rule("P2")
def test_an_open_order_may_hold_nothing_but_never_less() -> None:
    with Shop().order().service.reading() as session:
        loaded = session.find("O-1")
    assert loaded
    assert [sound(Loaded(loaded.order, Balances(buyer=-held, seller=0, escrow=held, carrier=0))) for held in (1, 0, -1)] == [True, True, False]


def test_of_the_orders_not_yet_written_those_are_told_that_are_asked_for() -> None:
    with Shop().service.reading() as session:
        session.standing = {id: Standing(None, disputed) for id, disputed in (("A", True), ("C", True), ("B", False), ("D", False))}
        assert [*session.ids()] == ["A", "B", "C", "D"]
        assert [*session.ids(disputed=True)] == ["A", "C"]
        assert [*session.ids(disputed=True, after="A")] == ["C"]
        assert [*session.ids(after="B")] == ["C", "D"]


def test_a_long_tick_is_told_from_the_store_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "MOST", 2)
    shop = Shop().order("O-1").opened("O-1")
    told = shop.service.stream(q.Tick(until_idle=True))
    assert isinstance(told, a.Streamed)
    assert told.changed
    assert told.now == shop.now
    assert [event["type"] for event in told.lists["events"]] == shop.types()[-4:]
    assert not a.Streamed(a.EventsTold(command="events", now=None, events=()), {}).changed


def test_a_shared_store_answers_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop().order("O-1")
    monkeypatch.setattr(shop.service, "shared", object())
    assert isinstance(shop.service.stream(q.Events()), a.EventsTold)
