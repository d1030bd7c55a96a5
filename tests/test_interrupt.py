"""Ctrl-C, TERM and HUP at any moment: what is written is whole and a beginning of the uninterrupted run, and the words say where it stopped."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispute_cli import questions as q
from dispute_cli import ticking
from dispute_cli.core import commands as c
from dispute_cli.core.events import Event
from dispute_cli.steps import Stopped
from dispute_cli.store.memory import MemoryStore
from tests.given import rule
from tests.pictures import PNG
from tests.run import ROOT, Place
from tests.service.shop import Shop
from tests.store.facts import facts
from tests.struck import Run, sweep

LINES = [
    "order create O-0 --price 50.00",
    "order create O-1 --price 20.00 --delivery 5.00",
    "order ship O-1 --tracking T-1",
    "tick 1d",
    *(f"order create O-{number} --price 10.00" for number in range(2, 9)),
    *(f"open O-{number} --not-received --reason wrong_tracking --message 'Another parcel has this number'" for number in range(2, 8)),
    "tick 2d",
    "respond O-2 --refund 5.00",
    "message O-0 hello",
    "tick 40d",
    "message O-0 bye",
]


@pytest.fixture
def market(tmp_path: Path) -> Path:
    """A folder with a store, lines for a batch, and a picture, as `whole` to be copied."""
    folder = tmp_path / "whole"
    folder.mkdir()
    place = Place(folder)
    place.ok("init")
    (folder / "lines").write_text("".join(f"{line}\n" for line in LINES))
    return tmp_path


def filled(market: Path) -> Path:
    place = Place(market / "whole")
    place.ok("batch", stdin="".join(f"{line}\n" for line in LINES[:-2]).encode())
    (place.folder / "cup.png").write_bytes(PNG)
    place.ok("add-evidence", "O-2", "cup.png")
    return market


def sound(run: Run, whole: list[Event]) -> list[Event]:
    """The run's events, a beginning of the whole run's, in a store without a problem."""
    events = facts(run.shop.store)
    assert events == whole[: len(events)]
    verified = run.shop.ask(q.Verify())
    assert verified.ok and verified.checked == len(events)
    return events


@rule("K3")
@pytest.mark.parametrize("again", ["", "dispute_cli.cli.main.fail"])
def test_a_tick_that_is_struck_at_any_moment_is_a_shorter_tick(market: Path, again: str) -> None:
    full, *struck = sweep(filled(market), "tick", "--to", "2026-05-01", "--json", again=again)
    whole = facts(full.shop.store)
    began = len(facts(Run(Place(market / "whole"), 0).shop.store))
    kinds = set()
    for run in struck:
        events = sound(run, whole)
        if run.code == 0:
            assert events == whole and run.read("err") == ""
            assert run.told == full.told
            continue
        error = run.told[0]["error"]
        assert (error["code"], error["exit"], error["message"]) == ("interrupted", 130, run.message)
        kinds.add(len(events) > began)
        says = f"interrupted: the clock stands at {run.shop.now:%Y-%m-%dT%H:%M:%SZ}, " if len(events) > began else "interrupted: nothing was changed."
        assert run.message.startswith(says)
        if len(events) > began:
            assert run.message.endswith(" fired; all of it is written. `dispute tick --to 2026-05-01T00:00:00Z` goes on from there.")
            assert run.told[0]["now"] in run.message
        run.place.ok("tick", "--to", "2026-05-01")
        assert facts(run.shop.store) == whole
    assert kinds == {False, True}, "some are struck before the first write, some after it"


@rule("K3")
@pytest.mark.parametrize("again", ["", "dispute_cli.cli.main.fail"])
def test_a_batch_that_is_struck_at_any_moment_has_written_what_it_told_and_says_after_which_line(market: Path, again: str) -> None:
    full, *struck = sweep(market, "batch", "lines", again=again)
    whole = facts(full.shop.store)
    lines = set()
    for run in struck:
        events = sound(run, whole)
        told = run.told
        assert told == full.told[: len(told)]
        last = told[-1]["line"] if told else 0
        if run.code == 0:
            assert events == whole
            continue
        lines.add(last)
        known = sum(len(answer["events"]) for answer in told)
        if "was cut short" in run.message:
            assert f"Line {last + 1} was cut short: the clock stands at" in run.message and len(events) > known
        else:
            says = f"after line {last}: what was told until then is written, nothing else." if last else "before the first line was done: nothing was changed."
            assert run.message.endswith(says) or run.message == "interrupted: nothing was changed."
            assert len(events) == known
    assert 0 in lines and len(lines) > 3


def test_an_atomic_batch_that_is_struck_at_any_moment_is_all_or_nothing(market: Path) -> None:
    full, *struck = sweep(market, "batch", "lines", "--atomic")
    whole = facts(full.shop.store)
    for run in struck:
        assert sound(run, whole) == (whole if run.code == 0 else [])
        assert run.code == 0 or run.message.endswith("nothing was changed.")


@pytest.mark.parametrize("again", ["", "dispute_cli.store.upkeep._remove", "dispute_cli.cli.main.fail"])
def test_a_backup_that_is_struck_at_any_moment_is_whole_or_nothing_of_it_is_left(market: Path, again: str) -> None:
    full, *struck = sweep(filled(market), "backup", "copy.json", again=again)
    copy = {file.name: file.read_bytes() for file in full.place.folder.rglob("copy.json*/**/*") if file.is_file()}
    assert len(copy) == 1
    says = set()
    for run in struck:
        left = sorted(path.name for path in run.place.folder.glob("copy.json*"))
        assert run.place.bytes() == full.place.bytes()
        if run.code == 0:
            assert (run.place.folder / "copy.json").read_bytes() == (full.place.folder / "copy.json").read_bytes()
            assert {file.name: file.read_bytes() for file in (run.place.folder / "copy.json.d").rglob("*") if file.is_file()} == copy
        else:
            assert left == []
            says.add(run.message)
    assert says == {"interrupted: nothing was changed.", "interrupted: no copy was made, and nothing of it is left."}


@pytest.mark.parametrize("again", ["", "dispute_cli.cli.main.fail"])
def test_a_verification_that_is_struck_at_any_moment_changes_nothing_and_says_how_far_it_was(market: Path, again: str) -> None:
    full, *struck = sweep(filled(market), "verify", "--json", again=again)
    says = set()
    for run in struck:
        assert run.place.bytes() == full.place.bytes()
        if run.code == 130:
            assert run.told[0]["error"]["message"] == run.message
            assert run.message.lower().endswith("nothing was changed.")
            says.add(run.message)
    assert len(says) > 5 and any("20 events were checked" in message or "replayed" in message for message in says)


def test_a_verification_that_is_stopped_tells_the_problem_that_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop().order("O-1").opened("O-1")
    real = shop.store.audit

    def audit() -> Iterator[Any]:
        from dispute_cli.store import Problem

        yield from real()
        yield Problem("a line is damaged", line=7)
        raise KeyboardInterrupt

    monkeypatch.setattr(shop.store, "audit", audit)
    with pytest.raises(Stopped, match=r"1 problem found, the first: a line is damaged. Nothing was changed."):
        shop.ask(q.Verify())


def test_a_verification_in_a_batch_is_stopped_at_once_for_all_before_it_is_told(market: Path) -> None:
    code = "import os, signal\nfrom dispute_cli import keeping\nfrom dispute_cli.cli.main import main\n"
    strike = "keeping.order_problems = lambda *given: os.kill(os.getpid(), signal.SIGINT) or ()\nmain()"
    given = [sys.executable, "-c", code + strike, "batch"]
    place = Place(market / "whole")
    lines = b"order create O-1 --price 5.00\nmessage O-1 hello\nverify\n"
    ran = subprocess.run(given, cwd=place.folder, env=place.environment(), input=lines, capture_output=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout.count(b"\n")) == (130, 2)
    says = "after line 2: what was told until then is written. Line 3 was cut short: 2 events were checked, 0 of them replayed, and no problem found."
    assert ran.stderr.decode() == f"error: interrupted {says} Nothing was changed.\n"


# In this process


def stock(shop: Shop) -> Shop:
    """Seven orders, each to be released at the end of its protection."""
    for number in range(7):
        shop.order(f"O-{number}")
    return shop


@rule("K3")
def test_an_interrupted_tick_keeps_whole_commits_and_the_next_makes_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "FIRINGS_A_COMMIT", 2)
    monkeypatch.setattr(ticking, "COMMITS_A_SYNC", 1)
    whole, cut = stock(Shop()), stock(Shop())
    whole.service.ask(q.Tick(to="2026-04-01"))
    with monkeypatch.context() as stopped:
        stopped.setattr(MemoryStore, "interrupted", lambda store: True)
        with pytest.raises(Stopped, match=r"the clock stands at 2026-0.*, 2 deadlines fired; all of it is written"):
            cut.service.ask(q.Tick(to="2026-04-01"))
    with cut.store.read() as view:
        assert view.seq == 7 + 2 * 3
    cut.service.ask(q.Tick(to="2026-04-01"))
    assert cut.service.ask(q.Events()) == whole.service.ask(q.Events())


@pytest.mark.parametrize(("clock", "form", "rest"), [("wall", {}, ""), ("simulated", {"until_idle": True}, " --until-idle")])
def test_a_tick_that_is_cut_short_says_how_to_make_the_rest(monkeypatch: pytest.MonkeyPatch, clock: str, form: dict[str, Any], rest: str) -> None:
    shop = stopping(monkeypatch, clock)
    with pytest.raises(Stopped, match=f"`dispute tick{rest}` goes on from there.$"):
        shop.service.ask(q.Tick(**form))


@rule("K1")
def test_a_command_that_is_cut_short_while_the_clock_catches_up_says_that_it_was_not_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = stopping(monkeypatch, "wall")
    with pytest.raises(Stopped, match=r"`dispute tick` goes on from there. The command itself was not carried out.$"):
        shop.give(c.SendMessage, "O-1", text="hello")
    assert "message_sent" not in shop.types()


def stopping(monkeypatch: pytest.MonkeyPatch, clock: str) -> Shop:
    """A shop in which everything is due, and somebody asks to stop at once."""
    shop = stock(Shop(clock=clock))
    shop.clock = shop.clock.replace(year=shop.clock.year + 1)
    monkeypatch.setattr(ticking, "FIRINGS_A_COMMIT", 1)
    monkeypatch.setattr(ticking, "COMMITS_A_SYNC", 1)
    monkeypatch.setattr(MemoryStore, "interrupted", lambda store: True)
    return shop


# The signals themselves


def heeding(body: str, **given: Any) -> subprocess.CompletedProcess[str]:
    code = f"import os, signal\nfrom dispute_cli.cli.main import heed\n{body}"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, **given)


def test_the_first_signal_stops_the_second_is_passed_over_and_the_third_ends_at_once() -> None:
    ran = heeding(
        "heed()\ntry:\n    os.kill(os.getpid(), signal.SIGTERM)\nexcept KeyboardInterrupt:\n    print('stopped', flush=True)\n"
        "os.kill(os.getpid(), signal.SIGINT)\nprint('tidied up', flush=True)\nos.kill(os.getpid(), signal.SIGINT)\nprint('never')"
    )
    assert (ran.stdout, ran.returncode) == ("stopped\ntidied up\n", -signal.SIGINT)


def test_what_was_to_be_ignored_is_ignored() -> None:
    ran = heeding("signal.signal(signal.SIGHUP, signal.SIG_IGN)\nheed()\nos.kill(os.getpid(), signal.SIGHUP)\nprint('goes on')")
    assert (ran.stdout, ran.returncode) == ("goes on\n", 0)
