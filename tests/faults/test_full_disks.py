"""Disks that take nothing more, or nothing at all: exit 1, and the old store as it was. Skipped aloud where that cannot be arranged."""

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from .cases import CASES, LARGE
from .judging import events_of, judge
from .mounts import mounted, sealed
from .points import Known, ready
from .stage import Played
from .theatre import Theatre


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("more", [-3, 0, 200])
def test_a_document_that_may_not_grow_is_left_as_it_was(theatre: Theatre, tmp_path: Path, name: str, more: int) -> None:
    known, expected = theatre.know(name)
    folder = ready(known.case, known.template, tmp_path / "short")
    size = (folder / "disputes.json").stat().st_size
    played = theatre.stage.play(folder, known.case.argv, largest=size + more)
    assert (played.code, b"bytes could be written" in played.err) == (1, more >= 0), played
    assert judge(expected, folder, played).complaints == []


@pytest.mark.parametrize("name", CASES)
def test_an_answer_that_cannot_be_written_is_told_and_what_was_done_is_durable(theatre: Theatre, tmp_path: Path, name: str) -> None:
    known, expected = theatre.know(name)
    folder = ready(known.case, known.template, tmp_path / "untold")
    played = theatre.stage.play(folder, known.case.argv, out="/dev/full")
    assert (played.code, os.strerror(errno.ENOSPC) in played.err.decode()) == (1, True)
    if name != "batch":  # which goes no further than what it could tell
        assert events_of(folder) == expected.after
    untold = played._replace(out=b'{"ok":false,"error":{"outcome_unknown":true}}\n')
    assert judge(expected, folder, untold).complaints == []


@pytest.mark.parametrize("pages", [0, 2, 12])
@pytest.mark.parametrize("name", ["init", "open", "batch", "tick", "force", "backup"])
def test_a_full_file_system_is_told_and_the_store_is_as_it_was(theatre: Theatre, tmp_path: Path, name: str, pages: int) -> None:
    known, expected = theatre.know(name)
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=2m", "none") as small:
        folder = ready(known.case, known.template, small / "store")
        fill(folder / "ballast", pages)
        played = elsewhere(theatre, known, folder, tmp_path)
        (folder / "ballast").unlink()
        assert played.code in (0, 1), played
        assert judge(expected, folder, played).complaints == []


@pytest.mark.parametrize("name", CASES)
def test_a_read_only_file_system_is_told_and_what_is_there_can_be_read(theatre: Theatre, tmp_path: Path, name: str) -> None:
    known, expected = theatre.know(name)
    folder = ready(known.case, known.template, tmp_path / "sealed")
    with sealed(folder):
        played = elsewhere(theatre, known, folder, tmp_path)
        assert events_of(folder) == expected.before
    assert (played.code, os.strerror(errno.EROFS) in played.err.decode()) == (1, True), played
    assert judge(expected, folder, played).complaints == []


def elsewhere(theatre: Theatre, known: Known, folder: Path, streams: Path) -> Played:
    """Play a case where there is no room for what it says."""
    return theatre.stage.play(folder, known.case.argv, out=str(streams / "out"), err=str(streams / "err"))


def fill(path: Path, pages: int) -> None:
    """Take all the room but some pages."""
    page = bytes(4096)
    with open(path, "wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(page)
        file.truncate(max(0, file.tell() - pages * len(page)))
