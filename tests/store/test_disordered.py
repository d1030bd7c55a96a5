"""An index in disorder, a document with one comma too many, names that lead elsewhere: read around and mended, or told, never believed."""

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.store import Key, Locked, StoreUnusable, View, disk, signals, upkeep
from dispute_cli.store.json_log import JsonLogStore, create
from dispute_cli.store.lines import CLOSE

from .facts import HEAD, commit, facts, made, overwrite, problems, read, said, shown

Ask = tuple[str, Callable[[View, str], Any], Callable[[str], Any]]


def rich(folder: Path) -> tuple[JsonLogStore, str]:
    """A message on O-1; then evidence on O-1, due and disputed, and on O-2."""
    store = create(str(folder / "d.json"), HEAD)
    with store.write("x") as desk:
        hash = desk.keep(b"png")
        desk.append([commit(said(1), keys=(Key("k", "f", "c"),))])
        desk.append([commit(shown(2, hash), shown(3, hash, "O-2"), disputed=True, due=said(9).at)])
    signals.drop()
    store.tell = lambda _: None
    return store, hash


DISORDER: dict[str, Ask] = {
    "ids out of order": ("UPDATE orders SET id = CAST(id AS BLOB)", lambda view, _: list(view.orders()), lambda _: ["O-1", "O-2"]),
    "ids of disputes out of order": ("UPDATE orders SET id = CAST(id AS BLOB)", lambda view, _: list(view.orders(disputed=True)), lambda _: ["O-1", "O-2"]),
    "an order lacking": ("DELETE FROM orders WHERE id = 'O-2'", lambda view, _: view.history("O-2"), lambda hash: [shown(3, hash, "O-2")]),
    "an order lacking among many": (
        "DELETE FROM orders WHERE id = 'O-2'",
        lambda view, _: view.histories(["O-1", "O-2"]),
        lambda hash: {"O-1": [said(1), shown(2, hash)], "O-2": [shown(3, hash, "O-2")]},
    ),
    "an order known to one list alone": (
        "DELETE FROM orders WHERE id = 'O-2'",
        lambda view, _: view.known(["O-1", "O-2", "O-3"]),
        lambda _: {"O-1", "O-2"},
    ),
    "a commit of another order": ("UPDATE touches SET n = 1 WHERE id = 'O-2'", lambda view, _: view.history("O-2"), lambda hash: [shown(3, hash, "O-2")]),
    "a deadline that is no instant": (
        "UPDATE orders SET due = 5.5 WHERE id = 'O-1'",
        lambda view, _: view.due(None, 2),
        lambda _: [(said(9).at, "O-1"), (said(9).at, "O-2")],
    ),
    "events counted short": ("UPDATE commits SET seq = 0 WHERE n = 1", lambda view, _: [event.seq for event in view.events()], lambda _: [1, 2, 3]),
    "events counted otherwise": ("UPDATE commits SET seq = 9 WHERE n = 1", lambda view, _: [event.seq for event in view.events(1)], lambda _: [2, 3]),
}


@pytest.mark.parametrize("disorder", DISORDER)
def test_an_index_in_disorder_is_not_believed_but_made_anew(tmp_path: Path, disorder: str) -> None:
    statement, ask, true = DISORDER[disorder]
    store, hash = rich(tmp_path)
    with sqlite3.connect(store.paths.index, isolation_level=None) as connection:
        connection.execute(statement)
    connection.close()
    with store.read() as view:
        assert ask(view, hash) == true(hash)
    assert len(facts(store)) == 3


def test_a_comma_with_nothing_after_it_is_found(tmp_path: Path) -> None:
    store = made(tmp_path)
    document = read(store.paths.document)
    overwrite(store.paths.document, document[: -len(CLOSE)] + b"," + CLOSE)
    assert "a comma stands after it, and nothing follows" in {problem.message for problem in problems(store)}


def test_evidence_behind_a_linked_folder_is_neither_copied_nor_removed(tmp_path: Path) -> None:
    store, hash = rich(tmp_path)
    blobs, elsewhere = Path(store.paths.folder, "blobs"), tmp_path / "elsewhere"
    blobs.rename(elsewhere)
    blobs.symlink_to(elsewhere)
    for ask in (store.repair, lambda: store.backup(str(tmp_path / "copy.json"))):
        with pytest.raises(StoreUnusable, match="blobs is not a folder: move it away"):
            ask()
    assert os.listdir(elsewhere) == [hash]


def test_only_a_plain_file_stands(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    assert (disk.stands(str(tmp_path / "file")), disk.stands(str(tmp_path / "nothing"))) == (True, False)
    for name, kind in (("link", "a link"), (".", "a folder")):
        with pytest.raises(StoreUnusable, match=f"is {kind}, not a plain file: move it away"):
            disk.stands(str(tmp_path / name))


def test_what_is_gone_is_discarded_already(tmp_path: Path) -> None:
    disk.discard(str(tmp_path / "nothing"))
    with pytest.raises(OSError, match="directory"):
        disk.discard(str(tmp_path))


def test_the_holder_of_a_lock_is_named_also_when_it_is_somebody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)

    def kill(pid: int, signal: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "kill", kill)
    with store.write("tick"), pytest.raises(Locked, match=f"{os.getpid()}.*tick"), JsonLogStore(store.paths.document, lock_timeout=0).write("y"):
        pytest.fail("two writers")


def test_a_backup_into_the_stores_own_folder_is_refused(tmp_path: Path) -> None:
    store = made(tmp_path)
    with pytest.raises(FileExistsError, match="would stand in the store's own folder"):
        store.backup(os.path.join(store.paths.folder, "copy.json"))
    assert "copy.json" not in os.listdir(store.paths.folder)


def test_a_backup_whose_name_is_not_durable_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    target = tmp_path / "copy.json"
    real = disk.sync_folder

    def sync_folder(path: str) -> None:
        if target.exists():
            raise OSError(errno.EIO, "Input/output error")
        real(path)

    monkeypatch.setattr(upkeep, "sync_folder", sync_folder)
    with pytest.raises(OSError, match="Input/output"):
        store.backup(str(target))
    assert not target.exists() and not (tmp_path / "copy.json.d").exists()
