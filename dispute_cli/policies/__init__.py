"""Policies as files: one TOML for each marketplace. Reading and checking them; no rule and no figure stands here."""

import os
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec

from ..core.malformed import guess
from ..core.policy import Policy

DEFAULT = "aliexpress"
FOLDER = os.path.dirname(__file__)
MOST_BYTES = 256 * 1024


class InvalidFile(Exception):
    """A given file is not what it should be: exit code 8."""

    def __init__(self, path: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = f"{path}: {message}"
        self.hint = hint


def names() -> tuple[str, ...]:
    """The shipped policies, by name."""
    return tuple(sorted(name.removesuffix(".toml") for name in os.listdir(FOLDER) if name.endswith(".toml")))


def load(name_or_path: str) -> Policy:
    """Return the policy of this name, or of the TOML file at this path; `InvalidFile` tells what is wrong with it."""
    if name_or_path in names():
        return parse(name_or_path, read(os.path.join(FOLDER, name_or_path + ".toml"), name_or_path))
    if os.sep not in name_or_path and not name_or_path.endswith(".toml"):
        raise InvalidFile(name_or_path, "no such policy.", unknown_hint(name_or_path))
    return parse(name_or_path, read(name_or_path, name_or_path))


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
        table = tomllib.loads(data.decode("utf-8", "strict"))
        return check_sources(path, msgspec.convert(table, Policy), table)
    except UnicodeDecodeError:
        raise InvalidFile(path, "it is not UTF-8 text.") from None
    except RecursionError:
        raise InvalidFile(path, "it is nested too deep.") from None
    except tomllib.TOMLDecodeError as fault:
        raise InvalidFile(path, f"it is not TOML: {fault}.") from None
    except msgspec.ValidationError as fault:
        raise InvalidFile(path, f"{fault}.", "`dispute policy show aliexpress` shows every key.") from None
    except ValueError:
        raise InvalidFile(path, "a number in it is too long.") from None


def check_sources(path: str, policy: Policy, table: dict[str, Any]) -> Policy:
    """Every figure and choice that a file gives says where it comes from."""
    missing = [key for key, _ in figures(table) if key not in policy.sources]
    if missing:
        raise InvalidFile(path, f"[sources] does not say where '{missing[0]}' comes from.", 'Write "default" where it is your own choice.')
    return policy


def figures(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each figure and choice of a policy's plain data by its dotted key; the reasons stand as one."""
    for chapter, value in data.items():
        if chapter == "reasons":
            yield chapter, value
        elif chapter != "sources" and isinstance(value, dict):
            yield from ((f"{chapter}.{key}", figure) for key, figure in value.items())
