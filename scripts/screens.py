"""Telling screens as a terminal shows them, at several widths: drawn here, kept in tests/cli/screens. Nothing is asserted."""

import io
import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache, partial
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dispute_cli.cli.main import main
from dispute_cli.cli.playing import elsewhere

FOLDER = "tests/cli/screens"
HOSTILE = "\x1b[31mred \x9b \x7f \r \u202eedils\u200b [/bold] :smile: ${x} {0} %s <script>\ttab\nsecond line"
WIDE = "杯子坏了，把手不见了。我要退款，请看照片。😀😀 Grüße"
RTL = "שלום, איפה הכסף שלי? האם קיבלת את התמונה?"

OPENED = (
    "init",
    'order create O-1 --price 50.00 --delivery 5.00 --title "Blue cup"',
    'message O-1 "Where is it?"',
    "order ship O-1 --tracking LX123456789CN",
    "tick 12d",
    "order deliver O-1",
    'message O-1 "It was left at your door on Monday, please have a look there." --as seller',
    "tick 6h",
    'open O-1 --received --reason defective --refund 20.00 --message "It is broken in two pieces, and the handle is missing: see the photo and https://example.com/film" --evidence cup.png',
)
OFFERED = (*OPENED, "tick 2d", 'respond O-1 --refund 10.00 --message "We can give you half of it back."', "tick 1d")
ESCALATED = (
    *OFFERED,
    "escalate O-1 --confirm",
    "tick 2d",
    "review request-evidence O-1 --from seller",
    'add-evidence O-1 --link https://example.com/packing --note "Packed with care" --as seller',
    "tick 1d",
)
SETTLING = (*OFFERED, "edit O-1 --refund 15.00 --keep", "accept O-1 --as seller", "tick 3d")
SEVERAL = (
    *OFFERED,
    'order create O-2 --price 12.50 --title "Wool socks, three pairs"',
    'open O-2 --not-received --reason wrong_tracking --message "This number shows another parcel"',
    'respond O-2 --promise "A new pair leaves today"',
    "order create J-7 --price 20000 --currency JPY",
    'open J-7 --not-received --reason held_at_customs --message "It is at customs"',
    "tick 3d12h",
    'order create "O-3" --price 9.90 --title "Lamp"',
    'open O-3 --received --reason changed_mind --refund full --message "I send it back"',
    "accept O-3 --as seller",
)
FOREIGN = (
    "init",
    f"order create O-1 --price 50.00 --delivery 5.00 --title {shlex.quote(RTL)} --buyer 王小明 --seller {shlex.quote(HOSTILE)}",
    f"message O-1 {shlex.quote(RTL)}",
    f"open O-1 --received --reason defective --refund 20.00 --message {shlex.quote(WIDE)} --evidence cup.png",
    f"message O-1 {shlex.quote(HOSTILE)} --as seller",
    f"message O-1 {'x' * 200}",
    f"respond O-1 --promise {shlex.quote(WIDE)}",
)


class Screen(NamedTuple):
    """A story, and the command whose screen is kept."""

    story: tuple[str, ...]
    command: str


SCREENS = {
    "protected": Screen(OPENED[:4], "status O-1"),
    "offered": Screen(OFFERED, "status O-1"),
    "escalated": Screen(ESCALATED, "status O-1"),
    "settling": Screen(SETTLING, "status O-1"),
    "foretold": Screen(OFFERED, "status O-1 --at 2026-04-10"),
    "foreign": Screen(FOREIGN, "status O-1"),
    "list": Screen(SEVERAL, "status --all"),
    "tick": Screen(SEVERAL, "tick 30d"),
    "error": Screen(OFFERED, 'open O-1 --received --reason damaged --refund 5.00 --message "Again" --evidence cup.png'),
}
WIDTHS = (60, 80, 120)
ASCII = {"TERM": "dumb"}
COLOURED = {"NO_COLOR": "", "TERM": "xterm-256color"}


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal, and remembers."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


def pages() -> dict[str, Callable[[], str]]:
    """Every file → what draws it."""
    drawn = {f"{name}-{width}": partial(screen, name, width) for name in SCREENS for width in WIDTHS}
    drawn |= {f"{name}-80-ascii": partial(screen, name, 80, ASCII) for name in SCREENS}
    drawn["offered-80-colour"] = partial(screen, "offered", 80, COLOURED)
    drawn["list-80-colour"] = partial(screen, "list", 80, COLOURED)
    return {f"{FOLDER}/{name}.txt": draw for name, draw in drawn.items()}


def screen(name: str, width: int, more: dict[str, str] | None = None) -> str:
    """What a terminal of this width shows of a command, its errors and warnings included."""
    terminal = Terminal()
    store = staged(SCREENS[name].story)
    with place({"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1", **(more or {})}), redirect_stdout(terminal), redirect_stderr(terminal):
        shutil.copytree(store.name, ".", dirs_exist_ok=True)
        main(shlex.split(SCREENS[name].command))
    return terminal.shown


@cache
def staged(story: tuple[str, ...]) -> "TemporaryDirectory[str]":
    """A folder in which a story was played, once: none of it may fail, and nothing of it is seen."""
    kept = TemporaryDirectory()
    with place({}), redirect_stdout(io.StringIO()):
        for line in story:
            assert main([*shlex.split(line), "-q"]) == 0, line
        shutil.copytree(".", kept.name, dirs_exist_ok=True)
    return kept


@contextmanager
def place(environment: dict[str, str]) -> Iterator[None]:
    """A folder with pictures, without anybody's settings, where the time of day is UTC."""
    with elsewhere():
        os.environ.update(environment, TZ="UTC")
        time.tzset()
        yield
    time.tzset()
