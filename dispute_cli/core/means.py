"""What each deadline means when it passes in silence, in one sentence for people."""

from collections.abc import Callable

from .deadlines import Deadline
from .guards import say, unruled
from .order import Order
from .policy import Policy
from .words import Kind, Status


def means(order: Order, deadline: Deadline, policy: Policy) -> str:
    """Return the one sentence of what happens then."""
    return SENTENCES[deadline.kind](order, deadline, policy)


def protection(order: Order, deadline: Deadline, policy: Policy) -> str:
    if order.status is Status.PROTECTED:
        return f"protection ends: {say(order, order.total)} is released to the seller."
    return "protection ends, nothing moves while the dispute is open; a cancel afterwards releases the escrow to the seller."


def seller_response(order: Order, deadline: Deadline, policy: Policy) -> str:
    assert order.dispute
    if policy.answering.seller_silent == "escalate":
        return f"if the seller says nothing, the dispute turns into a claim frozen at {say(order, order.dispute.demand.refund)}."
    return f"if the seller says nothing, the dispute is resolved for the buyer: {say(order, order.dispute.demand.refund)} refunded, no return."


def buyer_response(order: Order, deadline: Deadline, policy: Policy) -> str:
    return f"if the buyer does not answer, {unanswered(order, policy)}."


def unanswered(order: Order, policy: Policy) -> str:
    """What the standing offer becomes where the buyer is silent (C3)."""
    assert order.dispute and order.dispute.offer
    offer = order.dispute.offer
    match policy.answering.buyer_silent:
        case "escalate":
            return f"the dispute turns into a claim frozen at {say(order, offer.refund)}"
        case "close":
            return f"the dispute is closed and {say(order, order.total)} released to the seller"
    return "the promise counts as accepted" if offer.promise is not None else f"the offer of {say(order, offer.refund)} counts as accepted"


def return_send(order: Order, deadline: Deadline, policy: Policy) -> str:
    return f"if the parcel is not sent back, {say(order, order.total)} is released to the seller."


def return_acknowledge(order: Order, deadline: Deadline, policy: Policy) -> str:
    assert order.returning
    return f"if the seller says nothing, the return counts as received: {say(order, order.returning.refund)} refunded."


def evidence(order: Order, deadline: Deadline, policy: Policy) -> str:
    return f"evidence is locked again for the {deadline.actor}."


def review(order: Order, deadline: Deadline, policy: Policy) -> str:
    return f"without a ruling the claim is settled automatically at {say(order, unruled(order, policy))}."


def payout(order: Order, deadline: Deadline, policy: Policy) -> str:
    assert order.settlement
    return f"the refund of {say(order, order.settlement.refund)} is paid to the buyer, and the order is closed."


SENTENCES: dict[Kind, Callable[[Order, Deadline, Policy], str]] = {
    Kind.PROTECTION: protection,
    Kind.SELLER_RESPONSE: seller_response,
    Kind.BUYER_RESPONSE: buyer_response,
    Kind.RETURN_SEND: return_send,
    Kind.RETURN_ACKNOWLEDGE: return_acknowledge,
    Kind.EVIDENCE: evidence,
    Kind.REVIEW: review,
    Kind.PAYOUT: payout,
}
