"""The writer's view: one write, one sync, one change of the index for each append, in an order that loses nothing acknowledged. No path is opened here."""

import os
from collections.abc import Callable, Sequence
from errno import ENOSPC

from msgspec.structs import replace

from . import Commit, OutcomeUnknown, blobs, signals
from .chain import Chain, misfit
from .disk import sync
from .index import Batch, IndexBroken, Mark, Place
from .lines import CLOSE, seal
from .recover import put
from .view import JsonView, Opened, Paths


class JsonDesk(JsonView):
    """A `Desk` over a document. Under the lock, after settling: the index tells exactly what the document holds."""

    def __init__(self, paths: Paths, opened: Opened, renew: Callable[[], Opened]) -> None:
        super().__init__(paths, opened, renew)
        self._outcome_unknown = False

    def keep(self, data: bytes) -> str:
        return blobs.keep(self._paths.folder, data)

    def append(self, commits: Sequence[Commit]) -> None:
        """As the protocol says; ValueError for commits that cannot follow, OSError when nothing was changed, `OutcomeUnknown` otherwise."""
        if self._outcome_unknown:
            raise OutcomeUnknown("a write before this one failed: open the store again")
        if not commits:
            return
        data, batch, chain = self._lines(commits)
        self._ask(self._stage, batch)
        held = signals.hold()
        try:
            self._write(data)
        except OSError:
            if held and not self._outcome_unknown:
                signals.restore()
            raise
        self._acknowledge(batch.places[-1], chain)

    def interrupted(self) -> bool:
        return signals.pending()

    def _lines(self, commits: Sequence[Commit]) -> tuple[bytes, Batch, Chain]:
        """Make the bytes that go over the closing newline, and what the index will tell of them."""
        mark = self._mark
        chain = Chain(mark.n, mark.hash, mark.seq, mark.now)
        batch, at = Batch(), mark.end
        parts: list[bytes] = []
        for commit in commits:
            reason = misfit(commit, chain.seq, chain.now)
            if reason is not None:
                raise ValueError(reason)
            line, hash = seal(chain.number + 1, chain.hash, commit)
            between = b",\n" if chain.number else b"\n"
            at += len(between)
            chain.step(hash, commit)
            batch.put(Place(chain.number, at, len(line), hash, chain.seq), commit)
            parts += (between, line)
            at += len(line)
        return b"".join((*parts, CLOSE)), batch, chain

    def _stage(self, batch: Batch) -> None:
        """Put the rows into an open change of the index: what it will not take is refused before the document is touched."""
        index = self._opened.index
        index.begin(writing=True)
        try:
            index.add(batch)
        except BaseException:
            index.rollback()
            raise

    def _write(self, data: bytes) -> None:
        """Write over the closing newline with one call; put the old end back when it does not all go in."""
        try:
            written = os.pwrite(self._opened.fd, data, self._mark.end)
            if written != len(data):
                raise OSError(ENOSPC, f"only {written} of {len(data)} bytes could be written")
        except OSError as error:
            self._put_back(error)
            raise

    def _put_back(self, cause: OSError) -> None:
        """Leave the document as it was, its time included: then the index still fits."""
        mark, fd = self._mark, self._opened.fd
        try:
            os.ftruncate(fd, mark.end + len(CLOSE))  # first: a kill in between leaves a torn end, not an end with something after it
            put(fd, CLOSE, mark.end)
            sync(fd)
            os.utime(fd, ns=(mark.mtime, mark.mtime))
            self._opened.index.rollback()
        except (OSError, IndexBroken) as error:
            raise self._unknown(error) from cause

    def _acknowledge(self, last: Place, chain: Chain) -> None:
        """Sync, then index. A sync that failed is neither tried again nor undone: nobody knows what the disk holds."""
        try:
            sync(self._opened.fd)
            file = os.fstat(self._opened.fd)
            mark = replace(
                self._mark, n=chain.number, end=last.at + last.size, size=last.size, hash=chain.hash, seq=chain.seq, now=chain.now,
                device=file.st_dev, inode=file.st_ino, mtime=file.st_mtime_ns,
            )
            self._index(mark)
        except Exception as error:
            raise self._unknown(error) from error

    def _index(self, mark: Mark) -> None:
        """Let the index tell of what is synced; one that broke meanwhile, or was taken away, is built anew from it."""
        try:
            self._opened.index.set_mark(mark)
            self._opened.index.commit()
            self._set_mark(mark)
        except IndexBroken:
            self._start_anew()

    def _unknown(self, error: Exception) -> OutcomeUnknown:
        self._outcome_unknown = True
        return OutcomeUnknown(f"the write may be recorded or not ({error}): repeat with the same idempotency key, or look at `events`")
