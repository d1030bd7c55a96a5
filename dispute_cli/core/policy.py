"""Every number and named choice of a marketplace, typed. Closed choices only, no expressions; what rules read stands here, never in code.

Days are whole days of 24 hours (K6). Unknown keys are refused.
"""

import hashlib
from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Days = Annotated[int, Meta(ge=1, le=3650)]
Formats = Literal["png", "jpeg", "gif", "bmp"]
MOST_BYTES = 16 * 1024 * 1024
"""No policy takes larger files, so nothing ever reads more."""


class Terms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A chapter of a policy."""


class Protection(Terms, frozen=True):
    days: Days
    """From payment (E4)."""
    extension_most_days: Days
    """The most days one request or grant may name (X1)."""
    short_days: Days
    """Less than this left is little (X3, A5)."""


class Delivery(Terms, frozen=True):
    promised_days: Days
    """From payment, unless the order says otherwise (E6)."""


class Answering(Terms, frozen=True):
    seller_days: Days
    """The seller's counter (D11)."""
    buyer_days: Days
    """The buyer's counter (N1)."""


class Escalation(Terms, frozen=True):
    opens: Literal["opening", "offer"]
    """From when the buyer may escalate (C1)."""
    claim_basis: Literal["demand", "standing"]
    """What a claim of the buyer's is frozen at: the demand, or what stood last (C4)."""
    rule_from_days: Days
    """The platform rules from this day on (C6)."""
    review_days: Days
    """And before the end of this one (C6, C7)."""
    no_ruling: Literal["claim", "buyer", "seller"]
    """Who gets it without a ruling (C7)."""
    evidence_days: Days
    """How long a request for evidence runs unless the platform says (V6)."""


class Returns(Terms, frozen=True):
    send_days: Days
    """For the buyer to send the parcel back (T1)."""
    acknowledge_days: Days
    """For the seller to acknowledge it (T2)."""
    refused_evidence_days: Days
    """How long evidence is open to both after a refusal (T2)."""


class Payout(Terms, frozen=True):
    least_days: Days
    most_days: Days
    """The refund is paid this many whole days after settlement (P1)."""


class Files(Terms, frozen=True):
    formats: tuple[Formats, ...]
    """What evidence files may be (V1)."""
    most_bytes: Annotated[int, Meta(ge=1, le=MOST_BYTES)]
    """A file's size, that size itself included (V2)."""


class Warnings(Terms, frozen=True):
    deadline_hours: Annotated[int, Meta(ge=1, le=8760)]
    """A deadline this near is told (A4)."""


class Reason(Terms, frozen=True):
    received: bool
    """Of goods received, or not (D3)."""
    evidence: Literal["required", "optional"]
    """Of received goods, at opening (D9)."""
    refund: Literal["any", "full"]
    """What may be demanded (D3)."""
    says: str
    """One line for people."""
    after: Literal["deliver_by"] | None = None
    """Not before this instant of the order (D4)."""


class Policy(Terms, frozen=True):
    name: str
    title: str
    protection: Protection
    delivery: Delivery
    answering: Answering
    escalation: Escalation
    returns: Returns
    payout: Payout
    evidence: Files
    warnings: Warnings
    reasons: dict[str, Reason]
    sources: dict[str, str]
    """For each figure and choice, by its dotted key: where it comes from."""

    def __post_init__(self) -> None:
        contradiction = next((text for wrong, text in self.contradictions() if wrong), None)
        if contradiction:
            raise ValueError(contradiction)

    def contradictions(self) -> tuple[tuple[bool, str], ...]:
        """Pairs of (is it so, what is wrong) for values that do not go together."""
        return (
            (self.payout.least_days > self.payout.most_days, "payout.least_days is above payout.most_days"),
            (self.escalation.rule_from_days >= self.escalation.review_days, "escalation.rule_from_days is not before escalation.review_days"),
            (self.delivery.promised_days >= self.protection.days, "delivery.promised_days is not before the end of protection: lateness could never be disputed"),
            (not self.reasons, "there is no reason to open a dispute for"),
            (not self.evidence.formats, "evidence.formats is empty"),
        )

    def family(self, received: bool) -> tuple[str, ...]:
        """The reasons for goods received, or for goods not received, in the policy's order (D3)."""
        return tuple(code for code, reason in self.reasons.items() if reason.received is received)


def days(number: int) -> timedelta:
    """A day is 24 hours UTC (K6)."""
    return timedelta(days=number)


def as_data(policy: Policy) -> dict[str, Any]:
    """The policy as plain data, as a store keeps it."""
    data: dict[str, Any] = msgspec.to_builtins(policy)
    return data


def from_data(data: dict[str, Any]) -> Policy:
    """The policy that a store kept; `msgspec.ValidationError` names what does not belong."""
    return msgspec.convert(data, Policy)


def fingerprint(policy: Policy) -> str:
    """The hash that orders name the policy they are under by."""
    return hash_of(as_data(policy))


def hash_of(data: dict[str, Any]) -> str:
    """SHA-256 of a policy's plain data as canonical JSON; of the data as it was kept, whatever is read out of it later."""
    return hashlib.sha256(msgspec.json.encode(data, order="sorted")).hexdigest()
