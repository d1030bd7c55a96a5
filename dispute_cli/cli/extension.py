"""Asking for more protection, granting and denying it, on the command line. Words into structs, nothing else."""

from typing import Annotated

from typer import Option

from ..core.commands import ExtendProtection
from .options import Days, Id, whole


def extend(
    id: Id,
    days: Days = None,
    grant: Annotated[bool, Option("--grant", help="As the seller: grant the days asked for, or --days N.")] = False,
    deny: Annotated[bool, Option("--deny", help="As the seller: deny.")] = False,
) -> ExtendProtection:
    """Ask for days of protection, or grant or deny them."""
    return ExtendProtection(id=id, days=whole(days, "days"), grant=grant, deny=deny)
