"""Many commands on the command line: batch and demo. Words into structs, nothing else."""

from typing import Annotated

from typer import Argument, Option

from .errands import Demo, RunBatch


def batch(
    file: Annotated[str, Argument(metavar="FILE|-", help="One command a line; - reads standard input.", show_default=False)] = "-",
    atomic: Annotated[bool, Option("--atomic", help="All lines or none.")] = False,
    keep_going: Annotated[bool, Option("--keep-going", help="Try every line, also after one that failed.")] = False,
) -> RunBatch:
    """Run many commands with one start and one lock."""
    return RunBatch(file=file, atomic=atomic, keep_going=keep_going)


def demo() -> Demo:
    """Play two disputes from order to payout."""
    return Demo()
