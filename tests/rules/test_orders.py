"""Orders and escrow: E1 to E7."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.decide import create
from dispute_cli.core.events import OrderCreated
from dispute_cli.core.ledger import all_postings, balances
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.moment import Moment
from dispute_cli.core.refusal import Refusal
from dispute_cli.core.words import Actor, Status
from tests.given import POLICY, START, Story, day, policy_with, rule
from tests.rules.states import OPEN, SETTLED, STATES, UNDISPUTED, reached

NOT_CLOSED = [name for name in STATES if not name.startswith("closed")]


def lines(id: str = "P-1", taken: bool = False, **fields: Any) -> list[OrderCreated]:
    """The lines that a purchase makes."""
    events = create(c.CreateOrder(id=id, **fields), taken, Moment(START, POLICY, 0))
    return [event for event in events if isinstance(event, OrderCreated)]


def refused(rule: str, **fields: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        lines(**fields)
    assert [fault.rule for fault in caught.value.faults] == rule.split()
    return caught.value


# E1


@rule("E1")
def test_a_purchase_makes_a_line_for_each_product_with_its_own_escrow() -> None:
    made = lines(item=("Cup=10.00", "Pot=20.00"), delivery="3.00")
    assert [(line.order, line.title, line.price) for line in made] == [("P-1/1", "Cup", 1000), ("P-1/2", "Pot", 2000)]
    escrows = {posting.account: posting.amount for posting in all_postings(made) if posting.account.startswith("escrow/")}
    assert escrows == {"escrow/P-1/1": 1100, "escrow/P-1/2": 2200}


@rule("E1")
@pytest.mark.parametrize("party", ["buyer", "seller"])
@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_buyer_and_seller_have_names_that_say_something(party: str, name: str) -> None:
    with pytest.raises(Malformed, match="is blank") as caught:
        c.CreateOrder(id="O-1", price="10.00", **{party: name}).check()  # type: ignore[arg-type]  # the field is named at run time
    assert caught.value.field == party


@rule("E1")
def test_an_order_of_one_product_keeps_its_bare_id() -> None:
    assert [line.order for line in lines(price="10.00")] == ["P-1"]
    assert [line.order for line in lines(item=("Cup=10.00",))] == ["P-1/1"]


@rule("E1", "P3")
@pytest.mark.parametrize(
    ("prices", "delivery", "currency", "shares"),
    [
        (("10", "10", "10"), "1.00", "USD", [34, 33, 33]),
        (("10", "10"), "0.01", "USD", [1, 0]),
        (("1", "2", "3"), "0.01", "USD", [0, 0, 1]),
        (("1", "2", "3"), "0.02", "USD", [0, 1, 1]),
        (("5", "5", "5", "5"), "0.03", "USD", [1, 1, 1, 0]),
        (("100", "200"), "100", "JPY", [33, 67]),
        (("1.000", "2.000"), "1.000", "KWD", [333, 667]),
        (("10", "20"), "0", "USD", [0, 0]),
    ],
)
def test_delivery_is_shared_in_proportion_to_price_to_the_last_minor_unit(
    prices: tuple[str, ...], delivery: str, currency: str, shares: list[int]
) -> None:
    made = lines(item=tuple(f"Thing={price}" for price in prices), delivery=delivery, currency=currency)
    assert [line.delivery for line in made] == shares


@rule("E1")
def test_an_item_splits_at_its_last_equals_sign() -> None:
    assert [(line.title, line.price) for line in lines(item=("a=b=1.00",))] == [("a=b", 100)]


@rule("E1")
@pytest.mark.parametrize("fields", [{"price": "10.00"}, {"item": ("Cup=10.00",)}])
def test_an_id_used_before_is_refused(fields: dict[str, Any]) -> None:
    refused("E1", taken=True, **fields)


@rule("E1")
@pytest.mark.parametrize("id", ["P-1/1", "", "a b", "é", "x" * 65])
def test_an_id_that_nobody_may_choose_is_malformed(id: str) -> None:
    with pytest.raises(Malformed):
        lines(id=id, price="10.00")


@rule("E1")
@pytest.mark.parametrize("id", ["x", "x" * 64, "A-1_b.C"])
def test_an_id_of_letters_digits_and_marks_is_taken(id: str) -> None:
    assert [line.order for line in lines(id=id, price="10.00")] == [id]


@rule("E1")
@pytest.mark.parametrize(
    "fields",
    [{}, {"price": "10.00", "item": ("Cup=1.00",)}, {"item": ("Cup",)}, {"item": ("=1.00",)}, {"item": ("Cup=1.00",), "title": "Cup"}],
)
def test_an_order_has_either_a_price_or_items(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        lines(**fields)


@rule("E1", "E6", "E7")
def test_all_that_is_wrong_with_an_order_is_told_in_the_books_order() -> None:
    refused("E1 E6 E7", taken=True, price="0", deliver_by="2025-01-01")


# E2


@rule("E2")
@pytest.mark.parametrize(("price", "delivery", "held"), [("50.00", "5.00", 5500), ("50.00", "0", 5000), ("0.01", "0.02", 3)])
def test_once_paid_the_order_holds_price_and_delivery_and_the_seller_has_nothing(price: str, delivery: str, held: int) -> None:
    story = Story(price=price, delivery=delivery)
    sums = balances(story.events)
    assert (sums.buyer, sums.escrow, sums.seller, sums.carrier) == (-held, held, 0, 0)
    assert story.order.total == held


@rule("E2")
@pytest.mark.parametrize("name", UNDISPUTED + OPEN)
def test_the_escrow_is_whole_and_the_seller_has_nothing_until_release(name: str) -> None:
    money = STATES[name]().money
    assert (money["escrow"], money["seller"]) == ("55.00", "0.00")


# E3


@rule("E3")
def test_confirming_receipt_releases_everything_to_the_seller() -> None:
    story = Story().day(3).buyer(c.Confirm)
    assert story.types == ["receipt_confirmed", "settled", "closed"]
    assert (story.order.status, story.order.cause, story.order.outcome) == ("closed", "confirmed", "released")
    assert story.money == {"buyer": "-55.00", "seller": "55.00", "escrow": "0.00", "carrier": "0.00"}
    assert story.settlement.settled_at == day(3)


@rule("E3")
def test_confirming_needs_consent() -> None:
    assert "55.00" in Story().needs_consent("E3", c.Confirm).message


@rule("E3")
@pytest.mark.parametrize("name", OPEN)
def test_confirming_is_refused_while_a_dispute_is_open(name: str) -> None:
    STATES[name]().refused("E3", c.Confirm)


@rule("E3")
@pytest.mark.parametrize("name", [name for name in SETTLED if "ruling" not in name])
def test_a_settled_order_is_never_released_twice(name: str) -> None:
    STATES[name]().refused("E3", c.Confirm)


@rule("E3", "E4", "K2")
def test_the_end_of_protection_releases_to_the_seller_at_its_own_instant() -> None:
    story = Story().day(60, -1)
    assert (story.order.status, story.money["seller"]) == ("protected", "0.00")
    story.day(60)
    assert story.types == ["protection_ended", "settled", "closed"]
    assert (story.order.status, story.order.cause, story.order.outcome) == ("closed", "protection_ended", "released")
    assert story.money["seller"] == "55.00"


@rule("E3")
def test_receipt_is_confirmed_up_to_one_second_before_the_end_of_protection() -> None:
    assert Story().day(60, -1).buyer(c.Confirm).order.cause == "confirmed"
    Story().day(60).refused("E3", c.Confirm)


@rule("E3")
def test_receipt_is_confirmed_after_a_cancel() -> None:
    assert Story().open().buyer(c.Cancel).buyer(c.Confirm).order.cause == "confirmed"


# E4


@rule("E4")
@pytest.mark.parametrize("days", [31, 60, 90])
def test_protection_runs_as_long_as_the_policy_says(days: int) -> None:
    story = Story(policy=policy_with(protection={"days": days}))
    assert story.deadlines["protection"] == day(days)
    assert story.day(days, -1).order.status is Status.PROTECTED
    assert story.day(days).order.status is Status.CLOSED


@rule("E4", "K7")
def test_protection_goes_on_running_under_a_dispute_but_cannot_release() -> None:
    story = Story().day(57).open().day(60, -1)
    assert story.order.protection.runs
    story.day(60)
    assert story.types == ["protection_ended"]
    assert not story.order.protection.runs
    assert (story.order.status, story.money["escrow"]) == ("awaiting_seller", "55.00")


# E5


@rule("E5")
@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("actor", [Actor.BUYER, Actor.SELLER, Actor.PLATFORM])
def test_a_message_never_moves_money(name: str, actor: Actor) -> None:
    story = STATES[name]()
    before = (story.money, story.order.status, story.deadlines)
    story.give(c.SendMessage, actor=actor, text="please send the money back")
    assert (story.money, story.order.status, story.deadlines) == before


@rule("E5")
@pytest.mark.parametrize("name", [*UNDISPUTED, "closed, confirmed", "closed, protection_ended"])
@pytest.mark.parametrize("kind", [c.Cancel, c.EditDispute, c.Accept])
def test_outside_a_dispute_nobody_can_refund_or_cancel(name: str, kind: type[c.Command]) -> None:
    STATES[name]().refused("E5", kind)


@rule("E5")
@pytest.mark.parametrize("name", UNDISPUTED)
def test_outside_a_dispute_the_seller_cannot_refund(name: str) -> None:
    story = STATES[name]()
    story.refused("E5", c.Respond, refund="10.00")
    story.refused("E5", c.Accept, actor=Actor.SELLER)


@rule("E5", "W2")
@pytest.mark.parametrize(
    "name", ["settling, seller_silent", "closed, dropped", "closed, cancelled", "closed, return_overdue", "closed, concession"]
)
@pytest.mark.parametrize("kind", [c.Cancel, c.EditDispute, c.Accept])
def test_a_settled_order_that_keeps_its_dispute_is_told_of_its_status(name: str, kind: type[c.Command]) -> None:
    STATES[name]().refused("W2", kind)


# E6


@rule("E6")
@pytest.mark.parametrize("name", NOT_CLOSED)
def test_facts_of_shipping_are_recorded_in_every_status_but_closed_and_decide_nothing(name: str) -> None:
    story = STATES[name]()
    before = (story.order.status, story.money, story.deadlines, story.order.dispute)
    story.seller(c.Ship, tracking="T9").platform(c.Deliver)
    assert (story.order.shipped_at, story.order.delivered_at, story.order.tracking) == (story.now, story.now, "T9")
    assert (story.order.status, story.money, story.deadlines, story.order.dispute) == before


@rule("E6")
@pytest.mark.parametrize("name", reached("closed"))
def test_on_a_closed_order_no_fact_of_shipping_is_recorded(name: str) -> None:
    story = STATES[name]()
    story.refused("E6", c.Ship, tracking="T9")
    story.refused("E6", c.Deliver)


@rule("E6")
def test_a_parcel_sent_again_shows_the_newest_tracking_and_is_not_delivered_yet() -> None:
    story = Story().day(1).seller(c.Ship, tracking="T1").day(5).platform(c.Deliver).day(9).seller(c.Ship, tracking="T2")
    assert (story.order.tracking, story.order.shipped_at, story.order.delivered_at) == ("T2", day(9), None)
    story.day(12).platform(c.Deliver)
    assert story.order.delivered_at == day(12)
    assert [event.at for event in story.events if type(event).__name__ == "Shipped"] == [day(1), day(9)]


@rule("E6")
def test_delivery_needs_no_shipping_and_is_recorded_once() -> None:
    story = Story().day(2).platform(c.Deliver)
    assert (story.order.delivered_at, story.order.shipped_at) == (day(2), None)
    story.refused("E6", c.Deliver)


@rule("E6")
@pytest.mark.parametrize("tracking", ["", " ", "\u200b"])
def test_a_blank_tracking_is_malformed(tracking: str) -> None:
    with pytest.raises(Malformed):
        c.Ship(id="O-1", tracking=tracking)


@rule("E6")
def test_the_promised_delivery_date_is_the_policys_unless_given() -> None:
    assert Story().order.deliver_by == day(30)
    assert Story(policy=policy_with(delivery={"promised_days": 12})).order.deliver_by == day(12)
    assert Story(deliver_by="2026-01-15").order.deliver_by == day(14)


@rule("E6")
@pytest.mark.parametrize("deliver_by", ["2026-01-01T00:00:00Z", "2026-03-01T23:59:59Z"])
def test_a_promised_date_from_payment_to_the_last_second_of_protection_is_taken(deliver_by: str) -> None:
    assert lines(price="10.00", deliver_by=deliver_by)


@rule("E6")
@pytest.mark.parametrize("deliver_by", ["2025-12-31T23:59:59Z", "2026-03-02T00:00:00Z", "2026-03-02T00:00:01Z"])
def test_a_promised_date_before_payment_or_not_before_the_end_of_protection_is_refused(deliver_by: str) -> None:
    refused("E6", price="10.00", deliver_by=deliver_by)


# E7


@rule("E7")
@pytest.mark.parametrize("fields", [{"price": "0"}, {"price": "0.00"}, {"item": ("Cup=1.00", "Gift=0")}])
def test_a_price_of_nothing_is_refused(fields: dict[str, Any]) -> None:
    refused("E7", **fields)


@rule("E7")
@pytest.mark.parametrize(
    ("price", "delivery"), [("0.01", "0"), ("1", "0.00"), ("1", "0.01"), ("9999999999999.99", "0"), ("000000000001.00", "0")]
)
def test_a_price_above_nothing_and_a_delivery_from_nothing_are_taken(price: str, delivery: str) -> None:
    assert lines(price=price, delivery=delivery)


@rule("E7", "P3")
@pytest.mark.parametrize("amount", ["-1", "-0.01", "10000000000000.00", "0000000000000001", "1.001", "1,00", "", "full", "1e3"])
@pytest.mark.parametrize("name", ["price", "delivery"])
def test_an_amount_that_is_none_or_has_more_than_fifteen_digits_is_malformed(name: str, amount: str) -> None:
    amounts: dict[str, Any] = {"price": "1.00", name: amount}
    with pytest.raises(Malformed):
        lines(**amounts)
