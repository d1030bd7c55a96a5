"""What a line may go on with that is no value: commands and options. The names are the command tree's."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from .. import tree
from .cursor import Cursor

RIVALS = (
    {"--received", "--not-received"},
    {"--return", "--no-return"},
    {"--price", "--item"},
    {"--accept", "--refund", "--reject", "--promise"},
    {"--grant", "--deny"},
    {"--confirm", "--no-thanks"},
    {"--to", "--next", "--until-idle", "--until"},
    {"--atomic", "--keep-going"},
)
"""Options of one command that contradict each other: where one is given the others are not offered."""


class Offer(NamedTuple):
    value: str
    about: str = ""


FILES = Offer(":files")
"""Not a value: the shell is asked to offer files."""


def commands(words: str) -> Iterator[Offer]:
    """The words that may follow those of a group, or none, with the sentence of each."""
    branch = f"{words} " if words else ""
    for word in tree.below(branch):
        yield Offer(word, sentence(branch + word))


def sentence(words: str) -> str:
    """What a group or a command is for; building all of them to ask each would take longer than a TAB may."""
    if words in tree.GROUPS:
        return tree.GROUPS[words]
    module, _, name = tree.COMMANDS[words].partition(".")
    text: str = getattr(import_module(f"..{module}", __package__), name).__doc__
    return text.partition("\n")[0]


def options(cursor: Cursor) -> Iterator[Offer]:
    """The options that may be given yet, the command's own first."""
    lost = {name for rivals in RIVALS for name in rivals if rivals & cursor.given.keys()}
    for option in cursor.options:
        name = option.opts[-1]
        if option.multiple or (name not in cursor.given and name not in lost):
            yield Offer(name, summary(option))
    yield Offer(tree.HELP_NAMES[-1], "Show help.")


def summary(option: Any) -> str:
    return " ".join((option.help or "").split())
