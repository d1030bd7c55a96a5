"""One writer at a time, and what the others are told."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dispute_cli.store import Locked, StoreUnusable, lock
from dispute_cli.store.json_log import JsonLogStore

from .facts import Kept, commit, facts, fill, made, problems, read, said

WRITER = """
import sys
from dispute_cli.store.json_log import JsonLogStore
from tests.store.facts import commit, said
store = JsonLogStore(sys.argv[1], lock_timeout=60)
for n in range(int(sys.argv[2])):
    with store.write("work") as desk:
        desk.append([commit(said(desk.seq + 1, sys.argv[3]), now=max(desk.now, said(desk.seq + 1).at))])
        print(desk.seq, flush=True)
"""


def start(code: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def output(process: "subprocess.Popen[str]") -> list[str]:
    text, _ = process.communicate(timeout=60)
    return text.split()


def test_eight_writers_lose_nothing_and_readers_see_only_whole_moments(tmp_path: Path) -> None:
    store = made(tmp_path, 0)
    writers = [start(WRITER, store.paths.document, "25", f"O-{n}") for n in range(8)]
    seen = 0
    while any(writer.poll() is None for writer in writers):
        events = facts(store)
        assert len(events) >= seen
        seen = len(events)
    acknowledged = sorted(int(word) for writer in writers for word in output(writer))
    assert acknowledged == list(range(1, 201))
    assert [event.seq for event in facts(store)] == acknowledged
    assert {order: len(list(events)) for order, events in histories(store).items()} == {f"O-{n}": 25 for n in range(8)}
    assert problems(store) == []


def histories(store: JsonLogStore) -> dict[str, list[object]]:
    with store.read() as view:
        return {order: list(view.history(order)) for order in view.orders()}


def test_a_killed_writer_loses_nothing_it_acknowledged_and_blocks_nobody(tmp_path: Path) -> None:
    store = made(tmp_path, 0)
    store.tell = lambda _: None
    for acks in (1, 2, 5, 9):
        writer = start(WRITER, store.paths.document, "100000", f"O-{acks}")
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(acks)]
        writer.kill()
        told = int((lines + writer.stdout.readlines())[-1])
        writer.wait()
        writer.stdout.close()
        assert [event.seq for event in facts(store)][:told] == list(range(1, told + 1))
        assert problems(store) == []


def test_a_backup_beside_a_busy_writer_is_whole(tmp_path: Path) -> None:
    store = made(tmp_path, 0)
    writer = start(WRITER, store.paths.document, "100000", "O-1")
    assert writer.stdout is not None
    try:
        for n in range(5):
            told = int(writer.stdout.readline())
            store.backup(str(tmp_path / f"{n}.json"))
            copy = JsonLogStore(str(tmp_path / f"{n}.json"), tell=lambda _: None)
            assert problems(copy) == problems(store) == []
            assert len(facts(copy)) >= told
            json.loads(read(copy.paths.document))
    finally:
        writer.kill()
        writer.communicate()


def test_a_held_lock_is_told_with_pid_command_and_age(tmp_path: Path) -> None:
    store = made(tmp_path)
    other = JsonLogStore(store.paths.document, lock_timeout=0.005)
    with store.write("tick 30d"):
        os.utime(store.paths.lock, (0, 0))
        with pytest.raises(Locked, match=rf"process {os.getpid()} \(`tick 30d`\) has held .*lock for \d{{9,}} s"), other.write("x"):
            pass


def test_a_holder_that_did_not_sign_is_told_without_a_name(tmp_path: Path) -> None:
    store = made(tmp_path)
    other = JsonLogStore(store.paths.document, lock_timeout=0)
    with store.write("x"):
        os.truncate(store.paths.lock, 0)
        with pytest.raises(Locked, match="another process"), other.write("y"):
            pass


def test_a_waiting_writer_gets_the_lock_when_it_is_let_go(tmp_path: Path) -> None:
    store = made(tmp_path)
    ready, order = threading.Event(), []

    def wait() -> None:
        ready.set()
        fill(JsonLogStore(store.paths.document), commit(said(5)))
        order.append("second")

    with store.write("x") as desk:
        thread = threading.Thread(target=wait)
        thread.start()
        ready.wait()
        desk.append([commit(said(4))])
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert len(facts(store)) == 5


def test_a_stale_lock_file_blocks_nobody(tmp_path: Path) -> None:
    store = made(tmp_path)
    with open(store.paths.lock, "w") as file:
        file.write("999999\nlong dead\n")
    fill(store, commit(said(4)))


def test_a_lock_file_that_lost_its_name_while_we_waited_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    taken = []
    real = lock._try

    def replace_first(fd: int, shared: bool = False) -> bool:
        got = real(fd, shared)
        taken.append(os.fstat(fd).st_ino)
        if len(taken) == 1:
            os.rename(store.paths.lock, store.paths.lock + ".old")
        if len(taken) == 2:
            os.rename(store.paths.lock, store.paths.lock + ".older")
            with open(store.paths.lock, "w"):
                pass
        return got

    monkeypatch.setattr(lock, "_try", replace_first)
    fill(store, commit(said(4)))
    assert len(taken) == 3
    assert os.stat(store.paths.lock).st_ino == taken[2]


@pytest.mark.parametrize("make", [lambda path: os.symlink("/dev/null", path), os.mkfifo, os.mkdir])
def test_a_lock_path_that_is_no_plain_file_is_refused(tmp_path: Path, make: Callable[[str], None]) -> None:
    store = made(tmp_path)
    os.unlink(store.paths.lock)
    make(store.paths.lock)
    with pytest.raises(StoreUnusable, match="lock is not a plain file"), store.write("x"):
        pass


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    store = made(tmp_path)
    other = JsonLogStore(store.paths.document, lock_timeout=0)
    with store.write("x") as desk:
        desk.append([commit(said(4))])
        assert len(facts(other)) == 4
        with open(store.paths.document, "r+b") as file:
            file.seek(-3, os.SEEK_END)
            file.write(b',\n"5":{"half of a write')
        assert len(facts(other)) == 4
        assert problems(other) == []


def test_a_reader_mends_for_a_writer_that_was_killed_and_waits_only_without_an_index(tmp_path: Path) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    kept.put(kept.bytes[:-3] + b",\n")
    told: list[str] = []
    assert len(facts(JsonLogStore(store.paths.document, tell=told.append))) == 3
    assert len(told) == 1
    other = JsonLogStore(store.paths.document, lock_timeout=0)
    os.unlink(store.paths.index)
    with lock.hold(store.paths.lock, "x", 0), pytest.raises(Locked), other.read():
        pass


def test_without_a_lock_file_nobody_is_at_work(tmp_path: Path) -> None:
    assert lock.is_free(str(tmp_path / "none"))


def test_whether_a_writer_is_at_work_is_told_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("it waited"))
    with store.write("x"):
        assert lock.is_free(store.paths.lock) is False
    assert lock.is_free(store.paths.lock) is True


def test_two_who_keep_writers_out_do_not_keep_each_other_out(tmp_path: Path) -> None:
    path = made(tmp_path).paths.lock
    with lock.keep_out(path, 0) as one, lock.keep_out(path, 0) as other:
        assert (one, other) == (True, True)


@pytest.mark.parametrize("command", ["x", "x" * 500])
def test_the_name_of_a_holder_fills_the_same_bytes_whatever_its_length(tmp_path: Path, command: str) -> None:
    store = made(tmp_path)
    with store.write(command):
        assert read(store.paths.lock) == f"{os.getpid()}\n{command}"[:127].ljust(127).encode() + b"\n"


class FakeFileLock:
    """Stands in for the library that is used where there is no flock."""

    class Timeout(Exception):
        pass

    taken: list[str] = []

    def __init__(self, path: str, timeout: float, fallback_to_soft: bool, mode: int) -> None:
        assert (fallback_to_soft, mode) == (False, 0o600)
        self.path = path

    def acquire(self) -> None:
        if self.taken:
            raise self.Timeout
        self.taken.append(self.path)

    def release(self) -> None:
        self.taken.remove(self.path)

    FileLock: type


FakeFileLock.FileLock = FakeFileLock


def test_where_there_is_no_flock_filelock_is_used_without_its_soft_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    monkeypatch.setattr(lock, "fcntl", None)
    monkeypatch.setitem(sys.modules, "filelock", FakeFileLock)
    fill(store, commit(said(4)))
    assert not FakeFileLock.taken
    with store.write("x"), pytest.raises(Locked), store.write("y"):
        pass
    assert lock.is_free(store.paths.lock) is False
    assert len(facts(store)) == 4


def test_a_signal_while_waiting_for_the_lock_ends_the_wait(tmp_path: Path) -> None:
    store = made(tmp_path)
    other = JsonLogStore(store.paths.document)
    with lock.hold(store.paths.lock, "x", 0):
        threading.Timer(0.02, signal.pthread_kill, (threading.get_ident(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt), other.write("y"):
            pass
    fill(other, commit(said(4)))
