"""A store that many write at once, played through the service: the same facts as any other store, whoever shares a tick and whoever dies of it."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli import questions as q
from dispute_cli import sharing
from dispute_cli.cli.crew import crew
from dispute_cli.core import commands as c
from dispute_cli.core.events import Event
from dispute_cli.core.instants import LATEST
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import Refusal
from dispute_cli.keys import Options
from dispute_cli.runs.copying import copy
from dispute_cli.service import Service
from dispute_cli.session import Session, Unbalanced
from dispute_cli.sharing import carry
from dispute_cli.steps import Stopped
from dispute_cli.store import Locked, Overtaken, Store, StoreUnusable, postgres
from dispute_cli.store.memory import MemoryStore
from dispute_cli.store.postgres import PostgresStore, desk
from dispute_cli.store.postgres.link import Link
from tests.given import START, day
from tests.store.server import Server

from .markets import PLAYS
from .shop import Shop, head

Many = dict[str, list[Event]]


@pytest.fixture(scope="module")
def market() -> MemoryStore:
    """Orders in every state, three of each."""
    shop = Shop()
    for number, play in enumerate(PLAYS.values()):
        for copies in range(3):
            shop.order(f"O-{number}-{copies}")
            play(shop, f"O-{number}-{copies}")
    assert isinstance(shop.store, MemoryStore)
    return shop.store


@pytest.fixture
def url(market: MemoryStore, server: Server) -> str:
    """The market on PostgreSQL."""
    url = server.url()
    copy(market, PostgresStore(url), lambda head: postgres.create(url, head))
    return url


def facts(store: Store) -> tuple[Any, Many]:
    """A store's clock, and each order's events without their numbers."""
    with store.read() as view:
        return view.now, {id: [replace(event, seq=0) for event in view.history(id)] for id in view.orders()}


def at(url: str, workers: Callable[[int], Any] = lambda more: nullcontext()) -> Service:
    return Service(PostgresStore(url, 5), lambda: START, Shop().policy, crew=workers)


def alone(market: MemoryStore, **form: Any) -> tuple[Any, Many]:
    """What a single tick makes of the market, in memory."""
    shop = Shop(MemoryStore(market.head))
    copy(market, shop.store, lambda head: shop.store)
    shop.service.tick(q.Tick(**form))
    return facts(shop.store)


FORMS: list[dict[str, Any]] = [{"duration": "9d"}, {"duration": "200d"}, {"until_idle": True}, {"next": True}, {"duration": "1s"}]


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("workers", [1, 3])
def test_a_shared_tick_makes_the_facts_of_a_single_one(market: MemoryStore, url: str, form: dict[str, Any], workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.sharing.CHUNK", 4)
    service = at(url, partial(crew, url, 5))
    told = service.tick(q.Tick(**form), Options(workers=workers))
    assert facts(service.store) == alone(market, **form)
    assert service.ask(q.Verify()).ok
    keys = [(event["at"], event["order"]) for event in told.events]
    assert keys == sorted(keys)


def test_a_shared_tick_tells_what_a_single_one_tells(market: MemoryStore, url: str) -> None:
    shop = Shop(MemoryStore(market.head))
    copy(market, shop.store, lambda head: shop.store)
    one, shared = shop.service.tick(q.Tick(duration="9d")), at(url).tick(q.Tick(duration="9d"))
    assert [{**event, "seq": 0} for event in shared.events] == [{**event, "seq": 0} for event in one.events]
    assert (shared.from_, shared.to, shared.fired, shared.next) == (one.from_, one.to, one.fired, one.next)


def test_a_split_tick_is_the_same_tick(market: MemoryStore, url: str) -> None:
    service = at(url)
    for _ in range(3):
        service.tick(q.Tick(duration="3d"))
    assert facts(service.store) == alone(market, duration="9d")


def test_several_ticks_at_once_are_one(market: MemoryStore, url: str) -> None:
    context = get_context("fork")
    begin = context.Barrier(3)
    others = [context.Process(target=tick_with, args=(url, begin)) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0, 0]
    assert facts(PostgresStore(url)) == alone(market, to="2026-03-01")
    assert at(url).ask(q.Verify()).ok


def tick_with(url: str, begin: Any) -> None:
    sharing.CHUNK = 4
    begin.wait()
    at(url).tick(q.Tick(to="2026-03-01"))


@pytest.fixture
def cut_short(url: str) -> str:
    """A tick of nine days of which one share is written, one was taken by a worker that died, and nobody is left."""
    store = PostgresStore(url, 5)
    with store.join("tick") as dying:
        dying.begin(START + timedelta(days=9), idle=False)
        carry(Session(dying), dying, dying.take(5), START + timedelta(days=9))
        dying.take(5)
        other = Link(store.address)
        other.rows("SELECT pg_terminate_backend(%s, 5000)", dying._link.pid)
        other.close()
    return url


def test_a_dead_workers_share_is_taken_over_by_the_next_tick(market: MemoryStore, cut_short: str) -> None:
    before = facts(PostgresStore(cut_short))
    assert before == facts(market)
    told = at(cut_short).tick(q.Tick(to="2026-01-10"))
    assert (told.fired, facts(PostgresStore(cut_short))) == (0, alone(market, duration="9d"))


def test_a_command_first_finishes_the_tick_that_nobody_goes_on_with(market: MemoryStore, cut_short: str) -> None:
    told = at(cut_short).execute(c.SendMessage(id="O-0-0", text="hello"))
    assert told.now == START + timedelta(days=9)
    now, many = alone(market, duration="9d")
    found, events = facts(PostgresStore(cut_short))
    assert events.pop("O-0-0")[:-1] == many.pop("O-0-0")
    assert (found, events) == (now, many)


def test_a_batch_first_finishes_it_too(market: MemoryStore, cut_short: str) -> None:
    with at(cut_short).writing("batch") as (desk, session):
        assert (session.now, desk.due(session.now, 1)) == (START + timedelta(days=9), [])
    assert facts(PostgresStore(cut_short)) == alone(market, duration="9d")


def test_a_tick_under_a_key_is_one_transaction_and_told_again(market: MemoryStore, url: str) -> None:
    service = at(url)
    first, again = (service.tick(q.Tick(duration="9d"), Options(key="k")) for _ in range(2))
    assert (again.replayed, again.events, again.fired) == (True, first.events, first.fired)
    assert facts(service.store) == alone(market, duration="9d")


def test_a_dry_tick_moves_nothing(market: MemoryStore, url: str) -> None:
    assert at(url).tick(q.Tick(duration="9d"), Options(dry_run=True)).fired > 0
    assert facts(PostgresStore(url)) == facts(market)


@pytest.mark.parametrize("options", [Options(workers=2, key="k"), Options(workers=2, dry_run=True)])
def test_workers_share_only_what_is_written_as_it_goes(url: str, options: Options) -> None:
    with pytest.raises(Malformed, match="--workers is for a store on PostgreSQL"):
        at(url).tick(q.Tick(duration="9d"), options)


def test_a_store_that_one_writes_at_a_time_has_no_workers() -> None:
    with pytest.raises(Malformed, match="--workers is for a store on PostgreSQL"):
        Shop().service.tick(q.Tick(duration="9d"), Options(workers=2))


# Commands


def test_a_command_that_was_overtaken_is_decided_again(server: Server) -> None:
    url = server.url()
    service, quicker = Shop(postgres.create(url, head())), Shop(PostgresStore(url, 5))
    asked = []

    def load(name: str) -> Any:
        asked.append(name)
        if len(asked) == 1:
            quicker.order("O-1")
        return Shop().policy("aliexpress")

    service.service.policies = load
    with pytest.raises(Refusal) as refused:
        service.give(c.CreateOrder, "O-1", price="1.00", policy="ours")
    assert (refused.value.faults[0].rule, len(asked)) == ("E1", 2)


ONCE_LATE = """CREATE SEQUENCE tries;
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
    IF nextval('tries') < 4 THEN RAISE SQLSTATE '40001'; END IF;
    RETURN NULL;
