"""Progress on a terminal's standard error: drawn once work takes long, erased before anything else is said. What is done is told by whoever does it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from ..core.instants import iso_instant
from ..steps import Step
from ..store import signals
from .output import coloured, on_terminal, under_ci
from .settings import Settings

if TYPE_CHECKING:
    from rich.live import Live

PATIENCE = 0.5
"""Seconds before anything is drawn: what is short stays silent, and imports nothing."""
BETWEEN = 0.1
"""Seconds between two drawings at least."""
NARROWEST, WIDEST = 10, 40
"""Columns of a bar; with less room there is none."""


@contextmanager
def watched(settings: Settings, amid_answers: bool = False) -> Iterator["Progress | None"]:
    """What long work tells its steps to, or None where nobody would see them. `amid_answers`: some are printed while it goes on."""
    if not is_wanted(settings) or (amid_answers and on_terminal(sys.stdout)):
        yield None
        return
    progress = Progress(sys.stderr, coloured(settings.color, sys.stderr))
    try:
        yield progress
    finally:
        progress.erase()


def is_wanted(settings: Settings) -> bool:
    """Whether somebody looks: at a terminal that can move its cursor, where nobody asked for silence and no machine runs us."""
    fixed = os.environ.get("TERM") in ("dumb", "unknown") or under_ci()
    return on_terminal(sys.stderr) and not settings.quiet and not fixed


class Progress:
    """A line on a terminal that says how far the work has come. It has no thread: it is drawn when a step is told and it is time."""

    def __init__(self, stream: TextIO, colour: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.colour, self.clock = stream, colour, clock
        self.next = clock() + PATIENCE
        self.first: Step | None = None
        """Of this work."""
        self.since = 0.0
        """When the first step was told."""
        self.live: Live | None = None

    def __call__(self, step: Step) -> None:
        now = self.clock()
        if self.first is None or step.work != self.first.work:
            self.first, self.since = step, now
        if now >= self.next:
            self.next = now + BETWEEN
            self.undisturbed(lambda: self.draw(step, step.done - self.first.done if self.first else 0, now - self.since))

    def draw(self, step: Step, lately: int, seconds: float) -> None:
        if self.live is None:
            self.live = self.begin()
        self.live.update(line(step, words(step, lately, seconds), self.live.console.width), refresh=True)

    def begin(self) -> "Live":
        """Take a line of the terminal."""
        from rich.console import Console
        from rich.live import Live

        console = Console(file=self.stream, force_terminal=True, no_color=not self.colour, highlight=False)
        live = Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False)
        live.start()
        return live

    def erase(self) -> None:
        """Give the line back, as if nothing had been there; the next step draws it anew."""
        live, self.live = self.live, None
        if live is not None:
            self.undisturbed(live.stop)

    def undisturbed(self, draw: Callable[[], None]) -> None:
        """Draw without being cut short halfway by Ctrl-C; a terminal that is gone is no reason to stop working."""
        held = signals.hold()
        try:
            with suppress(OSError):
                draw()
        finally:
            if held:
                signals.restore()


def words(step: Step, lately: int, seconds: float) -> str:
    """What is done, how fast, how long it will take still, and the instant reached."""
    told = [amount(step.done, step.of)]
    if seconds > 0:
        told.append(f"{amount(round(lately / seconds), step.of, rate=True)}/s")
        if step.share:
            told.append(f"{span(seconds * (1 - step.share) / step.share)} left")
    if step.at:
        told.append(iso_instant(step.at))
    return ", ".join(told)


def amount(count: int, of: str, rate: bool = False) -> str:
    """`12,345 events`, without the word in a rate; bytes in megabytes."""
    if of == "bytes":
        return f"{count / 1e6:,.1f} MB"
    return f"{count:,}" if rate else f"{count:,} {of if count != 1 else of.removesuffix('s')}"


def span(seconds: float) -> str:
    """`9 s`, `2 min 05 s`, `1 h 40 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02} min"


def line(step: Step, words: str, width: int) -> Any:
    """One line of a terminal, no wider than it is: the work, a bar with a percentage where the whole is known, and the words."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    said = words if step.share is None else f"{int(step.share * 100):3}% {words}"
    room = width - 1 - len(f"{step.work}  {said}")
    if step.share is None or room < NARROWEST:
        return Text(f"{step.work} {said}"[: width - 1], no_wrap=True)
    row = Table.grid(padding=(0, 1))
    row.add_row(step.work, ProgressBar(total=1.0, completed=step.share, width=min(room, WIDEST)), said)
    return row
