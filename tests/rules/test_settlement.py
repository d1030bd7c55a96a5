"""Settlement and payout: P1 to P3."""

from datetime import timedelta

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.events import Settled
from dispute_cli.core.ledger import balances
from dispute_cli.core.malformed import Malformed
from tests.given import Story, day, policy_with, rule
from tests.rules.states import SETTLED, STATES, reached

PAID = [name for name in SETTLED if name.startswith("settling")]
RELEASED = [
    "closed, confirmed",
    "closed, protection_ended",
    "closed, cancelled",
    "closed, buyer_accepted",
    "closed, dropped",
    "closed, return_overdue",
    "closed, ruling",
    "closed, default_ruling",
]


def wait(id: str = "O-1", seed: int = 0, **payout: int) -> int:
    """How many days after settlement the refund of this order is paid."""
    story = Story(id=id, seed=seed, policy=policy_with(payout=payout)).open().seller(c.Accept)
    assert story.settlement.payout_at
    left = story.settlement.payout_at - story.settlement.settled_at
    assert left % timedelta(days=1) == timedelta()
    return left.days


# P1


@rule("P1")
@pytest.mark.parametrize("name", SETTLED)
def test_refund_and_release_are_the_escrow_exactly(name: str) -> None:
    story = STATES[name]()
    assert story.settlement.refund + story.settlement.release == story.order.total
    assert story.settlement.cause == story.order.cause


@rule("P1")
@pytest.mark.parametrize("name", SETTLED)
def test_the_outcome_says_how_the_escrow_was_split(name: str) -> None:
    story = STATES[name]()
    outcome = {0: "released", story.order.total: "refunded"}.get(story.settlement.refund, "partially_refunded")
    assert story.order.outcome == outcome


@rule("P1")
@pytest.mark.parametrize("name", PAID)
def test_the_sellers_part_is_released_at_once_and_the_refund_paid_7_to_10_whole_days_later(name: str) -> None:
    story = STATES[name]()
    split = story.settlement
    sums = balances(story.events)
    assert (sums.seller, sums.escrow) == (split.release, split.refund)
    assert split.payout_at and split.paid_at is None
    assert (split.payout_at - split.settled_at) in [timedelta(days=days) for days in (7, 8, 9, 10)]


@rule("P1", "K2")
@pytest.mark.parametrize("name", PAID)
def test_the_refund_is_paid_at_its_own_instant_and_the_order_closed(name: str) -> None:
    story = STATES[name]()
    before, payout = (story.order.outcome, story.order.cause), story.settlement.payout_at
    assert payout
    assert story.until(payout - timedelta(seconds=1)).order.status == "settling"
    assert story.until(payout).types == ["refund_paid", "closed"]
    assert (story.order.status, story.settlement.paid_at) == ("closed", payout)
    assert (story.order.outcome, story.order.cause) == before


@rule("P1")
@pytest.mark.parametrize("name", RELEASED)
def test_a_refund_of_nothing_pays_the_seller_and_closes_at_once(name: str) -> None:
    story = STATES[name]()
    assert story.types[-2:] == ["settled", "closed"]
    assert (story.settlement.payout_at, story.settlement.paid_at, story.deadlines) == (None, None, {})
    assert (story.order.outcome, story.money["seller"]) == ("released", "55.00")


@rule("P1")
@pytest.mark.parametrize("name", STATES)
def test_every_way_to_the_end_is_one_settlement(name: str) -> None:
    story = STATES[name]().to_the_end()
    assert [type(event).__name__ for event in story.events].count("Settled") == 1
    assert [type(event).__name__ for event in story.events].count("Closed") == 1


@rule("P1")
@pytest.mark.parametrize("name", [*reached("closed, seller", "closed, concession"), "closed, ruling, paid"])
def test_outcome_and_cause_are_set_at_settlement_and_stay(name: str) -> None:
    story = STATES[name]()
    split = next(event for event in story.events if isinstance(event, Settled))
    assert (story.order.outcome, story.order.cause) == (split.outcome, split.cause)


