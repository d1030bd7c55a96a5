"""Settings: what a flag, the environment, a file in this folder or the user's file says, in this order of weight. Consent comes from a flag alone."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from ..core import instants
from ..core.malformed import Malformed, quote
from ..core.words import Actor
from .options import Colour

FOLDER_FILE = "dispute.toml"
MOST_BYTES = 64 * 1024
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class Settings(Struct, frozen=True, kw_only=True):
    """How a command is done and told."""

    store: str = "disputes.json"
    json: bool = False
    query: str | None = None
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


def store(text: str, where: str) -> str:
    if "://" in text:
        # The text is not quoted: a URL may hold a password.
        raise Malformed("store", f"{where} is a URL, which is not supported: name a file.")
    if not text or "\0" in text:
        raise Malformed("store", f"{where} names no file.")
    return text


def query(text: str, where: str) -> str:
    if not text:
        raise Malformed("query", f"{where} is empty: give a JMESPath expression, such as order.status.")
    return text


def actor(text: str, where: str) -> Actor:
    try:
        return Actor(text)
    except ValueError:
        raise Malformed("as", f"{where} is {quote(text)}: an actor is buyer, seller or platform.") from None


def key(text: str, where: str) -> str:
    from ..keys import check_key

    return check_key(text, where)


def seconds(text: str, where: str) -> float:
    try:
        return instants.duration(text, "lock_timeout").total_seconds()
    except Malformed as fault:
        raise Malformed("lock_timeout", f"{where}: {fault.message}") from None


def colour(text: str, where: str) -> Colour:
    try:
        return Colour(text)
    except ValueError:
        raise Malformed("color", f"{where} is {quote(text)}: say auto, always or never.") from None


FORMS: dict[str, Callable[[str, str], Any] | None] = {
    "store": store,
    "json": None,
    "query": query,
    "dry_run": None,
    "no_input": None,
    "as": actor,
    "strict": None,
    "idempotency_key": key,
    "lock_timeout": seconds,
    "quiet": None,
    "color": colour,
}
"""The options' names → how their text is read; None for a switch."""

NEVER = ("yes", "confirm")
"""Consent is given on the command line, by who gives the command."""

FIELDS = {"as": "acting"}


def read(flags: Mapping[str, Any]) -> Settings:
    """All settings of this call; `flags` are the root's params."""
    said = from_files() | from_environment() | from_flags(flags)
    settings = Settings(**{FIELDS.get(name, name): value for name, value in said.items()})
    return settings if settings.query is None or settings.json else Settings(**{**as_fields(settings), "json": True})


def as_fields(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__struct_fields__}


def from_flags(flags: Mapping[str, Any]) -> dict[str, Any]:
    said = {"yes": True} if flags.get("yes") else {}
    for name, form in FORMS.items():
        value = flags.get(FIELDS.get(name, name))
        if value is not None:
            said[name] = form(value, f"--{name.replace('_', '-')}") if form else value
    return said


def from_environment() -> dict[str, Any]:
    """Each DISPUTE_… variable that is set; an empty one is not, but for a switch, which it cannot answer. Consent has no variable."""
    said: dict[str, Any] = {}
    for name, form in FORMS.items():
        where = f"DISPUTE_{name.upper()}"
        text = os.environ.get(where)
        if text or (text is not None and form is None):
            said[name] = form(text, where) if form else switch(text, where)
    return said


def switch(text: str, where: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise Malformed(None, f"{where} is {quote(text)}: say 1 or 0, true or false, yes or no, on or off.")


def from_files() -> dict[str, Any]:
    """What the user's file says, and over it the file in this folder."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    said: dict[str, Any] = {}
    for path in (os.path.join(home, "dispute", "config.toml"), FOLDER_FILE):
        if os.path.lexists(path):
            said |= from_file(path)
    return said


def from_file(path: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in table(path).items():
        where = f"{path}: {name}"
        if name in NEVER:
            raise Malformed(name, f"{where}: consent never comes from a file, give --{name} with the command.")
        if name not in FORMS:
            raise Malformed(None, f"{path}: {quote(name)} is no option: the keys are {', '.join(FORMS)}.")
        said[name] = from_toml(value, FORMS[name], name, where)
    return said


def from_toml(value: Any, form: Callable[[str, str], Any] | None, name: str, where: str) -> Any:
    if form is None and isinstance(value, bool):
        return value
    if form is not None and isinstance(value, str):
        return form(value, where)
    raise Malformed(name, f"{where} is not {'a text in quotes' if form else 'true or false'}.")


def table(path: str) -> dict[str, Any]:
    """A small TOML file; tomllib comes in only where there is one."""
    import tomllib

    from ..regular import NotRegular, read_regular

    try:
        data = read_regular(path, MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Malformed(None, f"{path} is too large: a settings file has at most {MOST_BYTES:,} bytes.")
        return tomllib.loads(data.decode())
    except NotRegular as fault:
        raise Malformed(None, f"{path} cannot be read: {fault}.") from None
    except UnicodeDecodeError:
        raise Malformed(None, f"{path} is not UTF-8 text.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise Malformed(None, f"{path} is not TOML: {fault}.") from None


def wants_json(argv: list[str]) -> bool:
    """Tell whether a command line that was not understood asked for JSON, on it or beside it."""
    words = argv[: argv.index("--")] if "--" in argv else argv
    if any(word == "--json" or word.partition("=")[0] == "--query" for word in words):
        return True
    try:
        return read({}).json
    except Malformed:
        return False
