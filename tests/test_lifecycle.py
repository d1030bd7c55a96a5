"""The lifecycle, exhaustively: every state by every way there, every actor, every command, around every deadline."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from itertools import product

import pytest
from msgspec.structs import replace

from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core.deadlines import deadlines
from dispute_cli.core.decide import CHAPTERS, decide
from dispute_cli.core.decide.clock import SILENCE
from dispute_cli.core.evolve import CHANGES, evolve, replay
from dispute_cli.core.ledger import balances, postings
from dispute_cli.core.lifecycle import ACTORS, INSTEAD, LEADS_TO, MAY, TABLE, owners, possible
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.means import SENTENCES
from dispute_cli.core.order import Order
from dispute_cli.core.refusal import Refusal
from dispute_cli.core.rules import BOOK
from dispute_cli.core.words import LABELS, Actor, Cause, Kind, Outcome, Status
from tests.given import Story, day, policy_with, rule
from tests.rules.payloads import PAYLOADS
from tests.rules.states import STATES

SECOND = timedelta(seconds=1)
EVENTS: tuple[type[e.Fact], ...] = e.Event.__args__
SPOKEN: tuple[type[c.Command], ...] = c.Spoken.__args__


def moments(name: str) -> Iterator[Story]:
    """The state as it was reached, and one second before, at and after each of its deadlines, if nobody acts."""
    story = STATES[name]()
    instants = {due.at + step for due in deadlines(story.order) for step in (-SECOND, timedelta(), SECOND)}
    yield story
    for instant in sorted(instants):
        if instant >= story.now:
            yield story.until(instant)


def attempts(story: Story) -> Iterator[tuple[Actor, c.Command, tuple[e.Event, ...] | Refusal | Malformed]]:
    """Every payload of every command as every actor, and what comes of it."""
    for kind, payloads in PAYLOADS.items():
        for payload, actor in product(payloads, Actor):
            fields = dict(payload)
            moment = story.moment(fields.pop("files", ()))
            command = story.command(kind, actor, **fields)
            try:
                yield actor, command, decide(story.order, command, moment)
            except (Refusal, Malformed) as refused:
                yield actor, command, refused


def check_sound(story: Story, events: tuple[e.Event, ...]) -> None:
    """The events of an accepted command fold, replay, and move money without loss."""
    numbered = [replace(event, seq=seq) for seq, event in enumerate(events, len(story.events) + 1)]
    assert replay([*story.events, *numbered]) == reduce(evolve, numbered, story.order)
    assert all(sum(posting.amount for posting in postings(event)) == 0 for event in numbered)
    held = balances([*story.events, *numbered])
    assert held.escrow == held_by(story.events + numbered)


def held_by(events: list[e.Event]) -> int:
    """What the escrow of a story of 55.00 holds: all of it, the refund that is still to be paid, or nothing."""
    split = next((event for event in events if isinstance(event, e.Settled)), None)
    if split is None:
        return 5500
    return 0 if any(isinstance(event, e.RefundPaid) for event in events) else split.refund


def early(command: c.Command) -> bool:
    return isinstance(command, c.Rule) and command.early


# What is done, and what is possible


@rule("P2", "W2")
@pytest.mark.parametrize("name", STATES)
def test_every_command_is_done_or_refused_and_changes_nothing_else(name: str) -> None:
    for story in moments(name):
        before = replace(story.order)
        for _, _, result in attempts(story):
            if isinstance(result, tuple):
                check_sound(story, result)
            elif isinstance(result, Refusal):
                assert all(fault.rule in BOOK and fault.message for fault in result.faults)
            assert story.order == before


@rule("W2")
@pytest.mark.parametrize("name", STATES)
def test_possible_is_exactly_what_some_payload_is_accepted_for(name: str) -> None:
    for story in moments(name):
        accepted = {
            (actor.value, c.name_of(command))
            for actor, command, result in attempts(story)
            if isinstance(result, tuple) and not early(command)
        }
        assert story.possible == accepted, f"{name}, {story.now}"


def sense(story: Story, actor: str, command: str) -> tuple[str, str, bool]:
    """What a command of the same name means: while escalated a cancel is a drop, and the seller's accept concedes."""
    return actor, command, command in ("accept", "cancel") and story.order.status is Status.ESCALATED


