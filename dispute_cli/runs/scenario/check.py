"""What a step expects, held against what came of it: each that does not hold, with what was found instead. Nothing is carried out here."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from ... import answers as a
from ...core import money
from ...core.events import Event
from ...core.malformed import Malformed
from ...core.refusal import ConsentNeeded, Refused
from ...place import Place
from ...query import Expression
from ...reading import NoSuchThing, tag
from . import times
from .model import ACTORS
from .source import Way
from .steps import Ready

MOVES = ("at", "tick")
COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


class Failure(Struct, frozen=True):
    """An expectation that does not hold."""

    step: int
    name: str | None
    place: Place
    expected: str
    found: str
    message: str
    way: Way = ()
    """Below the step."""
    instead: str | None = None
    """What could be written there, to hold."""


class Found(Struct, frozen=True):
    """What came of a step."""

    answer: a.Answer | None
    refusal: Exception | None
    code: tuple[str, int] | None
    moved: bool
    """The clock was moved, if the step says so: what was refused is the command."""
    unchanged: bool
    """Nothing was recorded since the clock was moved, and it stands where it stood."""
    events: tuple[Event, ...]
    start: datetime
    now: datetime
    page: Callable[[str], a.Order]


class Miss(Struct, frozen=True):
    """One thing that does not hold, below its step."""

    way: Way
    expected: str
    found: str
    message: str
    text: str | None = None
    """What could be written there instead."""


def check(step: Ready, found: Found, order: str) -> tuple[Failure, ...]:
    """Everything that does not hold of a step, in the order of its fields."""
    misses = list(checked(step, found, order))
    return tuple(
        Failure(
            step=step.number,
            name=step.step.name,
            place=step.part.source.place((*step.part.way, *miss.way)),
            expected=miss.expected,
            found=miss.found,
            message=miss.message,
            way=miss.way,
            instead=miss.text,
        )
        for miss in misses
    )


def checked(step: Ready, found: Found, order: str) -> Iterator[Miss]:
    if found.refusal is not None or step.refused or step.step.consent:
        yield from refused(step, found)
    if found.refusal is None or step.step.consent:
        yield from warned(step, found)
    if found.refusal is not None and not (step.refused or step.step.consent):
        return
    yield from told(step, found)
    if not step.asks:
        return
    try:
        page = found.page(order)
    except (NoSuchThing, Refused) as fault:
        yield Miss((), f"an order {order}", "none", f"there is nothing to look at: {sentence(fault)}")
        return
    yield from held(step, page)
    yield from due(step, page, found)
    yield from balanced(step, page)


# Refusals and advice


def refused(step: Ready, found: Found) -> Iterator[Miss]:
    """The step is refused as it says, and nothing changed; or it is done."""
    way = ("consent",) if step.step.consent else ("refused",) if step.refused else ()
    if found.refusal is not None and not way:
        yield Miss(step_way(step, found), "it is done", told_refusal(found), f"it was refused: {sentence(found.refusal)}")
        return
    wanted = wanted_refusal(step)
    if found.refusal is None:
        yield Miss(way, wanted, "it was done", f"expected {wanted}, but it was done.")
        return
    said = sentence(found.refusal)
    if not is_wanted(step, found):
        yield Miss(way, wanted, told_refusal(found), f"it was refused otherwise: {said}", rule_of(found.refusal) if step_text(step) else None)
    if not found.unchanged:
        yield Miss(way, "nothing changes", "something was recorded", "it was refused, and yet something changed.")


def step_way(step: Ready, found: Found) -> tuple[str, ...]:
    """The part of a step that was refused: its command, or its move of the clock."""
    names = ACTORS if found.moved else MOVES
    return next(((str(name),) for name in names if getattr(step.step, name) is not None), ())


def step_text(step: Ready) -> bool:
    """Whether the refusal is written as a rule alone."""
    return isinstance(step.step.refused, str)


def wanted_refusal(step: Ready) -> str:
    if step.step.consent:
        return "consent needed"
    wanted = step.refused
    assert wanted, "a refusal is expected"
    parts = [f"refused by {wanted.rule}" if wanted.rule else "refused"]
    parts += [f"exit {wanted.exit}"] if wanted.exit is not None else []
    parts += [f"for {wanted.field}"] if wanted.field is not None else []
    return ", ".join(parts)


def told_refusal(found: Found) -> str:
    rule = rule_of(found.refusal)
    _, exit = found.code or ("", 1)
    if isinstance(found.refusal, ConsentNeeded):
        return f"consent needed ({rule})"
    return f"refused by {rule}, exit {exit}" if rule else f"refused, exit {exit}"


def is_wanted(step: Ready, found: Found) -> bool:
    if step.step.consent:
        return isinstance(found.refusal, ConsentNeeded)
    wanted, faults = step.refused, getattr(found.refusal, "faults", ())
    assert wanted and found.code, "a refusal is expected and was found"
    rules = rules_of(found.refusal)
    fields = {fault.field for fault in faults} | {getattr(found.refusal, "field", None)}
    rule_fits = wanted.rule is None or wanted.rule in rules
    return rule_fits and wanted.exit in (None, found.code[1]) and (wanted.field is None or wanted.field.replace("-", "_") in fields)


def rules_of(refusal: Exception | None) -> set[str | None]:
    """Every rule that says no."""
    return {fault.rule for fault in getattr(refusal, "faults", ())} | {getattr(refusal, "rule", None)}


def rule_of(refusal: Exception | None) -> str | None:
    faults = getattr(refusal, "faults", ())
    return faults[0].rule if faults else getattr(refusal, "rule", None)


def sentence(refusal: Exception) -> str:
    faults = getattr(refusal, "faults", ())
    return " ".join(f"[{fault.rule}] {fault.message}" for fault in faults) or str(getattr(refusal, "message", refusal))


def warned(step: Ready, found: Found) -> Iterator[Miss]:
    """The advice named is told, with the answer or with the question for consent; an empty list: none is."""
    if step.step.warns is None:
        return
    told = [warning.code for warning in getattr(found.answer or found.refusal, "warnings", ())]
    missing = [code for code in step.step.warns if code not in told]
    if missing or (not step.step.warns and told):
        expected = ", ".join(step.step.warns) or "no advice"
        yield Miss(("warns",), expected, ", ".join(told) or "no advice", f"expected {expected}.", f"[{', '.join(told)}]")


# Events


def told(step: Ready, found: Found) -> Iterator[Miss]:
    """The events named stand among those of the step, in that order."""
    if step.step.events is None:
        return
    events = [event for event in found.events if step.step.order in (None, event.order)]
    shown = [f"{tag(event)}@{times.since(found.start, event.at)}" for event in events]
    wanted = list(enumerate(step.step.events))
    if not wanted and events:
        yield Miss(("events",), "no events", ", ".join(shown), "expected no events.", f"[{', '.join(shown)}]")
        return
    at = 0
    for index, text in wanted:
        type, _, when = text.partition("@")
        span = times.when(when, found.start, found.now) if when else None
        match = next((i for i in range(at, len(events)) if tag(events[i]) == type and (not span or span.holds(events[i].at))), None)
        if match is None:
            same = [one for one in shown[at:] if one.partition("@")[0] == type]
            yield Miss(("events", index), text, ", ".join(shown) or "no events", f"expected {text} after what stands before it.", same[0] if same else None)
            return
        at = match + 1


# An order


def held(step: Ready, page: a.Order) -> Iterator[Miss]:
    data = msgspec.json.encode(page)
    listed = not isinstance(step.step.expect, str)
    texts = step.step.expect if isinstance(step.step.expect, tuple) else (step.step.expect,)
    for index, (expression, text) in enumerate(zip(step.expect, texts, strict=True)):
        way: Way = ("expect", index) if listed else ("expect",)
        try:
            if not expression.holds(data):
                yield missed(expression, text, data, way)
        except Malformed as fault:
            yield Miss(way, text, "it cannot be asked", fault.message)


def missed(expression: Expression, text: str, data: bytes, way: Way) -> Miss:
    """An expression that does not hold: of a comparison, what its left side is."""
    tree = expression.tree
    if tree["type"] != "comparator":
        return Miss(way, text, shown(expression.find(data)), f"it does not hold: {text}")
    left, right = (Expression.of(child, expression.option) for child in tree["children"])
    found, wanted = left.find(data), right.find(data)
    asked = left_side(text, COMPARISONS[tree["value"]])
    instead = f"{asked} == {literal(found)}" if tree["value"] == "eq" and tree["children"][1]["type"] == "literal" and "$" not in text else None
    return Miss(way, f"{COMPARISONS[tree['value']]} {shown(wanted)}", shown(found), f"{asked} is {shown(found)}", instead)


def left_side(text: str, sign: str) -> str:
    """What is left of a comparison; a filter or a text further left may have the same sign within."""
    pieces = text.split(sign)
    lefts = (sign.join(pieces[:count]) for count in range(1, len(pieces)))
    return next(filter(complete, lefts), pieces[0]).strip()


def complete(text: str) -> bool:
    """Whether nothing in it is still open."""
    return all(text.count(first) == text.count(last) for first, last in ("[]", "()", "{}")) and not any(text.count(quote) % 2 for quote in "'\"`")


def shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def literal(value: Any) -> str:
    """A value as JMESPath in a scenario writes it: a dollar sign would begin a variable."""
    if isinstance(value, str) and "\\" not in value:
        return "'" + value.replace("'", "\\'").replace("$", "$$") + "'"
    return "`" + json.dumps(value, ensure_ascii=False).replace("`", "\\`").replace("$", "$$") + "`"


def due(step: Ready, page: a.Order, found: Found) -> Iterator[Miss]:
    for kind, text in step.step.deadlines.items():
        standing = [deadline.at for deadline in page.deadlines if deadline.kind == kind]
        told = ", ".join(times.since(found.start, at) for at in standing) or "none"
        first = times.since(found.start, standing[0]) if standing else "none"
        if text in ("none", "null"):
            if standing:
                yield Miss(("deadlines", kind), f"no {kind}", told, f"{kind} is at {told}", first)
            continue
        span = times.when(text, found.start, found.now)
        if not any(map(span.holds, standing)):
            relative = text.startswith("+") and standing
            instead = f"+{times.short(standing[0] - found.now)}" if relative else first
            yield Miss(("deadlines", kind), text, instead if relative else told, f"{kind} is {f'at {told} from the start' if standing else 'not there'}", instead)


def balanced(step: Ready, page: a.Order) -> Iterator[Miss]:
    for party, amount in step.step.money.items():
        balance = getattr(page.balances, party)
        try:
            money.minor(amount.removeprefix("-"), page.currency, party)
        except Malformed as fault:
            yield Miss(("money", party), f"{party} {amount}", f"{party} {balance}", fault.message, balance)
            continue
        if Decimal(balance) != Decimal(amount):
            yield Miss(("money", party), f"{party} {amount}", f"{party} {balance}", f"{party} is at {balance}, not at {amount}", balance)
