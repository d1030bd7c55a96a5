"""The document's shape: its head, one line a commit, their hashes, and where a line ends. Bytes in, bytes out; no file is opened here.

    {"store":{"1":{"hash":H(0),"schema":1,…}},"commits":{
    "1":{"prev":H(0),"hash":H(1),"now":…,"events":[…],…},
    "2":{"prev":H(1),"hash":H(2),"now":…,"events":[…],…}
    }}

It is one JSON document with no newline after it. H(N) is the SHA-256 of H(N-1) and the line without its hash.
"""

import re
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Raw, Struct, field

from ..core.events import Event
from . import Commit, Head, Key, Standing

OPEN = b'{"store":{"1":'
MIDDLE = b'},"commits":{'
CLOSE = b"\n}}"
SECTOR = 512
"""What a disk writes whole or not at all, in bytes."""

_TOKEN = rb'(?s)"(?:[^"\\]++|\\.)*+("?)|[{}\[\]]'
"""Compiled when first asked, for a plain answer finds no end: a text, whose group is empty where it does not end, or a bracket. Possessive: a text without end is scanned once, not from each of its quotes."""
_HASHED = len('{"hash":"",') + 64
_SEALED = len('{"prev":"","hash":"",') + 128


class Body(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line's members after its hashes, in their order on disk."""

    now: datetime
    keys: tuple[Key, ...] = ()
    events: tuple[Event, ...]
    orders: dict[str, Standing] = field(default_factory=dict)
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)


class RawEvents(Struct, frozen=True):
    """A line's events, not yet decoded."""

    events: tuple[Raw, ...]


class Facts(Struct, frozen=True):
    """A line's events alone."""

    events: tuple[Event, ...]


class Version(Struct, frozen=True):
    """All that is asked of a head before it is known to be ours."""

    schema: int


_encode = msgspec.json.Encoder().encode
_head = msgspec.json.Decoder(Head)
_raw_events = msgspec.json.Decoder(RawEvents)
_FACTS = {f'{{"type":"{fact.__struct_config__.tag}"'.encode(): fact for fact in Event.__args__}
"""How an event begins → its struct."""
UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError)
"""What decoding bytes that are not ours may raise."""


@cache
def _body() -> msgspec.json.Decoder[Body]:
    """Made when a whole line is first read: one order's events are read without it."""
    return msgspec.json.Decoder(Body)


@cache
def _events() -> msgspec.json.Decoder[Facts]:
    """Made when lines are first read for many orders."""
    return msgspec.json.Decoder(Facts)


def seal_head(head: Head) -> tuple[bytes, str]:
    """Return the document's first line, without its newline, and the head's hash."""
    text = _encode(head)
    hash = hash_head(text)
    return OPEN + b'{"hash":"%s",' % hash.encode() + text[1:] + MIDDLE, hash


def hash_head(text: bytes) -> str:
    """The hash of a head's JSON."""
    return sha256(text).hexdigest()


def split_head(line: bytes) -> tuple[str, bytes]:
    """Return the hash that a first line states and the head's JSON without it; ValueError where it has another shape."""
    start = len(OPEN)
    shape = line.startswith(OPEN + b'{"hash":"') and line[start + 73 : start + _HASHED] == b'",' and line.endswith(b"}" + MIDDLE)
    if not shape:
        raise ValueError("no head of a store")
    return line[start + 9 : start + 73].decode("ascii"), b"{" + line[start + _HASHED : -len(MIDDLE)]


def read_head(text: bytes) -> Head:
    """Decode a head's JSON; raises what is in `UNREADABLE`."""
    return _head.decode(text)


def read_version(text: bytes) -> int:
    """Return the schema version that a head states."""
    return msgspec.json.decode(text, type=Version).schema


def seal(number: int, prev: str, commit: Commit) -> tuple[bytes, str]:
    """Return a commit's line and its hash."""
    return seal_body(number, prev, Body(now=commit.now, keys=commit.keys, events=commit.events, orders=commit.orders, policies=commit.policies))


def seal_body(number: int, prev: str, body: Body) -> tuple[bytes, str]:
    """Return the line of what a commit says, and its hash."""
    before = prev.encode()
    start = b'"%d":{"prev":"%s",' % (number, before)
    rest = _encode(body)[1:]
    digest = sha256(before)
    digest.update(start)
    digest.update(rest)
    hash = digest.hexdigest()
    return b'%s"hash":"%s",%s' % (start, hash.encode(), rest), hash


