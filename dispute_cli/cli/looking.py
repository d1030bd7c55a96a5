"""Looking at orders on the command line: status. Words into structs, nothing else."""

from typing import Literal

from typer import Option

from ..core.words import Actor, Status
from ..questions import Look
from .options import MaybeId, whole

STATUSES = ", ".join(Status)
LIST = "The list, without an ID"


# Defaults instead of Annotated: see options.py.
def status(
    id: MaybeId = None,
    at: str | None = Option(None, "--at", metavar="INSTANT", help="As it was then, or as silence would make it."),
    history: bool = Option(False, "--history", help="With an ID: what happened, and what each actor could do next."),
    lifecycle: bool = Option(False, "--lifecycle", help="With an ID: the lifecycle under its policy, and where it stands."),
    all: bool = Option(False, "--all", help="In the list: orders without a dispute too.", rich_help_panel=LIST),
    status: Status | None = Option(None, "--status", metavar="STATUS", help=f"Only this status: {STATUSES}.", rich_help_panel=LIST),
    actor: Actor | None = Option(None, "--actor", metavar="ACTOR", help="Only where it is this actor's move.", rich_help_panel=LIST),
    due: str | None = Option(None, "--due", metavar="DURATION", help="Only where a deadline is this near.", rich_help_panel=LIST),
    sort: Literal["id", "due", "status", "opened", "total"] | None = Option(
        None, "--sort", metavar="BY", help="id, due, status, opened or total.", rich_help_panel=LIST
    ),
    limit: str | None = Option(None, "--limit", metavar="N", help="At most so many.", rich_help_panel=LIST),
) -> Look:
    """Show an order's page, or the list of all disputes."""
    return Look(id=id, at=at, all=all, status=status, actor=actor, due=due, sort=sort, limit=whole(limit, "limit"), history=history, lifecycle=lifecycle)
