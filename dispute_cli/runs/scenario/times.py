"""Instants as a scenario names them: `36d` from the start, `+5d` from where the clock stands, a full instant, `43d..46d` for any between. No clock runs here."""

import re
from datetime import datetime, timedelta

from msgspec import Struct

from ...core import instants
from ...core.malformed import Malformed, quote

FORM = "write 36d (from the start), +5d (from now), an instant such as 2026-01-31T12:00:00Z, or a range such as 43d..46d"


class When(Struct, frozen=True):
    """An instant or a range of them, each end included."""

    first: datetime
    last: datetime

    def holds(self, at: datetime) -> bool:
        return self.first <= at <= self.last


def when(text: str, start: datetime, now: datetime) -> When:
    """Read what an expectation names."""
    first, dots, last = text.partition("..")
    ends = [moment(part, start, now) for part in ((first, last) if dots else (first,))]
    if ends[-1] < ends[0]:
        raise Malformed("time", f"{quote(text)} ends before it begins.")
    return When(ends[0], ends[-1])


def moment(text: str, start: datetime, now: datetime) -> datetime:
    """Read one instant."""
    text = text.strip()
    try:
        if text.startswith("+"):
            return instants.later(now, instants.duration(text[1:]))
        if instants.parts_of(text):
            return instants.later(start, instants.duration(text))
        return instants.instant(text)
    except Malformed as fault:
        if re.match(instants.DATE, text) or instants.parts_of(text.removeprefix("+")):
            raise
        raise Malformed("time", f"{quote(text)} is no time: {FORM}.") from fault


def short(span: timedelta) -> str:
    """A duration as a scenario writes it: `1d12h`, `0d` for none."""
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((span.days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0d"


def since(start: datetime, at: datetime) -> str:
    """An instant as days from the start; one before it as an instant."""
    return short(at - start) if at >= start else instants.iso_instant(at)
