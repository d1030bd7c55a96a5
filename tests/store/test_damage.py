"""Documents that are not what was written: each is refused and told with its place, and an audit finds every bit."""

import os
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from dispute_cli.store import StoreMissing, StoreUnusable
from dispute_cli.store.json_log import JsonLogStore, create
from dispute_cli.store.lines import CLOSE, seal_head

from .facts import HEAD, Kept, commit, entries, facts, fill, flipped, made, problems, read, said, shown, write

EVENT = '{"type":"message_sent","seq":%d,"at":"2026-01-01T00:00:0%dZ","order":"O-1","by":"buyer","text":"hello","dispute":null,"language":null}'
ORDERS = '"orders":{"O-1":{"due":null,"disputed":false}}'
GOOD = '"now":"2026-01-01T00:00:01Z","events":[' + EVENT % (1, 1) + "]," + ORDERS + "}"


def forged(*rests: str | bytes) -> bytes:
    """A document whose hashes are right, whatever its lines say after them."""
    line, hash = seal_head(HEAD)
    document, between = line, b"\n"
    for number, rest in enumerate(rests, 1):
        start = b'"%d":{"prev":"%s",' % (number, hash.encode())
        text = rest.encode() if isinstance(rest, str) else rest
        digest = sha256(hash.encode() + start + text).hexdigest()
        document += between + start + b'"hash":"%s",' % digest.encode() + text
        hash, between = digest, b",\n"
    return document + CLOSE


def put(folder: Path, document: bytes) -> JsonLogStore:
    write(str(folder / "d.json"), document)
    return JsonLogStore(str(folder / "d.json"), tell=lambda _: None)


def refused(store: JsonLogStore) -> str:
    """Reading and writing both refuse; return what is said."""
    before = read(store.paths.document) if os.path.isfile(store.paths.document) else b""
    with pytest.raises(StoreUnusable), store.write("x"):
        pass
    with pytest.raises(StoreUnusable) as error, store.read():
        pass
    if before:
        assert read(store.paths.document) == before
    return str(error.value)


def found(store: JsonLogStore) -> bool:
    try:
        return bool(problems(store))
    except StoreUnusable:
        return True


def test_a_forged_document_that_is_right_is_read(tmp_path: Path) -> None:
    store = put(tmp_path, forged(GOOD))
    assert facts(store) == [said(1)]
    assert problems(store) == []


def test_members_of_a_later_minor_version_are_passed_over(tmp_path: Path) -> None:
    store = put(tmp_path, forged(GOOD[:-1] + ',"more":{"x":[1,2.5,{}]}}'))
    assert facts(store) == [said(1)]
    assert problems(store) == []


DAMAGE = {
    "duplicate member": GOOD.replace('"text":"hello"', '"text":"hello","text":"other"'),
    "duplicate member of the line": GOOD[:-1] + ',"now":"2026-01-01T00:00:01Z"}',
    "duplicate order": GOOD.replace(ORDERS, ORDERS[:-1] + ',"O-1":{"due":null,"disputed":true}}'),
    "duplicate in a policy": GOOD[:-1] + ',"policies":{"h":{"a":1,"a":2}}}',
    "NaN": GOOD[:-1] + ',"policies":{"h":{"a":NaN}}}',
    "beyond a float": GOOD[:-1] + ',"policies":{"h":{"a":1e400}}}',
    "5000 digits": GOOD[:-1] + ',"policies":{"h":{"a":' + "9" * 5000 + "}}}",
    "5000 digits in an event": GOOD.replace('"dispute":null', '"dispute":' + "9" * 5000),
    "a float for a number": GOOD.replace('"dispute":null', '"dispute":1.5'),
    "deep nesting": GOOD[:-1] + ',"policies":{"h":{"a":' + "[" * 100_000 + "]" * 100_000 + "}}}",
    "deep nesting in an unknown member": GOOD[:-1] + ',"x":' + "[" * 100_000 + "]" * 100_000 + "}",
    "bad UTF-8": GOOD.encode().replace(b"hello", b"he\xfflo"),
    "bad UTF-8 in an unknown member": GOOD[:-1].encode() + b',"x":"\xff"}',
    "unknown type": GOOD.replace("message_sent", "message_lost"),
    "missing member": GOOD.replace('"by":"buyer",', ""),
    "no events": '"now":"2026-01-01T00:00:01Z"}',
    "event later than the clock": GOOD.replace('"at":"2026-01-01T00:00:01Z"', '"at":"2026-01-01T00:00:02Z"'),
    "clock before the start": '"now":"2025-12-31T23:59:59Z","events":[]}',
    "seq gap": GOOD.replace('"seq":1', '"seq":2'),
    "seq 0": GOOD.replace('"seq":1', '"seq":0'),
    "order not named": GOOD.replace(ORDERS, '"orders":{}'),
    "a bad instant": GOOD.replace('"now":"2026-01-01T00:00:01Z"', '"now":"2026-01-01"'),
    "a local instant": GOOD.replace('"now":"2026-01-01T00:00:01Z"', '"now":"2026-01-01T00:00:01"'),
}


