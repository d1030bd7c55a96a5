"""The document itself: its bytes, and who else can read it."""

import errno
import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
import tinydb

from dispute_cli.store import Commit, Head, Key, Standing, StoreExists, StoreMissing, StoreUnusable
from dispute_cli.store.json_log import create
from dispute_cli.store.tinydb_view import LogDB, LogStorage

from .facts import HEAD, START, after, commit, facts, fill, made, problems, read, said


def test_a_new_document_is_one_line_and_its_end(tmp_path: Path) -> None:
    store = create(str(tmp_path / "d.json"), HEAD)
    text = read(store.paths.document).decode()
    hash = hashlib.sha256(b'{"schema":1,"seed":7,"start":"2026-01-01T00:00:00Z","clock":"simulated","policy":{"days":5}}').hexdigest()
    assert text == (
        '{"store":{"1":{"hash":"' + hash + '","schema":1,"seed":7,"start":"2026-01-01T00:00:00Z","clock":"simulated","policy":{"days":5}}},"commits":{\n}}'
    )


def test_a_commit_is_one_line_whose_hash_covers_the_one_before(tmp_path: Path) -> None:
    store = made(tmp_path, 2)
    document = json.loads(read(store.paths.document))
    lines = read(store.paths.document).decode().split("\n")
    assert lines[1].endswith("},") and lines[2].endswith("}") and lines[3] == "}}" and len(lines) == 4
    first, second = document["commits"]["1"], document["commits"]["2"]
    assert first["prev"] == document["store"]["1"]["hash"]
    assert second["prev"] == first["hash"]
    bare = lines[2].replace(f'"hash":"{second["hash"]}",', "")
    assert hashlib.sha256((second["prev"] + bare).encode()).hexdigest() == second["hash"]
    assert list(second) == ["prev", "hash", "now", "events", "orders"]


def test_members_stand_in_one_order_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    store = create(str(tmp_path / "d.json"), HEAD)
    full = Commit(now=START, keys=(Key("k", "f", "c"),), policies={"h": {}}, orders={"O-1": Standing(None, False)})
    fill(store, Commit(now=START), full)
    commits = json.loads(read(store.paths.document))["commits"]
    assert list(commits["1"]) == ["prev", "hash", "now", "events"]
    assert list(commits["2"]) == ["prev", "hash", "now", "keys", "events", "orders", "policies"]


def test_the_same_commits_give_the_same_bytes_alone_or_together(tmp_path: Path) -> None:
    commits = [commit(said(n, f"O-{n}"), due=after(n)) for n in range(1, 9)]
    one, many = create(str(tmp_path / "a.json"), HEAD), create(str(tmp_path / "b.json"), HEAD)
    fill(one, *commits)
    with many.write("x") as desk:
        desk.append(commits[:5])
        desk.append(commits[5:])
    assert read(one.paths.document) == read(many.paths.document)


def test_stock_tinydb_opens_it_and_changes_nothing(tmp_path: Path) -> None:
    store = made(tmp_path)
    before = read(store.paths.document)
    with tinydb.TinyDB(store.paths.document) as db:
        assert db.tables() == {"store", "commits"}
        assert len(db.table("store").all()) == 1
        assert [document.doc_id for document in db.table("commits")] == [1, 2, 3]
        assert db.table("commits").get(doc_id=2)["events"][0]["order"] == "O-2"
    assert read(store.paths.document) == before
    assert len(facts(store)) == 3


def test_a_write_by_stock_tinydb_is_told_as_such(tmp_path: Path) -> None:
    store = made(tmp_path)
    with tinydb.TinyDB(store.paths.document) as db:
        db.table("commits").insert({"x": 1})
    for opening in (store.read, lambda: store.write("x")):
        with pytest.raises(StoreUnusable, match="TinyDB"), opening():
            pass
    with pytest.raises(StoreUnusable, match="TinyDB"):
        problems(store)


def test_our_tinydb_reads_all_and_adds_only_through_the_log(tmp_path: Path) -> None:
    store = made(tmp_path)
    db = LogDB(store)
    log = db.table("commits")
    assert len(log) == 3
    assert log.get(doc_id=2)["events"][0]["seq"] == 2
    assert log.get(doc_id=9) is None
    assert log.get(tinydb.where("prev").exists()).doc_id == 1
    assert [document.doc_id for document in log.of_order("O-1")] == [1, 3]
    assert db.table("store").get(doc_id=1)["seed"] == 7
    with pytest.raises(PermissionError):
        log.truncate()
    number = log.insert({"now": "2026-01-01T00:00:09Z", "events": [], "orders": {}})
    assert number == 4
    with store.read() as view:
        assert view.now == after(9)


