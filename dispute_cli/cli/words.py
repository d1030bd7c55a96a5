"""A command line's words into its struct and the options given beside it; nothing is read, asked or carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer import Exit, TyperException

from ..core.commands import Command, Spoken
from ..core.malformed import Malformed
from ..questions import Question
from . import tree

if TYPE_CHECKING:
    from ..questions import Asked


def understand(words: list[str], said: tree.Said) -> tuple[Any, dict[str, Any]]:
    """Return what a command line says, and the root's params: the options everywhere that were given, before or after the subcommand."""
    root = tree.root()
    context = root.make_context("dispute", list(words), obj=said)
    with context:
        return root.invoke(context), context.params


def parse(words: list[str]) -> tuple[Spoken | Asked, dict[str, Any]]:
    """Return the command or question of a line without `dispute`, and the options everywhere that it gives; `Malformed` for anything else."""
    check(words)
    try:
        spoken, params = understand(words, tree.Said())
    except TyperException as fault:
        raise Malformed(None, fault.format_message()) from None
    except Exit:
        raise Malformed(None, "--help and --version have no place here.") from None
    if not isinstance(spoken, (Command, Question)):
        raise Malformed(None, f"'{words[0]}' has no place here.")
    return spoken, {name: value for name, value in params.items() if value is not None}  # type: ignore[return-value]  # each struct of the two families is in the unions


def check(words: list[str]) -> None:
    """Refuse words that are not text, whatever they would have meant."""
    for place, word in enumerate(words, 1):
        try:
            word.encode()
        except UnicodeEncodeError:
            raise Malformed(None, f"word {place} of the command line is not valid UTF-8.") from None
