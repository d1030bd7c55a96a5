"""Bringing document and index together under the lock: catching up, building anew, mending a torn end. No rule about orders, no reader's path.

Acknowledged means synced and indexed. So what stands behind the watermark was never acknowledged: whole lines are taken over, a torn rest is cut
(and kept beside); and what the watermark tells of must be there.
"""

import os
from hashlib import sha256

from msgspec import Struct

from . import Head, StoreUnusable, Tell, head
from .chain import Chain
from .disk import PIECE, open_document, pieces, read_at, sync, sync_folder, write_file
from .index import Index, IndexBroken, Mark, open_in_memory, open_to_write, remove
from .lines import CLOSE, unseal
from .view import Opened, Paths
from .walk import damaged, fill, start_of, torn_end

REWRITTEN = PIECE
"""How many bytes at the end are written again when no watermark tells which were acknowledged."""

TRIES = 5
"""How often an index is made that breaks, or is taken away, at once."""


class Settling(Struct, frozen=True):
    """What is needed to bring one store's document and index together."""

    paths: Paths
    fd: int
    head: Head
    hash: str
    head_size: int
    boot: str
    tell: Tell


def settle(paths: Paths, boot: str, tell: Tell, anew: bool = False) -> Opened:
    """Open for writing, under the lock: afterwards the index tells exactly what the document holds. `anew`: build the index whatever it says.

    Raises `StoreUnusable` for a document that is damaged or lacks what was acknowledged, OSError where the disk will not be written.
    """
    os.close(open_document(paths.document))  # says in our words why it cannot be a store
    fd = os.open(paths.document, os.O_RDWR)
    try:
        of = Settling(paths, fd, *head.read(fd, paths.document), boot, tell)
        index, mark = _settled_index(of, anew)
    except BaseException:
        os.close(fd)
        raise
    return Opened(fd, index, of.head, mark)


def held(opened: Opened) -> Opened:
    """Hold on to what was settled, for a reader who goes on without the lock."""
    try:
        opened.index.begin()
        opened.index.mark()  # SQLite keeps the moment from the first question on
        return opened
    except BaseException:
        opened.close()
        raise


def scan(paths: Paths, boot: str, tell: Tell) -> Opened:
    """Open for reading where nothing may be written: an index in memory, the document as far as its lines are whole."""
    fd = open_document(paths.document)
    index = open_in_memory()
    try:
        of = Settling(paths, fd, *head.read(fd, paths.document), boot, tell)
        index.clear()
        chain = start_of(of.head, of.hash)
        end, size = fill(fd, paths.document, index, chain, of.head_size, of.head_size)
        index.arrange()
        rest = torn_end(fd, paths.document, chain, end, os.fstat(fd).st_size)
        if rest is not None:
            tell(f"{paths.document}: the last write was cut short; read up to commit {chain.number}")
        return Opened(fd, index, of.head, _mark(of, chain, end, size))
    except BaseException:
        index.close()
        os.close(fd)
        raise


def _settled_index(of: Settling, anew: bool, tries: int = TRIES) -> tuple[Index, Mark]:
    """Open the index and bring it up to date; one that SQLite calls corrupt is removed and made again, no other."""
    index = None
    try:
        index = open_to_write(of.paths.index, synced=not of.boot)
        return index, _bring_up(of, index, anew)
    except BaseException as error:
        if index is not None:
            index.close()
        if not isinstance(error, IndexBroken):
            raise
        if tries == 1:
            raise StoreUnusable(f"{of.paths.index} cannot be made: {error}") from error
    remove(of.paths.index)
    return _settled_index(of, anew, tries - 1)


def _bring_up(of: Settling, index: Index, anew: bool) -> Mark:
    """Do what the watermark asks for: nothing, catch up, or build anew."""
    try:
        mark = index.mark()
    except IndexBroken as error:
        return _build(of, index, None, str(error))
    check_witness(of.fd, of.paths.document, of.hash, mark)
    file = os.fstat(of.fd)
    exact_size = file.st_size == mark.end + len(CLOSE)
    if anew or mark.boot != of.boot or (exact_size and not mark.is_of(file)):
        return _build(of, index, mark, None)
    return mark if exact_size else _catch_up(of, index, mark)


