"""Answering, editing, agreeing: N1 to N10."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.words import Actor, Status
from tests.given import NOT_RECEIVED, PHOTO, WHOLE, Story, day, policy_with, rule
from tests.rules.states import OVERDUE, PROMISE, REJECT, STATES, reached

YES: dict[type[c.Command], dict[str, Any]] = {c.Accept: {}, c.Respond: {"accept": True}}
"""The two ways in which the seller accepts the demand."""
ANEW: dict[str, Any] = {"reason": "damaged", "refund": "15.00", "with_return": False}
"""Reason, amount and return wish, given anew."""


def received(**form: Any) -> Story:
    return Story().open(**form)


def answered(answer: dict[str, Any], **form: Any) -> Story:
    return received(**form).day(1).seller(c.Respond, **answer)


# N1


@rule("N1")
@pytest.mark.parametrize(
    ("refund", "minor"), [("0", 0), ("0.01", 1), ("20.00", 2000), ("20.01", 2001), ("54.99", 5499), ("55.00", 5500), ("full", 5500)]
)
@pytest.mark.parametrize("form", [{}, WHOLE, OVERDUE])
def test_the_seller_offers_any_amount_up_to_the_whole(refund: str, minor: int, form: dict[str, Any]) -> None:
    story = answered({"refund": refund}, **form)
    assert story.types == ["offer_made"]
    assert (story.order.status, story.deadlines["buyer_response"]) == ("awaiting_buyer", day(11))
    offer = story.offered
    assert (offer.refund, offer.with_return, offer.promise, offer.at) == (minor, False, None, day(1))


@rule("N1")
@pytest.mark.parametrize("form", [{}, WHOLE, OVERDUE])
def test_an_offer_above_the_whole_is_refused(form: dict[str, Any]) -> None:
    assert received(**form).refused("N1", c.Respond, refund="55.01").faults[0].field == "refund"


@rule("N1")
@pytest.mark.parametrize("refund", ["0.01", "20.00", "55.00"])
@pytest.mark.parametrize("form", [{}, WHOLE])
def test_a_return_is_asked_of_received_goods_for_an_amount_above_nothing(refund: str, form: dict[str, Any]) -> None:
    assert answered({"refund": refund, "with_return": True}, **form).offered.with_return


@rule("N1")
@pytest.mark.parametrize(("form", "refund"), [({}, "0"), (WHOLE, "0.00"), (OVERDUE, "10.00"), (OVERDUE, "55.00"), (OVERDUE, "0")])
def test_a_return_for_nothing_or_of_goods_not_received_is_refused(form: dict[str, Any], refund: str) -> None:
    assert received(**form).refused("N1", c.Respond, refund=refund, with_return=True).faults[0].field == "return"


@rule("N1")
@pytest.mark.parametrize("answer", [REJECT, PROMISE])
def test_a_rejection_and_a_promise_count_as_nothing(answer: dict[str, Any]) -> None:
    story = answered(answer)
    assert (story.offered.refund, story.offered.with_return, story.offered.promise) == (0, False, answer.get("promise"))
    assert story.deadlines["buyer_response"] == day(11)


@rule("N1")
@pytest.mark.parametrize("refund", ["20.00", "30.00", "55.00"])
def test_an_offer_at_or_above_the_demand_is_still_an_offer(refund: str) -> None:
    story = answered({"refund": refund})
    assert (story.order.status, story.order.settlement) == ("awaiting_buyer", None)


@rule("N1")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"accept": True, "reject": True},
        {"refund": "1", "promise": "x"},
        {"reject": True, "with_return": True},
        {"promise": " "},
        {"refund": "-1"},
        {"reject": True, "message": " "},
    ],
)
def test_an_answer_is_exactly_one_of_the_four(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        c.Respond(id="O-1", **fields)


@rule("N1")
def test_the_buyers_counter_is_the_policys() -> None:
    story = Story(policy=policy_with(answering={"buyer_days": 4})).open().offer()
    assert story.deadlines["buyer_response"] == day(4)


@rule("N1", "W1")
@pytest.mark.parametrize("actor", [Actor.BUYER, Actor.PLATFORM])
def test_only_the_seller_answers(actor: Actor) -> None:
    received().refused("W1", c.Respond, actor=actor, reject=True)


@rule("N1")
@pytest.mark.parametrize("answer", [{"accept": True}, {"refund": "10.00"}, REJECT, PROMISE])
def test_an_answer_may_bring_a_message(answer: dict[str, Any]) -> None:
    message = answered(answer | {"message": "I looked"}).order.messages[-1]
    assert (message.text, message.by, message.dispute) == ("I looked", "seller", 1)


# N2


@rule("N2", "P1")
@pytest.mark.parametrize("kind", YES)
@pytest.mark.parametrize(("form", "refund"), [({}, 2000), (OVERDUE, 5500)])
def test_an_accepted_demand_is_settled_at_the_demand(kind: type[c.Command], form: dict[str, Any], refund: int) -> None:
    story = received(**form).seller(kind, **YES[kind])
    assert story.types == ["demand_accepted", "settled"]
    assert (story.order.status, story.order.cause, story.settlement.refund) == ("settling", "seller_accepted", refund)


@rule("N2", "T1")
def test_an_accepted_demand_of_the_whole_goes_by_way_of_a_return() -> None:
    story = received(**WHOLE).seller(c.Accept)
    assert story.types == ["demand_accepted", "return_agreed"]
    assert (story.order.status, story.returning.refund, story.returning.cause) == ("awaiting_return", 5500, "seller_accepted")


# N3


@rule("N3")
@pytest.mark.parametrize(
    ("form", "refund", "outcome"), [({}, 2000, "partially_refunded"), (WHOLE, 5500, "refunded"), (OVERDUE, 5500, "refunded")]
)
def test_a_silent_seller_loses_the_demand_and_no_return_is_asked(form: dict[str, Any], refund: int, outcome: str) -> None:
    story = received(**form).day(5, -1)
    assert story.order.status is Status.AWAITING_SELLER
    story.day(5)
    assert story.types == ["seller_silent", "settled"]
    assert (story.order.status, story.order.cause, story.order.outcome) == ("settling", "seller_silent", outcome)
    assert (story.settlement.refund, story.order.returning) == (refund, None)


@rule("N3")
def test_the_seller_answers_up_to_one_second_before_the_end_of_the_counter() -> None:
    assert received().day(5, -1).offer().order.status is Status.AWAITING_BUYER
    received().day(5).refused("W2", c.Respond, reject=True)


# N4


@rule("N4")
@pytest.mark.parametrize("name", reached("awaiting_buyer"))
def test_the_buyer_may_accept_edit_escalate_or_cancel(name: str) -> None:
    own = {command for actor, command in STATES[name]().possible if actor == "buyer"}
    assert own - {"extend-protection", "add-evidence", "message"} == {"accept", "edit", "escalate", "cancel"}


@rule("N4", "C2")
def test_looking_on_without_choosing_changes_nothing() -> None:
    story = answered({"refund": "10.00"})
    before = (story.order, list(story.events))
    story.day(11, -1)
    assert (story.order, story.events) == before
    assert story.buyer(c.Escalate, no_thanks=True).types == []


# N5


@rule("N5")
@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ({}, {"refund": "20.00"}),
        ({}, {"refund": "30.00"}),
        (WHOLE, {"refund": "55.00"}),
        (WHOLE, {"refund": "55.00", "with_return": True}),
        (OVERDUE, {"refund": "55.00"}),
    ],
)
def test_accepting_what_was_demanded_or_more_needs_no_consent(form: dict[str, Any], answer: dict[str, Any]) -> None:
    answered(answer, **form).buyer(c.Accept, consent=False)


@rule("N5")
@pytest.mark.parametrize(
    ("form", "answer", "given_up"),
    [
        ({}, {"refund": "19.99"}, "0.01"),
        ({}, {"refund": "10.00"}, "10.00"),
        ({}, REJECT, "20.00"),
        ({}, PROMISE, "a promise"),
        ({}, {"refund": "20.00", "with_return": True}, "goods back"),
        ({}, {"refund": "30.00", "with_return": True}, "goods back"),
        (WHOLE, {"refund": "54.99"}, "0.01"),
        (WHOLE, {"refund": "54.99", "with_return": True}, "0.01"),
        (OVERDUE, REJECT, "55.00"),
        (OVERDUE, PROMISE, "a promise"),
    ],
)
def test_accepting_less_or_a_return_not_demanded_needs_consent_and_says_what_is_given_up(
    form: dict[str, Any], answer: dict[str, Any], given_up: str
) -> None:
    assert given_up in answered(answer, **form).needs_consent("N5", c.Accept).message


@rule("N5", "P1")
@pytest.mark.parametrize(
    ("refund", "outcome", "status"),
    [("0", "released", "closed"), ("0.01", "partially_refunded", "settling"), ("55.00", "refunded", "settling")],
)
def test_an_accepted_offer_is_settled_at_the_offer(refund: str, outcome: str, status: str) -> None:
    story = answered({"refund": refund}).buyer(c.Accept)
    assert story.types[:2] == ["offer_accepted", "settled"]
    assert (story.order.status, story.order.cause, story.order.outcome) == (status, "buyer_accepted", outcome)


@rule("N5", "T1")
@pytest.mark.parametrize("form", [{}, WHOLE])
def test_an_accepted_offer_that_asks_a_return_goes_by_way_of_one(form: dict[str, Any]) -> None:
    story = answered({"refund": "20.00", "with_return": True}, **form).buyer(c.Accept)
    assert story.types == ["offer_accepted", "return_agreed"]
    assert (story.order.status, story.returning.refund, story.returning.cause) == ("awaiting_return", 2000, "buyer_accepted")


# N6


@rule("N6")
@pytest.mark.parametrize("form", [{}, WHOLE, OVERDUE])
def test_accepting_a_promise_cancels_the_dispute_and_keeps_the_promise_on_record(form: dict[str, Any]) -> None:
    story = answered(PROMISE, **form).buyer(c.Accept)
    assert story.types == ["promise_accepted", "dispute_cancelled"]
    assert (story.order.status, story.order.dispute, story.order.settlement) == ("protected", None, None)
    assert any(getattr(event, "promise", None) == "I send it again" for event in story.last)
    assert story.money["escrow"] == "55.00"


@rule("N6", "N10", "D12")
def test_a_promise_not_kept_is_disputed_again_while_protection_runs() -> None:
    story = answered(PROMISE).buyer(c.Accept).day(60, -1).open()
    assert (story.dispute.number, story.dispute.reopens) == (2, 1)
    answered(PROMISE).buyer(c.Accept).day(60).refused("D1", c.OpenDispute, **NOT_RECEIVED)


@rule("N6", "N9")
def test_once_protection_is_over_accepting_a_promise_releases_the_escrow() -> None:
    story = STATES["awaiting_buyer, a promise, protection over"]()
    story.needs_consent("N6", c.Accept)
    story.buyer(c.Accept)
    assert story.types == ["promise_accepted", "dispute_cancelled", "settled", "closed"]
    assert (story.order.cause, story.order.outcome, story.money["seller"]) == ("cancelled", "released", "55.00")


# N7: pending the seller


@rule("N7")
@pytest.mark.parametrize(
    ("edit", "reason", "refund", "with_return"),
    [
        ({"reason": "damaged"}, "damaged", 2000, False),
        ({"refund": "15.00"}, "defective", 1500, False),
        ({"refund": "full"}, "defective", 5500, True),
        ({"refund": "55.00", "with_return": True}, "defective", 5500, True),
        ({"message": "It is still broken"}, "defective", 2000, False),
        ({"reason": "changed_mind", "refund": "full"}, "changed_mind", 5500, True),
    ],
)
def test_pending_the_seller_what_is_not_given_stays(edit: dict[str, Any], reason: str, refund: int, with_return: bool) -> None:
    story = received().day(2).buyer(c.EditDispute, **edit)
    assert (story.dispute.reason, story.demand.refund, story.demand.with_return) == (reason, refund, with_return)
    assert (story.dispute.number, story.dispute.received) == (1, True)


@rule("N7")
@pytest.mark.parametrize(
    "edit", [{}, {"reason": "defective"}, {"refund": "20.00"}, {"refund": "20", "with_return": False}, {"received": True}]
)
def test_an_edit_that_changes_nothing_is_refused_except_with_keep(edit: dict[str, Any]) -> None:
    received().refused("N7", c.EditDispute, **edit)
    assert received().day(1).buyer(c.EditDispute, **edit, keep=True).deadlines["seller_response"] == day(6)


@rule("N7", "D3", "D4", "D5", "D6", "D7", "D8")
@pytest.mark.parametrize(
    ("edit", "rules"),
    [
        ({"reason": "bored"}, "D3"),
        ({"reason": ""}, "D3"),
        ({"reason": "", "refund": "15.00"}, "D3"),
        ({"reason": "wrong_address"}, "D3"),
        ({"reason": "changed_mind"}, "D3"),
        ({"refund": "0"}, "D5"),
        ({"refund": "55.01"}, "D5"),
        ({"with_return": True}, "D6"),
        ({"refund": "full", "with_return": False}, "D6"),
        ({"message": " "}, "D8"),
        ({"received": False}, "D3"),
        ({"received": False, "reason": "delivery_overdue"}, "D4"),
        ({"received": False, "reason": "wrong_tracking", "refund": "20.00"}, "D7"),
        ({"received": False, "reason": "wrong_tracking", "with_return": True}, "D7"),
        ({"reason": "bored", "refund": "0", "message": ""}, "D3 D5 D8"),
    ],
)
def test_what_an_edit_makes_obeys_the_rules_of_a_new_form(edit: dict[str, Any], rules: str) -> None:
    received().refused(rules, c.EditDispute, **edit)


@rule("N7", "D7")
def test_turning_to_not_received_sets_amount_and_return() -> None:
    story = received(**WHOLE).buyer(c.EditDispute, received=False, reason="wrong_tracking")
    assert (story.demand.refund, story.demand.with_return) == (5500, False)
    story = received().buyer(c.EditDispute, received=False, reason="wrong_tracking")
    assert (story.demand.refund, story.demand.with_return) == (5500, False)


@rule("N7", "D6")
@pytest.mark.parametrize(
    ("edit", "refund", "with_return"), [({}, 5500, True), ({"with_return": True}, 5500, True), ({"refund": "20.00"}, 2000, False)]
)
def test_turning_to_received_keeps_the_whole_and_so_a_return_until_another_amount_is_given(
    edit: dict[str, Any], refund: int, with_return: bool
) -> None:
    story = Story().open(**OVERDUE, files=(PHOTO,)).buyer(c.EditDispute, received=True, reason="damaged", **edit)
    assert (story.demand.refund, story.demand.with_return) == (refund, with_return)
    Story().open(**OVERDUE, files=(PHOTO,)).refused("D6", c.EditDispute, received=True, reason="damaged", with_return=False)


@rule("N7")
@pytest.mark.parametrize("name", [*reached("awaiting_seller"), *reached("awaiting_buyer")])
def test_after_an_edit_the_offer_falls_and_the_sellers_counter_starts_afresh(name: str) -> None:
    story = STATES[name]()
    begun = story.now
    story.buyer(c.EditDispute, keep=True, message="As before")
    assert (story.order.status, story.dispute.offer) == ("awaiting_seller", None)
    assert story.deadlines["seller_response"] - begun == day(5) - day(0)
    assert "buyer_response" not in story.deadlines


@rule("N7", "E4")
def test_an_edit_after_protection_is_over_gives_the_seller_the_full_period() -> None:
    story = STATES["awaiting_buyer, protection over"]()
    assert not story.order.protection.runs
    story.buyer(c.EditDispute, **ANEW)
    assert (story.order.status, story.deadlines) == ("awaiting_seller", {"seller_response": day(65.5)})


# N7: in answer to an offer


@rule("N7")
def test_in_answer_to_an_offer_reason_amount_and_return_wish_are_given_anew() -> None:
    story = answered({"refund": "10.00"}).buyer(c.EditDispute, **ANEW)
    assert story.types == ["dispute_edited"]
    assert (story.dispute.reason, story.demand.refund, story.demand.with_return) == ("damaged", 1500, False)


@rule("N7", "D10")
@pytest.mark.parametrize(
    "missing",
    [("reason",), ("refund",), ("with_return",), ("reason", "refund"), ("refund", "with_return"), ("reason", "refund", "with_return")],
)
@pytest.mark.parametrize("message", [None, "I ask less"])
def test_each_one_missing_is_a_fault(missing: tuple[str, ...], message: str | None) -> None:
    given = {name: value for name, value in ANEW.items() if name not in missing}
    refusal = answered({"refund": "10.00"}).refused(" ".join(["N7"] * len(missing)), c.EditDispute, **given, message=message)
    assert {fault.field for fault in refusal.faults} == {"return" if name == "with_return" else name for name in missing}


@rule("N7")
def test_a_wish_that_follows_from_the_amount_does_not_count_as_given_anew() -> None:
    answered({"refund": "10.00"}).refused("N7", c.EditDispute, reason="damaged", refund="full")


@rule("N7", "D5", "D10")
def test_a_wrong_amount_does_not_hide_that_the_return_wish_is_missing() -> None:
    answered({"refund": "10.00"}).refused("D5 N7", c.EditDispute, reason="damaged", refund="55.01")


@rule("N7")
@pytest.mark.parametrize("answer", [{"refund": "10.00"}, REJECT, PROMISE])
def test_the_same_demand_given_anew_changes_nothing_and_is_refused(answer: dict[str, Any]) -> None:
    answered(answer).refused("N7", c.EditDispute, reason="defective", refund="20.00", with_return=False)


@rule("N7")
@pytest.mark.parametrize(
    ("edit", "reason", "refund"),
    [
        ({}, "defective", 2000),
        ({"refund": "15.00"}, "defective", 1500),
        ({"reason": "damaged"}, "damaged", 2000),
        ({"message": "No"}, "defective", 2000),
    ],
)
def test_with_keep_what_is_not_given_stays(edit: dict[str, Any], reason: str, refund: int) -> None:
    story = answered({"refund": "10.00"}).day(3).buyer(c.EditDispute, keep=True, **edit)
    assert (story.dispute.reason, story.demand.refund, story.deadlines["seller_response"]) == (reason, refund, day(8))


@rule("N7", "D7")
def test_not_received_in_answer_to_an_offer_only_the_reason_is_given_anew() -> None:
    answered(REJECT, **OVERDUE).refused("N7", c.EditDispute, message="It never came")
    story = answered(REJECT, **OVERDUE).buyer(c.EditDispute, reason="wrong_address")
    assert (story.dispute.reason, story.demand.refund, story.demand.with_return) == ("wrong_address", 5500, False)


@rule("N7")
def test_a_form_turned_to_received_in_answer_to_an_offer_needs_amount_and_wish() -> None:
    edit = {"received": True, "reason": "damaged", "message": "https://example.com/a"}
    answered(REJECT, **OVERDUE).refused("N7", c.EditDispute, **edit, refund="20.00")
    assert answered(REJECT, **OVERDUE).buyer(c.EditDispute, **edit, refund="20.00", with_return=False).demand.refund == 2000


@rule("N7")
def test_the_seller_answers_an_edited_dispute_as_a_new_one() -> None:
    story = answered({"refund": "18.00"}).buyer(c.EditDispute, **ANEW).seller(c.Respond, reject=True)
    assert story.offered.refund == 0
    assert story.day(1).order.status is Status.AWAITING_BUYER


# N8

WITH = {"with_return": True}


@rule("N8")
@pytest.mark.parametrize(
    ("standing", "better"),
    [
        ({"refund": "10.00"}, {"refund": "10.01"}),
        ({"refund": "10.00"}, {"refund": "55.00"}),
        ({"refund": "10.00"} | WITH, {"refund": "10.00"}),
        ({"refund": "10.00"} | WITH, {"refund": "10.01"} | WITH),
        ({"refund": "10.00"} | WITH, {"refund": "20.00"}),
        (REJECT, PROMISE),
        (REJECT, {"refund": "0.01"}),
        ({"refund": "0"}, PROMISE),
        (PROMISE, {"refund": "0.01"}),
    ],
)
def test_the_seller_may_better_the_offer_and_the_buyers_counter_starts_afresh(standing: dict[str, Any], better: dict[str, Any]) -> None:
    story = answered(standing).day(4).seller(c.Respond, **better)
    assert (story.order.status, story.deadlines["buyer_response"], story.offered.at) == ("awaiting_buyer", day(14), day(4))


@rule("N8")
@pytest.mark.parametrize(
    ("standing", "other"),
    [
        ({"refund": "10.00"}, {"refund": "10.00"}),
        ({"refund": "10.00"}, {"refund": "9.99"}),
        ({"refund": "10.00"}, REJECT),
        ({"refund": "10.00"}, PROMISE),
        ({"refund": "10.00"}, {"refund": "10.00"} | WITH),
        ({"refund": "10.00"}, {"refund": "55.00"} | WITH),
        ({"refund": "10.00"} | WITH, {"refund": "9.99"}),
        ({"refund": "10.00"} | WITH, {"refund": "10.00"} | WITH),
        ({"refund": "10.00"} | WITH, PROMISE),
        (REJECT, REJECT),
        (REJECT, {"refund": "0"}),
        (REJECT, {"refund": "10.00"} | WITH),
        (PROMISE, PROMISE),
        (PROMISE, {"promise": "I send two"}),
        (PROMISE, REJECT),
        (PROMISE, {"refund": "10.00"} | WITH),
        ({"refund": "55.00"}, {"refund": "55.00"}),
    ],
)
def test_an_equal_offer_or_one_with_a_worse_part_is_refused(standing: dict[str, Any], other: dict[str, Any]) -> None:
    answered(standing).refused("N8", c.Respond, **other)


@rule("N8", "N2")
@pytest.mark.parametrize("kind", YES)
@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ({}, REJECT),
        ({}, PROMISE),
        ({}, {"refund": "19.99"}),
        ({}, {"refund": "20.00"}),
        ({}, {"refund": "20.00"} | WITH),
        (WHOLE, {"refund": "54.99"}),
        (WHOLE, {"refund": "55.00"} | WITH),
        (OVERDUE, {"refund": "55.00"}),
    ],
)
def test_the_seller_may_still_accept_the_demand(kind: type[c.Command], form: dict[str, Any], answer: dict[str, Any]) -> None:
    story = answered(answer, **form).give(kind, actor=Actor.SELLER, **YES[kind])
    assert story.types[0] == "demand_accepted"


@rule("N8")
@pytest.mark.parametrize("kind", YES)
@pytest.mark.parametrize(
    ("form", "answer"),
    [({}, {"refund": "20.01"}), ({}, {"refund": "55.00"}), ({}, {"refund": "30.00"} | WITH), (WHOLE, {"refund": "55.00"})],
)
def test_a_demand_that_the_standing_offer_beats_cannot_be_accepted(
    kind: type[c.Command], form: dict[str, Any], answer: dict[str, Any]
) -> None:
    answered(answer, **form).refused("N8", kind, actor=Actor.SELLER, **YES[kind])


# N9, N10


@rule("N9")
@pytest.mark.parametrize(
    "name", [name for name in [*reached("awaiting"), "return_shipped", "return_shipped, postage"] if "over" not in name]
)
def test_a_cancel_while_protection_runs_goes_back_to_protection(name: str) -> None:
    story = STATES[name]()
    protection = story.order.protection
    story.buyer(c.Cancel)
    assert story.types == ["dispute_cancelled"]
    assert (story.order.status, story.order.dispute, story.order.returning) == ("protected", None, None)
    assert (story.order.protection, story.money["escrow"]) == (protection, "55.00")


@rule("N9")
@pytest.mark.parametrize("name", [name for name in reached("awaiting", "return_shipped") if "over" in name])
def test_a_cancel_after_protection_releases_the_escrow_at_that_instant(name: str) -> None:
    story = STATES[name]()
    assert "55.00" in story.needs_consent("N9", c.Cancel).message
    dispute = story.order.dispute
    story.buyer(c.Cancel)
    assert story.types == ["dispute_cancelled", "settled", "closed"]
    assert (story.order.status, story.order.cause, story.order.outcome) == ("closed", "cancelled", "released")
    assert (story.order.dispute, story.order.returning, story.settlement.settled_at) == (dispute, None, story.now)


@rule("N9")
@pytest.mark.parametrize("name", [name for name in reached("awaiting_seller", "awaiting_buyer") if "over" not in name])
def test_a_cancel_that_gives_nothing_up_needs_no_consent(name: str) -> None:
    STATES[name]().buyer(c.Cancel, consent=False)


@rule("N9")
@pytest.mark.parametrize("name", [*reached("awaiting_return"), *reached("return_shipped")])
def test_a_cancel_that_gives_up_an_agreed_refund_needs_consent(name: str) -> None:
    story = STATES[name]()
    assert ("10.00" if "by the buyer" in name else "55.00") in story.needs_consent("N9", c.Cancel).message


@rule("N9")
def test_protection_one_second_before_its_end_still_takes_a_cancelled_order_back() -> None:
    assert Story().day(57).open().day(60, -1).buyer(c.Cancel).order.status is Status.PROTECTED
    assert Story().day(57).open().day(60).buyer(c.Cancel).order.status is Status.CLOSED


@rule("N9", "W2")
@pytest.mark.parametrize(
    "name",
    [name for name in reached("settling", "closed") if not any(word in name for word in ("ruling", "confirmed", "protection_ended"))],
)
def test_after_settlement_there_is_no_cancel(name: str) -> None:
    STATES[name]().refused("W2", c.Cancel)


@rule("N10")
def test_after_a_cancel_the_buyer_opens_again_while_protection_runs() -> None:
    story = Story().open().buyer(c.Cancel).day(60, -1).open()
    assert story.dispute.number == 2


@rule("N10")
@pytest.mark.parametrize("name", ["closed, cancelled", "closed, cancelled by a promise", "closed, cancelled, a return agreed"])
def test_after_a_cancel_that_released_no_dispute_is_opened(name: str) -> None:
    STATES[name]().refused("N10", c.OpenDispute, **NOT_RECEIVED)


@rule("N5")
@pytest.mark.parametrize(
    ("offer", "says"),
    [
        ({"refund": "12.50"}, "The offer is 12.50 USD. You give up 7.50 USD of the 20.00 USD demanded."),
        (
            {"refund": "12.50", "with_return": True},
            "The offer is 12.50 USD with return. You give up 7.50 USD of the 20.00 USD demanded. You send the goods back, which was not demanded.",
        ),
        ({"refund": "20.00", "with_return": True}, "The offer is 20.00 USD with return. You send the goods back, which was not demanded."),
    ],
)
def test_what_is_given_up_is_said_to_the_cent(offer: dict[str, Any], says: str) -> None:
    story = Story().open().seller(c.Respond, **offer)
    assert story.needs_consent("N5", c.Accept, actor=Actor.BUYER).message == says


@rule("N5")
def test_a_return_that_was_demanded_is_not_told_as_given_up() -> None:
    story = Story().open(**WHOLE).seller(c.Respond, refund="54.99", with_return=True)
    told = story.needs_consent("N5", c.Accept, actor=Actor.BUYER)
    assert told.message == "The offer is 54.99 USD with return. You give up 0.01 USD of the 55.00 USD demanded."
