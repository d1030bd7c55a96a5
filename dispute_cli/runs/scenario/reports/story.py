"""A test that failed, told in lines of plain text for the reports; what cannot be seen, or may not stand in a report, is an escape."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from .... import answers as a
from ....core.links import UNSEEN
from ..timeline import timeline

PROGRAM = "dispute test"


def files(tests: Iterable[a.Test]) -> Iterator[tuple[str, list[a.Test]]]:
    """The tests of each file, in their order."""
    for file, group in groupby(tests, lambda test: test.file):
        yield plain(file), list(group)


def title(test: a.Test) -> str:
    return plain(test.title)


def where(failure: a.Unmet) -> str:
    return plain(f"{failure.file}:{failure.line}:{failure.column}")


def step(failure: a.Unmet) -> str:
    return plain(f"step {failure.step}" + (f" ({failure.name})" if failure.name else ""))


def told(test: a.Test) -> list[str]:
    """Each expectation that does not hold, what happened up to there, and how to see it again."""
    lines = [line for failure in test.failures for line in unmet(failure)]
    happened = events(test)
    lines += ["", "what happened:", *(f"  {line}" for line in happened)] if happened else []
    return [*lines, *(["", f"again: {plain(test.reproduce)}"] if test.reproduce else [])]


def unmet(failure: a.Unmet) -> Iterator[str]:
    yield f"{where(failure)}: {step(failure)}: {plain(failure.message)}"
    yield from map(plain, failure.excerpt)
    yield f"  expected  {plain(failure.expected)}"
    yield f"  found     {plain(failure.found)}"
    if failure.left:
        yield f"  not rewritten: {failure.left}"


def events(test: a.Test) -> list[str]:
    return [plain(line) for line in timeline(test.events, test.start)]


def wrong(file: a.WrongFile) -> list[str]:
    """A file that is wrong: where, and what."""
    lines = [f"{plain(file.place)}: {plain(file.message)}", *map(plain, file.excerpt)]
    return [*lines, f"hint: {plain(file.hint)}"] if file.hint else lines


def plain(text: str) -> str:
    """One line of text that XML, TAP and HTML may hold."""
    return text if text.isascii() and text.isprintable() else "".join(map(shown, text))


def shown(char: str) -> str:
    return char if char.isprintable() and char not in UNSEEN else char.encode("unicode_escape").decode("ascii")
