"""What an audit tells: each commit as it was written, each fault at its own commit and line, and nothing of what is written meanwhile."""

import os
from pathlib import Path

import pytest

from dispute_cli.store import Commit, Head, Key, Problem, StoreUnusable
from dispute_cli.store.json_log import JsonLogStore, create
from dispute_cli.store.lines import CLOSE, seal_head

from .facts import HEAD, Kept, after, commit, entries, fill, made, problems, said, write


def put(folder: Path, document: bytes) -> JsonLogStore:
    write(str(folder / "d.json"), document)
    return JsonLogStore(str(folder / "d.json"))


def new(changed: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """A document without a commit, one place in it changed."""
    return (seal_head(HEAD)[0] + CLOSE).replace(*changed, 1)


def test_an_audit_tells_every_commit_as_it_was_written(tmp_path: Path) -> None:
    store = create(str(tmp_path / "d.json"), HEAD)
    commits = [commit(said(1), due=after(9), disputed=True, keys=(Key("k", "f", "c"),)), Commit(now=after(2), policies={"h": {"a": 1}})]
    fill(store, *commits)
    assert [entry.commit for entry in entries(store)] == commits


def test_an_audit_beside_a_writer_ends_at_what_was_acknowledged_when_it_began(tmp_path: Path) -> None:
    store = made(tmp_path)
    whole = entries(store)
    walk = store.audit()
    first = next(walk)
    fill(store, commit(said(4)))
    os.utime(store.paths.document, ns=(0, 0))  # within one tick of the system's clock the file would seem to be the same
    assert [first, *walk] == whole


def test_what_was_acknowledged_and_is_gone_is_told_at_its_own_line_and_so_is_the_comma_before_it(tmp_path: Path) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    kept.put(kept.bytes[: kept.bytes.index(b'"3":{')] + b"}}")
    gone, comma = problems(store)
    assert (gone.commit, gone.line) == (3, 4) and "commit 3 (line 4) was acknowledged and is not there" in gone.message
    assert comma == Problem("a comma stands after it, and nothing follows", commit=2, line=3)
    assert [entry.number for entry in entries(store)] == [1, 2]


@pytest.mark.parametrize(("before", "instead", "commit", "line"), [(b"},\n", b"};\n", 1, 2), (b'"commits":{\n', b'"commits":{ \n', None, 1)])
def test_other_bytes_than_a_comma_are_told_with_what_they_stand_after(tmp_path: Path, before: bytes, instead: bytes, commit: int | None, line: int) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    kept.put(kept.bytes.replace(before, instead, 1), index=False)
    assert problems(store) == [Problem("other bytes than a comma stand after it", commit=commit, line=line)]
    assert [entry.number for entry in entries(store)] == [1, 2, 3]


HEADS = {
    "another seed": ((b'"seed":7', b'"seed":8'), "line 1, the head, is damaged: its hash does not match its bytes"),
    "no comma after its hash": ((b'",', b'";'), "line 1, the head, is damaged: no head of a store"),
}


@pytest.mark.parametrize(("changed", "reason"), HEADS.values(), ids=HEADS.keys())
def test_a_head_that_is_not_what_was_written_is_told_with_what_is_wrong(tmp_path: Path, changed: tuple[bytes, bytes], reason: str) -> None:
    with pytest.raises(StoreUnusable, match=reason):
        problems(put(tmp_path, new(changed)))


def test_a_first_line_of_more_than_four_mebibytes_is_not_taken_for_a_head(tmp_path: Path) -> None:
    large = Head(seed=7, start=HEAD.start, clock="simulated", policy={"text": "x" * (4 << 20)})
    with pytest.raises(StoreUnusable, match="is damaged in line 1, the head: put back a backup"):
        problems(put(tmp_path, seal_head(large)[0] + CLOSE))


def test_no_more_than_64_mebibytes_are_read_of_a_file_that_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, real, ends = put(tmp_path, b"hello"), os.pread, []

    def read(fd: int, size: int, at: int) -> bytes:
        ends.append(at + size)
        return real(fd, size, at)

    monkeypatch.setattr(os, "pread", read)
    with pytest.raises(StoreUnusable, match="is not a store"):
        problems(store)
    assert max(ends) == 64 << 20


def test_a_document_that_ends_within_an_acknowledged_line_is_told_by_that_line_and_its_missing_end(tmp_path: Path) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    kept.put(kept.bytes[: kept.bytes.index(b'"2":{') + 200])
    gone, cut, end = problems(store)
    assert (gone.commit, gone.line) == (3, 4)
    assert cut == Problem("its hash does not match its bytes", commit=2, line=3)
    assert end == Problem(f"{store.paths.document}: its end is missing", line=3)


def test_without_an_index_a_write_cut_short_is_told_behind_the_last_whole_line(tmp_path: Path) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    kept.put(kept.bytes[:-3] + b",\n", index=False)
    assert problems(store) == [Problem("the last write was cut short and never acknowledged (2 bytes): the next command mends it", line=5)]
    assert [entry.number for entry in entries(store)] == [1, 2, 3]
