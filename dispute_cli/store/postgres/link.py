"""One connection to the server, and the one place where what its driver raises becomes our words. No table is known here."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, LiteralString

from .. import Locked, OutcomeUnknown, Overtaken, StoreUnusable
from .address import Address

if TYPE_CHECKING:
    import psycopg

Asked = tuple[LiteralString, Sequence[Any]]
"""A statement and its parameters."""

PREPARED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
"""What a server can prepare begins so."""
CONNECT_TIMEOUT = 10
"""Seconds, unless the URL says otherwise."""

REFUSED = (
    ("failed to resolve host", "there is no such host, or no such port"),
    ("invalid", "its URL has a parameter, a port or a sign that cannot be"),
    ("password", "the password is wrong or missing (PGPASSWORD, or a line in ~/.pgpass, keeps it out of the URL)"),
    ("does not exist", "there is no such database, or no such user"),
    ("starting up", "the server is starting"),
    ("shutting down", "the server is stopping"),
    ("too many", "the server has too many connections already"),
)
"""What libpq says, which has no codes for it → why there is no connection."""


class Lost(StoreUnusable):
    """The connection broke while nothing was being committed: nothing was changed."""


class Waited(Exception):
    """A lock was not had in time."""


class NoTable(Exception):
    """A table is not there: the store is missing, or damaged."""


class Link:
    """A connection on which every statement is a transaction of its own unless one is begun.

    What is asked together travels as one message. Each statement is prepared with its first use, so that the server plans it once: half of its work.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.connection = connect(address)
        self.pid = self.connection.info.backend_pid
        self._cursor = self.connection.cursor()
        self._names: dict[str, str] = {}
        """Statement → the name under which the server has it."""
        self._messages: dict[tuple[str, ...], bytes] = {}
        """Statements → the message that calls them all by their names."""
        self._numbers = count(1)

    def ask(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        """Run statements in one trip and return the rows of each."""
        with told(self.address):
            return self._run(asked)

    def rows(self, query: LiteralString, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.ask((query, parameters))[0]

    def one(self, query: LiteralString, *parameters: Any) -> tuple[Any, ...]:
        """The one row of a statement that always has one."""
        return sole(self.address, self.rows(query, *parameters))

    def settle(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        """Run statements that end with a commit; `OutcomeUnknown` where nobody can say whether it was reached."""
        try:
            with told(self.address):
                return self._run(asked)
        except Lost as error:
            raise OutcomeUnknown(
                f"{self.address.shown}: the connection was lost while the write was being committed: it may be recorded or not;"
                " repeat with the same idempotency key, or look at `events`"
            ) from error

    def copy(self, query: LiteralString, rows: Sequence[Sequence[Any]]) -> None:
        """Write many rows into one table, the quickest way there is, in the transaction that was begun."""
        if not rows:
            return
        with told(self.address), self._cursor.copy(query) as copying:
            for row in rows:
                copying.write_row(row)

    def _run(self, asked: Sequence[Asked]) -> list[list[tuple[Any, ...]]]:
        queries = tuple(query for query, _ in asked)
        new: dict[str, str] = {}
        message = self._messages.get(queries) or "; ".join(self._called(query, new) for query in queries).encode()
        self._cursor.execute(message, [parameter for _, parameters in asked for parameter in parameters])
        if new:  # only now: where the message failed, nobody knows how much of it is prepared
            self._names |= new
        else:
            self._messages[queries] = message
        return answers(self._cursor)

    def _called(self, query: str, new: dict[str, str]) -> str:
        """The statement by its name; one that it is given here is noted as new."""
        if not query.startswith(PREPARED):
            return query
        first, *more = query.split("%s")
        call = f"({', '.join(['%s'] * len(more))})" if more else ""
        name = self._names.get(query) or new.get(query)
        if name:
            return f"EXECUTE {name}{call}"
        name = new[query] = f"s{next(self._numbers)}"
        numbered = first + "".join(f"${number}{text}" for number, text in enumerate(more, 1))
        return f"PREPARE {name} AS {numbered}; EXECUTE {name}{call}"

    def undo(self) -> None:
        """Roll back what was begun, if anything; a broken connection has nothing to roll back."""
        if not self.is_broken() and self.connection.info.transaction_status != 0:
            self.ask(("ROLLBACK", ()))

    @contextmanager
    def releasing(self) -> Iterator[None]:
        """Let go, at the end, of every lock that outlives its transaction; a broken connection has let go of them itself."""
        try:
            yield
        finally:
            with suppress(StoreUnusable):
                self.undo()
                if not self.is_broken():
                    self.rows("SELECT pg_advisory_unlock_all()")

    def is_broken(self) -> bool:
        return self.connection.closed or self.connection.broken

    def close(self) -> None:
        self.connection.close()


def sole(address: Address, found: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    if not found:
        raise StoreUnusable(f"{address.shown} is damaged: a row that every store has is missing")
    return found[0]


def answers(cursor: "psycopg.Cursor[tuple[Any, ...]]") -> list[list[tuple[Any, ...]]]:
    """The rows of each statement of a message; preparing one is none of them."""
    found = []
    while True:
        if cursor.statusmessage != "PREPARE":
            found.append([] if cursor.rownumber is None else cursor.fetchall())
        if not cursor.nextset():
            return found


def connect(address: Address) -> "psycopg.Connection[tuple[Any, ...]]":
    """Connect; `StoreUnusable` says why not, in words that hold nothing of the driver's text."""
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise StoreUnusable(f"{address.shown}: a store on PostgreSQL needs psycopg: pip install 'dispute-cli[postgres]'") from error
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # what it says beside its exceptions is no answer of ours
    try:
        known = conninfo_to_dict(address.conninfo)
        options = f"{known.get('options') or ''} -c search_path={address.schema} -c TimeZone=UTC -c client_encoding=UTF8".strip()
        timeout = known.get("connect_timeout") or os.environ.get("PGCONNECT_TIMEOUT") or CONNECT_TIMEOUT
        return psycopg.connect(
            address.conninfo,
            autocommit=True,
            options=options,
            connect_timeout=int(timeout),
            fallback_application_name="dispute",
            cursor_factory=psycopg.ClientCursor,
        )
    except (psycopg.Error, ValueError) as error:
        raise StoreUnusable(f"{address.shown} cannot be reached: {refusal_of(str(error))}") from None  # the driver's text may hold what is secret


def refusal_of(text: str) -> str:
    return next((why for words, why in REFUSED if words in text), "no server answers there, or it takes no connection like this")


@contextmanager
def told(address: Address) -> Iterator[None]:
    """What the driver raises inside, in our words."""
    import psycopg
    from psycopg import errors

    try:
        yield
    except errors.LockNotAvailable as error:
        raise Waited from error
    except (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation) as error:
        raise Overtaken(f"another writer was quicker ({error.diag.constraint_name or error.sqlstate})") from error
    except (errors.UndefinedTable, errors.UndefinedFunction, errors.InvalidSchemaName) as error:
        raise NoTable from error
    except psycopg.OperationalError as error:
        if error.sqlstate is not None and not error.sqlstate.startswith(("57P", "08")):
            raise StoreUnusable(f"{address.shown}: {said(error)}") from error
        raise Lost(f"{address.shown}: the connection was lost: nothing was changed") from error
    except psycopg.Error as error:
        raise StoreUnusable(f"{address.shown}: {said(error)}") from error


def said(error: "psycopg.Error") -> str:
    """What the server says of a statement of ours, in which nothing secret was sent."""
    return f"{error.diag.message_primary or type(error).__name__} ({error.sqlstate})"


def named(link: Link, purchase: str | None) -> Locked:
    """Give up waiting, and say who keeps us waiting: whoever holds the whole store, or else our oldest session at work, one on this purchase before others."""
    link.undo()
    gate = link.address.gate("store")
    whole = link.rows(_HOLDS, gate >> 32 & 0xFFFFFFFF, gate & 0xFFFFFFFF)
    found = whole or link.rows(_WORKS, f"% {purchase}")
    if not found:
        return Locked(f"another session holds {link.address.shown}")
    pid, name, age = found[0]
    return Locked(f"session {pid} (`{name}`) has held {link.address.shown} for {age} s")


_HOLDS: LiteralString = """SELECT a.pid, a.application_name, extract(epoch FROM now() - coalesce(a.xact_start, a.state_change))::bigint
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = %s AND l.objid::bigint = %s AND a.pid <> pg_backend_pid()
ORDER BY l.mode = 'ExclusiveLock' DESC, a.xact_start LIMIT 1"""
_WORKS: LiteralString = """SELECT pid, application_name, extract(epoch FROM now() - xact_start)::bigint FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'dispute %%' AND state <> 'idle' AND pid <> pg_backend_pid()
ORDER BY application_name LIKE %s DESC, xact_start LIMIT 1"""
