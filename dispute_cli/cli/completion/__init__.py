"""Completion: four short scripts that ask `dispute __complete SHELL LINE` at each TAB, and the one place that knows what to answer (offer.py)."""

SHELLS = {"bash": "dispute.bash", "zsh": "_dispute", "fish": "dispute.fish", "powershell": "dispute.ps1"}
"""Each shell and the name of its file."""


def script(shell: str) -> str:
    """The completion script of a shell."""
    from .scripts import SCRIPTS

    return SCRIPTS[shell]
