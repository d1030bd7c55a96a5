"""Backups as stores: put back, backed up again, and never over, within or through what is there. Beside busy writers they are in test_storm.py."""

import os
import shutil
from pathlib import Path

import pytest

from tests.pictures import PNG
from tests.run import Place

from .tree import tree

OPEN = ("open", "O-1", "--received", "--reason", "defective", "--refund", "1.00", "--message", "It is broken", "--evidence", "cup.png")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A store with evidence and an orphan beside it."""
    (tmp_path / "here").mkdir()
    place = Place(tmp_path / "here")
    (place.folder / "cup.png").write_bytes(PNG)
    place.ok("init", "--seed", "7")
    place.ok("order", "create", "O-1", "--price", "5.00", "--idempotency-key", "k")
    place.ok(*OPEN)
    return place


def told(place: Place, store: str = "disputes.json") -> list[object]:
    """Everything that a store tells."""
    questions = (("events",), ("ledger",), ("deadlines",), ("status", "O-1"), ("status", "--all"), ("verify",))
    return [place.ok(*question, "--json", "--store", store).json for question in questions]


def test_a_backup_of_a_backup_of_a_backup_tells_the_same_and_goes_on_the_same(place: Place) -> None:
    for number in range(3):
        source = f"copy-{number - 1}.json" if number else "disputes.json"
        place.ok("backup", f"copy-{number}.json", "--store", source)
    assert (place.folder / "copy-2.json").read_bytes() == place.bytes()
    assert told(place, "copy-2.json") == told(place)
    for store in ("disputes.json", "copy-2.json"):
        place.ok("tick", "90d", "--store", store)
    assert (place.folder / "copy-2.json").read_bytes() == place.bytes()
    assert told(place, "copy-2.json") == told(place)
    assert place.ok("order", "create", "O-1", "--price", "5.00", "--idempotency-key", "k", "--store", "copy-2.json", "--json").json["replayed"]


def test_a_backup_is_put_back_by_copying_it_over_with_its_folder(place: Place) -> None:
    before = told(place)
    place.ok("backup", "copy.json")
    place.ok("tick", "3d")
    shutil.rmtree(place.folder / "disputes.json.d")
    shutil.copytree(place.folder / "copy.json.d", place.folder / "disputes.json.d")
    shutil.copy(place.folder / "copy.json", place.folder / "disputes.json")
    assert told(place) == before
    place.ok("tick", "3d")


def test_a_backup_put_back_alone_is_refused_until_the_index_is_deleted(place: Place) -> None:
    before = told(place)
    place.ok("backup", "copy.json")
    place.ok("tick", "6d")
    (place.folder / "disputes.json").write_bytes((place.folder / "copy.json").read_bytes())
    for argv in (("status",), ("message", "O-1", "x"), ("verify",)):
        ran = place(*argv)
        assert ran.code == 7 and "if a backup was put back on purpose, delete" in ran.err + ran.out, (argv, ran)
    (place.folder / "disputes.json.d/index.sqlite").unlink()
    assert "note: " in place.ok("status").err
    assert told(place) == before


@pytest.mark.parametrize("target", ["disputes.json", "./disputes.json", "../here/disputes.json", "disputes.json.d", "link.json", "other.json", "cup.png", "."])
def test_a_backup_over_itself_or_anything_else_is_refused(place: Place, target: str) -> None:
    (place.folder / "link.json").symlink_to("disputes.json")
    os.link(place.folder / "disputes.json", place.folder / "other.json")
    before = tree(place.folder)
    ran = place("backup", target, "--json")
    assert (ran.code, ran.error["code"]) == (2, "usage"), ran
    assert "there already: a backup never writes over anything" in ran.error["message"]
    assert {path: state for path, state in tree(place.folder).items() if "index.sqlite-" not in path} == before


def test_a_backup_where_the_name_is_free_and_its_folder_is_not_is_refused(place: Place) -> None:
    (place.folder / "copy.json.d").mkdir()
    assert place("backup", "copy.json").code == 2
    assert list((place.folder / "copy.json.d").iterdir()) == []


@pytest.mark.parametrize("target", ["", "no/such/copy.json", "cup.png/copy.json", "x" * 300, "x/" * 3000])
def test_a_backup_that_has_no_place_is_refused_and_leaves_nothing(place: Place, target: str) -> None:
    place.ok("status")
    before = tree(place.folder)
    ran = place("backup", target, "--json")
    assert ran.code in (1, 2), ran
    assert tree(place.folder) == before


@pytest.mark.parametrize("target", ["disputes.json.d/copy.json", "disputes.json.d/tmp-copy.json", "disputes.json.d/blobs/" + "0" * 64])
def test_a_backup_into_the_stores_own_folder_is_refused(place: Place, target: str) -> None:
    ran = place("backup", target)
    assert ran.code == 2 and not (place.folder / target).exists(), ran


def test_a_backup_that_copies_no_evidence_is_caught(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from dispute_cli.store import upkeep

    monkeypatch.setattr(upkeep, "_copy_blobs", lambda *_: None)
    place.ok("backup", "copy.json")
    assert place("verify", "--store", "copy.json").code == 7
