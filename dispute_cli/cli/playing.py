"""The demo as the terminal plays it: every command is run as if it had been typed, in a folder that is gone afterwards."""

import os
import shlex
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..runs.demo import lay_out, play
from .output import say


def run(run_line: Callable[[list[str]], int]) -> int:
    """Play the demo; `run_line` runs the words of a command line and returns its exit code."""
    with elsewhere():
        return play(lambda command: run_line(shlex.split(command)[1:]), lambda text: say(text + "\n"))


@contextmanager
def elsewhere() -> Iterator[None]:
    """Be in a new folder, with the demo's pictures and without anybody's settings."""
    before, here = dict(os.environ), os.getcwd()
    with tempfile.TemporaryDirectory(prefix="dispute-demo-") as folder:
        for name in [name for name in os.environ if name.startswith("DISPUTE_")]:
            del os.environ[name]
        os.environ["XDG_CONFIG_HOME"] = folder
        os.chdir(folder)
        lay_out(folder)
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)
