"""Policies proved: what holds of every shipped one, what a planted fault of a policy or of the core refutes, and that the abstraction agrees with the real service."""

from collections.abc import Iterator
from datetime import timedelta
from functools import reduce
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core import explore as x
from dispute_cli.core.deadlines import soonest
from dispute_cli.core.decide import clock
from dispute_cli.core.decide.settlement import settle
from dispute_cli.core.evolve import evolve
from dispute_cli.core.explore import explore
from dispute_cli.core.moment import Moment
from dispute_cli.core.order import Order
from dispute_cli.core.policy import Policy
from dispute_cli.core.prove import PROPERTIES, figures, prove
from dispute_cli.core.words import Cause, Kind, Status
from dispute_cli.keys import Options
from dispute_cli.policies import load, names
from dispute_cli.runs.checking import checked
from dispute_cli.runs.scenario.play import play
from dispute_cli.runs.scenario.trial import from_text
from tests.given import POLICY, policy_with
from tests.run import ROOT
from tests.service.shop import Shop


def refuted(policy: Policy) -> dict[str, str]:
    """The properties that do not hold, with why."""
    return {verdict.property.name: verdict.refuted.message for verdict in prove(policy)[1] if verdict.refuted}


@pytest.mark.parametrize("name", names())
def test_every_property_holds_of_every_shipped_policy(name: str) -> None:
    assert refuted(load(name)) == {}


PLANTED: dict[str, dict[str, Any]] = {
    "silence": {"escalation": {"no_ruling": "seller"}},
    "reasons": {"opening": {"not_before_days": 70}},
    "counters": {"escalation": {"until_days": 8}},
    "reached": {"protection": {"days": 61}, "opening": {"not_before_days": 61}},
}
"""Property → a faulty policy that it finds."""


@pytest.mark.parametrize("name", PLANTED)
def test_a_faulty_policy_is_refuted(name: str) -> None:
    assert name in refuted(policy_with(**PLANTED[name]))


def test_a_policy_without_reasons_for_goods_received_never_comes_to_a_return() -> None:
    data = {code: reason for code, reason in POLICY.reasons.items() if not reason.received}
    assert "awaiting_return" in refuted(replace(POLICY, reasons=data))["reached"]


def nothing(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    """A deadline that comes again and again: what no policy can say, so the fault is planted in the core."""
    yield e.DisputeEdited(
        *moment.here(order, clock.CLOCK), received=False, reason="wrong_tracking", refund=order.total, with_return=False, currency=order.currency,
        answer_by=moment.now + timedelta(days=5),
    )


def twice(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    assert order.dispute
    yield e.SellerSilent(*moment.here(order, clock.CLOCK))
    for _ in range(2):
        yield from settle(order, moment, clock.CLOCK, order.dispute.demand.refund, Cause.SELLER_SILENT)


ONE_REASON = replace(POLICY, reasons={"wrong_tracking": POLICY.reasons["wrong_tracking"]})
"""Enough for a fault of the core, which does not ask for the reason."""


@pytest.mark.parametrize(("name", "fault"), [("ends", nothing), ("split-once", twice)])
def test_a_fault_of_the_core_is_refuted(monkeypatch: pytest.MonkeyPatch, name: str, fault: Any) -> None:
    assert name not in refuted(ONE_REASON)
    monkeypatch.setitem(clock.SILENCE, Kind.SELLER_RESPONSE, fault)
    assert name in refuted(ONE_REASON)


def test_a_status_without_a_deadline_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    due = soonest
    monkeypatch.setattr(x, "soonest", lambda order: None if order.status is Status.AWAITING_SELLER else due(order))
    assert "no deadline" in refuted(POLICY)["ways-out"]


def test_there_is_a_planted_fault_for_every_property() -> None:
    assert {one.name for one in PROPERTIES} == {*PLANTED, "ends", "split-once", "ways-out"}


def test_the_page_tells_every_property_in_its_own_words() -> None:
    page = (ROOT / "docs" / "check.md").read_text()
    assert all(f"| `{one.name}` | {one.sentence} |" in page for one in PROPERTIES)


def test_what_refutes_a_policy_is_a_story_and_a_scenario_that_passes() -> None:
    told = checked(policy_with(**PLANTED["silence"]), "mine.toml")
    fault = next(one for one in told.properties if not one.holds)
    assert [turn.command for turn in fault.story] == ["order create", "open", "respond"]
    assert fault.scenario
    (trial,) = from_text(fault.scenario.encode())
    assert play(trial).failures == ()


def test_the_figures_of_the_default_policy() -> None:
    told = figures(explore(POLICY))
    assert (told.longest_to_refund, told.longest_to_release) == (timedelta(days=10 + 60 + 10), timedelta(days=60 + 120))
    silent = {(cost.actor.value, cost.kind.value): (cost.buyer, cost.seller) for cost in told.costs}
    assert silent["seller", "seller_response"] == ("nothing", "everything")
    assert silent["buyer", "buyer_response"] == ("everything", "everything")
    assert silent["buyer", "return_send"] == ("everything", "nothing")


def test_a_silent_sellers_claim_takes_no_shorter_than_an_unanswered_offer() -> None:
    told = figures(explore(policy_with(answering={"seller_silent": "escalate"})))
    assert told.longest_to_refund == timedelta(days=10 + 60 + 10)


def test_a_right_that_ends_before_its_counter_is_shown_by_an_answer_at_the_last_second() -> None:
    story = next(one for one in checked(policy_with(**PLANTED["counters"]), "mine.toml").properties if one.name == "counters").story
    assert [turn.command for turn in story] == ["order create", "open", "respond"]
    assert story[-1].at - story[-2].at == timedelta(days=5, seconds=-1)


EXPLORED = explore(POLICY)
EDGES = {(edge.status, edge.actor, edge.does, edge.to) for edge in EXPLORED.edges}
KNOWN = {x.key(state, POLICY) for state in EXPLORED.states}


@settings(max_examples=60)
@given(st.lists(st.integers(0, 60), max_size=14))
def test_wherever_the_real_service_goes_the_abstraction_has_been(walk: list[int]) -> None:
    """Moves with amounts and instants of their own, on the real service: each leads along an edge that was explored."""
    shop = Shop().order(price="37.00", delivery="4.10")
    for step in walk:
        before = shop.look()
        choices = shop.ask(q.Look(id="O-1", history=True)).moves or ()
        if step < len(choices):
            command = msgspec.convert({"command": choices[step].command, **choices[step].args}, c.Spoken)
            shop.service.execute(command, Options(consent=True))
            assert (before.status, command.actor, choices[step].command, shop.look().status) in EDGES
        else:
            ticked = shop.ticked(next=True)
            if ticked.fired == 1 and ticked.events:
                kind = before.deadlines[0].kind
                assert (before.status, clock.CLOCK, kind, shop.look().status) in EDGES


@settings(max_examples=40)
@given(st.lists(st.integers(0, 200), max_size=12))
def test_every_story_of_the_walk_is_one_that_the_rules_tell_again(walk: list[int]) -> None:
    """A random way through the explored states, its events folded anew from the start, stands where the walk said."""
    state = EXPLORED.states[0]
    for step in walk:
        ahead = EXPLORED.moves[state]
        if ahead:
            state = ahead[step % len(ahead)][1]
    events = [event for step in state.story() for event in step.events]
    assert reduce(evolve, events, None) == state.order
    assert x.key(state, POLICY) in KNOWN
