"""What a decision may depend on besides the order and the command: the instant, the policy, the seed, and what came enclosed."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from .order import Order
from .policy import Policy
from .words import Actor

if TYPE_CHECKING:
    from .evidence import Attachment


class Moment(Struct, frozen=True):
    now: datetime
    policy: Policy
    seed: int
    files: "tuple[Attachment, ...]" = ()
    """The bytes of the files that the command names."""
    language: str | None = None
    """Code of the language of the command's text where it is reliably known not to be English, else None (A1)."""

    def here(self, order: Order, by: Actor) -> tuple[int, datetime, str, Actor]:
        """What every event of this moment begins with; `seq` is given when it is recorded."""
        return 0, self.now, order.id, by
