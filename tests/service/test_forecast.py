"""What a forecast tells comes true: doing the move and ticking until idle gives exactly the outcome that was told."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.refusal import Refusal
from dispute_cli.core.words import Actor
from dispute_cli.keys import Options
from dispute_cli.reading import NoSuchThing
from dispute_cli.store.memory import MemoryStore

from .markets import Market, played
from .shop import Shop, head


def told(shop: Shop, id: str = "O-1") -> a.Forecast:
    answer = shop.ask(q.Forecast(id=id))
    assert isinstance(answer, a.Forecast)
    return answer


def twin(shop: Shop) -> Shop:
    """The same store once more."""
    copied = Shop(MemoryStore(shop.store.head))  # type: ignore[attr-defined]  # a store in memory is its own view
    copied.store.append(shop.store._commits)  # type: ignore[attr-defined]  # of the store in memory
    return copied


def end(shop: Shop, id: str) -> a.Foreseen:
    """Where everybody's silence really leads."""
    shop.tick(until_idle=True)
    shown: Any = shop.ask(q.Look(id=id))
    order: a.Order = shown.order
    split = order.settlement
    return a.Foreseen(
        order.status,
        order.cause,
        split.refund if split else None,
        split.release if split else None,
        split.settled_at if split else None,
        split.paid_at if split else None,
    )


def assert_comes_true(shop: Shop, id: str) -> None:
    forecast = told(shop, id)
    assert end(twin(shop), id) == forecast.silence
    for move in forecast.moves:
        other = twin(shop)
        other.service.execute(msgspec.convert({"command": move.command, **move.args}, c.Spoken), Options(consent=True))
        assert end(other, id) == move.outcome, move


@settings(max_examples=25)
@given(Market, st.integers(0, 3))
def test_whatever_happened_before_a_forecast_comes_true(market: list[tuple[str, str]], seed: int) -> None:
    shop = played(market)
    for row in shop.ask(q.Look(all=True)).orders[:3]:
        assert_comes_true(shop, row.id)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 20), max_size=8))
def test_wherever_moves_lead_the_next_forecast_comes_true(walk: list[int]) -> None:
    shop = Shop().order(price="50.00", delivery="5.00")
    for step in walk:
        choices = told(shop).moves
        if step < len(choices):
            shop.service.execute(msgspec.convert({"command": choices[step].command, **choices[step].args}, c.Spoken), Options(consent=True))
        else:
            shop.tick(next=True)
    assert_comes_true(shop, "O-1")


def test_an_offer_is_answered_with_the_demand_the_middle_and_the_offer() -> None:
    shop = Shop().order("O-1").opened("O-1", received=True, reason="defective", refund="20.00", message="Broken", link=("https://a.example/b",))
    shop.offered(refund="5.00")
    edits = [move.args for move in told(shop).moves if move.command == "edit"]
    assert [args.get("refund") for args in edits] == [None, "12.50", "5.00"]
    ends = {(move.actor, move.command): move.outcome.refund for move in told(shop).moves}
    assert (ends[Actor.BUYER, "accept"], ends[Actor.SELLER, "accept"], ends[Actor.BUYER, "escalate"]) == ("5.00", "20.00", "20.00")
    assert told(shop).silence.refund == "5.00"


def test_nothing_is_written_by_looking_ahead() -> None:
    shop = Shop().order("O-1")
    before = (shop.store.seq, shop.store.now)  # type: ignore[attr-defined]  # of the store in memory, which is its own view
    told(shop)
    assert (shop.store.seq, shop.store.now) == before  # type: ignore[attr-defined]  # of the store in memory, which is its own view


def test_a_closed_order_has_only_words_left() -> None:
    shop = Shop().order("O-1")
    shop.tick(until_idle=True)
    forecast = told(shop)
    assert {move.command for move in forecast.moves} == {"message"}
    assert all(move.outcome == forecast.silence for move in forecast.moves)


def test_a_purchase_is_told_line_by_line_and_what_is_not_there_not_at_all() -> None:
    shop = Shop(MemoryStore(head()))
    shop.service.execute(c.CreateOrder(id="O-2", item=("Cup=5.00", "Pot=7.00")))
    with pytest.raises(Refusal, match="'forecast'"):
        told(shop, "O-2")
    with pytest.raises(NoSuchThing):
        told(shop, "O-9")