def senses(story: Story) -> set[tuple[str, str, bool]]:
    return {sense(story, *row) for row in story.possible}


@rule("K2")
@pytest.mark.parametrize("name", STATES)
def test_what_is_possible_until_an_instant_is_possible_one_second_before_it_and_not_at_it(name: str) -> None:
    for start in moments(name):
        rows = [(sense(start, row.actor.value, row.command), row.until) for row in possible(start.order, start.moment())]
        for until in sorted({until for _, until in rows if until}):
            ending = {row for row, end in rows if end == until}
            story = again(start).until(until - SECOND)
            assert ending <= senses(story), f"{name}, {start.now}"
            assert not ending & senses(story.until(until)), f"{name}, {start.now}"


@rule("K2")
@pytest.mark.parametrize("name", STATES)
def test_what_no_deadline_ends_outlives_the_status_in_silence(name: str) -> None:
    start = STATES[name]()
    status, endless = start.order.status, {row for row in start.possible if (*row, None) in untils(start)}
    for due in deadlines(start.order):
        if start.order.status is status:
            assert endless <= start.until(due.at).possible, f"{due.kind}"


def untils(story: Story) -> set[tuple[str, str, datetime | None]]:
    return {(row.actor.value, row.command, row.until) for row in possible(story.order, story.moment())}


@rule("K2")
def test_what_two_deadlines_end_is_possible_until_the_sooner() -> None:
    story = Story().day(57).open()
    assert {until for _, command, until in untils(story) if command == "extend-protection"} == {day(60)}
    story = Story().day(50).open()
    assert {until for _, command, until in untils(story) if command == "extend-protection"} == {day(55)}


@rule("V6", "K2")
def test_a_party_adds_evidence_until_its_own_window_closes() -> None:
    story = STATES["escalated, by the buyer"]().day(4)
    story.platform(c.RequestEvidence, from_="buyer", days=3).platform(c.RequestEvidence, from_="seller", days=5)
    proving = {(actor, until) for actor, command, until in untils(story) if command == "add-evidence"}
    assert proving == {("buyer", day(7)), ("seller", day(9))}


@rule("C7", "E6")
@pytest.mark.parametrize(("no_ruling", "outlives"), [("claim", True), ("buyer", True), ("seller", False)])
def test_shipping_is_recorded_until_the_review_ends_where_that_closes_the_order(no_ruling: str, outlives: bool) -> None:
    story = (
        Story(policy=policy_with(escalation={"no_ruling": no_ruling})).open().seller(c.Respond, reject=True).buyer(c.Escalate, confirm=True)
    )
    rows = {until for _, command, until in untils(story) if command in ("order ship", "order deliver")}
    assert rows == {None if outlives else story.claim.review_ends_at}
    assert (("seller", "order ship") in story.until(story.claim.review_ends_at).possible) is outlives


def again(story: Story) -> Story:
    """The same story, to go on with in another way."""
    other = Story()
    other.now, other.events, other.order = story.now, list(story.events), story.order
    return other


# What is told instead

RULINGS = (Cause.RULING, Cause.DEFAULT_RULING)


def closest(order: Order, kind: type[c.Command]) -> str:
    """The rule that names the case most closely, for a command that the status does not allow."""
    if kind in (c.Ship, c.Deliver):
        return "E6"
    if kind is c.AddEvidence:
        return "V6" if order.dispute and order.dispute.claim else "V5"
    if order.cause in RULINGS:
        return "C8"
    if kind in (c.Cancel, c.EditDispute, c.Accept, c.Respond) and order.dispute is None:
        return "E5"
    if order.status is Status.ESCALATED and kind in (c.EditDispute, c.Respond, c.Escalate, c.Accept):
        return "C4" if kind in (c.EditDispute, c.Respond) else "C5"
    opening = {Cause.CANCELLED: "N10", Cause.DROPPED: "C5"}.get(order.cause, "D1") if order.cause else "D1"
    return {c.OpenDispute: opening, c.Confirm: "E3", c.ExtendProtection: "X2"}.get(kind, "W2")


