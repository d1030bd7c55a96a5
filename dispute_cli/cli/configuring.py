"""Settings on the command line: config list, get, set, path. Words into structs, nothing else; the files are read and written in configured.py."""

from typing import Annotated

from typer import Argument, Option

from .errands import ConfigGet, ConfigList, ConfigPath, ConfigSet

Key = Annotated[str, Argument(metavar="KEY", help="An option's name, as store or lock_timeout.")]


def list_settings() -> ConfigList:
    """List every setting, and where its value comes from."""
    return ConfigList()


def get(key: Key) -> ConfigGet:
    """Print the value of one setting."""
    return ConfigGet(key=key)


def write(
    key: Key,
    value: Annotated[str, Argument(metavar="VALUE", help="What it is to be.")],
    user: Annotated[bool, Option("--user", help="In your own file, for every folder.")] = False,
) -> ConfigSet:
    """Write a setting into this folder's dispute.toml, or with --user into your own file."""
    return ConfigSet(key=key, value=value, user=user)


def path() -> ConfigPath:
    """Print where the settings files are."""
    return ConfigPath()
