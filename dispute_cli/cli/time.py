"""Moving the clock on the command line. Words into structs, nothing else."""

from typing import Annotated

from typer import Argument, Option

from ..core.malformed import Malformed
from ..questions import Tick
from .errands import CrewedTick
from .options import whole

MOST_WORKERS = 64
FORM = "How far, without a DURATION"


def tick(
    duration: Annotated[str | None, Argument(metavar="DURATION", help="How far, as 30d or 1d12h.", show_default=False)] = None,
    to: Annotated[str | None, Option("--to", metavar="INSTANT", help="To this instant.", rich_help_panel=FORM)] = None,
    next: Annotated[bool, Option("--next", help="To the next deadline.", rich_help_panel=FORM)] = False,
    before: Annotated[bool, Option("--before", help="With --next: one second before it.", rich_help_panel=FORM)] = False,
    until_idle: Annotated[bool, Option("--until-idle", help="Until no deadline is left.", rich_help_panel=FORM)] = False,
    until: Annotated[
        tuple[str, str] | None, Option("--until", metavar="ID JMESPATH", help="Until this holds of the order.", rich_help_panel=FORM)
    ] = None,
    workers: Annotated[
        str, Option("--workers", metavar="N", help="On PostgreSQL: so many processes share the due orders.", show_default="1")
    ] = "1",
) -> Tick | CrewedTick:
    """Move the clock: every deadline on the way fires."""
    question = Tick(duration=duration, to=to, next=next, before=before, until_idle=until_idle, until=until)
    count = whole(workers, "workers", MOST_WORKERS) or 0
    if not count:
        raise Malformed("workers", "--workers 0 would fire nothing: give 1 or more.")
    return question if count == 1 else CrewedTick(question=question, workers=count)
