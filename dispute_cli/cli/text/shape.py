"""What human text is made of: lines of parts, tables of cells, bars, commands to paste; not yet escaped, coloured or laid out (printing.py does that)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ...core.instants import iso_instant


class Ink(NamedTuple):
    """A text in a style: bold, red, green, yellow, cyan or magenta."""

    text: str
    style: str


class When(NamedTuple):
    """An instant and how far it is from now; a terminal adds the reader's own time of day."""

    at: datetime
    now: datetime | None


class Share(NamedTuple):
    """A part of a whole."""

    weight: int
    fill: str
    """What it stands for, by a name that drawing.py has a sign for."""
    words: str = ""


class Bar(NamedTuple):
    """A whole and its parts, drawn beside the words that say the same; the words of its parts explain it on a line of their own."""

    shares: tuple[Share, ...]
    words: str = ""
    cells: int | None = None
    """None: as many as the terminal has room for."""
    until: datetime | None = None
    """When the whole is over; told after the words, with the reader's own time of day."""


class Paste(NamedTuple):
    """A command that is ready to be pasted into a shell, by the keys of a batch line."""

    command: str
    args: Mapping[str, Any]


Part = str | Ink | When | Bar | Paste
Line = tuple[Part, ...]


class Table(NamedTuple):
    """Rows under a head; without a head the first column says what the others hold."""

    head: tuple[str, ...]
    rows: Sequence[tuple[Part, ...]]
    spare: tuple[str, ...] = ()
    """Columns that a narrow terminal leaves out, the first of them first."""


class Section(NamedTuple):
    """Where a part of a page begins."""

    title: str


class Page(NamedTuple):
    """One thing told twice: in plain lines for programs and files, and as it is looked at on a terminal."""

    plain: "Sequence[Block]"
    drawn: "Sequence[Block]"


Block = Line | Table | Section | Paste | Page
EMPTY: Line = ("",)


def title(text: str) -> Line:
    return (Ink(text, "bold"),)


def moment(at: datetime | None, now: datetime | None) -> str:
    """An instant, and how far it is from now: `2026-01-06T00:00:00Z (in 5 days)`."""
    if at is None:
        return ""
    return iso_instant(at) + (f" ({distance(at - now)})" if now else "")


def distance(span: timedelta) -> str:
    """`in 5 days`, `in 1 day 3 hours`, `2 hours ago`, `now`."""
    if not span:
        return "now"
    return f"in {length(span)}" if span > timedelta() else f"{length(-span)} ago"


def length(span: timedelta) -> str:
    """`5 days`, `1 day 3 hours`, `no time`: the two largest units, nothing rounded up."""
    seconds = int(span.total_seconds())
    units = (("day", seconds // 86_400), ("hour", seconds // 3_600 % 24), ("minute", seconds // 60 % 60), ("second", seconds % 60))
    first = next((place for place, (_, count) in enumerate(units) if count), None)
    if first is None:
        return "no time"
    return " ".join(f"{count} {unit}{'s' if count > 1 else ''}" for unit, count in units[first : first + 2] if count)


def plain(at: datetime | None) -> str:
    return iso_instant(at) if at else ""