END$$;
CREATE TRIGGER late AFTER INSERT ON events EXECUTE FUNCTION late();
"""


def test_what_could_not_be_serialized_is_tried_again_from_the_start(server: Server) -> None:
    shop = Shop(store := postgres.create(server.url(), head())).order("O-1")
    link = Link(store.address)
    link.connection.execute(ONCE_LATE.encode())
    done = shop.give(c.SendMessage, "O-1", text="hello", key="k")
    assert (done.changed, done.replayed, link.one("SELECT last_value FROM tries")) == (True, False, (4,))
    link.close()
    with store.read() as view:
        assert [type(event).__name__ for event in view.history("O-1")] == ["OrderCreated", "MessageSent"]


def test_who_is_overtaken_again_and_again_gives_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(self: Any, commits: Any) -> None:
        raise Overtaken("another writer was quicker")

    shop = Shop(postgres.create(server.url(), head()))
    monkeypatch.setattr(desk.OrderDesk, "append", overtaken)
    with pytest.raises(Locked, match="other writers were quicker 12 times: another writer was quicker"):
        shop.order("O-1")


def test_on_a_wall_clock_the_first_command_of_a_second_moves_the_clock_and_nobody_goes_back(server: Server) -> None:
    url = server.url()
    here, there = Shop(postgres.create(url, head(clock="wall"))), Shop(PostgresStore(url, 5))
    here.order("O-1")
    here.clock = day(70)
    assert here.give(c.SendMessage, "O-1", text="late").now == day(70)
    there.clock = day(69)
    assert there.give(c.SendMessage, "O-1", text="a slow watch").now == day(70)
    with here.store.read() as view:
        assert [type(event).__name__ for event in view.history("O-1")][1:4] == ["ProtectionEnded", "Settled", "Closed"]
    assert here.service.ask(q.Verify()).ok


def test_a_follower_tells_each_event_once_in_the_order_of_numbers(server: Server) -> None:
    url = server.url()
    shop = Shop(postgres.create(url, head()))
    other = Shop(PostgresStore(url, 5))
    turns = iter((lambda: shop.order("A"), lambda: other.order("B"), lambda: shop.tick("70d"), lambda: other.order("C")))
    seen: list[int] = []
    for event in at(url).follow(q.Events(), lambda: done(next(turns, None))):
        seen.append(event["seq"])
        if event["order"] == "C":
            break
    assert seen == sorted(set(seen)) and len(seen) == 9


def done(turn: Callable[[], Any] | None) -> None:
    assert turn, "something was not told"
    turn()


# What seldom happens


def test_who_helps_a_tick_finds_nothing_to_do_where_there_is_none(market: MemoryStore, url: str, cut_short: str) -> None:
    for _ in range(2):
        sharing.help_out(PostgresStore(cut_short))
        assert facts(PostgresStore(cut_short)) == alone(market, duration="9d")


def test_a_tick_that_is_stopped_is_gone_on_with_by_the_next_command(market: MemoryStore, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    service = at(url)
    service.watch = lambda step: steps.append(step.done)
    monkeypatch.setattr(sharing, "CHUNK", 4)
    with monkeypatch.context() as patch:
        patch.setattr(desk.PostgresDesk, "interrupted", lambda self: True)
        with pytest.raises(Stopped, match=r"\d+ deadlines fired here and are written. The tick until 2026-01-10T00:00:00Z goes on with"):
            service.tick(q.Tick(duration="9d"))
    assert len(steps) == 1
    assert facts(PostgresStore(url)) == facts(market)
    at(url).execute(c.SendMessage(id="O-0-0", text="hello"), Options(dry_run=True))
    assert facts(PostgresStore(url)) == alone(market, duration="9d")


def test_an_order_that_is_said_to_be_due_and_is_not_is_damage(url: str) -> None:
    link = Link(PostgresStore(url).address)
    link.rows("UPDATE heads SET due = '2026-01-01T00:00:01Z' WHERE id = (SELECT min(id) FROM heads)")
    link.close()
    with pytest.raises(StoreUnusable, match="it was said to be due by"):
        at(url).tick(q.Tick(duration="1d"))


def test_money_that_does_not_add_up_is_not_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "sound", lambda loaded: False)
    with pytest.raises(Unbalanced, match="the money does not add up"):
        at(url).tick(q.Tick(duration="9d"))


def test_left_over_words_know_a_tick_without_end() -> None:
    assert "The tick until all is idle goes on" in sharing.left_over(START, LATEST, 3).message


PARTITIONED = """
ALTER TABLE {table} RENAME TO whole_{table};
CREATE TABLE {table} (LIKE whole_{table} INCLUDING ALL) PARTITION BY HASH (purchase);
CREATE TABLE {table}_0 PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE {table}_1 PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 1);
DROP TABLE whole_{table};
"""


def test_hash_partitions_need_no_change_of_ours(market: MemoryStore, server: Server) -> None:
    url = server.url()
    link = Link(postgres.create(url, market.head).address)
    for table in ("heads", "events"):
        link.connection.execute(PARTITIONED.format(table=table).encode())
    copy(market, PostgresStore(url), lambda head: PostgresStore(url))
    at(url).execute(c.CreateOrder(id="NEW", price="1.00"))
    at(url, partial(crew, url, 5)).tick(q.Tick(duration="9d"), Options(workers=2))
    now, many = facts(PostgresStore(url))
    del many["NEW"]
    assert (now, many) == alone(market, duration="9d")
    assert at(url).ask(q.Verify()).ok
    assert link.rows("SELECT count(*) > 0 FROM events_0") == link.rows("SELECT count(*) > 0 FROM events_1") == [(True,)]
    link.close()
