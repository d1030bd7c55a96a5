"""Instants and durations: strict forms in, one form out (K6)."""

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispute_cli.core.instants import EARLIEST, LATEST, MOST_DAYS, duration, instant, iso_duration, iso_instant, later
from dispute_cli.core.malformed import Malformed

rule = pytest.mark.rule
fuzz = settings(derandomize=True, database=None, deadline=None, max_examples=300)

DAY = timedelta(days=1)
ARABIC_ONE = "\u0661"


@rule("K6")
@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"),
        ("2026-01-01", "2026-01-01T00:00:00Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z"),
        ("2026-01-01T00:00:00+02:00", "2025-12-31T22:00:00Z"),
        ("2026-01-01T00:00:00-05:30", "2026-01-01T05:30:00Z"),
        ("2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01T12:00:00+23:59", "2025-12-31T12:01:00Z"),
        ("1970-01-01", "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00Z"),
        ("8999-12-31T23:59:59Z", "8999-12-31T23:59:59Z"),
        ("9000-01-01T00:59:59+01:00", "8999-12-31T23:59:59Z"),
    ],
)
def test_an_instant_is_rfc_3339_with_a_zone_or_a_date(text: str, iso: str) -> None:
    assert iso_instant(instant(text)) == iso
    assert instant(text).tzinfo is UTC


NO_INSTANTS = ["2026-02-30", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "23:59:60Z", "24:00:00Z", "2026-01-01T23:59:60Z"]
NO_INSTANTS += ["2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00", "2026-01-01T00:00Z", "20260101"]
NO_INSTANTS += [
    "2026-W01-1",
    "2026-001",
    "2026-01-01T00:00:00.000000000Z",
    "2026-01-01T00:00:00.0Z",
    "2026-01-01T00:00:00,5Z",
    "now",
    "12:30",
]
NO_INSTANTS += ["2026-01-01 00:00:00Z", "2026-01-01T00:00:00+0200", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60", "2026-1-1"]
NO_INSTANTS += ["2026-01-01T00:00:00UTC", "2026-01-01Z", "2026-01-01\n", " 2026-01-01", "2026-01-01T00:00:00Z\n", "", " ", "-2026-01-01"]
NO_INSTANTS += [
    f"2026-01-0{ARABIC_ONE}",
    "+12026-01-01",
    "0000-01-01",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "9999-12-31",
]
NO_INSTANTS += [
    "9000-01-01",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01",
    "8999-12-31T23:59:59-00:01",
    "1767225600",
    "2026-01-01" * 9999,
]


@rule("K6")
@pytest.mark.parametrize("text", NO_INSTANTS, ids=lambda text: ascii(text)[:40])
def test_a_text_that_is_no_instant_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        instant(text, "to")
    assert caught.value.field == "to"


@rule("K6")
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "'' is empty: write it as 2026-01-31T12:00:00Z"),
        ("2026-01-01T00:00:00", "has no zone: write it as 2026-01-31T12:00:00Z"),
        ("2026-01-01 00:00", "has no zone"),
        ("2026-01-01T00:00:00.5Z", "has a fraction of a second, and instants are whole seconds"),
        ("12:30", "'12:30' is not an instant: write it as .* or as a date"),
        ("2026-02-30", "'2026-02-30' does not exist"),
        ("2026-01-01T00:00:00+24:00", "does not exist"),
        ("9999-12-31", "is out of range: an instant lies from 1970-01-01T00:00:00Z to 8999-12-31T23:59:59Z"),
        ("1968-02-30", "is out of range"),
        ("1969-02-30", "does not exist"),
        ("9000-02-30", "does not exist"),
        ("9001-02-30", "is out of range"),
    ],
)
def test_the_message_says_why_it_is_no_instant(text: str, part: str) -> None:
    with pytest.raises(Malformed, match=part):
        instant(text)


@rule("K6")
@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("30d", "P30D"),
        ("36h", "P1DT12H"),
        ("90m", "PT1H30M"),
        ("45s", "PT45S"),
        ("1d12h", "P1DT12H"),
        ("12h1d", "P1DT12H"),
        ("1d1d", "P2D"),
        ("1d1s", "P1DT1S"),
        ("1d2h3m4s", "P1DT2H3M4S"),
        ("007d", "P7D"),
        ("P30D", "P30D"),
        ("PT36H", "P1DT12H"),
        ("P1DT12H30M5S", "P1DT12H30M5S"),
        ("PT90M", "PT1H30M"),
        ("0s", "PT0S"),
        ("0d0h", "PT0S"),
        ("PT0S", "PT0S"),
        ("P0D", "PT0S"),
        ("3000000d", "P3000000D"),
        ("259200000000s", "P3000000D"),
        ("0" * 9_000 + "1d", "P1D"),
    ],
    ids=lambda text: text[-40:],
)
def test_a_duration_is_days_hours_minutes_and_seconds(text: str, iso: str) -> None:
    assert iso_duration(duration(text)) == iso


