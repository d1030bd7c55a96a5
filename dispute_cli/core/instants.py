"""Instants and durations: read strictly, printed in one form; nothing here knows what time it is, nor any number of days of a rule."""

import re
from datetime import UTC, datetime, timedelta

from .malformed import Malformed, quote

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(8999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The last instant anybody may name: a thousand years short of what datetime holds, so that every deadline still fits."""

MOST_DAYS = 3_000_000

# As text, compiled when first asked: a plain answer reads none. ASCII classes and fullmatch: \d takes other scripts, $ matches before a newline, fromisoformat takes weeks and cuts decimals.
DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
INSTANT = DATE + r"[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
ZONELESS = DATE + r"[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
FRACTION = DATE + r"[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]+.*"
INSTANT_FORM = "write it as 2026-01-31T12:00:00Z, or as a date (midnight UTC) such as 2026-01-31"

PLAIN = r"(?:[0-9]+[dhms])+"
PART = r"([0-9]+)([dhms])"
ISO = r"P(?=[0-9T])(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?"
DURATION_FORM = "write days, hours, minutes and seconds, such as 30d, 36h, 1d12h or P1DT12H"
UNIT_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def instant(text: str, field: str = "instant") -> datetime:
    """Read RFC 3339 with a zone, or a date, which is its midnight UTC. The result is UTC."""
    found = re.fullmatch(INSTANT, text) or re.fullmatch(DATE, text)
    if not found:
        raise Malformed(field, f"{quote(text)} {_complaint(text)}: {INSTANT_FORM}.")
    numbers = [int(group) for group in found.groups()[:6]]
    if not EARLIEST.year - 1 <= numbers[0] <= LATEST.year + 1:
        raise _out_of_range(text, field)
    try:
        local = datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc]  # three numbers or six
        at = local - _offset(found.groups()[6:])
    except ValueError:
        raise Malformed(field, f"{quote(text)} does not exist: the calendar has no such day, hour, minute, second or zone.") from None
    if not EARLIEST <= at <= LATEST:
        raise _out_of_range(text, field)
    return at


def duration(text: str, field: str = "duration") -> timedelta:
    """Read `30d`, `36h`, `90m`, `45s`, a sum of them (`1d12h`), or ISO 8601 in days and smaller."""
    parts = parts_of(text)
    if not parts:
        why = "is empty" if not text.strip() else "is not a duration (no weeks, months, years, fractions or signs)"
        raise Malformed(field, f"{quote(text)} {why}: {DURATION_FORM}.")
    # Judged by length before int(), which gives up on thousands of digits.
    if max(len(count.lstrip("0")) for count, _ in parts) <= 12:
        seconds = sum(int(count.lstrip("0") or "0") * UNIT_SECONDS[unit] for count, unit in parts)
        if seconds <= MOST_DAYS * 86_400:
            return timedelta(seconds=seconds)
    raise Malformed(field, f"{quote(text)} is too long: a duration is at most {MOST_DAYS:,} days, such as 30d.")


def parts_of(text: str) -> list[tuple[str, str]]:
    """The counts of a duration with their units; none where it is not one."""
    if re.fullmatch(PLAIN, text):
        return re.findall(PART, text)
    found = re.fullmatch(ISO, text)
    return [(count, unit) for count, unit in zip(found.groups(), UNIT_SECONDS, strict=True) if count] if found else []


def later(at: datetime, by: timedelta, field: str = "duration") -> datetime:
    """The instant that much later; one after LATEST is malformed, like naming it outright."""
    if by > LATEST - at:
        end = f"the last instant there is, {iso_instant(LATEST)}"
        raise Malformed(field, f"{iso_duration(by)} after {iso_instant(at)} is past {end}: name a shorter duration, such as 30d.")
    return at + by


def iso_instant(at: datetime) -> str:
    """Print an instant: `2026-01-01T00:00:00Z`."""
    return at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def iso_duration(duration: timedelta) -> str:
    """Print a duration of whole seconds, 0 or more: `P1DT12H`, and `PT0S` for none."""
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{duration.days}D" if duration.days else ""
    time = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if count)
    if not days and not time:
        return "PT0S"
    return "P" + days + ("T" + time if time else "")


def _offset(zone: tuple[str, ...]) -> timedelta:
    """How far the local time is ahead of UTC; ValueError where no clock has such minutes."""
    if not zone or not zone[0]:
        return timedelta()
    sign, hours, minutes = zone[0], int(zone[1]), int(zone[2])
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if sign == "-" else ahead


def _complaint(text: str) -> str:
    if not text.strip():
        return "is empty"
    if re.fullmatch(ZONELESS, text):
        return "has no zone"
    if re.fullmatch(FRACTION, text):
        return "has a fraction of a second, and instants are whole seconds"
    return "is not an instant"


def _out_of_range(text: str, field: str) -> Malformed:
    span = f"an instant lies from {iso_instant(EARLIEST)} to {iso_instant(LATEST)}"
    return Malformed(field, f"{quote(text)} is out of range: {span}.")
