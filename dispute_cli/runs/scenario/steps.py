"""A step with its variables filled in: the move of the clock, the command, the expectations read. Nothing is carried out here."""

from datetime import datetime
from functools import cache
from typing import Any, get_origin

import msgspec
from msgspec import Struct

from ... import questions as q
from ...core import commands as c
from ...core import instants
from ...core.malformed import Malformed, guess, quote
from ...core.words import Actor
from ...keys import check_key
from ...query import Expression
from ..lines import Request, malformed
from . import times
from .document import Part, check_keys, shaped, unknown
from .expected import check_expectations, expected, expression, refusal
from .model import ACTORS, Refused, Step
from .source import WrongFile
from .variables import Variables

COMMANDS: dict[str, type[c.Command]] = {c.name_of(kind): kind for kind in c.Spoken.__args__}
OF_A_LINE = ("yes", "strict", "key")
"""What any command may carry beside its own options."""
USAGE = 2


class Ready(Struct, frozen=True):
    """A step as it is carried out."""

    part: Part
    number: int
    """From 1, over all files of the scenario."""
    step: Step
    move: q.Tick | Malformed | None
    """The clock's move; where its duration is none and the step says so, the complaint."""
    request: Request | Malformed | None
    """The command; where it is not even well formed and the step says so, the complaint."""
    refused: Refused | None
    expect: tuple[Expression, ...]
    capture: dict[str, Expression]
    order: str | None
    """Which order the expectations are about; None where nothing says."""

    @property
    def asks(self) -> bool:
        """Whether anything is expected of an order."""
        of_its_page = self.step.warns is not None and self.request is None
        return bool(self.expect or self.step.deadlines or self.step.money or self.capture or of_its_page)


def ready(part: Part, number: int, variables: Variables, start: datetime) -> Ready:
    """Read a step; `WrongFile` at what is wrong, `Later` where it needs what is captured on the way."""
    raw = dict(part.data)
    with_places = Part(part.source, part.way, raw)
    expressions = {name: raw.pop(name) for name in ("expect", "capture") if name in raw}
    filled = fill(with_places, raw, variables)
    check_spoken(with_places, filled)
    step = shaped(filled | expressions, Step, part.source, part.way)
    refused = refusal(step)
    check_expectations(with_places, step, refused, start)
    request = command(with_places, step, refused)
    return Ready(
        part=part,
        number=number,
        step=step,
        move=move(with_places, step, refused, start),
        request=request,
        refused=refused,
        expect=tuple(expression(with_places, text, variables, "expect", index) for index, text in enumerate(expected(step))),
        capture={name: expression(with_places, text, variables, "capture", name) for name, text in step.capture.items()},
        order=step.order or about(request),
    )


def check_spoken(part: Part, filled: dict[str, Any]) -> None:
    """Raise `WrongFile` at a command that is written as a text."""
    for actor in ACTORS:
        if isinstance(text := filled.get(actor), str):
            words = text if text in COMMANDS else "open"
            raise part.wrong(f"here is a text, where a command with its options is expected: write {{{words}: O-1}}.", actor)


def fill(part: Part, raw: dict[str, Any], variables: Variables) -> dict[str, Any]:
    """Every value with its variables filled in, told at its place where that fails."""
    filled = {}
    for key, value in raw.items():
        try:
            filled[key] = variables.fill(value)
        except Malformed as fault:
            raise part.wrong(fault.message, key) from None
    return filled


def move(part: Part, step: Step, refused: Refused | None, start: datetime) -> q.Tick | Malformed | None:
    """How the clock is moved before the command."""
    if step.at is not None and step.tick is not None:
        raise part.wrong("a step moves the clock once: give `at` or `tick`.", "tick")
    try:
        if step.at is not None:
            return q.Tick(to=instants.iso_instant(times.moment(step.at, start, start)))
        if isinstance(step.tick, str):
            return q.Tick(duration=step.tick)
    except Malformed as fault:
        if refused and refused.exit == USAGE:
            return fault
        raise part.wrong(fault.message, "at" if step.at is not None else "tick") from None
    if step.tick is None:
        return None
    return ticking(Part(part.source, (*part.way, "tick"), step.tick), start)


