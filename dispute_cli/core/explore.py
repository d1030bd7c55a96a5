"""Walks the lifecycle exhaustively under a policy: every status, every move, every silence, in every order of deadlines. What is proved of it is prove.py.

The abstraction: one order of two minor units, so that an amount is nothing, a part, or the whole; a reason stands for all that ask the same; a party acts at
once, or at the few instants where waiting changes what is possible; facts of shipping, messages and evidence are tried in each status, and walked on from only where a dispute must wait for shipping;
protection is extended once, evidence is asked for as soon as a claim begins. States are the same that differ by the calendar alone.
"""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from msgspec import Struct

from . import commands as c
from . import guards as g
from .deadlines import deadlines, soonest
from .decide import create, decide
from .events import DisputeOpened, Event, Settled
from .evolve import evolve, replay
from .ledger import Balances, balances
from .lifecycle import FACTS, MAY, Row
from .malformed import Malformed
from .moment import Moment
from .order import Order
from .policy import Policy
from .refusal import Refusal
from .words import Actor, Kind, Status

START = datetime(2026, 1, 1, tzinfo=UTC)
ID = "O-1"
LINK = "https://example.com/photo.jpg"
PART, WHOLE = "0.01", "0.02"
SECOND = timedelta(seconds=1)
MOST_STATES = 200_000
"""A policy that needs more is none that anybody could know."""


class Step(Struct, frozen=True):
    """One turn of a story."""

    at: datetime
    command: c.Command
    """What was said, or what the clock did."""
    events: tuple[Event, ...]


class State(Struct, frozen=True, eq=False):
    """An order as some story left it."""

    order: Order
    now: datetime
    balances: Balances
    before: "State | None"
    step: Step | None
    """What led here; None at the beginning, and where time alone passed."""
    splits: int
    """How often the escrow was split on the way."""

    def story(self) -> list[Step]:
        """What led here, from the start."""
        steps: list[Step] = []
        state: State | None = self
        while state:
            steps += [state.step] if state.step else []
            state = state.before
        return steps[::-1]


class Edge(Struct, frozen=True):
    """That something leads from a status to another."""

    status: Status
    actor: Actor
    does: str
    """A command's words, or for the clock a deadline's kind."""
    to: Status


class Explored(Struct, frozen=True):
    """Everything that can happen under a policy."""

    policy: Policy
    states: tuple[State, ...]
    """The shortest story to each first."""
    edges: frozenset[Edge]
    rows: frozenset[tuple[Status, Actor, str]]
    """Of the table, those that some story used."""
    moves: dict[State, tuple[tuple[Step, State], ...]]
    """What can be done in each state, and where it leads; silence among it, if anything is due."""
    reasons: frozenset[str]
    """Of each kind of reasons one, that a dispute was opened for without more protection."""

    def silence(self, state: State) -> State | None:
        """What the next deadline makes of a state; None where nothing is due."""
        return next((after for step, after in self.moves[state] if step.events and isinstance(step.command, c.Lapse)), None)


def explore(policy: Policy) -> Explored:
    """Walk from a paid order until nothing new is found."""
    walk = Walk(policy)
    walk.run()
    return Explored(policy, tuple(walk.states), frozenset(walk.edges), frozenset(walk.rows), walk.moves, frozenset(walk.opened))


