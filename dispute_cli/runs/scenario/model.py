"""A scenario file's shape: these structs ARE the format, and its published schema is made from them. What the words mean is carried out elsewhere.

Every scalar is written as text and read by its field's type; `$name` may stand for any value.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from ...core.words import Actor

Text = Annotated[str, Meta(max_length=65536)]


class Init(Struct, frozen=True, forbid_unknown_fields=True):
    """The store that the scenario runs on, as `dispute init` makes it."""

    start: str = "2026-01-01"
    """An instant, or a date."""
    seed: str = "0"
    """A whole number."""
    policy: str | None = None
    """A shipped policy's name, or a file beside the scenario."""


class Refused(Struct, frozen=True, forbid_unknown_fields=True):
    """How a step must be refused."""

    rule: str | None = None
    exit: int | None = None
    field: str | None = None
    """The option that is wrong."""


class Contents(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds that the scenario brings along: one of the two."""

    text: str | None = None
    base64: str | None = None


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """The clock moved, then one actor's command, then what must be true; each may be left out."""

    name: str | None = None
    at: str | None = None
    """Move the clock to here: `29d` from the start, or an instant."""
    tick: str | dict[str, Any] | None = None
    """Move the clock on: a duration, or the options of `dispute tick` as a mapping."""
    buyer: dict[str, Any] | None = None
    """A command and its options, as CLI names them: `{open: O-1, received: false, …}`."""
    seller: dict[str, Any] | None = None
    platform: dict[str, Any] | None = None
    order: str | None = None
    """Which order the expectations are about: else the command's own, else the only one."""
    refused: str | Refused | None = None
    """The rule that refuses the step; it also proves that nothing changed. `none`: it is done."""
    consent: Literal["needed"] | None = None
    """The command asks for a yes, and changes nothing without."""
    warns: tuple[str, ...] | None = None
    """Advice that the command is told, or of a step without one the order's page, by rule; an empty list: none at all."""
    expect: str | tuple[str, ...] = ()
    """JMESPath over ORDER, each of which must hold."""
    deadlines: dict[str, str] = {}
    """Kind → when it is; `none`: there is no such deadline."""
    money: dict[Literal["buyer", "seller", "escrow", "carrier"], str] = {}
    """What the order moved so far, compared as amounts."""
    events: tuple[str, ...] | None = None
    """`type` or `type@when`, in this order; others may stand between. An empty list: none at all."""
    capture: dict[str, str] = {}
    """Variable → JMESPath over ORDER; the steps below know it."""


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """A scenario, or what others include."""

    scenario: str | None = None
    """Its name."""
    tags: tuple[str, ...] = ()
    include: str | tuple[str, ...] = ()
    """Files whose orders and steps come first, and whose variables are known."""
    init: Init | None = None
    vars: dict[str, str] = {}
    files: dict[str, Contents] = {}
    """Files that the scenario brings along, by the name that its steps give."""
    orders: tuple[dict[str, Any], ...] = ()
    """Each as `order create` takes it, made at the start."""
    steps: tuple[dict[str, Any], ...] = ()
    cases: tuple[dict[str, Any], ...] = ()
    """Each row is a test of its own: `case`, `tags`, and variables."""


ACTORS = (Actor.BUYER, Actor.SELLER, Actor.PLATFORM)
STEP = tuple(Step.__struct_fields__)
