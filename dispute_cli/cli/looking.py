"""Looking at orders on the command line: status, forecast. Words into structs, nothing else."""

from typing import Annotated, Literal

from typer import Option

from ..core.words import Actor, Status
from ..questions import Forecast, Look
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