def test_our_tinydb_reads_one_line_where_one_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = LogDB(made(tmp_path)).table("commits")
    monkeypatch.setattr(LogStorage, "read", lambda _: pytest.fail("it read the whole document"))
    assert log.get(doc_id=2).doc_id == 2


def test_files_are_private_whatever_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = made(tmp_path)
        with store.write("x") as desk:
            hash = desk.keep(b"x")
        store.backup(str(tmp_path / "copy.json"))
        create(store.paths.document, HEAD, force=True)
    finally:
        os.umask(before)
    folders = [tmp_path / "disputes.json.d", tmp_path / "disputes.json.d/blobs", tmp_path / "copy.json.d", tmp_path / "copy.json.d/blobs"]
    files = ["disputes.json", "disputes.json.bak", "disputes.json.d/lock", "disputes.json.d/index.sqlite", f"disputes.json.d/blobs/{hash}"]
    files += ["copy.json", f"copy.json.d/blobs/{hash}"]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in files} == {0o600}


def test_every_file_is_private_from_its_first_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, modes = os.open, {}

    def opened(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            modes[os.path.basename(path)] = mode
        return real(path, flags, mode)

    def link(source: str, target: str) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "link", link)
    store = made(tmp_path)
    with store.write("x") as desk:
        hash = desk.keep(b"x")
    store.backup(str(tmp_path / "copy.json"))
    assert {"lock", "index.sqlite", "copy.json", hash} <= modes.keys()
    assert {*modes.values()} == {0o600}


def test_making_a_store_over_one_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    store = made(tmp_path)
    before = read(store.paths.document)
    with pytest.raises(StoreExists, match="--force"):
        create(store.paths.document, HEAD)
    assert read(store.paths.document) == before


def test_making_a_store_over_an_empty_or_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_bytes(b"")
    with pytest.raises(StoreExists):
        create(str(tmp_path / "d.json"), HEAD)
    assert os.listdir(tmp_path) == ["d.json"]


def test_force_keeps_the_old_document_and_starts_anew(tmp_path: Path) -> None:
    store = made(tmp_path)
    before = read(store.paths.document)
    other = Head(seed=9, start=START, clock="simulated", policy={})
    again = create(store.paths.document, other, force=True)
    assert (tmp_path / "disputes.json.bak").read_bytes() == before
    assert facts(again) == facts(store) == []
    with again.read() as view:
        assert view.head == other
    assert problems(again) == []


def test_force_takes_the_evidence_that_is_whole_along_and_an_empty_store_replaces_nothing(tmp_path: Path) -> None:
    store = made(tmp_path)
    with store.write("x") as desk:
        whole, altered = desk.keep(b"whole"), desk.keep(b"altered")
    (tmp_path / "disputes.json.d/blobs" / altered).write_bytes(b"rotten")
    create(store.paths.document, HEAD, force=True)
    kept = read(str(tmp_path / "disputes.json.bak"))
    assert os.listdir(tmp_path / "disputes.json.bak.d/blobs") == [whole]
    create(store.paths.document, HEAD, force=True)
    assert read(str(tmp_path / "disputes.json.bak")) == kept


def test_force_makes_a_store_where_none_is_and_over_a_damaged_one(tmp_path: Path) -> None:
    create(str(tmp_path / "a.json"), HEAD, force=True)
    assert not (tmp_path / "a.json.bak").exists()
    (tmp_path / "b.json").write_text("[]")
    assert facts(create(str(tmp_path / "b.json"), HEAD, force=True)) == []
    assert (tmp_path / "b.json.bak").read_text() == "[]"


def test_a_symlinked_store_stays_a_symlink(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "real/store.json")
    store = create(str(link), HEAD)
    fill(store, commit(said(1)))
    create(str(link), HEAD, force=True)
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path / "real")) == ["store.json", "store.json.bak", "store.json.d"]


@pytest.mark.parametrize("force", [False, True])
def test_a_store_cannot_be_made_on_a_folder_a_pipe_or_a_device(tmp_path: Path, force: bool) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in (str(tmp_path / "folder"), str(tmp_path / "pipe"), "/dev/zero"):
        with pytest.raises(StoreUnusable):
            create(path, HEAD, force=force)
    assert sorted(os.listdir(tmp_path)) == ["folder", "pipe"]


def test_a_store_is_not_made_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="there is no folder"):
        create(str(tmp_path / "no/d.json"), HEAD)


def test_a_path_with_odd_characters_works(tmp_path: Path) -> None:
    folder = tmp_path / "a b?#%25é\udcff"
    folder.mkdir()
    store = create(str(folder / "d?mode=ro#.json"), HEAD)
    fill(store, commit(said(1)))
    assert facts(store) == [said(1)]
