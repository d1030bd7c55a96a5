"""Policies as files: one TOML for each marketplace. Reading and checking them; no rule and no figure stands here."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from ..core.malformed import guess
from ..core.policy import Policy
from ..place import Place, place_in

if TYPE_CHECKING:
    from .spots import Spot, Way

DEFAULT = "aliexpress"
FOLDER = os.path.dirname(__file__)
MOST_BYTES = 256 * 1024


class InvalidFile(Exception):
    """A given file is not what it should be: exit code 8."""

    def __init__(self, path: str, message: str, hint: str | None = None, place: Place | None = None) -> None:
        super().__init__(f"{place or path}: {message}")
        self.path = path
        self.message = str(self)
        self.hint = hint
        self.place = place


def names() -> tuple[str, ...]:
    """The shipped policies, by name."""
    return tuple(sorted(name.removesuffix(".toml") for name in os.listdir(FOLDER) if name.endswith(".toml")))


def load(name_or_path: str) -> Policy:
    """Return the policy of this name, or of the TOML file at this path; `InvalidFile` tells what is wrong with it."""
    return parse(name_or_path, bytes_of(name_or_path))


def text_of(name_or_path: str) -> str:
    """The text of a policy's file."""
    return bytes_of(name_or_path).decode()


def bytes_of(name_or_path: str) -> bytes:
    if name_or_path in names():
        return read(os.path.join(FOLDER, name_or_path + ".toml"), name_or_path)
    if os.sep not in name_or_path and not name_or_path.endswith(".toml"):
        raise InvalidFile(name_or_path, "no such policy.", unknown_hint(name_or_path))
    return read(name_or_path, name_or_path)


def unknown_hint(name: str) -> str:
    return f"{guess(name, names())}Shipped policies: {', '.join(names())}; a file is named by a path that ends in .toml."


def read(path: str, shown: str) -> bytes:
    """Read a small regular file, whatever else the path may be."""
    from ..regular import NotRegular, read_regular

    try:
        data = read_regular(path, MOST_BYTES + 1)
    except NotRegular as fault:
        raise InvalidFile(shown, f"{fault}.") from None
    if len(data) > MOST_BYTES:
        raise InvalidFile(shown, f"a policy file has at most {MOST_BYTES:,} bytes.")
    return data


def parse(path: str, data: bytes) -> Policy:
    """Return the policy that a TOML text is; keys and values are checked by their types."""
    try:
        return understood(path, decoded(path, data))
    except RecursionError:
        raise InvalidFile(path, "it is nested too deep.") from None


def decoded(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8", "strict")
    except UnicodeDecodeError as fault:
        before = data[: fault.start].decode("utf-8")
        raise at(path, f"{before}\ufffd", (len(before), len(before) + 1), "it is not UTF-8 text.") from None


def understood(path: str, text: str) -> Policy:
    table = tables(path, text)
    try:
        return check_sources(path, text, msgspec.convert(table, Policy), table)
    except msgspec.ValidationError as fault:
        raise misfit(path, text, table, str(fault)) from None


def tables(path: str, text: str) -> dict[str, Any]:
    """The text as plain data."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        told, _, where = str(fault).partition(" (at ")
        raise at(path, text, span_of(text, where), f"it is not TOML: {told}.") from None
    except ValueError:
        found = LONG.search(text)
        raise at(path, text, found.span() if found else (0, 1), "a number in it is too long.") from None


LINE_AND_COLUMN = re.compile(r"line (\d+), column (\d+)\)")
LONG = re.compile(r"[0-9a-fA-F_]{1000,}")


def span_of(text: str, where: str) -> tuple[int, int]:
    """The character that the reader of TOML stopped at; where it says none, the last one."""
    found = LINE_AND_COLUMN.match(where)
    if found is None:
        start = max(len(text.rstrip()) - 1, 0)
    else:
        start = sum(len(line) + 1 for line in text.split("\n")[: int(found[1]) - 1]) + int(found[2]) - 1
    return start, start + 1


def at(path: str, text: str, span: tuple[int, int], message: str, hint: str | None = None) -> InvalidFile:
    """The complaint about a part of a file's text."""
    return InvalidFile(path, message, hint, place_in(path, text, *span))


def misfit(path: str, text: str, table: dict[str, Any], told: str) -> InvalidFile:
    """The first thing in the file that does not fit its type; else what contradicts itself."""
    from .faults import Fault, faults
    from .spots import spots

    known = spots(text)
    found = list(faults(Policy, table)) or [Fault(contradicted(told), f"{told}.", of_key=True)]
    first, span = min(((fault, span_at(known, fault.way, fault.of_key)) for fault in found), key=lambda pair: (pair[0].absent, pair[1]))
    return at(path, text, span, first.message, first.hint)


def contradicted(told: str) -> tuple[str, ...]:
    """The figure that a contradiction names first."""
    return next((tuple(word.split(".")) for word in told.split() if "." in word.strip(".")), ("reasons",))


def span_at(known: "Mapping[Way, Spot]", way: "Way", of_key: bool) -> tuple[int, int]:
    """Where a value stands, or its key; where neither is written, the nearest around it."""
    while way and way not in known:
        way = way[:-1]
    spot = known.get(way)
    if spot is None:  # an empty file
        return 0, 1
    return spot.key if of_key or spot.value is None else spot.value


def check_sources(path: str, text: str, policy: Policy, table: dict[str, Any]) -> Policy:
    """Every figure and choice that a file gives says where it comes from."""
    missing = [key for key, _ in figures(table) if key not in policy.sources]
    if missing:
        from .spots import spots

        span = span_at(spots(text), tuple(missing[0].split(".")), of_key=True)
        raise at(path, text, span, f"[sources] does not say where '{missing[0]}' comes from.", 'Write "default" where it is your own choice.')
    return policy


def source_of(policy: Policy, key: str) -> str:
    """Where a figure comes from; a reason without a source of its own has that of all. What a file leaves to the rule book is its default."""
    return policy.sources.get(key) or policy.sources.get(key.partition(".")[0]) or "default"


def figures(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each figure and choice of a policy's plain data by its dotted key; the reasons stand as one."""
    for chapter, value in data.items():
        if chapter == "reasons":
            yield chapter, value
        elif chapter != "sources" and isinstance(value, dict):
            yield from ((f"{chapter}.{key}", figure) for key, figure in value.items())
