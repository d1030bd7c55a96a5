"""Returns on the command line: send, acknowledge, refuse. Words into structs, nothing else."""

from typing import Annotated

from typer import Option

from ..core.commands import AcknowledgeReturn, RefuseReturn, SendReturn
from .options import Id


def send(
    id: Id,
    tracking: Annotated[str, Option("--tracking", metavar="NUMBER", help="The parcel's tracking number.")],
    postage: Annotated[str | None, Option("--postage", metavar="AMOUNT", help="What the buyer paid the carrier.")] = None,
) -> SendReturn:
    """Record that the buyer sent the goods back."""
    return SendReturn(id=id, tracking=tracking, postage=postage)


def acknowledge(id: Id) -> AcknowledgeReturn:
    """Acknowledge the return: the agreed refund is settled."""
    return AcknowledgeReturn(id=id)


def refuse(
    id: Id, reason: Annotated[str, Option("--reason", metavar="TEXT", help="What is wrong with it; - reads standard input.")]
) -> RefuseReturn:
    """Refuse the return: the platform decides."""
    return RefuseReturn(id=id, reason=reason)
