"""What is asked of a marketplace's lifecycle before anybody falls into a trap, held against everything that can happen under its policy (explore.py).

Each property is a sentence and a check of one signature; what refutes it is a state, whose story is the shortest that leads there.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from msgspec import Struct

from . import commands as c
from .decide import decide
from .explore import SECOND, Explored, State, after, explore, representatives
from .lifecycle import MAY
from .moment import Moment
from .order import Order
from .policy import Policy, days
from .words import Actor, Cause, Kind, Status

MOST_SILENCES = 50
"""Deadlines that may pass one after the other until an order is closed."""


class Refuted(Struct, frozen=True):
    """That a property does not hold, and why."""

    message: str
    state: State | None = None
    """Where the shortest story ends; None where what is wrong is that no story leads somewhere."""


Check = Callable[[Explored], Iterator[Refuted]]


class Property(Struct, frozen=True):
    name: str
    sentence: str
    check: Check


class Verdict(Struct, frozen=True):
    """Whether a property holds."""

    property: Property
    refuted: Refuted | None


class Cost(Struct, frozen=True):
    """What one silence may cost."""

    status: Status
    actor: Actor
    """Who is silent."""
    kind: Kind
    buyer: str
    """What of the buyer's demand or offer is lost: `nothing`, `a part` or `everything`."""
    seller: str
    """What the seller pays at most: `nothing`, `a part` or `everything`."""


class Figures(Struct, frozen=True):
    """What can be told of a policy in numbers."""

    states: int
    moves: int
    longest_to_refund: timedelta
    """From a move to the refund, if everybody is silent afterwards."""
    longest_to_release: timedelta
    most_moves: int
    """Of the shortest stories the longest: more are never needed to come anywhere."""
    costs: tuple[Cost, ...]


def prove(policy: Policy) -> tuple[Explored, tuple[Verdict, ...]]:
    """Explore a policy and hold every property against it."""
    explored = explore(policy)
    return explored, tuple(Verdict(one, next(one.check(explored), None)) for one in PROPERTIES)


# Properties


def ends(explored: Explored) -> Iterator[Refuted]:
    for state in explored.states:
        path = silences(explored, state)
        if path[-1].order.status is not Status.CLOSED:
            yield Refuted(f"From {state.order.status} silence alone does not end: after {len(path) - 1} deadlines the order is {path[-1].order.status}.", state)


def silences(explored: Explored, state: State) -> list[State]:
    """The states that silence leads through, the first one included."""
    path = [state]
    while len(path) <= MOST_SILENCES and (after := explored.silence(path[-1])):
        path.append(after)
    return path


def ways_out(explored: Explored) -> Iterator[Refuted]:
    for state in explored.states:
        if state.order.status is Status.CLOSED:
            continue
        if explored.silence(state) is None:
            yield Refuted(f"{state.order.status} has no deadline: if everybody is silent, nothing ever happens.", state)
        elif not any(after.order.status is not state.order.status for _, after in explored.moves[state]):
            yield Refuted(f"Nothing leads out of {state.order.status}.", state)


def split_once(explored: Explored) -> Iterator[Refuted]:
    for state in explored.states:
        sums, closed = state.balances, state.order.status is Status.CLOSED
        if sums.buyer + sums.seller + sums.escrow + sums.carrier:
            yield Refuted("The postings do not sum to zero.", state)
        elif state.splits > 1 or (closed and (state.splits, sums.escrow) != (1, 0)):
            yield Refuted(f"The escrow was split {state.splits} times, and holds {sums.escrow} minor units.", state)


