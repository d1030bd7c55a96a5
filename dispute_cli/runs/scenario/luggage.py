"""What a recorded scenario brings along: evidence by its name, and policies that no shipped name stands for. What they mean is not known here."""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from textwrap import wrap
from typing import Any

from ...core.events import EvidenceAdded
from ...core.policy import Policy, as_data, fingerprint
from ...policies import load, names
from ...session import Session
from .notation import quoted

NAME = re.compile(r"[\w.-]{1,64}")
BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key of TOML that needs no quotes."""
LINE = 76
"""Characters of a line of base64."""


class Luggage:
    """The files, each once, by the names that the scenario gives them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.files: dict[str, dict[str, str]] = {}
        self.known: dict[tuple[str, str], str] = {}
        """(name on record, hash) → the name here."""

    def evidence(self, record: EvidenceAdded) -> str:
        """The name of an evidence file; what comes before a slash is no part of the name on record."""
        assert record.name and record.hash, "a link is no file"
        name = self.named(record.name, record.hash, "{number}/{name}")
        if name not in self.files:
            data = b64encode(self.session.view.blob(record.hash)).decode()
            self.files[name] = {"base64": "\n".join(wrap(data, LINE)) + "\n"}
        return name

    def policy(self, policy: Policy) -> str:
        """The name of a policy: a shipped one's, or of a file."""
        mark = fingerprint(policy)
        if mark in shipped():
            return shipped()[mark]
        name = self.named(policy.name if NAME.fullmatch(policy.name) else "policy", mark, "{name}-{number}")
        if f"{name}.toml" not in self.files:
            self.files[f"{name}.toml"] = {"text": as_toml(policy)}
        return f"{name}.toml"

    def named(self, name: str, hash: str, otherwise: str) -> str:
        """The name that a file goes by here: its own unless another file has that."""
        if (name, hash) not in self.known:
            number = 1 + sum(known == name for known, _ in self.known)
            self.known[name, hash] = name if number == 1 else otherwise.format(name=name, number=number)
        return self.known[name, hash]


@cache
def shipped() -> dict[str, str]:
    """The shipped policies' names by fingerprint."""
    return {fingerprint(load(name)): name for name in names()}


def as_toml(policy: Policy) -> str:
    """A policy as its file has it."""
    return "\n".join(table(as_data(policy))) + "\n"


def table(data: dict[str, Any], *path: str) -> Iterator[str]:
    """A table of TOML: its values, then the tables within."""
    values = {key: value for key, value in data.items() if not isinstance(value, dict) and value is not None}
    if path and values:
        yield from ("", f"[{'.'.join(path)}]")
    yield from (f"{bare(key)} = {toml(value)}" for key, value in values.items())
    for key, value in data.items():
        if isinstance(value, dict):
            yield from table(value, *path, bare(key))


def bare(key: str) -> str:
    return key if BARE.fullmatch(key) else quoted(key)


def toml(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{bare(key)} = {toml(part)}' for key, part in value.items())}}}"
    return quoted(value) if isinstance(value, str) else str(value).lower()
