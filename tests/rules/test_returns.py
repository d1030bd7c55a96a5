"""Returns: T1 and T2."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.words import Actor
from tests.given import PHOTO, WHOLE, Story, day, policy_with, rule
from tests.rules.states import STATES, reached

SENT: dict[str, Any] = {"tracking": "R1"}


def agreed(**policy: Any) -> Story:
    """The whole, accepted by the seller on day 0: to be sent by day 10."""
    return Story(policy=policy_with(returns=policy)).open(**WHOLE).seller(c.Accept)


def bought(refund: str = "10.00") -> Story:
    """An offer with return, accepted by the buyer on day 0."""
    return Story().open().offer(refund, with_return=True).buyer(c.Accept)


def sent(**fields: Any) -> Story:
    """Sent back on day 9: to be acknowledged by day 24."""
    return agreed().day(9).buyer(c.SendReturn, **SENT | fields)


# T1


@rule("T1")
@pytest.mark.parametrize("build", [agreed, bought])
def test_an_agreed_return_waits_for_the_buyer_and_moves_no_money(build: Any) -> None:
    story = build()
    assert (story.order.status, story.deadlines["return_send"]) == ("awaiting_return", day(10))
    assert (story.order.settlement, story.money["escrow"]) == (None, "55.00")


@rule("T1")
def test_the_parcel_is_sent_with_tracking_up_to_one_second_before_the_deadline() -> None:
    story = agreed().day(10, -1).buyer(c.SendReturn, **SENT)
    assert story.types == ["return_sent"]
    assert (story.order.status, story.returning.tracking, story.returning.sent_at) == ("return_shipped", "R1", day(10, -1))


@rule("T1", "K2")
def test_a_parcel_not_sent_in_time_releases_the_escrow() -> None:
    story = agreed().day(10)
    assert story.types == ["return_overdue", "settled", "closed"]
    assert (story.order.status, story.order.cause, story.order.outcome) == ("closed", "return_overdue", "released")
    assert (story.money["seller"], story.dispute.number, story.returning.sent_at) == ("55.00", 1, None)
    story.refused("W2", c.SendReturn, **SENT)


@rule("T1", "P2")
@pytest.mark.parametrize(
    ("postage", "carrier", "buyer"),
    [
        (None, "0.00", "-55.00"),
        ("0", "0.00", "-55.00"),
        ("0.01", "0.01", "-55.01"),
        ("8.40", "8.40", "-63.40"),
        ("100", "100.00", "-155.00"),
    ],
)
def test_the_postage_is_booked_from_buyer_to_carrier(postage: str | None, carrier: str, buyer: str) -> None:
    assert sent(postage=postage).money == {"buyer": buyer, "seller": "0.00", "escrow": "55.00", "carrier": carrier}


@rule("T1")
@pytest.mark.parametrize("fields", [{"tracking": ""}, {"tracking": " "}, SENT | {"postage": "-1"}, SENT | {"postage": "full"}])
def test_a_blank_tracking_or_a_postage_that_is_no_amount_is_malformed(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        c.SendReturn(id="O-1", **fields)


@rule("T1", "P3")
def test_a_postage_with_too_many_decimals_is_malformed() -> None:
    with pytest.raises(Malformed):
        agreed().buyer(c.SendReturn, tracking="R1", postage="8.401")


@rule("T1")
def test_how_long_a_return_may_take_is_the_policys() -> None:
    story = agreed(send_days=3, acknowledge_days=4)
    assert story.deadlines["return_send"] == day(3)
    assert story.day(1).buyer(c.SendReturn, **SENT).deadlines["return_acknowledge"] == day(5)


@rule("T1", "W2")
@pytest.mark.parametrize("name", [name for name in STATES if not name.startswith("awaiting_return") and "ruling" not in name])
def test_nothing_is_sent_back_where_no_return_is_awaited(name: str) -> None:
    STATES[name]().refused("W2", c.SendReturn, **SENT)


@rule("T1", "T2", "W1")
def test_the_buyer_sends_and_the_seller_receives() -> None:
    agreed().refused("W1", c.SendReturn, actor=Actor.SELLER, **SENT)
    sent().refused("W1", c.AcknowledgeReturn, actor=Actor.BUYER)
    sent().refused("W1", c.RefuseReturn, actor=Actor.PLATFORM, reason="empty")


# T2


@rule("T2")
@pytest.mark.parametrize("at", [9, 15, 23])
def test_an_acknowledged_return_settles_the_agreed_refund(at: int) -> None:
    story = sent().day(at).seller(c.AcknowledgeReturn)
    assert story.types == ["return_acknowledged", "settled"]
    assert (story.order.status, story.order.cause, story.settlement.refund) == ("settling", "seller_accepted", 5500)
    assert story.returning.acknowledged_at == day(at)


@rule("T2")
@pytest.mark.parametrize(("build", "refund", "cause"), [(agreed, 5500, "seller_accepted"), (bought, 1000, "buyer_accepted")])
def test_the_cause_is_that_of_the_agreement(build: Any, refund: int, cause: str) -> None:
    story = build().buyer(c.SendReturn, **SENT).seller(c.AcknowledgeReturn)
    assert (story.settlement.refund, story.settlement.release, story.order.cause) == (refund, 5500 - refund, cause)


@rule("T2", "K2")
def test_silence_counts_as_received() -> None:
    story = sent().day(24, -1)
    assert story.order.status == "return_shipped"
    story.day(24)
    assert story.types == ["return_acknowledged", "settled"]
    assert (story.last[0].by, story.settlement.refund, story.returning.acknowledged_at) == ("clock", 5500, day(24))


@rule("T2")
@pytest.mark.parametrize(("build", "amount"), [(agreed, 5500), (bought, 1000)])
def test_a_refused_return_escalates_at_the_agreed_refund_by_the_seller(build: Any, amount: int) -> None:
    story = build().buyer(c.SendReturn, **SENT).day(15, -1).seller(c.RefuseReturn, reason="an empty box")
    assert story.types == ["return_refused", "escalated", "evidence_requested", "evidence_requested"]
    assert (story.order.status, story.claim.amount, story.claim.by) == ("escalated", amount, "seller")
    assert (story.claim.escalated_at, story.deadlines["review"]) == (day(15, -1), day(75, -1))
    assert not story.order.protection.runs


@rule("T2", "V6")
@pytest.mark.parametrize("actor", [Actor.BUYER, Actor.SELLER])
def test_after_a_refused_return_evidence_is_open_to_both_for_a_while(actor: Actor) -> None:
    story = sent().day(20).seller(c.RefuseReturn, reason="an empty box").day(27, -1)
    story.give(c.AddEvidence, actor=actor, file=("photo.png",), files=(PHOTO,))
    story.day(27)
    assert story.types == ["evidence_closed", "evidence_closed"]
    story.refused("V6", c.AddEvidence, actor=actor, file=("photo.png",), files=(PHOTO,))


@rule("T2")
def test_how_long_evidence_is_open_after_a_refusal_is_the_policys_and_ends_with_the_review() -> None:
    returns, escalation = {"refused_evidence_days": 30}, {"rule_from_days": 2, "review_days": 12}
    for policy, until in ((policy_with(returns=returns), 30), (policy_with(returns=returns, escalation=escalation), 12)):
        story = Story(policy=policy).open(**WHOLE).seller(c.Accept).buyer(c.SendReturn, **SENT).seller(c.RefuseReturn, reason="empty")
        assert {window.until for window in story.claim.windows} == {day(until)}


@rule("T2", "C6")
def test_the_review_of_a_refused_return_counts_from_the_refusal() -> None:
    story = sent().day(20).seller(c.RefuseReturn, reason="an empty box").day(35, -1)
    story.refused("C6", c.Rule, refund="full", reason="so")
    assert story.day(35).platform(c.Rule, refund="full", reason="so").order.cause == "ruling"


@rule("T2", "C5", "C7")
def test_a_claim_of_a_refused_return_is_conceded_dropped_or_settled_by_default_like_any_other() -> None:
    refused = STATES["escalated, a return refused"]
    assert refused().seller(c.Accept).buyer(c.Cancel).settlement.refund == 5500
    assert refused().buyer(c.Cancel).order.cause == "dropped"
    assert refused().day(63).settlement.refund == 5500


@rule("T2")
@pytest.mark.parametrize("reason", ["", " "])
def test_a_refusal_has_a_reason(reason: str) -> None:
    with pytest.raises(Malformed):
        c.RefuseReturn(id="O-1", reason=reason)


@rule("T2", "W2")
@pytest.mark.parametrize("name", [name for name in STATES if not name.startswith("return_shipped") and "ruling" not in name])
def test_nothing_is_received_where_nothing_was_sent_back(name: str) -> None:
    STATES[name]().refused("W2", c.AcknowledgeReturn)
    STATES[name]().refused("W2", c.RefuseReturn, reason="empty")


@rule("T2", "V5")
@pytest.mark.parametrize("name", reached("return_shipped"))
def test_while_the_parcel_travels_evidence_is_still_open(name: str) -> None:
    assert STATES[name]().seller(c.AddEvidence, file=("photo.png",), files=(PHOTO,)).types == ["evidence_added"]
