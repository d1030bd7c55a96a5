"""The facts, one struct each: the format on disk. Deadlines, amounts and drawn days are written into them; nothing is computed here.

Amounts are minor units of the event's own `currency` (USD 20.00 is 2000). Instants are UTC, whole seconds.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from .words import Actor, Cause, Outcome

Minor = Annotated[int, Meta(ge=0, description="minor units of the event's currency")]


def snake(name: str) -> str:
    """`OrderCreated` is told as `order_created`."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).removeprefix("_")


class Fact(Struct, frozen=True, tag=snake, tag_field="type", gc=False):
    """What every event tells, in this order: `seq` runs 1, 2, 3 … over the store and is 0 until the event is recorded."""

    seq: int
    at: datetime
    order: str
    by: Actor


class OrderCreated(Fact, frozen=True):
    """Paid: price and delivery are in escrow (E2)."""

    buyer: str
    seller: str
    title: str | None
    currency: str
    price: Minor
    delivery: Minor
    deliver_by: datetime
    protection_ends_at: datetime
    policy: str
    """SHA-256 of the policy that this order is under, for ever."""


class Shipped(Fact, frozen=True):
    tracking: str


class Delivered(Fact, frozen=True):
    pass


class ReceiptConfirmed(Fact, frozen=True):
    pass


class ProtectionEnded(Fact, frozen=True):
    pass


class DisputeOpened(Fact, frozen=True):
    number: int
    reopens: int | None
    received: bool
    reason: str
    refund: Minor
    with_return: bool = field(name="return")
    currency: str
    answer_by: datetime
    """End of the seller's counter."""


class DisputeEdited(Fact, frozen=True):
    received: bool
    reason: str
    refund: Minor
    with_return: bool = field(name="return")
    currency: str
    answer_by: datetime
    """End of the seller's counter."""


class DisputeCancelled(Fact, frozen=True):
    releases: bool
    """Protection is over: the escrow goes to the seller, and the order keeps the dispute it ended with (N9)."""


class ClaimDropped(Fact, frozen=True):
    pass


class MessageSent(Fact, frozen=True):
    text: str
    dispute: int | None
    """Number of the dispute open then, or None."""
    language: str | None = None
    """Code of the language where it is reliably known not to be English, else None (A1)."""


class EvidenceAdded(Fact, frozen=True):
    dispute: int
    kind: str
    """`file` or `link`."""
    hash: str | None
    """SHA-256 of the bytes; None for a link."""
    url: str | None
    name: str | None
    format: str | None
    """`png`, `jpeg`, `gif`, `bmp`; None for a link."""
    size: int | None
    """Bytes; None for a link."""
    note: str | None


class OfferMade(Fact, frozen=True):
    refund: Minor
    with_return: bool = field(name="return")
    promise: str | None
    currency: str
    answer_by: datetime
    """End of the buyer's counter."""


class DemandAccepted(Fact, frozen=True):
    pass


class OfferAccepted(Fact, frozen=True):
    pass


class PromiseAccepted(Fact, frozen=True):
    promise: str


class SellerSilent(Fact, frozen=True):
    pass


class BuyerSilent(Fact, frozen=True):
    """Told where a policy takes the offer, or closes, for a silent buyer (C3)."""


class Escalated(Fact, frozen=True):
    amount: Minor
    currency: str
    rule_from: datetime
    review_ends_at: datetime


class ClaimConceded(Fact, frozen=True):
    pass


class EvidenceRequested(Fact, frozen=True):
    party: Actor
    until: datetime


class EvidenceClosed(Fact, frozen=True):
    party: Actor


class ExtensionRequested(Fact, frozen=True):
    days: int


class ExtensionGranted(Fact, frozen=True):
    days: int
    ends_at: datetime


class ExtensionDenied(Fact, frozen=True):
    pass


class ExtensionLapsed(Fact, frozen=True):
    pass


class ReturnAgreed(Fact, frozen=True):
    refund: Minor
    currency: str
    cause: Cause
    send_by: datetime


class ReturnSent(Fact, frozen=True):
    tracking: str
    postage: Minor | None
    """What the carrier was paid; None where it was not said."""
    currency: str
    buyer: str
    acknowledge_by: datetime
    seller: str | None = None
    """Who paid the carrier, where a policy has the seller pay (T1); None: the buyer did."""


class ReturnAcknowledged(Fact, frozen=True):
    pass


class ReturnRefused(Fact, frozen=True):
    reason: str


class ReturnOverdue(Fact, frozen=True):
    pass


class Ruled(Fact, frozen=True):
    refund: Minor
    currency: str
    reason: str
    early: bool
    """Ruled before the review allows it (`--early`)."""


class RuledByDefault(Fact, frozen=True):
    refund: Minor
    currency: str


class Settled(Fact, frozen=True):
    """The split is fixed: refund to the buyer, release to the seller (paid now), together the escrow (P1)."""

    refund: Minor
    release: Minor
    currency: str
    outcome: Outcome
    cause: Cause
    seller: str
    payout_at: datetime | None
    """When the refund is paid; None where nothing is."""


class RefundPaid(Fact, frozen=True):
    refund: Minor
    currency: str
    buyer: str


class Closed(Fact, frozen=True):
    pass


Event = (
    OrderCreated
    | Shipped
    | Delivered
    | ReceiptConfirmed
    | ProtectionEnded
    | DisputeOpened
    | DisputeEdited
    | DisputeCancelled
    | ClaimDropped
    | MessageSent
    | EvidenceAdded
    | OfferMade
    | DemandAccepted
    | OfferAccepted
    | PromiseAccepted
    | SellerSilent
    | BuyerSilent
    | Escalated
    | ClaimConceded
    | EvidenceRequested
    | EvidenceClosed
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionDenied
    | ExtensionLapsed
    | ReturnAgreed
    | ReturnSent
    | ReturnAcknowledged
    | ReturnRefused
    | ReturnOverdue
    | Ruled
    | RuledByDefault
    | Settled
    | RefundPaid
    | Closed
)