@lru_cache(maxsize=1)  # a walk asks twice of each line: whether it is whole, then whether it follows
def unseal(line: bytes, number: int) -> tuple[str, str] | None:
    """Return a whole line's two hashes, or None where the bytes are not a whole line of this number under its own hash."""
    start = b'"%d":{"prev":"' % number
    at = len(start)
    if not line.startswith(start) or line[at + 64 : at + 74] != b'","hash":"' or line[at + 138 : at + 140] != b'",':
        return None
    digest = sha256(line[at : at + 64])
    digest.update(line[: at + 66])
    digest.update(line[at + 140 :])
    hash = digest.hexdigest()
    if hash.encode() != line[at + 74 : at + 138]:
        return None
    return line[at : at + 64].decode("latin-1"), hash


def read_line(line: bytes) -> Body:
    """Decode a whole line; raises what is in `UNREADABLE`."""
    return _body().decode(line[line.index(b"{") :])


def read_strictly(line: bytes) -> Body:
    """Decode a line and refuse what a decoder would pass over in silence: the last of two equal keys, an infinite number."""
    body = read_line(line)
    start = line.index(b"{")
    if line[start + _SEALED :] != _encode(body)[1:]:  # what encodes to itself has nothing to hide
        check_json(line[start:])
    return body


def check_json(text: bytes) -> None:
    """Refuse duplicate keys, NaN and numbers beyond a float, by ValueError."""
    import json

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    def finite(number: str) -> float:
        value = float(number)
        if value in (float("inf"), float("-inf")):
            raise ValueError(f"the number {number[:40]} is out of range")
        return value

    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no JSON")

    json.loads(text, object_pairs_hook=unique, parse_float=finite, parse_constant=refuse)


def events_of(line: bytes, order: str) -> list[Event]:
    """Decode only one order's events of a line. Quotes inside texts are escaped, so the member cannot be imitated by one."""
    found = _raw_events.decode(memoryview(line)[line.index(b"{") :]).events
    if len(found) == 1:
        event = _event(found[0])
        return [event] if event.order == order else []
    mark = b'"order":' + _encode(order)
    return [event for event in (_event(raw) for raw in found if mark in bytes(raw)) if event.order == order]


def _event(raw: Raw) -> Event:
    """Decode one event by what it begins with: a decoder of all of them takes longer to make than an order to read."""
    text = bytes(raw)
    fact = _FACTS.get(text[: text.find(b",")])
    event: Event = (_facts(fact) if fact else _facts(Event)).decode(text)
    return event


@cache
def _facts(kind: Any) -> msgspec.json.Decoder[Any]:
    """A decoder of one fact, or of every."""
    return msgspec.json.Decoder(kind)


def events_by_order(line: bytes) -> dict[str, list[Event]]:
    """Decode all events of a line, told apart by their order."""
    found: dict[str, list[Event]] = {}
    for event in _events().decode(memoryview(line)[line.index(b"{") :]).events:
        found.setdefault(event.order, []).append(event)
    return found


def touches(line: bytes, order: str) -> bool:
    """Tell whether a line says how an order stands. Quotes inside texts are escaped, so that cannot be imitated by one."""
    return _encode(order) + b':{"due":' in line


def end_of_value(data: bytes, at: int = 0) -> int | None:
    """Return the offset after the JSON object or array that begins at or after `at`, or None when it does not end. Any depth will do."""
    depth = 0
    for token in re.compile(_TOKEN).finditer(data, at):
        mark = data[token.start()]
        if token[1] == b"":
            return None
        if mark in b"{[":
            depth += 1
        elif mark in b"}]":
            depth -= 1
            if depth <= 0:
                return token.end()
    return None


def is_torn(rest: bytes, at: int, first: bool) -> bool:
    """Tell a write cut short from damage, by the bytes at offset `at` after the last whole line; `first`: no line is before them.

    A line is written over the old end, so a write cut short lacks the new end, keeps the old one's sector (zeros follow in it, and a newline
    stands where the comma should), or has a sector of zeros. Anything else was changed by somebody.
    """
    if rest[:1] not in (b"", b"\0", b"\n", b"\n" if first else b","):
        return False
    if rest.startswith(CLOSE):
        return (at + len(CLOSE)) % SECTOR == 0 or rest[3:4] == b"\0"
    if not rest.endswith(CLOSE):
        return True
    if rest.startswith(b"\n") and not (first and rest.startswith(b'\n"')):
        return True
    return _has_empty_sector(rest, at)


def _has_empty_sector(rest: bytes, at: int) -> bool:
    """A sector of zeros ends in two of them, or has but one byte of ours; a flipped bit makes neither."""
    first = SECTOR - at % SECTOR
    if first == 1 and rest.startswith(b"\0"):
        return True
    return b"\0\0" in rest and any(rest[end - 2 : end] == b"\0\0" for end in (*range(first, len(rest), SECTOR), len(rest)) if end >= 2)
