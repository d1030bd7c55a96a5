"""Who may: W1 and W2, case by case; that nothing else is told in any state is proved in test_lifecycle."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.decide import create, decide
from dispute_cli.core.refusal import Refusal
from dispute_cli.core.words import Actor, Kind
from tests.given import DEFECTIVE, PHOTO, Story, day, rule
from tests.rules.states import OPEN, RULED, STATES, UNDISPUTED

BUYER, SELLER, PLATFORM, CLOCK = Actor

MAY: list[tuple[type[c.Command], dict[str, Any], set[Actor]]] = [
    (c.Confirm, {}, {BUYER}),
    (c.OpenDispute, DEFECTIVE, {BUYER}),
    (c.EditDispute, {"keep": True}, {BUYER}),
    (c.Cancel, {}, {BUYER}),
    (c.Accept, {}, {BUYER, SELLER}),
    (c.Escalate, {"confirm": True}, {BUYER}),
    (c.ExtendProtection, {"days": 5}, {BUYER}),
    (c.SendReturn, {"tracking": "R1"}, {BUYER}),
    (c.AddEvidence, {"file": ("photo.png",), "files": (PHOTO,)}, {BUYER, SELLER}),
    (c.SendMessage, {"text": "hello"}, {BUYER, SELLER, PLATFORM}),
    (c.Ship, {"tracking": "T1"}, {SELLER}),
    (c.Respond, {"reject": True}, {SELLER}),
    (c.ExtendProtection, {"grant": True, "days": 5}, {SELLER}),
    (c.ExtendProtection, {"deny": True}, {SELLER}),
    (c.AcknowledgeReturn, {}, {SELLER}),
    (c.RefuseReturn, {"reason": "empty"}, {SELLER}),
    (c.Deliver, {}, {PLATFORM}),
    (c.RequestEvidence, {"from_": "buyer"}, {PLATFORM}),
    (c.Rule, {"refund": "0", "reason": "so"}, {PLATFORM}),
]
"""The book's table of who may what."""


# W1


@rule("W1")
@pytest.mark.parametrize(("kind", "fields", "may"), MAY)
@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("name", ["protected", "awaiting_seller, a part", "escalated, by the buyer", "closed, ruling"])
def test_a_command_as_an_actor_who_may_never_give_it_is_refused_whatever_the_status(
    name: str, actor: Actor, kind: type[c.Command], fields: dict[str, Any], may: set[Actor]
) -> None:
    story = STATES[name]()
    if actor in may:
        assert told(story, kind, actor, fields) != "W1"
    else:
        refusal = story.refused("W1", kind, actor=actor, **fields)
        assert refusal.faults[0].field == "as"


def told(story: Story, kind: type[c.Command], actor: Actor, fields: dict[str, Any]) -> str | None:
    """The rule that refuses, or None where nothing does."""
    try:
        story.give(kind, actor=actor, **fields)
    except Refusal as refusal:
        return refusal.faults[0].rule
    return None


