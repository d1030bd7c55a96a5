"""What a policy may choose instead of the rule book's own way: each choice, and what it changes."""

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core.advice import on_page
from dispute_cli.core.deadlines import soonest
from dispute_cli.core.ledger import balances
from dispute_cli.core.lifecycle import changes, possible
from dispute_cli.core.means import means
from dispute_cli.core.policy import Policy
from dispute_cli.core.words import Actor, Cause, Status
from tests.given import DEFECTIVE, NOT_RECEIVED, PHOTO, Story, day, policy_with, rule

LOST = NOT_RECEIVED | {"reason": "wrong_tracking"}


def opened(policy: Policy, **form: object) -> Story:
    return Story(policy=policy).buyer(c.OpenDispute, files=(PHOTO,), **(DEFECTIVE | form))


def answered(policy: Policy, **terms: object) -> Story:
    return opened(policy).seller(c.Respond, **(terms or {"refund": "10.00"}))


def told(story: Story) -> str:
    due = soonest(story.order)
    assert due
    return means(story.order, due, story.policy)


@rule("E4")
def test_protection_may_run_from_the_promised_delivery_date() -> None:
    story = Story(policy=policy_with(protection={"counted_from": "deliver_by"}), deliver_by="2026-01-11")
    assert story.order.protection.ends_at == day(10 + 60)
    late = Story(policy=policy_with(protection={"counted_from": "deliver_by"}), deliver_by="2026-12-31")
    assert late.order.protection.ends_at == day(364 + 60)


@rule("D1")
@pytest.mark.parametrize(("origin", "first"), [("paid", 6), ("deliver_by", 36)])
def test_a_dispute_may_be_opened_only_some_days_after_payment_or_the_promised_date(origin: str, first: int) -> None:
    story = Story(policy=policy_with(opening={"not_before_days": 6, "not_before_from": origin}))
    story.until(day(first, -1)).refused("D1", c.OpenDispute, **LOST)
    assert "open" not in [row.command for row in possible(story.order, story.moment())]
    story.until(day(first)).buyer(c.OpenDispute, **LOST)


@rule("D1")
def test_a_dispute_may_be_opened_only_some_days_after_shipping() -> None:
    story = Story(policy=policy_with(opening={"not_before_days": 6, "not_before_from": "shipped"})).day(20)
    story.refused("D1", c.OpenDispute, **LOST)
    story.seller(c.Ship, tracking="LP1").until(day(26, -1)).refused("D1", c.OpenDispute, **LOST)
    story.until(day(26)).buyer(c.OpenDispute, **LOST)


@rule("N10")
def test_a_marketplace_may_know_no_second_dispute() -> None:
    story = opened(policy_with(opening={"again": False})).buyer(c.Cancel)
    story.refused("N10", c.OpenDispute, **LOST)
    assert "open" not in [row.command for row in possible(story.order, story.moment())]


@rule("N3")
def test_a_silent_seller_may_be_escalated_at_the_demand() -> None:
    story = opened(policy_with(answering={"seller_silent": "escalate"}))
    assert told(story) == "if the seller says nothing, the dispute turns into a claim frozen at 20.00 USD."
    story.day(5)
    assert [type(event) for event in story.last] == [e.SellerSilent, e.Escalated]
    claim = story.order.dispute and story.order.dispute.claim
    assert claim
    assert (claim.amount, claim.by) == (2000, Actor.CLOCK)


@rule("C3")
def test_a_silent_buyer_may_have_taken_the_offer() -> None:
    story = answered(policy_with(answering={"buyer_silent": "accept"}))
    assert told(story) == "if the buyer does not answer, the offer of 10.00 USD counts as accepted."
    assert any("counts as accepted" in piece.message for piece in on_page(story.order, story.moment()) if piece.code == "A3")
    story.day(10)
    assert (story.order.status, story.order.cause) == (Status.SETTLING, Cause.BUYER_SILENT)
    assert story.order.settlement
    assert story.order.settlement.refund == 1000


@rule("C3")
def test_an_offer_taken_by_silence_asks_its_return() -> None:
    story = answered(policy_with(answering={"buyer_silent": "accept"}), refund="10.00", with_return=True).day(10)
    assert story.order.status is Status.AWAITING_RETURN


@rule("C3")
def test_a_promise_taken_by_silence_ends_the_dispute() -> None:
    story = answered(policy_with(answering={"buyer_silent": "accept"}), promise="Another one")
    assert told(story) == "if the buyer does not answer, the promise counts as accepted."
    story.day(10)
    assert (story.order.status, story.order.dispute) == (Status.PROTECTED, None)


@rule("C3")
def test_a_silent_buyer_may_have_given_up() -> None:
    story = answered(policy_with(answering={"buyer_silent": "close"}))
    assert told(story) == "if the buyer does not answer, the dispute is closed and 55.00 USD released to the seller."
    story.day(10)
    assert (story.order.status, story.order.cause) == (Status.CLOSED, Cause.BUYER_SILENT)
    story.refused("D1", c.OpenDispute, **LOST)