@rule("W1", "W2")
@pytest.mark.parametrize("name", STATES)
def test_the_rule_that_names_the_case_most_closely_is_told(name: str) -> None:
    story = STATES[name]()
    for actor, command, result in attempts(story):
        if (story.order.status, actor, type(command)) in TABLE or isinstance(result, Malformed):
            continue
        expected = "W1" if actor not in owners(command, story.policy) else closest(story.order, type(command))
        assert isinstance(result, Refusal), f"{actor} {command}"
        assert [fault.rule for fault in result.faults] == [expected], f"{actor} {command}"


# The tables


def test_every_status_is_reached_and_every_way_to_the_end() -> None:
    orders = [build().order for build in STATES.values()]
    assert {order.status for order in orders} == set(Status)
    assert {order.cause for order in orders} == {None, *Cause} - {Cause.BUYER_SILENT}  # that one is a choice of other policies
    assert {order.outcome for order in orders} == {None, *Outcome}


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_what_its_name_says(name: str) -> None:
    order = STATES[name]().order
    status, *words = name.split(", ")
    assert order.status == status
    assert not words or order.cause is None or order.cause == words[0].removesuffix(" by a promise")


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_a_way_to_the_end_in_silence(name: str) -> None:
    story = STATES[name]().to_the_end()
    assert story.order.status is Status.CLOSED
    assert story.order.outcome and story.order.cause and balances(story.events).escrow == 0


def clock_rows(status: Status) -> set[Kind]:
    return {row.does for row in MAY[status] if isinstance(row.does, Kind)}


def test_the_clock_rows_of_a_status_are_the_deadlines_that_run_in_it() -> None:
    running: dict[Status, set[Kind]] = {status: set() for status in Status}
    for name in STATES:
        for story in moments(name):
            running[story.order.status] |= {due.kind for due in deadlines(story.order)}
    assert running == {status: clock_rows(status) for status in Status}


def test_where_each_fact_leads_and_what_it_changes_is_told_for_every_fact() -> None:
    assert set(LEADS_TO) == set(EVENTS)
    assert set(CHANGES) == set(EVENTS) - {e.OrderCreated}
    assert {status for status in LEADS_TO.values() if status} == set(Status)


def test_the_other_tables_are_total() -> None:
    assert set(MAY) == set(LABELS) == set(Status)
    assert set(CHAPTERS) == {*SPOKEN, c.Lapse} - {c.CreateOrder}
    assert set(SILENCE) == set(SENTENCES) == set(Kind)
    assert set(PAYLOADS) == set(SPOKEN) - {c.CreateOrder}
    assert set(ACTORS) == {*SPOKEN, *Kind}


def test_every_event_is_made_by_some_story() -> None:
    unanswered = Story().day(59).buyer(c.ExtendProtection, days=20)
    denied = Story().buyer(c.ExtendProtection, days=20).seller(c.ExtendProtection, deny=True)
    taken, closed = (Story(policy=policy_with(answering={"buyer_silent": choice})).open().offer() for choice in ("accept", "close"))
    stories = [unanswered, denied, taken, closed, *(build() for build in STATES.values())]
    assert {type(event) for story in stories for event in story.to_the_end().events} == set(EVENTS)


def test_what_is_told_instead_quotes_rules_that_refuse() -> None:
    assert all(BOOK[rule].kind == "refuses" for _, _, rule, _, _ in INSTEAD)


def test_a_deadline_is_never_in_the_past() -> None:
    for name in STATES:
        for story in moments(name):
            assert all(due.at > story.now for due in deadlines(story.order)), f"{name}, {story.now}"


@pytest.mark.parametrize("name", STATES)
def test_what_is_possible_lapses_in_the_future_and_at_a_deadline(name: str) -> None:
    for story in moments(name):
        assert {until for _, _, until in untils(story)} <= {None, *(due.at for due in deadlines(story.order))}
