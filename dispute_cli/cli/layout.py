"""How a page of help is laid out: usage, sentence, examples, then commands, arguments and options in their groups. What they say is not known here."""

from shutil import get_terminal_size
from typing import Any

from typer.core import TyperOption

from .examples import EXAMPLES, folded
from .options import HELP

NARROWEST, WIDEST = 40, 120
"""The columns that help is laid out in, whatever the terminal says: a narrow one still shows words, a wide one is not read across."""

TOPICS = "`dispute help` lists the topics, such as getting-started, json and exit-codes; `dispute help COMMAND` shows a command."


def columns() -> int:
    return max(NARROWEST, min(get_terminal_size().columns, WIDEST))


def lay_out(command: Any, ctx: Any, formatter: Any, words: str, below: dict[str, str]) -> None:
    """The page of a command, or of a group with the commands below it."""
    command.format_usage(ctx, formatter)
    command.format_help_text(ctx, formatter)
    write_examples(words, formatter)
    if below:
        with formatter.section("Commands"):
            formatter.write_dl(list(below.items()))
    if not words:
        formatter.write_paragraph()
        formatter.write_text(TOPICS)
    for title, params in sections(command.own(ctx), command.twins or []).items():
        with formatter.section(title):
            formatter.write_dl([row for param in params if (row := param.get_help_record(ctx))])


def write_examples(words: str, formatter: Any) -> None:
    """First of all that there is to say: it is what most readers want."""
    lines = EXAMPLES.get(words, ())
    if lines:
        with formatter.section("Examples"):
            formatter.write("".join(folded(line, formatter.width, "  ") for line in lines))


def sections(own: list[Any], everywhere: list[Any]) -> dict[str, list[Any]]:
    """The parameters under their titles: arguments, the command's own groups, then the options everywhere, help itself last."""
    found: dict[str, list[Any]] = {}
    for param in own:
        found.setdefault(group_of(param, "Options" if isinstance(param, TyperOption) else "Arguments"), []).append(param)
    last = found.pop(HELP, [])
    for param in everywhere:
        found.setdefault(group_of(param, "Options everywhere"), []).append(param)
    return {**found, HELP: [*found.get(HELP, []), *last]}


def group_of(param: Any, otherwise: str) -> str:
    """The title under which help shows a parameter."""
    if "--help" in param.opts:
        return HELP
    return getattr(param, "rich_help_panel", None) or otherwise