@rule("W1")
@pytest.mark.parametrize("actor", [SELLER, PLATFORM, CLOCK])
def test_only_the_buyer_creates_an_order(actor: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        create(c.CreateOrder(id="O-1", by=actor, price="0"), True, Story().moment())
    assert [fault.rule for fault in caught.value.faults] == ["W1"]


@rule("W1")
@pytest.mark.parametrize("actor", [BUYER, SELLER, PLATFORM])
def test_nobody_but_time_says_that_a_deadline_has_passed(actor: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        decide(Story().order, c.Lapse(id="O-1", by=actor, kind=Kind.PROTECTION), Story().moment())
    assert [fault.rule for fault in caught.value.faults] == ["W1"]


@rule("W1")
@pytest.mark.parametrize(("kind", "fields", "may"), MAY)
def test_a_command_acts_as_the_actor_it_belongs_to(kind: type[c.Command], fields: dict[str, Any], may: set[Actor]) -> None:
    given = {name: value for name, value in fields.items() if name != "files"}
    assert Story().command(kind, **given).actor == next(actor for actor in Actor if actor in may)


# W2


@rule("W2")
@pytest.mark.parametrize(
    ("name", "kind", "fields", "rules"),
    [
        *[(name, kind, {}, "E5") for name in UNDISPUTED for kind in (c.Cancel, c.EditDispute, c.Accept)],
        *[(name, c.Respond, {"reject": True}, "E5") for name in UNDISPUTED],
        ("closed, confirmed", c.Cancel, {}, "E5"),
        ("settling, seller_silent", c.Cancel, {}, "W2"),
        ("settling, seller_silent", c.Respond, {"reject": True}, "W2"),
        ("closed, dropped", c.Accept, {}, "W2"),
        *[(name, c.OpenDispute, DEFECTIVE, "D1") for name in OPEN],
        ("settling, seller_accepted", c.OpenDispute, DEFECTIVE, "D1"),
        ("closed, confirmed", c.OpenDispute, DEFECTIVE, "D1"),
        ("closed, protection_ended", c.OpenDispute, DEFECTIVE, "D1"),
        ("closed, return_overdue", c.OpenDispute, DEFECTIVE, "D1"),
        ("closed, cancelled", c.OpenDispute, DEFECTIVE, "N10"),
        ("closed, dropped", c.OpenDispute, DEFECTIVE, "C5"),
        *[(name, c.Confirm, {}, "E3") for name in OPEN],
        ("settling, buyer_accepted", c.Confirm, {}, "E3"),
        ("closed, confirmed", c.Confirm, {}, "E3"),
        ("awaiting_seller, a part", c.Escalate, {"confirm": True}, "C1"),
        ("escalated, by silence", c.EditDispute, {"keep": True}, "C4"),
        ("escalated, by silence", c.Respond, {"reject": True}, "C4"),
        ("escalated, by silence", c.Escalate, {"confirm": True}, "C5"),
        ("escalated, by silence", c.Accept, {}, "C5"),
        ("escalated, conceded", c.Accept, {"actor": SELLER}, "C5"),
        ("protected", c.AddEvidence, {"link": ("https://a.b",)}, "V5"),
        ("settling, seller_silent", c.AddEvidence, {"link": ("https://a.b",)}, "V5"),
        ("escalated, by silence", c.AddEvidence, {"link": ("https://a.b",)}, "V6"),
        ("awaiting_seller, protection over", c.ExtendProtection, {"days": 5}, "X1"),
        ("escalated, by silence", c.ExtendProtection, {"days": 5}, "X2"),
        ("closed, confirmed", c.ExtendProtection, {"grant": True}, "X2"),
        *[
            (name, kind, {}, "C8")
            for name in RULED
            for kind in (c.Confirm, c.Cancel, c.EditDispute, c.Accept, c.Escalate, c.AcknowledgeReturn)
        ],
        *[(name, c.OpenDispute, DEFECTIVE, "C8") for name in RULED],
        ("protected", c.Escalate, {"confirm": True}, "W2"),
        ("protected", c.AcknowledgeReturn, {}, "W2"),
        ("awaiting_seller, a part", c.Accept, {}, "W2"),
        ("awaiting_return, by the seller", c.Respond, {"reject": True}, "W2"),
        ("awaiting_return, by the seller", c.EditDispute, {"keep": True}, "W2"),
        ("awaiting_buyer, less", c.Rule, {"refund": "0", "reason": "so"}, "W2"),
    ],
)
def test_a_command_that_the_status_does_not_allow_is_told_by_the_closest_rule(
    name: str, kind: type[c.Command], fields: dict[str, Any], rules: str
) -> None:
    STATES[name]().refused(rules, kind, **fields)


@rule("W2", "D10")
@pytest.mark.parametrize(("name", "rules"), [("escalated, by the buyer", "D1"), ("closed, confirmed", "D1"), ("closed, ruling", "C8")])
def test_the_status_is_told_before_the_faults_of_the_form(name: str, rules: str) -> None:
    STATES[name]().refused(rules, c.OpenDispute, refund="0")


@rule("W2")
@pytest.mark.parametrize("name", STATES)
def test_someone_may_do_something_in_every_state(name: str) -> None:
    story = STATES[name]()
    assert {actor for actor, _ in story.possible} == {"buyer", "seller", "platform"}
    assert all(command == "message" for _, command in story.possible) == name.startswith("closed")


@rule("W2")
@pytest.mark.parametrize("at", [day(60), day(61)])
def test_what_lapsed_with_a_deadline_is_refused_from_its_instant_on(at: Any) -> None:
    story = Story().until(at)
    story.refused("E3", c.Confirm)
    story.refused("X2", c.ExtendProtection, days=5)
    story.refused("D1", c.OpenDispute, **DEFECTIVE)
