"""Nobody else can read what is kept, and no name that people give becomes a path."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispute_cli.store.json_log import JsonLogStore
from tests.pictures import PNG
from tests.run import Place
from tests.store.facts import commit, overwrite, said

from .tree import bound, modes, tree

OPEN = ("open", "O-1", "--received", "--reason", "defective", "--refund", "1.00", "--message", "It is broken")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder three deep, with a picture."""
    folder = tmp_path / "a" / "b" / "here"
    folder.mkdir(parents=True)
    (folder / "cup.png").write_bytes(PNG)
    return Place(folder)


# Modes


@pytest.fixture
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def everything(place: Place) -> None:
    """Make every kind of file that there is."""
    place.ok("init")
    place.ok("init", "--force")
    place.ok("order", "create", "O-1", "--price", "5.00")
    place.ok(*OPEN, "--evidence", "cup.png")
    hash = place.ok("evidence", "list", "O-1", "--json").json["evidence"][0]["hash"]
    place.ok("evidence", "export", "O-1", hash, "out.png")
    place.ok("batch", stdin=b"message O-1 hello\ntick 1d\n")
    overwrite(str(place.folder / "disputes.json"), place.bytes()[:-3] + b',\n"half of a line')
    place.ok("message", "O-1", "again")
    place.ok("backup", "copy.json")
    place.ok("backup", "copy2.json", "--store", "copy.json")
    place.ok("order", "create", "O-2", "--price", "5.00", "--store", "copy2.json")


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("umask", [0, 0o022, 0o077], indirect=True, ids=oct)
def test_all_that_is_made_is_for_its_owner_alone(place: Place) -> None:
    known = set(modes(place.folder))
    everything(place)
    made = {path: mode for path, mode in modes(place.folder).items() if path not in known}
    kinds = {path: 0o700 if (place.folder / path).is_dir() else 0o600 for path in made}
    assert made == kinds
    assert {"disputes.json", "disputes.json.bak", "copy.json", "copy2.json", "out.png"} <= set(made)
    assert any("/torn-" in path for path in made) and any("/blobs/" in path for path in made)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("umask", [0], indirect=True, ids=oct)
def test_what_stands_only_while_a_command_runs_is_for_its_owner_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    everything(place)
    seen: dict[str, int] = {}
    store = JsonLogStore(str(place.folder / "disputes.json"))
    real = os.fsync

    def looked(fd: int) -> None:
        seen.update(modes(place.folder))
        real(fd)

    monkeypatch.setattr(os, "fsync", looked)
    with store.write("x") as desk:
        desk.keep(b"other")
        desk.append([commit(said(desk.seq + 1, "O-1"), now=desk.now)])
        seen.update(modes(place.folder))
    passing = {path: mode for path, mode in seen.items() if path.startswith("disputes.json.d/") and ("tmp-" in path or "sqlite-" in path)}
    assert {path.split("/")[1][:9] for path in passing} == {"tmp-d9298", "index.sql"}
    assert set(passing.values()) == {0o600}


@pytest.mark.parametrize("mask", [0o177, 0o277, 0o377, 0o777], ids=oct)
def test_a_umask_that_takes_the_owners_own_rights_takes_none_of_a_stores(place: Place, mask: int) -> None:
    known = set(modes(place.folder))
    picture = ("--evidence", "cup.png")
    for argv in (("init",), ("init", "--force"), ("order", "create", "O-1", "--price", "5.00"), (*OPEN, *picture), ("backup", "copy.json"), ("verify",)):
        ran = bound(place, *argv, mask=mask)
        assert (ran.code, ran.err) == (0, ""), (argv, ran)
    made = {path: mode for path, mode in modes(place.folder).items() if path not in known}
    assert {"disputes.json", "disputes.json.bak", "copy.json"} <= set(made)
    assert made == {path: 0o700 if (place.folder / path).is_dir() else 0o600 for path in made}


# Names that people give


@pytest.mark.parametrize("id", ["..", ".", ".hidden", "...", "lock", "blobs", "index.sqlite", "tmp-x", "-x", "CON", "disputes.json"])
def test_an_id_never_becomes_a_path(place: Place, id: str) -> None:
    place.ok("init")
    root = place.folder.parent.parent.parent
    place.ok("order", "create", "O-1", "--price", "5.00")
    place.ok("status")
    before = lasting(root)
    place.ok("order", "create", "--price", "5.00", "--", id)
    place.ok("message", "--", id, "hello")
    place.ok("status", "--json", "--", id)
    place.ok("order", "create", "--item", "a=1", "--item", "b=1", "--", f"{id}.p")
    assert lasting(root) == before


def lasting(root: Path) -> set[str]:
    """All names under a folder but those that come and go with whoever looks."""
    return {path for path in tree(root) if not path.endswith(("-wal", "-shm"))}


NAMES = ["../../x.png", "a\nb.png", "\x1b[31m.png", "\u202egnp.png", "..png.png", "~.png", "$HOME.png", "%2e%2e%2fx.png", "-rf.png"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_of_evidence_never_becomes_a_path(place: Place, name: str) -> None:
    place.ok("init")
    place.ok("order", "create", "O-1", "--price", "5.00")
    root = place.folder.parent.parent.parent
    outside = name.startswith("../")
    (place.folder / ("x.png" if outside else name)).write_bytes(PNG)
    argument = f"../../b/../../a/b/here/{name.rpartition('/')[2]}" if outside else name
    before = lasting(root)
    place.ok(*OPEN, f"--evidence={argument}")
    new = {path for path in lasting(root) - before if not path.endswith("/blobs")}
    hash = place.ok("evidence", "list", "O-1", "--json").json["evidence"][0]["hash"]
    assert new == {f"a/b/here/disputes.json.d/blobs/{hash}"}
    shown = place.ok("status", "O-1").out
    assert "\x1b" not in shown and "\u202e" not in shown


@pytest.mark.parametrize("hash", ["../" * 20 + "etc/passwd", "..", ".", "", "lock", "0" * 64, "../lock", "\0"])
def test_a_hash_that_is_given_never_becomes_a_path(place: Place, hash: str) -> None:
    place.ok("init")
    place.ok("order", "create", "O-1", "--price", "5.00")
    place.ok(*OPEN, "--evidence", "cup.png")
    ran = place("evidence", "export", "O-1", hash, "out.png")
    assert ran.code in (2, 3), ran
    assert not (place.folder / "out.png").exists()
