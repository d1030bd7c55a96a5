"""Moving the clock on the command line. Words into structs, nothing else."""

from typing import Annotated

from typer import Argument, Option

from ..questions import Tick


def tick(
    duration: Annotated[str | None, Argument(metavar="DURATION", help="How far, as 30d or 1d12h.", show_default=False)] = None,
    to: Annotated[str | None, Option("--to", metavar="INSTANT", help="To this instant.")] = None,
    next: Annotated[bool, Option("--next", help="To the next deadline.")] = False,
    before: Annotated[bool, Option("--before", help="With --next: one second before it.")] = False,
    until_idle: Annotated[bool, Option("--until-idle", help="Until no deadline is left.")] = False,
) -> Tick:
    """Move the clock: every deadline on the way fires."""
    return Tick(duration=duration, to=to, next=next, before=before, until_idle=until_idle)
