"""An order's events as people read them under a test that failed: days from the start, who, what. Nothing is looked up here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ...sentences import sentence
from . import times


def timeline(events: Sequence[dict[str, Any]], start: datetime) -> list[str]:
    """A line for each event: `31d  buyer  dispute 1 opened: not received, …`; with its order where there are several."""
    several = len({event["order"] for event in events}) > 1
    rows = [(since(event["at"], start), str(event["by"]), *((event["order"],) if several else ()), sentence(event)) for event in events]
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    return ["  ".join(text.ljust(width) for text, width in zip(row, (*widths, 0), strict=True)) for row in rows]


def since(at: Any, start: datetime) -> str:
    """The days from the start; in JSON an instant is a text."""
    return times.since(start, at if isinstance(at, datetime) else datetime.fromisoformat(at))
