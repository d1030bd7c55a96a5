"""Orders laid aside while a long tick goes on: as many as find room, given back as they were, and not read from the store again."""

import pytest

from dispute_cli.core.instants import LATEST
from dispute_cli.session import Loaded, Session
from dispute_cli.shelf import BESIDE, Shelf
from tests.given import START

from .markets import copied
from .shop import Shop, after, facts

END = "2026-08-01"
SOME = [f"O-{number}" for number in range(6)]


def disputed() -> Shop:
    shop = Shop()
    for id in SOME:
        shop.order(id).opened(id).offered(id)
    return shop


def test_an_order_is_given_back_once_as_it_was() -> None:
    with disputed().service.reading() as session:
        loaded = session.find("O-1")
    assert loaded
    shelf = Shelf(Loaded, 10_000)
    shelf.put("O-1", loaded)
    assert "O-1" in shelf and "O-2" not in shelf
    assert shelf.take("O-1") == loaded
    assert shelf.take("O-1") is None and "O-1" not in shelf


def test_what_finds_no_room_is_not_kept_until_something_is_taken() -> None:
    shelf = Shelf(str, 2 * (BESIDE + 4))
    for id in ("a", "b", "c"):
        shelf.put(id, "abc")
    assert [id for id in ("a", "b", "c") if id in shelf] == ["a", "b"]
    shelf.take("a")
    shelf.put("d", "abcd")
    shelf.put("c", "abc")
    assert [id for id in ("a", "b", "c", "d") if id in shelf] == ["b", "c"]


def test_what_is_laid_aside_twice_takes_its_room_once() -> None:
    shelf = Shelf(str, BESIDE + 4)
    for _ in range(3):
        shelf.put("a", "abc")
    assert (shelf.take("a"), shelf.room) == ("abc", BESIDE + 4)


def test_an_order_that_went_on_is_not_found_as_it_was_laid_aside() -> None:
    with disputed().service.reading() as session:
        loaded = session.find("O-1")
        assert loaded
        session.orders.clear()
        session.lay_aside([("O-1", loaded)], LATEST)
        session.lay(session.projected(loaded, LATEST))
        session.orders.clear()
        assert session.shelf and "O-1" not in session.shelf


def test_a_tick_that_is_over_lays_nothing_aside() -> None:
    with disputed().service.reading() as session:
        assert list(session.firings(LATEST))
        assert session.goal is None


@pytest.mark.parametrize("room", [1 << 20, 0])
def test_a_tick_reads_an_order_again_only_where_it_found_no_room(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, read = copied(disputed()), []
    real = shop.store.history  # type: ignore[attr-defined]  # of the store in memory, which is its own view

    def counted(id: str) -> list[object]:
        read.append(id)
        return list(real(id))

    monkeypatch.setattr(shop.store, "history", counted)
    for name, value in (("session.KEPT", 2), ("session.ROOM", room), ("ticking.FIRINGS_A_COMMIT", 1), ("ticking.COMMITS_A_SYNC", 1)):
        monkeypatch.setattr(f"dispute_cli.{name}", value)
    shop.tick(to=END)
    assert all((read.count(id) == 1) is (room > 0) for id in SOME)
    assert facts(shop.store) == facts(copied(disputed()).tick(to=END).store)


def test_only_what_a_tick_asks_for_again_is_laid_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.session.KEPT", 2)
    with disputed().store.read() as view:
        looked, ticked = Session(view), Session(view)
        ticked.goal = after(1)
        for session in (looked, ticked):
            for id in SOME:
                session.find(id)
        assert looked.shelf is None and ticked.shelf is not None
        assert not any(id in ticked.shelf for id in SOME)
        assert ticked.now == START
