"""Disks that will not: before the point of no return nothing is changed, after it the outcome is told as unknown."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.store import OutcomeUnknown, desk, disk, index, recover, signals
from dispute_cli.store.json_log import JsonLogStore, create

from .facts import HEAD, commit, facts, fill, made, problems, read, said

FULL = OSError(errno.ENOSPC, "No space left on device")


def failing(times: int = 1, error: Exception = FULL) -> object:
    """A call that fails so often, then does nothing."""
    left = [times]

    def run(*_: object, **__: object) -> None:
        if left[0]:
            left[0] -= 1
            raise error

    return run


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("part", [0, 1, 100, -1])
def test_a_write_that_fails_or_is_short_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, part: int) -> None:
    store = made(tmp_path)
    before, stamp = read(store.paths.document), os.stat(store.paths.document).st_mtime_ns
    real, calls = os.pwrite, []

    def pwrite(fd: int, data: bytes, at: int) -> int:
        calls.append(at)
        if len(calls) > 1 or data[:1] != b",":
            return real(fd, data, at)
        if part == 0:
            raise OSError(code, os.strerror(code))
        return real(fd, data[:part], at)

    with store.write("x") as writer:
        monkeypatch.setattr(os, "pwrite", pwrite)
        with pytest.raises(OSError, match="written" if part else None) as error:
            writer.append([commit(said(4)), commit(said(5))])
        assert error.value.errno == (code if part == 0 else errno.ENOSPC)
        assert (writer.seq, writer.history("O-1")) == (3, [said(1), said(3)])
        assert (read(store.paths.document), os.stat(store.paths.document).st_mtime_ns) == (before, stamp)
        assert not signals._before
        writer.append([commit(said(4))])
    assert len(facts(store)) == 4
    assert problems(store) == []


def test_a_write_whose_old_end_cannot_be_put_back_is_of_unknown_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    with store.write("x") as writer:
        monkeypatch.setattr(os, "pwrite", failing(2))
        with pytest.raises(OutcomeUnknown, match="idempotency key"):
            writer.append([commit(said(4))])
        with pytest.raises(OutcomeUnknown, match="before this one"):
            writer.append([commit(said(4))])
    monkeypatch.undo()
    assert len(facts(store)) == 3


def test_a_sync_that_fails_is_of_unknown_outcome_and_never_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    calls: list[int] = []

    def sync(fd: int) -> None:
        calls.append(fd)
        raise OSError(errno.EIO, "Input/output error")

    with store.write("x") as writer:
        monkeypatch.setattr(desk, "sync", sync)
        with pytest.raises(OutcomeUnknown):
            writer.append([commit(said(4))])
        assert writer.seq == 3
        assert signals._before
    monkeypatch.undo()
    assert len(calls) == 1
    assert len(facts(store)) == 4
    assert problems(store) == []


@pytest.mark.parametrize("step", ["set_mark", "commit"])
def test_an_index_that_fails_after_the_write_is_of_unknown_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    store = made(tmp_path)
    with store.write("x") as writer:
        monkeypatch.setattr(index.Index, step, failing(1, OSError(errno.EIO, "x")))
        with pytest.raises(OutcomeUnknown):
            writer.append([commit(said(4))])
    monkeypatch.undo()
    assert len(facts(store)) == 4
    fill(store, commit(said(5)))


@pytest.mark.parametrize("step", ["begin", "add", "set_mark", "commit"])
def test_an_index_that_breaks_under_a_write_is_built_anew_and_the_write_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    store = made(tmp_path)
    real = getattr(index.Index, step)

    def broken(*_: Any, **__: Any) -> None:
        monkeypatch.setattr(index.Index, step, real)
        raise index.IndexBroken("x")

    with store.write("x") as writer:
        monkeypatch.setattr(index.Index, step, broken)
        writer.append([commit(said(4))])
        assert (writer.seq, writer.history("O-1")[-1]) == (4, said(4))
        writer.append([commit(said(5))])
    assert len(facts(store)) == 5
    assert problems(store) == []


@pytest.mark.parametrize("step", ["begin", "add"])
def test_an_index_that_fails_before_the_write_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    store = made(tmp_path)
    with store.write("x") as writer:
        with monkeypatch.context() as patch:
            patch.setattr(index.Index, step, failing())
            with pytest.raises(OSError, match="No space"):
                writer.append([commit(said(4))])
        assert not signals._before
        writer.append([commit(said(4))])
    assert len(facts(store)) == 4


def test_an_event_that_cannot_be_written_as_json_changes_nothing(tmp_path: Path) -> None:
    store = made(tmp_path)
    with store.write("x") as writer:
        with pytest.raises(UnicodeEncodeError):
            writer.append([commit(said(4, text="\ud800"))])
        writer.append([commit(said(4))])
    assert len(facts(store)) == 4


def test_an_index_on_a_full_disk_is_told_as_the_disk_and_never_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    later = JsonLogStore(store.paths.document, boot_id=lambda: "another")
    before = os.stat(store.paths.index).st_ino
    monkeypatch.setattr(index.Index, "clear", failing(9))
    with pytest.raises(OSError, match="No space"), later.write("x"):
        pass
    assert os.stat(store.paths.index).st_ino == before


def test_a_reader_on_a_full_disk_reads_without_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    os.unlink(store.paths.index)
    monkeypatch.setattr("dispute_cli.store.recover.open_to_write", failing(9))
    assert len(facts(store)) == 3


def test_another_fault_of_the_disk_is_not_read_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    os.unlink(store.paths.index)
    monkeypatch.setattr("dispute_cli.store.recover.open_to_write", failing(9, OSError(errno.EIO, "Input/output error")))
    with pytest.raises(OSError, match="Input/output"), store.read():
        pass


def test_making_a_store_on_a_full_disk_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", failing())
        with pytest.raises(OSError, match="No space"):
            create(str(tmp_path / "d.json"), HEAD)
    assert os.listdir(tmp_path) == ["d.json.d"]
    assert [name for name in os.listdir(tmp_path / "d.json.d") if name.startswith("tmp-")] == []
    assert facts(create(str(tmp_path / "d.json"), HEAD)) == []


def test_force_on_a_busy_file_leaves_the_old_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target == store.paths.document:
            raise OSError(errno.EBUSY, "Device or resource busy")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(OSError, match="busy"):
            create(store.paths.document, HEAD, force=True)
    assert len(facts(store)) == 3


def test_a_new_store_whose_index_cannot_be_made_is_of_unknown_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(recover, "settle", failing(1))
        with pytest.raises(OutcomeUnknown, match="may be there or not"):
            create(str(tmp_path / "d.json"), HEAD)
    assert signals._before
    signals.drop()
    assert facts(JsonLogStore(str(tmp_path / "d.json"), tell=lambda _: None)) == []


def test_evidence_that_cannot_be_written_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    with store.write("x") as writer:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", failing(1, OSError(errno.EIO, "Input/output error")))
            with pytest.raises(OSError, match="Input/output"):
                writer.keep(b"png")
        assert len(writer.keep(b"png")) == 64
    assert [name for name in os.listdir(store.paths.folder) if name.startswith("tmp-")] == []


def test_an_index_that_cannot_be_made_at_all_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dispute_cli.store import StoreUnusable

    store = made(tmp_path)
    monkeypatch.setattr(index.Index, "clear", failing(9, index.IndexBroken("rotten")))
    monkeypatch.setattr(index.Index, "mark", failing(9, index.IndexBroken("rotten")))
    with pytest.raises(StoreUnusable, match="cannot be made: rotten"), store.write("x"):
        pass


def test_a_folder_whose_rights_cannot_be_seen_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "stat", failing())
    with pytest.raises(OSError, match="No space left"):
        disk.new_folder(str(tmp_path / "copy.d"))
    monkeypatch.undo()
    assert not list(tmp_path.iterdir())
