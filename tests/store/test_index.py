"""The index is derived: whatever happens to it, the facts stay the same."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dispute_cli.store import StoreUnusable, json_log
from dispute_cli.store.index import open_to_write
from dispute_cli.store.json_log import JsonLogStore
from dispute_cli.store.peek import Peek

from .facts import HEAD, Kept, commit, facts, fill, flipped, made, overwrite, problems, read, said, write

EVENTS = [said(1, "O-1"), said(2, "O-2"), said(3, "O-1")]


def delete(store: JsonLogStore) -> None:
    os.unlink(store.paths.index)


def delete_folder(store: JsonLogStore) -> None:
    for name in os.listdir(store.paths.folder):
        os.unlink(os.path.join(store.paths.folder, name))
    os.rmdir(store.paths.folder)


def empty(store: JsonLogStore) -> None:
    write(store.paths.index, b"")


def garble(store: JsonLogStore) -> None:
    write(store.paths.index, b"no database at all" * 999)


def garble_pages(store: JsonLogStore) -> None:
    data = bytearray(read(store.paths.index))
    data[4096 * 2 :] = b"\xa5" * (len(data) - 4096 * 2)
    write(store.paths.index, bytes(data))


def cut(store: JsonLogStore) -> None:
    write(store.paths.index, read(store.paths.index)[:5000])


def change(statement: str) -> Callable[[JsonLogStore], None]:
    def run(store: JsonLogStore) -> None:
        connection = sqlite3.connect(store.paths.index, isolation_level=None)
        connection.execute(statement)
        connection.close()

    return run


SPOILERS = {
    "deleted": delete,
    "folder deleted": delete_folder,
    "empty": empty,
    "garbled": garble,
    "garbled from page 2": garble_pages,
    "cut": cut,
    "other tables": change("ALTER TABLE commits RENAME TO other"),
    "no mark": change("DELETE FROM mark"),
    "mark flipped": change("UPDATE mark SET body = replace(body, '1', '2')"),
    "mark no json": change("UPDATE mark SET body = 'x'"),
    "order renamed": change("UPDATE orders SET id = 'O-9' WHERE id = 'O-1'"),
    "touch lost": change("DELETE FROM touches WHERE n = 3"),
    "commit lost": change("DELETE FROM commits WHERE n = 1"),
    "commit moved": change("UPDATE commits SET at = at + 1 WHERE n = 3"),
    "commits swapped": change("UPDATE commits SET at = (SELECT at FROM commits WHERE n = 1), size = (SELECT size FROM commits WHERE n = 1) WHERE n = 3"),
    "hash changed": change("UPDATE commits SET hash = 'x' WHERE n = 1"),
    "index within": change("DROP INDEX soonest"),
    "table in a view": change("CREATE VIEW v AS SELECT 1"),
}


@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS.keys())
def test_reading_with_a_spoiled_index_tells_the_same(tmp_path: Path, spoil: Callable[[JsonLogStore], None]) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    before = read(store.paths.document)
    spoil(store)
    with store.read() as view:
        assert view.history("O-1") == [EVENTS[0], EVENTS[2]]
    assert facts(store) == EVENTS
    assert read(store.paths.document) == before


@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS.keys())
def test_writing_with_a_spoiled_index_loses_nothing(tmp_path: Path, spoil: Callable[[JsonLogStore], None]) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    spoil(store)
    with store.write("x") as desk:
        assert desk.history("O-1") == [EVENTS[0], EVENTS[2]]
        desk.append([commit(said(4, "O-1"))])
    assert facts(store) == [*EVENTS, said(4, "O-1")]
    assert problems(store) == []


def test_an_index_without_a_watermark_is_told_as_such(tmp_path: Path) -> None:
    store = made(tmp_path)
    told: list[str] = []
    store.tell = told.append
    change("DELETE FROM mark")(store)
    assert facts(store) == EVENTS
    assert told == [f"{store.paths.document}: the index was not usable (it has no watermark) and is built anew; the last whole commit is 3"]


def test_an_index_fits_the_document_after_each_append(tmp_path: Path) -> None:
    store = made(tmp_path)
    os.utime(store.paths.document, ns=(0, 0))
    fill(store, commit(said(4)))
    assert facts(Peek(store.paths.document)) == [*EVENTS, said(4)]


def test_an_older_index_is_caught_up(tmp_path: Path) -> None:
    store = made(tmp_path)
    old = Kept(store)
    fill(store, commit(said(4)), commit(said(5, "O-3")))
    told: list[str] = []
    store.tell = told.append
    old.put(read(store.paths.document))
    assert facts(store) == [*EVENTS, said(4), said(5, "O-3")]
    assert told == []


def test_an_index_of_another_boot_is_built_anew(tmp_path: Path) -> None:
    store = made(tmp_path)
    change("UPDATE orders SET id = 'O-9' WHERE id = 'O-1'")(store)
    change("UPDATE touches SET id = 'O-9' WHERE id = 'O-1'")(store)
    later = JsonLogStore(store.paths.document, boot_id=lambda: "another boot")
    assert facts(later) == EVENTS


def test_without_a_boot_id_the_index_is_synced_and_kept(tmp_path: Path) -> None:
    store = json_log.create(str(tmp_path / "d.json"), HEAD, boot_id=lambda: None)
    fill(store, commit(said(1)))
    assert facts(store) == [said(1)]
    index = open_to_write(store.paths.index, synced=True)
    assert index.mark().boot == ""
    index.close()


def test_a_document_of_the_same_size_but_another_time_is_walked_again(tmp_path: Path) -> None:
    store = made(tmp_path)
    data = bytearray(read(store.paths.document))
    at = data.index(b"hello")
    data[at : at + 5] = b"jello"
    overwrite(store.paths.document, bytes(data))
    with pytest.raises(StoreUnusable, match=r"commit 1 \(line 2\)"), store.read():
        pass


def test_a_copy_of_the_whole_store_works(tmp_path: Path) -> None:
    store = made(tmp_path)
    shutil.copytree(tmp_path, tmp_path / "copy")
    copy = JsonLogStore(str(tmp_path / "copy/disputes.json"))
    fill(copy, commit(said(4)))
    assert facts(copy) == [*facts(store), said(4)]


def test_a_backup_put_back_over_a_longer_document_is_not_believed(tmp_path: Path) -> None:
    store = made(tmp_path, 2)
    old = read(store.paths.document)
    fill(store, commit(said(3)))
    overwrite(store.paths.document, old)
    for opening in (store.read, lambda: store.write("x")):
        with pytest.raises(StoreUnusable, match=r"acknowledged and is not there.*delete .*index\.sqlite"), opening():
            pass
    assert problems(store)
    told: list[str] = []
    store.tell = told.append
    os.unlink(store.paths.index)
    assert len(facts(store)) == 2
    assert "commit is 2" in told[0]


def test_a_document_of_another_store_is_not_believed(tmp_path: Path) -> None:
    store = made(tmp_path)
    (tmp_path / "x").mkdir()
    other = json_log.create(str(tmp_path / "x/d.json"), HEAD)
    fill(other, *(commit(said(n, "P")) for n in range(1, 9)))
    os.replace(other.paths.document, store.paths.document)
    with pytest.raises(StoreUnusable, match="not there"), store.read():
        pass


def test_the_bits_of_an_index_change_no_answer(tmp_path: Path) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    kept = Kept(store)
    bits = range(3, len(kept.index_bytes) * 8, 1601)
    for index in flipped(kept.index_bytes, bits):
        kept.put(kept.bytes, index=False)
        write(kept.index, index)
        os.utime(kept.document, ns=(0, 0))
        assert facts(store) == EVENTS


def test_a_flipped_bit_in_an_index_in_use_changes_no_answer(tmp_path: Path) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    kept = Kept(store)
    for bit in range(5, len(kept.index_bytes) * 8, 997):
        [index] = flipped(kept.index_bytes, [bit])
        for name in (kept.index, kept.index + "-wal", kept.index + "-shm"):
            if os.path.exists(name):
                os.unlink(name)
        write(kept.index, index)
        with store.read() as view:
            assert view.history("O-1") == [EVENTS[0], EVENTS[2]], bit
