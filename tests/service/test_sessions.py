"""One opening of a store: what nobody recorded is nothing, and what the store says of an order must be so."""

import pytest

from dispute_cli.core import events as e
from dispute_cli.core.words import Actor
from dispute_cli.session import Session
from dispute_cli.store import Standing, StoreUnusable
from tests.given import START

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
