"""What stands where the store, its lock or its copy should be: links, pipes, folders, garbage, another's lock, URLs with a password."""

import fcntl
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.run import Place

from .judging import STRANGE, done, folder, judge, loop, pipe, refused, refused_here, short, snapshot, zeros

# What stands at the store's path.


def device(path: Path) -> None:
    path.symlink_to("/dev/null")


def listening(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path has at most 108 bytes
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("make", [*STRANGE, device, listening])
def test_what_is_no_file_is_no_store(empty: Place, make: Callable[[Path], None]) -> None:
    make(empty.folder / "disputes.json")
    named = os.path.realpath(empty.folder / "disputes.json")
    refused(empty, 7, "status", says=named)
    refused_here(empty, 7, "message", "O-1", "x", says=named)
    refused_here(empty, 7, "verify", says=named)




@pytest.mark.parametrize("make", [folder, pipe, zeros, loop, device, listening])
def test_no_store_is_made_where_something_else_stands(empty: Place, make: Callable[[Path], None]) -> None:
    make(empty.folder / "disputes.json")
    before = (empty.folder / "disputes.json").lstat()
    for argv in (("init",), ("init", "--force")):
        ran = empty("--json", *argv)
        assert ran.code == 7, ran
        judge(ran, 7, os.path.realpath(empty.folder / "disputes.json"))
    assert (empty.folder / "disputes.json").lstat().st_ino == before.st_ino


PATHS = [
    "none.json",
    "no/such/folder.json",
    "cup.png/below.json",
    "x" * 300,
    "x/" * 3000,
    ".",
    "..",
    "/",
    "/proc/self/mem/x",
    "a\nb",
    "\x1b[31m",
    "~/x.json",
    "${HOME}/x.json",
]


@pytest.mark.parametrize("path", PATHS, ids=short)
def test_a_path_without_a_store_names_it_and_makes_nothing(dispute: Place, path: str) -> None:
    refused_here(dispute, 7, "status", "--store", path)
    refused_here(dispute, 7, "order", "create", "N-1", "--price", "5", "--store", path)


def test_no_store_at_all_names_init(empty: Place) -> None:
    ran = refused(empty, 7, "status", says="dispute init")
    assert "--store PATH" in ran.error["hint"]
    assert list(empty.folder.iterdir()) == []


@pytest.mark.parametrize("store", ["", "x\0y"], ids=short)
def test_a_store_without_a_name_is_usage(dispute: Place, store: str) -> None:
    refused_here(dispute, 2, "status", f"--store={store}", says="names no file")


URLS = [
    "sqlite://user:hunter2@host/db",
    "postgresql://u:hunter2@[::1]:5432/x?password=hunter2",
    "https://hunter2@host",
    "HTTP://HUNTER2",
    "://hunter2",
]


@pytest.mark.parametrize("url", URLS)
def test_the_password_in_a_store_url_is_never_printed(dispute: Place, url: str) -> None:
    code = 7 if url.startswith("postgresql") else 2  # such a store there may be, only not here
    refused_here(dispute, code, "status", "--store", url)
    dispute.env["DISPUTE_STORE"] = url
    ran = refused(dispute, code, "status")
    (dispute.folder / "dispute.toml").write_text(f'store = "{url}"\n')
    del dispute.env["DISPUTE_STORE"]
    ran = refused_here(dispute, code, "status")
    assert "hunter2" not in (ran.out + ran.err).lower()


def test_a_symlinked_store_stays_a_symlink(dispute: Place) -> None:
    link = dispute.folder / "link.json"
    link.symlink_to("disputes.json")
    done(dispute, "message", "O-1", "x", "--store", "link.json")
    dispute.ok("init", "--force", "--store", "link.json")
    assert link.is_symlink()
    assert not (dispute.folder / "link.json.d").exists()


# The lock, and what is kept beside.


def held(place: Place, name: str = "lock") -> int:
    """The lock, held by this very process in the name of another."""
    descriptor = os.open(place.folder / "disputes.json.d" / name, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.pwrite(descriptor, f"{os.getpid()}\norder create".encode().ljust(127) + b"\n", 0)
    return descriptor


def test_a_held_lock_is_a_conflict_that_names_its_holder(dispute: Place) -> None:
    dispute.ok("status")
    descriptor = held(dispute)
    refused(dispute, 6, "message", "O-1", "x", "--lock-timeout", "0s", says=f"process {os.getpid()}")
    ran = refused_here(dispute, 6, "message", "O-1", "x", "--lock-timeout", "0s", says="order create")
    assert "--lock-timeout" in ran.error["hint"]
    done(dispute, "status", "O-1", "--lock-timeout", "0s")
    os.close(descriptor)
    dispute.ok("message", "O-1", "x", "--lock-timeout", "0s")


@pytest.mark.parametrize(
    "stale", [b"", b"4711\nbatch".ljust(127) + b"\n", b"\xff\x00\x1b" * 999], ids=["empty", "of a dead one", "garbage"]
)
def test_a_stale_lock_file_blocks_nobody(dispute: Place, stale: bytes) -> None:
    (dispute.folder / "disputes.json.d/lock").write_bytes(stale)
    done(dispute, "message", "O-1", "x", "--lock-timeout", "0s")


def test_a_holder_with_a_hostile_name_is_shown_and_not_obeyed(dispute: Place) -> None:
    os.pwrite(held(dispute), b"\x1b[31m\n\xe2\x80\xae\xff".ljust(127), 0)
    refused_here(dispute, 6, "message", "O-1", "x", "--lock-timeout", "0s")


@pytest.mark.parametrize("make", [make for make in STRANGE if make.__name__ != "missing"])
def test_a_lock_that_is_no_plain_file_is_refused(dispute: Place, make: Callable[[Path], None]) -> None:
    lock = dispute.folder / "disputes.json.d/lock"
    lock.unlink()
    make(lock)
    ran = dispute.process("--json", "message", "O-1", "x")
    judge(ran, 7, "is not a plain file")


def test_a_lock_is_not_followed_to_another_file(dispute: Place) -> None:
    lock, other = dispute.folder / "disputes.json.d/lock", dispute.folder / "other"
    other.write_bytes(b"mine")
    lock.unlink()
    lock.symlink_to(other)
    judge(dispute.process("--json", "message", "O-1", "x"), 7, "is not a plain file")
    assert other.read_bytes() == b"mine"


def test_a_folder_beside_the_store_that_is_a_file_is_refused(dispute: Place) -> None:
    shutil.rmtree(dispute.folder / "disputes.json.d")
    (dispute.folder / "disputes.json.d").write_bytes(b"mine")
    refused(dispute, 7, "message", "O-1", "x", says="is not a folder")
    refused_here(dispute, 7, "status", says="is not a folder")


@pytest.mark.parametrize(
    "garbage", [b"", b"x", bytes(8192), b"SQLite format 3\0" + b"\xff" * 9000], ids=["empty", "x", "zeros", "half SQLite"]
)
def test_an_index_that_is_garbage_is_made_anew(dispute: Place, garbage: bytes) -> None:
    for index in (dispute.folder / "disputes.json.d").glob("index.sqlite*"):
        index.unlink()
    (dispute.folder / "disputes.json.d/index.sqlite").write_bytes(garbage)
    done(dispute, "message", "O-1", "x")
    assert dispute.ok("status", "O-1", "--json").json["order"]["messages"]


# What writes a file beside.


@pytest.mark.parametrize("make", [folder_made for folder_made in STRANGE if folder_made.__name__ != "missing"])
def test_a_backup_never_writes_over_anything(dispute: Place, make: Callable[[Path], None]) -> None:
    make(dispute.folder / "copy.json")
    before = snapshot(dispute.folder)
    ran = dispute("--json", "backup", "copy.json")
    judge(ran, ran.code, "copy.json")
    assert ran.code in (2, 6)
    assert snapshot(dispute.folder) == before


def test_a_lock_that_was_taken_without_a_name_is_not_blamed_on_the_one_before(dispute: Place) -> None:
    gone = os.fork()
    if not gone:
        os._exit(0)
    os.waitpid(gone, 0)
    os.pwrite(held(dispute), f"{gone}\nbatch".encode().ljust(127) + b"\n", 0)
    refused_here(dispute, 6, "message", "O-1", "x", "--lock-timeout", "0s", says="another process holds the lock")
