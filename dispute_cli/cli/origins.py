"""What a `config` command answers: each setting with the place that says so. How much each place weighs is settings.py."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .. import answers as a
from ..core.instants import iso_duration
from ..core.malformed import guess, quote
from ..reading import NoSuchThing
from . import settings
from .configured import write
from .errands import ConfigGet, ConfigList, ConfigPath, ConfigSet
from .forms import FORMS

Config = ConfigList | ConfigGet | ConfigSet | ConfigPath


def answer(errand: Config, flags: Mapping[str, Any]) -> a.Answer:
    """Do what a `config` command says; `flags` are the root's params."""
    match errand:
        case ConfigList():
            return a.ConfigTold(command="config list", now=None, settings=tuple(told(flags)))
        case ConfigGet():
            check_known(errand.key)
            return a.ConfigShown(command="config get", now=None, setting=next(one for one in told(flags) if one.key == errand.key))
        case ConfigSet():
            path = settings.user_file() if errand.user else settings.FOLDER_FILE
            written = a.ConfigWritten(command="config set", now=None, changed=True, key=errand.key, value=errand.value, file=path)
            if not flags.get("dry_run"):
                write(path, errand.key, errand.value)
            return written
    paths = (settings.FOLDER_FILE, settings.user_file())
    return a.ConfigPaths(command="config path", now=None, files=tuple(a.SettingsFile(path, os.path.lexists(path)) for path in paths))


def told(flags: Mapping[str, Any]) -> list[a.Setting]:
    """Every setting as it is, with the place that says so: the weightiest one."""
    chosen = settings.read(flags)
    places: dict[str, str] = {}
    for place, layer in settings.layers(flags):
        places = settings.over(places, dict.fromkeys(layer, place))
    return [a.Setting(name, shown(getattr(chosen, settings.FIELDS.get(name, name))), origin(name, places.get(name))) for name in FORMS]


def origin(name: str, place: str | None) -> str:
    """Where a value comes from: a flag, a variable, a file, or nowhere."""
    return {settings.FLAGS: settings.flag(name), settings.ENVIRONMENT: settings.variable(name), None: "default"}.get(place) or str(place)


def shown(value: Any) -> str | bool | None:
    """A value as it would be written into a file."""
    if isinstance(value, float):
        return iso_duration(timedelta(seconds=value))
    if isinstance(value, tuple):
        return ",".join(value) or None
    return None if value is None else value if isinstance(value, bool) else str(value)


def check_known(key: str) -> None:
    if key not in FORMS:
        raise NoSuchThing(f"There is no setting {quote(key)}.", f"{guess(key, FORMS)}The keys are {', '.join(FORMS)}.")
