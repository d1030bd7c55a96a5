"""How an order came where it is, up to an instant, and what each actor could do then: what a page says beyond the order. Reads a session, writes nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from . import answers as a
from . import views
from .core.commands import name_of
from .core.events import Event
from .core.order import Order
from .moves import arguments, moves
from .session import Loaded, Session, load


def added(session: Session, seen: Iterable[Loaded], at: datetime | None) -> dict[str, Any]:
    """`history` and `moves` of an order as it is seen, or of all lines of a purchase in one order of time."""
    orders = [loaded.order for loaded in seen]
    events = [event for order in orders for event in history(session, order.id, session.now if at is None else at)]
    events.sort(key=lambda event: (event.at, event.seq == 0, event.seq))
    return {"history": tuple(map(told, events)), "moves": tuple(choice for order in orders for choice in choices(session, order, at))}


def history(session: Session, id: str, until: datetime) -> Iterator[Event]:
    """What is recorded up to an instant, then what silence makes of it by then."""
    recorded = [event for event in session.history(id) if event.at <= until]
    yield from recorded
    loaded = load(recorded)
    while loaded and (fired := session.lapse(loaded, until)):
        yield from fired
        loaded = loaded.after(fired)


def told(event: Event) -> dict[str, Any]:
    """The event; its number is null while it is not recorded."""
    return {**views.told(event), "seq": event.seq or None}


def choices(session: Session, order: Order, at: datetime | None) -> Iterator[a.Choice]:
    for command in moves(order, session.moment(order, at)):
        yield a.Choice(command.actor, name_of(command), arguments(command))
