"""Protection extension (X1–X3): asked by the buyer, granted or denied by the seller; only granting lengthens."""

from collections.abc import Iterator

from .. import commands as c
from .. import events as e
from ..instants import LATEST
from ..moment import Moment
from ..order import Order
from ..policy import days
from ..refusal import refuse
from ..words import Actor


def extend(order: Order, command: c.ExtendProtection, moment: Moment) -> Iterator[e.Event]:
    here = moment.here(order, command.actor)
    if command.deny:
        yield e.ExtensionDenied(*here)
        return
    request = order.protection.request
    number = command.days if command.days is not None or request is None else request.days
    assert number is not None, "granting without a request names the days"
    check_most(order, number, moment)
    if command.actor is Actor.SELLER:
        yield e.ExtensionGranted(*here, days=number, ends_at=order.protection.ends_at + days(number))
    else:
        yield e.ExtensionRequested(*here, days=number)


def check_most(order: Order, number: int, moment: Moment) -> None:
    """At most so many days at a time, and never past the end of the calendar."""
    most = moment.policy.protection.extension_most_days
    if number > most or order.protection.ends_at + days(number) > LATEST:
        raise refuse("X1", f"Protection is lengthened by 1 to {most} days at a time, not {number}.", field="days")
