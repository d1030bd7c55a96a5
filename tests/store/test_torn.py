"""Writes cut short by a kill or a power cut: no acknowledged commit is lost, and what was not acknowledged is whole or gone."""

import itertools
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.store import Commit, Head, Key, StoreUnusable, desk, disk, recover
from dispute_cli.store.disk import read_at
from dispute_cli.store.index import Index
from dispute_cli.store.json_log import JsonLogStore, create
from dispute_cli.store.lines import CLOSE, SECTOR, is_torn

from .facts import HEAD, Kept, commit, entries, facts, fill, made, problems, read, said


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sync, where only the bytes matter."""
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    monkeypatch.setattr(disk, "_fdatasync", lambda fd: None)


@pytest.mark.usefixtures("quick")
def test_every_truncation_beside_the_index_is_refused_or_mended(tmp_path: Path) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    kept, whole = Kept(store), facts(store)
    for size in [*range(0, len(kept.bytes) - 40, 3), *range(len(kept.bytes) - 40, len(kept.bytes))]:
        kept.put(kept.bytes[:size])
        assert unusable_or_problem(store), size
        if size < len(kept.bytes) - len(CLOSE):
            with pytest.raises(StoreUnusable), store.read():
                pass
            assert len(read(kept.document)) == size
        else:
            assert facts(store) == whole
            assert read(kept.document) == kept.bytes


def unusable_or_problem(store: JsonLogStore) -> bool:
    try:
        return bool(problems(store))
    except StoreUnusable:
        return True


@pytest.mark.usefixtures("quick")
def test_every_truncation_without_the_index_leaves_the_last_whole_commit_and_is_told(tmp_path: Path) -> None:
    store = made(tmp_path)
    kept, whole = Kept(store), facts(store)
    head = kept.bytes.index(b"\n")
    ends = list(line_ends(kept.bytes))
    near = {end + n for end in ends for n in range(-4, 5)}
    for size in range(head, len(kept.bytes)):
        if size % 3 and size not in near:
            continue
        told: list[str] = []
        store.tell = told.append
        kept.put(kept.bytes[:size], index=False)
        assert facts(store) == whole[: sum(end <= size for end in ends)]
        assert len(told) == 2, size
        assert problems(store) == []
    for size in range(0, head, 5):
        kept.put(kept.bytes[:size], index=False)
        with pytest.raises(StoreUnusable), store.read():
            pass


def line_ends(document: bytes) -> Iterator[int]:
    at = document.index(b"\n")
    while (at := document.find(b"\n", at + 1)) > 0:
        yield at - document[at - 1 :].startswith(b",")


def test_the_bytes_cut_off_are_kept_and_told(tmp_path: Path) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    told: list[str] = []
    store.tell = told.append
    torn = b',\n"4":{"prev":"half'
    kept.put(kept.bytes[: -len(CLOSE)] + torn)
    assert [entry.number for entry in entries(store)] == [1, 2, 3]
    assert "cut short" in problems(store)[0].message
    assert len(facts(store)) == 3
    name = f"torn-4-{sha256(torn).hexdigest()[:12]}"
    assert read(os.path.join(store.paths.folder, name)) == torn
    assert len(told) == 1 and name in told[0]
    assert read(kept.document) == kept.bytes


def images(old: bytes, new: bytes) -> Iterator[bytes]:
    """Every file that a power cut can leave of a write: each sector old, new or zeros, its unchanged first bytes kept."""
    start = len(old) - len(CLOSE)
    first = start // SECTOR
    sectors = range(first, (len(new) + SECTOR - 1) // SECTOR)
    padded = old.ljust(len(new), b"\0")
    zeros = old[:start].ljust(len(new), b"\0")
    for choice in itertools.product((padded, new, zeros), repeat=len(sectors)):
        image = old[: first * SECTOR] + b"".join(source[n * SECTOR : (n + 1) * SECTOR] for source, n in zip(choice, sectors, strict=True))
        yield image
    yield old
    yield new[: len(old)]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("index", ["kept", "of another boot", "lost"])
@pytest.mark.parametrize("first", [True, False], ids=["first commit", "later commit"])
def test_every_torn_sector_leaves_a_prefix_of_what_was_written(tmp_path: Path, first: bool, index: str) -> None:
    for offset in (-3, -2, -1, 0, 1, 200):
        (tmp_path / str(offset)).mkdir()
        store = aligned(tmp_path / str(offset), first, offset)
        before, old = facts(store), Kept(store)
        seq = len(before)
        with store.write("x") as writer:
            writer.append([commit(said(seq + 1, text="y" * 30)), commit(said(seq + 2, "O-2", text="z" * abs(offset)))])
        whole, new = facts(store), read(old.document)
        boot = (lambda: "another") if index == "of another boot" else store.boot_id
        for image in images(old.bytes, new):
            old.put(image, index=index != "lost")
            later = JsonLogStore(old.document, boot_id=boot, tell=lambda _: None)
            found = facts(later)
            assert found == whole[: len(found)] and len(found) >= seq
            assert len(found) == len(whole) or image != new
        fill(later, commit(said(len(found) + 1)))
        assert problems(later) == []


def aligned(folder: Path, first: bool, offset: int) -> JsonLogStore:
    """A store whose next line begins `offset` bytes after a sector boundary."""
    commits = [] if first else [commit(said(1))]
    pad = 0
    for name in ("try.json", "d.json"):
        store = create(str(folder / name), Head(seed=7, start=HEAD.start, clock="simulated", policy={"pad": "x" * pad}))
        fill(store, *commits)
        pad = (offset - len(read(store.paths.document)) + len(CLOSE)) % SECTOR
    assert (len(read(store.paths.document)) - len(CLOSE) - offset) % SECTOR == 0
    return store


KILLS = ("before the write", "within the write", "after the write", "after the sync", "before the index", "after the index")


@pytest.mark.parametrize("point", KILLS)
@pytest.mark.parametrize("first", [True, False], ids=["first commit", "later commit"])
def test_a_kill_at_any_step_loses_no_acknowledged_commit(tmp_path: Path, point: str, first: bool) -> None:
    store = made(tmp_path, 0 if first else 2)
    before = facts(store)
    new = [said(len(before) + 1), said(len(before) + 2)]
    acknowledged = in_child(lambda: killed(store, point, [commit(event) for event in new]))
    told: list[str] = []
    store.tell = told.append
    found = facts(store)
    assert found in (before, [*before, *new])
    assert found != before or not acknowledged
    assert (found == before) == (point in KILLS[:2])
    assert len(told) == (point == "within the write")
    fill(store, commit(said(len(found) + 1, keyed := "O-7")))
    assert facts(store)[-1].order == keyed
    assert problems(store) == []


@pytest.mark.usefixtures("quick")
def test_a_kill_after_any_byte_of_the_write_loses_nothing(tmp_path: Path) -> None:
    store = made(tmp_path, 2)
    store.tell = lambda _: None
    kept, before = Kept(store), facts(store)
    fill(store, commit(said(3)))
    written = read(kept.document)[len(kept.bytes) - len(CLOSE) :]
    for size in range(len(written)):
        image = bytearray(kept.bytes.ljust(len(kept.bytes) - len(CLOSE) + size, b"\0"))
        image[len(kept.bytes) - len(CLOSE) : len(kept.bytes) - len(CLOSE) + size] = written[:size]
        kept.put(bytes(image))
        whole = size >= len(written) - len(CLOSE)
        assert facts(store) == ([*before, said(3)] if whole else before), size


def killed(store: JsonLogStore, point: str, commits: list[Commit]) -> bool:
    """In a child: append, dying at the point."""
    module: Any = desk
    pwrite, sync, finish = os.pwrite, module.sync, Index.commit

    def die(*_: object) -> int:
        os.kill(os.getpid(), 9)
        return 0

    def write(fd: int, data: bytes, at: int) -> int:
        pwrite(fd, data[: {"within the write": len(data) // 3, "before the write": 0}.get(point, len(data))], at)
        return die() if point.endswith("the write") else len(data)

    def synced(fd: int) -> None:
        sync(fd)
        if point == "after the sync":
            die()

    def committed(index: Index) -> None:
        if point == "before the index":
            die()
        finish(index)

    with store.write("x") as writer:
        os.pwrite, module.sync, Index.commit = write, synced, committed  # type: ignore[assignment, method-assign]  # in a process of its own, which dies
        writer.append(commits)
    return True


def in_child(run: Callable[[], bool]) -> bool:
    """Run in a forked child; False when it was killed."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if run() else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


