"""What is wrong with a policy's data, in words, and which key it stands at: by the types of core/policy.py. Nothing is read here."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.inspect import IntType, Type, UnionType, type_info
from msgspec.structs import fields

from ..core.malformed import guess, quote
from .spots import Way

SHOWN = "`dispute policy show aliexpress` shows every key."
WORDS: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number with a point", str: "a text", list: "a list", dict: "a table"}
"""What a value of TOML is called; any other is a date or a time."""


class Fault(NamedTuple):
    """What is wrong with the value at a way, or with its key."""

    way: Way
    message: str
    hint: str | None = None
    of_key: bool = False
    absent: bool = False
    """It is not there at all: told only where nothing that is there is wrong, which may be what was meant."""


def faults(kind: Any, data: Any, way: Way = ()) -> Iterator[Fault]:
    """Everything that is not of its type, key by key."""
    if isinstance(data, dict) and isinstance(kind, type) and issubclass(kind, Struct):
        yield from of_table(kind, data, way)
    elif isinstance(data, dict) and get_origin(kind) is dict:
        yield from (fault for key, value in data.items() for fault in faults(get_args(kind)[1], value, (*way, key)))
    elif isinstance(data, list) and get_origin(kind) is tuple:
        yield from (fault for place, value in enumerate(data) for fault in faults(get_args(kind)[0], value, (*way, place)))
    elif not fits(kind, data):
        yield of_value(kind, data, way)


def of_table(kind: type[Struct], data: dict[str, Any], way: Way) -> Iterator[Fault]:
    known = {field.encode_name: field for field in fields(kind)}
    for key, value in data.items():
        if key in known:
            yield from faults(known[key].type, value, (*way, key))
        else:
            yield Fault((*way, key), f"unknown field {quote(key)}{within(way)}.", f"{guess(key, known)}{one_of(known)}", of_key=True)
    for key, field in known.items():
        if key not in data and field.required:
            yield Fault(way, f"missing required field {quote(dotted((*way, key)))}.", SHOWN, of_key=True, absent=True)


def fits(kind: Any, data: Any) -> bool:
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError:
        return False
    return True


def of_value(kind: Any, data: Any, way: Way) -> Fault:
    choices = choices_of(kind)
    if choices and isinstance(data, str):
        return Fault(way, f"{dotted(way)}: {quote(data)} is none of its values.", f"{guess(data, choices)}{one_of(choices)}")
    wanted = f"one of {', '.join(choices)}" if choices else form(kind)
    return Fault(way, f"{dotted(way)}: {wanted} is expected, not {met(data)}.")


def choices_of(kind: Any) -> tuple[str, ...]:
    """The named choices of a type; none where it is of another kind."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if get_origin(kind) in (dict, tuple):
        return ()
    return tuple(choice for part in get_args(kind) if part is not type(None) for choice in choices_of(part))


def form(kind: Any) -> str:
    """What a type takes, in words."""
    if get_origin(kind) in (dict, tuple):
        return WORDS[dict if get_origin(kind) is dict else list]
    if isinstance(kind, type) and issubclass(kind, Struct):
        return WORDS[dict]
    number = whole_number(type_info(kind))
    return f"a whole number from {number.ge} to {number.le}" if number else WORDS[kind]


def whole_number(told: Type) -> IntType | None:
    """The whole number that a type is, or may be."""
    if isinstance(told, UnionType):
        return next((part for part in map(whole_number, told.types) if part), None)
    return told if isinstance(told, IntType) else None


def met(data: Any) -> str:
    return str(data) if type(data) is int and abs(data) < 10**18 else WORDS.get(type(data), "a date or a time")


def dotted(way: Way) -> str:
    """`evidence.formats[1]`, as people write it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in way).removeprefix(".")


def within(way: Way) -> str:
    return f" in {dotted(way)}" if way else ""


def one_of(known: Any) -> str:
    return f"One of: {', '.join(known)}."
