"""A run as one JSON object: the answer itself, as `dispute test --json` prints it."""

from typing import Any

import msgspec

from .... import answers as a


def report(tested: a.Tested) -> bytes:
    try:
        return msgspec.json.encode(tested) + b"\n"
    except UnicodeEncodeError:
        return msgspec.json.encode(as_text(msgspec.to_builtins(tested))) + b"\n"


def as_text(part: Any) -> Any:
    """The same with every text one that can be encoded: a path may be of bytes that are no text."""
    if isinstance(part, dict):
        return {name: as_text(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [as_text(value) for value in part]
    return part.encode("utf-8", "backslashreplace").decode() if isinstance(part, str) else part
