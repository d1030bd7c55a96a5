"""Everything from the document's first byte on, believing nothing derived: what `verify` finds. Read-only; it mends nothing."""

import os
import re
from collections.abc import Iterator

from ..core.events import EvidenceAdded
from . import Commit, Entry, Locked, Problem, StoreUnusable, blobs, head, lock
from .chain import Damage
from .disk import open_document, read_at
from .index import Index, IndexBroken, IndexMissing, Mark, Place, open_to_read
from .lines import CLOSE, UNREADABLE, Body, is_torn, read_line, unseal
from .recover import check_witness
from .tally import Tally
from .view import Paths
from .walk import Pages, start_of, whole_line

_NUMBER = re.compile(rb'"([1-9][0-9]{0,17})":\{')


def audit(paths: Paths, boot: str, timeout: float) -> Iterator[Entry | Problem]:
    """Yield each commit that is what was written, and each problem; `StoreUnusable` where not even the head can be read.

    Up to a watermark that fits it walks beside writers. Else it keeps them out, for up to `timeout` seconds or by `Locked`.
    """
    fd = open_document(paths.document)
    try:
        inspection = _Inspection(paths, fd, boot)
        if inspection.is_bounded():
            yield from inspection.run()
            return
        inspection.close()
        with lock.keep_out(paths.lock, 0 if inspection.mark else timeout) as alone:
            inspection = _Inspection(paths, fd, boot, alone)
            if not alone and inspection.mark is None:
                raise Locked(lock.holder(paths.lock))
            yield from inspection.run()
    finally:
        os.close(fd)


def _witness(paths: Paths) -> tuple[Index | None, Mark | None, str | None]:
    """Open the index if there is one, with its watermark; a problem where it is broken."""
    try:
        return *open_to_read(paths.index), None
    except IndexMissing:
        return None, None, None
    except (IndexBroken, OSError) as error:
        return None, None, f"the index {paths.index} cannot be used: {error}; the next command builds it anew"


