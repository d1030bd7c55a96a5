"""Scenarios that ran, for people: each failure so that no debugger is needed, each wrong file, and the count."""

from collections.abc import Iterator

from ... import answers as a
from ...runs.scenario.timeline import timeline
from .shape import EMPTY, Block, Ink, Line, Table

MOST_EVENTS = 40
"""Shown of a test that failed, the latest."""


def tested(answer: a.Tested) -> list[Block]:
    """What failed, what is wrong, then the count."""
    if any(test.outcome == "listed" for test in answer.tests):
        return [Table(("test", "tags", "steps", "place"), [(test.title, " ".join(test.tags), str(test.steps), f"{test.file}:{test.line}") for test in answer.tests])]
    blocks: list[Block] = []
    for test in answer.tests:
        if test.failures:
            blocks += [*failed(test), EMPTY]
    for file in answer.files:
        blocks += [*wrong(file), EMPTY]
    return [*blocks, count(answer)]


def failed(test: a.Test) -> Iterator[Block]:
    """A test's failures, the order's story up to there, and how to see it again."""
    first = test.failures[0]
    where = f"step {first.step}" + (f" ({first.name})" if first.name else "")
    yield Ink("failed", "red"), f"  {test.title}, {where}"
    for failure in test.failures:
        yield from unmet(failure)
    lines = timeline(test.events, test.start)
    if lines:
        yield ("  what happened:" if len(lines) <= MOST_EVENTS else f"  what happened (the last {MOST_EVENTS} of {len(lines)}):",)
    yield from ((f"    {line}",) for line in lines[-MOST_EVENTS:])
    if test.reproduce:
        yield "  again: ", Ink(test.reproduce, "cyan")


def unmet(failure: a.Unmet) -> Iterator[Line]:
    """An expectation: where it stands, what was expected, what was found."""
    yield Ink(f"{failure.file}:{failure.line}:{failure.column}", "bold"), f": {failure.message}"
    yield from ((line,) for line in failure.excerpt)
    yield "  expected  ", Ink(failure.expected, "green")
    yield "  found     ", Ink(failure.found, "red")
    if failure.left:
        yield (f"  not rewritten: {failure.left}",)


def wrong(file: a.WrongFile) -> Iterator[Line]:
    """A file that is wrong: where, and what."""
    yield Ink(file.place, "bold"), f": {file.message}"
    yield from ((line,) for line in file.excerpt)
    if file.hint:
        yield "  ", Ink("hint", "cyan"), f": {file.hint}"


def count(answer: a.Tested) -> Line:
    """`1,003 passed, 2 failed, 1 file is wrong`."""
    told: list[str | Ink] = [Ink(f"{answer.passed:,} passed", "green")]
    if answer.failed:
        told += [", ", Ink(f"{answer.failed:,} failed", "red")]
    if answer.wrong:
        told += [", ", Ink(f"{answer.wrong:,} file{'s are' if answer.wrong > 1 else ' is'} wrong", "red")]
    if answer.updated:
        told += [", ", Ink(f"{answer.updated:,} expectation{'s' if answer.updated > 1 else ''} rewritten", "yellow")]
    return tuple(told)
