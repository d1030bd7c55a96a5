"""The shapes of the JSON that scripts see: these structs ARE the answers. Text, --json, --query and `schema` all read them; nothing is computed here.

Amounts are decimal strings in the order's currency, instants RFC 3339 in UTC, None is null. Here stands the ORDER, and what answers of commands on
one are; the shapes of all others stand in others.py, and are made when one of them is first named: most runs answer with none.
"""

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from ..core.lifecycle import Possible
from ..core.words import Actor, Cause, Kind, Outcome, Status

CONTRACT = "dispute/1"


class Deadline(Struct, frozen=True):
    kind: Kind
    at: datetime
    actor: Actor
    """Whose move it is; `clock`: nobody's."""
    means: str
    """What happens then."""


class Request(Struct, frozen=True):
    days: int
    at: datetime


class Protection(Struct, frozen=True):
    ends_at: datetime
    request: Request | None


class Demand(Struct, frozen=True):
    refund: str
    with_return: bool = field(name="return")


class Offer(Struct, frozen=True):
    refund: str
    with_return: bool = field(name="return")
    promise: str | None
    at: datetime


class Window(Struct, frozen=True):
    actor: Actor
    until: datetime


class Claim(Struct, frozen=True):
    amount: str
    escalated_at: datetime
    by: Actor
    conceded: bool
    evidence_windows: tuple[Window, ...]


class Dispute(Struct, frozen=True):
    number: int
    opened_at: datetime
    received: bool
    reason: str
    demand: Demand
    offer: Offer | None
    claim: Claim | None
    reopens: int | None


class Return(Struct, frozen=True):
    refund: str
    cause: Cause
    tracking: str | None
    postage: str | None
    sent_at: datetime | None
    acknowledged_at: datetime | None


class Settlement(Struct, frozen=True):
    refund: str
    release: str
    cause: Cause
    settled_at: datetime
    payout_at: datetime | None
    paid_at: datetime | None


class Evidence(Struct, frozen=True):
    hash: str | None
    url: str | None
    kind: str
    name: str | None
    type: str | None
    size: int | None
    by: Actor
    at: datetime
    note: str | None
    dispute: int


class Message(Struct, frozen=True):
    by: Actor
    at: datetime
    text: str
    dispute: int | None


class Balances(Struct, frozen=True):
    """Changes by this order alone, since before payment."""

    buyer: str
    seller: str
    escrow: str
    carrier: str


class Order(Struct, frozen=True):
    id: str
    status: Status
    label: str
    outcome: Outcome | None
    cause: Cause | None
    buyer: str
    seller: str
    title: str | None
    currency: str
    price: str
    delivery: str
    total: str
    paid_at: datetime
    deliver_by: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    tracking: str | None
    protection: Protection
    dispute: Dispute | None
    deadlines: tuple[Deadline, ...]
    evidence: tuple[Evidence, ...]
    messages: tuple[Message, ...]
    possible: tuple[Possible, ...]
    settlement: Settlement | None
    balances: Balances
    returning: Return | None = field(name="return")


class Warning(Struct, frozen=True):
    code: str
    message: str


class Answer(Struct, frozen=True, kw_only=True):
    """What every answer has."""

    schema: str = CONTRACT
    ok: bool = True
    command: str | None
    now: datetime | None
    warnings: tuple[Warning, ...] = ()


class Written(Answer, frozen=True, kw_only=True):
    """What every answer of a writing command has."""

    changed: bool
    replayed: bool = False
    dry_run: bool = False


class Done(Written, frozen=True, kw_only=True):
    """A command on one order."""

    order: Order
    events: tuple[dict[str, Any], ...]


class DoneOnLines(Written, frozen=True, kw_only=True):
    """A command on the lines of a purchase."""

    orders: tuple[Order, ...]
    events: tuple[dict[str, Any], ...]


class Choice(Struct, frozen=True):
    """A whole command that would be accepted; with its `command` the `args` are a batch line."""

    actor: Actor
    command: str
    args: dict[str, Any]


class Shown(Answer, frozen=True, kw_only=True):
    """`status ID`."""

    order: Order
    at: datetime | None = None
    """The instant asked for with `--at`."""
    history: tuple[dict[str, Any], ...] | UnsetType = UNSET
    """With `--history`: the events up to the instant, EVENT each; `seq` is null for what is not recorded yet and silence would bring by then."""
    moves: tuple[Choice, ...] | UnsetType = UNSET
    """With `--history`: what each actor could sensibly do at that instant, one or two choices for each command that is possible."""
    lifecycle: str | UnsetType = UNSET
    """With `--lifecycle`: the lifecycle under the order's policy, drawn as text; `>` marks where the order stands."""


class ShownLines(Answer, frozen=True, kw_only=True):
    """`status` of a purchase."""

    orders: tuple[Order, ...]
    at: datetime | None = None
    history: tuple[dict[str, Any], ...] | UnsetType = UNSET
    """With `--history`: of all lines, in one order."""
    moves: tuple[Choice, ...] | UnsetType = UNSET


class Fault(Struct, frozen=True):
    rule: str
    field: str | None
    message: str


class Error(Struct, frozen=True, omit_defaults=True):
    code: str
    exit: int
    rule: str | None
    message: str
    hint: str | None
    faults: tuple[Fault, ...] | None = None
    possible: tuple[Possible, ...] | None = None
    outcome_unknown: bool = False
    """The write may be recorded: repeat with the same idempotency key, or look at `events`."""


class Failed(Struct, frozen=True, kw_only=True):
    """Every error."""

    schema: str = CONTRACT
    ok: bool = False
    command: str | None
    now: datetime | None
    error: Error
    warnings: tuple[Warning, ...] = ()
    at: datetime | UnsetType = UNSET
    """The instant asked for with `--at`; left out where none was."""


def encode(answer: Any) -> bytes:
    """An answer as JSON; a path of bytes that are no text is told with their escapes."""
    try:
        return msgspec.json.encode(answer)
    except UnicodeEncodeError:
        return msgspec.json.encode(as_text(msgspec.to_builtins(answer)))


def as_text(part: Any) -> Any:
    """The same with every text one that can be encoded."""
    if isinstance(part, dict):
        return {name: as_text(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [as_text(value) for value in part]
    return part.encode("utf-8", "backslashreplace").decode() if isinstance(part, str) else part


if TYPE_CHECKING:
    from .others import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        """The shape of another answer."""
        globals()[name] = found = getattr(import_module(f"{__name__}.others"), name)
        return found