def silence_pays_nobody(explored: Explored) -> Iterator[Refuted]:
    for state in explored.states:
        dispute, policy = state.order.dispute, explored.policy
        if dispute is None or state.order.status not in (Status.AWAITING_SELLER, Status.AWAITING_BUYER):
            continue
        refund = refund_of(silences(explored, state)[-1].order)
        if state.order.status is Status.AWAITING_SELLER and refund > dispute.demand.refund:
            yield Refuted("The seller's silence pays the buyer more than was demanded.", state)
        offered = dispute.offer and dispute.offer.promise is None and dispute.offer.refund
        if state.order.status is Status.AWAITING_BUYER and policy.answering.buyer_silent != "close" and offered and refund < offered:
            ruled = f', then escalation.no_ruling = "{policy.escalation.no_ruling}"' if policy.answering.buyer_silent == "escalate" else ", and the goods have to be sent back"
            yield Refuted(f'A buyer who leaves an offer unanswered loses it: answering.buyer_silent = "{policy.answering.buyer_silent}"{ruled}.', state)


def refund_of(order: Order) -> int:
    return order.settlement.refund if order.settlement else 0


def reasons_in_time(explored: Explored) -> Iterator[Refuted]:
    for code in representatives(explored.policy):
        if code not in explored.reasons:
            yield Refuted(f"No dispute can ever be opened for '{code}': when it may be, protection has ended, unless the seller lengthens it.")


def counters(explored: Explored) -> Iterator[Refuted]:
    """No counter outlives what it guards."""
    terms = explored.policy.escalation
    answers = explored.policy.answering.seller_days + explored.policy.answering.buyer_days
    if terms.until_days is not None and terms.until_days < answers and terms.opens == "offer":
        yield Refuted(f"Two answers may take {answers} days, but a dispute is escalated within {terms.until_days} days of its opening.", answered_late(explored))
    for state in explored.states:
        order, claim = state.order, state.order.dispute and state.order.dispute.claim
        if order.protection.request and not order.protection.runs:
            yield Refuted("A request for more protection outlives protection.", state)
        if claim and order.status is Status.ESCALATED and any(window.until > claim.review_ends_at for window in claim.windows):
            yield Refuted("Evidence stays open beyond the review.", state)


def answered_late(explored: Explored) -> State | None:
    """The seller offers at the last second: where the buyer's counter then runs and escalating is over before it ends."""
    for state in explored.states:
        dispute = state.order.dispute
        if state.order.status is Status.AWAITING_SELLER and dispute:
            at = dispute.answer_by - SECOND
            offer = c.Respond(id=state.order.id, reject=True)
            return after(state, offer, decide(state.order, offer, Moment(at, explored.policy, 0)), at)
    return None


def all_reached(explored: Explored) -> Iterator[Refuted]:
    for status, rows in MAY.items():
        for row in rows:
            told = (status, row.actor, row.words)
            if told not in explored.rows and told not in chosen_away(explored.policy):
                yield Refuted(f"In {status} the {row.actor} can never '{row.words}': no story leads there.")
    causes = {state.order.cause for state in explored.states}
    for cause in Cause:
        if cause not in causes and cause not in causes_chosen_away(explored.policy):
            yield Refuted(f"No order ever ends by {cause}.")


def chosen_away(policy: Policy) -> set[tuple[Status, Actor, str]]:
    """Rows that a choice of the policy closes, said aloud."""
    escalate, extend = "escalate", "extend-protection"
    closed: set[tuple[Status, Actor, str]] = set()
    if policy.escalation.opens == "offer":
        closed |= {(Status.AWAITING_SELLER, actor, escalate) for actor in (Actor.BUYER, Actor.SELLER)}
    if policy.escalation.who == "buyer":
        closed |= {(status, Actor.SELLER, escalate) for status in (Status.AWAITING_SELLER, Status.AWAITING_BUYER)}
    if policy.protection.extension_most_times == 0:
        closed |= {(status, actor, extend) for status in Status for actor in (Actor.BUYER, Actor.SELLER)}
    if policy.payout.most_days == 0:
        closed |= {(Status.SETTLING, row.actor, row.words) for row in MAY[Status.SETTLING]}
    return closed


