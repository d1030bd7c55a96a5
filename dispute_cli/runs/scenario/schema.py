"""The JSON Schema of a scenario file, for editors: made from model.py and the commands' structs. An editor sees typed scalars where we read text."""

from collections.abc import Iterable
from typing import Any

import msgspec

from ... import questions as q
from ...core import commands as c
from ...core.rules import BOOK
from ...core.words import Kind
from .model import ACTORS, Contents, File, Init, Refused, Step
from .steps import COMMANDS, OF_A_LINE, options_of

Schema = dict[str, Any]
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
NUMBER: Schema = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^[0-9]+$|\$"}]}
VARIABLE: Schema = {"type": "string", "pattern": r"\$"}
"""A text with a variable in it: what it comes to is seen when it runs."""
SCALARS: Schema = {"type": "array", "items": SCALAR}
ONE_OR_MORE: Schema = {"anyOf": [SCALAR, SCALARS]}
NAMED: Schema = {"type": "object", "additionalProperties": SCALAR}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> Schema:
    """The whole of it."""
    shapes: dict[str, type[msgspec.Struct]] = {"Init": Init, "Refused": Refused, "Contents": Contents, "Step": Step}
    made = {name: closed(properties_of(kind)) for name, kind in shapes.items()}
    return {
        "$schema": DIALECT,
        "title": "Scenario",
        "description": "A marketplace dispute as a test: `dispute test` runs it, `dispute help scenarios` explains it.",
        **closed(properties_of(File)),
        "$defs": {**made, "Order": order(), "Tick": tick(), "Command": {"anyOf": [*map(command, COMMANDS)]}, "Case": case()},
    }


def closed(properties: Schema, required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys alone."""
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}


def properties_of(kind: type[msgspec.Struct]) -> Schema:
    return {field.encode_name: OF_A_FIELD[kind, field.encode_name] for field in msgspec.structs.fields(kind)}


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def many(part: Schema) -> Schema:
    return {"type": "array", "items": part}


def one_of(words: Iterable[str]) -> Schema:
    """One of these, or a variable."""
    return {"anyOf": [{"enum": [*words]}, VARIABLE]}


def order() -> Schema:
    """An order, as `order create` takes it."""
    return closed({"id": SCALAR, **spelled(options_of(c.CreateOrder))}, ("id",))


def command(name: str) -> Schema:
    """A command's words with the order's id, then its options."""
    return {"title": name, **closed({name: SCALAR, **dict.fromkeys(OF_A_LINE, SCALAR), **spelled(options_of(COMMANDS[name]))}, (name,))}


def tick() -> Schema:
    return closed({name: SCALARS if name == "until" else SCALAR for field in ("duration", "to", "next", "before", "until_idle", "until") for name in spellings(field)})


def spelled(options: dict[str, bool]) -> Schema:
    """A command's options, in both spellings; one that may be given more than once takes a list as well."""
    return {name: ONE_OR_MORE if more else SCALAR for option, more in options.items() for name in spellings(option)}


def spellings(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((name, name.replace("_", "-"))))


def case() -> Schema:
    """A row: its name, its tags, and variables; `null` is a text like any other."""
    variable = {"type": [*SCALAR["type"], "null"]}
    return {"type": "object", "properties": {"case": SCALAR, "tags": SCALARS}, "required": ["case"], "additionalProperties": variable}


def money() -> Schema:
    return closed(dict.fromkeys(("buyer", "seller", "escrow", "carrier"), SCALAR))


def deadlines() -> Schema:
    return closed({str(kind): {"type": [*SCALAR["type"], "null"]} for kind in Kind})


def events() -> Schema:
    return many({"type": "string", "pattern": rf"^({'|'.join(sorted(q.EVENT_TYPES))})(@.+)?$|\$"})


OF_A_FIELD: dict[tuple[type[msgspec.Struct], str], Schema] = {
    (File, "scenario"): SCALAR, (File, "tags"): SCALARS, (File, "include"): ONE_OR_MORE, (File, "init"): ref("Init"), (File, "vars"): NAMED,
    (File, "files"): {"type": "object", "additionalProperties": ref("Contents")}, (File, "orders"): many(ref("Order")),
    (File, "steps"): many(ref("Step")), (File, "cases"): many(ref("Case")),
    (Init, "start"): SCALAR, (Init, "seed"): NUMBER, (Init, "policy"): SCALAR,
    (Contents, "text"): SCALAR, (Contents, "base64"): SCALAR,
    (Refused, "rule"): one_of(BOOK), (Refused, "exit"): NUMBER, (Refused, "field"): SCALAR,
    (Step, "name"): SCALAR, (Step, "at"): SCALAR, (Step, "tick"): {"anyOf": [SCALAR, ref("Tick")]}, **{(Step, str(actor)): ref("Command") for actor in ACTORS},
    (Step, "order"): SCALAR, (Step, "refused"): {"anyOf": [*one_of((*BOOK, "none"))["anyOf"], ref("Refused")]}, (Step, "consent"): one_of(("needed",)),
    (Step, "warns"): many(one_of(BOOK)), (Step, "expect"): ONE_OR_MORE, (Step, "deadlines"): deadlines(), (Step, "money"): money(),
    (Step, "events"): events(), (Step, "capture"): NAMED,
}  # fmt: skip
"""What each field of the format takes; one that stands in model.py and not here is missed as soon as the schema is made."""
