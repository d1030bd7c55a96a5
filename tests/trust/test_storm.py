"""Many writers and readers at one store: everything acknowledged is there exactly once, and no reader ever sees half of anything.

`make storm` is 16 writers with 100 commands each and 4 readers; `make test` a breeze of the same.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.run import ROOT, Place

from .specimen import ALL
from .storm import Storm, faults, product

WRITERS, COMMANDS, READERS = (16, 100, 4) if ALL else (3, 8, 2)

Brew = Callable[..., Storm]
LOCK = "        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "here").mkdir()
    place = Place(tmp_path / "here")
    place.ok("init", "--seed", "7")
    return place


@pytest.fixture
def brew(place: Place) -> Iterator[Brew]:
    """Make storms, whose processes end with the test."""
    made: list[Storm] = []

    def make(copy: Path | None = None) -> Storm:
        made.append(Storm(place, copy))
        return made[-1]

    yield make
    for storm in made:
        storm.close()


def test_all_that_many_writers_were_told_is_there_once_and_readers_see_whole_answers(brew: Brew) -> None:
    storm = brew()
    storm.rage(WRITERS, COMMANDS, readers=READERS)
    assert faults(storm) == []
    assert {look.what for look in storm.looks} == {"events", "status", "ledger", *(("verify", "deadlines") if ALL else ())}
    print(f"{WRITERS} writers, {len(storm.acknowledged)} answers, {sum(map(len, storm.acknowledged))} events, {len(storm.looks)} looks")


def test_an_index_that_is_taken_away_again_and_again_loses_and_changes_nothing(brew: Brew) -> None:
    storm = brew()
    storm.rage(WRITERS // 2 + 1, COMMANDS // 2, readers=1, beside=(storm.vandal,))
    assert faults(storm) == []
    print(f"{len(storm.acknowledged)} answers, {len(storm.looks)} looks")


def test_a_backup_beside_busy_writers_is_a_sound_beginning_of_the_log(brew: Brew) -> None:
    storm = brew()
    storm.rage(WRITERS // 2 + 1, COMMANDS // 2, readers=0, beside=(storm.backer,))
    assert faults(storm) == []
    assert len(storm.backups) >= 2
    print(f"{len(storm.acknowledged)} answers, {len(storm.backups)} backups")


# A holder


HOLDER = """
import sys
from dispute_cli.store.json_log import JsonLogStore
with JsonLogStore("disputes.json").write("tick 30d"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(place: Place) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has the lock, and keeps it until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=place.folder, env={**place.environment(), "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


WRITING = (
    ("order", "create", "O-2", "--price", "1"),
    ("message", "O-1", "x"),
    ("tick", "1d"),
    ("repair",),
    ("init", "--force"),
    ("batch",),
)


def test_who_does_not_get_the_lock_is_told_who_has_it_and_a_killed_holder_blocks_nobody(place: Place) -> None:
    place.ok("order", "create", "O-1", "--price", "5")
    before = place.bytes()
    with holder(place) as process:
        for argv in WRITING:
            ran = place("--lock-timeout", "0s", "--json", *argv, stdin=b"message O-1 y\n")
            error = ran.json["error"]
            assert (ran.code, error["code"]) == (6, "conflict"), (argv, ran)
            assert f"process {process.pid} (`tick 30d`) has held the lock" in error["message"] and error["message"].endswith(" s"), error
            assert "--lock-timeout" in error["hint"]
        for argv in (("status", "O-1"), ("events",), ("ledger",), ("verify",), ("backup", "copy.json")):
            place.ok("--lock-timeout", "0s", *argv)
        assert place.bytes() == before
    for argv in (WRITING[-1], *WRITING[:-1]):
        place.ok("--lock-timeout", "0s", *argv, stdin=b"message O-1 y\n")


# The harness sees what it is for


def test_a_store_without_a_lock_is_caught(brew: Brew, tmp_path: Path) -> None:
    storm = brew(product(tmp_path / "planted", ("store/lock.py", LOCK, "        pass\n")))
    storm.rage(4, 8, readers=0)
    assert faults(storm)


def test_an_event_that_is_lost_doubled_altered_or_half_seen_is_caught(brew: Brew) -> None:
    storm = brew()
    storm.rage(1, 4, readers=1)
    assert faults(storm) == []
    first = storm.acknowledged[0]
    for wrong in ([], [*first, *first], [{**first[0], "price": "9.00"}]):
        storm.acknowledged[0] = wrong
        assert any("were acknowledged" in fault for fault in faults(storm))
    storm.acknowledged[0] = first
    look = next(look for look in storm.looks if look.what == "events")
    look.answer["events"] = [*first, {**first[0], "seq": 2}]
    assert any("how the log begins" in fault for fault in faults(storm))
    look.answer["events"] = first
    storm.acknowledged[:2] = [[*first, *storm.acknowledged[1]]]
    assert any("half of an answer" in fault for fault in faults(storm))
