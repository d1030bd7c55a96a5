"""Completion scripts, written from the command tree: static words only, and nothing runs while completing. One module for each shell."""

from collections.abc import Callable
from importlib import import_module

from .walk import Spec, specs

SHELLS = {"bash": "dispute.bash", "zsh": "_dispute", "fish": "dispute.fish", "powershell": "dispute.ps1"}
"""Each shell and the name of its file."""


def script(shell: str) -> str:
    """The completion script of a shell."""
    write: Callable[[list[Spec]], str] = import_module(f".{shell}", __package__).write
    return write(specs())
