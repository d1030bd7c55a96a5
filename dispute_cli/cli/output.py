"""The two streams: every byte on its way out, whatever the stream can hold; colour or none. What is said is not known here."""

import errno
import os
import sys
from collections.abc import Iterable
from itertools import islice
from typing import Any, TextIO

from .options import Colour


class Untold(Exception):
    """The answer is there, but it could not be told; the text says why."""

    def __init__(self, message: str, now: Any = None) -> None:
        super().__init__(message)
        self.now = now
        """The store's clock, where it is known."""


def refused(fault: OSError) -> Untold:
    return Untold(f"the answer could not be written to standard output: {fault.strerror or fault}.")


AT_ONCE = 500
"""Lines written together."""
CLOSED = OSError(errno.EBADF, "it is closed")


def require_output() -> None:
    """Refuse to begin where nobody could be told."""
    if sys.stdout is None:
        raise refused(CLOSED)


def say(text: str) -> None:
    """Write text to standard output, all of it, now."""
    _put(sys.stdout, text.encode(_encoding(sys.stdout), "backslashreplace"))


def say_json(data: bytes) -> None:
    """Write one JSON value and a newline; what the stream cannot hold is escaped."""
    _put(sys.stdout, _fit(data) + b"\n")


def say_json_lines(values: Iterable[bytes]) -> None:
    """Write JSON values, a line each, some hundred with one call."""
    rest = iter(values)
    while some := [_fit(data) + b"\n" for data in islice(rest, AT_ONCE)]:
        _put(sys.stdout, b"".join(some))


def say_json_in_parts(parts: Iterable[bytes]) -> None:
    """Write one JSON value as its parts come, and a newline."""
    for part in parts:
        _put(sys.stdout, _fit(part))
    _put(sys.stdout, b"\n")


def _fit(data: bytes) -> bytes:
    """JSON as the stream can hold it."""
    if data.isascii() and b"\x7f" not in data:
        return data
    from .visible import safe_json

    utf8 = _encoding(sys.stdout).lower().replace("-", "").replace("_", "") == "utf8"
    return safe_json(data.decode(), ascii=not utf8).encode()


def say_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are."""
    _put(sys.stdout, data)


def complain(text: str) -> None:
    """Write to standard error; where that is gone there is nobody left to tell."""
    try:
        _put(sys.stderr, text.encode(_encoding(sys.stderr), "backslashreplace"))
    except Untold:
        return


def _encoding(stream: TextIO | None) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _put(stream: TextIO | None, data: bytes) -> None:
    if stream is None:
        raise refused(CLOSED)
    try:
        stream.flush()
        binary = getattr(stream, "buffer", None)
        if binary is None:
            stream.write(data.decode(_encoding(stream)))
        else:
            _put_all(binary, memoryview(data))
        stream.flush()
    except OSError as fault:
        raise refused(fault) from fault
    except ValueError as fault:
        raise refused(CLOSED) from fault


def _put_all(binary: Any, rest: memoryview) -> None:
    """Past the stream's buffer: what a full disk refused must not wait there for the end of the process."""
    raw = getattr(binary, "raw", binary)
    while rest:
        written = raw.write(rest)
        if written is None:
            _wait_for(raw.fileno())
        else:
            rest = rest[written:]


def _wait_for(descriptor: int) -> None:
    import select

    select.select([], [descriptor], [])


def on_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def fancy(stream: TextIO | None) -> bool:
    """Whether bars, rules and marks can be shown as they are meant, or in ASCII."""
    if os.environ.get("TERM") == "dumb":
        return False
    try:
        "█▓▒░─".encode(_encoding(stream))
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def under_ci() -> bool:
    """Whether a machine runs us, and nobody looks."""
    from .forms import FALSE

    return os.environ.get("CI", "").lower() not in ("", *FALSE)


def coloured(choice: Colour, stream: TextIO | None) -> bool:
    """Whether to use colour: the option, then NO_COLOR, FORCE_COLOR, and whether a terminal that knows colours is there."""
    if choice is not Colour.AUTO:
        return choice is Colour.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return on_terminal(stream) and os.environ.get("TERM") != "dumb"
