"""Answering and agreeing (N1–N10): the seller's terms, the buyer's yes, and the cancel."""

from collections.abc import Iterator

from .. import commands as c
from .. import events as e
from .. import money
from ..guards import claim_of, demand_beats_offer, say
from ..moment import Moment
from ..order import Dispute, Offer, Order
from ..policy import days
from ..refusal import Refusal, refuse
from ..words import Actor, Cause, Status
from .evidence import correspond
from .settlement import agree, settle


def respond(order: Order, command: c.Respond, moment: Moment) -> Iterator[e.Event]:
    """The seller accepts the demand, or offers own terms (N1); later offers must be better (N8)."""
    dispute = order.dispute
    assert dispute
    said = [] if command.message is None else [*correspond(order, moment, command.actor, dispute.number, command.message)]
    if command.accept:
        # Said while the dispute is still open: accepting may settle it.
        yield from said
        yield from accept_demand(order, command, moment)
    else:
        yield offer(order, dispute, command, moment)
        yield from said


def offer(order: Order, dispute: Dispute, command: c.Respond, moment: Moment) -> e.OfferMade:
    refund = order.total if command.refund == "full" else money.minor(command.refund or "0", order.currency)
    with_return = bool(command.with_return)
    check_terms(order, dispute, refund, with_return)
    new = Offer(refund, with_return, command.promise, moment.now)
    if dispute.offer and order.status is Status.AWAITING_BUYER and not betters(new, dispute.offer):
        raise refuse("N8", f"That is no better for the buyer than your standing offer ({describe(order, dispute.offer)}).", "Offer more money, or drop the return, and make neither part worse.", "refund")
    answer_by = moment.now + days(moment.policy.answering.buyer_days)
    return e.OfferMade(
        *moment.here(order, command.actor),
        refund=refund,
        with_return=with_return,
        promise=command.promise,
        currency=order.currency,
        answer_by=answer_by,
    )


def check_terms(order: Order, dispute: Dispute, refund: int, with_return: bool) -> None:
    """Own terms are a refund from 0 to the whole, with a return only of received goods and an amount above 0 (N1)."""
    if refund > order.total:
        raise refuse("N1", f"An offer is at most the whole, {say(order, order.total)}.", field="refund")
    if with_return and not (dispute.received and refund):
        raise refuse("N1", "A return is asked only of received goods, and for an amount above 0.", "Leave --return out.", "return")


def betters(new: Offer, old: Offer) -> bool:
    """More money, or no return any more, or a promise in place of 0; and neither part worse (N8)."""
    if new.refund < old.refund or (new.with_return and not old.with_return):
        return False
    promise_for_nothing = new.promise is not None and old.promise is None and old.refund == 0
    return new.refund > old.refund or (old.with_return and not new.with_return) or promise_for_nothing


def describe(order: Order, offer: Offer) -> str:
    """An offer for people: `10.00 USD with return`, `a promise: …`, `0.00 USD`."""
    if offer.promise is not None:
        return f"a promise: {offer.promise}"
    return say(order, offer.refund) + (" with return" if offer.with_return else "")


def accept(order: Order, command: c.Accept, moment: Moment) -> Iterator[e.Event]:
    """The buyer accepts the offer; the seller the demand, or, while escalated, the claim (C5)."""
    if command.actor is Actor.BUYER:
        return accept_offer(order, command, moment)
    if order.status is Status.ESCALATED:
        return iter((e.ClaimConceded(*moment.here(order, command.actor)),))
    return accept_demand(order, command, moment)


def accept_demand(order: Order, command: c.Accept | c.Respond, moment: Moment) -> Iterator[e.Event]:
    assert order.dispute
    fault = demand_beats_offer(order, moment, command.actor, command)
    if fault:
        raise Refusal(fault)
    demand = order.dispute.demand
    yield e.DemandAccepted(*moment.here(order, command.actor))
    yield from agree(order, moment, command.actor, demand.refund, demand.with_return, Cause.SELLER_ACCEPTED)


def accept_offer(order: Order, command: c.Accept, moment: Moment) -> Iterator[e.Event]:
    assert order.dispute and order.dispute.offer
    offer = order.dispute.offer
    if offer.promise is not None:
        yield e.PromiseAccepted(*moment.here(order, command.actor), promise=offer.promise)
        yield from back_to_protection(order, moment, command.actor)
        return
    yield e.OfferAccepted(*moment.here(order, command.actor))
    yield from agree(order, moment, command.actor, offer.refund, offer.with_return, Cause.BUYER_ACCEPTED)


def cancel(order: Order, command: c.Cancel, moment: Moment) -> Iterator[e.Event]:
    """The buyer gives the dispute up (N9); a claim is dropped (C5)."""
    if order.status is Status.ESCALATED:
        return drop(order, command, moment)
    return back_to_protection(order, moment, command.actor)


def back_to_protection(order: Order, moment: Moment, by: Actor) -> Iterator[e.Event]:
    """End the dispute; where protection is over there is nothing to go back to, and the escrow is released (N6, N9)."""
    releases = not order.protection.runs
    yield e.DisputeCancelled(*moment.here(order, by), releases=releases)
    if releases:
        yield from settle(order, moment, by, 0, Cause.CANCELLED)


def drop(order: Order, command: c.Cancel, moment: Moment) -> Iterator[e.Event]:
    claim = claim_of(order)
    yield e.ClaimDropped(*moment.here(order, command.actor))
    if claim.conceded:
        yield from settle(order, moment, command.actor, claim.amount, Cause.CONCESSION)
    else:
        yield from settle(order, moment, command.actor, 0, Cause.DROPPED)
