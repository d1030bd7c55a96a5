"""A JMESPath expression on JSON, bounded in length, depth, steps and size: a short one can grow without end. What is asked is the caller's."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jmespath
import msgspec
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter

from .core.malformed import Malformed, guess, quote

MOST_CHARACTERS = 4096
MOST_DEPTH = 64
MOST_STEPS = 5_000_000
MOST_ITEMS = 1_000_000
MOST_TEXT = 1 << 26
SAID = re.compile(r"^(?:Invalid|Bad) jmespath expression: |(?:, for expression)?:?$", re.IGNORECASE)
"""Of jmespath's complaints what is told already, or comes after."""


class TooLarge(Exception):
    """A result out of bounds."""


class Unanswerable(Malformed):
    """The expression is well formed, but cannot be answered on this data."""


class Bounded(TreeInterpreter):  # type: ignore[misc]  # jmespath has no types
    """The interpreter, counting its steps and weighing what it made."""

    steps = 0

    def visit(self, node: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        self.steps += 1
        made = super().visit(node, *args, **kwargs)
        most = MOST_TEXT if isinstance(made, str) else MOST_ITEMS
        if self.steps > MOST_STEPS or (isinstance(made, (str, list, dict)) and len(made) > most):
            raise TooLarge
        if node["type"].startswith("multi_select"):
            # The only nodes that put the same part in twice: each after the other would double what is small in memory and endless once written.
            weigh(made)
        return made


class Expression:
    """An expression that was read. `option` is the one that gave it, for whoever must be told what is wrong; None: no option did."""

    def __init__(self, text: str, option: str | None = "query") -> None:
        """Read an expression; `Malformed` where it is none, or out of bounds."""
        self.option = option
        if len(text) > MOST_CHARACTERS:
            raise self.malformed(f" has {len(text):,} characters; an expression has at most {MOST_CHARACTERS:,}.")
        try:
            self.tree: dict[str, Any] = jmespath.compile(text).parsed
        except RecursionError:
            raise self.too_deep() from None
        except (JMESPathError, ValueError) as fault:
            raise self.malformed(f" is not JMESPath: {bare(fault)[:200]}") from None
        if depth(self.tree) > MOST_DEPTH:
            raise self.too_deep()
        for call in nodes(self.tree, "function_expression"):
            self.check_call(call["value"], len(call["children"]))

    @classmethod
    def of(cls, tree: dict[str, Any], option: str | None) -> "Expression":
        """A part of an expression that was read."""
        part = cls.__new__(cls)
        part.tree, part.option = tree, option
        return part

    def check_call(self, name: str, count: int) -> None:
        """Raise `Malformed` for a function that JMESPath does not have, or not with so many arguments."""
        known = Functions.FUNCTION_TABLE.get(name)
        if known is None:
            raise self.malformed(f": JMESPath has no function {quote(name)}. {guess(name, Functions.FUNCTION_TABLE)}".rstrip())
        takes = known["signature"]
        if count < len(takes) or (count > len(takes) and not takes[-1].get("variadic")):
            raise self.malformed(f": {name}() takes {len(takes)} argument{'s' if len(takes) != 1 else ''}.")

    def malformed(self, why: str) -> Malformed:
        return Malformed(self.option, self.subject + why)

    @property
    def subject(self) -> str:
        return "the expression" if self.option is None else f"--{self.option}"

    def too_deep(self) -> Malformed:
        return self.malformed(f" is nested too deep: at most {MOST_DEPTH} steps into each other.")

    def find(self, data: bytes) -> Any:
        """What it finds in a JSON text; `Unanswerable` where it cannot be asked of it."""
        try:
            part = Bounded().visit(self.tree, msgspec.json.decode(data))
            weigh(part)
        except TooLarge:
            raise Unanswerable(self.option, f"{self.subject}: its result is too large.") from None
        except (JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
            raise Unanswerable(self.option, f"{self.subject}: {' '.join(str(fault).split())[:200]}") from None
        return part

    def holds(self, data: bytes) -> bool:
        """Whether what it finds is true as JMESPath has it: not null, not false, not empty."""
        part = self.find(data)
        return part is not None and part is not False and part not in ("", [], {})


def bare(fault: Exception) -> str:
    """What jmespath complains about, on one line; not the expression once more with a caret below it, which needs two."""
    return SAID.sub("", str(fault).partition("\n")[0])


def nodes(tree: dict[str, Any], type: str) -> Iterator[dict[str, Any]]:
    """Every part of an expression of one type."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node["type"] == type:
            yield node
        waiting += [child for child in node.get("children", ()) if isinstance(child, dict)]


def depth(tree: dict[str, Any]) -> int:
    """How deep an expression is nested, counted without recursion."""
    level, deepest = [tree], 0
    while level:
        deepest += 1
        if deepest > MOST_DEPTH:
            break
        level = [child for node in level for child in node.get("children", ()) if isinstance(child, dict)]
    return deepest


def as_json(part: Any) -> bytes:
    """A found part as JSON."""
    try:
        return json.dumps(part, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as fault:
        raise Unanswerable("query", f"--query: {fault}") from None


def weigh(part: Any) -> None:
    """Refuse what is too large once written."""
    waiting, items, characters = [part], 0, 0
    while waiting:
        part = waiting.pop()
        items += 1
        characters += len(part) if isinstance(part, str) else 0
        if items > MOST_ITEMS or characters > MOST_TEXT:
            raise TooLarge
        if isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
