"""Which tests a mutant is shown to, and in which turn: those that ran its line, who killed a neighbour first, then the most specific."""

from tests.mutants.changes import Mutant
from tests.mutants.record import Record

ALL = {"one": 0.1, "two": 0.01, "many": 0.01, "long": 9.0}
RAN = {"a.py": {1: ["many", "one"], 2: ["long", "many", "one", "two"], **{line: ["many"] for line in range(3, 40)}}}


def record() -> Record:
    return Record(seconds=ALL, ran=RAN, imported={"a.py": {3}})


def mutant(line: int, at_import: bool = False) -> Mutant:
    return Mutant("a.py", line, range(line, line + 1), "0", "1", at_import, lambda there: None)


def test_only_tests_that_ran_the_line_are_asked_the_most_specific_first() -> None:
    assert record().noticing(mutant(1), 99) == ["one", "many"]
    assert record().noticing(mutant(2), 99) == ["two", "long", "one", "many"]


def test_what_is_too_long_for_the_budget_is_passed_over_and_the_rest_is_asked() -> None:
    assert record().noticing(mutant(2), 1) == ["two", "one", "many"]


def test_every_test_may_notice_what_runs_at_import() -> None:
    assert {*record().noticing(mutant(3, at_import=True), 99)} == {*ALL}
    assert [record().at_import(mutant(line)) for line in (2, 3)] == [False, True]


def test_who_killed_a_neighbour_is_asked_first_if_it_is_quick_and_ran_the_line() -> None:
    learned = record()
    for killer in ("many", "long", "two", "a test that is not there"):
        learned.learn(mutant(2), killer)
    assert learned.noticing(mutant(1), 99) == ["many", "one"]
