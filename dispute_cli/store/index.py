"""The index: where each commit stands and which orders, keys and policies it touches, in SQLite, derived from the document and never believed alone.

Whatever exists stands in two trees that must agree (an order in `orders` and `touches`, the rest in twins that SQLite keeps): a page that rots answers
for neither. No line is read here.
"""

import os
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from errno import EACCES, EBUSY, EIO, ENOSPC
from hashlib import sha256
from itertools import chain
from types import TracebackType
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from . import Commit
from .disk import allow_owner, stands
from .lines import UNREADABLE, Body

FORMAT = 2
"""Of the tables below; an index of another format is built anew."""

_TABLES = """
CREATE TABLE mark (only INTEGER PRIMARY KEY CHECK (only = 1), body BLOB, sum BLOB);
CREATE TABLE commits (n INTEGER PRIMARY KEY, at INTEGER, size INTEGER, hash TEXT, seq INTEGER);
CREATE TABLE touches (id TEXT, n INTEGER, PRIMARY KEY (id, n)) WITHOUT ROWID;
CREATE TABLE orders (id TEXT PRIMARY KEY, due INTEGER, disputed INTEGER, touched INTEGER) WITHOUT ROWID;
CREATE TABLE keys (key TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
CREATE TABLE policies (hash TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID
"""
_INDEXES = """
CREATE INDEX soonest ON orders (due, id) WHERE due IS NOT NULL;
CREATE INDEX soonest_again ON orders (due, id) WHERE due IS NOT NULL;
CREATE INDEX disputes ON orders (id, disputed) WHERE disputed;
CREATE INDEX disputes_again ON orders (id, disputed) WHERE disputed;
CREATE INDEX keys_again ON keys (key, n);
CREATE INDEX policies_again ON policies (hash, n)
"""
"""Each holds all that is asked of it: one that had to look into its table would share the table's faults."""
SOME = 512
"""How many rows are fetched at once where all are wanted."""
GATHERED = 20_000
"""Rows of a batch."""
TOGETHER = 100
"""How many rows are inserted with one statement where there are many."""
_ADD_ORDER = (
    "INSERT INTO orders VALUES %s ON CONFLICT (id) DO UPDATE"
    " SET due = excluded.due, disputed = excluded.disputed, touched = touched + excluded.touched"
)
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_SCHEMA)
_LOST = (sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_FSTAT)
"""What SQLite says where a file was taken away under it; of a disk that fails it says IOERR_READ, IOERR_WRITE or IOERR_FSYNC."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ERRNO = {
    sqlite3.SQLITE_FULL: ENOSPC, sqlite3.SQLITE_READONLY: EACCES, sqlite3.SQLITE_CANTOPEN: EACCES, sqlite3.SQLITE_PERM: EACCES,
    sqlite3.SQLITE_BUSY: EBUSY, sqlite3.SQLITE_LOCKED: EBUSY,
}


class IndexBroken(Exception):
    """The index is missing, corrupt, or at odds with the document: build it anew."""


class IndexMissing(IndexBroken):
    """There is none, or none that this process may read: nothing is wrong with that."""


class Mark(Struct, frozen=True, array_like=True, kw_only=True):
    """The watermark: up to where the document is acknowledged, and which file that was."""

    format: int = FORMAT
    head: str
    """The head's hash."""
    head_size: int
    """Bytes of the document's first line, without its newline."""
    n: int
    """Commits acknowledged."""
    end: int
    """Offset after the last line, where the closing newline stands."""
    size: int
    """Bytes of the last line; of the head where there is no commit."""
    hash: str
    seq: int
    now: datetime
    boot: str
    """The boot that it was written under; empty where the system does not tell, and the index is then synced instead."""
    device: int
    inode: int
    mtime: int
    """Nanoseconds."""

    def is_of(self, file: os.stat_result) -> bool:
        """Tell whether the file is the one that was marked, not written since."""
        return (self.device, self.inode, self.mtime) == (file.st_dev, file.st_ino, file.st_mtime_ns)


class Place(NamedTuple):
    """Where a commit's line stands."""

    n: int
    at: int
    size: int
    hash: str
    seq: int
    """Of the store's last event after it."""


