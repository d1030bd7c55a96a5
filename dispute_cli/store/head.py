"""The document's first line, found and checked; and what to say of a file that has none. No commit is read here."""

from typing import Any

import msgspec

from . import SCHEMA, Head, StoreUnusable
from .disk import read_at
from .lines import MIDDLE, OPEN, UNREADABLE, check_json, end_of_value, hash_head, read_head, read_version, seal_head, split_head

LONGEST = 1 << 22
"""More bytes than any head has."""


def read(fd: int, path: str) -> tuple[Head, str, int]:
    """Return the head, its hash and the size of its line; `StoreUnusable` when the file has none that we can read."""
    line = _first_line(fd)
    if line is None:
        raise StoreUnusable(f"{path} {_diagnosis(fd)}")
    try:
        version = _stated(line)
        if version is not None and version > SCHEMA:
            raise StoreUnusable(f"{path} {_newer(version)}")
        hash, text = split_head(line)
        if hash_head(text) != hash:
            raise StoreUnusable(f"{path}: line 1, the head, is damaged: its hash does not match its bytes")
        head = read_head(text)
        if seal_head(head)[0] != line:
            check_json(text)
    except UNREADABLE as error:
        raise StoreUnusable(f"{path}: line 1, the head, is damaged: {error}") from error
    return head, hash, len(line)


def read_known(fd: int, size: int, hash: str) -> Head | None:
    """Return the head that was checked before under this hash, or None when other bytes stand there now."""
    try:
        stated, text = split_head(read_at(fd, size, 0))
        if stated != hash or hash_head(text) != hash:
            return None
        return read_head(text)
    except UNREADABLE:
        return None


def _first_line(fd: int) -> bytes | None:
    """Find the head by its structure, not by its newline: the first commit rewrites that."""
    size = 1 << 14
    while True:
        data = read_at(fd, size, 0)
        if not data.startswith(OPEN):
            return None
        end = end_of_value(data, len(OPEN))
        if end is not None:
            line = data[: end + len(MIDDLE)]
            return line if line.endswith(MIDDLE) else None
        if len(data) < size or size >= LONGEST:
            return None
        size *= 4


def _diagnosis(fd: int) -> str:
    """Say what a file without our head is."""
    data = read_at(fd, 1 << 26, 0)
    if not data:
        return "is empty: put back a backup, or make a store with `dispute init --force`"
    if data.startswith(b"\xef\xbb\xbf"):
        return "begins with a byte order mark: an editor has rewritten it; put back a backup"
    version = _stated(data)
    if version is not None and version > SCHEMA:
        return _newer(version)
    if data.startswith(OPEN):
        return "is damaged in line 1, the head: put back a backup"
    try:
        found = msgspec.json.decode(data)
    except UNREADABLE:
        return "is not a store, or is damaged from its first byte on: put back a backup"
    return _foreign(found)


def _stated(data: bytes) -> int | None:
    """The schema version that the first value of a document states, whatever its head looks like otherwise."""
    end = end_of_value(data, len(OPEN)) if data.startswith(OPEN) else None
    try:
        return None if end is None else read_version(data[len(OPEN) : end])
    except UNREADABLE:
        return None


def _foreign(found: Any) -> str:
    """Say what JSON of another shape is: a newer store, our data in somebody else's writing, or nothing of ours."""
    if not (isinstance(found, dict) and isinstance(found.get("store"), dict)):
        return "is JSON, but not a store"
    head = found["store"].get("1")
    version = head.get("schema") if isinstance(head, dict) else None
    if isinstance(version, int) and version > SCHEMA:
        return _newer(version)
    return (
        "was rewritten by another program, as TinyDB's own storage does when it writes: the hashes no longer cover its bytes;"
        " put back a backup, and open it with TinyDB only to read"
    )


def _newer(version: int) -> str:
    return f"has schema version {version}, this program reads up to {SCHEMA}: a newer `dispute` is needed"
