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
from dispute_cli.core import prove as prove_module
from dispute_cli.core.deadlines import soonest
from dispute_cli.core.decide import clock
from dispute_cli.core.decide.settlement import settle
from dispute_cli.core.evolve import evolve
from dispute_cli.core.explore import explore
from dispute_cli.core.ledger import Balances
from dispute_cli.core.lifecycle import MAY
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.moment import Moment
from dispute_cli.core.order import Order, Request, Window
from dispute_cli.core.policy import Policy
from dispute_cli.core.prove import PROPERTIES, Refuted, figures, prove
from dispute_cli.core.words import Actor, Cause, Kind, Status
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


def of(*states: x.State, rows: Any = frozenset(), moves: Any = None) -> x.Explored:
    """What a walk might have found that went astray."""
    return x.Explored(POLICY, states, frozenset(), rows, {state: () for state in states} if moves is None else moves, frozenset())


def first(status: Status) -> x.State:
    return next(state for state in EXPLORED.states if state.order.status is status)


def told(check: Any, explored: x.Explored) -> str:
    """What refutes it first."""
    refuted = next(check(explored))
    assert isinstance(refuted, Refuted)
    return refuted.message


def test_a_status_that_silence_does_not_leave_is_refuted() -> None:
    state = first(Status.AWAITING_SELLER)
    lapse = next(step for step, _ in EXPLORED.moves[state] if step.events and isinstance(step.command, c.Lapse))
    assert told(prove_module.ways_out, of(state, moves={state: ((lapse, state),)})) == "Nothing leads out of awaiting_seller."


def test_postings_that_do_not_sum_to_zero_are_refuted() -> None:
    astray = replace(first(Status.AWAITING_SELLER), balances=Balances(buyer=1))
    assert told(prove_module.split_once, of(astray)) == "The postings do not sum to zero."


def test_a_silent_seller_who_pays_more_than_was_demanded_is_refuted() -> None:
    terms = {"answering": {"seller_silent": "escalate"}, "escalation": {"no_ruling": "buyer"}}
    assert "more than was demanded" in refuted(policy_with(**terms))["silence"]


def test_a_request_that_outlives_protection_and_evidence_that_outlives_its_review_are_refuted() -> None:
    state = first(Status.ESCALATED)
    dispute = state.order.dispute
    assert dispute
    assert dispute.claim
    over = replace(state.order.protection, request=Request(3, state.now))
    assert "outlives protection" in told(prove_module.counters, of(replace(state, order=replace(state.order, protection=over))))
    window = Window(Actor.BUYER, dispute.claim.review_ends_at + timedelta(days=1))
    longer = replace(dispute, claim=replace(dispute.claim, windows=(window,)))
    assert "beyond the review" in told(prove_module.counters, of(replace(state, order=replace(state.order, dispute=longer))))


def test_without_a_dispute_no_answer_comes_late() -> None:
    assert prove_module.answered_late(of(first(Status.PROTECTED))) is None


def test_an_end_that_no_order_comes_to_is_refuted() -> None:
    rows = frozenset((status, row.actor, row.words) for status, rows in MAY.items() for row in rows)
    assert told(prove_module.all_reached, of(first(Status.PROTECTED), rows=rows)) == "No order ever ends by confirmed."


def test_what_a_policy_closes_need_not_be_reached() -> None:
    open_to_all = policy_with(escalation={"opens": "opening", "who": "either"}, protection={"extension_most_times": 0}, payout={"least_days": 0, "most_days": 0})
    closed = prove_module.chosen_away(open_to_all)
    assert {words for _, _, words in closed} >= {"extend-protection", "payout"}
    assert "escalate" not in {words for _, _, words in closed}
    silent = policy_with(answering={"buyer_silent": "close", "seller_silent": "refund"})
    assert prove_module.causes_chosen_away(silent) == set()
    assert prove_module.causes_chosen_away(policy_with(answering={"seller_silent": "escalate"})) == {Cause.SELLER_SILENT, Cause.BUYER_SILENT}


def test_a_policy_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x, "MOST_STATES", 3)
    with pytest.raises(Malformed, match="more than 3 states"):
        explore(POLICY)


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
