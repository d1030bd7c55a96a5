"""Settings and the version for people. One function for each answer."""

from ... import answers as a
from .done import DRY
from .shape import Block, Table


def listed(answer: a.ConfigTold) -> list[Block]:
    return [Table(("key", "value", "from"), [(one.key, written(one.value), one.origin) for one in answer.settings])]


def shown(answer: a.ConfigShown) -> list[Block]:
    return [(written(answer.setting.value),)]


def changed(answer: a.ConfigWritten) -> list[Block]:
    said = f"{answer.key} is no longer set" if answer.value is None else f"{answer.key} = {answer.value}"
    return [*([DRY] if answer.dry_run else []), (f"{said} in {answer.file}",)]


def paths(answer: a.ConfigPaths) -> list[Block]:
    return [(file.file,) for file in answer.files]


def version(answer: a.Version) -> list[Block]:
    return [(f"dispute {answer.version}",)]


def written(value: str | bool | None) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value
