"""An order is the fold of its events. Facts are copied, the status follows LEADS_TO; nothing here computes or refuses."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from msgspec.structs import replace

from . import events as e
from .lifecycle import LEADS_TO
from .order import Claim, Demand, Dispute, Evidence, Message, Offer, Order, Protection, Request, Return, Settlement, Window
from .words import Status


class Unsound(Exception):
    """What is recorded, or was about to be, breaks what is always true: a fault of ours, or damage. Nothing is written."""


def replay(events: Iterable[e.Event]) -> Order | None:
    """Fold an order's events into its state; None when there are none."""
    return reduce(evolve, events, None)


def evolve(order: Order | None, event: e.Event) -> Order:
    """Return the order after one more fact."""
    if order is None:
        if not isinstance(event, e.OrderCreated):
            raise Unsound(f"{event.order} does not begin with its creation")
        return create(event)
    fact = type(event)
    return CHANGES[fact](order, event, LEADS_TO[fact] or order.status)


def create(event: e.OrderCreated) -> Order:
    return Order(
        id=event.order,
        status=Status.PROTECTED,
        buyer=event.buyer,
        seller=event.seller,
        title=event.title,
        currency=event.currency,
        price=event.price,
        delivery=event.delivery,
        policy=event.policy,
        paid_at=event.at,
        deliver_by=event.deliver_by,
        protection=Protection(ends_at=event.protection_ends_at, runs=True, request=None),
    )


def disputed(order: Order, **changed: Any) -> Dispute:
    assert order.dispute
    return replace(order.dispute, **changed)


def claimed(order: Order, **changed: Any) -> Dispute:
    assert order.dispute and order.dispute.claim
    return replace(order.dispute, claim=replace(order.dispute.claim, **changed))


def over(order: Order) -> Protection:
    return replace(order.protection, runs=False, request=None)


def nothing(order: Order, event: e.Event, status: Status) -> Order:
    return order if status is order.status else replace(order, status=status)


def shipped(order: Order, event: e.Shipped, status: Status) -> Order:
    return replace(order, status=status, tracking=event.tracking, shipped_at=event.at, delivered_at=None)


def delivered(order: Order, event: e.Delivered, status: Status) -> Order:
    return replace(order, status=status, delivered_at=event.at)


def protection_ended(order: Order, event: e.ProtectionEnded, status: Status) -> Order:
    return replace(order, status=status, protection=replace(order.protection, runs=False))


def dispute_opened(order: Order, event: e.DisputeOpened, status: Status) -> Order:
    opened = Dispute(
        number=event.number,
        opened_at=event.at,
        received=event.received,
        reason=event.reason,
        demand=Demand(event.refund, event.with_return),
        offer=None,
        claim=None,
        reopens=event.reopens,
        answer_by=event.answer_by,
    )
    return replace(order, status=status, dispute=opened, disputes=event.number)


def dispute_edited(order: Order, event: e.DisputeEdited, status: Status) -> Order:
    demand = Demand(event.refund, event.with_return)
    edited = disputed(order, received=event.received, reason=event.reason, demand=demand, offer=None, answer_by=event.answer_by)
    return replace(order, status=status, dispute=edited)


def dispute_cancelled(order: Order, event: e.DisputeCancelled, status: Status) -> Order:
    return replace(order, status=status, dispute=order.dispute if event.releases else None, returning=None)


def message_sent(order: Order, event: e.MessageSent, status: Status) -> Order:
    message = Message(event.by, event.at, event.text, event.dispute, event.language)
    return replace(order, status=status, messages=(*order.messages, message))


def evidence_added(order: Order, event: e.EvidenceAdded, status: Status) -> Order:
    record = Evidence(
        dispute=event.dispute,
        kind=event.kind,
        hash=event.hash,
        url=event.url,
        name=event.name,
        format=event.format,
        size=event.size,
        by=event.by,
        at=event.at,
        note=event.note,
    )
    return replace(order, status=status, evidence=(*order.evidence, record))


def offer_made(order: Order, event: e.OfferMade, status: Status) -> Order:
    offer = Offer(event.refund, event.with_return, event.promise, event.at)
    return replace(order, status=status, dispute=disputed(order, offer=offer, answer_by=event.answer_by))


def escalated(order: Order, event: e.Escalated, status: Status) -> Order:
    frozen = Claim(
        amount=event.amount,
        escalated_at=event.at,
        by=event.by,
        rule_from=event.rule_from,
        review_ends_at=event.review_ends_at,
        conceded=False,
        windows=(),
    )
    return replace(order, status=status, dispute=disputed(order, claim=frozen), protection=over(order))


