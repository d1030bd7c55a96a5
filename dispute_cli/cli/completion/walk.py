"""The command tree as plain data for completion: every command with its options, their values and its arguments. No shell is known here."""

from typing import Any, NamedTuple

from typer.core import TyperOption

from .. import tree

FILES = ("FILE", "PATH", "NAME|FILE", "FILE|-")
"""Metavars whose value is a path."""


class Value(NamedTuple):
    """What an option or an argument takes."""

    name: str
    choices: tuple[str, ...]
    files: bool
    many: bool


class Option(NamedTuple):
    names: tuple[str, ...]
    help: str
    value: Value | None
    """None for a switch."""


class Spec(NamedTuple):
    """A command, a group, or the root (no words)."""

    words: str
    help: str
    options: tuple[Option, ...]
    arguments: tuple[Value, ...]
    below: tuple[str, ...]
    """The words that may follow."""


def specs() -> list[Spec]:
    """The root, then each group and command in the order of the tree."""
    from ...policies import DEFAULT, load

    reasons = tuple(load(DEFAULT).reasons)
    groups = {group: tuple(words.split()[1] for words in tree.COMMANDS if words.startswith(group + " ")) for group in tree.GROUPS}
    nodes = dict.fromkeys([*groups, *tree.COMMANDS])
    top = tuple(dict.fromkeys(words.split()[0] for words in tree.COMMANDS))
    return [spec("", tree.root(), reasons, top), *(spec(words, tree.build(words), reasons, groups.get(words, ())) for words in nodes)]


def spec(words: str, command: Any, reasons: tuple[str, ...], below: tuple[str, ...]) -> Spec:
    options = [option(param, reasons) for param in command.params if isinstance(param, TyperOption)]
    arguments = [value(param, ()) for param in command.params if not isinstance(param, TyperOption)]
    if not words:
        options.append(Option(tuple(tree.HELP_NAMES), "Show this message and exit.", None))
    return Spec(words, (command.help or "").split("\n")[0], tuple(options), tuple(arguments), below)


def option(param: Any, reasons: tuple[str, ...]) -> Option:
    known = reasons if param.opts == ["--reason"] and param.metavar == "CODE" else ()
    return Option(tuple(param.opts), (param.help or "").replace("\n", " "), None if param.is_flag else value(param, known))


def value(param: Any, known: tuple[str, ...]) -> Value:
    choices = known or tuple(str(getattr(choice, "value", choice)) for choice in getattr(param.type, "choices", ()))
    # The clock acts by itself: nobody gives a command as it.
    spoken = tuple(choice for choice in choices if not (param.opts == ["--as"] and choice == "clock"))
    return Value(param.metavar, spoken, param.metavar in FILES, param.multiple or param.nargs == -1)
