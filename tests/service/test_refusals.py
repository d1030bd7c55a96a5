"""What is told when a command is not done: in which order, at which instant, with what is possible; and nothing is written."""

from pathlib import Path
from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import ConsentNeeded, Refusal, Refused
from dispute_cli.core.words import Actor
from dispute_cli.keys import Options
from dispute_cli.policies import InvalidFile
from dispute_cli.questions import Look, Tick
from dispute_cli.reading import NoSuchThing
from tests.given import PHOTO, rule

from .markets import PLAYS
from .shop import OVERDUE, Shop, after, imprint, on_disk, unchanged

EVERY: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.CreateOrder, {"price": "1.00"}),
    (c.Ship, {"tracking": "T"}),
    (c.Deliver, {}),
    (c.Confirm, {}),
    (c.OpenDispute, {}),
    (c.OpenDispute, OVERDUE),
    (c.EditDispute, {"keep": True}),
    (c.Cancel, {}),
    (c.Respond, {"reject": True}),
    (c.Accept, {}),
    (c.ExtendProtection, {"days": 9000}),
    (c.ExtendProtection, {"deny": True}),
    (c.Escalate, {}),
    (c.AddEvidence, {"link": ("file:///x",)}),
    (c.SendReturn, {"tracking": "R"}),
    (c.AcknowledgeReturn, {}),
    (c.RefuseReturn, {"reason": "empty"}),
    (c.RequestEvidence, {"party": "buyer"}),
    (c.Rule, {"refund": "99.00", "reason": "so"}),
]


@rule("W1", "W2", "K1")
@pytest.mark.parametrize("play", sorted(PLAYS))
@pytest.mark.parametrize("actor", [None, *Actor])
def test_whatever_is_refused_leaves_every_byte_and_says_what_is_possible(play: str, actor: Actor | None) -> None:
    shop = in_state(play)
    possible = shop.look().possible
    for kind, fields in EVERY:
        before = imprint(shop.store)
        try:
            shop.give(kind, actor=actor, yes=False, **fields)
        except Refused as fault:
            refused = fault
        else:
            shop = in_state(play)
            continue
        assert imprint(shop.store) == before
        assert refused.now == after(0)
        assert kind is c.CreateOrder or refused.possible == possible


def in_state(play: str) -> Shop:
    shop = Shop().order()
    PLAYS[play](shop, "O-1")
    return shop


