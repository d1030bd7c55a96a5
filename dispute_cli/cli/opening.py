"""Opening, editing and cancelling a dispute on the command line. Words into structs, nothing else."""

from typing import Annotated

from typer import Option

from ..core.commands import Cancel, EditDispute, OpenDispute
from .options import Id, either

WRONG, DEMAND, EVIDENCE = "What is wrong", "What you demand", "Evidence"

Received = Annotated[bool, Option("--received", help="The goods arrived.", rich_help_panel=WRONG)]
NotReceived = Annotated[bool, Option("--not-received", help="The goods did not arrive.", rich_help_panel=WRONG)]
Reason = Annotated[str | None, Option("--reason", metavar="CODE", help="What is wrong; `dispute reasons` lists the codes.", rich_help_panel=WRONG)]
Refund = Annotated[str | None, Option("--refund", metavar="AMOUNT|full", help="The refund demanded.", rich_help_panel=DEMAND)]
Returning = Annotated[bool, Option("--return", help="The goods go back.", rich_help_panel=DEMAND)]
Keeping = Annotated[bool, Option("--no-return", help="The goods are kept.", rich_help_panel=DEMAND)]
Message = Annotated[str | None, Option("--message", metavar="TEXT", help="What to tell the seller; - reads standard input.", rich_help_panel=WRONG)]


def open_dispute(
    id: Id,
    received: Received = False,
    not_received: NotReceived = False,
    reason: Reason = None,
    refund: Refund = None,
    returning: Returning = False,
    keeping: Keeping = False,
    message: Message = None,
    evidence: Annotated[list[str] | None, Option("--evidence", metavar="FILE", help="A picture; repeat for more.", rich_help_panel=EVIDENCE)] = None,
    link: Annotated[list[str] | None, Option("--link", metavar="URL", help="Evidence elsewhere; repeat for more.", rich_help_panel=EVIDENCE)] = None,
) -> OpenDispute:
    """Open a dispute: what is wrong, and what you demand."""
    return OpenDispute(
        id=id,
        received=either(received, not_received, "--received and --not-received", "received"),
        reason=reason,
        refund=refund,
        with_return=either(returning, keeping, "--return and --no-return", "return"),
        message=message,
        evidence=tuple(evidence or ()),
        link=tuple(link or ()),
    )


def edit(
    id: Id,
    received: Received = False,
    not_received: NotReceived = False,
    reason: Reason = None,
    refund: Refund = None,
    returning: Returning = False,
    keeping: Keeping = False,
    message: Message = None,
    keep: Annotated[bool, Option("--keep", help="What is not given stays as it is.")] = False,
) -> EditDispute:
    """Edit the demand, or make a counter-proposal."""
    return EditDispute(
        id=id,
        received=either(received, not_received, "--received and --not-received", "received"),
        reason=reason,
        refund=refund,
        with_return=either(returning, keeping, "--return and --no-return", "return"),
        message=message,
        keep=keep,
    )


def cancel(id: Id) -> Cancel:
    """Cancel the dispute, or drop the claim."""
    return Cancel(id=id)
