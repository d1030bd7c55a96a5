"""The glossary as types: who acts, where an order stands, why it ended. Words only, no behaviour."""

from enum import StrEnum


class Actor(StrEnum):
    """Who gives a command; `clock` is time itself, which acts where silence means something."""

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"
    CLOCK = "clock"


class Status(StrEnum):
    """Where an order line stands. One status an order: the dispute is a part of it."""

    PROTECTED = "protected"
    AWAITING_SELLER = "awaiting_seller"
    AWAITING_BUYER = "awaiting_buyer"
    AWAITING_RETURN = "awaiting_return"
    RETURN_SHIPPED = "return_shipped"
    ESCALATED = "escalated"
    SETTLING = "settling"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How the escrow was split: all to the seller, all to the buyer, or a part to each."""

    RELEASED = "released"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"


class Cause(StrEnum):
    """Why the escrow was split as it was."""

    CONFIRMED = "confirmed"
    PROTECTION_ENDED = "protection_ended"
    CANCELLED = "cancelled"
    SELLER_ACCEPTED = "seller_accepted"
    BUYER_ACCEPTED = "buyer_accepted"
    SELLER_SILENT = "seller_silent"
    BUYER_SILENT = "buyer_silent"
    CONCESSION = "concession"
    DROPPED = "dropped"
    RETURN_OVERDUE = "return_overdue"
    RULING = "ruling"
    DEFAULT_RULING = "default_ruling"


class Kind(StrEnum):
    """The kinds of deadline, in the order in which they fire at one instant (K2)."""

    PROTECTION = "protection"
    SELLER_RESPONSE = "seller_response"
    BUYER_RESPONSE = "buyer_response"
    RETURN_SEND = "return_send"
    RETURN_ACKNOWLEDGE = "return_acknowledge"
    EVIDENCE = "evidence"
    REVIEW = "review"
    PAYOUT = "payout"


PARTIES = (Actor.BUYER, Actor.SELLER)

LABELS = {
    Status.PROTECTED: "protected: the escrow holds the money until receipt or the end of protection",
    Status.AWAITING_SELLER: "pending the approval of the dispute by the seller",
    Status.AWAITING_BUYER: "the seller offered own terms: pending the answer of the buyer",
    Status.AWAITING_RETURN: "return agreed: pending the parcel from the buyer",
    Status.RETURN_SHIPPED: "return sent: pending the acknowledgement of the seller",
    Status.ESCALATED: "escalated: a claim under review by the platform",
    Status.SETTLING: "settled: the refund is on its way to the buyer",
    Status.CLOSED: "closed",
}
