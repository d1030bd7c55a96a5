"""What needs a yes before it is done, and what is said of it (C2, C5, E3, N5, N6, N9)."""

from .. import commands as c
from ..advice import INSTEAD_OF_ESCALATING
from ..guards import claim_of, say
from ..moment import Moment
from ..order import Order
from ..refusal import ConsentNeeded
from ..words import Actor, Status

YES = "Say yes with --yes."


def consent_needed(order: Order, command: c.Command, moment: Moment) -> ConsentNeeded | None:
    """Return the question that must be answered with yes before this allowed command is done, or None."""
    match command:
        case c.Confirm():
            message = f"Confirming receipt of {order.id} releases {say(order, order.total)} to the seller, for good: no dispute can follow."
            return ConsentNeeded("E3", message, YES)
        case c.Escalate(confirm=False, no_thanks=False):
            return first_step(order, moment)
        case c.Accept() if command.actor is Actor.BUYER:
            return giving_up(order)
        case c.Cancel():
            return cancelling(order)
    return None


def first_step(order: Order, moment: Moment) -> ConsentNeeded:
    """List the evidence on record and the amount, and ask whether everything is there (C2)."""
    from .claim import basis

    assert order.dispute
    records = [record.name or record.url or "" for record in order.evidence]
    listed = f"{len(records)} on record ({', '.join(records)})" if records else "none on record"
    message = f"Escalating freezes the claim at {say(order, basis(order.dispute, moment))}, ends protection and locks evidence. Evidence: {listed}. Is everything there?"
    return ConsentNeeded("C2", message, f"Confirm with --confirm; --no-thanks leaves everything as it was. {INSTEAD_OF_ESCALATING}")


def giving_up(order: Order) -> ConsentNeeded | None:
    """Accepting less than was demanded, a promise, or a return that was not demanded (N5, N6)."""
    from .answering import describe

    assert order.dispute and order.dispute.offer
    offer, demand = order.dispute.offer, order.dispute.demand
    offered = f"The offer is {describe(order, offer)}."
    if offer.promise is not None:
        return promised(order, offered)
    if offer.refund >= demand.refund and (demand.with_return or not offer.with_return):
        return None
    less = f" You give up {say(order, demand.refund - offer.refund)} of the {say(order, demand.refund)} demanded." if offer.refund < demand.refund else ""
    back = " You send the goods back, which was not demanded." if offer.with_return and not demand.with_return else ""
    return ConsentNeeded("N5", f"{offered}{less}{back}", YES)


def promised(order: Order, offered: str) -> ConsentNeeded:
    if order.protection.runs:
        message = f"{offered} The dispute is cancelled, no money is refunded; if the promise is not kept, reopen while protection runs."
        return ConsentNeeded("N5", message, YES)
    message = f"{offered} Protection is over: accepting releases {say(order, order.total)} to the seller, for good."
    return ConsentNeeded("N6", message, YES)


def cancelling(order: Order) -> ConsentNeeded | None:
    """A cancel that releases the escrow, gives up an agreed refund, or drops a claim that is not conceded (N9, C5)."""
    if order.status is Status.ESCALATED:
        message = f"Dropping the claim releases {say(order, order.total)} to the seller at once: no refund, no second dispute."
        return None if claim_of(order).conceded else ConsentNeeded("C5", message, YES)
    given_up = f" You give up the agreed refund of {say(order, order.returning.refund)}." if order.returning else ""
    if not order.protection.runs:
        return ConsentNeeded("N9", f"Protection is over: cancelling releases {say(order, order.total)} to the seller at once.{given_up}", YES)
    return ConsentNeeded("N9", f"Cancelling ends the dispute.{given_up}", YES) if given_up else None
