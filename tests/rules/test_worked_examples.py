"""The six worked examples of the rule book, through the core alone, to the last amount and instant."""

from dispute_cli.core import commands as c
from tests.given import DEFECTIVE, NOT_RECEIVED, PHOTO, WHOLE, Story, day, rule

OPENED = DEFECTIVE | {"files": (PHOTO, PHOTO)}


@rule("N3", "P1")
def test_1_a_silent_seller_loses_the_demand() -> None:
    story = Story().day(31)
    story.open(**NOT_RECEIVED)
    assert story.order.dispute and story.order.dispute.demand.refund == 5500
    story.day(61)
    assert story.order.settlement and story.order.settlement.settled_at == day(36)
    assert story.order.settlement.paid_at and day(43) <= story.order.settlement.paid_at <= day(46)
    assert (story.order.status, story.order.cause, story.order.outcome) == ("closed", "seller_silent", "refunded")
    assert story.money == {"buyer": "0.00", "seller": "0.00", "escrow": "0.00", "carrier": "0.00"}


@rule("N1", "N2", "N7", "P1")
def test_2_a_partial_refund_is_agreed_after_an_edit() -> None:
    story = Story().open(**OPENED).day(2).offer("10.00").day(3)
    story.buyer(c.EditDispute, reason="defective", refund="15.00", with_return=False)
    assert story.deadlines["seller_response"] == day(8)
    story.day(4).seller(c.Accept)
    assert story.money == {"buyer": "-55.00", "seller": "40.00", "escrow": "15.00", "carrier": "0.00"}
    story.to_the_end()
    assert story.order.settlement and story.order.settlement.paid_at and day(11) <= story.order.settlement.paid_at <= day(14)
    assert story.money == {"buyer": "-40.00", "seller": "40.00", "escrow": "0.00", "carrier": "0.00"}


@rule("C3", "C4", "C7")
def test_3_silence_on_a_rejection_is_a_claim_of_nothing() -> None:
    story = Story().open(**OPENED).day(2).seller(c.Respond, reject=True).day(12)
    claim = story.order.dispute and story.order.dispute.claim
    assert claim and (claim.amount, claim.by, claim.escalated_at) == (0, "clock", day(12))
    story.day(72, -1)
    assert story.order.status == "escalated"
    story.day(72)
    assert (story.order.status, story.order.cause, story.order.outcome) == ("closed", "default_ruling", "released")
    assert story.money["seller"] == "55.00"


@rule("C1", "C4", "C6", "C8", "V6")
def test_4_an_escalation_is_ruled_and_final() -> None:
    story = Story().open(**OPENED).day(2).offer("5.00").day(3).buyer(c.Escalate, confirm=True)
    story.refused("V6", c.AddEvidence, file=("photo.png",), files=(PHOTO,))
    story.day(5).platform(c.RequestEvidence, party="buyer").day(6).buyer(c.AddEvidence, file=("photo.png",), files=(PHOTO,))
    story.day(23).platform(c.Rule, refund="20.00", reason="the photos show it")
    assert story.money == {"buyer": "-55.00", "seller": "35.00", "escrow": "20.00", "carrier": "0.00"}
    story.refused("C8", c.Rule, refund="20.00", reason="again")
    story.refused("C8", c.EditDispute, refund="20.00")
    story.refused("C8", c.Cancel)
    story.to_the_end()
    assert story.order.settlement and story.order.settlement.paid_at and day(30) <= story.order.settlement.paid_at <= day(33)
    assert story.money["buyer"] == "-35.00"


@rule("N6", "X1", "D12")
def test_5_a_promise_is_broken_and_the_dispute_reopened() -> None:
    story = Story().day(31).open(**NOT_RECEIVED).day(33).seller(c.Respond, promise="I send it again")
    story.day(34).buyer(c.ExtendProtection, days=20).day(35).seller(c.ExtendProtection, grant=True)
    assert story.deadlines["protection"] == day(80)
    story.day(36).needs_consent("N5", c.Accept)
    story.buyer(c.Accept)
    assert (story.order.status, story.order.dispute) == ("protected", None)
    story.day(70).open(**NOT_RECEIVED)
    assert story.order.dispute and (story.order.dispute.number, story.order.dispute.reopens) == (2, 1)


@rule("T1", "T2", "P2")
def test_6_a_return_is_acknowledged_by_silence() -> None:
    story = Story().open(**WHOLE).day(2).seller(c.Accept)
    assert story.deadlines["return_send"] == day(12)
    story.day(9).buyer(c.SendReturn, tracking="R1", postage="8.40").day(24)
    assert story.order.returning and story.order.returning.acknowledged_at == day(24)
    assert story.order.settlement and story.order.settlement.payout_at and day(31) <= story.order.settlement.payout_at <= day(34)
    story.to_the_end()
    assert (story.order.status, story.order.cause) == ("closed", "seller_accepted")
    assert story.money == {"buyer": "-8.40", "seller": "0.00", "escrow": "0.00", "carrier": "8.40"}
