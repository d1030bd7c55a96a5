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
from .configured import edited, put, source
from .errands import ConfigGet, ConfigList, ConfigPath, ConfigSet, ConfigUnset
from .forms import FORMS
from .places import shown as named

Config = ConfigList | ConfigGet | ConfigSet | ConfigUnset | ConfigPath


def answer(errand: Config, flags: Mapping[str, Any]) -> a.Answer:
    """Do what a `config` command says; `flags` are the root's params."""
    match errand:
        case ConfigList():
            return a.ConfigTold(command="config list", now=None, settings=tuple(told(flags)))
        case ConfigGet():
            key = errand.key.replace("-", "_")
            check_known(key)
            return a.ConfigShown(command="config get", now=None, setting=next(one for one in told(flags) if one.key == key))
        case ConfigSet():
            return written(errand, errand.value, settings.read(flags, with_files=False).dry_run)
        case ConfigUnset():
            return written(errand, None, settings.read(flags, with_files=False).dry_run)
    paths = (settings.FOLDER_FILE, settings.user_file())
    return a.ConfigPaths(command="config path", now=None, files=tuple(a.SettingsFile(path, os.path.lexists(path)) for path in paths))


def written(errand: ConfigSet | ConfigUnset, value: str | None, dry_run: bool) -> a.ConfigWritten:
    """Write a setting into a file, or take it out."""
    path = settings.user_file() if errand.user else settings.FOLDER_FILE
    key = errand.key.replace("-", "_")
    before = source(path) if os.path.lexists(path) else ""
    text = edited(path, key, value)
    if text != before and not dry_run:
        put(path, text)
    command = "config unset" if value is None else "config set"
    value = named(value) if key == "store" and value is not None else value
    return a.ConfigWritten(command=command, now=None, changed=text != before, dry_run=dry_run, key=key, value=value, file=path)


def told(flags: Mapping[str, Any]) -> list[a.Setting]:
    """Every setting as it is, with the place that says so: the weightiest one."""
    chosen = settings.read(flags)
    places: dict[str, str] = {}
    said: dict[str, Any] = {}
    for place, layer in settings.layers(flags):
        said = settings.over(said, layer, place)
        places = {name: place if name in layer else places[name] for name in said}
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
    return None if value is None else value if isinstance(value, bool) else named(str(value))


def check_known(key: str) -> None:
    if key not in FORMS:
        raise NoSuchThing(f"There is no setting {quote(key)}.", f"{guess(key, FORMS)}The keys are {', '.join(FORMS)}.")
