"""Answering a dispute and accepting on the command line. Words into structs, nothing else."""

from typing import Annotated

from typer import Option

from ..core.commands import Accept, Respond
from .options import Id

ANSWER, WITH_IT = "The answer, one of these", "With the answer"


def respond(
    id: Id,
    accept: Annotated[bool, Option("--accept", help="Accept the demand.", rich_help_panel=ANSWER)] = False,
    refund: Annotated[str | None, Option("--refund", metavar="AMOUNT", help="Offer this refund.", rich_help_panel=ANSWER)] = None,
    returning: Annotated[bool, Option("--return", help="With --refund: the goods go back.", rich_help_panel=WITH_IT)] = False,
    reject: Annotated[bool, Option("--reject", help="Offer nothing.", rich_help_panel=ANSWER)] = False,
    promise: Annotated[str | None, Option("--promise", metavar="TEXT", help="Promise something outside the escrow.", rich_help_panel=ANSWER)] = None,
    message: Annotated[str | None, Option("--message", metavar="TEXT", help="What to tell the buyer; - reads standard input.", rich_help_panel=WITH_IT)] = None,
) -> Respond:
    """Answer as the seller: accept, or offer own terms."""
    return Respond(
        id=id, accept=accept, refund=refund, with_return=True if returning else None, reject=reject, promise=promise, message=message
    )


def accept(id: Id) -> Accept:
    """Accept the offer; as seller: the demand, or the claim."""
    return Accept(id=id)
