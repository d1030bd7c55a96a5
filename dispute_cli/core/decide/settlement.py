"""Settlement and payout (P1): the split of an escrow, and the day on which a refund is paid."""

import hashlib
import struct
from collections.abc import Iterator

from .. import events as e
from ..moment import Moment
from ..order import Order
from ..policy import Payout, days
from ..words import Actor, Cause, Outcome

RELEASED, REFUNDED, PARTIALLY_REFUNDED = Outcome
FIRST_EIGHT_BYTES = struct.Struct(">Q")


def settle(order: Order, moment: Moment, by: Actor, refund: int, cause: Cause) -> list[e.Event]:
    """Fix the split at the refund; a refund of 0 pays the seller and closes at once."""
    wait = days(payout_days(moment.seed, order.id, moment.policy.payout))
    total = order.total
    settled = e.Settled(
        0,
        moment.now,
        order.id,
        by,
        refund=refund,
        release=total - refund,
        currency=order.currency,
        outcome=outcome(refund, total),
        cause=cause,
        seller=order.seller,
        payout_at=moment.now + wait if refund else None,
    )
    if refund and wait:
        return [settled]
    here = moment.here(order, by)
    paid = [e.RefundPaid(*here, refund=refund, currency=order.currency, buyer=order.buyer)] if refund else []
    return [settled, *paid, e.Closed(*here)]


def outcome(refund: int, total: int) -> Outcome:
    if refund == 0:
        return RELEASED
    return REFUNDED if refund == total else PARTIALLY_REFUNDED


def payout_days(seed: int, order: str, payout: Payout) -> int:
    """Draw from the store's seed and the order alone: the same on any machine, whatever other orders do."""
    drawn: int
    (drawn,) = FIRST_EIGHT_BYTES.unpack_from(hashlib.sha256(f"{seed}:{order}".encode()).digest())
    return payout.least_days + drawn % (payout.most_days - payout.least_days + 1)


def agree(order: Order, moment: Moment, by: Actor, refund: int, with_return: bool, cause: Cause) -> Iterator[e.Event]:
    """Settle at what was agreed, by way of a return where goods go back (N2, N5, T1)."""
    if not with_return:
        yield from settle(order, moment, by, refund, cause)
        return
    send_by = moment.now + days(moment.policy.returns.send_days)
    yield e.ReturnAgreed(*moment.here(order, by), refund=refund, currency=order.currency, cause=cause, send_by=send_by)