@pytest.mark.parametrize("rest", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_line_that_cannot_have_been_written_is_refused_though_its_hash_is_right(tmp_path: Path, rest: str | bytes) -> None:
    store = put(tmp_path, forged(rest))
    assert "commit 1 (line 2)" in refused(store)
    assert [(problem.commit, problem.line) for problem in problems(store)] == [(1, 2)]


def test_a_clock_that_goes_back_is_refused_with_its_line(tmp_path: Path) -> None:
    store = put(tmp_path, forged(GOOD, '"now":"2026-01-01T00:00:00Z","events":[]}'))
    assert "commit 2 (line 3)" in refused(store)
    assert "goes back" in problems(store)[0].message


def test_a_key_that_stands_in_two_commits_is_refused(tmp_path: Path) -> None:
    key = '"now":"2026-01-01T00:00:01Z","keys":[{"key":"k","fingerprint":"f","command":"c"}],"events":[]}'
    assert "twice" in refused(put(tmp_path, forged(key, key)))


def test_a_line_left_out_or_moved_is_refused(tmp_path: Path) -> None:
    store = made(tmp_path, 4)
    kept = Kept(store)
    lines = kept.bytes.split(b"\n")
    for changed in ([0, 1, 3, 4, 5], [0, 2, 1, 3, 4, 5], [0, 1, 1, 2, 3, 4, 5]):
        kept.put(b"\n".join(lines[n] for n in changed), index=False)
        assert "damaged" in refused(store)
        assert problems(store)


def test_a_commit_of_another_store_does_not_follow(tmp_path: Path) -> None:
    store = made(tmp_path, 2)
    kept = Kept(store)
    start = kept.bytes.index(b"\n")
    other = seal_head(HEAD)[0].replace(b'"seed":7', b'"seed":8')
    body = b'{"schema":1,"seed":8' + other.split(b'"seed":8')[1].removesuffix(b'},"commits":{')
    line = b'{"store":{"1":{"hash":"%s",' % sha256(body).hexdigest().encode() + body[1:] + b'},"commits":{'
    kept.put(line + kept.bytes[start:], index=False)
    assert "does not follow" in refused(store)


FOREIGN = {
    "empty": (b"", "empty"),
    "byte order mark": (b"\xef\xbb\xbf" + forged(GOOD), "byte order mark"),
    "a list": (b"[]", "not a store"),
    "an empty object": (b"{}", "not a store"),
    "foreign JSON": (b'{"store":"x"}', "not a store"),
    "no JSON": (b"hello", "not a store"),
    "NaN": (b"NaN", "not a store"),
    "deep nesting": (b"[" * 100_000, "not a store"),
    "zeros": (bytes(9999), "not a store"),
    "bad UTF-8": (b"\xff\xfe{}", "not a store"),
    "only a head": (forged()[:40], "line 1"),
    "a head without end": (b'{"store":{"1":' + b'{"a":' * 100_000, "line 1"),
    "a head that is no head": (b'{"store":{"1":{"hash":"x"}},"commits":{\n}}', "line 1"),
    "a head that lacks its hash": (b'{"store":{"1":{"schema":1}},"commits":{\n}}', "line 1"),
    "a head of other members": (forged().replace(b'"seed":7', b'"seed":"7"'), "line 1"),
    "a newer head": (forged().replace(b'"schema":1', b'"schema":2'), "newer `dispute` is needed"),
    "a newer store of another shape": (b'{"store": {"1": {"schema": 3}}, "x": []}', "schema version 3"),
    "pretty printed": (forged(GOOD).replace(b":", b": "), "rewritten by another program"),
}


@pytest.mark.parametrize(("document", "reason"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_file_that_is_no_store_of_ours_is_refused_and_told_what_it_is(tmp_path: Path, document: bytes, reason: str) -> None:
    store = put(tmp_path, document)
    assert reason in refused(store)
    with pytest.raises(StoreUnusable, match="json"):
        problems(store)


def sealed_head(text: bytes) -> bytes:
    return b'{"store":{"1":{"hash":"%s",' % sha256(text).hexdigest().encode() + text[1:] + b'},"commits":{' + CLOSE


def test_a_head_that_cannot_have_been_written_is_refused_though_its_hash_is_right(tmp_path: Path) -> None:
    good = b'{"schema":1,"seed":7,"start":"2026-01-01T00:00:00Z","clock":"simulated","policy":{"days":5}}'
    assert facts(put(tmp_path, sealed_head(good))) == []
    os.unlink(tmp_path / "d.json.d/index.sqlite")
    for bad in (good.replace(b'"seed":7', b'"seed":7,"seed":8'), good.replace(b"7", b"1.5"), good.replace(b"5}", b"NaN}"), good[:-1] + b',"x":"\xff"}'):
        assert "line 1" in refused(put(tmp_path, sealed_head(bad)))


def test_a_large_head_is_read(tmp_path: Path) -> None:
    from dispute_cli.store import Head

    head = Head(seed=1, start=HEAD.start, clock="wall", policy={"texts": ["}{\\\"" * 30_000]})
    store = create(str(tmp_path / "d.json"), head)
    fill(store, commit(said(1)))
    os.unlink(store.paths.index)
    with store.read() as view:
        assert view.head == head


@pytest.mark.parametrize("extra", [b"\n", b" ", b"x", b"}", b"\n\n", b",", b"garbage after the end\n}}", b"\n}}"])
@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("count", [0, 2])
def test_trailing_bytes_are_refused(tmp_path: Path, extra: bytes, index: bool, count: int) -> None:
    store = made(tmp_path, count)
    store.tell = lambda _: None
    kept = Kept(store)
    kept.put(kept.bytes + extra, index=index)
    assert f"{len(extra)} bytes stand after its end" in refused(store)
    assert [problem.line for problem in problems(store)] == [count + 2]


def test_every_flipped_bit_is_found_by_an_audit(tmp_path: Path) -> None:
    store = made(tmp_path)
    kept = Kept(store)
    for at in range(len(kept.bytes)):
        [document] = flipped(kept.bytes, [at * 8 + at % 8])
        kept.put(document, index=at % 2 == 0)
        assert found(store), at


def test_a_flipped_bit_is_refused_or_changes_no_fact(tmp_path: Path) -> None:
    store = made(tmp_path)
    store.tell = lambda _: None
    kept, whole = Kept(store), facts(store)
    for at in range(0, len(kept.bytes), 3):
        [document] = flipped(kept.bytes, [at * 8 + (at + 3) % 8])
        kept.put(document, index=at % 2 == 0)
        try:
            assert facts(store) == whole, at
        except StoreUnusable:
            continue


def test_an_audit_goes_on_after_damage_and_names_only_what_is_damaged(tmp_path: Path) -> None:
    store = made(tmp_path, 9)
    kept = Kept(store)
    lines = kept.bytes.split(b"\n")
    lines[3] = lines[3].replace(b"hello", b"jello")
    lines[6] = lines[6][:100] + b"\n" + lines[6][100:]
    kept.put(b"\n".join(lines), index=False)
    assert [entry.number for entry in entries(store)] == [1, 2, 4, 5, 7, 8, 9]
    assert {problem.commit for problem in problems(store)} == {3, 6, 7}
    assert problems(store)[0].line == 4


def test_an_audit_takes_up_after_a_line_that_lost_its_newline(tmp_path: Path) -> None:
    store = made(tmp_path, 5)
    kept = Kept(store)
    lines = kept.bytes.split(b"\n")
    kept.put(lines[0] + b"\n" + lines[1] + lines[2] + b"\n" + b"\n".join(lines[3:]))
    assert [entry.number for entry in entries(store)][-3:] == [3, 4, 5]
    assert problems(store)


def test_a_damaged_line_of_an_order_is_refused_when_it_is_read_and_others_are_not(tmp_path: Path) -> None:
    store = made(tmp_path)
    file = os.stat(store.paths.document)
    document = read(store.paths.document)
    at = document.index(b'"O-2"')
    with open(store.paths.document, "r+b") as opened:
        opened.seek(at)
        opened.write(b'"O-3"')
    os.utime(store.paths.document, ns=(file.st_atime_ns, file.st_mtime_ns))
    with store.read() as view:
        assert view.history("O-1") == [said(1), said(3)]
        with pytest.raises(StoreUnusable, match=r"commit 2 \(line 3\)"):
            view.history("O-2")
    assert problems(store)


def test_evidence_missing_or_altered_is_found_with_its_order(tmp_path: Path) -> None:
    store = create(str(tmp_path / "d.json"), HEAD)
    with store.write("x") as desk:
        hashes = [desk.keep(b"one"), desk.keep(b"two"), desk.keep(b"three")]
        desk.append([commit(*(shown(n, hash, f"O-{n}") for n, hash in enumerate(hashes, 1)))])
    blobs = tmp_path / "d.json.d/blobs"
    (blobs / hashes[0]).unlink()
    (blobs / hashes[1]).write_bytes(b"twp")
    assert [(problem.order, problem.commit, problem.line) for problem in problems(store)] == [("O-1", 1, 2), ("O-2", 1, 2)]
    with store.read() as view:
        for hash in hashes[:2]:
            with pytest.raises(StoreUnusable, match=hash):
                view.blob(hash)
    with store.write("x") as desk:
        assert [desk.keep(b"one"), desk.keep(b"two")] == hashes[:2]
    assert problems(store) == []


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [folder, pipe, device, loop])
def test_what_is_no_plain_file_is_refused_without_hanging(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "d.json")
    store = JsonLogStore(str(tmp_path / "d.json"))
    refused(store)
    with pytest.raises(StoreUnusable):
        problems(store)


@pytest.mark.parametrize("path", ["none.json", "no/such/folder.json", "file/below.json"])
def test_no_store_at_all_is_told_as_missing(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("x")
    store = JsonLogStore(str(tmp_path / path))
    for opening in (store.read, lambda: store.write("x")):
        with pytest.raises(StoreMissing, match="dispute init"), opening():
            pass
    for asking in (lambda: problems(store), store.repair, lambda: store.backup(str(tmp_path / "copy"))):
        with pytest.raises(StoreMissing):
            asking()
    assert os.listdir(tmp_path) == ["file"]


def test_a_document_that_vanished_beside_its_folder_is_told_as_missing(tmp_path: Path) -> None:
    store = made(tmp_path)
    os.unlink(store.paths.document)
    with pytest.raises(StoreMissing), store.read():
        pass


def test_a_folder_path_taken_by_a_file_is_refused(tmp_path: Path) -> None:
    document = read(made(tmp_path).paths.document)
    (tmp_path / "x").mkdir()
    write(str(tmp_path / "x/d.json"), document)
    write(str(tmp_path / "x/d.json.d"), b"")
    with pytest.raises(StoreUnusable, match="not a folder"), JsonLogStore(str(tmp_path / "x/d.json")).read():
        pass


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    os.chmod(store.paths.document, 0)
    real = os.open

    def guarded(path: str, flags: int, mode: int = 0o777) -> int:
        if os.path.isfile(path) and not stat.S_IMODE(os.stat(path).st_mode):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", guarded)
    assert "Permission denied" in refused_unread(store)


def refused_unread(store: JsonLogStore) -> str:
    with pytest.raises(StoreUnusable), store.write("x"):
        pass
    with pytest.raises(StoreUnusable) as error, store.read():
        pass
    return str(error.value)
