"""A command as the words of a command line, ready to paste: derived from the command tree, so that it cannot drift. Nothing is parsed or carried out."""

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from . import tree

STDIN = "-"
OPPOSITES = ("not_", "no_")
"""What the name of the flag begins with that says false."""


def spelled(command: str, args: Mapping[str, Any], store: str | None = None) -> list[str]:
    """The words of a command line from a command and what it says by the keys of a batch line; `store` where it is not the default one."""
    said = {**args, "store": store}
    params: list[Any] = [*tree.build(command).params, *tree.root().params]
    options = [word for param in params if is_option(param) for word in option(param, said)]
    values = [word for param in params if not is_option(param) for word in written(said.get(param.metavar.lower()))]
    if any(word.startswith("-") and word != STDIN for word in values):
        return ["dispute", *command.split(), *options, "--", *values]
    return ["dispute", *command.split(), *values, *options]


def quoted(words: Iterable[str]) -> str:
    """The words for a shell."""
    return shlex.join(words)


def is_option(param: Any) -> bool:
    return bool(param.opts[0].startswith("-"))


def option(param: Any, said: Mapping[str, Any]) -> list[str]:
    """An option as it is said, nothing where it is not: a flag by itself, a value after its name, each of several after the name again."""
    flag = param.opts[-1]
    name = flag.removeprefix("--").replace("-", "_")
    if param.is_flag:
        return [flag] if said.get(name) is True or denied(name, said) else []
    return [word for value in written(said.get(name)) for word in (flag, value)]


def denied(name: str, said: Mapping[str, Any]) -> bool:
    """Whether a flag says false of what another one says true of: --not-received, --no-return."""
    return any(name.startswith(prefix) and said.get(name.removeprefix(prefix)) is False for prefix in OPPOSITES)


def written(value: Any) -> list[str]:
    """The words of a value: none, one, or one for each of several."""
    if value is None:
        return []
    return [str(part) for part in value] if isinstance(value, (list, tuple)) else [str(value)]
