"""Settings on the command line: config list, get, set, path. Words into structs, nothing else; the files are read and written in configured.py."""

from typing import Annotated

from typer import Argument, Option

from .errands import ConfigGet, ConfigList, ConfigPath, ConfigSet, ConfigUnset

Key = Annotated[str, Argument(metavar="KEY", help="An option's name, as store or lock_timeout.")]
User = Annotated[bool, Option("--user", help="In your own file, for every folder.")]


def list_settings() -> ConfigList:
    """List every setting, and where its value comes from."""
    return ConfigList()


def get(key: Key) -> ConfigGet:
    """Print the value of one setting."""
    return ConfigGet(key=key)


def write(
    key: Key,
    value: Annotated[str, Argument(metavar="VALUE", help="What it is to be.")],
    user: User = False,
) -> ConfigSet:
    """Write a setting into this folder's dispute.toml, or with --user into your own file."""
    return ConfigSet(key=key, value=value, user=user)


def unset(key: Key, user: User = False) -> ConfigUnset:
    """Take a setting out of this folder's dispute.toml, or with --user out of your own file."""
    return ConfigUnset(key=key, user=user)


def path() -> ConfigPath:
    """Print where the settings files are."""
    return ConfigPath()