def claim_conceded(order: Order, event: e.ClaimConceded, status: Status) -> Order:
    return replace(order, status=status, dispute=claimed(order, conceded=True))


def windows(order: Order, event: e.EvidenceRequested | e.EvidenceClosed) -> tuple[Window, ...]:
    assert order.dispute and order.dispute.claim
    return tuple(window for window in order.dispute.claim.windows if window.actor is not event.party)


def evidence_requested(order: Order, event: e.EvidenceRequested, status: Status) -> Order:
    both = (*windows(order, event), Window(event.party, event.until))
    return replace(order, status=status, dispute=claimed(order, windows=tuple(sorted(both, key=lambda window: window.actor))))


def evidence_closed(order: Order, event: e.EvidenceClosed, status: Status) -> Order:
    return replace(order, status=status, dispute=claimed(order, windows=windows(order, event)))


def extension_requested(order: Order, event: e.ExtensionRequested, status: Status) -> Order:
    return replace(order, status=status, protection=replace(order.protection, request=Request(event.days, event.at)))


def extension_granted(order: Order, event: e.ExtensionGranted, status: Status) -> Order:
    longer = replace(order.protection, ends_at=event.ends_at, request=None, extended=order.protection.extended + 1)
    return replace(order, status=status, protection=longer)


def request_gone(order: Order, event: e.ExtensionDenied | e.ExtensionLapsed, status: Status) -> Order:
    return replace(order, status=status, protection=replace(order.protection, request=None))


def return_agreed(order: Order, event: e.ReturnAgreed, status: Status) -> Order:
    agreed = Return(
        refund=event.refund,
        cause=event.cause,
        send_by=event.send_by,
        tracking=None,
        postage=None,
        sent_at=None,
        acknowledge_by=None,
        acknowledged_at=None,
    )
    return replace(order, status=status, returning=agreed)


def return_sent(order: Order, event: e.ReturnSent, status: Status) -> Order:
    assert order.returning
    sent = replace(order.returning, tracking=event.tracking, postage=event.postage, sent_at=event.at, acknowledge_by=event.acknowledge_by)
    return replace(order, status=status, returning=sent)


def return_acknowledged(order: Order, event: e.ReturnAcknowledged, status: Status) -> Order:
    assert order.returning
    return replace(order, status=status, returning=replace(order.returning, acknowledged_at=event.at))


def settled(order: Order, event: e.Settled, status: Status) -> Order:
    """Fix the split; every window and a pending request end with it (V6)."""
    split = Settlement(event.refund, event.release, event.cause, event.at, event.payout_at, None)
    dispute = claimed(order, windows=()) if order.dispute and order.dispute.claim else order.dispute
    return replace(order, status=status, settlement=split, outcome=event.outcome, cause=event.cause, protection=over(order), dispute=dispute)


def refund_paid(order: Order, event: e.RefundPaid, status: Status) -> Order:
    assert order.settlement
    return replace(order, status=status, settlement=replace(order.settlement, paid_at=event.at))


CHANGES: dict[type[e.Fact], Callable[[Order, Any, Status], Order]] = {
    e.Shipped: shipped,
    e.Delivered: delivered,
    e.ReceiptConfirmed: nothing,
    e.ProtectionEnded: protection_ended,
    e.DisputeOpened: dispute_opened,
    e.DisputeEdited: dispute_edited,
    e.DisputeCancelled: dispute_cancelled,
    e.ClaimDropped: nothing,
    e.MessageSent: message_sent,
    e.EvidenceAdded: evidence_added,
    e.OfferMade: offer_made,
    e.DemandAccepted: nothing,
    e.OfferAccepted: nothing,
    e.PromiseAccepted: nothing,
    e.SellerSilent: nothing,
    e.BuyerSilent: nothing,
    e.Escalated: escalated,
    e.ClaimConceded: claim_conceded,
    e.EvidenceRequested: evidence_requested,
    e.EvidenceClosed: evidence_closed,
    e.ExtensionRequested: extension_requested,
    e.ExtensionGranted: extension_granted,
    e.ExtensionDenied: request_gone,
    e.ExtensionLapsed: request_gone,
    e.ReturnAgreed: return_agreed,
    e.ReturnSent: return_sent,
    e.ReturnAcknowledged: return_acknowledged,
    e.ReturnRefused: nothing,
    e.ReturnOverdue: nothing,
    e.Ruled: nothing,
    e.RuledByDefault: nothing,
    e.Settled: settled,
    e.RefundPaid: refund_paid,
    e.Closed: nothing,
}
"""The order after each fact, in the status that it leads to; total over the events but `order_created`, which makes one."""
