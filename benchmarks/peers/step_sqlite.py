"""One step of a store on SQLite, as an event log is written on it: an order's events read, one more appended, its row updated. WAL, synchronous=full."""

import sqlite3
from collections.abc import Iterable

SCHEMA = """
CREATE TABLE events (seq INTEGER PRIMARY KEY, order_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX events_of ON events (order_id, seq);
CREATE TABLE orders (id TEXT PRIMARY KEY, due TEXT, disputed INTEGER);
CREATE INDEX orders_due ON orders (due, id);
"""


def make(path: str, events: Iterable[tuple[int, str, str]], orders: Iterable[tuple[str, str, bool]]) -> sqlite3.Connection:
    """Make a database with these events and orders."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + SCHEMA)
    db.execute("BEGIN")
    db.executemany("INSERT INTO events VALUES (?, ?, ?)", events)
    db.executemany("INSERT INTO orders VALUES (?, ?, ?)", orders)
    db.execute("COMMIT")
    return db


def step(db: sqlite3.Connection, order: str, body: str, due: str) -> list[str]:
    """Read an order's events and append one durably; return the bodies read."""
    db.execute("BEGIN IMMEDIATE")
    found = [body for (body,) in db.execute("SELECT body FROM events WHERE order_id = ? ORDER BY seq", (order,))]
    db.execute("INSERT INTO events (order_id, body) VALUES (?, ?)", (order, body))
    db.execute("UPDATE orders SET due = ? WHERE id = ?", (due, order))
    db.execute("COMMIT")
    return found
