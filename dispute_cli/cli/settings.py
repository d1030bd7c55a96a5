"""Settings: what a flag, the environment, a file in this folder or the user's file says, in this order of weight. Consent comes from a flag alone."""

import os
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ..core.malformed import Malformed
from ..core.words import Actor
from .forms import FORMS, switch
from .options import Colour, Format

FOLDER_FILE = "dispute.toml"


class Settings(Struct, frozen=True, kw_only=True):
    """How a command is done and told."""

    store: str = "disputes.json"
    json: bool = False
    query: str | None = None
    raw: bool = False
    format: Format | None = None
    fields: tuple[str, ...] = ()
    dry_run: bool = False
    yes: bool = False
    no_input: bool = False
    acting: Actor | None = None
    strict: bool = False
    idempotency_key: str | None = None
    lock_timeout: float = 10.0
    """Seconds."""
    quiet: bool = False
    color: Colour = Colour.AUTO


FIELDS = {"as": "acting"}
ENVIRONMENT, FLAGS = "the environment", "the command line"

RIVALS = (("json", "format"), ("query", "format"), ("query", "fields"))
"""Options that exclude each other: of two places the weightier counts, in one place they contradict."""


def read(flags: Mapping[str, Any], with_files: bool = True) -> Settings:
    """All settings of this call; `flags` are the root's params."""
    said: dict[str, Any] = {}
    for place, layer in layers(flags, with_files):
        said = over(said, layer, place)
    if flags.get("raw") and "query" not in said:
        raise Malformed("raw", "--raw goes with --query JMESPATH: it says how what the query finds is written.")
    if "query" in said:
        said["json"] = True
    return Settings(**{FIELDS.get(name, name): value for name, value in said.items()})


def layers(flags: Mapping[str, Any], with_files: bool = True) -> list[tuple[str, dict[str, Any]]]:
    """Every place that says something, the lightest first, with its name."""
    return [*(from_files() if with_files else ()), (ENVIRONMENT, from_environment()), (FLAGS, from_flags(flags))]


def over(below: dict[str, Any], layer: dict[str, Any], place: str) -> dict[str, Any]:
    """One place's settings laid over those that weigh less."""
    left = dict(below)
    for one, other in RIVALS:
        if layer.get(one) and layer.get(other):
            raise Malformed(other, f"{place}: {one} and {other} contradict each other: give one of them.")
        if layer.get(one):
            left.pop(other, None)
        if layer.get(other):
            left.pop(one, None)
    return left | layer


def from_flags(flags: Mapping[str, Any]) -> dict[str, Any]:
    said = {"yes": True} if flags.get("yes") else {}
    for name, form in FORMS.items():
        value = flags.get(FIELDS.get(name, name))
        if value is not None:
            said[name] = form(value, flag(name)) if form else value
    return said


def flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def variable(name: str) -> str:
    return f"DISPUTE_{name.upper()}"


def from_environment() -> dict[str, Any]:
    """Each DISPUTE_… variable that is set; an empty one is not, but for a switch, which it cannot answer. Consent has no variable."""
    said: dict[str, Any] = {}
    for name, form in FORMS.items():
        where = variable(name)
        text = os.environ.get(where)
        if text or (text is not None and form is None):
            said[name] = form(text, where) if form else switch(text, where)
    return said


def user_file() -> str:
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(home, "dispute", "config.toml")


def files() -> list[str]:
    """The files that are there: the user's, and the weightier one in this folder."""
    return [path for path in (user_file(), FOLDER_FILE) if os.path.lexists(path)]


def from_files() -> list[tuple[str, dict[str, Any]]]:
    """What each file says; reading one comes in only where there is one."""
    found = files()
    if not found:
        return []
    from .configured import from_file

    return [(path, from_file(path)) for path in found]


def wants_json(argv: list[str]) -> bool:
    """Tell whether a command line that was not understood asked for JSON, on it or beside it."""
    words = argv[: argv.index("--")] if "--" in argv else argv
    if any(word == "--json" or word.partition("=")[0] == "--query" for word in words):
        return True
    try:
        return read({}).json
    except Malformed:
        return False
