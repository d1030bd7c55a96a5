"""Markets of many orders in every state, drawn by Hypothesis and played through the service. No test lives here."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from dispute_cli.core import commands as c
from dispute_cli.store import Entry, Store
from dispute_cli.store.memory import MemoryStore
from tests.given import PHOTO

from .shop import Shop, head

Play = Callable[[Shop, str], Any]


def offered(shop: Shop, id: str, **terms: Any) -> Shop:
    shop.opened(id).give(c.Respond, id, **terms)
    return shop


def returning(shop: Shop, id: str) -> Shop:
    shop.opened_whole(id).give(c.Accept, id, actor="seller")
    return shop


def sent(shop: Shop, id: str) -> Shop:
    returning(shop, id).give(c.SendReturn, id, tracking="R1", postage="8.40")
    return shop


def escalated(shop: Shop, id: str) -> Shop:
    offered(shop, id, refund="7.00").give(c.Escalate, id, confirm=True)
    return shop


PLAYS: dict[str, Play] = {
    "protected": lambda shop, id: None,
    "shipped": lambda shop, id: shop.give(c.Ship, id, tracking="T1"),
    "asked for days": lambda shop, id: shop.give(c.ExtendProtection, id, days=3),
    "extended": lambda shop, id: shop.give(c.ExtendProtection, id, grant=True, days=3),
    "confirmed": lambda shop, id: shop.give(c.Confirm, id),
    "not received": lambda shop, id: shop.missing(id),
    "defective": lambda shop, id: shop.opened(id),
    "cancelled": lambda shop, id: shop.missing(id).give(c.Cancel, id),
    "offered": lambda shop, id: offered(shop, id, refund="5.00"),
    "rejected": lambda shop, id: offered(shop, id, reject=True),
    "promised": lambda shop, id: offered(shop, id, promise="I send it again"),
    "accepted": lambda shop, id: shop.opened(id).give(c.Accept, id, actor="seller"),
    "return agreed": returning,
    "return sent": sent,
    "return refused": lambda shop, id: sent(shop, id).give(c.RefuseReturn, id, reason="empty"),
    "escalated": escalated,
    "evidence asked": lambda shop, id: escalated(shop, id).give(c.RequestEvidence, id, party="seller", days=9),
    "ruled": lambda shop, id: escalated(shop, id).give(c.Rule, id, refund="1.00", reason="so", early=True),
}
"""What happens to an order right after its payment, by name."""

Day = st.sampled_from(["0s", "0s", "1s", "1d", "5d"])
Market = st.lists(st.tuples(st.sampled_from(sorted(PLAYS)), Day), min_size=1, max_size=12)
"""Orders as (what happened to it, how long until the next one)."""

Splits = st.lists(st.sampled_from([0, 1, 3600, 86_399, 86_400, 432_000, 864_000, 1_000_000, 3_000_000]), max_size=8)
"""Seconds of each of several ticks."""


def played(market: list[tuple[str, str]], store: Store | None = None) -> Shop:
    """A shop with these orders; the ids do not stand in the order of payment."""
    shop = Shop(store, seed=3)
    for number, (play, pause) in enumerate(market):
        id = f"{'zaMb_'[number % 5]}{number}"
        PLAYS[play](shop.order(id), id)
        shop.tick(pause)
    return shop


def copied(shop: Shop, kind: type[MemoryStore] = MemoryStore) -> Shop:
    """Another shop with the same facts."""
    store = kind(head(seed=3))
    store.append([met.commit for met in shop.store.audit() if isinstance(met, Entry)])
    store.keep(PHOTO.data)
    return Shop(store)
