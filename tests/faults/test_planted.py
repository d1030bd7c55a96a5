"""The harness catches the bugs that it is for: each is planted in a copy of the program and struck where it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .judging import judge, unlocked
from .planted import plant
from .points import ready
from .theatre import Theatre


@contextmanager
def planted(bug: str, folder: Path) -> Iterator[Theatre]:
    made = Theatre(folder / "theatre", plant(bug, folder))
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize(
    ("bug", "name", "call", "on", "kind", "says"),
    [
        ("the answer is told before the write", "message", "pwrite64", "/disputes.json", "KILL", "acknowledged events are lost"),
        ("the index goes before the document", "message", "pwrite64", "/disputes.json", "KILL", "unreadable"),
        ("a torn end is closed before it is cut", "torn", "ftruncate", "/disputes.json", "KILL", "unreadable"),
        ("signals are not held back", "message", "fdatasync", "/disputes.json", "INT", "something was changed"),
        ("signals are not held back", "init", "fsync", "", "TERM", "something was changed"),
    ],
)
def test_a_bug_that_shows_at_some_call_is_caught(tmp_path: Path, bug: str, name: str, call: str, on: str, kind: str, says: str) -> None:
    with planted(bug, tmp_path) as theatre:
        tally = theatre.strike(theatre.around(name, call, on, kind))
    assert any(says in complaint for complaint in tally.complaints), tally


def test_a_lock_that_is_not_taken_is_caught(tmp_path: Path) -> None:
    with planted("the lock is not taken", tmp_path) as theatre:
        assert "pwrite64" in unlocked(theatre.know("message")[0].played.log)[0]


def test_a_short_write_that_is_left_as_it_is_is_caught(tmp_path: Path) -> None:
    with planted("a short write is left as it is", tmp_path) as theatre:
        known, expected = theatre.know("large message")
        folder = ready(known.case, known.template, tmp_path / "short")
        played = theatre.stage.play(folder, known.case.argv, largest=(folder / "disputes.json").stat().st_size + 100)
        assert any("not as it was" in complaint for complaint in judge(expected, folder, played).complaints)
