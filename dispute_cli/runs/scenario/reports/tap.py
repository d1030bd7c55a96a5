"""A run as TAP 14: a line for each test and each wrong file, with a YAML block below those that are not ok."""

import json
from collections.abc import Iterator
from itertools import count

from .... import answers as a
from . import story


def report(tested: a.Tested) -> bytes:
    return "".join(f"{line}\n" for line in lines(tested)).encode()


def lines(tested: a.Tested) -> Iterator[str]:
    yield "TAP version 14"
    yield f"1..{len(tested.tests) + len(tested.files)}"
    numbers = count(1)
    for file, tests in story.files(tested.tests):
        yield f"# {file}"
        for test in tests:
            yield from of_test(next(numbers), test)
    for wrong in tested.files:
        yield f"not ok {next(numbers)} - {escaped(story.plain(wrong.file))}"
        yield from block({"message": wrong.message, "severity": "error", "at": wrong.place, "detail": story.wrong(wrong)})


def of_test(number: int, test: a.Test) -> Iterator[str]:
    if not test.failures:
        yield f"ok {number} - {escaped(story.title(test))}" + (" # SKIP listed, not run" if test.outcome == "listed" else "")
        return
    first = test.failures[0]
    yield f"not ok {number} - {escaped(story.title(test))}"
    yield from block({
        "message": first.message, "severity": "fail", "at": story.where(first), "step": story.step(first),
        "expected": first.expected, "found": first.found, "detail": story.told(test),
    })  # fmt: skip


def escaped(text: str) -> str:
    """A title in which nothing begins a directive."""
    return text.replace("\\", "\\\\").replace("#", "\\#")


def block(told: dict[str, str | list[str]]) -> Iterator[str]:
    """The YAML below a test; every text is quoted."""
    yield "  ---"
    for name, value in told.items():
        if isinstance(value, str):
            yield f"  {name}: {quoted(value)}"
        else:
            yield f"  {name}:"
            yield from (f"    - {quoted(line)}" for line in value)
    yield "  ..."


def quoted(text: str) -> str:
    return json.dumps(story.plain(text), ensure_ascii=False)
