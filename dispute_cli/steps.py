"""How long work tells how far it has come, and where it was stopped. Who listens, and how it is shown, is not known here."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct


class Step(Struct, frozen=True):
    """How far one piece of long work has come."""

    work: str
    """What is being done; a new word begins a new count."""
    done: int
    of: str
    """What is counted: deadlines, lines, events, bytes."""
    share: float | None = None
    """Of the whole, from 0 to 1; None where nobody knows how much there is."""
    at: datetime | None = None
    """The simulated instant reached."""


Watch = Callable[[Step], None]


class Stopped(KeyboardInterrupt):
    """Long work was asked to stop; the text says where it stands and what is written."""

    def __init__(self, message: str, now: datetime | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.now = now
        """The store's clock."""
