"""Advice: A1 to A8, on the page and on the commands that it concerns, and nowhere else."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.advice import on_page
from dispute_cli.core.words import Actor
from tests.given import DEFECTIVE, NOT_RECEIVED, PHOTO, WHOLE, Story, policy_with, rule
from tests.rules.states import OVERDUE, PROMISE, REJECT, STATES, reached

NEGOTIATING = ("awaiting_seller", "awaiting_buyer")
OTHERS = [name for name in STATES if not name.startswith(NEGOTIATING)]


def shipped() -> Story:
    return Story().seller(c.Ship, tracking="T1")


def text(story: Story, code: str) -> str:
    """The advice of this code on the page."""
    return next(piece.message for piece in on_page(story.order, story.moment()) if piece.code == code)


# A1


@rule("A1")
def test_a_message_that_is_not_in_english_is_advised_on() -> None:
    assert shipped().buyer(c.SendMessage, text="Где посылка?", language="ru").warnings == ["A1"]
    assert shipped().buyer(c.SendMessage, text="Where is it?").warnings == []
    assert shipped().open(message="Сломано", language="ru").warnings == ["A1"]
    assert shipped().open().buyer(c.EditDispute, message="Сломано", language="ru").warnings == ["A1"]


@rule("A1")
def test_the_page_advises_on_the_buyers_newest_message() -> None:
    story = shipped().buyer(c.SendMessage, text="Где посылка?", language="ru")
    assert "A1" in story.advice
    assert "English" in text(story, "A1")
    assert "A1" in story.seller(c.SendMessage, text="It is on its way").advice
    assert "A1" not in story.buyer(c.SendMessage, text="Where is it?").advice


# A2


@rule("A2")
def test_a_full_refund_of_received_goods_is_advised_on() -> None:
    assert shipped().open(**WHOLE).warnings == ["A2"]
    assert shipped().open().buyer(c.EditDispute, refund="full").warnings == ["A2"]
    assert shipped().open().warnings == []
    assert Story().day(31).open(**NOT_RECEIVED).warnings == []


@rule("A2")
def test_the_page_shows_both_nets_where_they_are_known() -> None:
    story = shipped().open(**WHOLE)
    assert "55.00" in text(story, "A2")
    told = text(story.offer("30.00"), "A2")
    assert "55.00" in told and "30.00" in told


# A3


@rule("A3", "C4")
@pytest.mark.parametrize(
    ("form", "answer", "advised"),
    [
        ({}, REJECT, "0.00"),
        ({}, PROMISE, "0.00"),
        ({}, {"refund": "0.01"}, "0.01"),
        ({}, {"refund": "19.99"}, "19.99"),
        ({}, {"refund": "20.00"}, None),
        ({}, {"refund": "20.01"}, None),
        (OVERDUE, {"refund": "54.99"}, "54.99"),
        (OVERDUE, {"refund": "55.00"}, None),
    ],
)
def test_an_offer_of_less_than_was_asked_is_advised_on_until_it_is_answered(
    form: dict[str, Any], answer: dict[str, Any], advised: str | None
) -> None:
    story = shipped().open(**form).seller(c.Respond, **answer)
    assert ("A3" in story.advice) == (advised is not None)
    assert advised is None or f"becomes a claim at {advised}" in text(story, "A3")
    assert "A3" not in story.buyer(c.EditDispute, keep=True).advice


# A4


@rule("A4")
@pytest.mark.parametrize(("seconds", "advised"), [(-1, False), (0, True), (1, True)])
def test_a_deadline_within_48_hours_is_told(seconds: int, advised: bool) -> None:
    assert ("A4" in Story().day(58, seconds).advice) is advised
    assert ("A4" in shipped().open().day(3, seconds).advice) is advised


@rule("A4")
def test_how_near_is_near_is_the_policys() -> None:
    assert "A4" in Story(policy=policy_with(warnings={"deadline_hours": 24 * 61})).advice
    assert "A4" not in Story(policy=policy_with(warnings={"deadline_hours": 1})).day(59).advice


@rule("A4")
@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Story().day(59), ("buyer's move", "2026-03-02T00:00:00Z", "released to the seller")),
        (lambda: Story().open().day(4), ("seller's move", "2026-01-06T00:00:00Z", "20.00")),
        (lambda: Story().open().offer("10.00").day(9), ("buyer's move", "2026-01-11T00:00:00Z", "10.00")),
        (lambda: Story().open(**WHOLE).seller(c.Accept).day(9), ("buyer's move", "2026-01-11T00:00:00Z", "released to the seller")),
        (lambda: STATES["return_shipped"]().day(16), ("seller's move", "2026-01-18T00:00:00Z", "55.00")),
        (lambda: STATES["escalated, the buyer asked"]().day(8), ("buyer's move", "2026-01-10T00:00:00Z", "locked")),
        (lambda: STATES["escalated, by the buyer"]().day(61), ("platform's move", "2026-03-04T00:00:00Z", "20.00")),
        (lambda: STATES["settling, seller_silent"]().day(11), ("Nobody's move", "2026-01-", "20.00")),
    ],
)
def test_it_says_whose_move_it_is_the_instant_and_what_happens_then(build: Any, told: tuple[str, ...]) -> None:
    said = text(build(), "A4")
    assert all(word in said for word in told), said


@rule("A4")
def test_every_near_deadline_is_told() -> None:
    assert Story().day(56).open().day(59).advice.count("A4") == 2


# A5


@rule("A5", "X3")
@pytest.mark.parametrize(("seconds", "advised"), [(-1, False), (0, False), (1, True)])
def test_little_protection_under_a_dispute_is_advised_on(seconds: int, advised: bool) -> None:
    assert ("A5" in Story().day(52).open().day(53, seconds).advice) is advised


@rule("A5")
def test_a_pending_request_under_a_dispute_is_advised_on() -> None:
    assert "A5" in STATES["awaiting_seller, an extension asked"]().advice
    assert "A5" in STATES["awaiting_buyer, an extension asked"]().advice
    assert "A5" not in STATES["awaiting_seller, protection over"]().advice


# A6


@rule("A6")
@pytest.mark.parametrize("name", STATES)
def test_on_an_undisputed_orders_page_asking_the_seller_for_money_is_called_useless(name: str) -> None:
    assert ("A6" in STATES[name]().advice) == name.startswith("protected")


# A7


@rule("A7", "C2")
def test_the_first_step_of_escalating_asks_for_all_the_evidence_and_the_second_does_not() -> None:
    assert shipped().open().offer().buyer(c.Escalate).warnings == ["A7"]
    assert shipped().open().offer().buyer(c.Escalate, confirm=True).warnings == []
    assert shipped().open().offer().buyer(c.Escalate, no_thanks=True).warnings == []


@rule("A7")
@pytest.mark.parametrize("name", reached("awaiting_buyer"))
def test_the_page_asks_for_all_the_evidence_where_escalating_is_possible(name: str) -> None:
    assert "A7" in STATES[name]().advice


@rule("A7", "C1")
@pytest.mark.parametrize(("opens", "advised"), [("opening", True), ("offer", False)])
def test_before_the_seller_answered_it_asks_so_only_where_escalating_is_open_already(opens: str, advised: bool) -> None:
    story = Story(policy=policy_with(escalation={"opens": opens})).open()
    assert ("A7" in story.advice) is advised


@rule("A5", "N6")
def test_accepting_a_promise_under_little_protection_is_advised_on_and_another_offer_is_not() -> None:
    assert Story().day(55).open().seller(c.Respond, promise="a new one").buyer(c.Accept).warnings == ["A5"]
    assert Story().day(55).open().seller(c.Respond, refund="10.00").buyer(c.Accept).warnings == []


# A8

Fact = tuple[type[c.Command], dict[str, Any]]
SHIP: Fact = (c.Ship, {"tracking": "T1"})
DELIVER: Fact = (c.Deliver, {})


@rule("A8")
@pytest.mark.parametrize(
    ("facts", "received", "advised"),
    [
        ((), True, True),
        ((SHIP,), True, False),
        ((DELIVER,), True, False),
        ((SHIP, DELIVER), True, False),
        ((), False, False),
        ((SHIP,), False, False),
        ((DELIVER,), False, True),
        ((SHIP, DELIVER), False, True),
        ((DELIVER, SHIP), False, False),
    ],
)
def test_a_dispute_that_does_not_agree_with_what_is_recorded_is_advised_on(facts: tuple[Fact, ...], received: bool, advised: bool) -> None:
    story = Story().day(31)
    for kind, fields in facts:
        story.give(kind, **fields)
    story.open(received=received)
    assert story.warnings == ["A8"] * advised
    assert ("A8" in story.advice) is advised
    assert story.buyer(c.EditDispute, keep=True).warnings == ["A8"] * advised


# Where advice stands


@rule("A2", "A3", "A5", "A7", "A8")
@pytest.mark.parametrize("name", OTHERS)
def test_what_is_of_the_negotiation_stands_on_no_other_page(name: str) -> None:
    assert set(STATES[name]().advice) <= {"A1", "A4", "A6"}


@rule("A1", "A2", "A3", "A4", "A5", "A7", "A8")
def test_a_page_carries_all_that_apply() -> None:
    story = Story().day(50).open(**WHOLE, language="ru").buyer(c.ExtendProtection, days=20).offer("10.00").day(59)
    assert sorted(set(story.advice)) == ["A1", "A2", "A3", "A4", "A5", "A7", "A8"]


@rule("A1", "A5", "A7")
@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("awaiting_seller, an extension asked", c.Respond, {"reject": True, "message": "Нет", "language": "ru"}),
        ("awaiting_buyer, an extension asked", c.Accept, {}),
        ("awaiting_buyer, an extension asked", c.Accept, {"actor": Actor.SELLER}),
        ("awaiting_buyer, an extension asked", c.Escalate, {"confirm": True}),
        ("protected, an extension asked", c.Confirm, {}),
        ("protected, an extension asked", c.ExtendProtection, {"grant": True}),
        ("protected", c.Deliver, {}),
        ("awaiting_seller, a part", c.AddEvidence, {"file": ("photo.png",), "files": (PHOTO,)}),
        ("escalated, by the buyer", c.Cancel, {}),
        ("awaiting_return, by the seller", c.SendReturn, {"tracking": "R1"}),
    ],
)
def test_the_other_commands_carry_none(name: str, kind: type[c.Command], fields: dict[str, Any]) -> None:
    assert STATES[name]().give(kind, **fields).warnings == []


@rule("A1", "A2", "A8")
def test_an_opening_carries_all_that_concern_it() -> None:
    assert Story().buyer(c.OpenDispute, **DEFECTIVE | {"refund": "full"}, files=(PHOTO,), language="ru").warnings == ["A1", "A2", "A8"]
