"""A JMESPath expression on an answer, bounded in length, depth, steps and size: a short one can grow without end."""

import json
from typing import Any

import jmespath
import msgspec
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from ..core.malformed import Malformed

MOST_CHARACTERS = 4096
MOST_DEPTH = 64
MOST_STEPS = 5_000_000
MOST_ITEMS = 1_000_000
MOST_TEXT = 1 << 26


class Unanswerable(Malformed):
    """The expression is well formed, but cannot be answered on this data."""


class Bounded(TreeInterpreter):  # type: ignore[misc]
    """The interpreter, counting its steps and weighing what it made."""

    steps = 0

    def visit(self, node: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        self.steps += 1
        made = super().visit(node, *args, **kwargs)
        most = MOST_TEXT if isinstance(made, str) else MOST_ITEMS
        if self.steps > MOST_STEPS or (isinstance(made, (str, list, dict)) and len(made) > most):
            raise too_large()
        if node["type"].startswith("multi_select"):
            # The only nodes that put the same part in twice: each after the other would double what is small in memory and endless once written.
            weigh(made)
        return made


def compile(text: str) -> dict[str, Any]:
    """Read an expression; `Malformed` where it is none, or out of bounds."""
    if len(text) > MOST_CHARACTERS:
        raise Malformed("query", f"--query has {len(text):,} characters; an expression has at most {MOST_CHARACTERS:,}.")
    try:
        tree: dict[str, Any] = jmespath.compile(text).parsed
    except RecursionError:
        raise too_deep() from None
    except (JMESPathError, ValueError) as fault:
        raise Malformed("query", f"--query is not JMESPath: {' '.join(str(fault).split())[:200]}") from None
    if depth(tree) > MOST_DEPTH:
        raise too_deep()
    return tree


def too_deep() -> Malformed:
    return Malformed("query", f"--query is nested too deep: at most {MOST_DEPTH} steps into each other.")


def depth(tree: dict[str, Any]) -> int:
    """How deep an expression is nested, counted without recursion."""
    level, deepest = [tree], 0
    while level:
        deepest += 1
        if deepest > MOST_DEPTH:
            break
        level = [child for node in level for child in node.get("children", ()) if isinstance(child, dict)]
    return deepest


def found(tree: dict[str, Any], data: bytes) -> bytes:
    """What the expression finds in a JSON text, as JSON; `Unanswerable` where it cannot be asked of it."""
    try:
        part = Bounded().visit(tree, msgspec.json.decode(data))
        weigh(part)
        return json.dumps(part, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except Unanswerable:
        raise
    except (JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
        raise Unanswerable("query", f"--query: {' '.join(str(fault).split())[:200]}") from None


def weigh(part: Any) -> None:
    """Refuse what is too large once written."""
    waiting, items, characters = [part], 0, 0
    while waiting:
        part = waiting.pop()
        items += 1
        characters += len(part) if isinstance(part, str) else 0
        if items > MOST_ITEMS or characters > MOST_TEXT:
            raise too_large()
        if isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def too_large() -> Unanswerable:
    return Unanswerable("query", "--query: its result is too large.")
