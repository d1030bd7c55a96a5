"""Asking for a yes: only people at a terminal are asked, outside the lock, and silence means no."""

import os
import sys

from ..core.refusal import ConsentNeeded
from .forms import FALSE
from .output import complain, on_terminal
from .settings import Settings
from .visible import visible


def may_ask(settings: Settings) -> bool:
    """Whether there is somebody to ask: a terminal on both sides, and nobody said otherwise."""
    if settings.no_input or settings.json or os.environ.get("CI", "").lower() not in ("", *FALSE):
        return False
    return on_terminal(sys.stdin) and on_terminal(sys.stdout)


def given(need: ConsentNeeded) -> bool:
    """Say what is given up, and ask; nothing but a plain yes is one."""
    complain(f"consent needed [{need.rule}]: {visible(need.message)}\nGo on? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
