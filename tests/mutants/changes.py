"""The small wrongs that are planted: each operator makes other versions of one node of a module's tree. Nothing is compiled or run here."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
}  # fmt: skip
OPPOSITE = {"min": "max", "max": "min"}


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change: where it is, what it says before and after, and how it is put into the tree and taken out again."""

    file: str
    line: int
    lines: range
    """Those of its statement: a test that ran one of them may notice."""
    before: str
    after: str
    at_import: bool
    """It stands outside every function: only who imports the module anew meets it."""
    put: Callable[[bool], None]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.before}  →  {self.after}"


def mutants(file: str, tree: ast.Module) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its text."""
    found = [mutant for place in places(tree, None, None) for mutant in at(file, place)]
    yield from sorted(found, key=lambda mutant: (mutant.line, mutant.before, mutant.after))


@dataclass(frozen=True)
class Place:
    """A node, the field of its parent that it stands in, the statement and the function around it."""

    node: ast.expr | ast.stmt
    holder: Any
    key: Any
    statement: ast.stmt
    function: Function | None


def places(parent: ast.AST, statement: ast.stmt | None, function: Function | None) -> Iterator[Place]:
    """The nodes below one that may be changed, with where they stand."""
    for field, value in ast.iter_fields(parent):
        inside = parent if isinstance(parent, Function) and field == "body" and function is None else function
        for holder, key, child in held(parent, field, value):
            if not isinstance(child, ast.AST) or passed_over(parent, field, child):
                continue
            around = child if isinstance(child, ast.stmt) else statement
            if isinstance(child, ast.expr | ast.stmt) and around:
                yield Place(child, holder, key, around, inside)
            yield from places(child, around, inside)


def held(parent: ast.AST, field: str, value: Any) -> list[tuple[Any, Any, Any]]:
    """A field's children, each with what holds it and under which key."""
    return [(value, at, child) for at, child in enumerate(value)] if isinstance(value, list) else [(parent.__dict__, field, value)]


def passed_over(parent: ast.AST, field: str, child: ast.AST) -> bool:
    """Types, texts of documentation, and how a class is made: what changes there is no behaviour, or the interpreter's."""
    return (
        field in ("annotation", "returns", "decorator_list", "format_spec")
        or (isinstance(parent, ast.ClassDef) and field in ("bases", "keywords"))
        or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))
    )


def at(file: str, place: Place) -> Iterator[Mutant]:
    for new in versions(place.node, place):
        ast.copy_location(new, place.node)
        ast.fix_missing_locations(new)
        yield Mutant(file, place.node.lineno, reach(place), shown(place.node), shown(new), place.function is None, putting(place, new))


def putting(place: Place, new: ast.AST) -> Callable[[bool], None]:
    def put(there: bool) -> None:
        place.holder[place.key] = new if there else place.node

    return put


def reach(place: Place) -> range:
    """The lines of its statement; inside the head of one with a body, its own."""
    around = place.node if hasattr(place.statement, "body") or hasattr(place.statement, "cases") else place.statement
    return range(around.lineno, (around.end_lineno or around.lineno) + 1)


def shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else text[:89] + "…"


# The operators


def versions(node: ast.AST, place: Place) -> Iterator[ast.expr | ast.stmt]:
    """What a node is changed into, each time by one operator."""
    match node:
        case ast.Compare():
            yield from compared(node)
        case ast.BoolOp(op=op):
            yield ast.BoolOp(turned(op), node.values)
        case ast.BinOp(op=op) if type(op) in OTHER:
            yield ast.BinOp(node.left, turned(op), node.right)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Call():
            yield from called(node)
        case ast.Return(value=ast.expr()) if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.Raise():
            yield ast.Pass()
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield ast.If(ast.Constant(False), [node], [])  # a generator it stays


def turned(op: ast.AST) -> Any:
    return OTHER[type(op)]()


def compared(node: ast.Compare) -> Iterator[ast.expr]:
    for at, op in enumerate(node.ops):
        yield ast.Compare(node.left, [*node.ops[:at], turned(op), *node.ops[at + 1 :]], node.comparators)
    sides = [node.left, *node.comparators]
    for at, side in enumerate(sides):
        if isinstance(side, ast.Constant) and isinstance(side.value, str):
            others = [*sides[:at], ast.Constant(side.value + "!"), *sides[at + 1 :]]
            yield ast.Compare(others[0], node.ops, others[1:])


def called(node: ast.Call) -> Iterator[ast.expr]:
    match node.func:
        case ast.Name(id="min" | "max" as name):
            yield ast.Call(ast.Name(OPPOSITE[name], ast.Load()), node.args, node.keywords)
        case ast.Name(id="sorted") | ast.Attribute(attr="sort"):
            yield ast.Call(node.func, node.args, backwards(node.keywords))
        case ast.Name(id="reversed"):
            yield node.args[0]
    for at, keyword in enumerate(node.keywords):
        if keyword.arg and keyword.arg != "reverse":
            yield ast.Call(node.func, node.args, [*node.keywords[:at], *node.keywords[at + 1 :]])


def backwards(keywords: list[ast.keyword]) -> list[ast.keyword]:
    kept = [keyword for keyword in keywords if keyword.arg != "reverse"]
    return kept if len(kept) < len(keywords) else [*kept, ast.keyword("reverse", ast.Constant(True))]
