"""The walls of the house, read off the imports: rules know nothing of disks and clocks, stores nothing of rules, only the terminal knows the terminal."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dispute_cli

ROOT = Path(dispute_cli.__file__).parent
MODULES = {file.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__"): file for file in sorted(ROOT.rglob("*.py"))}
"""Every module by its path below the package: `core/money`, `store`, `service`."""
TREES = {name: ast.parse(file.read_text()) for name, file in MODULES.items()}

UNFIT_FOR_RULES = {"os", "pathlib", "random", "time", "io", "socket", "subprocess", "shutil", "tempfile", "threading", "sqlite3", "locale", "secrets", "uuid"}
"""Of the standard library: what reaches out of the process, or is not the same twice."""

STATUS_IS_READ_IN = {"reading", "session", "views", "diagrams"}
"""Outside core: the lines that are not closed, the list's filter and its order, an escrow that must be empty, a label."""


def imported(name: str) -> Iterator[str]:
    """What a module imports, wherever in it: `msgspec`, or below the package `/core/money`."""
    package = name.split("/") if MODULES[name].name == "__init__.py" and name != "__init__" else name.split("/")[:-1]
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] + (node.module or "").split(".") if node.module else package[: len(package) - node.level + 1]
            targets = ["/".join([*base, alias.name]) for alias in node.names]
            yield from ("/" + (target if target in MODULES else "/".join(base)) for target in targets)


def of(*chapters: str) -> list[str]:
    """The modules of some packages, or modules by their own name."""
    return [name for name in MODULES if name in chapters or name.split("/")[0] in chapters]


def inside(name: str) -> set[str]:
    """The modules of our own that a module imports."""
    return {target[1:] for target in imported(name) if target.startswith("/")}


def outside(name: str) -> set[str]:
    """The libraries that a module imports, by their first name."""
    return {target.partition(".")[0] for target in imported(name) if not target.startswith("/")}


def chapter(name: str) -> str:
    return name.split("/", maxsplit=1)[0]


def test_the_imports_of_every_module_are_understood() -> None:
    assert "core/money" in inside("core/decide/orders") and "core/events" in inside("store") and "store" in inside("store/memory")
    assert "msgspec" in outside("session")
    for name in MODULES:
        assert inside(name) <= set(MODULES) | {"__init__", ""}, name


@pytest.mark.parametrize("name", of("core"))
def test_core_imports_the_standard_library_and_msgspec_alone(name: str) -> None:
    assert outside(name) - {"msgspec"} <= sys.stdlib_module_names
    assert not outside(name) & UNFIT_FOR_RULES
    assert {chapter(target) for target in inside(name)} <= {"core"}


@pytest.mark.parametrize("name", of("core"))
def test_core_never_asks_what_time_it_is(name: str) -> None:
    calls = {node.attr for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute)}
    assert not calls & {"now", "utcnow", "today", "fromtimestamp"} or only_moments(name)


def only_moments(name: str) -> bool:
    """`moment.now` is a field; nothing else may be called now."""
    nows = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today", "fromtimestamp")]
    return all(node.attr == "now" and ast.unparse(node.value) in ("moment", "self", "state") for node in nows)


@pytest.mark.parametrize("name", of("store"))
def test_a_store_knows_events_and_bytes_and_no_rule(name: str) -> None:
    assert inside(name) <= {"core/events", "core/words", *of("store"), "regular"}


@pytest.mark.parametrize("name", of("session", "reading", "views", "keeping", "replaying", "streaming", "answers", "questions", "service", "keys", "ticking", "recorded", "sharing", "steps", "book", "turns", "moves", "forecasting", "diagrams", "retelling", "sentences", "shelf"))
def test_the_use_cases_know_core_store_and_policies_and_nothing_outside(name: str) -> None:
    known = {"core", "store", "policies", "session", "shelf", "reading", "views", "keeping", "replaying", "streaming", "sorting", "answers", "questions", "keys", "ticking", "recorded", "sharing", "steps", "explained", "proofs", "turns", "moves", "forecasting", "diagrams", "enclosing", "query"}
    assert {chapter(target) for target in inside(name)} <= known
    assert outside(name) - {"msgspec"} <= sys.stdlib_module_names - UNFIT_FOR_RULES


