"""One moment of the document, answered from the index and a few reads. Nothing is written here.

Whatever an answer is made of, each line is checked against its own hash and the index's; where they disagree the index is built anew, which walks
the whole document and says what is damaged.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, ParamSpec, TypeVar

from msgspec import Struct

from ..core.events import Event
from . import Head, Key, StoreUnusable
from .disk import open_document, read_at, read_spans
from .head import read_known
from .index import SOME, Index, IndexBroken, Mark, instant, open_to_read, seconds
from .lines import CLOSE, UNREADABLE, Body, events_by_order, events_of, read_line, touches, unseal
from .lists import DISPUTED, DUE, DUE_AFTER, KEY, LINES, ORDERS, POLICY, Twice, agreed, known

AT_ONCE = 64
"""How many lines."""

_PLACES = "SELECT c.n, c.at, c.size, c.hash, c.seq FROM touches t JOIN commits c ON c.n = t.n WHERE t.id = ? ORDER BY t.n"
_HISTORIES = """SELECT o.id, c.n, c.at, c.size, c.hash, o.touched FROM orders o
LEFT JOIN touches t ON t.id = o.id LEFT JOIN commits c ON c.n = t.n WHERE o.id IN (%s) ORDER BY o.id, t.n"""
_HISTORY = _HISTORIES % "?"
_AT_ONCE = 500
_PLACE = "SELECT n, at, size, hash, seq FROM commits WHERE n = ?"
_NEXT_PLACES = "SELECT n, at, size, hash, seq FROM commits WHERE n >= ? ORDER BY n LIMIT ?"
_EARLIEST, _LATEST = -1 << 63, (1 << 63) - 1

Read = dict[int, dict[str, list[Event]]]
"""Lines that were read, by number: their events by order."""
NOTHING_READ: Read = {}
NO_EVENTS: dict[str, list[Event]] = {}

P = ParamSpec("P")
T = TypeVar("T")


class Paths(Struct, frozen=True):
    """The paths of one store."""

    document: str
    folder: str

    @property
    def lock(self) -> str:
        return os.path.join(self.folder, "lock")

    @property
    def index(self) -> str:
        return os.path.join(self.folder, "index.sqlite")


class Opened(Struct, frozen=True):
    """A document and its index, at one moment."""

    fd: int
    index: Index
    head: Head
    mark: Mark

    def close(self) -> None:
        try:
            self.index.close()
        finally:
            os.close(self.fd)


def glance(paths: Paths, boot: str) -> Opened | None:
    """Open for reading without a lock, or None where the index has to be brought up to date first."""
    try:
        index, mark = open_to_read(paths.index)  # first the watermark, then the file: the other way round the file may have grown between
    except IndexBroken:
        return None
    try:
        fd = open_document(paths.document)
    except BaseException:
        index.close()
        raise
    head = read_known(fd, mark.head_size, mark.head) if mark.boot == boot and _is_current(paths, mark, os.fstat(fd)) else None
    if head is None:
        index.close()
        os.close(fd)
        return None
    return Opened(fd, index, head, mark)


def _is_current(paths: Paths, mark: Mark, file: os.stat_result) -> bool:
    """Tell whether the watermark is all there is to know; a longer file is a writer at work, or one that was killed."""
    size = mark.end + len(CLOSE)
    if file.st_size == size:
        return mark.is_of(file)
    if file.st_size < size or (file.st_dev, file.st_ino) != (mark.device, mark.inode):
        return False
    from .lock import is_free

    return not is_free(paths.lock)


class JsonView:
    """A `View` of a document. When the index turns out broken it is built anew, and the moment is the latest from there on."""

    head: Head
    now: datetime
    seq: int

    def __init__(self, paths: Paths, opened: Opened, renew: Callable[[], Opened]) -> None:
        self._paths, self._renew = paths, renew
        self._show(opened)

    def _show(self, opened: Opened) -> None:
        self._opened = opened
        self._is_open = True
        self.head = opened.head
        self._set_mark(opened.mark)

    def _set_mark(self, mark: Mark) -> None:
        self._mark = mark
        self.now = mark.now
        self.seq = mark.seq

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._opened.close()

    def history(self, order: str) -> list[Event]:
        return self._ask(self._history, order)

    def histories(self, orders: Sequence[str]) -> dict[str, list[Event]]:
        return self._ask(self._histories, orders)

    def known(self, ids: Sequence[str]) -> set[str]:
        return self._ask(self._known, ids)

    def lines(self, purchase: str) -> list[str]:
        start = purchase + "/"
        ids = self._ask(self._ids, LINES, start, purchase + "0")
        numbers = [id[len(start) :] for id in ids]
        return [start + number for number in sorted((n for n in numbers if n.isascii() and n.isdigit()), key=int)]

    def due(self, until: datetime | None, limit: int) -> list[tuple[datetime, str]]:
        latest = _LATEST if until is None else seconds(until)
        return self._ask(self._soonest, DUE, (_EARLIEST, ""), latest, limit)

    def all_due(self) -> Iterator[tuple[datetime, str]]:
        last: tuple[int | None, str] = (_EARLIEST, "")
        while found := self._ask(self._soonest, DUE_AFTER, last, *last, SOME):
            yield from found
            last = seconds(found[-1][0]), found[-1][1]

    def orders(self, disputed: bool = False, after: str = "") -> Iterator[str]:
        question = DISPUTED if disputed else ORDERS
        last = after
        while ids := self._ask(self._ids, question, last, SOME):
            yield from ids
            last = ids[-1]

    def events(self, since: int = 0) -> Iterator[Event]:
        number = self._ask(self._commit_after, since)
        while lines := self._ask(self._lines_from, number):
            for line in lines:
                for event in self._read(line, number).events:
                    if event.seq > since:
                        yield event
                number += 1

    def key(self, key: str) -> tuple[Key, list[Event]] | None:
        found = self._ask(self._keyed, key)
        return found and (found[0], self._told(*found))

    def knows_policy(self, hash: str) -> bool:
        return bool(self._ask(self._agreed, POLICY, hash))

    def policy(self, hash: str) -> dict[str, Any]:
        return self._ask(self._policy, hash)

    def blob(self, hash: str) -> bytes:
        from .blobs import fetch

        return fetch(self._paths.folder, hash)

    def file(self) -> tuple[int, int]:
        """Return the document's descriptor and the offset after the last line of this moment."""
        return self._opened.fd, self._mark.end

    def text(self) -> bytes:
        """Return the whole document of this moment."""
        fd, end = self.file()
        return read_at(fd, end, 0) + CLOSE

    @property
    def number(self) -> int:
        """Of the last commit."""
        return self._mark.n

    def document(self, number: int) -> bytes | None:
        """Return a commit's line as it stands, or None when there is none of this number."""
        return self._ask(self._line_at, number)

    def commits_of(self, order: str) -> list[int]:
        """Return the numbers of the commits that touch an order."""
        return self._ask(self._numbers, order)

    def _ask(self, question: Callable[P, T], *of: P.args, **named: P.kwargs) -> T:
        """Answer from the index; once more from a new one when it is broken."""
        try:
            return question(*of, **named)
        except IndexBroken:
            self._start_anew()
        try:
            return question(*of, **named)
        except IndexBroken as error:
            raise StoreUnusable(f"{self._paths.document}: the index stays broken: {error}; delete {self._paths.index}") from error

    def _start_anew(self) -> None:
        """Go on with a new index."""
        self.close()  # before another is opened: SQLite would take away the new one's log when the old one closes
        self._show(self._renew())

    def _all(self, query: str, *values: Any) -> list[Any]:
        return self._opened.index.all(query, *values)

    def _agreed(self, question: Twice, *values: Any) -> list[Any]:
        return list(agreed(self._opened.index, question, *values))

    def _ids(self, question: Twice, after: str, *values: Any) -> list[str]:
        """Ask for ids greater than `after`, in their order; where a page has lost its order SQLite would tell the same ones for ever."""
        ids = [id for (id,) in self._agreed(question, after, *values)]
        if not all(type(id) is str for id in ids) or any(one >= next for one, next in pairwise((after, *ids))):
            raise IndexBroken("its ids are out of order")
        return ids

    def _known(self, ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for at in range(0, len(ids), _AT_ONCE):
            some = ids[at : at + _AT_ONCE]
            found.update(id for (id,) in self._agreed(known(len(some)), *some))
        return found

    def _history(self, order: str) -> list[Event]:
        return self._events_at(self._places(order), order)

    def _numbers(self, order: str) -> list[int]:
        places = self._places(order)
        self._events_at(places, order)
        return [place[0] for place in places]

    def _places(self, order: str) -> list[Any]:
        places = self._all(_HISTORY, order)
        if not places and self._all(_PLACES, order):
            raise IndexBroken("it has commits of an order that it does not have")
        return [place[1:] for place in places]

    def _histories(self, orders: Sequence[str]) -> dict[str, list[Event]]:
        """Ask the index once for some hundred orders, and read a line once that tells of several: a tick reads very many, and lines of other ticks."""
        found: dict[str, list[Event]] = {}
        read: Read = {}
        for at in range(0, len(orders), _AT_ONCE):
            some = orders[at : at + _AT_ONCE]
            rows = self._all(_HISTORIES % ",".join("?" * len(some)), *some)
            self._read_ahead({row[1]: row[1:] for row in rows if row[1] not in read}, read)
            for order, places in groupby(rows, key=itemgetter(0)):
                found[order] = self._events_at([place[1:] for place in places], order, read)
        if any(self._all(_PLACES, order) for order in orders if order not in found):
            raise IndexBroken("it has commits of an order that it does not have")
        return found

    def _read_ahead(self, places: dict[int, Any], read: Read) -> None:
        """Read the lines at many places, in the order in which they stand; one that cannot be a place is left to who asks for it."""
        sorted_places = sorted((place for place in places.values() if self._is_within(place)), key=itemgetter(1))
        lines = read_spans(self._opened.fd, [(at, size) for _, at, size, _, _ in sorted_places])
        for place, line in zip(sorted_places, lines, strict=True):
            read[place[0]] = events_by_order(self._checked(line, place))

    def _events_at(self, places: list[Any], order: str, read: Read = NOTHING_READ) -> list[Event]:
        before = 0
        found: list[Event] = []
        for place in places:
            if place[0] is None or place[0] <= before or place[4] != len(places):
                raise IndexBroken("its tables disagree about an order")
            before = place[0]
            found += read.get(before, NO_EVENTS).get(order) or self._events_in(place, order)
        return found

    def _events_in(self, place: Any, order: str) -> list[Event]:
        """One order's events of a line, the others not decoded."""
        line = self._line(place)
        events = events_of(line, order)
        if not events and not touches(line, order):
            raise IndexBroken("it names a commit that does not touch an order")
        return events

    def _soonest(self, question: Twice, after: tuple[int | None, str], *values: Any) -> list[tuple[datetime, str]]:
        rows = self._agreed(question, *values)
        if not all(type(due) is int and type(id) is str for due, id in rows) or any(one >= next for one, next in pairwise((after, *rows))):
            raise IndexBroken("its deadlines are out of order")
        try:
            return [(instant(due), id) for due, id in rows]
        except OverflowError as error:
            raise IndexBroken("its deadlines are no instants") from error

    def _line_at(self, number: int) -> bytes | None:
        if not 0 < number <= self._mark.n:
            return None
        places = self._all(_PLACE, number)
        if not places:
            raise IndexBroken(f"it lacks commit {number}")
        return self._line(places[0])

    def _line(self, place: Any) -> bytes:
        """Fetch a line and check it against its own hash and the index's."""
        _, at, size, _, _ = place
        return self._checked(read_at(self._opened.fd, size, at) if self._is_within(place) else b"", place)

    def _is_within(self, place: Any) -> bool:
        """Tell whether a place can be one of the document."""
        _, at, size, _, _ = place
        return type(at) is int and type(size) is int and 0 <= at <= at + size <= self._mark.end

    def _checked(self, line: bytes, place: Any) -> bytes:
        """Check a line against its own hash and the index's."""
        n, _, _, hash, _ = place
        hashes = unseal(line, n)
        if hashes is None or hashes[1] != hash:
            raise IndexBroken(f"commit {n} is not where it says")
        return line

    def _lines_from(self, number: int) -> list[bytes]:
        """Fetch the next lines, none behind the last commit."""
        places = self._all(_NEXT_PLACES, number, AT_ONCE)
        expected = range(number, min(number + AT_ONCE, self._mark.n + 1))
        if [place[0] for place in places] != list(expected):
            raise IndexBroken("it lacks commits")
        return [self._line(place) for place in places]

    def _read(self, line: bytes, number: int) -> Body:
        try:
            return read_line(line)
        except UNREADABLE as error:
            raise StoreUnusable(f"{self._paths.document}: commit {number} (line {number + 1}) cannot be read: {error}") from error

    def _keyed(self, key: str) -> tuple[Key, Body] | None:
        """Find a key in the commit that the index names."""
        rows = self._agreed(KEY, key)
        if not rows:
            return None
        body = self._commit(rows[0][0])
        kept = next((kept for kept in body.keys if kept.key == key), None)
        if kept is None:
            raise IndexBroken("it knows a key that its commit does not")
        return kept, body

    def _policy(self, hash: str) -> dict[str, Any]:
        """Find a policy: an order names only what a commit holds, so one that the index lacks is its fault."""
        rows = self._agreed(POLICY, hash)
        found = self._commit(rows[0][0]).policies.get(hash) if rows else None
        if found is None:
            raise IndexBroken(f"no commit holds policy {hash[:80]}")
        return found

    def _commit(self, number: int) -> Body:
        line = self._line_at(number)
        if line is None:
            raise IndexBroken("its tables disagree about a commit")
        return self._read(line, number)

    def _commit_after(self, since: int) -> int:
        """Find the first commit whose last event is later than `since`, by halving, and see that it holds the next one."""
        low, high = 1, self._mark.n + 1
        while low < high:
            middle = (low + high) // 2
            row = self._opened.index.one("SELECT seq FROM commits WHERE n = ?", middle)
            if row is None or type(row[0]) is not int:
                raise IndexBroken(f"it lacks commit {middle}")
            if row[0] > since:
                high = middle
            else:
                low = middle + 1
        if not self._holds_next(low, max(since, 0)):
            raise IndexBroken("it counts events otherwise")
        return low

    def _holds_next(self, number: int, since: int) -> bool:
        """Tell whether a commit holds the event after `since`, or there is neither."""
        if number > self._mark.n:
            return self._mark.seq <= since
        events = self._commit(number).events
        return bool(events) and events[0].seq <= since + 1 <= events[-1].seq

    def _told(self, key: Key, commit: Body) -> list[Event]:
        """The events of a key's command, which may stand in commits before its own."""
        if key.first is None and key.last is None:
            return list(commit.events)
        first = key.first if key.first is not None else commit.events[0].seq
        last = key.last if key.last is not None else commit.events[-1].seq
        found: list[Event] = []
        for event in self.events(first - 1) if first <= last else ():
            found.append(event)
            if event.seq == last:
                break
        return found
