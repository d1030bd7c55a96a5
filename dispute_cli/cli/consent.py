"""Asking for a yes: only people at a terminal are asked, outside the lock, and silence means no."""

import sys

from ..core.advice import INSTEAD_OF_ESCALATING
from ..core.refusal import ConsentNeeded
from .output import complain, on_terminal, under_ci
from .settings import Settings
from .visible import visible


def may_ask(settings: Settings) -> bool:
    """Whether there is somebody to ask: a terminal on all sides, and nobody said otherwise."""
    if settings.no_input or settings.json or under_ci():
        return False
    return on_terminal(sys.stdin) and on_terminal(sys.stdout) and on_terminal(sys.stderr)


def require(need: ConsentNeeded) -> None:
    """Say what is given up, and what is worth telling, and ask; nothing but a plain yes is one."""
    told = [f"warning [{piece.code}]: {visible(piece.message)}\n" for piece in need.warnings]
    complain("".join(told) + f"consent needed [{need.rule}]: {visible(need.message)}\nGo on? [y/N] ")
    said = sys.stdin.readline()
    if said.strip().lower() not in ("y", "yes"):
        complain("" if said.endswith("\n") else "\n")
        raise declined(need)


def declined(need: ConsentNeeded) -> ConsentNeeded:
    """The same question, answered: nobody is told again how to say yes."""
    hint = INSTEAD_OF_ESCALATING if need.rule == "C2" else None
    answered = ConsentNeeded(need.rule, "You did not say yes: nothing was changed.", hint)
    answered.now, answered.possible = need.now, need.possible
    return answered