def test_what_is_taken_over_is_written_again_and_synced_before_it_is_indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path, 2)
    kept = Kept(store)
    fill(store, commit(said(3)))
    kept.put(read(kept.document))
    steps: list[str] = []
    put, finish = recover.put, Index.commit

    def written(fd: int, data: bytes, at: int) -> None:
        steps.append(f"write {len(data)}")
        put(fd, data, at)

    def committed(index: Index) -> None:
        steps.append("index")
        finish(index)

    monkeypatch.setattr(recover, "put", written)
    monkeypatch.setattr(recover, "sync", lambda fd: steps.append("sync"))
    monkeypatch.setattr(Index, "commit", committed)
    assert len(facts(store)) == 3
    line = len(read(kept.document)) - len(kept.bytes)
    assert steps == [f"write {line}", "write 3", "sync", "index"]


def test_a_clean_document_is_not_written_when_its_index_is_built_anew_after_a_boot(tmp_path: Path) -> None:
    store = made(tmp_path)
    before = os.stat(store.paths.document).st_mtime_ns
    later = JsonLogStore(store.paths.document, boot_id=lambda: "another")
    assert len(facts(later)) == 3
    assert os.stat(store.paths.document).st_mtime_ns == before


def test_a_key_of_an_unacknowledged_commit_that_is_taken_over_is_known(tmp_path: Path) -> None:
    store = made(tmp_path, 1)
    kept = Kept(store)
    fill(store, commit(said(2), keys=(Key("k", "f", "open"),)))
    kept.put(read(kept.document))
    with store.read() as view:
        assert view.key("k") == (Key("k", "f", "open"), [said(2)])


