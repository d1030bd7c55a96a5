"""A command line up to the cursor, understood as far as it goes: which command, what it was given, what is being typed. Nothing is offered here."""

import shlex
from typing import Any

from typer.core import TyperOption

from .. import tree

CURSOR = "\0"
"""Stands in a line where the cursor is; no command line holds one."""


def split(line: str, shell: str) -> list[str]:
    """The words of a line as the program would get them; the last is the one being typed, empty after a blank. A quote may be open still."""
    for closed in ("", "'", '"'):
        reader = shlex.shlex(line + CURSOR + closed, posix=True)
        reader.whitespace_split, reader.commenters, reader.escape = True, "", "`" if shell == "powershell" else "\\"
        try:
            words = list(reader)
        except ValueError:
            continue
        return [word.replace(CURSOR, "") for word in words]
    return []


class Cursor:
    """Where a line stands: words are taken one by one, and what it awaits is known after each."""

    def __init__(self) -> None:
        self.words = ""
        """The subcommand's words so far."""
        self.command: Any = tree.root()
        self.given: dict[str, str] = {}
        """Every name of the options that were given, with its value; a switch has none."""
        self.arguments: list[str] = []
        self.awaited: Any = None
        """The option whose value comes next."""
        self.parts: list[str] = []
        """What was given of that value already, where it has several words."""
        self.closed = False
        """After `--` nothing is an option."""

    def take(self, word: str) -> None:
        """Go one word further; LookupError where no command is called so."""
        if self.awaited is not None:
            self.take_part(word)
        elif self.closed or not word.startswith("-") or word == "-":
            self.step(word)
        elif word == "--":
            self.closed = True
        else:
            self.take_option(*word.partition("="))

    def take_option(self, name: str, equals: str, value: str) -> None:
        option = self.option(name)
        if option is not None and not equals and not option.is_flag:
            self.awaited = option
        elif option is not None:
            self.give(option, value)

    def take_part(self, word: str) -> None:
        self.parts.append(word)
        if len(self.parts) == self.awaited.nargs:
            self.give(self.awaited, " ".join(self.parts))
            self.awaited, self.parts = None, []

    def give(self, option: Any, value: str) -> None:
        self.given.update(dict.fromkeys(option.opts, value))

    def step(self, word: str) -> None:
        """Into a command or a group, or past an argument."""
        if not self.is_group:
            self.arguments.append(word)
            return
        words = f"{self.words} {word}".strip()
        if words not in tree.COMMANDS and words not in tree.GROUPS:
            raise LookupError(words)
        self.words, self.command = words, tree.build(words)

    @property
    def is_group(self) -> bool:
        return isinstance(self.command, tree.Group)

    @property
    def options(self) -> list[Any]:
        """The command's own options, then those everywhere."""
        own = [param for param in self.command.params if isinstance(param, TyperOption)]
        return [*own, *tree.root().params] if self.words else own

    def option(self, name: str) -> Any:
        return next((option for option in self.options if name in option.opts), None)

    @property
    def argument(self) -> Any:
        """The argument that comes next; None when there is no place for more."""
        known = [param for param in self.command.params if not isinstance(param, TyperOption)]
        if known and known[-1].nargs == -1:
            return known[min(len(self.arguments), len(known) - 1)]
        return known[len(self.arguments)] if len(self.arguments) < len(known) else None
