"""What may be asked of a store besides the commands of core/commands.py: reading, moving the clock, and looking after the file.

The input format of argv and batch lines alike; a struct that exists is well formed. They never refuse by a rule but K1 and K4. What is asked most
often stands here; all others stand in others.py, and are made when one of them is first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from ..core import instants
from ..core.commands import check_id
from ..core.events import Event
from ..core.malformed import Malformed, guess, quote
from ..core.words import Actor, Status

EVENT_TYPES = tuple(str(fact.__struct_config__.tag) for fact in Event.__args__)
"""Every type of event, in the order of the events module."""


class Question(Struct, frozen=True, kw_only=True, tag_field="command", forbid_unknown_fields=True):
    """What every question may carry; who asks changes nothing."""

    by: Actor | None = field(default=None, name="as")

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        """Raise `Malformed` where a value is not of its form or two values contradict each other."""


def check_optional_id(id: str | None) -> None:
    if id is not None:
        check_id(id)


class Look(Question, frozen=True, tag="status"):
    """One order's page; without an id the list of all disputes and refunds."""

    id: str | None = None
    at: str | None = None
    """An instant: the past as it was, the future as silence would make it."""
    all: bool = False
    status: Status | None = None
    actor: Actor | None = None
    """Only orders whose next move is this actor's."""
    due: str | None = None
    """A duration: only orders whose next deadline is within it."""
    sort: Literal["id", "due", "status", "opened", "total"] | None = None
    limit: int | None = None
    history: bool = False
    """Of one order: how it came there, and what each actor could do next."""
    lifecycle: bool = False
    """Of one order line: the lifecycle under its policy, with where it stands."""

    def check(self) -> None:
        check_optional_id(self.id)
        if self.at is not None:
            instants.instant(self.at, "at")
        if self.due is not None:
            instants.duration(self.due, "due")
        if self.limit is not None and self.limit < 1:
            raise Malformed("limit", f"--limit {self.limit}: give a whole number from 1 on")
        if self.id is not None and (self.all or self.status or self.actor or self.due or self.sort or self.limit):
            raise Malformed("id", "--all, --status, --actor, --due, --sort and --limit belong to the list: leave the id out")
        if self.history and self.id is None:
            raise Malformed("history", "--history belongs to an order's page: name the order")
        if self.lifecycle and self.id is None:
            raise Malformed("lifecycle", "--lifecycle marks where an order stands: name the order; `dispute lifecycle` shows it without one")


class Tick(Question, frozen=True, tag="tick"):
    """Move the clock (K4): exactly one of the forms; on a wall clock none."""

    duration: str | None = None
    to: str | None = None
    next: bool = False
    before: bool = False
    """With `next`: one second before it."""
    until_idle: bool = False
    until: tuple[str, str] | None = None
    """An order's id and a JMESPath expression on its ORDER: to the first instant where it holds."""

    def check(self) -> None:
        if self.duration is not None:
            instants.duration(self.duration, "duration")
        if self.to is not None:
            instants.instant(self.to, "to")
        if self.before and not self.next:
            raise Malformed("before", "--before goes with --next")
        if self.until is not None:
            check_id(self.until[0])
            expression(self.until[1])
        if self.forms() > 1:
            raise Malformed("duration", FORMS)

    def forms(self) -> int:
        """How many of the forms are given."""
        return sum((self.duration is not None, self.to is not None, self.next, self.until_idle, self.until is not None))


FORMS = "tick takes exactly one of DURATION, --to INSTANT, --next, --until-idle, --until ID JMESPATH"


def expression(text: str) -> Any:
    """Read what `--until` waits for; JMESPath comes in only where there is some."""
    from ..query import Expression

    return Expression(text, "until")


class Events(Question, frozen=True, tag="events"):
    id: str | None = None
    since: int = 0
    """Only events whose `seq` is greater."""
    type: tuple[str, ...] = ()

    def check(self) -> None:
        check_optional_id(self.id)
        for type in self.type:
            if type not in EVENT_TYPES:
                close = guess(type, EVENT_TYPES) or f"There are {', '.join(EVENT_TYPES)}."
                raise Malformed("type", f"{quote(type)} is no type of event. {close.strip()}")


if TYPE_CHECKING:
    from .others import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        """The shape of another question."""
        globals()[name] = found = getattr(import_module(f"{__name__}.others"), name)
        return found
