"""Evidence files and links of every bad kind: V1, V2 and V3 named, nothing kept, nothing followed, nothing read without end."""

import base64
import os
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pictures import PNG, chunk
from tests.rules.test_evidence import BASELINE, bmp, gif
from tests.run import START, Place

from .conftest import BROKEN
from .judging import done, folder, judge, loop, missing, pipe, refused, refused_here, short, snapshot, unseen, zeros

JPEG, GIF, BMP = base64.b64decode(BASELINE), gif(), bmp()
MOST = 2_097_152
OPEN = ("open", "O-1", *BROKEN, "--evidence")


def png_of(size: int) -> bytes:
    """A sound picture of exactly so many bytes."""
    head, end = PNG[:33], PNG[33:]
    return head + chunk(b"tEXt", b"Comment\0".ljust(size - len(PNG) - 12, b"x")) + end


def wide_png() -> bytes:
    """A sound structure that promises 2³¹ - 1 pixels a line."""
    return PNG[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 0, 0, 0, 0)) + PNG[33:]


BAD: dict[str, tuple[str, bytes, str, str]] = {
    "0 bytes": ("empty.png", b"", "V1", "is empty"),
    "one byte too many": ("large.png", png_of(MOST + 1), "V2", "a file has at most 2,097,152 bytes (2 MiB)"),
    "a truncated png": ("cut.png", PNG[:-1], "V1", "a damaged png picture"),
    "a truncated jpeg": ("cut.jpg", JPEG[:-1], "V1", "a damaged jpeg picture"),
    "a truncated gif": ("cut.gif", GIF[:-1], "V1", "a damaged gif picture"),
    "a truncated bmp": ("cut.bmp", BMP[:-1], "V1", "a damaged bmp picture"),
    "a png with a bad CRC": ("crc.png", PNG[:29] + b"\0\0\0\0" + PNG[33:], "V1", "a damaged png picture"),
    "a jpeg named .png": ("photo.png", JPEG, "V1", "holds a jpeg picture, but its name promises a png"),
    "no extension": ("photo", PNG, "V1", "its name does not say so"),
    "png head + gif bytes": ("mixed.png", PNG[:8] + GIF, "V1", "a damaged png picture"),
}
KIN: dict[str, tuple[str, bytes, str, str]] = {
    "half a png": ("cut.png", PNG[: len(PNG) // 2], "V1", "a damaged png picture"),
    "a png's head alone": ("cut.png", PNG[:8], "V1", "a damaged png picture"),
    "gif head + png bytes": ("mixed.gif", b"GIF89a" + PNG, "V1", "a damaged gif picture"),
    "a jpeg's head alone": ("cut.jpeg", b"\xff\xd8\xff", "V1", "a damaged jpeg picture"),
    "BM": ("cut.bmp", b"BM", "V1", "a damaged bmp picture"),
    "a chunk of 4 GiB": ("chunk.png", PNG[:33] + b"\xff\xff\xff\xffIDAT" + PNG[41:], "V1", "a damaged png picture"),
    "zeros": ("zeros.png", bytes(4096), "V1", "does not hold the png picture that its name promises"),
    "a text": ("text.png", b"hello", "V1", "does not hold the png picture"),
    "svg": ("a.svg", b"<svg onload='alert(1)'/>", "V1", "is no picture"),
    "a pdf": ("a.pdf", b"%PDF-1.7\n", "V1", "a pdf document"),
    "a video named png": ("a.png", b"\0\0\0\x18ftypmp42" + bytes(99), "V1", "a video"),
    "a two-sided name": ("a.png.exe", PNG, "V1", "its name does not say so"),
    "an ending in other letters": ("a.рng", PNG, "V1", "its name does not say so"),
    "an ending with a space": ("a.png ", PNG, "V1", "its name does not say so"),
}


def put(place: Place, name: str, data: bytes) -> str:
    (place.folder / name).write_bytes(data)
    return name


@pytest.mark.parametrize(("name", "data", "rule", "says"), BAD.values(), ids=BAD)
def test_a_bad_picture_is_an_invalid_file(dispute: Place, name: str, data: bytes, rule: str, says: str) -> None:
    ran = refused(dispute, 8, *OPEN, put(dispute, name, data), says=says, rule=rule)
    assert [fault["rule"] for fault in ran.error["faults"]] == [rule]


@pytest.mark.parametrize(("name", "data", "rule", "says"), KIN.values(), ids=KIN)
def test_so_are_these(dispute: Place, name: str, data: bytes, rule: str, says: str) -> None:
    refused_here(dispute, 8, *OPEN, put(dispute, name, data), says=says, rule=rule)


NO_FILE: tuple[tuple[Callable[[Path], None], str], ...] = (
    (pipe, "not a regular file"),
    (folder, "a folder"),
    (zeros, "not a regular file"),
    (loop, "a loop of symbolic links"),
    (missing, "no such file"),
)


@pytest.mark.parametrize(("make", "says"), NO_FILE, ids=short)
def test_what_is_no_file_is_no_evidence(dispute: Place, make: Callable[[Path], None], says: str) -> None:
    make(dispute.folder / "photo.png")
    refused(dispute, 8, *OPEN, "photo.png", says=f"'photo.png' cannot be read: {says}", rule="V1")


@pytest.mark.parametrize(
    "path",
    ["", "x" * 5000 + ".png", "cup.png/", "cup.png/x.png", "/dev/stdin/x.png", "https://example.com/a.png", "~/cup.png", "\x1b[31m.png"],
    ids=short,
)
def test_nor_is_what_has_no_such_path(dispute: Place, path: str) -> None:
    refused_here(dispute, 8, *OPEN, path, says="cannot be read", rule="V1")


def test_all_bad_files_are_told_together_and_with_another_fault_the_rule_counts(dispute: Place) -> None:
    names = [put(dispute, name, data) for name, data, _, _ in (BAD["0 bytes"], BAD["one byte too many"], BAD["a jpeg named .png"])]
    files = [word for name in (*names, "none.png") for word in ("--evidence", name)]
    ran = refused(dispute, 8, "open", "O-1", *BROKEN, *files, "--evidence", "cup.png", rule="V1")
    assert sorted(fault["rule"] for fault in ran.error["faults"]) == ["V1", "V1", "V1", "V2"]
    refused_here(dispute, 5, "open", "O-1", *BROKEN[:1], *files, rule="D3")


@pytest.mark.parametrize(
    ("name", "data"), [("exact.png", png_of(MOST)), ("photo.JPeG", JPEG), ("wide.png", wide_png()), ("more.gif", GIF + b"more")], ids=short
)
def test_a_picture_that_is_fine_comes_back_unchanged(dispute: Place, name: str, data: bytes) -> None:
    order = done(dispute, *OPEN, put(dispute, name, data), "--json").json["order"]
    record = order["evidence"][0]
    assert (record["name"], record["size"]) == (name, len(data))
    dispute.ok("evidence", "export", "O-1", record["hash"], "out")
    assert (dispute.folder / "out").read_bytes() == data


def test_of_a_path_the_last_name_alone_is_kept_and_shown_escaped(dispute: Place) -> None:
    (dispute.folder / "deep/er").mkdir(parents=True)
    name = "../../a\n\x1b[31m\u202e[bold].png"
    here = Place(dispute.folder / "deep/er")
    (dispute.folder / name[6:]).write_bytes(PNG)
    record = done(here, *OPEN, name, "--store", "../../disputes.json", "--json").json["order"]["evidence"][0]
    assert record["name"] == name[6:]
    ran = done(dispute, "evidence", "list", "O-1")
    assert r"a\n\x1b[31m\u202e[bold].png" in ran.out


def test_a_file_is_opened_once_and_what_was_read_is_what_is_kept(dispute: Place) -> None:
    """A file that changes meanwhile cannot be hashed as one thing and kept as another where only one descriptor ever reads it."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    log = dispute.folder / "log"
    command = ["strace", "-f", "-qq", "-e", "trace=open,openat", "-o", str(log), *START, *OPEN, "cup.png"]
    ran = subprocess.run(command, cwd=dispute.folder, env=dispute.environment(), capture_output=True, check=False)
    if b"ptrace" in ran.stderr.lower():
        pytest.skip(f"strace may not trace here: {ran.stderr.decode()}")
    assert ran.returncode == 0, ran
    assert log.read_text().count('"cup.png"') == 1


def test_no_more_is_read_than_the_limit_and_one_byte(dispute: Place) -> None:
    """A sparse terabyte: its size is told, its bytes are not read."""
    with open(dispute.folder / "huge.png", "wb") as file:
        file.write(PNG)
        file.truncate(1 << 40)
    ran = dispute("--json", *OPEN, "huge.png")
    judge(ran, 8, "is too large", "V2")


# What was kept.


def blob(place: Place) -> Path:
    [found] = (place.folder / "disputes.json.d/blobs").iterdir()
    return found


def lose(path: Path) -> None:
    path.unlink()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


def shorten(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [lose, flip, shorten])
def test_evidence_lost_or_altered_is_found_and_never_handed_out(offered: Place, harm: Callable[[Path], None]) -> None:
    hash = blob(offered).name
    harm(blob(offered))
    ran = refused(offered, 7, "verify", says="the store has 1 problem")
    assert hash in ran.json["problems"][0]["message"]
    refused_here(offered, 7, "evidence", "export", "O-1", hash, "out.png", says=hash)
    offered.ok("status", "O-1")


@pytest.mark.parametrize("make", [pipe, folder, zeros, loop])
def test_evidence_that_became_something_else_is_found_without_hanging(offered: Place, make: Callable[[Path], None]) -> None:
    hash = blob(offered).name
    blob(offered).unlink()
    make(offered.folder / "disputes.json.d/blobs" / hash)
    refused(offered, 7, "verify", says="the store has 1 problem")
    refused(offered, 7, "evidence", "export", "O-1", hash, "out.png", says=hash)


@pytest.mark.parametrize("hash", ["../..", "", "x", "0" * 63, "0" * 65, "A" * 64, "٠" * 64, "../" * 21 + "x", "\x1b[31m"], ids=short)
def test_what_is_no_hash_is_usage(offered: Place, hash: str) -> None:
    run = refused if hash == "../.." else refused_here
    run(offered, 2, "evidence", "export", "O-1", hash, "out.png", says="64 lower-case hexadecimal digits")


def dangling_link(path: Path) -> None:
    path.symlink_to("elsewhere.png")


def file(path: Path) -> None:
    path.write_bytes(b"mine")


@pytest.mark.parametrize("make", [file, dangling_link, folder, pipe, loop])
def test_an_export_never_writes_over_or_through_anything(offered: Place, make: Callable[[Path], None]) -> None:
    make(offered.folder / "out.png")
    run = refused if make is file else refused_here
    run(offered, 2, "evidence", "export", "O-1", blob(offered).name, "out.png", says="'out.png' exists")


def test_an_export_to_a_full_device_is_told(offered: Place) -> None:
    with open("/dev/full", "wb") as full:
        ran = offered.process("evidence", "export", "O-1", blob(offered).name, "-", stdout=full)
    assert (ran.code, os.strerror(28) in ran.err) == (1, True)


# Links.

NO_HTTP, UNSEEN = "does not begin with http:// or https://", "it holds white space or invisible characters"
LINKS = [("javascript:alert(1)", NO_HTTP), ("file:///etc/passwd", NO_HTTP), ("https://example.com/a\nb", UNSEEN)]
LINKS_KIN = [
    "data:text/html,x", "ftp://example.com", "//example.com", "/etc/passwd", "example.com", "mailto:a@b.c", "http:", "http://", "http:///x", "http://.", "http:\\\\example.com",
    " http://example.com", "https://exa mple.com", "https://example.com/\x1b[31m", "https://example.com/\u202e", "https://example.com/\u200b", "https://example.com/\u00a0", "ｈttps://example.com",
    "hxxp://example.com", "https:example.com", "https://@", "https://:80", "https://[::", "", "http", "https://e.com/" + "x" * 2048, "JAVASCRIPT:https://example.com", "view-source:https://e.com",
]  # fmt: skip


@pytest.mark.parametrize(("link", "says"), LINKS, ids=short)
def test_what_is_no_link_is_refused(dispute: Place, link: str, says: str) -> None:
    refused(dispute, 5, "open", "O-1", *BROKEN, f"--link={link}", says=says, rule="V3")


@pytest.mark.parametrize("link", LINKS_KIN, ids=short)
def test_nor_are_these_links(dispute: Place, link: str) -> None:
    refused_here(dispute, 5, "open", "O-1", *BROKEN, f"--link={link}", rule="V3")


@pytest.mark.parametrize(
    "link",
    ["https://example.com/[/bold]${x}{0}%s?=:smile:", "HTTP://EXAMPLE.COM", "https://пример.рф/ä", "https://user:pw@e.com:8080/x"],
    ids=short,
)
def test_a_link_that_is_fine_is_kept_as_it_is(dispute: Place, link: str) -> None:
    order = dispute.ok("open", "O-1", *BROKEN, f"--link={link}", "--json").json["order"]
    assert [record["url"] for record in order["evidence"]] == [link]
    ran = dispute.ok("status", "O-1")
    assert link in ran.out and not unseen(ran.out)


def test_nothing_is_kept_of_what_was_refused(dispute: Place) -> None:
    before = snapshot(dispute.folder)
    refused_here(dispute, 5, "open", "O-1", *BROKEN, "--evidence", "cup.png", "--link", "file:///x", rule="V3")
    dispute.ok("open", "O-1", *BROKEN, "--evidence", "cup.png", "--dry-run")
    assert snapshot(dispute.folder) == before