def check_witness(fd: int, path: str, head_hash: str, mark: Mark) -> None:
    """See that the document still holds what the index knows to be acknowledged; `StoreUnusable` when it does not."""
    line = read_at(fd, mark.size, mark.end - mark.size)
    whole = mark.n == 0 or (unseal(line, mark.n) or ("", ""))[1] == mark.hash
    if head_hash != mark.head or not whole or os.fstat(fd).st_size < mark.end:
        raise StoreUnusable(
            f"{path}: commit {mark.n} (line {mark.n + 1}) was acknowledged and is not there as it was written;"
            f" if a backup was put back on purpose, delete {path}.d/index.sqlite"
        )


def _catch_up(of: Settling, index: Index, mark: Mark) -> Mark:
    """Take over the whole lines behind the watermark, in one change of the index."""
    chain = Chain(mark.n, mark.hash, mark.seq, mark.now)
    index.begin(writing=True)
    return _finish(of, index, chain, *fill(of.fd, of.paths.document, index, chain, mark.end, mark.size), mark.end)


def _build(of: Settling, index: Index, mark: Mark | None, missing: str | None) -> Mark:
    """Fill the index from the document's first line on, in one change; `missing` says why there is no witness to it."""
    chain = start_of(of.head, of.hash)
    index.begin(writing=True)
    index.clear()
    end, size = fill(of.fd, of.paths.document, index, chain, of.head_size, of.head_size)
    index.arrange()
    known = mark.end if mark else max(of.head_size, end - REWRITTEN)
    made = _finish(of, index, chain, end, size, known)
    if missing is not None:
        of.tell(f"{of.paths.document}: the index was not usable ({missing}) and is built anew; the last whole commit is {made.n}")
    return made


def _finish(of: Settling, index: Index, chain: Chain, end: int, size: int, known: int) -> Mark:
    """Mend the document, then let the index tell of it: never the other way round. `known`: up to where it was acknowledged."""
    if end < known:
        raise damaged(of.paths.document, chain.number + 1, "its hash does not match its bytes")
    rest = torn_end(of.fd, of.paths.document, chain, end, os.fstat(of.fd).st_size)
    if rest is not None:
        _keep_torn(of, chain.number + 1, rest)
    if rest is not None or end > known:
        _write_again(of.fd, known, end)
    mark = _mark(of, chain, end, size)
    index.set_mark(mark)
    index.commit()
    return mark


def _keep_torn(of: Settling, number: int, rest: bytes) -> None:
    """Save what is about to be cut, and say so."""
    path = os.path.join(of.paths.folder, f"torn-{number}-{sha256(rest).hexdigest()[:12]}")
    write_file(path, [rest])
    sync_folder(of.paths.folder)
    of.tell(f"{of.paths.document}: the write of commit {number} was cut short and never acknowledged; its {len(rest)} bytes are kept in {path}")


def _write_again(fd: int, at: int, end: int) -> None:
    """Write the lines taken over once more, then the end: a sync that failed before has marked their pages clean.

    What stands behind is cut first: a kill in between leaves an end that is torn again, never one with something after it.
    """
    os.ftruncate(fd, end + len(CLOSE))
    for piece in pieces(fd, at, end):
        put(fd, piece, at)
        at += len(piece)
    put(fd, CLOSE, end)
    sync(fd)


def put(fd: int, data: bytes, at: int) -> None:
    """Write all the bytes at an offset, or raise OSError."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(fd, rest, at)
        rest, at = rest[written:], at + written


def _mark(of: Settling, chain: Chain, end: int, size: int) -> Mark:
    file = os.fstat(of.fd)
    return Mark(
        head=of.hash, head_size=of.head_size, n=chain.number, end=end, size=size, hash=chain.hash, seq=chain.seq, now=chain.now,
        boot=of.boot, device=file.st_dev, inode=file.st_ino, mtime=file.st_mtime_ns,
    )
