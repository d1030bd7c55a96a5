"""What silence means: one function for each kind of deadline that passes (K2)."""

from collections.abc import Callable, Iterable, Iterator

from .. import commands as c
from .. import events as e
from ..moment import Moment
from ..order import Order
from ..words import Actor, Cause, Kind, Status
from .answering import back_to_protection
from .claim import freeze, rule_by_default
from .returns import overdue, received
from .settlement import agree, settle

CLOCK, PROTECTED, SILENT = Actor.CLOCK, Status.PROTECTED, Cause.SELLER_SILENT


def lapse(order: Order, command: c.Lapse, moment: Moment) -> Iterable[e.Event]:
    return SILENCE[command.kind](order, command, moment)


def protection(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    """Protection ends: undisputed, the seller is paid (E3); under a dispute nothing moves (K7). A pending request lapses."""
    here = moment.here(order, CLOCK)
    yield e.ProtectionEnded(*here)
    if order.protection.request:
        yield e.ExtensionLapsed(*here)
    if order.status is PROTECTED:
        yield from settle(order, moment, CLOCK, 0, Cause.PROTECTION_ENDED)


def seller_response(order: Order, command: c.Lapse, moment: Moment) -> list[e.Event]:
    """A silent seller: the demand is paid, no return asked; or becomes a claim (N3)."""
    assert order.dispute
    demand = order.dispute.demand.refund
    silent = e.SellerSilent(0, moment.now, order.id, CLOCK)
    if moment.policy.answering.seller_silent == "escalate":
        return [silent, freeze(order, moment, CLOCK, demand)]
    return [silent, *settle(order, moment, CLOCK, demand, SILENT)]


def buyer_response(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    """A silent buyer: the dispute turns into a claim at what stood last; or the offer is taken, or the escrow released (C3, C4)."""
    assert order.dispute and order.dispute.offer
    offer, silent = order.dispute.offer, moment.policy.answering.buyer_silent
    if silent == "escalate":
        yield freeze(order, moment, CLOCK, offer.refund)
        return
    yield e.BuyerSilent(*moment.here(order, CLOCK))
    if silent == "close":
        yield from settle(order, moment, CLOCK, 0, Cause.BUYER_SILENT)
    elif offer.promise is not None:
        yield from back_to_protection(order, moment, CLOCK)
    else:
        yield from agree(order, moment, CLOCK, offer.refund, offer.with_return, Cause.BUYER_SILENT)


def return_send(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    return overdue(order, moment, CLOCK)


def return_acknowledge(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    return received(order, moment, CLOCK)


def evidence(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    assert command.party
    yield e.EvidenceClosed(*moment.here(order, CLOCK), party=command.party)


def review(order: Order, command: c.Lapse, moment: Moment) -> Iterator[e.Event]:
    return rule_by_default(order, moment, CLOCK)


def payout(order: Order, command: c.Lapse, moment: Moment) -> list[e.Event]:
    assert order.settlement
    now, id = moment.now, order.id
    return [e.RefundPaid(0, now, id, CLOCK, order.settlement.refund, order.currency, order.buyer), e.Closed(0, now, id, CLOCK)]


SILENCE: dict[Kind, Callable[[Order, c.Lapse, Moment], Iterable[e.Event]]] = {
    Kind.PROTECTION: protection,
    Kind.SELLER_RESPONSE: seller_response,
    Kind.BUYER_RESPONSE: buyer_response,
    Kind.RETURN_SEND: return_send,
    Kind.RETURN_ACKNOWLEDGE: return_acknowledge,
    Kind.EVIDENCE: evidence,
    Kind.REVIEW: review,
    Kind.PAYOUT: payout,
}
