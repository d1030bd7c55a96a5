"""An order's deadlines, soonest first: derived from the instants that its events wrote, and what each means for people."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from .order import Order
from .words import Actor, Kind, Status

PLACE = {kind: place for place, kind in enumerate(Kind)}


class Deadline(Struct, frozen=True):
    kind: Kind
    at: datetime
    actor: Actor
    """Whose move it is; `clock`: nobody's."""


def deadlines(order: Order) -> tuple[Deadline, ...]:
    """Return what is due, in the order in which it fires: by instant, then kind, the buyer before the seller (K2)."""
    return tuple(sorted(running(order), key=firing))


def soonest(order: Order) -> Deadline | None:
    """Return the deadline that fires next, or None when nothing is due any more."""
    due = [*running(order)]
    return min(due, key=firing) if len(due) > 1 else due[0] if due else None


def firing(deadline: Deadline) -> tuple[datetime, int, Actor]:
    return deadline.at, PLACE[deadline.kind], deadline.actor


def running(order: Order) -> Iterator[Deadline]:
    """Yield every deadline that runs in this status."""
    if order.protection.runs:
        actor = Actor.BUYER if order.status is Status.PROTECTED else Actor.CLOCK
        yield Deadline(Kind.PROTECTION, order.protection.ends_at, actor)
    if order.dispute:
        yield from of_dispute(order)
    if order.status is Status.SETTLING and order.settlement and order.settlement.payout_at:
        yield Deadline(Kind.PAYOUT, order.settlement.payout_at, Actor.CLOCK)


def of_dispute(order: Order) -> Iterator[Deadline]:
    """Yield the counters of an open dispute: of the answer, of the return, or of the claim."""
    dispute, returning = order.dispute, order.returning
    assert dispute
    match order.status:
        case Status.AWAITING_SELLER:
            yield Deadline(Kind.SELLER_RESPONSE, dispute.answer_by, Actor.SELLER)
        case Status.AWAITING_BUYER:
            yield Deadline(Kind.BUYER_RESPONSE, dispute.answer_by, Actor.BUYER)
        case Status.AWAITING_RETURN if returning:
            yield Deadline(Kind.RETURN_SEND, returning.send_by, Actor.BUYER)
        case Status.RETURN_SHIPPED if returning and returning.acknowledge_by:
            yield Deadline(Kind.RETURN_ACKNOWLEDGE, returning.acknowledge_by, Actor.SELLER)
        case Status.ESCALATED if dispute.claim:
            for window in dispute.claim.windows:
                yield Deadline(Kind.EVIDENCE, window.until, window.actor)
            yield Deadline(Kind.REVIEW, dispute.claim.review_ends_at, Actor.PLATFORM)
