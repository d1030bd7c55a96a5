"""The fields that an expression asks of ORDER: one that ORDER never has is a slip of the pen. What they hold is not looked at here."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import fields

from ...answers import Order

Node = dict[str, Any]

EACH = ("comparator", "and_expression", "or_expression", "not_expression", "function_expression")
"""What is made of parts that are all asked of the same."""
LEFT = ("pipe", "index_expression", "projection", "filter_projection", "value_projection", "flatten")
"""Where only the first part is: the rest is asked of what it finds."""

NULL = "null"
"""No field has this name, so that it finds null: who writes it means just that."""


class Slip(NamedTuple):
    """A field that is not there."""

    name: str
    known: tuple[str, ...]
    compared: bool
    """It stands right of a comparison: likely a value that lacks its quotes."""


def slips(tree: Node) -> Iterator[Slip]:
    """The unknown fields of an expression on ORDER."""
    yield from asked(tree, Order)


def asked(node: Node, of: type[Struct], compared: bool = False) -> Iterator[Slip]:
    """Those of a part that is asked of such a struct; a type of part that is not known here is not judged."""
    parts = node["children"]
    if node["type"] == "field" and node["value"] not in (*known(of), NULL):
        yield Slip(node["value"], tuple(known(of)), compared)
    elif node["type"] == "subexpression":
        yield from stepwise(parts, of)
    elif node["type"] in EACH:
        for index, part in enumerate(parts):
            yield from asked(part, of, node["type"] == "comparator" and index == 1)
    elif node["type"] in LEFT:
        yield from asked(parts[0], of)


def stepwise(parts: list[Node], of: type[Struct]) -> Iterator[Slip]:
    """Each step of a path is asked of what the one before it finds, as far as that is known."""
    kind: type[Struct] | None = of
    for part in parts:
        if kind is None:
            return
        yield from asked(part, kind)
        kind = known(kind).get(part["value"]) if part["type"] == "field" else None


@cache
def known(kind: type[Struct]) -> dict[str, type[Struct] | None]:
    """A struct's fields, each with the struct that it is; None for anything else."""
    hints = get_type_hints(kind)
    return {field.encode_name: struct_in(hints[field.name]) for field in fields(kind)}


def struct_in(hint: Any) -> type[Struct] | None:
    found = [one for one in (get_args(hint) or (hint,)) if isinstance(one, type) and issubclass(one, Struct)]
    return found[0] if len(found) == 1 and getattr(hint, "__origin__", None) is not tuple else None
