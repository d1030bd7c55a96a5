"""What seldom happens: indexes that are wrong in one place, systems without a call, files that change while they are read."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib import reload
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli.core.events import Event
from dispute_cli.store import Commit, Key, Locked, StoreUnusable, disk, index, json_log, lines, lock, recover, view
from dispute_cli.store.head import read_known
from dispute_cli.store.json_log import JsonLogStore, create
from dispute_cli.store.tally import Tally

from .facts import HEAD, START, Kept, commit, entries, facts, fill, made, problems, read, said, shown, write


def changed(store: JsonLogStore, *statements: str) -> None:
    connection = sqlite3.connect(store.paths.index, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def rich(folder: Path) -> JsonLogStore:
    """A store with something in every table."""
    store = create(str(folder / "d.json"), HEAD)
    with store.write("x") as desk:
        hash = desk.keep(b"png")
        desk.append([commit(said(1), keys=(Key("k", "f", "c"),)), Commit(now=said(1).at, policies={"h": {"a": 1}})])
        desk.append([commit(shown(2, hash), shown(3, hash, "O-2"), disputed=True, due=said(9).at)])
    store.tell = lambda _: None
    return store


def refuse(self: index.Index, writing: bool = False) -> None:
    raise OSError(errno.EIO, "Input/output error")


WRONG = {
    "commit elsewhere": "UPDATE commits SET at = at + 1 WHERE n = 2",
    "commit too many": "INSERT INTO commits VALUES (9, 1, 1, 'x', 9)",
    "order lacking": "DELETE FROM orders WHERE id = 'O-2'",
    "order differs": "UPDATE orders SET due = 5 WHERE id = 'O-1'",
    "dispute differs": "UPDATE orders SET disputed = 0 WHERE id = 'O-1'",
    "touch too many": "INSERT INTO touches VALUES ('O-2', 1)",
    "touch elsewhere": "UPDATE touches SET n = 2 WHERE id = 'O-1' AND n = 1",
    "key lacking": "DELETE FROM keys",
    "policy elsewhere": "UPDATE policies SET n = 1",
}


@pytest.mark.parametrize("statement", WRONG.values(), ids=WRONG.keys())
def test_an_audit_finds_an_index_at_odds_with_the_document(tmp_path: Path, statement: str) -> None:
    store = rich(tmp_path)
    assert problems(store) == []
    changed(store, statement)
    [problem] = problems(store)
    assert "the index is at odds with the document" in problem.message
    assert [entry.number for entry in entries(store)] == [1, 2, 3]
    os.unlink(store.paths.index)
    assert len(facts(store)) == 3
    assert problems(store) == []


@pytest.mark.parametrize("statement", ["DROP TABLE touches", "DROP INDEX keys_again", "CREATE TABLE more (n)", "ALTER TABLE orders ADD COLUMN more"])
def test_an_index_whose_tables_are_not_what_was_written_is_found_and_made_anew(tmp_path: Path, statement: str) -> None:
    store = rich(tmp_path)
    changed(store, statement)
    [problem] = problems(store)
    assert "cannot be used: its watermark or its tables are not what was written; the next command builds it anew" in problem.message
    assert len(facts(store)) == 3
    assert problems(store) == []


def test_an_audit_finds_damaged_pages_of_an_index(tmp_path: Path) -> None:
    store = rich(tmp_path)
    connection = sqlite3.connect(store.paths.index, isolation_level=None)
    [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'soonest'")
    connection.close()
    data = bytearray(read(store.paths.index))
    data[root * 4096 - 20 : root * 4096] = b"\xff" * 20
    write(store.paths.index, bytes(data))
    assert "at odds" in problems(store)[0].message


def test_an_audit_finds_a_broken_index_and_an_index_ahead(tmp_path: Path) -> None:
    store = rich(tmp_path)
    kept = Kept(store)
    fill(store, commit(said(4)))
    newer = Kept(store)
    write(store.paths.index, b"no database" * 999)
    assert "cannot be used" in problems(store)[0].message
    newer.put(kept.bytes)
    assert any("was acknowledged and is not there" in problem.message for problem in problems(store))
    changed(store, "UPDATE mark SET body = 'x'")
    assert "cannot be used" in problems(store)[0].message


def test_an_audit_says_nothing_of_an_index_that_is_behind_or_of_another_boot(tmp_path: Path) -> None:
    store = rich(tmp_path)
    old = Kept(store)
    fill(store, commit(said(4)))
    old.put(read(store.paths.document))
    assert problems(store) == []
    assert len(entries(store)) == 4
    changed(store, "DELETE FROM touches")
    assert problems(JsonLogStore(store.paths.document, boot_id=lambda: "another")) == []


def test_an_audit_without_an_index_waits_for_the_writer(tmp_path: Path) -> None:
    store = made(tmp_path)
    other = JsonLogStore(store.paths.document, lock_timeout=0.02)
    os.unlink(store.paths.index)
    with lock.hold(store.paths.lock, "long", 0), pytest.raises(Locked, match="long"):
        problems(other)
    assert len(entries(other)) == 3


def test_an_audit_of_a_clean_end_that_rotted_says_so(tmp_path: Path) -> None:
    store = made(tmp_path)
    file = os.stat(store.paths.document)
    data = read(store.paths.document)
    for end in (b"\n}]", b"\n]}", b" }}"):
        Kept(store).put(data[:-3] + end)
        os.utime(store.paths.document, ns=(file.st_atime_ns, file.st_mtime_ns))
        assert problems(store)
        assert len(entries(store)) == 3


def test_an_audit_goes_on_after_a_line_that_cannot_be_read(tmp_path: Path) -> None:
    from .test_damage import GOOD, forged

    write(str(tmp_path / "d.json"), forged(GOOD, "x", '"now":"2026-01-01T00:00:01Z","events":[{"type":"lost"}]}', '"now":"2026-01-01T00:00:01Z","events":[]}'))
    store = JsonLogStore(str(tmp_path / "d.json"))
    assert [problem.commit for problem in problems(store)] == [2, 3]
    assert [entry.number for entry in entries(store)] == [1, 4]


UNSEEN = "UPDATE orders SET due = 7 WHERE due IS NOT NULL"
"""Only an audit can see this one."""


def test_events_keys_and_policies_survive_an_index_that_is_wrong(tmp_path: Path) -> None:
    store = rich(tmp_path)
    kept = Kept(store)
    for statement in (
        "UPDATE commits SET at = at + 1",
        "DELETE FROM commits WHERE n = 2",
        "DELETE FROM commits WHERE n = 3",
        "UPDATE keys SET n = 2",
        "UPDATE keys SET n = 9",
        "UPDATE policies SET n = 1",
        "DELETE FROM policies",
        "UPDATE orders SET due = 1 << 61 WHERE due IS NOT NULL",
        UNSEEN,
    ):
        for ask in (
            lambda shown: [event.seq for event in shown.events()] == [1, 2, 3],
            lambda shown: [event.seq for event in shown.events(1)] == [2, 3],
            lambda shown: shown.key("k") == (Key("k", "f", "c"), [said(1)]),
            lambda shown: shown.policy("h") == {"a": 1},
            lambda shown: shown.due(None, 1) == [(said(9).at, "O-1")],
        ):
            kept.put_index()
            changed(store, statement)
            with store.read() as shown:
                assert ask(shown) or statement == UNSEEN, statement


def test_a_line_that_tells_of_several_orders_is_read_once_for_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, real, taken = rich(tmp_path), lines.events_by_order, []

    def counted(line: bytes) -> dict[str, list[Event]]:
        taken.append(line)
        return real(line)

    monkeypatch.setattr(view, "events_by_order", counted)
    with store.read() as shown:
        assert [len(events) for events in shown.histories(["O-1", "O-2"]).values()] == [2, 1]
    assert len(taken) == 2


def test_an_index_that_stays_broken_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    with store.read() as shown:
        monkeypatch.setattr(view, "unseal", lambda line, number: None)
        with pytest.raises(StoreUnusable, match="stays broken"):
            shown.history("O-1")


def test_a_reader_holds_on_to_what_it_settled(tmp_path: Path) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    os.unlink(store.paths.index)
    with store.read() as shown:
        fill(store, commit(said(4)))
        assert [event.seq for event in shown.events()] == [1, 2, 3]
    assert len(facts(store)) == 4


def test_a_reader_that_cannot_hold_on_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    monkeypatch.setattr(view, "glance", lambda paths, boot: None)
    monkeypatch.setattr(index.Index, "begin", refuse)
    with pytest.raises(OSError, match="Input/output"), store.read():
        pass
    monkeypatch.undo()
    assert len(facts(store)) == 3


def test_a_tally_of_fewer_commits_than_the_watermark_says_so(tmp_path: Path) -> None:
    opened, mark = index.open_to_read(made(tmp_path).paths.index)
    assert "ahead, at commit 3 of 0" in str(Tally(opened, mark).fault())
    opened.close()


def test_an_index_that_another_program_holds_is_told_as_busy(tmp_path: Path) -> None:
    opened = index.open_to_write(made(tmp_path).paths.index, synced=True)
    other = sqlite3.connect(str(tmp_path / "disputes.json.d/index.sqlite"), isolation_level=None, timeout=0)
    opened.begin(writing=True)
    with pytest.raises(OSError, match="locked") as error, index.translated():
        other.execute("BEGIN IMMEDIATE")
    assert error.value.errno == errno.EBUSY
    other.close()
    opened.close()


def test_an_index_without_its_mark_but_with_tables_is_broken_not_missing(tmp_path: Path) -> None:
    store = made(tmp_path)
    changed(store, "DROP TABLE mark")
    with pytest.raises(index.IndexBroken) as error:
        index.open_to_read(store.paths.index)
    assert not isinstance(error.value, index.IndexMissing)


def test_a_scan_tells_of_a_write_that_was_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    told: list[str] = []
    store.tell = told.append
    kept = Kept(store)
    kept.put(kept.bytes[:-3] + b",\n")

    def settle(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("dispute_cli.store.recover.settle", settle)
    with store.read() as shown:
        assert len(list(shown.events())) == 3
    assert "read up to commit 3" in told[0]


def test_a_hash_that_fits_bytes_we_cannot_read_is_told_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)

    def refuse(line: bytes) -> None:
        raise ValueError("of a later kind")

    monkeypatch.setattr(view, "read_line", refuse)
    with store.read() as shown, pytest.raises(StoreUnusable, match=r"commit 1 \(line 2\) cannot be read: of a later kind"):
        list(shown.events())


def test_a_scan_refuses_a_damaged_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    kept.put(kept.bytes.replace(b"hello", b"jello"))

    def settle(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("dispute_cli.store.recover.settle", settle)
    with pytest.raises(StoreUnusable, match="commit 1"), store.read():
        pass


def test_an_index_that_will_not_open_for_another_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    monkeypatch.setattr(index.Index, "begin", refuse)
    with pytest.raises(OSError, match="Input/output"), store.read():
        pass


def test_an_index_of_another_format_is_built_anew(tmp_path: Path) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    opened = index.open_to_write(store.paths.index, synced=False)
    opened.set_mark(replace(opened.mark(), format=1))
    opened.close()
    changed(store, "DELETE FROM touches")
    assert len(facts(store)) == 3
    assert problems(store) == []


def test_an_index_in_a_folder_that_cannot_be_written_is_opened_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    real, modes = index._moment, []

    def moment(path: str, mode: str) -> object:
        modes.append(mode)
        if len(modes) == 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, mode)

    monkeypatch.setattr(index, "_moment", moment)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert len(facts(store)) == 3
    assert modes == ["mode=ro", "mode=ro&immutable=1"]
    modes.clear()
    write(store.paths.index + "-wal", b"")
    with pytest.raises(index.IndexMissing, match="log"):
        index.open_to_read(store.paths.index)
    modes.clear()
    monkeypatch.setattr(os, "access", lambda *_: True)
    with pytest.raises(index.IndexMissing, match="only a writer"):
        index.open_to_read(store.paths.index)


def test_a_change_that_sqlite_has_undone_itself_is_not_undone_again() -> None:
    opened = index.open_in_memory()
    opened.rollback()
    opened.begin(writing=True)
    opened.rollback()
    opened.begin()
    opened.close()


def test_a_document_that_cannot_be_opened_for_another_reason_is_the_systems_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)

    def refuse(path: str, flags: int, mode: int = 0) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match="Too many"), store.read():
        pass


def test_a_lock_that_cannot_be_opened_is_the_systems_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(OSError(errno.EMFILE, "Too many open files")))
    with pytest.raises(OSError, match="Too many"), lock.hold(str(tmp_path / "lock"), "x", 0):
        pass


def test_a_file_that_becomes_shorter_is_not_copied(tmp_path: Path) -> None:
    write(str(tmp_path / "x"), b"123")
    with open(tmp_path / "x", "rb") as file, pytest.raises(OSError, match="shorter"):
        list(disk.pieces(file.fileno(), 0, 5))


def test_a_head_that_is_not_the_known_one_is_not_taken(tmp_path: Path) -> None:
    store = made(tmp_path)
    line = read(store.paths.document).split(b"\n")[0]
    with open(store.paths.document, "rb") as file:
        assert read_known(file.fileno(), len(line), line[23:87].decode()) == HEAD
        assert read_known(file.fileno(), len(line), "0" * 64) is None
        assert read_known(file.fileno(), len(line) - 1, line[23:87].decode()) is None


@pytest.mark.parametrize("hash", ["../" + "0" * 61, "0" * 64 + "\n", "0" * 63 + "G", "0" * 65])
def test_no_path_is_made_from_what_is_no_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hash: str) -> None:
    store = made(tmp_path)
    with store.read() as shown:
        monkeypatch.setattr(os, "open", None)
        with pytest.raises(StoreUnusable, match="is no hash of evidence"):
            shown.blob(hash)
        monkeypatch.undo()


@pytest.mark.parametrize(("synced", "level"), [(True, 1), (False, 0)])
def test_an_index_is_synced_only_where_no_boot_id_tells_of_a_power_cut(tmp_path: Path, synced: bool, level: int) -> None:
    opened = index.open_to_write(str(tmp_path / "i"), synced=synced)
    assert opened.one("PRAGMA synchronous") == (level,)
    assert opened.one("PRAGMA journal_mode") == ("wal",)
    opened.close()


def test_an_append_writes_then_syncs_then_indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    steps: list[str] = []
    pwrite, sync, finish = os.pwrite, disk.sync, index.Index.commit

    def written(fd: int, data: bytes, at: int) -> int:
        steps.append("write")
        return pwrite(fd, data, at)

    def synced(fd: int) -> None:
        steps.append("sync")
        sync(fd)

    def committed(self: index.Index) -> None:
        steps.append("index")
        finish(self)

    with store.write("x") as desk:
        monkeypatch.setattr(os, "pwrite", written)
        monkeypatch.setattr("dispute_cli.store.desk.sync", synced)
        monkeypatch.setattr(index.Index, "commit", committed)
        desk.append([commit(said(4)), commit(said(5))])
    assert steps == ["write", "sync", "index"]


def test_a_boot_id_is_read_where_the_system_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert json_log.boot_id()

    def refuse(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", refuse)
    assert json_log.boot_id() is None


def test_where_a_sync_stops_at_the_disks_cache_the_full_one_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[int] = []
    monkeypatch.setattr(disk, "FULL_SYNC", 51)
    monkeypatch.setattr("fcntl.fcntl", lambda fd, what: calls.append(what))
    disk.sync(1)
    assert calls == [51]


def test_where_there_is_no_fcntl_the_modules_still_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    try:
        assert reload(disk).FULL_SYNC is None
        assert reload(lock).fcntl is None
    finally:
        monkeypatch.undo()
        reload(disk)
        reload(lock)


def test_a_long_log_is_indexed_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "GATHERED", 4)
    store = made(tmp_path, 9)
    store.tell = lambda _: None
    os.unlink(store.paths.index)
    assert len(facts(store)) == 9
    assert problems(store) == []


def test_a_value_without_end_has_none_and_brackets_in_texts_do_not_count() -> None:
    assert lines.end_of_value(b'{"a":"}"}x') == 9
    assert lines.end_of_value(b'  [{"a":[]}] ') == 12
    assert lines.end_of_value(b'{"a":"\\"}') is None
    assert lines.end_of_value(b"{") is None
    assert lines.end_of_value(b"") is None
    assert lines.end_of_value(b"[" * 100_000 + b"]" * 100_000) == 200_000


@pytest.mark.parametrize("text", [b'{"a":1,"a":1}', b'{"a":[{"b":1,"b":2}]}', b"[NaN]", b"[Infinity]", b"[-Infinity]", b"[1e400]", b"[-1e400]", b"[\xff]"])
def test_json_that_hides_something_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        lines.check_json(text)


def test_json_that_hides_nothing_is_accepted() -> None:
    lines.check_json(b'{"a":{"a":1.5,"b":[1e308,-0]},"c":null}')


def test_a_plain_read_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    store = made(tmp_path)
    code = """
