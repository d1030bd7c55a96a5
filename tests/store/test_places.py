"""Where a store cannot be, or not be seen: folders that are gone, names too long, disks that take nothing, glances that show too little."""

import errno
import os
import signal
from pathlib import Path

import pytest

from dispute_cli.store import StoreUnusable, disk, signals
from dispute_cli.store.json_log import JsonLogStore, check_free, create
from dispute_cli.store.memory import MemoryStore
from dispute_cli.store.peek import Peek

from .facts import HEAD, commit, facts, fill, made, said


def test_a_store_named_from_a_folder_that_is_gone_cannot_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(StoreUnusable, match=r"d\.json cannot be reached: the working folder is gone"):
        JsonLogStore("d.json")


def test_a_store_whose_name_is_too_long_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"a store cannot be made at .*: File name too long"):
        check_free(str(tmp_path / ("d" * 300)), force=False)
    assert os.listdir(tmp_path) == []


def test_a_file_that_cannot_be_put_in_its_place_leaves_the_old_one_and_nothing_besides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def replace(source: str, target: str) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="busy"):
        disk.place(str(path), [b"new"], str(tmp_path / "through"))
    assert os.listdir(tmp_path) == ["file"] and path.read_bytes() == b"old"


def test_a_glance_shows_nothing_of_a_store_whose_index_is_behind(tmp_path: Path) -> None:
    store = made(tmp_path)
    peek = Peek(store.paths.document, boot_id=store.boot_id)
    assert facts(peek) == facts(store)
    os.unlink(store.paths.index)
    with pytest.raises(StoreUnusable, match="the index is not up to date"), peek.read():
        pytest.fail("it was opened")
    assert not os.path.exists(store.paths.index)


@pytest.mark.parametrize("head", [b'{"store": {"1": {"schema": 2}}}', b'{"store": {"1": {"schema": 2, "x": 1}}, "more": {}}'])
def test_a_newer_store_is_told_as_newer_however_it_is_written(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "d.json"
    for text in (head, head.replace(b": ", b":"), head.replace(b"{", b"{\n", 1)):
        path.write_bytes(text)
        with pytest.raises(StoreUnusable, match="has schema version 2, this program reads up to 1: a newer `dispute` is needed"):
            facts(JsonLogStore(str(path)))


def test_a_dry_run_of_a_backup_from_memory_writes_nothing(tmp_path: Path) -> None:
    store = MemoryStore(HEAD)
    fill(store, commit(said(1)))
    store.backup(str(tmp_path / "copy.json"), dry_run=True)
    assert os.listdir(tmp_path) == []
    store.backup(str(tmp_path / "copy.json"))
    assert facts(JsonLogStore(str(tmp_path / "copy.json"))) == [said(1)]


def test_a_writer_knows_that_somebody_asked_to_stop_after_its_first_append(tmp_path: Path) -> None:
    with create(str(tmp_path / "d.json"), HEAD).write("x") as desk:
        desk.append([commit(said(1))])
        before = desk.interrupted()
        signal.raise_signal(signal.SIGTERM)
        assert (before, desk.interrupted()) == (False, True)
    signals.drop()
