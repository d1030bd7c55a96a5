"""Commands struck at a sample of their system calls; `make faults` strikes at every one. What a struck command may leave is judging.py's."""

from pathlib import Path

import pytest

from .cases import CASES
from .judging import judge, unlocked
from .points import KINDS, Point, calls, only, ready
from .stage import start
from .theatre import Theatre

SAMPLE = 12
"""Points of each case."""


def sample(theatre: Theatre, name: str) -> list[Point]:
    """Points spread evenly over a case's calls, the kinds in turn; another case begins with another kind."""
    points, turn = theatre.points(name), list(CASES).index(name)
    calls = len(points) // len(KINDS)
    return [points[number * calls // SAMPLE * len(KINDS) + (number + turn) % len(KINDS)] for number in range(SAMPLE)]


@pytest.mark.parametrize("name", CASES)
def test_a_command_that_is_struck_keeps_every_promise(theatre: Theatre, name: str) -> None:
    tally = theatre.strike(sample(theatre, name))
    assert tally.complaints == []
    assert tally.counts["hit"] == tally.counts["tried"] == SAMPLE
    assert tally.counts["killed"] and tally.counts["errors"]


def test_what_is_killed_between_the_sync_and_the_answer_is_there_untold_and_before_it_is_not(theatre: Theatre) -> None:
    for call, durable in (("fdatasync", 1), ("write", 1), ("flock", 0)):
        tally = theatre.strike([Point("message", call, 1, "KILL")])
        assert (tally.counts["killed"], tally.counts["durable"], tally.complaints) == (1, durable, [])


@pytest.mark.parametrize(
    ("name", "call", "on", "kind"),
    [
        ("init", "fsync", "", "INT"),
        ("init", "openat", "/index.sqlite", "EIO"),
        ("force", "fsync", "", "TERM"),
        ("force", "openat", "/disputes.json", "EIO"),
        ("init", "close", "/index.sqlite-journal", "KILL"),
        ("rebuild", "unlink", "/index.sqlite-journal", "KILL"),
        ("torn", "ftruncate", "/disputes.json", "KILL"),
        ("repair", "unlink", "", "TERM"),
    ],
)
def test_what_was_once_broken_at_some_call_is_whole(theatre: Theatre, name: str, call: str, on: str, kind: str) -> None:
    tally = theatre.strike(theatre.around(name, call, on, kind))
    assert tally.complaints == []
    assert tally.counts["hit"] == tally.counts["tried"] > 0


@pytest.mark.parametrize("name", ["backup", "repair"])
def test_what_is_done_is_not_told_as_an_unusable_store(theatre: Theatre, name: str) -> None:
    assert theatre.strike(theatre.around(name, "openat", "/disputes.json", "EACCES")).complaints == []


@pytest.mark.parametrize("call", ["ftruncate:signal=KILL:when=1", "pwrite64:signal=KILL:when=2", "fdatasync:signal=KILL:when=1"])
def test_a_kill_while_a_short_write_is_put_back_leaves_a_store(theatre: Theatre, tmp_path: Path, call: str) -> None:
    known, expected = theatre.know("large message")
    folder = ready(known.case, known.template, tmp_path / "short")
    document = folder / "disputes.json"
    struck = ["-P", str(document), "-e", f"inject={call}"]
    played = theatre.stage.play(folder, known.case.argv, struck, largest=document.stat().st_size + 200)
    assert (played.code, judge(expected, folder, played).complaints) == (-9, [])


def test_the_installed_program_makes_the_same_calls_as_the_one_on_the_stage(theatre: Theatre, tmp_path: Path) -> None:
    known, _ = theatre.know("message")
    folder = ready(known.case, known.template, tmp_path / "real")
    started = start(folder, known.case.argv, ["-y", *only(known.paths, folder)])
    assert (started.code, started.out) == (0, known.played.out)
    assert on_the_store(started.log) == on_the_store(known.played.log)


def on_the_store(log: str) -> list[str]:
    """The calls after the first on the store: before that a start looks into its folder and at its streams."""
    return calls(log[log.index("/disputes.json") :])


@pytest.mark.parametrize("name", CASES)
def test_the_document_is_changed_under_the_lock_alone(theatre: Theatre, name: str) -> None:
    assert unlocked(theatre.know(name)[0].played.log) == []
