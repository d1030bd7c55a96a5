"""Time, by stories made at random: however it passes the same comes of it, every story ends, and no money is lost on the way."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core.deadlines import deadlines, firing, soonest
from dispute_cli.core.decide.settlement import payout_days
from dispute_cli.core.evolve import replay
from dispute_cli.core.instants import LATEST
from dispute_cli.core.ledger import balances, postings
from dispute_cli.core.lifecycle import possible
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import Refusal
from dispute_cli.core.words import Actor, Status
from tests.given import POLICY, Story, policy_with, rule
from tests.rules.payloads import PAYLOADS
from tests.rules.states import STATES

DAY = 86_400
COMMANDS = {c.name_of(kind): (kind, payloads) for kind, payloads in PAYLOADS.items()}
POLICIES = (
    POLICY,
    policy_with(escalation={"opens": "opening", "claim_basis": "standing", "no_ruling": "seller"}),
    policy_with(answering={"seller_days": 30, "buyer_days": 30}, escalation={"no_ruling": "buyer"}),
    policy_with(protection={"days": 31}, escalation={"rule_from_days": 1, "review_days": 2}),
)

Step = tuple[int | str, int, int]
"""How long to wait (seconds, or to just before, at or after the next deadline), and which row of what is possible with which payload."""

STEPS: st.SearchStrategy[Step] = st.tuples(
    st.one_of(st.just(0), st.integers(1, 3 * DAY), st.sampled_from(("before", "at", "after"))), st.integers(0, 1000), st.integers(0, 1000)
)
STORIES = st.lists(STEPS, max_size=20)
BEGINNINGS: dict[str, Callable[[], Story]] = {name: build for name, build in STATES.items() if not name.startswith("closed")} | {
    f"policy {number}": partial(Story, policy=policy) for number, policy in enumerate(POLICIES)
}
BEGINNING = st.sampled_from(sorted(BEGINNINGS))
RARE = ("message", "order ship", "order deliver", "order confirm")


def wait(story: Story, how: int | str) -> None:
    """Let time pass."""
    due = soonest(story.order)
    if isinstance(how, int):
        story.until(story.now + timedelta(seconds=how))
    elif due:
        story.until(max(story.now, due.at + timedelta(seconds=("before", "at", "after").index(how) - 1)))


def act(story: Story, row: int, payload: int) -> None:
    """Give a command that is possible now; where this payload is refused, nothing happens."""
    rows = [(row.actor, row.command) for row in possible(story.order, story.moment())]
    moving = [row for row in rows if row[1] not in RARE]
    chosen = moving if moving and row % 8 else rows
    actor, command = chosen[row % len(chosen)]
    kind, payloads = COMMANDS[command]
    try:
        story.give(kind, actor=actor, **payloads[payload % len(payloads)])
    except (Refusal, Malformed):
        story.last = ()


def played(steps: list[Step], beginning: str = "protected") -> Story:
    """The story that the steps make; every event on the way was folded, replayed and weighed (`Story.apply`)."""
    story = BEGINNINGS[beginning]()
    for how, row, payload in steps:
        wait(story, how)
        act(story, row, payload)
    return story


def again(story: Story) -> Story:
    """The same story, to go on with in another way."""
    other = Story(policy=story.policy)
    other.now, other.events, other.order = story.now, list(story.events), story.order
    return other


@rule("K3")
@settings(max_examples=150)
@given(STORIES, BEGINNING, st.lists(st.integers(0, 30 * DAY), max_size=12))
def test_time_that_passes_in_any_split_makes_the_same_events(steps: list[Step], beginning: str, parts: list[int]) -> None:
    split = played(steps, beginning)
    whole = again(split)
    for seconds in parts:
        split.until(split.now + timedelta(seconds=seconds))
    whole.until(split.now)
    assert (split.events, split.order, split.money) == (whole.events, whole.order, whole.money)


@rule("K3")
@settings(max_examples=100)
@given(STORIES, BEGINNING)
def test_a_story_interrupted_by_looking_is_the_same_story(steps: list[Step], beginning: str) -> None:
    """Waits cut into single firings, then the same commands."""
    story, cut = BEGINNINGS[beginning](), BEGINNINGS[beginning]()
    for how, row, payload in steps:
        wait(story, how)
        while (due := soonest(cut.order)) and due.at <= story.now:
            cut.until(due.at)
        cut.until(story.now)
        act(story, row, payload)
        act(cut, row, payload)
    assert story.events == cut.events


@rule("P1", "P2", "K2")
@settings(max_examples=200)
@given(STORIES, BEGINNING)
def test_every_story_ends_closed_with_an_empty_escrow(steps: list[Step], beginning: str) -> None:
    story = played(steps, beginning).to_the_end()
    sums = balances(story.events)
    assert (story.order.status, sums.escrow) == (Status.CLOSED, 0)
    assert sums.buyer + sums.seller + sums.carrier == 0
    assert (sums.seller, story.settlement.refund) == (story.settlement.release, story.order.total - story.settlement.release)


@rule("P2")
@settings(max_examples=100)
@given(STORIES, BEGINNING)
def test_after_each_event_all_sums_to_nothing_and_no_escrow_is_below_it(steps: list[Step], beginning: str) -> None:
    events = played(steps, beginning).to_the_end().events
    held = 0
    for event in events:
        moved = postings(event)
        held += sum(posting.amount for posting in moved if posting.account.startswith("escrow/"))
        assert sum(posting.amount for posting in moved) == 0
        assert 0 <= held <= 5500


@rule("K2")
@settings(max_examples=100)
@given(STORIES, BEGINNING)
def test_the_log_is_numbered_in_time_and_replays_to_the_state(steps: list[Step], beginning: str) -> None:
    story = played(steps, beginning)
    assert [event.seq for event in story.events] == list(range(1, len(story.events) + 1))
    assert all(before.at <= after.at <= story.now for before, after in pairwise(story.events))
    assert replay(story.events) == story.order


@rule("K2")
@settings(max_examples=100)
@given(STORIES, BEGINNING)
def test_a_deadline_fires_alone_at_its_instant_and_the_next_one_is_later_in_the_order(steps: list[Step], beginning: str) -> None:
    story = played(steps, beginning)
    while due := soonest(story.order):
        assert due.at > story.now
        running = deadlines(story.order)
        assert list(running) == sorted(running, key=firing)
        story.until(due.at)
        assert {event.at for event in story.last} == {due.at} and {event.by for event in story.last} == {Actor.CLOCK}


@rule("C8", "P1")
@settings(max_examples=100)
@given(STORIES, BEGINNING)
def test_nothing_but_facts_messages_and_the_payout_follows_a_settlement(steps: list[Step], beginning: str) -> None:
    events = played(steps, beginning).to_the_end().events
    settled = next(place for place, event in enumerate(events) if isinstance(event, e.Settled))
    allowed = (e.Shipped, e.Delivered, e.MessageSent, e.RefundPaid, e.Closed)
    assert all(isinstance(event, allowed) for event in events[settled + 1 :])


# The drawn day (P1)


@rule("P1")
def test_the_drawn_days_are_spread_evenly_over_7_to_10() -> None:
    drawn = [payout_days(0, f"O-{number}", POLICY.payout) for number in range(8000)]
    assert {days: 1850 < drawn.count(days) < 2150 for days in sorted(set(drawn))} == {7: True, 8: True, 9: True, 10: True}


@rule("P1")
@given(st.integers(0, 1 << 64), st.from_regex(r"[A-Za-z0-9_.-]{1,64}(/[1-9])?", fullmatch=True))
def test_the_drawn_day_is_a_whole_number_in_the_range_and_always_the_same(seed: int, id: str) -> None:
    drawn = payout_days(seed, id, POLICY.payout)
    assert drawn in (7, 8, 9, 10)
    assert drawn == payout_days(seed, id, POLICY.payout)


@rule("P1")
@settings(max_examples=100)
@given(STORIES, BEGINNING)
def test_the_drawn_day_depends_on_nothing_that_happened(steps: list[Step], beginning: str) -> None:
    split = played(steps, beginning).to_the_end().settlement
    assert split.payout_at is None or split.payout_at - split.settled_at == timedelta(days=payout_days(0, "O-1", POLICY.payout))


@rule("K6")
def test_the_last_instant_leaves_room_for_every_counter() -> None:
    story = Story()
    story.now = LATEST
    assert story.open().deadlines["seller_response"] > LATEST
