"""The document's lines read again, in order and whole, up to where they end. Nothing is written here."""

from collections.abc import Iterator

from . import Head, StoreUnusable
from .chain import Chain, Damage
from .disk import PIECE, read_at
from .index import Batch, Index, Place
from .lines import CLOSE, Body, end_of_value, is_torn, unseal


class Pages:
    """A file's bytes from an offset on, fetched a piece at a time."""

    def __init__(self, fd: int, at: int) -> None:
        self._fd, self._base, self._data = fd, at, b""

    def peek(self, at: int, size: int) -> bytes:
        """Return `size` bytes from `at`, fewer where the file ends."""
        start = at - self._base
        if start >= 0 and start + size <= len(self._data):
            return self._data[start : start + size]
        self._seek(at)
        while len(self._data) < at - self._base + size:
            if not self._fetch(at):
                break
        start = at - self._base
        return self._data[start : start + size]

    def line_after(self, between: bytes, at: int) -> bytes | None:
        """Return the line behind some bytes at `at`, or None where others stand there."""
        return self.line(at + len(between)) if self.peek(at, len(between)) == between else None

    def line(self, at: int) -> bytes:
        """Return the bytes from `at` up to the next newline, or to the end of the file."""
        start = at - self._base
        end = self._data.find(b"\n", start) if start >= 0 else -1
        if end >= 0:
            return self._data[start:end]
        self._seek(at)
        searched = at - self._base
        while (end := self._data.find(b"\n", searched)) < 0:
            length = self._base + len(self._data)
            if not self._fetch(at):
                return self._data[at - self._base :]
            searched = length - self._base
        return self._data[at - self._base : end]

    def _seek(self, at: int) -> None:
        if not self._base <= at <= self._base + len(self._data):
            self._base, self._data = at, b""

    def _fetch(self, keep: int) -> bool:
        more = read_at(self._fd, PIECE, self._base + len(self._data))
        self._data = self._data[keep - self._base :] + more
        self._base = keep
        return bool(more)


def start_of(head: Head, hash: str) -> Chain:
    """Where a log stands that has no commit."""
    return Chain(0, hash, 0, head.start)


def whole_line(text: bytes, number: int) -> bytes | None:
    """Return the whole line at the start of some bytes, or None. The comma and newline after it belong to the next commit, which may be torn."""
    line = text.removesuffix(b",")
    if unseal(line, number):
        return line
    end = end_of_value(text)
    if end is not None and end < len(line) and unseal(text[:end], number):
        return text[:end]
    return None


def commits(fd: int, path: str, chain: Chain, at: int) -> Iterator[tuple[int, bytes, Body]]:
    """Yield offset, line and content of each whole line after `at`, and step the chain; `StoreUnusable` where one cannot follow."""
    pages = Pages(fd, at)
    while True:
        between = b",\n" if chain.number else b"\n"
        text = pages.line_after(between, at)
        if text is None:
            return
        line = text.removesuffix(b",")
        body = chain.take_as_written(line)
        if body is None:
            whole = whole_line(text, chain.number + 1)
            if whole is None:
                return
            line, body = whole, _taken(chain, whole, path)
        at += len(between)
        yield at, line, body
        at += len(line)


def _taken(chain: Chain, line: bytes, path: str) -> Body:
    try:
        return chain.take(line)
    except Damage as error:
        raise damaged(path, chain.number + 1, str(error)) from error


def fill(fd: int, path: str, index: Index, chain: Chain, at: int, size: int) -> tuple[int, int]:
    """Add each whole line after `at` to the index; return where the last ends and its size (`size` where there is none)."""
    batch = Batch()
    for start, line, body in commits(fd, path, chain, at):
        at, size = start + len(line), len(line)
        batch.put(Place(chain.number, start, size, chain.hash, chain.seq), body)
        if batch.is_full():
            _add(index, batch, path, chain.number)
            batch = Batch()
    _add(index, batch, path, chain.number)
    return at, size


def torn_end(fd: int, path: str, chain: Chain, end: int, file_size: int) -> bytes | None:
    """Return what a write cut short left after the last whole line, None for a clean end; `StoreUnusable` for damage."""
    rest = read_at(fd, file_size - end, end)
    if rest == CLOSE:
        return None
    if is_torn(rest, end, not chain.number):
        return rest
    if rest.startswith(CLOSE):
        raise StoreUnusable(f"{path}: {len(rest) - len(CLOSE)} bytes stand after its end, which no `dispute` wrote: remove them")
    raise damaged(path, chain.number + 1, "its hash does not match its bytes")


def damaged(path: str, number: int, reason: str) -> StoreUnusable:
    """The error for a commit that is not what was written."""
    return StoreUnusable(f"{path}: commit {number} (line {number + 1}) is damaged: {reason}; `dispute verify` lists all damage, a backup mends it")


def _add(index: Index, batch: Batch, path: str, number: int) -> None:
    try:
        index.add(batch)
    except ValueError as error:
        raise damaged(path, number, f"{error}, here or shortly before") from error
