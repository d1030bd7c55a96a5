"""Orders and escrow (E1–E7): payment, the facts of shipping, receipt."""

from collections.abc import Iterator
from datetime import datetime

from .. import commands as c
from .. import events as e
from .. import instants, money
from ..moment import Moment
from ..order import Order
from ..policy import Policy, days, fingerprint
from ..refusal import Fault, Refusal
from ..rules import in_order
from ..words import Cause
from .settlement import settle


def create(command: c.CreateOrder, taken: bool, moment: Moment) -> Iterator[e.Event]:
    deliver_by = promised(command, moment)
    ends_at = protected_until(moment.now, deliver_by, moment.policy)
    lines = command.lines
    prices = [money.minor(price, command.currency) for _, price in lines]
    faults = [*used(command, taken), *unreachable(moment, deliver_by, ends_at), *unpriced(prices)]
    if faults:
        raise Refusal(*in_order(faults))
    shares = money.share(money.minor(command.delivery, command.currency), prices)
    for number, ((title, _), price, delivery) in enumerate(zip(lines, prices, shares, strict=True), 1):
        yield e.OrderCreated(
            0,
            moment.now,
            f"{command.id}/{number}" if command.item else command.id,
            command.actor,
            buyer=command.buyer,
            seller=command.seller,
            title=title,
            currency=command.currency,
            price=price,
            delivery=delivery,
            deliver_by=deliver_by,
            protection_ends_at=ends_at,
            policy=fingerprint(moment.policy),
        )


def promised(command: c.CreateOrder, moment: Moment) -> datetime:
    if command.deliver_by is not None:
        return instants.instant(command.deliver_by, "deliver_by")
    return moment.now + days(moment.policy.delivery.promised_days)


def used(command: c.CreateOrder, taken: bool) -> Iterator[Fault]:
    if taken:
        yield Fault("E1", "id", f"{command.id} was used before: an id is never used twice.", "Choose another id.")


def protected_until(paid_at: datetime, deliver_by: datetime, policy: Policy) -> datetime:
    """Where protection ends as long as nobody lengthens it (E4)."""
    return (deliver_by if policy.protection.counted_from == "deliver_by" else paid_at) + days(policy.protection.days)


def unreachable(moment: Moment, deliver_by: datetime, ends_at: datetime) -> Iterator[Fault]:
    """A promised date that lateness could never be measured by (E6)."""
    if deliver_by < moment.now:
        yield Fault("E6", "deliver_by", "The promised delivery date is before payment.")
    elif deliver_by >= ends_at:
        yield Fault("E6", "deliver_by", f"The promised delivery date is not before the end of protection ({instants.iso_instant(ends_at)}): lateness could never be disputed.")


def unpriced(prices: list[int]) -> Iterator[Fault]:
    if 0 in prices:
        yield Fault("E7", "price", "A price is above 0.")


def ship(order: Order, command: c.Ship, moment: Moment) -> Iterator[e.Event]:
    yield e.Shipped(*moment.here(order, command.actor), tracking=command.tracking)


def deliver(order: Order, command: c.Deliver, moment: Moment) -> Iterator[e.Event]:
    yield e.Delivered(*moment.here(order, command.actor))


def confirm(order: Order, command: c.Confirm, moment: Moment) -> Iterator[e.Event]:
    yield e.ReceiptConfirmed(*moment.here(order, command.actor))
    yield from settle(order, moment, command.actor, 0, Cause.CONFIRMED)