class Walk:
    """An exploration under way."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.states: list[State] = []
        self.known: dict[Any, State] = {}
        self.edges: set[Edge] = set()
        self.rows: set[tuple[Status, Actor, str]] = set()
        self.moves: dict[State, tuple[tuple[Step, State], ...]] = {}
        self.opened: set[str] = set()
        self.reasons = representatives(policy)

    def run(self) -> None:
        waiting = deque([self.begin()])
        while waiting:
            state = waiting.popleft()
            self.states.append(state)
            if len(self.states) > MOST_STATES:
                raise Malformed("policy", f"under it an order can be in more than {MOST_STATES:,} states: nobody could know them all.")
            ahead = [*self.commands(state), *self.silence(state), *self.later(state)]
            self.moves[state] = tuple((step, self.seen(other, waiting)) for step, other in ahead)

    def begin(self) -> State:
        paid = c.CreateOrder(id=ID, price=PART, delivery=PART)
        events = create(paid, False, Moment(START, self.policy, 0))
        order = replay(events)
        assert order, "it was created"
        state = State(order, START, balances(events), None, Step(START, paid, events), 0)
        self.known[key(state, self.policy)] = state
        return state

    def seen(self, state: State, waiting: deque[State]) -> State:
        """The state, or the one that is the same and was found before."""
        name = key(state, self.policy)
        known = self.known.get(name)
        if known is None:
            self.known[name] = known = state
            waiting.append(state)
        return known

    def after(self, state: State, command: c.Command, at: datetime, row: Row) -> State | None:
        """The state that a command makes of another; None where it is refused."""
        try:
            events = decide(state.order, command, Moment(at, self.policy, 0))
        except (Refusal, Malformed):
            return None
        made = after(state, command, events, at)
        order = made.order
        self.opened |= {event.reason for event in events if isinstance(event, DisputeOpened) and not extended(order)}
        self.rows.add((state.order.status, row.actor, row.words))
        self.edges.add(Edge(state.order.status, row.actor, row.words, order.status))
        return made

    def commands(self, state: State) -> Iterator[tuple[Step, State]]:
        """Whatever people may do now."""
        for row in MAY[state.order.status]:
            if row.actor is Actor.CLOCK:
                continue
            for command in self.payloads(state, row):
                made = self.after(state, command, state.now, row)
                if made and made.step and (row.does not in FACTS or self.begins(state.order, command)):
                    yield made.step, made

    def begins(self, order: Order, command: c.Command) -> bool:
        """Whether a fact of shipping begins what a dispute must wait for."""
        waits = isinstance(command, c.Ship) and self.policy.opening.not_before_from == "shipped"
        return waits and order.status is Status.PROTECTED and order.shipped_at is None

    def silence(self, state: State) -> Iterator[tuple[Step, State]]:
        """What the soonest deadline makes true."""
        due = soonest(state.order)
        if due is None:
            return
        lapse = c.Lapse(id=ID, by=Actor.CLOCK, kind=due.kind, party=due.actor if due.kind is Kind.EVIDENCE else None)
        made = self.after(state, lapse, due.at, Row(Actor.CLOCK, due.kind))
        assert made and made.step, f"{due.kind} does nothing"
        yield made.step, made

    def later(self, state: State) -> Iterator[tuple[Step, State]]:
        """The same state at a later instant, before anything is due, where something else is possible then."""
        due = soonest(state.order)
        for at in instants(state, self.policy):
            if due and state.now < at < due.at:
                wait = Step(at, c.Lapse(id=ID, by=Actor.CLOCK, kind=due.kind), ())
                yield wait, State(state.order, at, state.balances, state, None, state.splits)

    # Payloads

    def payloads(self, state: State, row: Row) -> Iterator[c.Command]:
        """What a row of the table could be given, by what makes a difference."""
        for said in self.sayings(state, row):
            yield row.does(id=ID, by=row.actor, **said)  # type: ignore[operator]  # a deadline is the clock's, and not asked for

    def sayings(self, state: State, row: Row) -> Iterator[dict[str, Any]]:
        order = state.order
        match row.does:
            case c.OpenDispute:
                yield from ({**form, "message": "Why", "link": (LINK,)} for form in self.forms())
            case c.EditDispute:
                yield {"keep": True}
                yield from ({**form, "message": f"See {LINK}"} for form in self.forms())
            case c.Respond:
                yield from ({"accept": True}, {"reject": True}, {"promise": "Another one"})
                yield from ({"refund": amount, "with_return": back} for amount in (PART, WHOLE) for back in (None, True))
            case c.ExtendProtection if row.actor is Actor.BUYER:
                yield from ({"days": self.policy.protection.extension_most_days},) if not extended(order) else ()
            case c.ExtendProtection:
                yield from ({"deny": True}, {"grant": True})
                yield from ({"grant": True, "days": self.policy.protection.extension_most_days},) if not extended(order) else ()
            case c.Escalate:
                yield {"confirm": True}
            case c.SendReturn:
                yield {"tracking": "RX1", "postage": PART}
            case c.RefuseReturn:
                yield {"reason": "Not ours"}
            case c.RequestEvidence:
                yield from ({"party": party} for party in ("buyer", "seller") if fresh(state))
            case c.Rule:
                yield from ({"refund": amount, "reason": "So be it"} for amount in ("0", PART, WHOLE))
            case c.Ship:
                yield {"tracking": "LX1"}
            case c.SendMessage:
                yield {"text": "Hello"}
            case c.AddEvidence:
                yield {"link": (LINK,)}
            case _:
                yield {}

    def forms(self) -> Iterator[dict[str, Any]]:
        """Each kind of demand, for each kind of reason."""
        for code in self.reasons:
            received = self.policy.reasons[code].received
            yield from ({"received": received, "reason": code, "refund": amount} for amount in ((PART, WHOLE) if received else (None,)))


def after(state: State, command: c.Command, events: tuple[Event, ...], at: datetime) -> State:
    """The state that a command's events make of another."""
    splits = state.splits + sum(isinstance(event, Settled) for event in events)
    return State(reduce(evolve, events, state.order), at, balances(events, state.balances), state, Step(at, command, events), splits)


