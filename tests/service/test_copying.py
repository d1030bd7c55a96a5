"""`copy`: any store into any other, gone on with where it was cut, and compared event by event."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.keys import Options
from dispute_cli.runs import copying
from dispute_cli.service import Service
from dispute_cli.steps import Step, Stopped
from dispute_cli.store import Head, Store, StoreExists, StoreMissing, StoreUnusable, json_log, postgres, signals
from dispute_cli.store.memory import MemoryStore
from tests.given import PHOTO
from tests.store.server import Server

from .shop import Shop

KINDS = ("memory", "json", "postgres")


class Places:
    """Stores of every kind, by name."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        self.folder, self.request = folder, request

    def target(self, kind: str, name: str = "copy") -> tuple[Store, Callable[[Head], Store]]:
        """A store that is not there yet, and what makes it."""
        if kind == "postgres":
            server: Server = self.request.getfixturevalue("server")
            url = server.url(f"c{abs(hash((str(self.folder), name))) % 10**12}")
            return postgres.PostgresStore(url), lambda head: postgres.create(url, head)
        path = str(self.folder / f"{name}.json")
        if kind == "json":
            return json_log.JsonLogStore(path), lambda head: json_log.create(path, head)
        memory = MemoryStore(SHOP_HEAD)
        return memory, lambda head: memory

    def filled(self, kind: str) -> Shop:
        """A store with a little of everything: orders, lines, evidence, keys, a policy of its own, and time passed."""
        target, make = self.target(kind, "original")
        shop = Shop(target if kind == "memory" else make(SHOP_HEAD))
        return play(shop)


SHOP_HEAD = Shop().store.head  # type: ignore[attr-defined]  # a store in memory has it


def play(shop: Shop) -> Shop:
    shop.shelf["ours"] = replace(Shop().policy("aliexpress"), name="ours")
    shop.order("O-1", key="made").opened("O-1")
    shop.give(c.CreateOrder, "P", item=("Cup=1.00", "Pot=2.00"), policy="ours")
    shop.give(c.AddEvidence, "O-1", file=("a.png",), files=(PHOTO,))
    shop.service.ask(q.Tick(duration="3d"), Options(key="tick"))
    shop.service.ask(q.Tick(duration="1h"), Options(key="nothing happened"))
    for number in range(40):
        shop.give(c.SendMessage, "P/2", text=f"message {number}")
    shop.tick("70d")
    return shop


@pytest.fixture
def places(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Places]:
    yield Places(tmp_path, request)
    signals.drop()


def bare(store: Store) -> dict[str, Any]:
    """All that a store tells, without numbers."""
    with store.read() as view:
        events = {id: [replace(event, seq=0) for event in view.history(id)] for id in view.orders()}
        keys = {key: view.key(key) for key in ("made", "tick", "nothing happened")}
        told = {key: found and (found[0].fingerprint, [replace(event, seq=0) for event in found[1]]) for key, found in keys.items()}
        return {"now": view.now, "events": events, "keys": told, "due": view.due(None, 99), "disputed": list(view.orders(True)), "blob": view.blob(PHOTO_HASH)}


PHOTO_HASH = sha256(PHOTO.data).hexdigest()


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("source", KINDS)
def test_any_store_is_copied_into_any_other(places: Places, source: str, target: str) -> None:
    original = places.filled(source)
    copy, make = places.target(target)
    done = copying.copy(original.store, copy, make)
    assert (done.orders, done.new, done.now) == (3, sum(map(len, bare(original.store)["events"].values())), original.now)
    assert bare(copy) == bare(original.store)
    ours = Service(copy, lambda: original.clock, original.policy)
    assert ours.ask(q.Verify()).ok
    assert copying.copy(original.store, copy, make).new == 0


