"""Documents and evidence that somebody touched by hand: refused with their place, and never mended by guessing. `repair` cleans strays alone."""

import json
import os
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pictures import PNG, png
from tests.run import Place
from tests.store.facts import commit, fill, said

from .specimen import ALL, Specimen, answers, flip, found, specimen
from .tree import tree

MESSAGE = ("--message", "It is broken in two pieces")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Four commits: an order, its dispute with two pictures, an answer, another order."""
    (tmp_path / "here").mkdir()
    place = Place(tmp_path / "here")
    (place.folder / "cup.png").write_bytes(PNG)
    (place.folder / "pot.png").write_bytes(png(1))
    place.ok("init", "--seed", "7")
    place.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00")
    place.ok("open", "O-1", "--received", "--reason", "defective", "--refund", "20.00", *MESSAGE, "--evidence", "cup.png", "--evidence", "pot.png")
    place.ok("respond", "O-1", "--refund", "10.00")
    place.ok("order", "create", "O-2", "--price", "1.00")
    return place


# The document


def lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda document: b"\n".join(change(document.split(b"\n")))


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(document: bytes) -> bytes:
        assert document.count(old) == 1, old
        return document.replace(old, new)

    return change


def sorted_keys(line: bytes) -> bytes:
    """A line as a tool writes it that sorts the keys."""
    name, _, body = line.rstrip(b",").partition(b":")
    return name + b":" + json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"," * line.endswith(b",")


def without_message(document: bytes) -> bytes:
    """The event of the message taken out of the second commit, the rest as it was."""
    return re.sub(rb',\{"type":"message_sent"[^}]*\}', b"", document, count=1)


EDITS: dict[str, tuple[Callable[[bytes], bytes], Any]] = {
    "pretty printed": (lambda d: json.dumps(json.loads(d), indent=2).encode(), "rewritten by another program"),
    "printed on one line": (lambda d: json.dumps(json.loads(d)).encode(), "rewritten by another program"),
    "printed with sorted keys": (lambda d: json.dumps(json.loads(d), sort_keys=True, separators=(",", ":")).encode(), "not a store|another program|damaged"),
    "compacted": (lambda d: json.dumps(json.loads(d), separators=(",", ":"), ensure_ascii=False).encode(), (1, 2)),
    "another amount": (replaced(b'"price":5000', b'"price":9000'), (1, 2)),
    "a longer amount": (replaced(b'"price":5000', b'"price":50000'), (1, 2)),
    "another demand": (replaced(b'"refund":2000', b'"refund":5500'), (2, 3)),
    "another text": (replaced(b"two pieces", b"ten pieces"), (2, 3)),
    "another policy": (replaced(b'"clock":"simulated"', b'"clock":"wall"'), "line 1, the head"),
    "lines swapped": (lines(lambda all: [*all[:2], all[3], all[2], *all[4:]]), (2, 3)),
    "last lines swapped": (lines(lambda all: [*all[:3], all[4] + b",", all[3][:-1], all[5]]), (3, 4)),
    "a line twice": (lines(lambda all: [*all[:3], *all[2:]]), (3, 4)),
    "a line taken out": (lines(lambda all: [*all[:2], *all[3:]]), (2, 3)),
    "the first line taken out": (lines(lambda all: [all[0], *all[2:]]), (1, 2)),
    "an event taken out": (without_message, (2, 3)),
    "keys in another order": (lines(lambda all: [*all[:3], sorted_keys(all[3]), *all[4:]]), (3, 4)),
    "keys in another order at the end": (lines(lambda all: [*all[:4], sorted_keys(all[4]), *all[5:]]), (4, 5)),
    "a comment in between": (lines(lambda all: [*all[:3], b"// checked by Ann", *all[3:]]), (3, 4)),
    "a comment behind a line": (lines(lambda all: [*all[:2], all[2] + b" // checked", *all[3:]]), (2, 3)),
    "a comment at the end": (lambda d: d + b"\n// checked by Ann\n", (None, 6)),
    "a comment at the beginning": (lambda d: b"// disputes\n" + d, "not a store"),
    "line ends of another system": (lambda d: d.replace(b"\n", b"\r\n"), (None, 1)),
    "a blank line": (lines(lambda all: [*all[:3], b"", *all[3:]]), (3, 4)),
    "indented": (lines(lambda all: [*all[:2], b"  " + all[2], *all[3:]]), (2, 3)),
    "a space after a comma": (lines(lambda all: [*all[:2], all[2] + b" ", *all[3:]]), (2, 3)),
    "a newline at the end": (lambda d: d + b"\n", (None, 6)),
    "the last comma left": (lines(lambda all: [*all[:4], all[4] + b",", all[5]]), (4, 5)),
    "a number renamed": (replaced(b'\n"3":{', b'\n"5":{'), (3, 4)),
    "two lines joined": (lines(lambda all: [*all[:2], all[2] + all[3], *all[4:]]), (2, 3)),
    "a byte order mark": (lambda d: b"\xef\xbb\xbf" + d, "byte order mark"),
}


@pytest.mark.parametrize("index", [True, False], ids=["beside its index", "alone"])
@pytest.mark.parametrize("edit", EDITS)
def test_what_was_edited_by_hand_is_refused_with_its_place_and_left_alone(place: Place, edit: str, index: bool) -> None:
    change, where = EDITS[edit]
    edited = change(place.bytes())
    assert edited != place.bytes()
    if not index:
        (place.folder / "disputes.json.d/index.sqlite").unlink()
    (place.folder / "disputes.json").write_bytes(edited)
    before = lasting(place)
    for argv in (("status", "O-1"), ("message", "O-1", "x"), ("repair",), ("backup", "copy.json"), ("tick", "1d")):
        ran = place(*argv, "--json")
        assert (ran.code, ran.error["code"]) == (7, "store_unusable"), (argv, ran)
    verified = place("verify", "--json")
    assert verified.code == 7
    if isinstance(where, str):
        assert re.search(where, verified.error["message"]), verified.error
    else:
        assert where in [(problem["commit"], problem["line"]) for problem in verified.json["problems"]], verified.json["problems"]
    assert lasting(place) == before


def lasting(place: Place) -> dict[str, str]:
    """Everything but the derived index and the lock."""
    return {path: state for path, state in tree(place.folder).items() if not re.search(r"disputes\.json\.d/(index\.sqlite.*|lock)$", path)}


# Evidence


def gone(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link(path: Path) -> None:
    path.rename(path.parent.parent / "moved")
    path.symlink_to(path.parent.parent / "moved")


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def swapped(path: Path) -> None:
    path.write_bytes(png(77))


HARMS = (gone, empty, longer, cut, folder, pipe, link, dangling, device, swapped)


def evidence(place: Place, name: str = "cup.png") -> tuple[str, Path]:
    digest = sha256((place.folder / name).read_bytes()).hexdigest()
    return digest, place.folder / "disputes.json.d/blobs" / digest


@pytest.mark.parametrize("harm", HARMS)
def test_evidence_that_was_touched_is_told_with_its_place_and_harms_nothing_else(place: Place, harm: Callable[[Path], None]) -> None:
    digest, path = evidence(place)
    harm(path)
    before = lasting(place)
    verified = place("verify", "--json")
    assert verified.code == 7
    assert [(problem["order"], problem["commit"], problem["line"]) for problem in verified.json["problems"]] == [("O-1", 2, 3)]
    assert digest in verified.json["problems"][0]["message"]
    assert place("evidence", "export", "O-1", digest, "out.png").code == 7
    assert not (place.folder / "out.png").exists()
    other, _ = evidence(place, "pot.png")
    place.ok("evidence", "export", "O-1", other, "pot.out")
    assert (place.folder / "pot.out").read_bytes() == png(1)
    (place.folder / "pot.out").unlink()
    assert place.ok("repair", "--json").json["removed"] == []
    assert lasting(place) == before


@pytest.mark.parametrize("harm", HARMS)
def test_a_backup_of_a_store_with_touched_evidence_ends_and_its_verification_says_so(place: Place, harm: Callable[[Path], None]) -> None:
    digest, path = evidence(place)
    harm(path)
    assert place.process("backup", "copy.json").code == 0
    copied = place.folder / "copy.json.d/blobs" / digest
    assert not copied.is_symlink() and (copied.is_file() or not copied.exists())
    verified = place("verify", "--json", "--store", "copy.json")
    assert verified.code == 7 and digest in verified.json["problems"][0]["message"]


@pytest.mark.parametrize("harm", [harm for harm in HARMS if harm is not folder])
def test_giving_the_same_file_again_makes_touched_evidence_whole(place: Place, harm: Callable[[Path], None]) -> None:
    _, path = evidence(place)
    harm(path)
    place.ok("add-evidence", "O-1", "cup.png")
    assert place.ok("verify", "--json").json["problems"] == []
    assert not path.is_symlink()


def test_every_flipped_bit_and_every_truncation_of_evidence_is_found(tmp_path: Path) -> None:
    kept = specimen(tmp_path)
    [path] = kept.blobs
    whole = path.read_bytes()
    step = 1 if ALL else 13
    for spoiled in [flip(whole, bit) for bit in range(0, len(whole) * 8, step)] + [whole[:size] for size in range(0, len(whole), step)]:
        path.write_bytes(spoiled)
        [problem] = found(kept.store)
        assert (problem.order, problem.commit, problem.line) == ("O-1", 2, 3)
        told = answers(kept.store)
        assert told.pop("evidence") is None
        assert all(answer == kept.whole[name] for name, answer in told.items())


# Repair


HASHES = [sha256(bytes([number])).hexdigest() for number in range(3)]
IN_FOLDER = ["tmp-", "tmp-x", "tmp-" + HASHES[0], "TMP-x", "xtmp-", ".tmp-x", "torn-3-abc", "lock.old", "index.sqlite.bak", "note.txt", "tmp", HASHES[1]]
IN_BLOBS = [*HASHES, HASHES[0][:-1], HASHES[0] + "0", HASHES[0].upper(), "note.txt", "tmp-x", "." + HASHES[0][1:]]
KINDS = ["file", "folder", "link", "pipe"]


@settings(max_examples=400 if ALL else 20)
@given(
    strays=st.lists(st.tuples(st.sampled_from(IN_FOLDER), st.sampled_from(KINDS)), max_size=6, unique_by=lambda each: each[0]),
    orphans=st.lists(st.tuples(st.sampled_from(IN_BLOBS), st.sampled_from(KINDS)), max_size=6, unique_by=lambda each: each[0]),
)
def test_repair_removes_temporary_files_and_orphans_and_nothing_else_whatever_stands_there(
    tmp_path_factory: pytest.TempPathFactory, strays: list[tuple[str, str]], orphans: list[tuple[str, str]]
) -> None:
    kept = specimen(tmp_path_factory.mktemp("repair"))
    home = Path(kept.store.paths.folder)
    aside = home.parent / "aside"
    aside.write_text("mine")
    placed = [(home / name, kind) for name, kind in strays] + [(home / "blobs" / name, kind) for name, kind in orphans]
    for path, kind in placed:
        put(path, kind, aside)
    before = tree(home.parent)
    removed = {str(Path(path).relative_to(home.parent)) for path in kept.store.repair()}
    after = tree(home.parent)
    assert {path for path in before if path not in after} - {"disputes.json.d/index.sqlite-wal", "disputes.json.d/index.sqlite-shm"} == removed
    assert removed == {str(path.relative_to(home.parent)) for path, kind in placed if is_stray(path, kind, home)}
    assert all(after[path] == state for path, state in before.items() if path in after and "index.sqlite" not in path and not path.endswith("lock"))
    assert answers(kept.store) == kept.whole


def put(path: Path, kind: str, aside: Path) -> None:
    match kind:
        case "file":
            path.touch()
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to(aside)
        case _:
            os.mkfifo(path)


def is_stray(path: Path, kind: str, home: Path) -> bool:
    """What we make ourselves and nothing names: a temporary name that is no folder, evidence that is a plain file."""
    if path.parent == home:
        return path.name.startswith("tmp-") and kind != "folder"
    return path.name in HASHES and kind == "file"


def test_a_repair_that_removes_what_is_named_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dispute_cli.store import upkeep

    kept: Specimen = specimen(tmp_path)
    monkeypatch.setattr(upkeep, "EvidenceAdded", type(None))
    assert kept.store.repair()
    assert answers(kept.store) != kept.whole


def test_a_folder_that_looks_like_a_temporary_file_stops_no_writer(tmp_path: Path) -> None:
    kept = specimen(tmp_path)
    Path(kept.store.paths.folder, "tmp-mine").mkdir()
    fill(kept.store, commit(said(7)))
    assert kept.store.repair() == []
