"""One writer at a time: a kernel lock on `lock` beside the document, never removed, so that a killed holder blocks nobody.

The only place where real time is read: to tell how long a holder has had the lock.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import Locked, StoreUnusable
from .disk import NOFOLLOW, NONBLOCK, allow_owner, unusual

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # on Windows there is none

FIRST_WAIT, LONGEST_WAIT = 0.0005, 0.01
"""Seconds between two tries."""
SIGNED = 128
"""Bytes of the holder's name."""


@contextmanager
def hold(path: str, command: str, timeout: float) -> Iterator[None]:
    """Hold the lock in the name of a command; `Locked` when it is not had within `timeout` seconds."""
    if fcntl is None:
        with _portable(path, command, timeout):
            yield
        return
    fd = _take(path, command, timeout)
    try:
        yield
    finally:
        os.close(fd)


@contextmanager
def keep_out(path: str, timeout: float) -> Iterator[bool]:
    """Keep writers out without being one, and yield whether that was had within `timeout` seconds; where there is no lock file nobody writes."""
    try:
        fd = _open(path, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        yield True
        return
    try:
        until = time.monotonic() + timeout
        while not (got := _try(fd, shared=True)) and time.monotonic() < until:
            time.sleep(LONGEST_WAIT)
        yield got
    finally:
        os.close(fd)


def is_free(path: str) -> bool:
    """Tell, without waiting, whether no writer is at work."""
    with keep_out(path, 0) as free:
        return free


def _take(path: str, command: str, timeout: float) -> int:
    """Return a descriptor that has the lock, of the file that stands at the path now."""
    until = time.monotonic() + timeout
    wait = FIRST_WAIT
    while True:
        fd = _open(path, os.O_RDWR | os.O_CREAT)
        try:
            while not _try(fd):
                if time.monotonic() >= until:
                    raise Locked(holder(path))
                time.sleep(min(wait, LONGEST_WAIT))
                wait *= 1.5
            if _stands(fd, path):
                _sign(fd, command)
                return fd
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)  # another file took its name while we waited: ours locks nothing


def _open(path: str, flags: int) -> int:
    try:
        fd = os.open(path, flags | NOFOLLOW | NONBLOCK, 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise StoreUnusable(f"{path} is not a plain file: move it away") from error
        raise
    try:
        if unusual(os.fstat(fd)):
            raise StoreUnusable(f"{path} is not a plain file: move it away")
        if flags & os.O_CREAT:
            allow_owner(fd)
        return fd
    except BaseException:
        os.close(fd)
        raise


def _try(fd: int, shared: bool = False) -> bool:
    if fcntl is None:
        return False
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stands(fd: int, path: str) -> bool:
    """Compare the descriptor's file with the path's: a lock on a file that lost its name excludes nobody."""
    try:
        return os.path.samestat(os.fstat(fd), os.lstat(path))
    except FileNotFoundError:
        return False


def _sign(fd: int, command: str) -> None:
    """Write who holds the lock; the file's time says since when."""
    text = f"{os.getpid()}\n{command}".encode(errors="replace")[: SIGNED - 1]
    os.pwrite(fd, text.ljust(SIGNED - 1) + b"\n", 0)  # of one length: cutting the file first would cost as much as the rest


def _lives(pid: str) -> bool:
    """Whether there is a process of this number: who took the lock without signing leaves the one before's name there."""
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (ValueError, OSError):
        return False
    return True


def holder(path: str) -> str:
    """Say who holds the lock, for the one who did not get it."""
    with open(path, encoding="utf-8", errors="replace") as file:
        pid, _, command = file.read(SIGNED).partition("\n")
        age = max(0, round(time.time() - os.fstat(file.fileno()).st_mtime))
    if not _lives(pid):
        return f"another process holds the lock {path}"
    return f"process {pid} (`{command.strip()}`) has held the lock {path} for {age} s"


@contextmanager
def _portable(path: str, command: str, timeout: float) -> Iterator[None]:
    """Hold the lock where there is no flock; never one that a killed holder leaves behind."""
    import importlib

    filelock: Any = importlib.import_module("filelock")
    lock = filelock.FileLock(path, timeout=timeout, fallback_to_soft=False, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise Locked(f"another process holds the lock {path}, wanted for `{command}`") from None
    try:
        yield
    finally:
        lock.release()