def representatives(policy: Policy) -> tuple[str, ...]:
    """One reason for all that ask the same."""
    kinds: dict[Any, str] = {}
    for code, reason in policy.reasons.items():
        kinds.setdefault((reason.received, reason.evidence, reason.refund, reason.after, reason.returned), code)
    return tuple(kinds.values())


def extended(order: Order) -> bool:
    """Whether protection was lengthened once already."""
    return order.protection.extended > 0


def fresh(state: State) -> bool:
    """Whether a claim has just begun."""
    return g.claim_of(state.order).escalated_at == state.now


def instants(state: State, policy: Policy) -> Iterator[datetime]:
    """Where waiting changes what is possible: lateness begins, protection is about to end, the platform may rule."""
    order = state.order
    if order.status is Status.PROTECTED:
        opens = g.opens_at(order, policy)
        yield from (opens,) if opens else ()
        yield order.deliver_by
        yield order.protection.ends_at - SECOND
    if order.status is Status.ESCALATED:
        yield g.claim_of(order).rule_from


def key(state: State, policy: Policy) -> Any:
    """What makes two states the same: everything that still decides something, counted from now."""
    order, now = state.order, state.now
    dispute, returning, split = order.dispute, order.returning, order.settlement
    due = tuple((deadline.kind, deadline.actor, deadline.at - now) for deadline in deadlines(order))
    common = (order.status, due, state.splits)
    if split:
        return *common, split.refund, split.cause
    if order.status is Status.ESCALATED:
        claim = g.claim_of(order)
        return *common, claim.amount, claim.by, claim.conceded, now >= claim.rule_from
    late = max(order.deliver_by - now, timedelta())
    opens = g.opens_at(order, policy)
    head = (order.protection.runs, order.protection.request is not None, min(order.disputes, 1), late, opens and max(opens - now, timedelta()))
    if returning:
        return *common, head, returning.refund, returning.cause
    return *common, head, dispute and (dispute.received, dispute.reason, dispute.demand, offered(order))


def offered(order: Order) -> Any:
    offer = order.dispute.offer if order.dispute else None
    return offer and (offer.refund, offer.with_return, offer.promise is not None)
