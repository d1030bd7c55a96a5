"""Links where the store's own files should be: followed for the document alone; through no other is anything ever written or removed."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pictures import PNG
from tests.run import Place

from .tree import tree

WRITING = (
    ("order", "create", "N-1", "--price", "5"),
    ("open", "N-1", "--received", "--reason", "defective", "--refund", "1", "--message", "x", "--evidence", "cup.png"),
    ("respond", "N-1", "--reject"),
    ("accept", "N-1", "--yes"),
    ("batch", "lines"),
    ("batch", "--atomic", "lines"),
    ("tick", "1d"),
    ("repair",),
    ("init", "--force"),
)
"""Every way to write, in an order in which each succeeds."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "cup.png").write_bytes(PNG)
    (folder / "lines").write_text("message N-1 hello\n")
    return Place(folder)


@pytest.fixture
def away(tmp_path: Path) -> Path:
    """A folder that is not the store's, with things in it that look as if they were."""
    folder = tmp_path / "away"
    (folder / "blobs").mkdir(parents=True)
    (folder / "tmp-mine").write_text("mine")
    (folder / "blobs" / ("0" * 64)).write_text("mine")
    (folder / ("1" * 64)).write_text("mine")
    return folder


@pytest.mark.parametrize("chain", ["absolute", "relative", "of links"])
def test_a_linked_document_is_written_where_it_is_and_the_link_stays(place: Place, tmp_path: Path, chain: str) -> None:
    (tmp_path / "real").mkdir()
    link = place.folder / "disputes.json"
    match chain:
        case "absolute":
            link.symlink_to(tmp_path / "real/s.json")
        case "relative":
            link.symlink_to("../real/s.json")
        case _:
            link.symlink_to("between")
            (place.folder / "between").symlink_to("../real/s.json")
    beside = sorted(os.listdir(place.folder))
    place.ok("init")
    for argv in WRITING:
        place.ok(*argv)
        assert link.is_symlink() and not (tmp_path / "real/s.json").is_symlink(), argv
    place.ok("backup", "copy.json")
    assert not (place.folder / "copy.json").is_symlink()
    assert sorted(os.listdir(place.folder)) == sorted([*beside, "copy.json", "copy.json.d"])
    assert sorted(os.listdir(tmp_path / "real")) == ["s.json", "s.json.bak", "s.json.bak.d", "s.json.d"]


def test_two_names_of_one_document_find_each_others_events(place: Place) -> None:
    place.ok("init")
    os.link(place.folder / "disputes.json", place.folder / "other.json")
    for number in range(3):
        place.ok("order", "create", f"A-{number}", "--price", "5")
        place.ok("order", "create", f"B-{number}", "--price", "5", "--store", "other.json")
    for store in ("disputes.json", "other.json"):
        assert len(place.ok("events", "--json", "--store", store).json["events"]) == 6
        assert place.ok("verify", "--json", "--store", store).json["problems"] == []


def test_a_linked_folder_beside_the_document_is_refused_and_nothing_behind_it_is_touched(place: Place, away: Path) -> None:
    place.ok("init")
    shutil.rmtree(place.folder / "disputes.json.d")
    (place.folder / "disputes.json.d").symlink_to(away)
    before = tree(away)
    for argv in (*WRITING, ("status",), ("verify",)):
        ran = place(*argv)
        assert ran.code == 7 or argv[0] == "verify", (argv, ran)
        assert tree(away) == before, argv


def test_a_linked_folder_of_evidence_is_refused_and_nothing_behind_it_is_touched(place: Place, away: Path) -> None:
    place.ok("init")
    (place.folder / "disputes.json.d/blobs").symlink_to(away / "blobs")
    before = tree(away)
    place.ok("order", "create", "N-1", "--price", "5")
    for argv in (WRITING[1], ("repair",), ("backup", "copy.json")):
        ran = place(*argv)
        assert ran.code == 7 and "blobs" in ran.err, (argv, ran)
        assert tree(away) == before, argv
    assert not (place.folder / "copy.json").exists() and not (place.folder / "copy.json.d").exists()


@pytest.mark.parametrize("name", ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"])
def test_a_linked_index_is_refused_and_the_database_behind_it_is_not_touched(place: Place, tmp_path: Path, name: str) -> None:
    place.ok("init")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
        connection.execute("INSERT INTO mine VALUES ('precious')")
    connection.close()
    link = place.folder / "disputes.json.d" / name
    link.unlink(missing_ok=True)
    link.symlink_to(other)
    before = other.read_bytes()
    for argv in (*WRITING, ("status",), ("verify",), ("backup", "copy.json")):
        if argv[0] != "init":
            ran = place(*argv)
            assert ran.code == 7 and f"{name} is a link" in ran.err, (argv, ran)
        assert other.read_bytes() == before, argv
    link.unlink()
    place.ok("status")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path)], ids=["folder", "pipe", "loop"])
def test_an_index_that_is_no_plain_file_is_refused_without_hanging(place: Place, make: Callable[[Path], None]) -> None:
    place.ok("init")
    index = place.folder / "disputes.json.d/index.sqlite"
    index.unlink()
    make(index)
    for argv in (("status",), WRITING[0], ("verify",), ("repair",)):
        ran = place(*argv)
        assert ran.code == 7 and "not a plain file: move it away" in ran.err, (argv, ran)


@pytest.mark.parametrize("name", ["tmp-document", "tmp-bak"])
def test_a_linked_temporary_file_is_not_written_through(place: Place, tmp_path: Path, name: str) -> None:
    place.ok("init")
    other = tmp_path / "other"
    other.write_text("mine")
    (place.folder / "disputes.json.d" / name).symlink_to(other)
    place.ok("init", "--force")
    assert other.read_text() == "mine"


@pytest.mark.parametrize("target", ["copy.json", "copy.json.d"])
def test_a_backup_is_not_written_through_a_link(place: Place, away: Path, target: str) -> None:
    place.ok("init")
    (place.folder / target).symlink_to(away)
    before = tree(away)
    assert place("backup", "copy.json").code == 2
    assert tree(away) == before


def test_a_linked_old_document_is_replaced_not_followed(place: Place, tmp_path: Path) -> None:
    place.ok("init")
    other = tmp_path / "other"
    other.write_text("mine")
    (place.folder / "disputes.json.bak").symlink_to(other)
    place.ok("init", "--force")
    assert other.read_text() == "mine"
    assert not (place.folder / "disputes.json.bak").is_symlink()
