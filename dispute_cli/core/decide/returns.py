"""Returns (T1, T2): sent by the buyer, acknowledged or refused by the seller; silence has its meaning for each."""

from collections.abc import Iterator

from .. import commands as c
from .. import events as e
from .. import money
from ..moment import Moment
from ..order import Order, Return
from ..policy import days
from ..words import Actor, Cause
from .claim import freeze, open_windows
from .settlement import settle


def agreed(order: Order) -> Return:
    """The agreed return of an order that awaits one."""
    assert order.returning, f"{order.id} awaits a return that was not agreed"
    return order.returning


def send(order: Order, command: c.SendReturn, moment: Moment) -> Iterator[e.Event]:
    postage = None if command.postage is None else money.minor(command.postage, order.currency, "postage")
    acknowledge_by = moment.now + days(moment.policy.returns.acknowledge_days)
    yield e.ReturnSent(
        *moment.here(order, command.actor),
        tracking=command.tracking,
        postage=postage,
        currency=order.currency,
        buyer=order.buyer,
        acknowledge_by=acknowledge_by,
        seller=order.seller if moment.policy.returns.postage == "seller" else None,
    )


def acknowledge(order: Order, command: c.AcknowledgeReturn, moment: Moment) -> Iterator[e.Event]:
    return received(order, moment, command.actor)


def received(order: Order, moment: Moment, by: Actor) -> Iterator[e.Event]:
    """The parcel is back, said or by silence: the agreed refund is settled with the cause of the agreement."""
    returning = agreed(order)
    yield e.ReturnAcknowledged(*moment.here(order, by))
    yield from settle(order, moment, by, returning.refund, returning.cause)


def refuse(order: Order, command: c.RefuseReturn, moment: Moment) -> Iterator[e.Event]:
    yield e.ReturnRefused(*moment.here(order, command.actor), reason=command.reason)
    escalated = freeze(order, moment, command.actor, agreed(order).refund)
    yield escalated
    yield from open_windows(order, moment, escalated.review_ends_at)


def overdue(order: Order, moment: Moment, by: Actor) -> Iterator[e.Event]:
    yield e.ReturnOverdue(*moment.here(order, by))
    yield from settle(order, moment, by, 0, Cause.RETURN_OVERDUE)
