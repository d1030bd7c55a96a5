"""Failures as a workflow on GitHub shows them, beside the lines for people: one annotation each, on standard error. Nothing elsewhere."""

import os

from .. import answers as a


def annotation(error: a.Error, words: str | None, file: str | None = None, line: int | None = None) -> str:
    """`::error title=dispute open [D7]::…`, one line, where a workflow runs; `file` and `line`: where a batch's line stands."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return ""
    title = " ".join(["dispute", *filter(None, [words, error.rule and f"[{error.rule}]"])])
    return line_of(file, line, None, title, " ".join(fault.message for fault in error.faults or ()) or error.message)


def of_tests(tested: a.Tested) -> str:
    """One annotation for each expectation that failed, and for each wrong file, at its place."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return ""
    lines = [
        line_of(failure.file, failure.line, failure.column, test.title, f"{failure.message}\nexpected: {failure.expected}\nfound: {failure.found}")
        for test in tested.tests
        for failure in test.failures
    ]
    lines += [line_of(file.file, file.line, file.column, "dispute test", file.message) for file in tested.files]
    return "".join(lines)


def line_of(file: str | None, line: int | None, column: int | None, title: str, message: str) -> str:
    places = {"file": file, "line": line, "col": column, "title": title}
    properties = ",".join(f"{name}={escaped(str(value), ':,')}" for name, value in places.items() if value is not None)
    return f"::error {properties}::{escaped(message)}\n"


def escaped(text: str, more: str = "") -> str:
    """What ends a workflow command or one of its properties, as percent escapes."""
    return "".join(f"%{ord(char):02X}" if char in "%\r\n" + more else char for char in text)
