"""What silence, and each move possible now, would make of an order: the very rules on a copy, nothing written."""

from . import answers as a
from . import questions as q
from . import reading, views
from .core.commands import name_of
from .core.decide import decide
from .core.instants import LATEST
from .moves import arguments, moves
from .session import Loaded, Session

MOST_OF_A_KIND = 3
"""Payloads for each command: in answer to an offer the demand, the middle and the offer."""


def forecast(session: Session, question: q.Forecast) -> a.Forecast:
    """Where each way leads if everybody is silent afterwards, to the end of the calendar."""
    loaded = reading.one(session, question.id, name_of(question))
    return a.Forecast(
        command="forecast",
        now=session.now,
        order=loaded.order.id,
        status=loaded.order.status,
        currency=loaded.order.currency,
        silence=foreseen(session, loaded),
        moves=tuple(prospects(session, loaded)),
    )


def prospects(session: Session, loaded: Loaded) -> list[a.Prospect]:
    moment = session.moment(loaded.order)
    return [
        a.Prospect(command.actor, name_of(command), arguments(command), foreseen(session, loaded.after(decide(loaded.order, command, moment))))
        for command in moves(loaded.order, moment, MOST_OF_A_KIND)
    ]


def foreseen(session: Session, loaded: Loaded) -> a.Foreseen:
    """The end that silence brings."""
    order = session.projected(loaded, LATEST).order
    split = views.settlement(order.settlement, views.cash_of(order)) if order.settlement else None
    return a.Foreseen(
        status=order.status,
        cause=order.cause,
        refund=split.refund if split else None,
        release=split.release if split else None,
        settled_at=split.settled_at if split else None,
        paid_at=split.paid_at if split else None,
    )
