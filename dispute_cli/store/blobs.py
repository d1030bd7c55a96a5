"""Evidence bytes, one file each, named by their SHA-256. Which events name them is not known here."""

import os
import re
from collections.abc import Iterator
from hashlib import sha256

from . import StoreUnusable
from .disk import NOFOLLOW, NONBLOCK, make_folder, place, read_at, sync_folder, unusual

_HASH = "[0-9a-f]{64}"
LEFTOVER = "tmp-"
"""How the names of temporary files begin; they stand in the store's folder, which is short, so that sweeping it costs nothing."""


def keep(folder: str, data: bytes) -> str:
    """Store bytes durably, before the commit that names them, and return their hash; the same bytes twice are one file."""
    hash = sha256(data).hexdigest()
    blobs = os.path.join(folder, "blobs")
    make_folder(blobs)
    if fault(folder, hash) is None:
        sync_folder(blobs)  # whoever placed it may have been killed before its name was durable
    else:
        place(os.path.join(blobs, hash), [data], os.path.join(folder, LEFTOVER + hash))
    return hash


def fetch(folder: str, hash: str) -> bytes:
    """Return the bytes of this hash; `StoreUnusable` when they are missing or altered."""
    if not re.fullmatch(_HASH, hash):
        raise StoreUnusable(f"{hash[:80]!r} is no hash of evidence")
    try:
        fd = os.open(os.path.join(folder, "blobs", hash), os.O_RDONLY | NOFOLLOW | NONBLOCK)
    except OSError as error:
        raise StoreUnusable(f"evidence {hash} cannot be read: {error.strerror}") from error
    try:
        found = os.fstat(fd)
        data = b"" if unusual(found) else read_at(fd, found.st_size, 0)
    finally:
        os.close(fd)
    if sha256(data).hexdigest() != hash:
        raise StoreUnusable(f"evidence {hash} was altered: its bytes have another hash")
    return data


def fault(folder: str, hash: str) -> str | None:
    """Say what is wrong with an evidence file, or None."""
    try:
        fetch(folder, hash)
    except StoreUnusable as error:
        return str(error)
    return None


def lend(folder: str, other: str) -> None:
    """Give another folder the evidence that is whole in this one, durably."""
    for hash in sorted(names(folder)):
        if fault(folder, hash) is None:
            make_folder(other)
            keep(other, fetch(folder, hash))


def names(folder: str) -> Iterator[str]:
    """Yield the hashes that have a plain file; `StoreUnusable` where a link leads elsewhere: whoever asks may remove some."""
    path = os.path.join(folder, "blobs")
    if os.path.islink(path):
        raise StoreUnusable(f"{path} is not a folder: move it away")
    try:
        entries = os.scandir(path)
    except FileNotFoundError:
        return
    with entries:
        yield from (entry.name for entry in entries if re.fullmatch(_HASH, entry.name) and entry.is_file(follow_symlinks=False))


def leftovers(folder: str) -> list[str]:
    """Return the paths of temporary files that a killed writer left. Only under the lock."""
    with os.scandir(folder) as entries:
        return sorted(entry.path for entry in entries if entry.name.startswith(LEFTOVER) and not entry.is_dir(follow_symlinks=False))


def sweep(folder: str) -> None:
    """Remove temporary files that a killed writer left. Only under the lock."""
    for path in leftovers(folder):
        os.unlink(path)