def ticking(part: Part, start: datetime) -> q.Tick:
    """The clock's move as a mapping: `{until-idle: true}`, `{next: true, before: true}`, `{to: 36d}`, `{until: [O-1, EXPRESSION]}`."""
    given = {key.replace("-", "_"): value for key, value in part.data.items()}
    known = ("duration", "to", "next", "before", "until_idle", "until")
    check_keys(part, part.data, [*known, "until-idle"])
    try:
        if isinstance(given.get("to"), str) and instants.parts_of(given["to"]):
            given["to"] = instants.iso_instant(times.moment(given["to"], start, start))
        tick = msgspec.convert(given, q.Tick, strict=False)
        if tick.forms() == 0:
            raise Malformed(None, q.FORMS + ".")
    except Malformed as fault:
        raise part.wrong(fault.message) from None
    except msgspec.ValidationError as fault:
        complaint = malformed(fault, q.Tick, nulls=False)
        raise part.wrong(complaint.message, complaint.field or "") from None
    return tick


def command(part: Part, step: Step, refused: Refused | None) -> Request | Malformed | None:
    """What the step's actor does."""
    spoken = [(actor, given) for actor in ACTORS if (given := getattr(step, actor)) is not None]
    if not spoken:
        return None
    if len(spoken) > 1:
        raise part.wrong("a step has one actor: make a step for each.", spoken[1][0])
    actor, given = spoken[0]
    inner = Part(part.source, (*part.way, str(actor)), given)
    try:
        return request(inner, given, actor)
    except Malformed as fault:
        if refused and refused.exit == USAGE:
            return fault
        raise WrongFile(place_of_field(inner, fault.field), fault.message) from None


def place_of_field(part: Part, field: str | None) -> Any:
    names = [key for key in part.data if field and key.replace("-", "_") == field]
    return part.source.place((*part.way, names[0])) if names else part.source.place(part.way)


def request(part: Part, given: dict[str, Any], actor: Actor) -> Request:
    """A command as a mapping: its words with the order's id first, then its options."""
    words = next(iter(given), "")
    if words not in COMMANDS:
        close = guess(words, COMMANDS)
        told = f"{quote(words)} is no command ({close[0].lower()}{close[1:].strip()})" if close else f"{quote(words)} is no command: a step begins with one, as `open: O-1`"
        raise WrongFile(part.source.key_place(part.way, words), told)
    kind = COMMANDS[words]
    known = options_of(kind)
    fields = {key.replace("-", "_"): value for key, value in given.items() if key != words}
    for key in given:
        if key != words and key.replace("-", "_") not in (*known, *OF_A_LINE):
            raise WrongFile(part.source.key_place(part.way, key), unknown(key, known))
    yes, strict, key = (fields.pop(name, None) for name in OF_A_LINE)
    fields |= {name: [value] for name, value in fields.items() if known.get(name) and isinstance(value, str)}
    try:
        asked: Any = msgspec.convert({**fields, "id": given[words], "command": words, "as": str(actor)}, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise malformed(fault, kind, nulls=False) from None
    return Request(asked, None if key is None else check_key(key, '"key"'), flag(yes, "yes"), flag(strict, "strict"))


@cache
def options_of(kind: type[c.Command]) -> dict[str, bool]:
    """A command's options, and whether each may be given more than once: then one alone needs no list."""
    fields = msgspec.structs.fields(kind)
    return {field.encode_name: get_origin(field.type) is tuple for field in fields if field.encode_name not in ("id", "as")}


def flag(text: str | None, name: str) -> bool:
    if text not in (None, "true", "false"):
        raise Malformed(name, f"{name} is {quote(str(text))}, where true or false is expected.")
    return text == "true"


def about(request: Request | Malformed | None) -> str | None:
    """The order that a command is about; of a purchase with several lines a step must name one."""
    return getattr(request.asked, "id", None) if isinstance(request, Request) else None