def causes_chosen_away(policy: Policy) -> set[Cause]:
    closed = set()
    if policy.answering.buyer_silent == "escalate":
        closed.add(Cause.BUYER_SILENT)
    if policy.answering.seller_silent == "escalate":
        closed.add(Cause.SELLER_SILENT)
    return closed


PROPERTIES = (
    Property("ends", "Whatever was done before, silence alone ends every order.", ends),
    Property("ways-out", "No status is without a deadline and a way out.", ways_out),
    Property("split-once", "The escrow is split exactly once, and nothing of it is lost.", split_once),
    Property("silence", "Nobody is paid by another's silence, unless the policy says so.", silence_pays_nobody),
    Property("reasons", "Every reason can be used in time.", reasons_in_time),
    Property("counters", "No counter outlives what it guards.", counters),
    Property("reached", "Every row of the lifecycle and every way to the end can be reached, but those that the policy closes.", all_reached),
)


# Figures


def figures(explored: Explored) -> Figures:
    """How long, how many, and where silence costs whom what."""
    ends = [(span(explored, state), silences(explored, state)[-1].order.settlement) for state in explored.states if state.step]
    latest = days(explored.policy.payout.most_days)
    return Figures(
        states=len(explored.states),
        moves=sum(map(len, explored.moves.values())),
        longest_to_refund=max((waited + latest for waited, split in ends if split and split.refund), default=timedelta()),
        longest_to_release=max((waited for waited, split in ends if split and split.release), default=timedelta()),
        most_moves=max(len([step for step in state.story() if not isinstance(step.command, c.Lapse)]) for state in explored.states),
        costs=tuple(costs(explored)),
    )


def span(explored: Explored, state: State) -> timedelta:
    """From a state to the split of its escrow, by silence: step by step, as states of other calendars stand for each other."""
    waited = timedelta()
    while state.order.settlement is None:
        step, after = next((step, after) for step, after in explored.moves[state] if step.events and isinstance(step.command, c.Lapse))
        waited, state = waited + (step.at - state.now), after
    return waited


def costs(explored: Explored) -> Iterator[Cost]:
    """For each counter, the most that silence to its end costs either party, of what stood before it."""
    worst: dict[tuple[Status, Actor, Kind], tuple[int, int]] = {}
    for state in explored.states:
        after = explored.silence(state)
        step = next((step for step, other in explored.moves[state] if other is after and step.events), None)
        if after is None or step is None or not isinstance(step.command, c.Lapse):
            continue
        lapse = step.command
        silent = SILENT[lapse.kind]
        if silent is None:
            continue
        end = refund_of(silences(explored, state)[-1].order)
        lost = max(stood(state.order) - end, 0), end
        key = (state.order.status, silent, lapse.kind)
        before = worst.get(key, (0, 0))
        worst[key] = (max(before[0], lost[0]), max(before[1], lost[1]))
    for (status, actor, kind), (buyer, seller) in worst.items():
        yield Cost(status, actor, kind, AMOUNTS[buyer], AMOUNTS[seller])


SILENT: dict[Kind, Actor | None] = {
    Kind.PROTECTION: None,
    Kind.SELLER_RESPONSE: Actor.SELLER,
    Kind.BUYER_RESPONSE: Actor.BUYER,
    Kind.RETURN_SEND: Actor.BUYER,
    Kind.RETURN_ACKNOWLEDGE: Actor.SELLER,
    Kind.EVIDENCE: None,
    Kind.REVIEW: Actor.PLATFORM,
    Kind.PAYOUT: None,
}
"""Whose silence lets a counter run out; None: nobody's."""
AMOUNTS = ("nothing", "a part", "everything")
"""By minor units, of an escrow of two."""


def stood(order: Order) -> int:
    """What the buyer could have had: the demand, the agreed refund or the claim."""
    if order.returning:
        return order.returning.refund
    dispute = order.dispute
    assert dispute, "only a dispute has counters that somebody's silence ends"
    return dispute.claim.amount if dispute.claim else dispute.demand.refund

