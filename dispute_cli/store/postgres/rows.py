"""Facts as rows and back: the JSON of an event, and the chain of hashes that each order's events make. No statement is run here."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from ...core.events import Event
from .. import Commit, Head, Key, Standing, StoreUnusable

UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError)

encode = msgspec.json.Encoder().encode
_event: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_head = msgspec.json.Decoder(Head)
_key = msgspec.json.Decoder(Key)


class Broken(Exception):
    """An order's chain does not hold; the text says at which of its events."""


class Tail(Struct, frozen=True):
    """Where an order's chain stands."""

    events: int = 0
    hash: bytes = b""


def purchase_of(order: str) -> str:
    """What an order is locked and kept together with: its purchase, or itself."""
    return order.partition("/")[0]


def text(value: Any) -> str:
    """The JSON of a value."""
    return encode(value).decode()


def hash_of(before: bytes, body: bytes) -> bytes:
    return sha256(before + body).digest()


def head(body: str) -> Head:
    return _head.decode(body)


def key(body: str) -> Key:
    return _key.decode(body)


def event(body: str) -> Event:
    """Read one event that is not checked against its chain."""
    try:
        return _event.decode(body)
    except UNREADABLE as error:
        raise StoreUnusable(f"an event cannot be read: {error}: `dispute verify` says which") from error


def instant(value: datetime | None) -> datetime | None:
    """An instant as the driver gives it, with the zone that ours have."""
    return value and value.astimezone(UTC)


def history(order: str, rows: Iterable[tuple[int, str, bytes]]) -> list[Event]:
    """Read an order's events, (position, body, hash) each; `StoreUnusable` where the chain does not hold."""
    try:
        return [found for found, _ in linked(order, rows)]
    except Broken as error:
        raise StoreUnusable(f"{order}: {error}: `dispute verify` checks every order") from error


def linked(order: str, rows: Iterable[tuple[int, str, bytes]]) -> Iterable[tuple[Event, bytes]]:
    """Yield each event with its hash as long as they follow each other; `Broken` from the first that does not."""
    tail = Tail()
    for position, body, hash in rows:
        if position != tail.events + 1:
            raise Broken(f"event {tail.events + 1} is missing")
        tail = Tail(position, hash_of(tail.hash, body.encode()))
        if tail.hash != bytes(hash):
            raise Broken(f"event {position} is not what was written: its hash does not match")
        try:
            found = _event.decode(body)
        except UNREADABLE as error:
            raise Broken(f"event {position} cannot be read: {error}") from error
        if found.order != order:
            raise Broken(f"event {position} belongs to {found.order}")
        yield found, tail.hash


class Written(Struct):
    """Rows to be written together."""

    events: list[tuple[Any, ...]]
    """purchase, id, position, seq, at, body, hash"""
    heads: list[tuple[Any, ...]]
    """purchase, id, due, disputed, events, at, hash"""


def rows_of(events: Sequence[Event], orders: dict[str, Standing], tails: dict[str, Tail]) -> Written:
    """Make the rows of events and of how their orders stand after them; `tails` goes on to where they leave each order's chain."""
    told, last = [], {}
    for each in events:
        before, body = tails.get(each.order, Tail()), encode(each)
        after = tails[each.order] = Tail(before.events + 1, hash_of(before.hash, body))
        last[each.order] = each.at
        told.append((purchase_of(each.order), each.order, after.events, each.seq, each.at, body.decode(), after.hash))
    heads = []
    for order, standing in orders.items():
        tail = tails.setdefault(order, Tail())
        heads.append((purchase_of(order), order, standing.due, standing.disputed, tail.events, last.get(order), tail.hash))
    return Written(told, heads)


def columns(found: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as a list for each column."""
    return [list(column) for column in zip(*found, strict=True)]


def spans(commit: Commit) -> Iterable[tuple[Key, int, int]]:
    """Each key of a commit with the numbers of its command's first and last event."""
    for each in commit.keys:
        start, end = (commit.events[0].seq, commit.events[-1].seq) if commit.events else (1, 0)
        yield each, start if each.first is None else each.first, end if each.last is None else each.last