class Batch:
    """What some commits add to the index, gathered so that each table is visited once."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.touches: list[tuple[str, int]] = []
        self.orders: dict[str, tuple[str, int | None, bool, int]] = {}
        self.keys: list[tuple[str, int]] = []
        self.policies: list[tuple[str, int]] = []

    def put(self, place: Place, commit: Commit | Body) -> None:
        """Add a commit that stands at a place."""
        self.places.append(place)
        for id, standing in commit.orders.items():
            before = self.orders.get(id)
            self.orders[id] = (id, seconds(standing.due), standing.disputed, before[3] + 1 if before else 1)
            self.touches.append((id, place.n))
        if commit.keys:
            self.keys.extend((key.key, place.n) for key in commit.keys)
        if commit.policies:
            self.policies.extend((hash, place.n) for hash in commit.policies)

    def is_full(self) -> bool:
        return len(self.touches) + len(self.places) >= GATHERED


class Index:
    """An open index. Every method may raise `IndexBroken`, or OSError where the disk will not do it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._schema = ""

    def close(self) -> None:
        with translated():
            self._connection.close()

    def begin(self, writing: bool = False) -> None:
        """Begin a moment that stays as it is, or a change."""
        with translated():
            self._connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")

    def commit(self) -> None:
        with translated():
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Undo the change, if one is open."""
        with translated():
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def all(self, query: str, *values: Any) -> list[Any]:
        with translated():
            return self._connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        with translated():
            return self._connection.execute(query, values).fetchone()

    def some(self, query: str, *values: Any) -> Generator[list[Any], None, None]:
        """Yield the rows some hundred at a time."""
        with translated(), closing(self._connection.execute(query, values)) as rows:
            while found := rows.fetchmany(SOME):
                yield found

    def mark(self) -> Mark:
        """Return the watermark; `IndexBroken` when its bytes are not what was written, `IndexMissing` when the index was never filled."""
        try:
            row = self.one("SELECT body, sum FROM mark")
        except IndexBroken:
            if self._is_empty():
                raise IndexMissing("there was none") from None
            raise
        if row is None:
            raise IndexBroken("it has no watermark")
        self._learn_schema()
        try:
            mark = msgspec.json.decode(row[0], type=Mark)
            whole = self._sum(row[0]) == row[1]
        except (*UNREADABLE, TypeError) as error:
            raise IndexBroken("its watermark is of another kind") from error
        if mark.format != FORMAT:
            raise IndexBroken(f"it is of format {mark.format}")
        if not whole:
            raise IndexBroken("its watermark or its tables are not what was written")
        return mark

    def set_mark(self, mark: Mark) -> None:
        body = msgspec.json.encode(mark)
        with translated():
            self._connection.execute("INSERT OR REPLACE INTO mark VALUES (1, ?, ?)", (body, self._sum(body)))

    def _learn_schema(self) -> None:
        """Know the tables as SQLite reads them, to the page where each begins: the watermark's sum is of them too."""
        self._schema = str(self.one("SELECT group_concat(type || name || tbl_name || rootpage || sql) FROM sqlite_master"))

    def _sum(self, body: bytes) -> bytes:
        return sha256(body + self._schema.encode()).digest()[:8]

    def add(self, batch: Batch) -> None:
        """Add what a batch gathered; ValueError where a key stands twice."""
        try:
            with translated():
                self._insert("INSERT INTO commits VALUES %s", "(?, ?, ?, ?, ?)", batch.places)
                self._insert("INSERT INTO touches VALUES %s", "(?, ?)", batch.touches)
                self._insert(_ADD_ORDER, "(?, ?, ?, ?)", list(batch.orders.values()))
                if batch.keys:
                    self._insert("INSERT INTO keys VALUES %s", "(?, ?)", batch.keys)
                if batch.policies:
                    self._insert("INSERT OR IGNORE INTO policies VALUES %s", "(?, ?)", batch.policies)
        except sqlite3.IntegrityError as error:
            raise ValueError(f"a key is used twice: {error}") from error

    def _insert(self, statement: str, row: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows, a hundred with one statement while there are so many: one for each row costs nearly twice as much."""
        whole = len(rows) - len(rows) % TOGETHER
        if whole:
            many = statement % ", ".join([row] * TOGETHER)
            for at in range(0, whole, TOGETHER):
                self._connection.execute(many, list(chain.from_iterable(rows[at : at + TOGETHER])))
        self._connection.executemany(statement % row, rows[whole:])

    def clear(self) -> None:
        """Drop everything and make the tables anew, within the open transaction."""
        with translated():
            found = self._connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
            for kind, name in found.fetchall():
                if type(name) is not str:
                    raise IndexBroken("its tables have no names")
                self._connection.execute('DROP {} "{}"'.format(kind, name.replace('"', '""')))
            for statement in _TABLES.split(";"):
                self._connection.execute(statement)

    def arrange(self) -> None:
        """Make the second copies and the lists in another order, after a fill: sorting once is cheaper than inserting each."""
        with translated():
            for statement in _INDEXES.split(";"):
                self._connection.execute(statement)
        self._learn_schema()

    def _is_empty(self) -> bool:
        return bool(self.one("SELECT count(*) FROM sqlite_master")[0] == 0)

    def is_sound(self) -> bool:
        """Have SQLite check the whole file."""
        return bool(self.one("PRAGMA integrity_check(1)")[0] == "ok")


def open_to_read(path: str) -> tuple[Index, Mark]:
    """Open an index in a moment of its own, with its watermark.

    In a folder that cannot be written it is opened as a file that does not change, if nothing waits in a log beside it.
    """
    try:
        return _moment(path, "mode=ro")
    except OSError as error:
        if os.access(os.path.dirname(path), os.W_OK):
            if error.errno != EACCES:
                raise
            raise IndexMissing("only a writer can go on with it") from error  # one was killed within a change
    if os.path.exists(path + "-wal"):
        raise IndexMissing("its log cannot be read in a read-only folder")
    return _moment(path, "mode=ro&immutable=1")


def open_to_write(path: str, synced: bool) -> Index:
    """Open an index, made private and empty where there is none; `synced` where no boot id tells whether the system went down since."""
    if not _stands(path):  # opened by us, its closing would drop the locks that SQLite has on it in this process
        remove(path)  # the log of one that was taken away: who still reads that one would share it with the new one
        _make(path)
    with _standing(path):
        return Index(_prepared(path, synced))


def open_in_memory() -> Index:
    """Open an empty index that no file holds."""
    return Index(sqlite3.connect(":memory:", isolation_level=None))


def remove(path: str) -> None:
    """Remove an index and what SQLite keeps beside it."""
    for name in _files(path):
        try:
            os.unlink(name)
        except FileNotFoundError:
            continue


def seconds(instant: datetime | None) -> int | None:
    """An instant as it stands in the index."""
    return None if instant is None else int(instant.timestamp())


def instant(seconds: int) -> datetime:
    """An instant as it stood in the document."""
    return _EPOCH + timedelta(seconds=seconds)


class translated:
    """Tell a broken index from a disk that will not: `IndexBroken` or OSError, never SQLite's own words. A class, for it stands around every question."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, (sqlite3.DatabaseError, UnicodeDecodeError)) and not isinstance(error, sqlite3.IntegrityError):
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
            if code in _LOST or code & 0xFF in _BROKEN:
                raise IndexBroken(str(error)) from error
            raise OSError(_ERRNO.get(code & 0xFF, EIO), f"the store's index: {error}") from error


def _files(path: str) -> tuple[str, ...]:
    return path, path + "-wal", path + "-shm", path + "-journal"


def _stands(path: str) -> bool:
    """Tell whether there is an index. A link is refused: it may lead to another program's database, whose tables a build would drop."""
    there, *_ = [stands(name) for name in _files(path)]
    return there


def _connect(path: str, mode: str) -> sqlite3.Connection:
    safe = b"/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    quoted = "".join(chr(byte) if byte in safe else f"%{byte:02x}" for byte in os.fsencode(path))
    with translated():
        return sqlite3.connect(f"file:{quoted}?{mode}", uri=True, isolation_level=None)


def _make(path: str) -> None:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        allow_owner(fd)
    finally:
        os.close(fd)


def _prepared(path: str, synced: bool) -> sqlite3.Connection:
    connection = _connect(path, "mode=rw")
    try:
        with translated():
            # in this order: a change of the journal mode already syncs
            connection.execute("PRAGMA synchronous = " + ("NORMAL" if synced else "OFF"))
            connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _moment(path: str, mode: str) -> tuple[Index, Mark]:
    if not _stands(path):
        raise IndexMissing("there was none")
    with _standing(path) as before:
        index = Index(_connect(path, mode))
        try:
            index.begin()
            mark = index.mark()
            if _identity(path) != before:  # its log, opened last, may be that of another one
                raise IndexMissing("it was taken away")
            return index, mark
        except BaseException:
            index.close()
            raise


@contextmanager
def _standing(path: str) -> Iterator[tuple[int, int] | None]:
    """Tell what is wrong with the index that stands there from one that was taken away meanwhile; yield which one it is."""
    before = _identity(path)
    try:
        yield before
    except (IndexBroken, OSError) as error:
        if before is not None and _identity(path) == before:
            raise
        raise IndexMissing("it was taken away") from error


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
