"""An index that is taken away under those who use it: they go on, and nobody reads another one's log. And a umask that takes too much."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.store import disk, index, upkeep
from dispute_cli.store.json_log import JsonLogStore

from .facts import commit, facts, fill, made, problems, said, write

READER = """
import sys
from dispute_cli.store.json_log import JsonLogStore
with JsonLogStore(sys.argv[1]).read() as shown:
    print("open", flush=True)
    sys.stdin.readline()
    print(len(list(shown.events())))
"""


@pytest.fixture
def store(tmp_path: Path) -> JsonLogStore:
    store = made(tmp_path)
    store.tell = lambda _: None
    return store


def test_a_reader_whose_index_is_taken_away_shares_nothing_with_the_next(store: JsonLogStore) -> None:
    fill(store, commit(said(4)))
    reader = subprocess.Popen([sys.executable, "-c", READER, store.paths.document], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert reader.stdout and reader.stdout.readline() == "open\n"
    with store.write("x") as desk:  # the log is not empty, and stays where it is
        desk.append([commit(said(5))])
        os.unlink(store.paths.index)
    for seq in range(6, 16):
        fill(store, commit(said(seq)))
        assert len(facts(store)) == seq
    assert reader.communicate("\n")[0] == "4\n"
    assert problems(store) == []


def taken_away(path: str) -> None:
    os.unlink(path)


def replaced(path: str) -> None:
    os.rename(path, path + ".old")
    write(path, b"")


@pytest.mark.parametrize("strike", [taken_away, replaced])
def test_an_index_that_is_taken_away_while_it_is_opened_is_not_believed(
    store: JsonLogStore, monkeypatch: pytest.MonkeyPatch, strike: Callable[[str], None]
) -> None:
    real = index._connect

    def connect(path: str, mode: str) -> sqlite3.Connection:
        monkeypatch.setattr(index, "_connect", real)
        connection = real(path, mode)
        strike(path)
        return connection

    monkeypatch.setattr(index, "_connect", connect)
    with pytest.raises(index.IndexMissing, match="it was taken away"):
        index.open_to_read(store.paths.index)
    assert len(facts(store)) == 3


def test_an_index_that_is_taken_away_before_a_writer_has_it_is_made_again(store: JsonLogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    real = index._connect

    def connect(path: str, mode: str) -> sqlite3.Connection:
        monkeypatch.setattr(index, "_connect", real)
        os.unlink(path)
        return real(path, mode)

    monkeypatch.setattr(index, "_connect", connect)
    fill(store, commit(said(4)))
    assert len(facts(store)) == 4


@pytest.mark.parametrize(("code", "kind"), [("SHORT_READ", index.IndexBroken), ("FSTAT", index.IndexBroken), ("READ", OSError), ("FSYNC", OSError)])
def test_a_file_that_is_gone_is_told_from_a_disk_that_fails(code: str, kind: type[Exception]) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = getattr(sqlite3, f"SQLITE_IOERR_{code}")
    with pytest.raises(kind, match="disk I/O error"), index.translated():
        raise error


def test_tables_whose_names_rotted_are_removed_with_their_file(store: JsonLogStore) -> None:
    connection = sqlite3.connect(store.paths.index, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET name = CAST(name AS BLOB), rootpage = rootpage WHERE name = 'keys'")
    connection.execute("DELETE FROM mark")
    connection.close()
    assert len(facts(store)) == 3
    assert problems(store) == []


@pytest.fixture
def umask(request: pytest.FixtureRequest) -> Any:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("umask", [0o177, 0o777], indirect=True, ids=oct)
def test_what_is_made_keeps_its_owners_rights_whatever_the_umask(tmp_path: Path) -> None:
    disk.make_folder(str(tmp_path / "folder"))
    disk.write_file(str(tmp_path / "file"), [b"x"])
    upkeep._claim(str(tmp_path / "copy"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"folder": 0o700, "copy": 0o700, "file": 0o600}
