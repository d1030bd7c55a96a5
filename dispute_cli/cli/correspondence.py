"""Messages on the command line. Words into structs, nothing else."""

from typing import Annotated

from typer import Argument

from ..core.commands import SendMessage
from .options import Id


def message(id: Id, text: Annotated[str, Argument(metavar="TEXT", help="What to say; - reads standard input.")]) -> SendMessage:
    """Send a message about the order; it never moves money."""
    return SendMessage(id=id, text=text)
