"""The power is cut: what was acknowledged is on the disk, and at every moment what is on the disk is a store, or none yet.

A disk is modelled, so that this is shown everywhere; and made, where file systems can be mounted.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispute_cli.store import StoreMissing, StoreUnusable
from dispute_cli.store.json_log import JsonLogStore
from tests.store.facts import facts, problems

from .cases import CASES
from .judging import Expected, Facts
from .mounts import image, make_image
from .planted import plant
from .points import only, ready
from .recorder import FOLLOW, Recorder, save
from .stage import OUT
from .theatre import Theatre

SYNCS = ("fsync", "fdatasync")


@pytest.mark.parametrize("name", CASES)
def test_what_is_acknowledged_survives_a_disk_that_keeps_only_what_was_synced(theatre: Theatre, tmp_path: Path, name: str) -> None:
    assert list(lost_by_the_model(theatre, name, tmp_path)) == []


@pytest.mark.parametrize("name", CASES)
def test_what_is_acknowledged_survives_a_power_cut(theatre: Theatre, tmp_path: Path, name: str) -> None:
    assert list(lost_by_a_disk(theatre, name, tmp_path)) == []


@pytest.mark.parametrize(("bug", "name"), [("no file is synced", "init"), ("no file is synced", "message"), ("no folder is synced", "init")])
@pytest.mark.parametrize("cut", ["by the model", "by a disk"])
def test_a_missing_sync_is_caught(tmp_path: Path, bug: str, name: str, cut: str) -> None:
    theatre = Theatre(tmp_path / "theatre", plant(bug, tmp_path / "copy"))
    try:
        lost = lost_by_the_model if cut == "by the model" else lost_by_a_disk
        assert any("was acknowledged" in complaint for complaint in lost(theatre, name, tmp_path))
    finally:
        theatre.close()


@pytest.mark.parametrize(("bug", "name"), [("no file is synced", "open"), ("no folder is synced", "open")])
def test_evidence_that_is_not_synced_is_caught(tmp_path: Path, bug: str, name: str) -> None:
    theatre = Theatre(tmp_path / "theatre", plant(bug, tmp_path / "copy"))
    try:
        assert any("was acknowledged" in complaint for complaint in lost_by_the_model(theatre, name, tmp_path))
    finally:
        theatre.close()


def lost_by_the_model(theatre: Theatre, name: str, folder: Path) -> Iterator[str]:
    """Cut after each sync of a command, and after each answer that it tells."""
    known, expected = theatre.know(name)
    copy = ready(known.case, known.template, folder / "recorded")
    disk = Recorder(copy)
    log = theatre.stage.play(copy, known.case.argv, [*FOLLOW, *only(known.paths, copy)]).log
    told = 0
    for number, (call, on) in enumerate(disk.moments(log)):
        told = disk.told(OUT) if on == OUT else told
        if call in SYNCS or on == OUT:
            save(disk.root, cut := folder / f"cut-{number}")
            yield from lost(expected, told, cut)
    assert told == len(expected.answers)


def lost_by_a_disk(theatre: Theatre, name: str, folder: Path) -> Iterator[str]:
    """Cut when the command has answered: what the disk holds by then is copied, and mounted as after the next start."""
    known, expected = theatre.know(name)
    disk = make_image(folder / "disk")
    with image(disk, folder / "mounted") as at:
        copy = ready(known.case, known.template, at / "store")
        subprocess.run(["sync", "--file-system", str(copy)], check=True)
        played = theatre.stage.play(copy, known.case.argv, out=str(folder / "out"))
        shutil.copyfile(disk, folder / "cut")
    assert played.code == 0
    with image(folder / "cut", folder / "found") as at:
        yield from lost(expected, len(expected.answers), at / "store")


def lost(expected: Expected, told: int, folder: Path) -> Iterator[str]:
    """What is not on a disk of all that the first answers acknowledge, and whether it is a store at all."""
    known = expected.seq + sum(len(answer.get("events", ())) for answer in expected.answers[:told])
    whole = told == len(expected.answers)
    try:
        found = found_in(folder)
        copy = found_in(folder, "copy.json")
    except StoreUnusable as error:
        yield f"unreadable, and {known} events were acknowledged: it was acknowledged, {error}"
        return
    if found not in expected.stages:
        yield f"{found} is no whole commit"
    if (whole and found != expected.after) or (not whole and expected.after and len(found or ()) < known):
        yield f"{found} is not all that was acknowledged"
    if expected.case.name == "backup" and whole and copy != expected.before:
        yield "the copy is not there, and it was acknowledged"


def found_in(folder: Path, name: str = "disputes.json") -> Facts:
    """The events that are on a disk after the next start of the system."""
    store = JsonLogStore(str(folder / name), boot_id=lambda: "the next", tell=lambda _: None)
    try:
        found = facts(store)
    except StoreMissing:
        return None
    wrong = [problem.message for problem in problems(store)]
    if wrong:
        raise StoreUnusable("; ".join(wrong))
    return found
