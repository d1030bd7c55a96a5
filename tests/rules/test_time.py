"""Time as the core knows it: K2, K3, K6, K7; the clock of a store is the service's."""

from datetime import timedelta

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.deadlines import deadlines
from dispute_cli.core.means import means
from dispute_cli.core.policy import days
from dispute_cli.core.words import Actor, Kind
from tests.given import POLICY, WHOLE, Story, day, policy_with, rule
from tests.rules.states import STATES

SECOND = timedelta(seconds=1)


def told(story: Story) -> list[tuple[str, str]]:
    """The events of the last stretch of time, each with the instant it fired at."""
    return [(f"{event.at:%d %b %H:%M:%S}", kind) for event, kind in zip(story.last, story.types, strict=True)]


@rule("K2")
def test_a_stretch_of_time_fires_each_deadline_at_its_own_instant_consequences_included() -> None:
    story = Story().open().day(30)
    payout = story.settlement.payout_at
    assert [event.at for event in story.last] == [day(5), day(5), payout, payout]
    assert story.types == ["seller_silent", "settled", "refund_paid", "closed"]


@rule("K2")
@pytest.mark.parametrize("name", [name for name in STATES if not name.startswith("closed")])
def test_a_deadline_fires_at_its_instant_and_not_one_second_before(name: str) -> None:
    story = STATES[name]()
    due = deadlines(story.order)[0]
    assert story.until(due.at - SECOND).types == []
    assert story.until(due.at).types
    assert {event.at for event in story.last} == {due.at}
    assert {event.by for event in story.last} == {Actor.CLOCK}


@rule("K2")
def test_at_one_instant_protection_ends_before_a_counter_does() -> None:
    story = Story().day(55).open()
    assert [due.kind for due in deadlines(story.order)] == [Kind.PROTECTION, Kind.SELLER_RESPONSE]
    story.day(60)
    assert told(story) == [("02 Mar 00:00:00", kind) for kind in ("protection_ended", "seller_silent", "settled")]


@rule("K2")
def test_at_one_instant_the_kinds_fire_in_their_order() -> None:
    answered = Story().day(50).open().offer()
    assert [due.kind for due in deadlines(answered.order)] == ["protection", "buyer_response"]
    assert answered.day(60).types == ["protection_ended", "escalated"]
    returned = Story().day(50).open(**WHOLE).seller(c.Accept)
    assert returned.day(60).types == ["protection_ended", "return_overdue", "settled", "closed"]
    sent = Story().day(45).open(**WHOLE).seller(c.Accept).buyer(c.SendReturn, tracking="R1")
    assert sent.day(60).types == ["protection_ended", "return_acknowledged", "settled"]


@rule("K2")
@pytest.mark.parametrize("parties", [("buyer", "seller"), ("seller", "buyer")])
def test_at_one_instant_the_buyers_window_closes_before_the_sellers(parties: tuple[str, str]) -> None:
    story = STATES["escalated, by the buyer"]()
    for party in parties:
        story.platform(c.RequestEvidence, from_=party)
    assert [due.actor for due in deadlines(story.order)] == ["buyer", "seller", "platform"]
    assert [str(getattr(event, "party", "")) for event in story.until(story.claim.windows[0].until).last] == ["buyer", "seller"]


@rule("K2")
def test_the_kinds_stand_in_the_order_in_which_they_fire() -> None:
    assert [kind.value for kind in Kind] == [
        "protection",
        "seller_response",
        "buyer_response",
        "return_send",
        "return_acknowledge",
        "evidence",
        "review",
        "payout",
    ]


@rule("K3")
@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("step", [timedelta(days=1), timedelta(days=7, hours=5), timedelta(hours=11, seconds=7)])
def test_however_time_is_split_the_same_comes_of_it(name: str, step: timedelta) -> None:
    whole, split = STATES[name](), STATES[name]()
    end = whole.now + timedelta(days=100)
    while split.now + step < end:
        split.until(split.now + step)
    assert split.until(end).events == whole.until(end).events
    assert (split.order, split.money) == (whole.order, whole.money)


@rule("K6")
def test_a_day_is_24_hours() -> None:
    assert days(1) == timedelta(hours=24)
    summer = Story().day(50).open()
    assert summer.deadlines["seller_response"] - summer.now == timedelta(hours=5 * 24)


@rule("K6")
def test_a_counter_runs_from_the_second_it_started() -> None:
    story = Story().day(2, 12_345).open()
    assert story.deadlines["seller_response"] == day(7, 12_345)
    assert story.day(7, 12_344).order.status == "awaiting_seller"
    assert story.day(7, 12_345).order.cause == "seller_silent"


@rule("K7", "E4")
@pytest.mark.parametrize("asked", [False, True])
def test_protection_that_ends_under_a_dispute_fires_and_moves_nothing(asked: bool) -> None:
    story = Story(policy=policy_with(answering={"buyer_days": 30})).day(50).open().offer()
    if asked:
        story.buyer(c.ExtendProtection, days=5)
    before = (story.order.dispute, story.money, story.deadlines["buyer_response"])
    story.day(60)
    assert story.types == ["protection_ended", *(["extension_lapsed"] if asked else [])]
    assert (story.order.dispute, story.money, story.deadlines["buyer_response"]) == before
    assert story.order.status == "awaiting_buyer"


@rule("K7")
def test_a_request_lapses_with_protection_outside_a_dispute_too() -> None:
    assert Story().buyer(c.ExtendProtection, days=5).day(60).types == ["protection_ended", "extension_lapsed", "settled", "closed"]


MEANT = [
    ("protected", "protection", "protection ends: 55.00 USD is released to the seller."),
    ("awaiting_seller, a part", "protection", "protection ends, nothing moves while the dispute is open; a cancel afterwards releases the escrow to the seller."),
    ("awaiting_seller, a part", "seller_response", "if the seller says nothing, the dispute is resolved for the buyer: 20.00 USD refunded, no return."),
    ("awaiting_buyer, less", "buyer_response", "if the buyer does not answer, the dispute turns into a claim frozen at 10.00 USD."),
    ("awaiting_return, by the seller", "return_send", "if the parcel is not sent back, 55.00 USD is released to the seller."),
    ("return_shipped", "return_acknowledge", "if the seller says nothing, the return counts as received: 55.00 USD refunded."),
    ("escalated, the buyer asked", "evidence", "evidence is locked again for the buyer."),
    ("escalated, the buyer asked", "review", "without a ruling the claim is settled automatically at 20.00 USD."),
]


@rule("A4")
@pytest.mark.parametrize(("name", "kind", "says"), MEANT)
def test_what_a_deadline_means_is_said_in_one_sentence(name: str, kind: str, says: str) -> None:
    order = STATES[name]().order
    (due,) = (due for due in deadlines(order) if due.kind == kind)
    assert means(order, due, POLICY) == says


@rule("A4")
def test_what_the_payout_means_is_said_in_one_sentence() -> None:
    order = Story().open().seller(c.Accept).order
    assert means(order, deadlines(order)[0], POLICY) == "the refund of 20.00 USD is paid to the buyer, and the order is closed."