NO_DURATIONS = [
    "P1M",
    "P1Y",
    "P1W",
    "1y",
    "1w",
    "1M",
    "PT",
    "P12M4M",
    "P",
    "-1d",
    "+1d",
    "-P1D",
    "P-1D",
    "1.5d",
    "PT1.5S",
    "PT0,5S",
    "",
    " ",
]
NO_DURATIONS += [
    "30",
    "d",
    "1d ",
    " 1d",
    "1 d",
    "1d\n",
    "P1D\n",
    "30D",
    "p30d",
    "P30d",
    "P1DT",
    "PT12H1D",
    "P1H",
    "1d12",
    "T1H",
]
NO_DURATIONS += [
    f"{ARABIC_ONE}d",
    "\uff11d",
    "1_0d",
    "1e3d",
    "0x1d",
    "2 days",
    "1000000000d",
    "3000001d",
    "3000000d1s",
    "9" * 10_000 + "s",
    "1d" + "9" * 10_000 + "s",
    "P30DT36HT1M",
]


@rule("K6")
@pytest.mark.parametrize("text", NO_DURATIONS, ids=lambda text: ascii(text)[:40])
def test_a_text_that_is_no_duration_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        duration(text, "within")
    assert caught.value.field == "within"
    assert "such as 30d" in caught.value.message


@rule("K6")
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "'' is empty: write days"),
        ("P1M", "is not a duration .no weeks, months, years"),
        ("3000001d", "is too long: a duration is at most 3,000,000 days"),
    ],
)
def test_the_message_says_why_it_is_no_duration(text: str, part: str) -> None:
    with pytest.raises(Malformed, match=part):
        duration(text)


@rule("K6")
def test_an_instant_of_another_zone_is_printed_in_utc() -> None:
    at = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert iso_instant(at) == "2025-12-31T23:30:00Z"


@rule("K6")
def test_an_instant_is_printed_in_whole_seconds() -> None:
    assert iso_instant(datetime(2026, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC)) == "2026-01-01T23:59:59Z"


@rule("K6")
def test_an_instant_after_the_last_one_is_malformed() -> None:
    assert later(EARLIEST, DAY) == EARLIEST + DAY
    assert later(LATEST, timedelta()) == LATEST
    assert later(LATEST - DAY, DAY) == LATEST
    with pytest.raises(Malformed, match=r"PT1S after 8999-12-31T23:59:59Z is past the last instant there is") as caught:
        later(LATEST, timedelta(seconds=1), "tick")
    assert caught.value.field == "tick"
    with pytest.raises(Malformed, match="P3000000D after 2026-01-01T00:00:00Z"):
        later(instant("2026-01-01"), timedelta(days=MOST_DAYS))


@rule("K6")
@fuzz
@given(st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None)))
def test_printing_and_reading_an_instant_give_it_back(local: datetime) -> None:
    at = local.replace(microsecond=0, tzinfo=UTC)
    assert instant(iso_instant(at)) == at


@rule("K6")
@fuzz
@given(st.integers(0, MOST_DAYS * 86_400))
def test_printing_and_reading_a_duration_give_it_back(seconds: int) -> None:
    assert duration(iso_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
    assert duration(f"{seconds}s") == timedelta(seconds=seconds)


@rule("K6")
@fuzz
@given(st.text())
def test_any_text_is_an_instant_or_a_duration_or_malformed(text: str) -> None:
    _try_both(text)


@rule("K6")
def test_twenty_thousand_damaged_instants_and_durations_are_read_or_malformed() -> None:
    draw = random.Random(20260101)
    sound = ["2026-01-01T00:00:00Z", "2026-12-31T23:59:59+14:00", "9999-12-31", "P1DT12H30M5S", "1d12h30m5s", "PT0S"]
    for _ in range(20_000):
        letters = list(draw.choice(sound))
        for _ in range(draw.randint(1, 3)):
            letters[draw.randrange(len(letters))] = draw.choice("0123456789-:+.TZPDHMSdhms \n\u0661\uff10") * draw.randint(0, 2)
        _try_both("".join(letters))


def _try_both(text: str) -> None:
    try:
        sound = EARLIEST <= instant(text) <= LATEST
    except Malformed as complaint:
        sound = complaint.message.isprintable()
    assert sound
    try:
        sound = timedelta() <= duration(text) <= timedelta(days=MOST_DAYS)
    except Malformed as complaint:
        sound = complaint.message.isprintable()
    assert sound
