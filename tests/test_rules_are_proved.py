"""Every rule of the book is proved by some test, and no test names a rule that the book does not have: a scan of the tests' source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispute_cli.core.rules import BOOK, RuleRow

TESTS = Path(__file__).parent


def named() -> Iterator[tuple[str, str]]:
    """Every id that a `rule(…)` names, with where it stands."""
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.lower().startswith("test"):
                yield from ((id, f"{path.relative_to(TESTS)}::{node.name}") for mark in ast.walk(node) for id in ids(mark))


def ids(node: ast.AST) -> list[str]:
    """The ids of a mark: `rule("D7", "D9")`, as a decorator or as the mark of one case."""
    if not isinstance(node, ast.Call) or (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) != "rule":
        return []
    return [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


NAMED = list(named())
PROVED = {id for id, _ in NAMED}


@pytest.mark.parametrize("row", BOOK.values(), ids=list(BOOK))
def test_a_rule_is_proved(row: RuleRow) -> None:
    assert row.id in PROVED, f"no test carries @rule({row.id!r}), which {row.kind}: {row.sentence}"


def test_no_test_names_a_rule_that_the_book_does_not_have() -> None:
    assert [(id, test) for id, test in NAMED if id not in BOOK] == []


def test_the_scan_sees_the_tests() -> None:
    assert ("D7", "rules/test_opening.py::test_not_received_goods_cannot_be_returned") in NAMED
    assert len(NAMED) > 500
