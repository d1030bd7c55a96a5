"""How a scenario file is written: plain data as YAML that reads back as the same texts, on one line where it fits. What the parts mean is not known here."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ...core.links import UNSEEN

WIDTH = 120
"""Columns of a mapping or a list that stands on one line."""
PLAIN = re.compile(r"-?[\w./+(](?:[^,\[\]{}#:\"&]|:(?=[\w/]))*")
"""What needs no quotes even between braces."""
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

Data = str | Sequence["Data"] | dict[str, Any]


def scalar(text: str) -> str:
    """A text as YAML reads it back, within braces too: bare, or in quotes with everything that cannot be seen escaped."""
    return text if PLAIN.fullmatch(text) and is_seen(text) and not text.endswith(" ") else quoted(text)


def is_seen(text: str) -> bool:
    """Whether every character can be seen: then it steers no terminal, and YAML takes it as it is."""
    return text.isprintable() and UNSEEN.isdisjoint(text)


def quoted(text: str) -> str:
    """A text in quotes, as YAML and TOML alike have it."""
    return '"' + "".join(map(escaped, text)) + '"'


def escaped(char: str) -> str:
    if char in ESCAPES:
        return ESCAPES[char]
    if is_seen(char):
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def flow(data: Data) -> str:
    """Data on one line."""
    if isinstance(data, str):
        return scalar(data)
    if isinstance(data, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(value)}" for key, value in data.items()) + "}"
    return "[" + ", ".join(map(flow, data)) + "]"


def mapping(data: dict[str, Any], indent: str = "") -> Iterator[str]:
    """A mapping over several lines, each part on one line where it fits."""
    for key, value in data.items():
        yield from part(f"{indent}{scalar(key)}:", value, indent + "  ")


def part(before: str, data: Data, indent: str) -> Iterator[str]:
    """What stands after a key: on its line, or below it."""
    if isinstance(data, str):
        yield from literal(before, data, indent) if is_prose(data) else [f"{before} {scalar(data)}"]
    elif fits(before, data):
        yield f"{before} {flow(data)}"
    elif isinstance(data, dict):
        yield before
        yield from mapping(data, indent)
    else:
        yield before
        for one in data:
            yield from item(one, indent)


def item(data: Data, indent: str, in_line: bool = True) -> Iterator[str]:
    """One of a list: on its line, or a mapping over several."""
    if not isinstance(data, dict) or (in_line and fits(f"{indent}- ", data)):
        yield f"{indent}- {flow(data)}"
        return
    first, *rest = mapping(data, indent + "  ")
    yield f"{indent}- {first.removeprefix(indent + '  ')}"
    yield from rest


def fits(before: str, data: Data) -> bool:
    """Whether it can stand on one line: short, and without a text that has lines of its own."""
    return not any(map(is_prose, texts(data))) and len(before) + 1 + len(flow(data)) <= WIDTH


def texts(data: Data) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    else:
        for one in data.values() if isinstance(data, dict) else data:
            yield from texts(one)


def is_prose(text: str) -> bool:
    """Whether a text can be shown as its lines: several, all of them visible, the first one neither blank nor indented."""
    lines = text.removesuffix("\n").split("\n")
    return "\n" in text and lines[0][:1] not in ("", " ") and lines[-1].strip() != "" and all(map(is_seen, lines))


def literal(before: str, text: str, indent: str) -> Iterator[str]:
    yield f"{before} |" if text.endswith("\n") else f"{before} |-"
    yield from (f"{indent}{line}" if line else "" for line in text.removesuffix("\n").split("\n"))