def test_a_refused_command_leaves_the_bytes_on_disk(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order().opened()
    for kind, fields in EVERY:
        with pytest.raises((Refused, NoSuchThing, Malformed)), unchanged(shop.store):
            shop.give(kind, actor=Actor.CLOCK, **fields)


# The order of complaints


@rule("W1")
def test_an_unknown_order_is_told_before_the_actor() -> None:
    with pytest.raises(NoSuchThing) as caught:
        Shop().give(c.OpenDispute, actor=Actor.SELLER)
    assert caught.value.now == after(0)


@rule("W1", "W2")
def test_the_actor_is_told_before_the_status_and_the_status_before_the_form() -> None:
    shop = Shop().order().missing()
    shop.refused("W1", c.OpenDispute, actor=Actor.SELLER)
    shop.refused("D1", c.OpenDispute)
    assert len(Shop().order().refused("D2 D3 D8", c.OpenDispute).faults) == 3


@rule("W1")
def test_the_actor_is_told_before_a_policy_that_cannot_be_read() -> None:
    shop = Shop()
    shop.refused("W1", c.CreateOrder, actor=Actor.SELLER, price="1.00", policy="./nowhere.toml")
    with pytest.raises(InvalidFile), unchanged(shop.store):
        shop.give(c.CreateOrder, price="1.00", policy="./nowhere.toml")


def test_too_many_decimals_are_malformed_even_where_the_status_refuses() -> None:
    shop = Shop().order()
    given: list[tuple[type[c.Command], dict[str, Any]]] = [(c.Respond, {"refund": "1.005"}), (c.SendReturn, {"tracking": "R", "postage": "1.005"})]
    for kind, fields in given:
        with pytest.raises(Malformed), unchanged(shop.store):
            shop.give(kind, actor=Actor.CLOCK, **fields)


@rule("A1", "D8", "D3")
def test_faults_are_told_before_strict_advice() -> None:
    shop = Shop().order()
    shop.refused("D8", c.OpenDispute, strict=True, language="de", **OVERDUE | {"message": " "})
    shop.refused("A1", c.OpenDispute, strict=True, language="de", **OVERDUE)
    assert shop.give(c.OpenDispute, language="de", **OVERDUE).warnings[0].code == "A1"


@rule("A5", "X3", "N9")
def test_strict_advice_is_told_before_consent_is_asked() -> None:
    shop = Shop().order().tick("54d").opened().offered(refund="1.00").tick("6d")
    shop.needs_consent("N9", c.Cancel)
    early = Shop().order().tick("54d").opened_whole()
    early.give(c.Accept, actor="seller")
    refused = early.refused("A5", c.Cancel, strict=True, yes=False)
    assert refused.possible
    asked = early.needs_consent("N9", c.Cancel)
    assert [warning.code for warning in asked.warnings] == ["A5"]


@rule("A7", "C2")
def test_strict_touches_the_first_step_of_an_escalation_alone() -> None:
    shop = Shop().order().opened().offered()
    shop.refused("A7", c.Escalate, strict=True)
    shop.needs_consent("C2", c.Escalate)
    assert shop.give(c.Escalate, strict=True, no_thanks=True).changed is False
    assert shop.give(c.Escalate, strict=True, confirm=True, yes=False).changed


@rule("C2")
def test_yes_does_not_stand_in_for_the_confirmation_of_an_escalation() -> None:
    shop = Shop().order().opened().offered()
    with pytest.raises(ConsentNeeded), unchanged(shop.store):
        shop.give(c.Escalate, yes=True)
    with unchanged(shop.store):
        answer = shop.give(c.Escalate, no_thanks=True, yes=False)
    assert (answer.changed, answer.events) == (False, ())


@rule("A1")
def test_strict_leaves_questions_and_ticks_alone() -> None:
    shop = Shop().order().opened()
    assert shop.service.ask(Look(id="O-1"), Options(strict=True)).ok
    assert shop.service.ask(Tick(duration="1d"), Options(strict=True)).ok


# Consent


@rule("E3", "N5", "N9", "C5")
def test_consent_is_asked_where_something_is_given_up_and_then_the_command_is_done() -> None:
    shop = Shop().order()
    shop.needs_consent("E3", c.Confirm)
    shop.opened().offered(refund="10.00")
    asked = shop.needs_consent("N5", c.Accept)
    assert "10.00 USD" in asked.message and asked.possible == shop.look().possible
    assert shop.give(c.Accept).order.status == "settling"


@rule("E3", "E1")
def test_consent_for_a_purchase_speaks_of_every_line() -> None:
    asked = Shop().purchase("P", "Cup=10.00", "Pot=20.00", delivery="0").needs_consent("E3", c.Confirm, "P")
    assert "10.00 USD" in asked.message and "20.00 USD" in asked.message


@rule("N5")
def test_nothing_given_up_needs_no_consent() -> None:
    shop = Shop().order().opened().offered(refund="20.00")
    assert shop.give(c.Accept, yes=False).changed


@rule("V1", "D10")
def test_only_faults_of_files_make_an_invalid_file() -> None:
    shop = Shop().order()
    bad = type(PHOTO)(name="a.png", size=0, data=b"")
    form: dict[str, Any] = {"received": True, "reason": "defective", "refund": "20.00", "message": "Broken"}
    with pytest.raises(Refusal) as caught, unchanged(shop.store):
        shop.give(c.OpenDispute, files=(bad,), **form)
    assert caught.value.invalid_file
    mixed = shop.refused("D8 V1", c.OpenDispute, files=(bad,), **form | {"message": " "})
    assert not mixed.invalid_file
