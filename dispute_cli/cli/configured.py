"""Settings files: a small table of TOML each, read and written. How much each place weighs is settings.py."""

import os
import shutil
import tomllib
from collections.abc import Callable
from typing import Any

from ..core.malformed import Malformed, guess, quote
from ..regular import NotRegular, read_regular
from .forms import FORMS, switch
from .settings import over

MOST_BYTES = 64 * 1024

NEVER = ("yes", "confirm")
"""Consent is given on the command line, by who gives the command."""


def from_file(path: str) -> dict[str, Any]:
    """What a file says."""
    return checked(table(path), path)


def checked(values: dict[str, Any], path: str) -> dict[str, Any]:
    """The values of a file as they are read; `Malformed` for a key that is none, a value that is not of its form, or two that contradict each other."""
    said: dict[str, Any] = {}
    for name, value in values.items():
        check_name(name, path)
        said[name] = from_toml(value, FORMS[name], name, f"{path}: {name}")
    return over({}, said, path)


def check_name(name: str, where: str) -> None:
    """Raise `Malformed` where a file may not hold this key."""
    if name in NEVER:
        raise Malformed(name, f"{where}: {name}: consent never comes from a file, give --{name} with the command.")
    if name not in FORMS:
        raise Malformed(None, f"{where}: {quote(name)} is no option. {guess(name, FORMS)}The keys are {', '.join(FORMS)}.")


def from_toml(value: Any, form: Callable[[str, str], Any] | None, name: str, where: str) -> Any:
    if form is None and isinstance(value, bool):
        return value
    if form is not None and isinstance(value, str):
        return form(value, where)
    raise Malformed(name, f"{where} is not {'a text in quotes' if form else 'true or false'}.")


def table(path: str) -> dict[str, Any]:
    """The keys and values of a file."""
    text = source(path)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # a number of very many digits is no TOMLDecodeError
        raise Malformed(None, f"{path} is not TOML: {fault}.") from None


def source(path: str) -> str:
    """The text of a small file."""
    try:
        data = read_regular(path, MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Malformed(None, f"{path} is too large: a settings file has at most {MOST_BYTES:,} bytes.")
        return data.decode()
    except NotRegular as fault:
        raise Malformed(None, f"{path} cannot be read: {fault}.") from None
    except UnicodeDecodeError:
        raise Malformed(None, f"{path} is not UTF-8 text.") from None


def edited(path: str, name: str, text: str | None) -> str:
    """A file's text with one key set, or taken out where there is no text; everything else as it stands. `Malformed` where it would not be read."""
    import tomlkit

    check_name(name, path)
    document = tomlkit.parse(source(path)) if os.path.lexists(path) and table(path) else tomlkit.document()
    if text is None:
        document.pop(name, None)
    else:
        document[name] = text if FORMS[name] else switch(text, name)
    checked(document.unwrap(), path)
    return tomlkit.dumps(document)


def put(path: str, text: str) -> None:
    """Write a file whole or not at all, with the rights that it had."""
    os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
    path = os.path.realpath(path)
    through = f"{path}.new"
    with open(through, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    if os.path.exists(path):
        shutil.copymode(path, through)
    os.replace(through, path)
