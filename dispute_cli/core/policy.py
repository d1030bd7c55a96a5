"""Every number and named choice of a marketplace, typed. Closed choices only, no expressions; what rules read stands here, never in code.

Days are whole days of 24 hours (K6). Unknown keys are refused.
"""

import hashlib
import re
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

Days = Annotated[int, Meta(ge=1, le=3650)]
Wait = Annotated[int, Meta(ge=0, le=3650)]
"""Days, none among them."""
Times = Annotated[int, Meta(ge=0, le=1000)]
Formats = Literal["png", "jpeg", "gif", "bmp"]
CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
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
    counted_from: Literal["payment", "deliver_by"] = "payment"
    """Where its days begin (E4)."""
    extension_most_times: Times | None = None
    """How often it may be lengthened (X1); None: as often as is granted."""


class Delivery(Terms, frozen=True):
    promised_days: Days
    """From payment, unless the order says otherwise (E6)."""


class Opening(Terms, frozen=True):
    not_before_days: Wait = 0
    """No dispute before so many days (D1) …"""
    not_before_from: Literal["paid", "shipped", "deliver_by"] = "paid"
    """… from here."""
    again: bool = True
    """Whether a dispute may follow one that was cancelled (N10)."""


class Answering(Terms, frozen=True):
    seller_days: Days
    """The seller's counter (D11)."""
    buyer_days: Days
    """The buyer's counter (N1)."""
    seller_silent: Literal["refund", "escalate"] = "refund"
    """What the seller's silence brings: the demand is paid, or becomes a claim (N3)."""
    buyer_silent: Literal["escalate", "accept", "close"] = "escalate"
    """What the buyer's silence brings: the offer becomes a claim, or is taken, or the escrow is released (C3)."""


class Escalation(Terms, frozen=True):
    opens: Literal["opening", "offer"]
    """From when a dispute may be escalated (C1)."""
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
    who: Literal["buyer", "either"] = "buyer"
    """Who may escalate it (C1)."""
    until_days: Days | None = None
    """From the opening: not after so many days (C1); None: as long as it is open."""
    evidence: Literal["locked", "open"] = "locked"
    """Whether a claim locks evidence (V6)."""


class Returns(Terms, frozen=True):
    send_days: Days
    """For the buyer to send the parcel back (T1)."""
    acknowledge_days: Days
    """For the seller to acknowledge it (T2)."""
    refused_evidence_days: Days
    """How long evidence is open to both after a refusal (T2)."""
    postage: Literal["buyer", "seller"] = "buyer"
    """Who pays for sending back (T1, D6)."""


class Payout(Terms, frozen=True):
    least_days: Wait
    most_days: Wait
    """The refund is paid this many whole days after settlement; 0: at once (P1)."""


class Files(Terms, frozen=True):
    formats: tuple[Formats, ...]
    """What evidence files may be (V1)."""
    most_bytes: Annotated[int, Meta(ge=1, le=MOST_BYTES)]
    """A file's size, that size itself included (V2)."""
    most_files: Annotated[int, Meta(ge=1, le=1000)] | None = None
    """Of each party in each dispute (V2); None: as many as they like."""


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
    returned: Literal["full", "never"] = field(name="return", default="full")
    """Whether a full refund of received goods means sending them back (D6)."""


class NotModelled(Terms, frozen=True):
    """What the marketplace does and these rules cannot express."""

    what: str
    source: str


class Policy(Terms, frozen=True, dict=True):
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
    opening: Opening = Opening()
    not_modelled: tuple[NotModelled, ...] = ()

    @cached_property
    def mark(self) -> str:
        """The hash that orders name it by; worked out once, for every order that is made asks."""
        return hash_of(as_data(self))

    def __post_init__(self) -> None:
        contradiction = next((text for wrong, text in self.contradictions() if wrong), None)
        if contradiction:
            raise ValueError(contradiction)

    def contradictions(self) -> tuple[tuple[bool, str], ...]:
        """Pairs of (is it so, what is wrong) for values that do not go together."""
        return (
            (self.payout.least_days > self.payout.most_days, "payout.least_days is above payout.most_days"),
            (self.escalation.rule_from_days >= self.escalation.review_days, "escalation.rule_from_days is not before escalation.review_days"),
            (self.protection.counted_from == "payment" and self.delivery.promised_days >= self.protection.days, "delivery.promised_days is not before the end of protection: lateness could never be disputed"),
            (not self.reasons, "there is no reason to open a dispute for"),
            (not self.evidence.formats, "evidence.formats is empty"),
            (len(set(self.evidence.formats)) < len(self.evidence.formats), "evidence.formats names one twice"),
            *self.reason_contradictions(),
        )

    def reason_contradictions(self) -> tuple[tuple[bool, str], ...]:
        """What no reason can be."""
        return tuple(
            pair
            for code, reason in self.reasons.items()
            for pair in (
                (not CODE.fullmatch(code), f"reasons.{code} is no code: letters, digits and '_', no digit first"),
                (not reason.received and reason.refund == "any", f"reasons.{code}.refund is \"any\", but what was not received is refunded in full (D7)"),
                (not reason.says.strip(), f"reasons.{code}.says is blank"),
            )
        )

    def family(self, received: bool) -> tuple[str, ...]:
        """The reasons for goods received, or for goods not received, in the policy's order (D3)."""
        return tuple(code for code, reason in self.reasons.items() if reason.received is received)


@lru_cache(maxsize=256)  # making one costs as much as a fact
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
    return policy.mark


def hash_of(data: dict[str, Any]) -> str:
    """SHA-256 of a policy's plain data as canonical JSON; of the data as it was kept, whatever is read out of it later."""
    return hashlib.sha256(msgspec.json.encode(data, order="sorted")).hexdigest()
