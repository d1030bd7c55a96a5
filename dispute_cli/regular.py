"""Reading a file that somebody named, without ever hanging on what is no regular file or reading more than was asked."""

import errno
import os
import stat

WHY = {
    errno.ENOENT: "no such file",
    errno.ENOTDIR: "no such file",
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ELOOP: "a loop of symbolic links",
    errno.ENAMETOOLONG: "the name is too long",
}


class NotRegular(Exception):
    """It cannot be read as a file; the text says why, as `no such file`."""


def read_regular(path: str, most: int) -> bytes:
    """Return at most `most` bytes of a regular file; `NotRegular` for anything else. One descriptor, read once."""
    return read_sized(path, most)[0]


def read_sized(path: str, most: int) -> tuple[bytes, int]:
    """Return at most `most` bytes of a regular file and the size that the file has."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as fault:
        raise NotRegular(WHY.get(fault.errno or 0, os.strerror(fault.errno or 0).lower())) from None
    except ValueError:
        raise NotRegular("no such file") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotRegular("a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file")
        return read_all(descriptor, most), status.st_size
    finally:
        os.close(descriptor)


def read_all(descriptor: int, most: int) -> bytes:
    pieces: list[bytes] = []
    left = most
    while left > 0:
        piece = os.read(descriptor, min(left, 1 << 20))
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
