"""Escalation, review, ruling: C1 to C8."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core import money
from dispute_cli.core.advice import on_page
from dispute_cli.core.events import Ruled
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.policy import Policy
from dispute_cli.core.words import Actor, Status
from tests.given import DEFECTIVE, PHOTO, POLICY, WHOLE, Story, day, policy_with, rule
from tests.rules.states import OVERDUE, PROMISE, REJECT, RULED, STATES, UNDISPUTED, reached

CONFIRM: dict[str, Any] = {"confirm": True}
EARLY = policy_with(escalation={"opens": "opening"})
STANDING = policy_with(escalation={"claim_basis": "standing"})


def claim(answer: dict[str, Any] | None = None, policy: Policy = POLICY, **form: Any) -> Story:
    """Opened and answered on day 0, escalated by the buyer on day 1: the review runs to day 61."""
    return Story(policy=policy).open(**form).seller(c.Respond, **answer or {"refund": "10.00"}).day(1).buyer(c.Escalate, confirm=True)


def rule_on(story: Story, refund: str = "20.00", **fields: Any) -> Story:
    return story.platform(c.Rule, refund=refund, reason="the photo shows it", **fields)


# C1


@rule("C1")
@pytest.mark.parametrize("name", reached("awaiting_buyer"))
def test_the_buyer_escalates_in_answer_to_an_offer(name: str) -> None:
    story = STATES[name]().buyer(c.Escalate, confirm=True)
    assert story.types == ["escalated"]
    assert story.order.status is Status.ESCALATED


@rule("C1")
@pytest.mark.parametrize("name", reached("awaiting_seller"))
@pytest.mark.parametrize("fields", [{}, CONFIRM, {"no_thanks": True}])
def test_before_the_seller_has_answered_escalating_is_refused(name: str, fields: dict[str, Any]) -> None:
    STATES[name]().refused("C1", c.Escalate, **fields)


@rule("C1")
def test_a_policy_may_allow_escalating_from_the_opening() -> None:
    story = Story(policy=EARLY).open()
    assert ("buyer", "escalate") in story.possible
    story.needs_consent("C2", c.Escalate)
    assert story.buyer(c.Escalate, confirm=True).claim.amount == 2000


@rule("C1", "W2")
@pytest.mark.parametrize("name", [*UNDISPUTED, *reached("awaiting_return", "return_shipped")])
def test_elsewhere_escalating_is_not_possible(name: str) -> None:
    STATES[name]().refused("W2", c.Escalate, **CONFIRM)


@rule("C1", "W1")
@pytest.mark.parametrize("actor", [Actor.SELLER, Actor.PLATFORM])
def test_only_the_buyer_escalates(actor: Actor) -> None:
    STATES["awaiting_buyer, less"]().refused("W1", c.Escalate, actor=actor, **CONFIRM)


# C2


@rule("C2")
def test_the_first_step_lists_evidence_and_amount_and_asks_whether_all_is_there() -> None:
    story = Story().open(link=("https://example.com/a",)).offer()
    asked = story.needs_consent("C2", c.Escalate)
    assert all(word in asked.message for word in ("photo.png", "https://example.com/a", "20.00", "?"))
    assert asked.hint and "--confirm" in asked.hint and "--no-thanks" in asked.hint and "edit" in asked.hint and "add-evidence" in asked.hint


@rule("C2")
def test_the_first_step_says_where_no_evidence_is_on_record() -> None:
    assert "none on record" in Story().open(**OVERDUE).offer().needs_consent("C2", c.Escalate).message


@rule("C2")
def test_the_first_step_names_the_amount_that_will_be_frozen() -> None:
    assert "10.00" in Story(policy=STANDING).open().offer("10.00").needs_consent("C2", c.Escalate).message


@rule("C2")
def test_no_thanks_leaves_everything_as_it_was() -> None:
    story = Story().open().offer().day(2)
    before = story.order
    assert story.buyer(c.Escalate, consent=False, no_thanks=True).types == []
    assert (story.order, story.deadlines["buyer_response"]) == (before, day(10))


@rule("C2")
def test_confirmed_in_one_call_nothing_more_is_asked() -> None:
    assert Story().open().offer().buyer(c.Escalate, consent=False, confirm=True).order.status is Status.ESCALATED


@rule("C2")
def test_confirming_and_declining_at_once_is_malformed() -> None:
    with pytest.raises(Malformed):
        c.Escalate(id="O-1", confirm=True, no_thanks=True)


@rule("C2", "X2")
@pytest.mark.parametrize("name", ["awaiting_buyer, less", "awaiting_buyer, an extension asked"])
def test_escalation_ends_protection_and_a_pending_request(name: str) -> None:
    story = STATES[name]()
    ends_at = story.order.protection.ends_at
    story.buyer(c.Escalate, **CONFIRM)
    protection = story.order.protection
    assert (protection.ends_at, protection.runs, protection.request) == (ends_at, False, None)
    assert set(story.deadlines) == {"review"}
    assert story.until(ends_at).types == []


# C3


@rule("C3", "C4", "K2")
@pytest.mark.parametrize(
    ("form", "answer", "amount"),
    [
        ({}, {"refund": "10.00"}, 1000),
        ({}, {"refund": "55.00"}, 5500),
        ({}, REJECT, 0),
        ({}, PROMISE, 0),
        (WHOLE, {"refund": "30.00", "with_return": True}, 3000),
        (OVERDUE, REJECT, 0),
    ],
)
def test_a_silent_buyer_turns_the_dispute_into_a_claim_at_what_stood_last(
    form: dict[str, Any], answer: dict[str, Any], amount: int
) -> None:
    story = Story().open(**form).seller(c.Respond, **answer).day(10, -1)
    assert story.order.status is Status.AWAITING_BUYER
    story.day(10)
    assert story.types == ["escalated"]
    assert (story.claim.amount, story.claim.by, story.claim.escalated_at) == (amount, "clock", day(10))
    assert not story.order.protection.runs


@rule("C3")
def test_by_silence_the_bettered_offer_stands() -> None:
    assert Story().open().offer("5.00").day(2).offer("7.00").day(12).claim.amount == 700


# C4


@rule("C4")
@pytest.mark.parametrize(("form", "amount"), [({}, 2000), (WHOLE, 5500), (OVERDUE, 5500)])
@pytest.mark.parametrize("answer", [{"refund": "10.00"}, REJECT, PROMISE, {"refund": "55.00"}])
def test_the_buyers_own_escalation_freezes_the_demand(form: dict[str, Any], amount: int, answer: dict[str, Any]) -> None:
    story = claim(answer, **form)
    assert (story.claim.amount, story.claim.by, story.claim.conceded) == (amount, "buyer", False)


@rule("C4")
@pytest.mark.parametrize(("answer", "amount"), [({"refund": "10.00"}, 1000), (REJECT, 0), (PROMISE, 0), ({"refund": "55.00"}, 5500)])
def test_a_policy_may_freeze_what_stood_last(answer: dict[str, Any], amount: int) -> None:
    assert claim(answer, STANDING).claim.amount == amount


@rule("C4")
def test_where_no_offer_stands_the_demand_did() -> None:
    policy = policy_with(escalation={"opens": "opening", "claim_basis": "standing"})
    assert Story(policy=policy).open().buyer(c.Escalate, **CONFIRM).claim.amount == 2000
    edited = Story(policy=policy).open().offer().buyer(c.EditDispute, keep=True, refund="15.00")
    assert edited.buyer(c.Escalate, **CONFIRM).claim.amount == 1500


@rule("C4")
def test_an_edited_demand_is_the_one_that_is_frozen() -> None:
    story = Story().open().offer("5.00").buyer(c.EditDispute, keep=True, refund="15.00").offer("5.00")
    assert story.buyer(c.Escalate, **CONFIRM).claim.amount == 1500


@rule("C4")
@pytest.mark.parametrize("name", reached("escalated"))
def test_neither_party_can_change_the_claim(name: str) -> None:
    story = STATES[name]()
    story.refused("C4", c.EditDispute, refund="30.00")
    story.refused("C4", c.Respond, refund="30.00")
    story.refused("C4", c.Respond, accept=True)


@rule("C4", "C5", "C6", "C7")
@pytest.mark.parametrize(
    "settle",
    [
        lambda story: story.seller(c.Accept).buyer(c.Cancel),
        lambda story: rule_on(story.day(20), "full"),
        lambda story: story.day(61),
        lambda story: rule_on(story.day(20), "1.00"),
    ],
)
def test_no_concession_ruling_or_default_asks_a_return(settle: Any) -> None:
    story = settle(claim({"refund": "10.00", "with_return": True}, **WHOLE))
    assert (story.order.status, story.order.returning) == ("settling", None)


# C5


@rule("C5")
@pytest.mark.parametrize("name", reached("escalated"))
def test_while_escalated_the_buyer_can_only_drop(name: str) -> None:
    story = STATES[name]()
    assert {command for actor, command in story.possible if actor == "buyer"} - {"add-evidence", "message"} == {"cancel"}
    story.refused("C5", c.Escalate, **CONFIRM)
    story.refused("C5", c.Accept)


@rule("C5")
def test_dropping_an_unconceded_claim_needs_consent_and_releases_everything_at_once() -> None:
    story = claim()
    assert "55.00" in story.needs_consent("C5", c.Cancel).message
    story.buyer(c.Cancel)
    assert story.types == ["claim_dropped", "settled", "closed"]
    assert (story.order.status, story.order.cause, story.order.outcome) == ("closed", "dropped", "released")
    assert (story.money["seller"], story.dispute.number) == ("55.00", 1)


@rule("C5")
@pytest.mark.parametrize("name", reached("closed, dropped"))
def test_after_a_drop_there_is_no_second_dispute(name: str) -> None:
    STATES[name]().refused("C5", c.OpenDispute, **DEFECTIVE)


@rule("C5")
@pytest.mark.parametrize(
    ("build", "amount"), [(claim, 2000), (lambda: Story().open().offer("0.01").day(10), 1), (lambda: claim(**WHOLE), 5500)]
)
def test_dropping_a_conceded_claim_settles_at_it_without_consent(build: Any, amount: int) -> None:
    story = build().seller(c.Accept)
    assert (story.types, story.claim.conceded, story.order.status) == (["claim_conceded"], True, "escalated")
    story.buyer(c.Cancel, consent=False)
    assert story.types == ["claim_dropped", "settled"]
    assert (story.order.status, story.order.cause, story.settlement.refund) == ("settling", "concession", amount)


@rule("C5")
def test_a_claim_is_conceded_once_and_never_one_of_nothing() -> None:
    claim().seller(c.Accept).refused("C5", c.Accept, actor=Actor.SELLER)
    Story().open().seller(c.Respond, reject=True).day(10).refused("C5", c.Accept, actor=Actor.SELLER)


@rule("C5")
def test_conceding_moves_nothing_by_itself() -> None:
    story = claim()
    before = (story.money, story.deadlines)
    assert (story.seller(c.Accept).money, story.deadlines) == before


@rule("C5", "V6")
def test_messages_and_evidence_that_is_asked_for_move_nothing() -> None:
    story = claim().platform(c.RequestEvidence, from_="buyer")
    before = (story.money, story.deadlines, story.claim)
    story.buyer(c.AddEvidence, file=("photo.png",), files=(PHOTO,)).buyer(c.SendMessage, text="There it is")
    assert (story.money, story.deadlines, story.claim) == before


# C6


@rule("C6", "K2")
def test_the_platform_rules_from_day_15_and_before_the_end_of_day_60() -> None:
    story = claim().day(16, -1)
    assert ("platform", "review rule") not in story.possible
    story.refused("C6", c.Rule, refund="20.00", reason="so")
    assert rule_on(claim().day(16)).types == ["ruled", "settled"]
    assert rule_on(claim().day(61, -1)).order.cause == "ruling"
    claim().day(61).refused("C8", c.Rule, refund="20.00", reason="so")


@rule("C6")
@pytest.mark.parametrize(("days", "from_day", "review"), [(20, 5, 20), (10, 1, 9)])
def test_the_days_of_the_review_are_the_policys(days: int, from_day: int, review: int) -> None:
    policy = policy_with(escalation={"rule_from_days": from_day, "review_days": review})
    claim(policy=policy).day(1 + from_day, -1).refused("C6", c.Rule, refund="1.00", reason="so")
    assert rule_on(claim(policy=policy).day(1 + from_day)).order.cause == "ruling"
    assert claim(policy=policy).day(1 + days).order.cause == "default_ruling"


@rule("C6")
@pytest.mark.parametrize(
    ("refund", "minor", "status", "outcome"),
    [
        ("0", 0, "closed", "released"),
        ("0.01", 1, "settling", "partially_refunded"),
        ("54.99", 5499, "settling", "partially_refunded"),
        ("55.00", 5500, "settling", "refunded"),
        ("full", 5500, "settling", "refunded"),
    ],
)
def test_any_amount_from_nothing_to_the_whole_is_ruled(refund: str, minor: int, status: str, outcome: str) -> None:
    story = rule_on(claim().day(16), refund)
    assert (story.settlement.refund, story.order.status, story.order.cause, story.order.outcome) == (minor, status, "ruling", outcome)


@rule("C6")
def test_more_than_the_whole_is_not_ruled() -> None:
    assert claim().day(16).refused("C6", c.Rule, refund="55.01", reason="so").faults[0].field == "refund"


@rule("C6")
def test_a_ruling_is_not_below_a_conceded_claim() -> None:
    story = claim().seller(c.Accept).day(16)
    assert story.refused("C6", c.Rule, refund="19.99", reason="so").faults[0].field == "refund"
    assert rule_on(claim().seller(c.Accept).day(16), "20.00").settlement.refund == 2000
    assert rule_on(claim().seller(c.Accept).day(16), "full").settlement.refund == 5500


@rule("C6")
@pytest.mark.parametrize("reason", ["", " ", "\u200b"])
def test_a_ruling_has_a_reason(reason: str) -> None:
    with pytest.raises(Malformed):
        c.Rule(id="O-1", refund="0", reason=reason)


@rule("C6")
@pytest.mark.parametrize(("at", "early"), [(2, True), (16, False)])
def test_an_early_ruling_is_recorded_as_such(at: int, early: bool) -> None:
    ruled = rule_on(claim().day(at), early=True).last[0]
    assert isinstance(ruled, Ruled) and ruled.early is early and ruled.reason == "the photo shows it"


@rule("C6", "W1")
@pytest.mark.parametrize("actor", [Actor.BUYER, Actor.SELLER])
def test_only_the_platform_asks_for_evidence_and_rules(actor: Actor) -> None:
    story = claim().day(16)
    story.refused("W1", c.Rule, actor=actor, refund="0", reason="so")
    story.refused("W1", c.RequestEvidence, actor=actor, from_="buyer")


@rule("C6", "W2")
@pytest.mark.parametrize("name", [*UNDISPUTED, *reached("awaiting", "return_shipped"), "settling, seller_silent", "closed, dropped"])
def test_without_a_claim_there_is_nothing_to_rule(name: str) -> None:
    story = STATES[name]()
    story.refused("W2", c.Rule, refund="0", reason="so", early=True)
    story.refused("W2", c.RequestEvidence, from_="buyer")


# C7


@rule("C7", "K2")
@pytest.mark.parametrize(("no_ruling", "refund"), [("claim", 2000), ("buyer", 5500), ("seller", 0)])
def test_without_a_ruling_the_policy_decides_at_exactly_the_end_of_the_review(no_ruling: str, refund: int) -> None:
    story = claim(policy=policy_with(escalation={"no_ruling": no_ruling})).day(61, -1)
    assert story.order.status is Status.ESCALATED
    story.day(61)
    assert story.types[:2] == ["ruled_by_default", "settled"]
    assert (story.settlement.refund, story.settlement.settled_at, story.order.cause) == (refund, day(61), "default_ruling")
    assert story.order.status == ("settling" if refund else "closed")


@rule("C7", "C6", "A4")
@pytest.mark.parametrize(("no_ruling", "refund"), [("claim", "20.00"), ("buyer", "55.00"), ("seller", "20.00")])
def test_the_default_is_never_below_a_conceded_claim_and_the_page_says_so(no_ruling: str, refund: str) -> None:
    story = claim(policy=policy_with(escalation={"no_ruling": no_ruling})).seller(c.Accept).day(60)
    assert any(refund in piece.message for piece in on_page(story.order, story.moment()) if piece.code == "A4")
    assert money.decimal(story.day(61).settlement.refund, "USD") == refund


@rule("C7")
def test_the_default_of_a_claim_by_silence_is_the_offer() -> None:
    assert Story().open().offer("10.00").day(70).settlement.refund == 1000
    assert Story().open().seller(c.Respond, reject=True).day(70).order.outcome == "released"


@rule("C7", "P1")
def test_a_default_ruling_is_closed_at_payout() -> None:
    story = claim().day(61)
    payout = story.settlement.payout_at
    assert payout and day(68) <= payout <= day(71)
    assert story.until(payout).types == ["refund_paid", "closed"]


# C8


@rule("C8")
@pytest.mark.parametrize("name", RULED)
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.Rule, {"refund": "0", "reason": "again"}),
        (c.RequestEvidence, {"from_": "buyer"}),
        (c.OpenDispute, DEFECTIVE),
        (c.EditDispute, {"refund": "5.00"}),
        (c.Cancel, {}),
        (c.Confirm, {}),
        (c.Accept, {}),
        (c.Accept, {"actor": Actor.SELLER}),
        (c.Respond, {"reject": True}),
        (c.Escalate, CONFIRM),
        (c.ExtendProtection, {"days": 5}),
        (c.ExtendProtection, {"grant": True, "days": 5}),
        (c.SendReturn, {"tracking": "R1"}),
        (c.AcknowledgeReturn, {}),
        (c.RefuseReturn, {"reason": "empty"}),
    ],
)
def test_after_a_ruling_nothing_moves(name: str, kind: type[c.Command], fields: dict[str, Any]) -> None:
    STATES[name]().refused("C8", kind, **fields)


@rule("C8", "W1")
@pytest.mark.parametrize("name", RULED)
def test_who_may_not_at_all_is_told_so_even_after_a_ruling(name: str) -> None:
    STATES[name]().refused("W1", c.Rule, actor=Actor.BUYER, refund="0", reason="mine")


@rule("C8")
@pytest.mark.parametrize("name", [name for name in RULED if name.startswith("settling")])
def test_only_the_payout_follows_a_ruling(name: str) -> None:
    story = STATES[name]()
    assert set(story.deadlines) == {"payout"}
    refund = story.settlement.refund
    assert story.to_the_end().types == ["refund_paid", "closed"]
    assert story.settlement.refund == refund
