"""The money: every movement as balanced double-entry postings, derived from the events, never stored (P2). Amounts are minor units."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from . import events as e

CARRIER = "carrier"


class Posting(Struct, frozen=True, gc=False):
    account: str
    """`buyer/NAME`, `seller/NAME`, `escrow/ORDER` or `carrier`."""
    amount: int
    currency: str


def postings(event: e.Event) -> tuple[Posting, ...]:
    """Return the postings of one fact; they sum to zero, and nothing of 0 is posted."""
    moves = MOVES.get(type(event))
    return moves(event) if moves else ()


def payment(event: e.OrderCreated) -> tuple[Posting, ...]:
    return move(event, f"buyer/{event.buyer}", escrow(event), event.price + event.delivery)


def release(event: e.Settled) -> tuple[Posting, ...]:
    return move(event, escrow(event), f"seller/{event.seller}", event.release)


def refund(event: e.RefundPaid) -> tuple[Posting, ...]:
    return move(event, escrow(event), f"buyer/{event.buyer}", event.refund)


def postage(event: e.ReturnSent) -> tuple[Posting, ...]:
    payer = f"buyer/{event.buyer}" if event.seller is None else f"seller/{event.seller}"
    return move(event, payer, CARRIER, event.postage or 0)


MOVES: dict[type[e.Fact], Callable[[Any], tuple[Posting, ...]]] = {
    e.OrderCreated: payment,
    e.Settled: release,
    e.RefundPaid: refund,
    e.ReturnSent: postage,
}
"""The facts that move money, and how; every other moves none (E5)."""


def escrow(event: e.Event) -> str:
    return f"escrow/{event.order}"


def move(event: e.OrderCreated | e.Settled | e.RefundPaid | e.ReturnSent, source: str, target: str, amount: int) -> tuple[Posting, ...]:
    if not amount:
        return ()
    return Posting(source, -amount, event.currency), Posting(target, amount, event.currency)


class Balances(Struct, frozen=True, array_like=True, gc=False):
    """What one order changed for each, since before payment."""

    buyer: int = 0
    seller: int = 0
    escrow: int = 0
    carrier: int = 0


NOTHING = Balances()


def balances(events: Iterable[e.Event], before: Balances = NOTHING) -> Balances:
    """Sum one order's postings by party, on top of what it moved before."""
    moved = all_postings(events)
    if not moved:
        return before
    sums = {"buyer": before.buyer, "seller": before.seller, "escrow": before.escrow, CARRIER: before.carrier}
    for posting in moved:
        sums[posting.account.partition("/")[0]] += posting.amount
    return Balances(*sums.values())


def all_postings(events: Iterable[e.Event]) -> list[Posting]:
    """The postings of many facts, in their order."""
    found: list[Posting] = []
    for event in events:
        moves = MOVES.get(type(event))
        if moves:
            found += moves(event)
    return found
