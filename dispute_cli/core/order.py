"""An order's state: fields, nothing else. It is the fold of the order's events (evolve.py). Amounts are minor units of the order's currency."""

from datetime import datetime

from msgspec import Struct

from .words import Actor, Cause, Outcome, Status


class Part(Struct, frozen=True, array_like=True, gc=False):
    """Frozen values that hold nothing but such values make no cycles, so the collector need not look at them; as bytes they are their fields in order."""


class Request(Part, frozen=True):
    """A pending request for more protection (X1)."""

    days: int
    at: datetime


class Protection(Part, frozen=True):
    ends_at: datetime
    """Keeps its last value when protection is over."""
    runs: bool
    request: Request | None
    extended: int = 0
    """How often it was lengthened."""


class Demand(Part, frozen=True):
    refund: int
    with_return: bool


class Offer(Part, frozen=True):
    refund: int
    """0 for a rejection and for a promise."""
    with_return: bool
    promise: str | None
    at: datetime


class Window(Part, frozen=True):
    """Evidence is open to this party until this instant, although the claim locks it (V6)."""

    actor: Actor
    until: datetime


class Claim(Part, frozen=True):
    amount: int
    escalated_at: datetime
    by: Actor
    rule_from: datetime
    review_ends_at: datetime
    conceded: bool
    windows: tuple[Window, ...]


class Dispute(Part, frozen=True):
    number: int
    opened_at: datetime
    received: bool
    reason: str
    demand: Demand
    offer: Offer | None
    claim: Claim | None
    reopens: int | None
    answer_by: datetime
    """End of the counter that runs: the seller's in `awaiting_seller`, the buyer's in `awaiting_buyer`; meaningless elsewhere."""


class Return(Part, frozen=True):
    """An agreed return."""

    refund: int
    cause: Cause
    send_by: datetime
    tracking: str | None
    postage: int | None
    sent_at: datetime | None
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None


class Settlement(Part, frozen=True):
    refund: int
    release: int
    cause: Cause
    settled_at: datetime
    payout_at: datetime | None
    paid_at: datetime | None


class Evidence(Part, frozen=True):
    dispute: int
    kind: str
    hash: str | None
    url: str | None
    name: str | None
    format: str | None
    size: int | None
    by: Actor
    at: datetime
    note: str | None


class Message(Part, frozen=True):
    by: Actor
    at: datetime
    text: str
    dispute: int | None
    language: str | None


class Order(Part, frozen=True):
    id: str
    status: Status
    buyer: str
    seller: str
    title: str | None
    currency: str
    price: int
    delivery: int
    policy: str
    """SHA-256 of the policy that the order is under."""
    paid_at: datetime
    deliver_by: datetime
    protection: Protection
    outcome: Outcome | None = None
    cause: Cause | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    tracking: str | None = None
    disputes: int = 0
    """How many disputes were ever opened."""
    dispute: Dispute | None = None
    returning: Return | None = None
    settlement: Settlement | None = None
    evidence: tuple[Evidence, ...] = ()
    messages: tuple[Message, ...] = ()

    @property
    def total(self) -> int:
        """What the buyer paid: price and delivery (E2)."""
        return self.price + self.delivery
