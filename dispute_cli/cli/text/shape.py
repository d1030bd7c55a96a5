"""What human text is made of: lines of parts and tables of cells, not yet escaped, coloured or laid out (printing.py does that)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from ...core.instants import iso_instant


class Ink(NamedTuple):
    """A text in a style: bold, dim, red, green, yellow or cyan."""

    text: str
    style: str


class When(NamedTuple):
    """An instant and how far it is from now; a terminal adds the reader's own time of day."""

    at: datetime
    now: datetime | None


Part = str | Ink | When
Line = tuple[Part, ...]


class Table(NamedTuple):
    """Rows under a head; without a head the first column says what the others hold."""

    head: tuple[str, ...]
    rows: Sequence[tuple[Part, ...]]
    spare: tuple[str, ...] = ()
    """Columns that a narrow terminal leaves out, the first of them first."""


Block = Line | Table
EMPTY: Line = ("",)


def title(text: str) -> Line:
    return (Ink(text, "bold"),)


def moment(at: datetime | None, now: datetime | None) -> str:
    """An instant, and how far it is from now: `2026-01-06T00:00:00Z (in 5 days)`."""
    if at is None:
        return ""
    return iso_instant(at) + (f" ({distance(at - now)})" if now else "")


def distance(span: timedelta) -> str:
    """`in 5 days`, `in 1 day 3 hours`, `2 hours ago`, `now`: the two largest units, nothing rounded up."""
    seconds = abs(int(span.total_seconds()))
    units = (("day", seconds // 86_400), ("hour", seconds // 3_600 % 24), ("minute", seconds // 60 % 60), ("second", seconds % 60))
    first = next((place for place, (_, count) in enumerate(units) if count), None)
    if first is None:
        return "now"
    words = " ".join(f"{count} {unit}{'s' if count > 1 else ''}" for unit, count in units[first : first + 2] if count)
    return f"in {words}" if span > timedelta() else f"{words} ago"


def plain(at: datetime | None) -> str:
    return iso_instant(at) if at else ""
