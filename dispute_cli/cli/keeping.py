"""Looking after the store on the command line: init, verify, repair, backup. Words into structs, nothing else."""

from typing import Annotated, Literal

from typer import Argument, Option

from ..questions import Backup, Repair, Verify
from .errands import CopyStore, Init
from .forms import store
from .options import whole


def init(
    start: Annotated[
        str | None, Option("--start", metavar="INSTANT", help="Where the clock starts.", show_default="2026-01-01T00:00:00Z")
    ] = None,
    seed: Annotated[str, Option("--seed", metavar="N", help="What payout days are drawn from.")] = "0",
    policy: Annotated[str | None, Option("--policy", metavar="NAME|FILE", help="The marketplace.", show_default="aliexpress")] = None,
    clock: Annotated[
        Literal["simulated", "wall"], Option("--clock", metavar="simulated|wall", help="Moved by tick, or the real time.")
    ] = "simulated",
    force: Annotated[bool, Option("--force", help="Over a store; the old one is kept as .bak.")] = False,
) -> Init:
    """Make a store."""
    return Init(start=start, seed=whole(seed, "seed") or 0, policy=policy, clock=clock, force=force)


def verify() -> Verify:
    """Check everything in the store; changes nothing."""
    return Verify()


def repair() -> Repair:
    """Remove stray temporary files and orphan evidence."""
    return Repair()


def backup(file: Annotated[str, Argument(metavar="FILE", help="Where the copy goes.")]) -> Backup:
    """Write a consistent copy of the store."""
    return Backup(file=file)


def copy(
    source: Annotated[str, Option("--from", metavar="STORE", help="The original: a file or a URL.")],
    target: Annotated[str, Option("--to", metavar="STORE", help="The copy: made where it is not there, else gone on with.")],
) -> CopyStore:
    """Bring a store into another, of any kind, and compare both."""
    return CopyStore(source=store(source, "--from"), target=store(target, "--to"))
