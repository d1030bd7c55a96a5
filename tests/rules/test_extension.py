"""Protection extension: X1 to X3."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli.core import commands as c
from dispute_cli.core.decide import decide
from dispute_cli.core.events import ExtensionRequested
from dispute_cli.core.instants import LATEST
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.words import Actor
from tests.given import Story, day, policy_with, rule
from tests.rules.states import PROMISE, RULED, STATES, reached

EXTENDABLE = [
    name
    for name in [*reached("protected", "awaiting", "return_shipped")]
    if "over" not in name and "extension" not in name and "extended" not in name
]
OVER = [name for name in reached("awaiting", "return_shipped") if "over" in name]


def asked(days: int = 20) -> Story:
    return Story().buyer(c.ExtendProtection, days=days)


# X1


@rule("X1")
@pytest.mark.parametrize("days", [1, 20, 120])
def test_the_buyer_asks_for_days_and_asking_changes_no_deadline(days: int) -> None:
    story = Story().day(3).buyer(c.ExtendProtection, days=days)
    request = story.order.protection.request
    assert request and (request.days, request.at) == (days, day(3))
    assert story.deadlines["protection"] == day(60)


@rule("X1")
@pytest.mark.parametrize("days", [121, 1_000_000])
def test_more_days_than_the_policy_allows_are_refused(days: int) -> None:
    Story().refused("X1", c.ExtendProtection, days=days)
    Story().refused("X1", c.ExtendProtection, grant=True, days=days)
    asked().refused("X1", c.ExtendProtection, grant=True, days=days)


@rule("X1")
def test_how_many_days_are_most_is_the_policys() -> None:
    story = Story(policy=policy_with(protection={"extension_most_days": 3}))
    story.refused("X1", c.ExtendProtection, days=4)
    assert story.buyer(c.ExtendProtection, days=3).order.protection.request


@rule("X1")
@pytest.mark.parametrize("fields", [{}, {"days": 0}, {"days": -1}, {"grant": True, "deny": True}, {"deny": True, "days": 3}])
def test_nothing_asked_or_two_answers_at_once_are_malformed(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        c.ExtendProtection(id="O-1", **fields)


@rule("X1")
@pytest.mark.parametrize(("fields", "days"), [({}, 20), ({"days": 1}, 1), ({"days": 20}, 20), ({"days": 120}, 120)])
def test_the_seller_grants_the_same_or_another_number_and_it_is_added_to_the_end(fields: dict[str, Any], days: int) -> None:
    story = asked().day(5).seller(c.ExtendProtection, grant=True, **fields)
    assert story.types == ["extension_granted"]
    assert (story.deadlines["protection"], story.order.protection.request) == (day(60 + days), None)


@rule("X1", "X2")
def test_the_seller_grants_unasked_and_then_names_the_days() -> None:
    story = Story()
    refusal = story.refused("X1", c.ExtendProtection, grant=True)
    assert refusal.faults[0].field == "days"
    assert story.seller(c.ExtendProtection, grant=True, days=120).seller(c.ExtendProtection, grant=True, days=1).deadlines[
        "protection"
    ] == day(181)


@rule("X1", "X2")
def test_denying_needs_a_request_and_changes_no_deadline() -> None:
    Story().refused("X1", c.ExtendProtection, deny=True)
    story = asked().seller(c.ExtendProtection, deny=True)
    assert (story.types, story.order.protection.request, story.deadlines["protection"]) == (["extension_denied"], None, day(60))
    story.refused("X1", c.ExtendProtection, deny=True)


@rule("X1")
@pytest.mark.parametrize("answer", [{"grant": True}, {"deny": True}])
def test_one_request_at_a_time_and_the_next_after_an_answer(answer: dict[str, Any]) -> None:
    story = asked()
    story.refused("X1", c.ExtendProtection, days=5)
    assert story.seller(c.ExtendProtection, **answer).buyer(c.ExtendProtection, days=5).order.protection.request


@rule("X1", "K7")
def test_a_request_lapses_when_protection_ends_and_then_nothing_is_left_to_extend() -> None:
    story = Story().day(57).open().buyer(c.ExtendProtection, days=20).day(60, -1)
    assert story.order.protection.request
    assert story.day(60).types == ["protection_ended", "extension_lapsed"]
    story.refused("X1", c.ExtendProtection, days=20)
    story.refused("X1", c.ExtendProtection, grant=True)


@rule("X1")
@pytest.mark.parametrize("name", OVER)
@pytest.mark.parametrize("fields", [{"days": 5}, {"grant": True, "days": 5}, {"deny": True}])
def test_after_the_end_of_protection_nothing_is_left_to_extend(name: str, fields: dict[str, Any]) -> None:
    STATES[name]().refused("X1", c.ExtendProtection, **fields)


@rule("X1", "E4")
def test_protection_is_extended_up_to_one_second_before_its_end_and_then_runs_on() -> None:
    story = Story().day(60, -1).seller(c.ExtendProtection, grant=True, days=1).day(61, -1)
    assert story.order.status == "protected"
    assert story.day(61).order.cause == "protection_ended"


@rule("X1")
def test_protection_never_runs_past_the_last_instant_there_is() -> None:
    story = Story()
    story.order = replace(story.order, protection=replace(story.order.protection, ends_at=LATEST - timedelta(days=1)))
    assert story.refused("X1", c.ExtendProtection, days=2).faults[0].field == "days"
    (asked,) = decide(story.order, story.command(c.ExtendProtection, days=1), story.moment())
    assert isinstance(asked, ExtensionRequested) and asked.days == 1


# X2


@rule("X2")
@pytest.mark.parametrize("name", EXTENDABLE)
def test_extending_works_with_and_without_an_open_dispute(name: str) -> None:
    story = STATES[name]().buyer(c.ExtendProtection, days=20).seller(c.ExtendProtection, grant=True)
    assert story.deadlines["protection"] == day(80)


@rule("X2")
@pytest.mark.parametrize("name", [name for name in reached("escalated", "settling", "closed") if name not in RULED])
@pytest.mark.parametrize("fields", [{"days": 5}, {"grant": True, "days": 5}, {"grant": True}, {"deny": True}])
def test_after_escalation_or_settlement_there_is_nothing_to_extend(name: str, fields: dict[str, Any]) -> None:
    STATES[name]().refused("X2", c.ExtendProtection, **fields)


@rule("X2", "W1")
@pytest.mark.parametrize(
    ("actor", "fields"),
    [
        (Actor.SELLER, {"days": 5}),
        (Actor.PLATFORM, {"days": 5}),
        (Actor.BUYER, {"grant": True, "days": 5}),
        (Actor.BUYER, {"deny": True}),
        (Actor.PLATFORM, {"grant": True, "days": 5}),
        (Actor.CLOCK, {"deny": True}),
    ],
)
def test_nobody_but_the_buyer_asks_and_nobody_but_the_seller_answers(actor: Actor, fields: dict[str, Any]) -> None:
    Story().refused("W1", c.ExtendProtection, actor=actor, **fields)


@rule("X2")
def test_a_cancel_leaves_the_request_standing() -> None:
    story = Story().open().buyer(c.ExtendProtection, days=20).buyer(c.Cancel)
    assert story.order.protection.request
    assert story.seller(c.ExtendProtection, grant=True).deadlines["protection"] == day(80)


# X3


def promised(at: float) -> Story:
    return Story().day(50).open().seller(c.Respond, **PROMISE).day(at)


@rule("X3", "A5")
@pytest.mark.parametrize(("at", "seconds", "warned"), [(53, -1, []), (53, 0, []), (53, 1, ["A5"]), (54, 0, ["A5"])])
@pytest.mark.parametrize("kind", [c.Cancel, c.Accept])
def test_closing_with_less_than_the_short_days_left_warns(kind: type[c.Command], at: int, seconds: int, warned: list[str]) -> None:
    assert promised(50).day(at, seconds).buyer(kind).warnings == warned


@rule("X3", "A5")
@pytest.mark.parametrize("kind", [c.Cancel, c.Accept])
def test_closing_with_a_request_pending_warns_until_it_is_answered(kind: type[c.Command]) -> None:
    assert promised(50).buyer(c.ExtendProtection, days=20).buyer(kind).warnings == ["A5"]
    assert promised(55).buyer(c.ExtendProtection, days=20).seller(c.ExtendProtection, grant=True).buyer(kind).warnings == []
    assert promised(50).buyer(c.ExtendProtection, days=20).seller(c.ExtendProtection, deny=True).buyer(kind).warnings == []


@rule("X3")
def test_how_little_is_short_is_the_policys() -> None:
    story = Story(policy=policy_with(protection={"short_days": 20})).day(41).open()
    assert story.buyer(c.Cancel).warnings == ["A5"]


@rule("X3")
def test_accepting_money_with_little_protection_left_does_not_warn() -> None:
    assert Story().day(58).open().offer("20.00").buyer(c.Accept).warnings == []
