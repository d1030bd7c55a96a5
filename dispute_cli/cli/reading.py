"""Looking at orders on the command line: status, events, ledger, deadlines. Words into structs, nothing else."""

from typing import Annotated, Literal

from typer import Option

from ..core.words import Actor, Status
from ..questions import Deadlines, Events, Forecast, Ledger, Look
from .errands import Follow
from .options import Id, MaybeId, whole

STATUSES = ", ".join(Status)
LIST = "The list, without an ID"


def status(
    id: MaybeId = None,
    at: Annotated[str | None, Option("--at", metavar="INSTANT", help="As it was then, or as silence would make it.")] = None,
    history: Annotated[bool, Option("--history", help="With an ID: what happened, and what each actor could do next.")] = False,
    lifecycle: Annotated[bool, Option("--lifecycle", help="With an ID: the lifecycle under its policy, and where it stands.")] = False,
    all: Annotated[bool, Option("--all", help="In the list: orders without a dispute too.", rich_help_panel=LIST)] = False,
    status: Annotated[Status | None, Option("--status", metavar="STATUS", help=f"Only this status: {STATUSES}.", rich_help_panel=LIST)] = None,
    actor: Annotated[Actor | None, Option("--actor", metavar="ACTOR", help="Only where it is this actor's move.", rich_help_panel=LIST)] = None,
    due: Annotated[str | None, Option("--due", metavar="DURATION", help="Only where a deadline is this near.", rich_help_panel=LIST)] = None,
    sort: Annotated[
        Literal["id", "due", "status", "opened", "total"] | None,
        Option("--sort", metavar="BY", help="id, due, status, opened or total.", rich_help_panel=LIST),
    ] = None,
    limit: Annotated[str | None, Option("--limit", metavar="N", help="At most so many.", rich_help_panel=LIST)] = None,
) -> Look:
    """Show an order's page, or the list of all disputes."""
    return Look(id=id, at=at, all=all, status=status, actor=actor, due=due, sort=sort, limit=whole(limit, "limit"), history=history, lifecycle=lifecycle)


def forecast(id: Id) -> Forecast:
    """Show where silence, and each move possible now, leads."""
    return Forecast(id=id)


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
