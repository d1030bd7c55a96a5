"""Bad instants, durations and numbers of days are usage; a clock never goes back; and the forms that are fine."""

import pytest

from tests.run import Place

from .judging import refused, refused_here, short

EXIST, ZONE, FRACTION, NONE, RANGE = "does not exist", "has no zone", "whole seconds", "is not an instant", "is out of range"
INSTANTS = [
    ("2026-02-30", EXIST),
    ("23:59:60Z", NONE),
    ("2026-02-01T23:59:60Z", EXIST),
    ("24:00:00Z", NONE),
    ("2026-02-01T24:00:00Z", EXIST),
    ("2026-02-01T00:00:00", ZONE),
    ("20260101", NONE),
    ("2026-W01-1", NONE),
    ("2026-02-01T00:00:00.123456789Z", FRACTION),
    ("now", NONE),
    ("12:30", NONE),
    ("", "is empty"),
    ("9999-12-31", RANGE),
]
KIN = [
    *((text, EXIST) for text in ("2026-13-01", "2026-00-10", "2025-02-29", "2026-02-01T23:60:00Z", "2026-02-01T00:00:00+24:00", "2026-02-01T00:00:00+01:60")),
    *((text, ZONE) for text in ("2026-02-01 00:00:00", "2026-02-01T00:00")),
    *((text, FRACTION) for text in ("2026-02-01T00:00:00.0Z", "2026-02-01T00:00:00,5Z")),
    *((text, RANGE) for text in ("9999-12-31T23:59:59-23:59", "9000-01-01", "1969-12-31", "0001-01-01", "0000-01-01")),
    *((f"2026-02-01{rest}", NONE) for rest in ("T00:00Z", "T00Z", "T00:00:00 Z", "T00:00:00UTC", "T00:00:00+0100", "T00:00:00+01", "T00:00:00\u221201:00", "T00:00:00Z\n", "\u200b")),
    *((text, NONE) for text in (" 2026-02-01", "20260201T000000Z", "2026-032", "2026-2-1", "2026/02/01", "01.02.2026", "+2026-02-01", "-2026-02-01", "10000-01-01")),
    *((text, NONE) for text in ("٢٠٢٦-٠٢-٠١", "２０２６-02-01", "tomorrow", "@0", "1767225600", "9" * 5000, "\x1b[31m", "[/bold]")),
    (" ", "is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("instant", "says"), INSTANTS, ids=short)
def test_what_is_no_instant_is_usage(dispute: Place, instant: str, says: str) -> None:
    refused(dispute, 2, "tick", f"--to={instant}", says=says)


@pytest.mark.parametrize(("instant", "says"), KIN, ids=short)
def test_nor_are_these_instants(dispute: Place, instant: str, says: str) -> None:
    refused_here(dispute, 2, "tick", f"--to={instant}", says=says)


@pytest.mark.parametrize(
    "argv",
    [
        ("status", "O-1", "--at=12:30"),
        ("status", "O-1", "--at=9999-12-31"),
        ("order", "create", "N-1", "--price", "5", "--deliver-by=2026-02-30"),
        ("order", "create", "N-1", "--price", "5", "--deliver-by="),
        ("init", "--store", "new.json", "--start=9999-12-31"),
        ("init", "--store", "new.json", "--start=now"),
        ("init", "--store", "new.json", "--start="),
    ],
    ids=short,
)
def test_it_is_usage_wherever_an_instant_is_given(dispute: Place, argv: tuple[str, ...]) -> None:
    refused_here(dispute, 2, *argv, says=argv[-1].partition("=")[2])


NO_DURATION, TOO_LONG = "is not a duration", "is too long"
DURATIONS = [
    *((text, NO_DURATION) for text in ("P1M", "1y", "PT", "P12M4M", "P", "-1d", "1.5d")),
    ("", "is empty"),
    ("1000000000d", TOO_LONG),
]
DURATIONS_KIN = [
    "1Y", "PT1M1M", "P1DT", "P1W", "1w", "P1Y", "P-1D", "-P1D", "+1d", "1,5d", "PT0.5S", "PT1.5H", "1D", "1 d", " 1d", "1d ", "1d\n", "1d\u200b", "d", "1", "0",
    "1h1", "1ms", "1e3d", "0x1d", "1_0d", "inf", "NaN", "1d12h30", "١d", "１d", "1ｄ", "p1d", "P1d", "T1H", "forever", "30 days", "1d;",
]  # fmt: skip


@pytest.mark.parametrize(("duration", "says"), DURATIONS, ids=short)
def test_what_is_no_duration_is_usage(dispute: Place, duration: str, says: str) -> None:
    refused(dispute, 2, "tick", "--", duration, says=says)


@pytest.mark.parametrize("duration", DURATIONS_KIN, ids=short)
def test_nor_are_these_durations(dispute: Place, duration: str) -> None:
    refused_here(dispute, 2, "tick", "--", duration, says=NO_DURATION)


@pytest.mark.parametrize(
    ("duration", "says"),
    [("3000001d", TOO_LONG), ("9" * 5000 + "s", TOO_LONG), ("P" + "9" * 5000 + "D", TOO_LONG), ("3000000d", "is past the last instant")],
    ids=short,
)
def test_a_duration_past_the_calendar_is_usage(dispute: Place, duration: str, says: str) -> None:
    refused_here(dispute, 2, "tick", duration, says=says)


@pytest.mark.parametrize(
    "argv",
    [("deadlines", "--within=1w"), ("status", "--due=P1M"), ("status", "--lock-timeout=-1s"), ("status", "--lock-timeout=")],
    ids=short,
)
def test_it_is_usage_wherever_a_duration_is_given(dispute: Place, argv: tuple[str, ...]) -> None:
    refused_here(dispute, 2, *argv, says="duration" if argv[-1][-1] != "=" else "is empty")


def test_no_days_at_all_are_usage(dispute: Place) -> None:
    refused(dispute, 2, "extend-protection", "O-1", "--days", "0", says="0 is no number of days")


@pytest.mark.parametrize(
    "days", ["-1", "+1", "1.5", "1e2", "1_0", "٣", "３", "0x1", " 1", "1\n", "", "inf", "1000001", "9" * 30, "9" * 5000], ids=short
)
def test_what_is_no_number_of_days_is_usage(dispute: Place, days: str) -> None:
    refused_here(dispute, 2, "extend-protection", "O-1", f"--days={days}", says="no number")


def test_days_without_their_number_are_usage(dispute: Place) -> None:
    refused_here(dispute, 2, "extend-protection", "O-1", "--days", says="requires an argument")


def test_the_clock_never_goes_back(dispute: Place) -> None:
    refused(dispute, 5, "tick", "--to", "2025-12-31", rule="K1")
    refused_here(dispute, 5, "tick", "--to", "2026-01-01T00:00:00+00:01", rule="K1")


@pytest.mark.parametrize(
    ("argv", "now"),
    [
        (("--to", "2026-01-02"), "2026-01-02T00:00:00Z"),
        (("--to", "2026-01-02t00:00:00z"), "2026-01-02T00:00:00Z"),
        (("--to", "2026-01-02T00:00:00-00:00"), "2026-01-02T00:00:00Z"),
        (("--to", "2026-01-02T00:00:00+23:59"), "2026-01-01T00:01:00Z"),
        (("1d12h",), "2026-01-02T12:00:00Z"),
        (("P1DT12H",), "2026-01-02T12:00:00Z"),
        (("0s",), "2026-01-01T00:00:00Z"),
        (("P0D",), "2026-01-01T00:00:00Z"),
        (("00000000000000000001d",), "2026-01-02T00:00:00Z"),
    ],
    ids=short,
)
def test_the_forms_that_are_fine(dispute: Place, argv: tuple[str, ...], now: str) -> None:
    assert dispute.ok("tick", *argv, "--json").json["now"] == now