@rule("C1", "W1")
def test_either_party_may_escalate_where_the_policy_says_so() -> None:
    answered(policy_with()).refused("W1", c.Escalate, actor=Actor.SELLER, confirm=True)
    story = answered(policy_with(escalation={"who": "either"}))
    assert (Actor.SELLER, "escalate") in [(row.actor, row.command) for row in possible(story.order, story.moment())]
    story.seller(c.Escalate, confirm=True)
    claim = story.order.dispute and story.order.dispute.claim
    assert claim
    assert (claim.amount, claim.by) == (2000, Actor.SELLER)


@rule("C1")
def test_a_dispute_may_be_escalated_for_some_days_alone() -> None:
    story = answered(policy_with(escalation={"until_days": 4}))
    assert (Actor.BUYER, "escalate") in [(row.actor, row.command) for row in possible(story.until(day(4, -1)).order, story.moment())]
    assert day(4) in changes(story.order, story.policy)
    story.until(day(4)).refused("C1", c.Escalate, confirm=True)
    assert (Actor.BUYER, "escalate") not in [(row.actor, row.command) for row in possible(story.order, story.moment())]


@rule("V6")
def test_a_claim_may_leave_evidence_open() -> None:
    story = answered(policy_with(escalation={"evidence": "open"})).buyer(c.Escalate, confirm=True)
    story.buyer(c.AddEvidence, files=(PHOTO,), file=("photo.png",)).seller(c.AddEvidence, link=("https://example.com/a",))
    assert len(story.order.evidence) == 3
    until = {(row.actor, row.command): row.until for row in possible(story.order, story.moment())}
    assert until[Actor.BUYER, "add-evidence"] == day(60)
    negotiating = answered(policy_with(escalation={"evidence": "open"}))
    assert "A7" not in [piece.code for piece in on_page(negotiating.order, negotiating.moment())]


@rule("V2")
def test_a_party_may_be_allowed_some_files_alone() -> None:
    two = policy_with(evidence={"most_files": 2})
    Story(policy=two).refused("V2", c.OpenDispute, files=(PHOTO, PHOTO, PHOTO), **DEFECTIVE)
    story = opened(two).buyer(c.AddEvidence, files=(PHOTO,), file=("a.png",))
    story.refused("V2", c.AddEvidence, files=(PHOTO,), file=("b.png",))
    story.buyer(c.AddEvidence, link=("https://example.com/a",)).give(c.AddEvidence, actor=Actor.SELLER, files=(PHOTO,), file=("c.png",))


@rule("T1", "A2")
def test_the_seller_may_pay_for_sending_back() -> None:
    story = opened(policy_with(returns={"postage": "seller"}), refund="full")
    assert any("the seller pays" in piece.message for piece in on_page(story.order, story.moment()) if piece.code == "A2")
    story.give(c.Accept, actor=Actor.SELLER).buyer(c.SendReturn, tracking="RX1", postage="8.40")
    story.to_the_end()
    sums = balances(story.events)
    assert (sums.buyer, sums.seller, sums.carrier) == (0, -840, 840)


@rule("D6")
def test_a_reason_may_let_the_buyer_keep_the_goods() -> None:
    kept = policy_with(reasons={"counterfeit": {"received": True, "evidence": "optional", "refund": "any", "says": "not genuine", "return": "never"}})
    form = {"received": True, "reason": "counterfeit", "refund": "full", "message": "A copy"}
    story = Story(policy=kept)
    story.refused("D6", c.OpenDispute, **form, with_return=True)
    story.buyer(c.OpenDispute, **form)
    assert story.order.dispute
    assert not story.order.dispute.demand.with_return


@rule("X1")
@pytest.mark.parametrize(("most", "granted"), [(0, 0), (1, 1), (2, 2)])
def test_protection_may_be_lengthened_so_often_alone(most: int, granted: int) -> None:
    story = Story(policy=policy_with(protection={"extension_most_times": most}))
    for _ in range(granted):
        story.buyer(c.ExtendProtection, days=1).seller(c.ExtendProtection, grant=True)
    story.refused("X1", c.ExtendProtection, days=1)
    story.refused("X1", c.ExtendProtection, actor=Actor.SELLER, grant=True, days=1)


@rule("P1")
def test_a_refund_may_be_paid_at_once() -> None:
    story = opened(policy_with(payout={"least_days": 0, "most_days": 0})).give(c.Accept, actor=Actor.SELLER)
    assert [type(event) for event in story.last] == [e.DemandAccepted, e.Settled, e.RefundPaid, e.Closed]
    assert story.order.settlement
    assert (story.order.status, story.order.settlement.paid_at) == (Status.CLOSED, story.now)
