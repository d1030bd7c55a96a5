"""An order's deadlines, soonest first: derived from the instants that its events wrote, and what each means for people."""

from datetime import datetime

from msgspec import Struct

from .order import Order
from .words import Actor, Kind, Status

BUYER, SELLER, PLATFORM, CLOCK = Actor
PROTECTED, AWAITING_SELLER, AWAITING_BUYER, AWAITING_RETURN, RETURN_SHIPPED, ESCALATED, SETTLING, CLOSED = Status
PROTECTION, SELLER_RESPONSE, BUYER_RESPONSE, RETURN_SEND, RETURN_ACKNOWLEDGE, EVIDENCE, REVIEW, PAYOUT = Kind
# Names of our own: looking a member up in its enum is a call.
PLACE = {kind: place for place, kind in enumerate(Kind)}


class Deadline(Struct, frozen=True, gc=False):
    kind: Kind
    at: datetime
    actor: Actor
    """Whose move it is; `clock`: nobody's."""


def deadlines(order: Order) -> tuple[Deadline, ...]:
    """Return what is due, in the order in which it fires: by instant, then kind, the buyer before the seller (K2)."""
    return tuple(sorted(running(order), key=firing))


def soonest(order: Order) -> Deadline | None:
    """Return the deadline that fires next, or None when nothing is due any more."""
    first = None
    for due in running(order):
        if first is None or due.at < first.at:
            first = due
    return first


def firing(deadline: Deadline) -> tuple[datetime, int, Actor]:
    return deadline.at, PLACE[deadline.kind], deadline.actor


def running(order: Order) -> list[Deadline]:
    """Return every deadline that runs in this status, of one instant in the order in which they fire; a tick asks this more than anything else."""
    status, settlement = order.status, order.settlement
    due: list[Deadline] = []
    if order.protection.runs:
        due.append(Deadline(PROTECTION, order.protection.ends_at, BUYER if status is PROTECTED else CLOCK))
    if order.dispute:
        due += of_dispute(order, status)
    if status is SETTLING and settlement and settlement.payout_at:
        due.append(Deadline(PAYOUT, settlement.payout_at, CLOCK))
    return due


def of_dispute(order: Order, status: Status) -> list[Deadline]:
    """Return the counters of an open dispute: of the answer, of the return, or of the claim."""
    dispute, returning = order.dispute, order.returning
    assert dispute
    if status is AWAITING_SELLER:
        return [Deadline(SELLER_RESPONSE, dispute.answer_by, SELLER)]
    if status is AWAITING_BUYER:
        return [Deadline(BUYER_RESPONSE, dispute.answer_by, BUYER)]
    if status is AWAITING_RETURN and returning:
        return [Deadline(RETURN_SEND, returning.send_by, BUYER)]
    if status is RETURN_SHIPPED and returning and returning.acknowledge_by:
        return [Deadline(RETURN_ACKNOWLEDGE, returning.acknowledge_by, SELLER)]
    if status is ESCALATED and dispute.claim:
        windows = [Deadline(EVIDENCE, window.until, window.actor) for window in dispute.claim.windows]
        return [*windows, Deadline(REVIEW, dispute.claim.review_ends_at, PLATFORM)]
    return []
