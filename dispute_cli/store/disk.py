"""Files, durably: opened without hanging, read whole, placed so that a power cut leaves the old or the new. What their bytes mean is not known here."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator

from . import StoreMissing, StoreUnusable

try:
    import fcntl

    FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
except ImportError:
    FULL_SYNC = None

PIECE = 1 << 20
"""How many bytes are read or copied at a time."""
NEAR = 4096
"""Bytes that are rather read and not used than passed over with another call."""

NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)
_KINDS = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket"}
_fdatasync = getattr(os, "fdatasync", os.fsync)


def open_document(path: str) -> int:
    """Open a store's document for reading; `StoreMissing` when there is none, `StoreUnusable` when it cannot be one."""
    try:
        fd = os.open(path, os.O_RDONLY | NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreMissing(f"no store at {path}: make one with `dispute init`") from None
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG):
            raise StoreUnusable(f"{path} cannot be read: {error.strerror}") from error
        raise
    kind = unusual(os.fstat(fd))
    if kind is not None:
        os.close(fd)
        raise StoreUnusable(f"{path} is {kind}, not a store")
    return fd


def unusual(found: os.stat_result) -> str | None:
    """Say what stands where a plain file should, or None when it is one."""
    if stat.S_ISREG(found.st_mode):
        return None
    return _KINDS.get(stat.S_IFMT(found.st_mode), "not a plain file")


def stands(path: str) -> bool:
    """Tell whether a plain file is at a path; `StoreUnusable` where something else is, a link too: nothing of ours is done through one."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    kind = unusual(found)
    if kind is not None:
        raise StoreUnusable(f"{path} is {kind}, not a plain file: move it away")
    return True


def read_at(fd: int, size: int, at: int) -> bytes:
    """Return `size` bytes from offset `at`; fewer only where the file ends."""
    data = os.pread(fd, size, at)
    while len(data) < size:
        more = os.pread(fd, size - len(data), at + len(data))
        if not more:
            break
        data += more
    return data


def read_spans(fd: int, spans: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """Yield the bytes of each span (offset, size), which come sorted: those that stand close to each other are read at once."""
    for group in _neighbours(spans):
        start = group[0][0]
        data = read_at(fd, max(at + size for at, size in group) - start, start)
        yield from (data[at - start : at - start + size] for at, size in group)


def _neighbours(spans: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Spans with hardly anything between them, as far as they make one piece."""
    group: list[tuple[int, int]] = []
    for at, size in spans:
        if group and (at > sum(group[-1]) + NEAR or at + size > group[0][0] + PIECE):
            yield group
            group = []
        group.append((at, size))
    if group:
        yield group


def pieces(fd: int, at: int, end: int) -> Iterable[bytes]:
    """Yield the bytes between two offsets, a piece at a time."""
    while at < end:
        data = read_at(fd, min(PIECE, end - at), at)
        if not data:
            raise OSError(errno.EIO, "the file became shorter while it was read")
        yield data
        at += len(data)


def write_all(fd: int, data: bytes) -> None:
    """Write everything where the descriptor stands; a disk that takes nothing more raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def sync(fd: int) -> None:
    """Return once the bytes would survive a power cut."""
    if FULL_SYNC is not None:
        fcntl.fcntl(fd, FULL_SYNC)
    else:
        _fdatasync(fd)


def sync_folder(path: str) -> None:
    """Make the names in a folder durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(path: str) -> None:
    """Make a private folder durably, unless it is there."""
    try:
        new_folder(path)
    except FileExistsError:
        if os.path.islink(path) or not os.path.isdir(path):  # behind a link files may be somebody else's, and some are removed
            raise StoreUnusable(f"{path} is not a folder: move it away") from None
        return
    sync_folder(os.path.dirname(path))


def new_folder(path: str) -> None:
    """Make a private folder, or leave nothing; FileExistsError where something stands."""
    os.mkdir(path, 0o700)
    try:
        if os.stat(path).st_mode & 0o700 != 0o700:
            os.chmod(path, 0o700)  # the umask takes the owner's own rights
    except OSError:
        os.rmdir(path)
        raise


def allow_owner(fd: int) -> None:
    """Give the owner back what the umask may have taken from a file just made."""
    if os.fstat(fd).st_mode & 0o600 != 0o600:
        os.fchmod(fd, 0o600)


def write_file(path: str, data: Iterable[bytes]) -> None:
    """Write a private file's bytes and sync them, not its name."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NOFOLLOW | NONBLOCK, 0o600)
    try:
        allow_owner(fd)
        for piece in data:
            write_all(fd, piece)
        os.fsync(fd)
    finally:
        os.close(fd)


def place(path: str, data: Iterable[bytes], through: str) -> None:
    """Put a private file at `path`, whole and durable or not at all; `through` is the temporary name, on the same file system."""
    try:
        write_file(through, data)
        os.replace(through, path)
    except OSError:
        discard(through)
        raise
    sync_folder(os.path.dirname(path))


def discard(path: str) -> None:
    """Remove a file, or see that it is gone."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