@pytest.mark.parametrize("target", ["json", "postgres"])
@pytest.mark.parametrize("source", KINDS)
def test_a_copy_goes_on_where_it_was_cut_and_takes_what_is_new(places: Places, monkeypatch: pytest.MonkeyPatch, source: str, target: str) -> None:
    monkeypatch.setattr(copying, "COMMITS_A_SYNC", 2)
    original = places.filled(source)
    copy, make = places.target(target)

    def cut(step: Step) -> None:
        assert step.share is not None and 0 < step.share <= 1
        if step.done >= 17:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copying.copy(original.store, copy, make, cut)
    with copy.read() as view:
        assert 0 < len(list(view.events())) < 50
    original.give(c.SendMessage, "P/1", text="since then")
    copying.copy(original.store, copy, make)
    assert bare(copy) == bare(original.store)
    assert Service(copy, lambda: original.clock, original.policy).ask(q.Verify()).ok


@pytest.mark.parametrize("kind", KINDS)
def test_another_store_is_not_written_over(places: Places, kind: str) -> None:
    original = places.filled("memory")
    copy, make = places.target(kind)
    other = Shop(copy if kind == "memory" else make(SHOP_HEAD)).order("X")
    with pytest.raises(StoreExists, match="not the beginning of this copy: event 1 is another one"):
        copying.copy(original.store, copy, make)
    assert list(bare_ids(other.store)) == ["X"]


def bare_ids(store: Store) -> list[str]:
    with store.read() as view:
        return list(view.orders())


def test_a_store_that_began_otherwise_or_has_more_is_another(places: Places) -> None:
    original = places.filled("memory")
    with pytest.raises(StoreExists, match="it began otherwise"):
        copying.copy(original.store, MemoryStore(replace(SHOP_HEAD, seed=9)), MemoryStore)
    longer = MemoryStore(SHOP_HEAD)
    copying.copy(original.store, longer, MemoryStore)
    Shop(longer).give(c.SendMessage, "O-1", text="more")
    with pytest.raises(StoreExists, match="it has more events"):
        copying.copy(original.store, longer, MemoryStore)


@pytest.mark.parametrize("kind", ["json", "postgres"])
def test_of_two_copies_at_once_the_second_goes_on_with_what_the_first_made(places: Places, kind: str) -> None:
    original = places.filled("memory")
    copy, make = places.target(kind)

    def made_meanwhile(head: Head) -> Store:
        copying.copy(original.store, copy, make)
        return make(head)

    assert copying.copy(original.store, copy, made_meanwhile).new == 0
    assert bare(copy) == bare(original.store)


def test_a_target_that_cannot_be_made_says_nothing_of_the_original(places: Places) -> None:
    original = places.filled("postgres")
    nowhere = str(places.folder / "no folder" / "copy.json")
    with pytest.raises(StoreMissing, match="no folder"):
        copying.copy(original.store, json_log.JsonLogStore(nowhere), lambda head: json_log.create(nowhere, head))


def test_a_dry_copy_makes_nothing(places: Places) -> None:
    original = places.filled("memory")
    copy, make = places.target("json")
    assert copying.copy(original.store, copy, make, dry_run=True).new == 0
    assert list(places.folder.iterdir()) == []


def test_an_original_that_is_damaged_is_not_copied(places: Places) -> None:
    original = places.filled("json")
    path = places.folder / "original.json"
    path.write_bytes(path.read_bytes().replace(b"message 7", b"message 8"))
    with pytest.raises(StoreUnusable, match=r"is damaged|is not what was written"):
        copying.copy(original.store, *places.target("memory"))


@pytest.mark.parametrize("damage", ["events", "orders", "more"])
def test_a_copy_that_is_not_the_original_is_told_with_the_order(places: Places, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    original = places.filled("memory")
    copy, make = places.target("memory")
    assert isinstance(copy, MemoryStore)
    copying.copy(original.store, copy, make)
    match damage:
        case "events":
            copy._histories["P/2"].pop()
        case "orders":
            copy._standings["P/1x"] = copy._standings.pop("P/1")
        case "more":
            copy._standings["X"] = copy._standings["P/1"]
    with original.store.read() as one, copy.read() as other, pytest.raises(StoreUnusable, match=r"order (P/2|P/1|X) differs"):
        copying.compared(one, other, None)


def test_a_copy_stops_when_asked_to_and_says_how_to_go_on(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    original = places.filled("memory")
    monkeypatch.setattr(MemoryStore, "interrupted", lambda self: True)
    with pytest.raises(Stopped, match="the same command goes on from there"):
        copying.copy(original.store, *places.target("memory"))
