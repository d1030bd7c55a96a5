"""What a page offers can be done: every move, in every state that can be reached, is accepted by the rules, and by the service when it is given with consent."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.decide import decide
from dispute_cli.core.lifecycle import MAY, possible
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.words import Actor, Kind
from dispute_cli.keys import Options
from dispute_cli.moves import CHOICES, MOST_OF_A_KIND, arguments, moves
from tests.given import POLICY, Story, policy_with
from tests.rules.states import OVERDUE, STATES, answered

from .markets import Market, played
from .shop import Shop, after, unchanged, written

DRY = Options(consent=True, dry_run=True)


def said(story: Story) -> list[tuple[str, str, dict[str, Any]]]:
    """The moves as (actor, command, what it says besides the id)."""
    offered = moves(story.order, story.moment())
    return [(move.actor.value, c.name_of(move), {name: value for name, value in arguments(move).items() if name != "id"}) for move in offered]


def of(story: Story, actor: str, command: str) -> list[dict[str, Any]]:
    return [args for other, words, args in said(story) if (other, words) == (actor, command)]


def command_of(choice: a.Choice) -> c.Spoken:
    """The move as a batch line says it."""
    command: c.Spoken = msgspec.convert({"command": choice.command, **choice.args}, c.Spoken)
    return command


def looked(shop: Shop, id: str = "O-1", at: Any = None) -> a.Shown:
    answer = shop.ask(q.Look(id=id, at=written(at), history=True))
    assert isinstance(answer, a.Shown)
    return answer


def assert_accepted(shop: Shop, id: str) -> None:
    for choice in looked(shop, id).moves or ():
        done = shop.service.execute(command_of(choice), DRY)
        assert done.changed, choice
        assert command_of(choice).actor is choice.actor


def test_every_command_that_people_may_give_can_be_chosen() -> None:
    assert set(CHOICES) == {row.words for rows in MAY.values() for row in rows if not isinstance(row.does, Kind)}


@pytest.mark.parametrize("name", STATES)
def test_every_move_is_accepted_and_every_possible_row_has_one(name: str) -> None:
    story = STATES[name]()
    offered = moves(story.order, story.moment())
    for move in offered:
        assert decide(story.order, move, story.moment())
    rows = [(row.actor, row.command) for row in possible(story.order, story.moment())]
    counted = [(move.actor, c.name_of(move)) for move in offered]
    assert list(dict.fromkeys(counted)) == rows
    assert all(counted.count(row) <= MOST_OF_A_KIND for row in rows)
    assert len(set(offered)) == len(offered)


@pytest.mark.parametrize("name", STATES)
def test_a_move_says_the_same_as_a_batch_line(name: str) -> None:
    story = STATES[name]()
    for move in moves(story.order, story.moment()):
        assert msgspec.convert({"command": c.name_of(move), **arguments(move)}, c.Spoken) == move
        assert ("as" in arguments(move)) == (move.by is not None)


@settings(max_examples=40)
@given(Market)
def test_every_move_of_a_market_is_accepted_by_the_service(market: list[tuple[str, str]]) -> None:
    shop = played(market)
    for row in shop.ask(q.Look(all=True)).orders:
        assert_accepted(shop, row.id)


@settings(max_examples=60)
@given(
    st.sampled_from([("0.01", "0", "USD"), ("0.02", "0", "USD"), ("50.00", "5.00", "USD"), ("1", "0", "JPY"), ("0.003", "0", "KWD")]),
    st.lists(st.integers(0, 30), max_size=12),
)
def test_wherever_moves_and_silence_lead_every_move_is_accepted(price: tuple[str, str, str], walk: list[int]) -> None:
    shop = Shop().order(price=price[0], delivery=price[1], currency=price[2])
    for step in walk:
        assert_accepted(shop, "O-1")
        choices = looked(shop).moves or ()
        if step < len(choices):
            shop.service.execute(command_of(choices[step]), Options(consent=True))
        else:
            shop.tick(next=True)
    assert_accepted(shop, "O-1")


@pytest.mark.parametrize(
    "terms",
    [
        {"escalation": {"opens": "opening"}},
        {"protection": {"extension_most_days": 3}},
        {"escalation": {"evidence_days": 60}},
        {"reasons": {"defective": {"received": True, "evidence": "required", "refund": "full", "says": "broken"}}},
    ],
)
@pytest.mark.parametrize("name", ["protected", "awaiting_seller, a part", "awaiting_buyer, less", "escalated, in time for a ruling"])
def test_other_policies_have_their_own_moves(terms: dict[str, Any], name: str) -> None:
    story = STATES[name]()
    story.policy = policy_with(**terms)
    assert moves(story.order, story.moment())
    for move in moves(story.order, story.moment()):
        assert decide(story.order, move, story.moment())


# What is offered


def test_a_dispute_is_opened_for_what_works_now() -> None:
    early, late = of(Story(), "buyer", "open"), of(Story().day(31), "buyer", "open")
    assert [(form["received"], form["reason"], form.get("refund")) for form in early] == [(False, "wrong_tracking", None), (True, "defective", "27.50")]
    assert late[0]["reason"] == "delivery_overdue"
    assert [form["received"] for form in of(STATES["protected, delivered"](), "buyer", "open")] == [True]


def test_an_answer_to_an_offer_is_the_demand_again_or_the_middle() -> None:
    assert of(answered(refund="10.00"), "buyer", "edit") == [{"keep": True}, {"refund": "15.00", "keep": True}]
    assert of(answered(refund="19.99"), "buyer", "edit") == [{"keep": True}]
    assert of(answered(form=OVERDUE, reject=True), "buyer", "edit") == [{"keep": True}]


def test_a_later_answer_betters_the_offer() -> None:
    assert of(answered(refund="10.00"), "seller", "respond") == [{"refund": "15.00"}]
    assert of(answered(refund="20.00"), "seller", "respond") == [{"refund": "55.00"}]
    assert of(answered(refund="55.00", with_return=True), "seller", "respond") == [{"refund": "55.00"}]
    assert of(answered(promise="soon"), "seller", "respond") == [{"refund": "10.00"}]


def test_a_ruling_is_offered_from_its_day_on_and_never_below_a_conceded_claim() -> None:
    assert of(STATES["escalated, by the buyer"](), "platform", "review rule") == []
    assert [ruling["refund"] for ruling in of(STATES["escalated, in time for a ruling"](), "platform", "review rule")] == ["20.00", "15.00"]
    assert [ruling["refund"] for ruling in of(STATES["escalated, conceded, in time for a ruling"](), "platform", "review rule")] == ["20.00"]


def test_an_extension_is_asked_for_then_granted_or_denied() -> None:
    assert of(Story(), "buyer", "extend-protection") == [{"days": 10}]
    assert of(Story(), "seller", "extend-protection") == [{"days": 10, "grant": True}]
    assert of(STATES["protected, an extension asked"](), "seller", "extend-protection") == [{"grant": True}, {"deny": True}]


# The page's history and moves


def storied() -> Shop:
    """Day 0 paid and opened, day 2 offered, day 4 now."""
    return Shop().order().opened().tick("2d").offered().tick("2d")


def types(answer: a.Shown) -> list[tuple[str, bool]]:
    """The events of a history, and whether each is recorded."""
    return [(event["type"], event["seq"] is not None) for event in answer.history or ()]


def test_history_and_moves_are_there_only_when_asked_for() -> None:
    data = msgspec.to_builtins(storied().ask(q.Look(id="O-1")))
    assert not {"history", "moves"} & set(data)
    assert {"history", "moves"} <= set(msgspec.to_builtins(looked(storied())))
    with pytest.raises(Malformed) as caught:
        q.Look(history=True)
    assert caught.value.field == "history"


def test_a_history_is_what_events_tell() -> None:
    shop = storied()
    assert looked(shop).history == shop.told("O-1")


def test_a_past_instant_has_its_own_history_and_moves() -> None:
    answer = looked(storied(), at=after(1))
    assert types(answer)[-1] == ("message_sent", True)
    assert ("seller", "respond") in {(choice.actor, choice.command) for choice in answer.moves or ()}
    assert ("buyer", "accept") not in {(choice.actor, choice.command) for choice in answer.moves or ()}


def test_the_future_tells_what_silence_brings_and_numbers_nothing_that_is_not_recorded() -> None:
    shop = storied()
    with unchanged(shop.store):
        answer = looked(shop, at=after(90))
    expected = [kind for kind, recorded in types(answer) if not recorded]
    assert expected == ["escalated", "ruled_by_default", "settled", "refund_paid", "closed"]
    assert [event["seq"] for event in answer.history or ()][: len(shop.told("O-1"))] == [event["seq"] for event in shop.told("O-1")]
    assert {choice.command for choice in answer.moves or ()} == {"message"}


def test_on_a_wall_clock_what_passed_and_is_not_recorded_has_no_number() -> None:
    shop = Shop(clock="wall").order().opened()
    shop.clock = after(6)
    assert types(looked(shop))[-2:] == [("seller_silent", False), ("settled", False)]


def test_a_purchase_has_one_history_and_the_moves_of_every_line() -> None:
    shop = Shop().purchase().tick("1d").missing("P/2").tick("1d")
    answer = shop.ask(q.Look(id="P", history=True))
    assert [event["order"] for event in answer.history][:4] == ["P/1", "P/2", "P/3", "P/2"]
    assert {choice.args["id"] for choice in answer.moves} == {"P/1", "P/2", "P/3"}
    assert {choice.actor for choice in answer.moves if choice.command == "accept"} == {Actor.SELLER}




@pytest.mark.parametrize("received", [True, False])
def test_a_dispute_is_offered_only_for_reasons_that_the_policy_has(received: bool) -> None:
    reasons = {name: reason for name, reason in POLICY.reasons.items() if reason.received is received}
    story = Story(policy=replace(POLICY, reasons=reasons)).day(40)
    assert {form["received"] for form in of(story, "buyer", "open")} == {received}
