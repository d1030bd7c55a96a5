"""Backups, repairs, sweeping, and stores in folders that cannot be written."""

import errno
import os
import shutil
import signal
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispute_cli.store import StoreUnusable, signals
from dispute_cli.store.json_log import JsonLogStore, create

from .facts import HEAD, Kept, commit, facts, fill, made, problems, read, said, shown


def with_evidence(folder: Path) -> tuple[JsonLogStore, str]:
    store = create(str(folder / "d.json"), HEAD)
    with store.write("x") as desk:
        hash = desk.keep(b"png")
        desk.append([commit(shown(1, hash))])
    return store, hash


def test_a_backup_has_the_same_bytes_and_no_index(tmp_path: Path) -> None:
    store, hash = with_evidence(tmp_path)
    store.backup(str(tmp_path / "copy.json"))
    assert read(str(tmp_path / "copy.json")) == read(store.paths.document)
    assert sorted(os.listdir(tmp_path / "copy.json.d")) == ["blobs"]
    assert os.listdir(tmp_path / "copy.json.d/blobs") == [hash]


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
@pytest.mark.parametrize("name", ["copy.json", "copy.json.d"])
def test_a_backup_never_writes_over_anything(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    store, _ = with_evidence(tmp_path)
    make(tmp_path / name)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(FileExistsError, match=name):
        store.backup(str(tmp_path / "copy.json"))
    assert sorted(os.listdir(tmp_path)) == before


def test_a_backup_where_there_are_no_links_is_renamed_and_still_writes_over_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = with_evidence(tmp_path)

    def link(source: str, target: str) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    store.backup(str(tmp_path / "copy.json"))
    assert read(str(tmp_path / "copy.json")) == read(store.paths.document)


def test_a_backup_whose_name_cannot_be_given_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = with_evidence(tmp_path)

    def link(source: str, target: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(OSError, match="Input/output"):
        store.backup(str(tmp_path / "copy.json"))
    assert not (tmp_path / "copy.json").exists()


def test_a_backup_tells_how_many_bytes_are_copied_of_how_many(tmp_path: Path) -> None:
    store, _ = with_evidence(tmp_path)
    told: list[tuple[int, int]] = []
    store.backup(str(tmp_path / "copy.json"), copied=lambda done, whole: told.append((done, whole)))
    whole = os.path.getsize(store.paths.document) + len(b"png")
    assert told[0] == (len(b"png"), whole) and told[-1] == (whole, whole)
    assert told == sorted(told)


def test_a_backup_asked_to_stop_between_two_pieces_leaves_nothing(tmp_path: Path) -> None:
    store, _ = with_evidence(tmp_path)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        store.backup(str(tmp_path / "copy.json"), copied=lambda done, whole: signal.raise_signal(signal.SIGTERM))
    assert sorted(os.listdir(tmp_path)) == before


def test_a_folder_that_appears_meanwhile_is_neither_filled_nor_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = with_evidence(tmp_path)
    hold = signals.hold

    def appear() -> bool:
        (tmp_path / "copy.json.d").mkdir()
        return hold()

    monkeypatch.setattr(signals, "hold", appear)
    with pytest.raises(FileExistsError, match=r"copy\.json\.d is there already: a backup never writes over anything"):
        store.backup(str(tmp_path / "copy.json"))
    assert os.listdir(tmp_path / "copy.json.d") == [] and not (tmp_path / "copy.json").exists()


@pytest.mark.parametrize("held", [True, False])
def test_a_backup_that_fails_leaves_the_signals_as_it_found_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool) -> None:
    store, _ = with_evidence(tmp_path)
    signals.drop()
    if held:
        signals.hold()
    monkeypatch.setattr(os, "link", failing_link)
    with pytest.raises(OSError, match="Input/output"):
        store.backup(str(tmp_path / "copy.json"))
    assert signals.hold() is not held


def failing_link(source: str, target: str) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_a_backup_leaves_out_a_write_that_was_cut_short(tmp_path: Path) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    kept = Kept(store)
    kept.put(kept.bytes[:-3] + b",\n")
    store.backup(str(tmp_path / "copy.json"))
    assert read(str(tmp_path / "copy.json")) == kept.bytes


def test_repair_removes_temporary_files_and_orphans_and_nothing_else(tmp_path: Path) -> None:
    store, hash = with_evidence(tmp_path)
    with store.write("x") as desk:
        orphan = desk.keep(b"orphan")
    folder = tmp_path / "d.json.d"
    for name in ("tmp-x", "torn-3-abc", "note.txt", "blobs/note.txt", f"blobs/{hash[:-1]}"):
        (folder / name).write_text("x")
    before = read(store.paths.document)
    assert store.repair() == [str(folder / "tmp-x"), str(folder / "blobs" / orphan)]
    assert store.repair() == []
    assert sorted(os.listdir(folder / "blobs")) == sorted([hash, hash[:-1], "note.txt"])
    assert {"torn-3-abc", "note.txt", "lock", "index.sqlite"} <= set(os.listdir(folder))
    assert read(store.paths.document) == before
    assert problems(store) == []


def test_repair_of_a_damaged_store_removes_nothing(tmp_path: Path) -> None:
    store, hash = with_evidence(tmp_path)
    kept = Kept(store)
    kept.put(kept.bytes.replace(b"a.png", b"b.png"))
    with pytest.raises(StoreUnusable):
        store.repair()
    assert os.listdir(tmp_path / "d.json.d/blobs") == [hash]


def test_repair_beside_an_index_that_is_wrong_builds_it_anew(tmp_path: Path) -> None:
    store, _ = with_evidence(tmp_path)
    connection = sqlite3.connect(store.paths.index, isolation_level=None)
    connection.execute("UPDATE commits SET at = at + 1")
    connection.close()
    (tmp_path / "d.json.d/tmp-x").write_text("x")
    assert store.repair() == [str(tmp_path / "d.json.d/tmp-x")]
    assert problems(store) == []


def test_a_link_among_the_evidence_is_neither_removed_nor_copied(tmp_path: Path) -> None:
    store, hash = with_evidence(tmp_path)
    (tmp_path / "note").write_text("x")
    link = tmp_path / "d.json.d/blobs" / ("0" * 64)
    link.symlink_to(tmp_path / "note")
    assert store.repair() == []
    store.backup(str(tmp_path / "copy.json"))
    assert link.is_symlink() and os.listdir(tmp_path / "copy.json.d/blobs") == [hash]


def test_the_next_writer_sweeps_temporary_files(tmp_path: Path) -> None:
    store, _ = with_evidence(tmp_path)
    (tmp_path / "d.json.d/tmp-left").write_text("x")
    fill(store, commit(said(2)))
    assert not (tmp_path / "d.json.d/tmp-left").exists()


def test_evidence_is_durable_before_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(fd: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "file")
        fsync(fd)

    def renamed(source: str, target: str) -> None:
        steps.append("rename")
        replace(source, target)

    with store.write("x") as desk:
        desk.keep(b"first")
        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(os, "replace", renamed)
        desk.keep(b"second")
        desk.keep(b"second")
    assert steps == ["file", "rename", "folder", "folder"]


def test_evidence_behind_a_link_a_pipe_or_a_folder_is_refused(tmp_path: Path) -> None:
    store, hash = with_evidence(tmp_path)
    path = tmp_path / "d.json.d/blobs" / hash
    makers: list[Callable[[], object]] = [lambda: path.symlink_to("/etc/passwd"), lambda: os.mkfifo(path), path.mkdir]
    for make in makers:
        path.unlink()
        make()
        with store.read() as view, pytest.raises(StoreUnusable, match=hash):
            view.blob(hash)
        assert len(problems(store)) == 1


NOBODY = 65534


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="dispute-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(run: Callable[[], object]) -> str:
    """Run in a child without root's rights; return what it answers."""
    source, target = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            try:
                answer = repr(run())
            except Exception as error:
                answer = f"{type(error).__name__}: {error}"
            os.write(target, answer.encode())
        finally:
            os._exit(0)
    os.close(target)
    os.waitpid(pid, 0)
    with os.fdopen(source) as file:
        return file.read()


def lock_down(store: JsonLogStore, folder: Path) -> None:
    """Make all of it readable by everybody and writable by nobody."""
    for path in (store.paths.document, *(os.path.join(store.paths.folder, name) for name in os.listdir(store.paths.folder))):
        os.chmod(path, 0o444)
    os.chmod(store.paths.folder, 0o555)
    os.chmod(folder, 0o555)


@pytest.mark.parametrize("state", ["as it is", "another boot", "no index", "no folder", "torn", "a log beside the index"])
def test_a_folder_that_cannot_be_written_is_read_and_not_written(shared: Path, state: str) -> None:
    store = made(shared)
    told: list[str] = []
    reader = JsonLogStore(store.paths.document, tell=told.append, boot_id=(lambda: "another") if state == "another boot" else store.boot_id)
    if state == "no index":
        os.unlink(store.paths.index)
    elif state == "no folder":
        shutil.rmtree(store.paths.folder)
        os.mkdir(store.paths.folder)
    elif state == "torn":
        kept = Kept(store)
        kept.put(kept.bytes[:-3] + b",\n")
    elif state == "a log beside the index":
        Path(store.paths.index + "-wal").write_bytes(b"")
    lock_down(store, shared)

    def run() -> object:
        events = facts(reader)
        try:
            fill(reader, commit(said(4)))
        except OSError as error:
            return len(events), error.errno in (errno.EACCES, errno.EROFS), len(problems(reader)), bool(told)
        return "written"

    torn = state == "torn"
    assert as_nobody(run) == repr((3, True, int(torn), torn))


def test_a_document_that_may_only_be_read_is_read_and_not_written(shared: Path) -> None:
    store = made(shared)
    for path in (store.paths.folder, shared):
        os.chown(path, NOBODY, NOBODY)
    for name in os.listdir(store.paths.folder):
        os.chown(os.path.join(store.paths.folder, name), NOBODY, NOBODY)
    os.chmod(store.paths.document, 0o444)
    assert as_nobody(lambda: len(facts(store))) == "3"
    assert as_nobody(lambda: fill(store, commit(said(4)))).startswith("PermissionError")
    os.chmod(store.paths.document, 0)
    assert "StoreUnusable" in as_nobody(lambda: facts(store))
    assert "StoreUnusable" in as_nobody(lambda: fill(store, commit(said(4))))