@rule("P1")
def test_the_payout_day_is_drawn_from_the_seed_and_the_order_alone() -> None:
    ids = [f"O-{number}" for number in range(40)]
    assert [wait(id) for id in ids] == [wait(id) for id in reversed(ids)][::-1]
    assert [wait(id) for id in ids] != [wait(id, seed=1) for id in ids]
    assert len({wait(id) for id in ids}) == len({wait("O-1", seed=seed) for seed in range(40)}) == 4


@rule("P1")
def test_the_drawn_days_are_the_same_on_any_machine() -> None:
    """Written down once: they must never change, for stores are replayed with them."""
    assert [wait(id) for id in ("O-1", "O-2", "O-3", "P-1", "P-2")] == [7, 9, 7, 9, 7]


@rule("P1")
def test_the_payout_day_does_not_depend_on_how_or_when_the_order_was_settled() -> None:
    stories = [STATES[name]() for name in PAID]
    assert {str((story.settlement.payout_at or story.now) - story.settlement.settled_at) for story in stories} == {
        f"{wait()} days, 0:00:00"
    }


@rule("P1")
@pytest.mark.parametrize(("least", "most"), [(3, 3), (1, 2)])
def test_how_many_days_is_the_policys(least: int, most: int) -> None:
    assert {wait(f"O-{number}", least_days=least, most_days=most) for number in range(20)} == set(range(least, most + 1))


# P2


@rule("P2")
@pytest.mark.parametrize("name", STATES)
def test_after_closed_the_escrow_is_exactly_nothing_and_the_sum_over_all_is_too(name: str) -> None:
    story = STATES[name]().to_the_end()
    sums = balances(story.events)
    assert sums.escrow == 0
    assert sums.buyer + sums.seller + sums.carrier == 0
    assert (sums.seller, sums.buyer + sums.carrier) == (story.settlement.release, -story.settlement.release)


# P3


@rule("P3")
@pytest.mark.parametrize(
    ("currency", "price", "delivery", "demand", "minor", "left"),
    [
        ("JPY", "5000", "500", "1", 1, "5499"),
        ("USD", "50.00", "5.00", "0.01", 1, "54.99"),
        ("KWD", "50.000", "5.000", "0.001", 1, "54.999"),
    ],
)
def test_amounts_are_whole_minor_units_of_the_orders_currency(
    currency: str, price: str, delivery: str, demand: str, minor: int, left: str
) -> None:
    story = Story(currency=currency, price=price, delivery=delivery).open(refund=demand).seller(c.Accept).to_the_end()
    assert (story.settlement.refund, story.money["seller"]) == (minor, left)
    assert story.money["escrow"].strip("0.") == ""


@rule("P3")
@pytest.mark.parametrize(("currency", "amount"), [("JPY", "1.0"), ("USD", "1.000"), ("KWD", "1.0000")])
def test_more_decimals_than_the_currency_has_are_malformed_whatever_else_is_wrong(currency: str, amount: str) -> None:
    for kind in (c.OpenDispute, c.EditDispute, c.Respond):
        with pytest.raises(Malformed):
            Story(currency=currency, price="10", delivery="0").give(kind, refund=amount)


@rule("P3")
@pytest.mark.parametrize("currency", ["XYZ", "usd", "", "XAU"])
def test_an_unknown_currency_is_malformed(currency: str) -> None:
    with pytest.raises(Malformed):
        Story(currency=currency, price="10", delivery="0")


@rule("P1", "P2")
@pytest.mark.parametrize("offer", ["0.01", "27.50", "54.99"])
def test_no_minor_unit_is_lost_in_a_split(offer: str) -> None:
    story = Story().open(refund="54.99").offer(offer).buyer(c.Accept).to_the_end()
    assert story.now >= day(7)
    assert balances(story.events).seller == 5500 - round(100 * float(offer))