def test_what_sorts_rows_on_disk_knows_nothing_of_ours() -> None:
    assert inside("sorting") == set() and outside("sorting") - {"msgspec"} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", of("session", "reading", "views", "keeping", "replaying", "streaming", "service", "keys", "ticking", "recorded", "sharing", "runs"))
def test_the_use_cases_know_the_protocol_of_a_store_and_no_store(name: str) -> None:
    assert {target for target in inside(name) if chapter(target) == "store"} <= {"store", *(("store/memory",) if chapter(name) == "runs" else ())}


@pytest.mark.parametrize("name", of("answers", "views", "questions", "moves"))
def test_shapes_and_questions_know_core_alone(name: str) -> None:
    known = {"core", "answers", chapter(name), *(("query",) if chapter(name) == "questions" else ())}
    assert {chapter(target) for target in inside(name)} <= known


@pytest.mark.parametrize("name", of("runs"))
def test_runs_know_the_service_and_no_terminal(name: str) -> None:
    assert not [target for target in inside(name) if chapter(target) == "cli" or target.startswith("core/decide") or target == "core/evolve"]


@pytest.mark.parametrize("name", [name for name in MODULES if chapter(name) not in ("cli", "__main__")])
def test_only_the_terminal_knows_the_terminal(name: str) -> None:
    assert not outside(name) & {"typer", "rich", "click", "pendulum", *(("jmespath",) if name != "query" else ())}
    assert not [target for target in inside(name) if chapter(target) == "cli"]


def test_of_the_terminal_only_drawing_and_progress_know_rich() -> None:
    assert {name for name in MODULES if "rich" in outside(name)} == {"cli/drawing", "cli/progress"}


@pytest.mark.parametrize("name", [name for name in MODULES if chapter(name) != "store"])
def test_only_the_store_knows_its_database(name: str) -> None:
    assert not outside(name) & {"tinydb", "sqlite3", "fcntl", "filelock", "psycopg"}


@pytest.mark.parametrize("name", of("cli"))
def test_the_terminal_decides_nothing_and_appends_nothing(name: str) -> None:
    assert not [target for target in inside(name) if target.startswith("core/decide") or target in ("core/evolve", "session")]
    called = {node.func.attr for node in ast.walk(TREES[name]) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    assert not called & {"decide", "evolve", "replay", "flush_as_one"}
    assert not [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Call) and is_desk_append(node)]


def is_desk_append(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "keep") and ast.unparse(call.func.value).endswith(("desk", "store"))


def status_read(name: str) -> list[str]:
    """Where a module makes something depend on a status: comparisons, look-ups in a mapping, matches."""
    found = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Compare | ast.Subscript | ast.Match)]
    return [ast.unparse(node) for node in found if reads_status(node.subject if isinstance(node, ast.Match) else node)]


def reads_status(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "status" and isinstance(part.ctx, ast.Load) for part in ast.walk(node))


@pytest.mark.parametrize("name", [name for name in MODULES if chapter(name) not in ("core", "cli")])
def test_no_status_is_asked_for_outside_core_but_where_it_is_listed(name: str) -> None:
    assert name in STATUS_IS_READ_IN or not status_read(name)


@pytest.mark.parametrize("name", sorted(STATUS_IS_READ_IN))
def test_the_list_of_those_who_ask_for_a_status_is_not_longer_than_it_must_be(name: str) -> None:
    assert status_read(name)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_opens_with_what_lives_in_it(name: str) -> None:
    words = ast.get_docstring(TREES[name])
    assert words and words.splitlines()[0].rstrip().endswith((".", ":"))
