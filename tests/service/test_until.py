"""`tick --until`: to the first instant at which something holds of an order, no second earlier or later; or not at all (K4)."""

from datetime import timedelta

import pytest

from dispute_cli import questions as q
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import Refusal
from dispute_cli.reading import NoSuchThing
from tests.given import START, day, rule

from .shop import Shop, facts, unchanged


def escalating() -> Shop:
    """A dispute that silence turns into a claim on day 10, beside an order that nobody looks at."""
    shop = Shop().order("O-1").order("O-2").opened("O-1")
    shop.offered("O-1", "5.00")
    return shop


def until(shop: Shop, expression: str, id: str = "O-1") -> Shop:
    return shop.tick(until=(id, expression))


@rule("K4")
@pytest.mark.parametrize(
    ("expression", "instant"),
    [
        ("status == 'awaiting_buyer'", START),
        ("status == 'escalated'", day(10)),
        ("dispute.claim", day(10)),
        ("possible[?command == 'review rule']", day(25)),
        ("settlement.refund", day(70)),
        ("`0`", START),
    ],
)
def test_it_stops_at_the_first_instant_where_it_holds(expression: str, instant: object) -> None:
    assert until(escalating(), expression).now == instant


@rule("K4", "K2")
@pytest.mark.parametrize("expression", ["status == 'escalated'", "possible[?command == 'review rule']", "settlement", "status == 'closed'"])
def test_one_second_before_it_does_not_hold(expression: str) -> None:
    """The same as a tick to that instant, and the one before it leaves something to wait for."""
    shop = until(escalating(), expression)
    earlier = escalating().tick(to=f"{shop.now - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}")
    assert until(earlier, expression).now == shop.now
    assert earlier.now == shop.now
    assert facts(shop.store) == facts(escalating().tick(to=f"{shop.now:%Y-%m-%dT%H:%M:%SZ}").store)


@rule("K4")
@pytest.mark.parametrize("expression", ["status == 'nothing'", "`false`", "`null`", "`[]`", "''", "`{}`", "settlement.nothing"])
def test_what_never_comes_true_is_refused_and_nothing_fires(expression: str) -> None:
    shop = escalating()
    with unchanged(shop.store), pytest.raises(Refusal, match="never comes true") as refused:
        until(shop, expression)
    assert [fault.rule for fault in refused.value.faults] == ["K4"]


@rule("K4", "E1")
def test_it_asks_one_order() -> None:
    shop = escalating().purchase("P")
    with unchanged(shop.store), pytest.raises(Refusal, match="several lines"):
        until(shop, "status", "P")
    with unchanged(shop.store), pytest.raises(NoSuchThing):
        until(shop, "status", "O-9")
    assert until(shop, "status == 'closed'", "P/1").now > START


@rule("K4")
def test_a_wall_clock_waits_for_nothing() -> None:
    shop = Shop(clock="wall").order("O-1")
    with unchanged(shop.store), pytest.raises(Refusal) as refused:
        until(shop, "status")
    assert [fault.rule for fault in refused.value.faults] == ["K4"]


@pytest.mark.parametrize(("until", "field"), [(("O-1", "(("), "until"), (("../O", "a"), "id"), (("O-1", ""), "until"), (("O-1", "a" * 5000), "until")])
def test_what_is_no_expression_or_no_id_is_malformed(until: tuple[str, str], field: str) -> None:
    with pytest.raises(Malformed) as fault:
        q.Tick(until=until)
    assert fault.value.field == field


def test_what_cannot_be_asked_of_an_order_is_malformed_and_nothing_fires() -> None:
    shop = escalating()
    with unchanged(shop.store), pytest.raises(Malformed):
        until(shop, "abs(status)")


def test_it_is_one_form_of_several() -> None:
    with pytest.raises(Malformed, match="exactly one"):
        q.Tick(until=("O-1", "status"), until_idle=True)
