"""Small facts to fill stores with, and ways to put a document into any state. No assertion here."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dispute_cli.core.events import Event, EvidenceAdded, MessageSent
from dispute_cli.core.words import Actor
from dispute_cli.store import Commit, Entry, Head, Key, Problem, Standing, Store, signals
from dispute_cli.store.json_log import JsonLogStore, create

START = datetime(2026, 1, 1, tzinfo=UTC)
HEAD = Head(seed=7, start=START, clock="simulated", policy={"days": 5})


def after(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def said(seq: int, order: str = "O-1", text: str = "hello") -> MessageSent:
    """A message at `seq` seconds after the start."""
    return MessageSent(seq, after(seq), order, Actor.BUYER, text, None)


def shown(seq: int, hash: str, order: str = "O-1") -> EvidenceAdded:
    """An evidence file."""
    return EvidenceAdded(seq, after(seq), order, Actor.BUYER, 1, "file", hash, None, "a.png", "png", 3, None)


def commit(*events: Event, due: datetime | None = None, disputed: bool = False, keys: tuple[Key, ...] = (), now: datetime | None = None) -> Commit:
    """A commit of some events, its clock at the last one."""
    orders = {event.order: Standing(due, disputed) for event in events}
    return Commit(now=now or max(event.at for event in events), events=events, orders=orders, keys=keys)


def fill(store: Store, *commits: Commit) -> None:
    """Append each with a write of its own."""
    for each in commits:
        with store.write("fill") as desk:
            desk.append([each])


def made(folder: Path, commits: int = 3) -> JsonLogStore:
    """A store with one message a commit, on orders O-1 and O-2 in turn."""
    store = create(str(folder / "disputes.json"), HEAD)
    fill(store, *(commit(said(n, f"O-{2 - n % 2}")) for n in range(1, commits + 1)))
    signals.drop()
    return store


def facts(store: Store) -> list[Event]:
    """All that a store tells, each order's history compared with the whole."""
    with store.read() as view:
        events = list(view.events())
        for order in view.orders():
            mine = [event for event in events if event.order == order]
            assert view.history(order) == mine
        assert view.seq == len(events)
    return events


def problems(store: Store) -> list[Problem]:
    return [found for found in store.audit() if isinstance(found, Problem)]


def entries(store: Store) -> list[Entry]:
    return [found for found in store.audit() if isinstance(found, Entry)]


class Kept:
    """A store's files, to be put back as they were, document and index apart."""

    def __init__(self, store: JsonLogStore) -> None:
        self.store, self.document = store, store.paths.document
        self.index = store.paths.index
        self.bytes = read(self.document)
        self.index_bytes = read(self.index)

    def put(self, document: bytes, index: bool = True) -> None:
        """Write a document over the old one, beside the old index or none."""
        overwrite(self.document, document)
        self.put_index(index)

    def put_index(self, index: bool = True) -> None:
        """Put the old index back, or none; the document stays untouched."""
        for name in (self.index, self.index + "-wal", self.index + "-shm"):
            if os.path.exists(name):
                os.unlink(name)
        if index:
            write(self.index, self.index_bytes)


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def overwrite(path: str, data: bytes) -> None:
    """Change a file in place, as a torn write would."""
    with open(path, "r+b") as file:
        file.write(data)
        file.truncate()


def flipped(data: bytes, bits: Iterable[int]) -> Iterable[bytes]:
    """The data with one bit changed, for each bit number."""
    for bit in bits:
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)