def test_a_rotten_sector_of_acknowledged_lines_is_damage_not_a_torn_end(tmp_path: Path) -> None:
    store = made(tmp_path, 9)
    kept = Kept(store)
    image = bytearray(kept.bytes)
    image[SECTOR : 2 * SECTOR] = bytes(SECTOR)
    kept.put(bytes(image))
    with pytest.raises(StoreUnusable, match="damaged"), store.read():
        pass
    assert read(kept.document) == bytes(image)


EMPTY = {
    "a whole sector": (b",\n" + bytes(SECTOR) + b'"a"' + CLOSE, SECTOR - 2, True),
    "one byte of the first sector": (b"\0" + b'\n"a"' + CLOSE, SECTOR - 1, True),
    "the last sector": (b',\n"a"' + bytes(9), 0, True),
    "all after the old end": (CLOSE + bytes(9), 0, True),
    "within a sector": (b",\nab" + bytes(2) + b"cd" + CLOSE, 0, False),
    "one byte at its end": (b",\n" + b"x" * (SECTOR - 3) + b"\0x\0\0y" + CLOSE, 0, False),
    "nothing": (b',\n"a"' + CLOSE, SECTOR - 1, False),
}


@pytest.mark.parametrize(("rest", "at", "torn"), EMPTY.values(), ids=EMPTY.keys())
def test_zeros_are_a_torn_write_only_where_a_sector_of_them_ends(rest: bytes, at: int, torn: bool) -> None:
    assert is_torn(rest, at, first=False) is torn


def test_a_short_read_is_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    real = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, size, at: real(fd, min(size, 100), at))
    assert len(facts(store)) == 3
    with open(store.paths.document, "rb") as file:
        assert read_at(file.fileno(), 1 << 20, 0) == file.read()