class _Inspection:
    """One walk over a document, a line at a time, that goes on after damage."""

    def __init__(self, paths: Paths, fd: int, boot: str, alone: bool = False) -> None:
        self.paths, self.fd, self.boot, self.alone = paths, fd, boot, alone
        self.index, self.mark, self.problem = _witness(paths)  # before the file's size is asked: it may grow between
        self.file = os.fstat(fd)
        self.tally: Tally | None = None
        try:
            first, self.hash, self.at = head.read(fd, paths.document)
        except StoreUnusable:
            self.close()
            raise
        self.chain = start_of(first, self.hash)
        self.pages = Pages(fd, self.at)
        self.line = 1
        self.lost = False
        self.checked: dict[str, str | None] = {}
        self.tally = self._tally()

    def _tally(self) -> Tally | None:
        """Compare the index too, unless the next command builds it anew anyway."""
        if self.index is None or self.mark is None or self.mark.boot != self.boot:
            return None
        grown = self.file.st_size > self.mark.end + len(CLOSE)
        return Tally(self.index, self.mark) if grown or self.mark.is_of(self.file) else None

    def is_bounded(self) -> bool:
        """The watermark fits: what it covers does not change, whatever is written meanwhile."""
        return self.mark is not None and self.mark.is_of(self.file) and self.file.st_size == self.mark.end + len(CLOSE)

    def close(self) -> None:
        if self.tally is not None:
            self.tally.close()
        if self.index is not None:
            self.index.close()

    def run(self) -> Iterator[Entry | Problem]:
        try:
            if self.problem is not None:
                yield Problem(self.problem)
            yield from self._missing()
            yield from self._walk()
        finally:
            self.close()

    def _missing(self) -> Iterator[Problem]:
        """What the index knows to be acknowledged, and is not there."""
        if self.mark is None:
            return
        try:
            check_witness(self.fd, self.paths.document, self.hash, self.mark)
        except StoreUnusable as error:
            yield Problem(str(error), commit=self.mark.n, line=self.mark.n + 1)
            self.tally = None

    def _walk(self) -> Iterator[Entry | Problem]:
        while not self._is_over():
            taken = self._take_as_written()
            if taken is not None:
                yield from self._told(*taken)
                continue
            stop = self._end()
            if stop is not None:
                yield stop
                return
            yield from self._next()
        yield from self._index_problems(final=True)

    def _take_as_written(self) -> tuple[Place, Body] | None:
        """Take the next line where it is to the byte what would be written: the usual case. None where there is anything to look at."""
        between = b",\n" if self.chain.number else b"\n"
        text = None if self.lost else self.pages.line_after(between, self.at)
        if text is None:
            return None
        line = text.removesuffix(b",")
        body = self.chain.take_as_written(line)
        if body is None:
            return None
        self.line += 1
        start = self.at + len(between)
        self.at = start + len(line)
        return Place(self.chain.number, start, len(line), self.chain.hash, self.chain.seq), body

    def _is_over(self) -> bool:
        """The closing newline is reached; or all that was acknowledged, while somebody writes on."""
        if self.at + len(CLOSE) == self.file.st_size and read_at(self.fd, len(CLOSE), self.at) == CLOSE:
            return True
        return not self.alone and self.mark is not None and self.at == self.mark.end and not self.mark.is_of(os.fstat(self.fd))

    def _is_acknowledged_end(self) -> bool:
        return self.mark is None or self.at >= self.mark.end

    def _end(self) -> Problem | None:
        """Tell an end that was cut short, or bytes that somebody added; None where a line follows."""
        between = b",\n" if self.chain.number else b"\n"
        if self.at >= self.file.st_size:
            return Problem(f"{self.paths.document}: its end is missing", line=self.line)
        if not self._is_acknowledged_end() or self.lost:
            return None
        if self.pages.peek(self.at, len(between)) == between and self._whole(self.at + len(between)) is not None:
            return None
        rest = read_at(self.fd, self.file.st_size - self.at, self.at)
        if is_torn(rest, self.at, not self.chain.number):
            return Problem(f"the last write was cut short and never acknowledged ({len(rest)} bytes): the next command mends it", line=self.line + 1)
        if rest.startswith(CLOSE):
            return Problem(f"{len(rest) - len(CLOSE)} bytes stand after its end", line=self.line + 1)
        return None

    def _whole(self, start: int) -> bytes | None:
        return whole_line(self.pages.line(start), self.chain.number + 1)

    def _next(self) -> Iterator[Entry | Problem]:
        """Take the bytes up to the next newline as a line."""
        gap = self.pages.line(self.at)
        expected = b"," if self.chain.number else b""
        if gap != expected and not self.lost:
            yield Problem("other bytes than a comma stand after it", commit=self.chain.number or None, line=self.line)
            self.lost, self.tally = True, None
        start = self.at + len(gap) + 1
        text = self.pages.line(start)
        self.line += 1
        if start + len(text) >= self.file.st_size and text == CLOSE[1:]:
            if gap and not self.lost:
                yield Problem("a comma stands after it, and nothing follows", commit=self.chain.number, line=self.line - 1)
            self.at = start - 1
            return
        if self.lost:
            self._find_again(text)
        line = whole_line(text, self.chain.number + 1) or text.removesuffix(b",")
        self.at = start + len(line)
        yield from self._take(start, line)

    def _take(self, start: int, line: bytes) -> Iterator[Entry | Problem]:
        number = self.chain.number + 1
        try:
            body = self.chain.take(line)
        except Damage as error:
            yield Problem(str(error), commit=number, line=self.line)
            self._pass_over(line)
            return
        self.lost = False
        yield from self._told(Place(number, start, len(line), self.chain.hash, self.chain.seq), body)

    def _told(self, place: Place, body: Body) -> Iterator[Entry | Problem]:
        """Tell of a commit, and of what is wrong around it."""
        commit = Commit(now=body.now, events=body.events, orders=body.orders, keys=body.keys, policies=body.policies)
        yield Entry(place.n, self.line, commit, self.mark.seq if self.mark else None)
        yield from self._evidence(place.n, body)
        if self.tally is not None:
            self.tally.put(place, body)
            if self.tally.is_complete():
                yield from self._index_problems()

    def _pass_over(self, line: bytes) -> None:
        """Go on after a line that is not what was written; what only it could tell is asked of the next one."""
        self.lost, self.tally = True, None
        self.chain.number += 1
        hashes = unseal(line, self.chain.number)
        if hashes is not None:
            self.chain.hash = hashes[1]

    def _find_again(self, text: bytes) -> None:
        """After damage take number, predecessor and position from the line itself."""
        stated = _NUMBER.match(text)
        if stated is not None:
            self.chain.number = int(stated[1]) - 1
        line = text.removesuffix(b",")
        hashes = unseal(line, self.chain.number + 1)
        if hashes is None:
            return
        self.chain.hash = hashes[0]
        try:
            body = read_line(line)
        except UNREADABLE:
            return  # whatever is wrong with it is told when it is taken
        self.chain.now = min(self.chain.now, body.now)
        if body.events:
            self.chain.seq = body.events[0].seq - 1

    def _evidence(self, number: int, body: Body) -> Iterator[Problem]:
        for event in body.events:
            if not isinstance(event, EvidenceAdded) or event.hash is None:
                continue
            if event.hash not in self.checked:
                self.checked[event.hash] = blobs.fault(self.paths.folder, event.hash)
            fault = self.checked[event.hash]
            if fault is not None:
                yield Problem(fault, commit=number, line=self.line, order=event.order)

    def _index_problems(self, final: bool = False) -> Iterator[Problem]:
        """Compare the index once everything that it knows of is walked."""
        if self.tally is None or not (final or self.tally.is_complete()):
            return
        found = self.tally.fault()
        self.tally = None
        if found is not None:
            yield Problem(f"the index is at odds with the document: {found}; delete {self.paths.index}, the next command builds it anew")
