"""Help without a network: topics, the help of commands, and the command tree for tools. What it shows is read off the code, never written twice."""

from typing import Any

import msgspec

from .. import answers as a
from ..core.malformed import guess, quote
from ..reading import NoSuchThing
from . import tree
from .errands import Help
from .layout import columns
from .topics import TOPICS, indented, read, topic


def answer(errand: Help) -> a.Helped:
    """What was asked for."""
    topic, text = help_on(" ".join(errand.topic))
    return a.Helped(command="help", now=None, topic=topic, text=text)


def tell_tree(query: Any) -> int:
    """Print the command tree as JSON, bare as every schema."""
    from .outline import outline
    from .telling import say_answer

    say_answer(msgspec.json.encode(outline()), query)
    return 0


def help_on(asked: str) -> tuple[str | None, str]:
    """A topic, a command or both under one word; without a word the whole with the list of topics."""
    if not asked:
        return None, f"{help_of('')}\n{listed()}"
    command = asked in tree.COMMANDS or asked in tree.GROUPS
    texts = ([topic(asked, columns())] if asked in TOPICS else []) + ([help_of(asked)] if command else [])
    if not texts:
        hint = guess(asked, (*TOPICS, *tree.GROUPS, *tree.COMMANDS))
        raise NoSuchThing(f"There is no help on {quote(asked)}.", f"{hint}`dispute help` lists the topics and the commands.")
    return asked, "\n".join(texts)


def listed() -> str:
    """Every topic with its first line."""
    rows = [(name, read(name).partition("\n")[0]) for name in TOPICS]
    return "Topics, with `dispute help TOPIC`:\n" + "".join(f"{line}\n" for line in indented(rows, columns()))


def help_of(words: str) -> str:
    """The help of a command, a group, or without words the root, as its own --help shows it."""
    command: Any = tree.root()
    context = command.context_class(command, info_name="dispute", **command.context_settings)
    for word in words.split():
        command = command.get_command(context, word)
        context = command.context_class(command, parent=context, info_name=word)
    command.get_params(context)  # a command learns the options everywhere when it is first asked for its own
    return f"{command.get_help(context)}\n"
