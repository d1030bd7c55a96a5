"""Reading what is recorded, and what it leads to, on the command line: events, ledger, deadlines, forecast. Words into structs, nothing else."""

from typing import Annotated

from typer import Option

from ..questions import Deadlines, Events, Forecast, Ledger
from .errands import Follow
from .options import Id, MaybeId, whole


def events(
    id: MaybeId = None,
    since: Annotated[str, Option("--since", metavar="SEQ", help="Only events after this number.")] = "0",
    type: Annotated[list[str] | None, Option("--type", metavar="TYPE", help="Only events of this type; repeat for more.")] = None,
    follow: Annotated[bool, Option("--follow", help="Go on, and show each event as it is recorded, until Ctrl-C.")] = False,
) -> Events | Follow:
    """Show what happened, event by event."""
    question = Events(id=id, since=whole(since, "since") or 0, type=tuple(type or ()))
    return Follow(question=question) if follow else question


def ledger(id: MaybeId = None) -> Ledger:
    """Show every posting, and the balances."""
    return Ledger(id=id)


def deadlines(
    within: Annotated[str | None, Option("--within", metavar="DURATION", help="Only those this near.")] = None,
) -> Deadlines:
    """Show the deadlines of all orders, soonest first."""
    return Deadlines(within=within)


def forecast(id: Id) -> Forecast:
    """Show where silence, and each move possible now, leads."""
    return Forecast(id=id)
