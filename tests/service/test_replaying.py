"""What one pass proves of orders that stay in memory, and what is read again: those that came back, or all where that cannot be told."""

import pytest
from msgspec.structs import replace

from dispute_cli import questions as q
from dispute_cli import replaying
from dispute_cli.core import events as e
from dispute_cli.core.words import Actor
from dispute_cli.store import Commit, Standing
from dispute_cli.store.view import JsonView
from tests.given import START, Story

from .shop import Shop, after, commit_of, on_disk


@pytest.fixture(params=["memory", "disk"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Five orders, each with a dispute after all were made."""
    shop = Shop(on_disk(tmp_path_factory.mktemp("shop")) if request.param == "disk" else None)
    for made in (shop.order, shop.opened):
        for number in range(1, 6):
            made(f"O-{number}")
    return shop


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the orders that are read again, as they are."""
    read: list[str] = []
    real = replaying.Replay.left

    def left(replay: replaying.Replay) -> list[str] | None:
        found = real(replay)
        read.extend(["all"] if found is None else found)
        return found

    monkeypatch.setattr(replaying.Replay, "left", left)
    return read


def append(shop: Shop, *facts: e.Event, id: str = "O-1", told: Standing) -> None:
    with shop.store.write("by hand") as desk:
        desk.append([commit_of(desk, *facts, orders={id: told})])


def test_orders_that_stay_in_memory_are_read_once(shop: Shop, read_again: list[str]) -> None:
    assert shop.ask(q.Verify()).ok and read_again == []


def test_an_order_that_comes_back_after_it_was_let_go_is_read_again(shop: Shop, read_again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "HELD", 2)
    found = shop.ask(q.Verify())
    assert found.ok and found.checked == len(shop.told())
    assert read_again == ["O-1", "O-2", "O-3"]


def test_where_too_many_come_back_all_are_read_again(shop: Shop, read_again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "HELD", 2)
    monkeypatch.setattr(replaying, "AGAIN", 0)
    assert shop.ask(q.Verify()).ok and read_again == ["all"]


@pytest.mark.parametrize("held", [2, 9])
def test_an_order_that_was_made_twice_is_found(shop: Shop, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "HELD", held)
    with shop.store.read() as view:
        made = replace(view.history("O-1")[0], seq=0)
    append(shop, made, told=Standing(after(60), False))
    assert [(problem.order, "do not replay" in problem.message) for problem in shop.ask(q.Verify()).problems] == [("O-1", True)]


def test_an_order_that_is_named_and_has_no_events_is_found(shop: Shop) -> None:
    append(shop, id="X", told=Standing(None, False))
    assert [problem.order for problem in shop.ask(q.Verify()).problems] == ["X"]


def test_what_is_wrong_with_several_orders_is_told_by_id(shop: Shop) -> None:
    for id in ("O-3", "O-2"):
        append(shop, e.Shipped(0, START, id, Actor.SELLER, "T"), id=id, told=Standing(None, True))
    found = shop.ask(q.Verify()).problems
    assert [(problem.order, "deadline" in problem.message) for problem in found] == [("O-2", True), ("O-3", True)]


def test_a_commit_of_several_orders_is_told_apart(shop: Shop, read_again: list[str]) -> None:
    story = Story()
    facts = [replace(story.events[0], order=id) for id in ("A", "B")]
    with shop.store.write("by hand") as desk:
        told = Standing(after(60), False)
        desk.append([commit_of(desk, *facts, orders={"A": told, "B": told}), Commit(now=desk.now, orders={})])
    assert shop.ask(q.Verify()).ok and read_again == []


def test_a_deadline_that_cannot_be_compared_leaves_the_order_to_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fits(*given: object) -> bool:
        raise TypeError("an instant without a zone")

    replay = replaying.Replay(fits)
    replay.meet(Commit(now=START, events=tuple(Story().events[:1]), orders={"O-1": Standing(None, False)}))
    assert replay.left() == ["O-1"]


def test_deadlines_are_told_page_after_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.store.view.SOME", 2)
    with shop.store.read() as view:
        assert list(view.all_due()) == view.due(None, 9)
        assert len(view.due(None, 9)) == 5 and isinstance(view, (JsonView, type(shop.store)))
