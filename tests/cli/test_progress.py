"""Progress: what is drawn and when, with a clock in hand, and who tells it what."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dispute_cli import questions as q
from dispute_cli.cli.progress import Progress, amount, span
from dispute_cli.runs import batch
from dispute_cli.steps import Step
from dispute_cli.store import signals
from tests.cli.screen import Ascii, Terminal
from tests.service.lines import batch as run_batch
from tests.service.shop import Shop, on_disk

AT = datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


def played(*steps: tuple[float, Step], terminal: Terminal | None = None, colour: bool = False) -> tuple[Progress, Terminal]:
    """Progress that was told each step at its second."""
    clock, terminal = Clock(), terminal or Terminal()
    progress = Progress(terminal, colour, clock)
    began = clock.now
    for second, step in steps:
        clock.now = began + second
        progress(step)
    return progress, terminal


def tick(done: int, share: float | None = None) -> Step:
    return Step("tick", done, "deadlines", share, AT)


# When


def test_nothing_is_drawn_in_the_first_half_second() -> None:
    _, terminal = played((0.1, tick(16)), (0.49, tick(5000)))
    assert terminal.getvalue() == ""


def test_it_is_drawn_ten_times_a_second_at_most() -> None:
    _, terminal = played(*((number / 100, tick(number)) for number in range(151)))
    assert [int(count) for count in re.findall(r"(\d+) deadlines", terminal.getvalue())] == [50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150]


def test_what_was_never_drawn_is_never_erased() -> None:
    progress, terminal = played((0.1, tick(1)))
    progress.erase()
    assert terminal.getvalue() == ""


def test_it_is_erased_without_a_trace_and_the_cursor_is_shown_again() -> None:
    progress, terminal = played((0.5, tick(10, 0.5)), (0.6, tick(20, 0.6)))
    terminal.write("^C")
    progress.erase()
    assert terminal.screen == []
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


def test_after_an_erasure_the_next_step_draws_it_anew() -> None:
    progress, terminal = played((0.5, tick(10)))
    progress.erase()
    terminal.write("error: something\n")
    progress.clock.now += 0.1  # type: ignore[attr-defined]  # the clock is one that the test made
    progress(tick(11))
    assert [line[:12] for line in terminal.screen] == ["error: somet", "tick 11 dead"]


# What


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ([(0, tick(0)), (2, tick(30_000, 0.25))], "25% 30,000 deadlines, 15,000/s, 6 s left, 2026-03-01T00:00:00Z"),
        ([(0, tick(0)), (2, tick(30_000))], "tick 30,000 deadlines, 15,000/s, 2026-03-01T00:00:00Z"),
        ([(1, Step("checking lines", 50, "events", 0.5))], "50% 50 events"),
        ([(0, Step("checking lines", 50, "events", 0.5)), (1, Step("replaying orders", 10, "events", 0.0))], "0% 10 events"),
        ([(0, Step("copying", 0, "bytes", 0.0)), (2, Step("copying", 25_000_000, "bytes", 0.99))], "99% 25.0 MB, 12.5 MB/s, 0 s left"),
        ([(0, Step("batch", 1, "lines")), (1, Step("batch", 2001, "lines"))], "batch 2,001 lines, 2,000/s"),
    ],
)
def test_it_says_what_is_done_how_fast_and_how_long_it_will_take(steps: list[tuple[float, Step]], shown: str) -> None:
    _, terminal = played(*steps)
    assert [line.endswith(shown) for line in terminal.screen] == [True], terminal.screen


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (125, "2 min 05 s"), (6000, "1 h 40 min"), (360000, "100 h 00 min")])
def test_a_span_of_time_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_bytes_are_said_in_megabytes() -> None:
    assert (amount(1_234_567_890, "bytes"), amount(1234, "lines")) == ("1,234.6 MB", "1,234 lines")


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 100, 200])
@pytest.mark.parametrize("terminal", [Terminal, Ascii])
def test_it_is_one_line_no_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int, terminal: type[Terminal]) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    _, seen = played((0, tick(0)), (2, tick(30_000, 0.5)), terminal=terminal())
    assert len(seen.screen) == 1 and len(seen.screen[0]) < columns
    assert seen.screen[0].startswith("tick ") and ("30,000 deadlines" in seen.screen[0]) == (columns > 20)
    bar = columns >= 80
    assert ("━" in seen.getvalue(), "---" in seen.getvalue()) == (bar and terminal is Terminal, bar and terminal is Ascii)


def test_it_has_colour_only_where_that_is_wanted() -> None:
    _, plain = played((0, tick(0)), (1, tick(1, 0.5)))
    _, coloured = played((0, tick(0)), (1, tick(1, 0.5)), colour=True)
    assert (re.findall(r"\x1b\[[0-9;]*m", plain.getvalue()), len(re.findall(r"\x1b\[[0-9;]*m", coloured.getvalue())) > 0) == ([], True)
    assert "50% 1 deadline" in coloured.screen[0]


def test_a_terminal_that_is_gone_stops_no_work() -> None:
    class Gone(Terminal):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    progress, _ = played((0.5, tick(1)), (0.7, tick(2)), terminal=Gone())
    progress.erase()


def test_it_is_drawn_whole_though_a_signal_comes_meanwhile() -> None:
    held: list[bool] = []

    class Asking(Terminal):
        def write(self, text: str) -> int:
            held.append(bool(signals._before))
            return super().write(text)

    progress, _ = played((0.5, tick(1)), terminal=Asking())
    progress.erase()
    assert set(held) == {True} and not signals._before


# Who tells it


def steps_of(shop: Shop, do: Callable[[Shop], Any]) -> list[Step]:
    told: list[Step] = []
    shop.service.watch = told.append
    do(shop)
    return told


@pytest.fixture
def every_firing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.ticking.FIRINGS_A_COMMIT", 1)


@pytest.mark.usefixtures("every_firing")
def test_a_tick_tells_how_far_the_clock_came() -> None:
    shop = Shop().order("O-1").tick("10d").order("O-2")
    told = steps_of(shop, lambda shop: shop.tick("100d"))
    assert [step.done for step in told] == list(range(1, len(told) + 1))
    assert [step.share for step in told] == [(step.at - told[0].at + (told[0].at - shop.clock)).days / 100 - 0.1 for step in told if step.at and told[0].at]
    assert {step.of for step in told} == {"deadlines"}


@pytest.mark.usefixtures("every_firing")
def test_a_tick_until_idle_tells_how_many_orders_are_due_no_more() -> None:
    shop = Shop().order("O-1").tick("10d").order("O-2").tick("10d").opened("O-2")
    told = steps_of(shop, lambda shop: shop.tick(until_idle=True))
    shares = [step.share for step in told]
    assert shares[-1] == 1.0 and shares == sorted(shares, key=lambda share: share or 0.0) and set(shares) <= {0.0, 0.5, 1.0}


@pytest.mark.usefixtures("every_firing")
def test_a_tick_at_its_last_instant_knows_no_share() -> None:
    shop = Shop().order("O-1").order("O-2")
    told = steps_of(shop, lambda shop: shop.tick(next=True))
    assert [(step.done, step.share) for step in told] == [(1, None), (2, None)]


def test_a_verification_tells_events_read_then_events_replayed(tmp_path: Path) -> None:
    told = steps_of(Shop(on_disk(tmp_path)).order("O-1").opened("O-1"), lambda shop: shop.ask(q.Verify()))
    last = told[-1].done
    assert [(step.work, step.share) for step in told[-2:]] == [("checking lines", 1.0), ("replaying orders", 1.0)]
    assert told[-2].done == last and told[0].share == 1 / last


def test_a_backup_tells_bytes_and_ends_with_all_of_them(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order("O-1").opened("O-1")
    told = steps_of(shop, lambda shop: shop.ask(q.Backup(file=str(tmp_path / "copy"))))
    size = sum(file.stat().st_size for file in [tmp_path / "copy", *(tmp_path / "copy.d/blobs").iterdir()])
    assert (told[-1].done, told[-1].share, told[-1].of) == (size, 1.0, "bytes")
    signals.drop()


@pytest.mark.usefixtures("every_firing")
def test_a_batch_tells_lines_and_within_a_long_tick_the_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Step] = []
    made = batch.Batch
    monkeypatch.setattr("tests.service.lines.Batch", lambda **given: made(**given, watch=told.append))
    run_batch(Shop(), "order create O-1 --price 5.00", "tick 100d", "message O-1 x")
    assert [step.done for step in told] == sorted(step.done for step in told)
    assert {(step.done, step.at is None) for step in told} == {(1, True), (2, False), (2, True), (3, True)}
