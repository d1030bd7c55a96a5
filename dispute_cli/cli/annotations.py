"""Failures as a workflow on GitHub shows them, beside the lines for people: one annotation each, on standard error. Nothing elsewhere."""

import os

from .. import answers as a


def annotation(error: a.Error, words: str | None, file: str | None = None, line: int | None = None) -> str:
    """`::error title=dispute open [D7]::…`, one line, where a workflow runs; `file` and `line`: where a batch's line stands."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return ""
    title = " ".join(["dispute", *filter(None, [words, error.rule and f"[{error.rule}]"])])
    places = {"file": file, "line": line, "title": title}
    properties = ",".join(f"{name}={escaped(str(value), ':,')}" for name, value in places.items() if value is not None)
    message = " ".join(fault.message for fault in error.faults or ()) or error.message
    return f"::error {properties}::{escaped(message)}\n"


def escaped(text: str, more: str = "") -> str:
    """What ends a workflow command or one of its properties, as percent escapes."""
    return "".join(f"%{ord(char):02X}" if char in "%\r\n" + more else char for char in text)