import sys
before = set(sys.modules)
from dispute_cli.store.json_log import JsonLogStore
with JsonLogStore(sys.argv[1]).read() as view:
    assert len(view.history("O-1")) == 2
print(sorted({"tinydb", "tempfile", "logging", "json", "importlib.metadata", "filelock", "urllib", "subprocess", "shutil"} & (set(sys.modules) - before)))
"""
    done = subprocess.run([sys.executable, "-c", code, store.paths.document], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout == "[]\n"


def test_a_second_append_that_fails_still_holds_the_signals_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with store.write("x") as desk:
        desk.append([commit(said(4))])
        real = os.pwrite
        monkeypatch.setattr(os, "pwrite", lambda fd, data, at: refuse() if data[:1] == b"," else real(fd, data, at))
        with pytest.raises(OSError, match="No space"):
            desk.append([commit(said(5))])
    assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert said(4).at > START
    assert len(facts(store)) == 4


class Broken:
    """An index in which nothing can be read."""

    def __getattr__(self, name: str) -> Any:
        def fail(*_: object) -> Any:
            raise index.IndexBroken("rotten")

        return fail

    def some(self, query: str) -> Iterator[Any]:
        raise index.IndexBroken("rotten")
        yield


def test_an_index_that_breaks_while_it_is_counted_is_the_fault() -> None:
    for counted in ((), (Commit(now=START),)):
        tally = Tally(Broken(), SimpleNamespace(n=0))  # type: ignore[arg-type]  # it is no whole index
        for number, one in enumerate(counted, 1):
            tally.put(index.Place(number, 0, 1, "", 1), one)
        assert tally.fault() == "rotten"


def test_many_rows_of_one_change_go_into_the_index_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "TOGETHER", 3)
    store = made(tmp_path, 7)
    store.tell = lambda _: None
    os.unlink(store.paths.index)
    assert len(facts(store)) == 7 and problems(store) == []


def test_an_order_that_the_index_says_was_touched_less_often_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "GATHERED", 2)
    store = made(tmp_path, 4)
    changed(store, "UPDATE orders SET touched = 1 WHERE id = 'O-1'")
    assert "at odds" in problems(store)[0].message


@pytest.mark.parametrize("statement", ["INSERT INTO touches VALUES (x'4f2d31', 9)", "INSERT INTO orders VALUES ('X', NULL, 0, 1)"])
def test_rows_that_no_commit_says_are_found_in_the_index(tmp_path: Path, statement: str) -> None:
    store = made(tmp_path)
    changed(store, statement)
    assert "at odds" in problems(store)[0].message


def test_what_cannot_be_held_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    opened = store._settle()

    def broken(self: index.Index) -> None:
        raise index.IndexBroken("it is")

    monkeypatch.setattr(index.Index, "mark", broken)
    with pytest.raises(index.IndexBroken):
        recover.held(opened)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened.fd)
