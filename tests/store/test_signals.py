"""INT, TERM and HUP are held from the write to the flushed answer, and only then."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dispute_cli.store import signals
from dispute_cli.store.json_log import JsonLogStore

from .facts import commit, facts, fill, made, said

HELD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def masked() -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ())) & set(HELD)


def strike(name: int) -> None:
    """Send a signal to this thread alone: a test runner may have others."""
    signal.pthread_kill(threading.get_ident(), name)


def test_nothing_is_held_before_a_write_nor_after_a_refusal(tmp_path: Path) -> None:
    store = made(tmp_path, 1)
    signals.drop()
    with store.write("x") as desk:
        assert not masked()
        with pytest.raises(ValueError, match="missing"):
            desk.append([commit(said(9))])
        desk.append([])
        desk.keep(b"x")
    assert not masked()
    assert not signals.pending()


def test_from_the_write_on_they_are_held_until_dropped(tmp_path: Path) -> None:
    store = made(tmp_path, 0)
    fill(store, commit(said(1)))
    assert masked() == set(HELD)
    assert not signals.pending()
    for name in HELD:
        strike(name)
    assert signals.pending()
    fill(store, commit(said(2)))
    signals.drop()
    assert not masked()
    assert not signals.pending()
    assert len(facts(store)) == 2


def test_holding_and_dropping_twice_is_as_once() -> None:
    assert signals.hold()
    assert not signals.hold()
    signals.drop()
    signals.drop()
    signals.restore()
    assert not masked()


def test_what_was_blocked_before_stays_blocked_and_waiting() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        signals.hold()
        strike(signal.SIGHUP)
        strike(signal.SIGINT)
        signals.drop()
        assert signal.sigpending() == {signal.SIGHUP}
        assert masked() == {signal.SIGHUP}
        signal.sigwait({signal.SIGHUP})
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def test_restoring_lets_a_held_signal_strike() -> None:
    signals.hold()
    strike(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signals.restore()
    assert not masked()


def test_an_interrupt_that_came_just_before_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = signal.pthread_sigmask, []

    def mask(how: int, names: object) -> object:
        calls.append(how)
        before = real(how, names)  # type: ignore[arg-type]  # passed on as it came
        if len(calls) == 2:
            raise KeyboardInterrupt
        return before

    monkeypatch.setattr(signal, "pthread_sigmask", mask)
    with pytest.raises(KeyboardInterrupt):
        signals.hold()
    assert not masked()
    assert not signals._before


def test_where_there_are_no_masks_nothing_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask")
    assert not signals.hold()
    assert not signals.pending()
    signals.drop()


def test_a_child_that_is_given_restore_can_be_interrupted() -> None:
    code = "import signal; print(sorted(int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, ())))"
    signals.hold()
    inherited = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    free = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, preexec_fn=signals.restore).stdout
    assert (inherited.strip(), free.strip()) == ("[1, 2, 15]", "[]")


@pytest.mark.parametrize("name", HELD)
def test_a_signal_within_the_write_strikes_after_the_answer(tmp_path: Path, name: signal.Signals) -> None:
    made(tmp_path, 1)
    code = f"""
import os, sys
from dispute_cli.store import desk as module, signals
from tests.store.facts import *
sync = module.sync
module.sync = lambda fd: (os.kill(os.getpid(), {int(name)}), sync(fd))
with JsonLogStore(sys.argv[1]).write("x") as desk:
    desk.append([commit(said(2))])
print("told", signals.pending(), flush=True)
signals.drop()
"""
    path = str(tmp_path / "disputes.json")
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stdout, done.stderr) == (0, "told True\n", "")
    assert len(facts(JsonLogStore(path))) == 2
