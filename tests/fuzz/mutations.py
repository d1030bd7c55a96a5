"""Ways to spoil a sound input: bits and bytes flipped, pieces cut, doubled, swapped, spliced in from elsewhere. Everything is drawn from the one `Random`."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

BYTES = bytes((0, 1, 9, 10, 13, 32, 34, 39, 44, 45, 46, 48, 58, 91, 92, 93, 123, 125, 127, 128, 192, 255))
NASTY = (
    b"", b"\0", b"\n", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xd9\xa3", b"\xe2\x80\xae", b"null", b"true", b"-1", b"0", b"1e400", b"NaN", b"9" * 40,
    b"9" * 5000, b"1.5", b'""', b"[]", b"{}", b"[" * 200, b"{\"a\":" * 200, b"\\ud800", b"\\u0000", b"%s", b"${x}", b"../..", b"2026-02-30", b"P1M",
)  # fmt: skip
VALUES: tuple[Any, ...] = (None, True, -1, 0, 1, 2**31, 2**63, 2**64, 10**40, 1.5, "", "x", "\0", "٣", "x" * 5000, [], {}, [[]], {"a": 1}, "2026-01-01T00:00:00Z", "buyer", "full")
Mutation = Callable[[Random, bytes, Sequence[bytes]], bytes]


def flip_bit(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << random.randrange(8),)) + data[at + 1 :]


def put_byte(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes((random.choice(BYTES),)) + data[at + 1 :]


def insert(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice((*NASTY, *more)) + data[at:]


def cut(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    start, end = span(random, data)
    return data[:start] + data[end:]


def truncate(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def double(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    start, end = span(random, data)
    return data[:end] + data[start:end] * random.choice((1, 1, 1, 50)) + data[end:]


def splice(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    other = random.choice(more) if more else data
    start, end = span(random, data)
    first, last = span(random, other)
    return data[:start] + other[first:last] + data[end:]


def change_number(random: Random, data: bytes, more: Sequence[bytes]) -> bytes:
    """Another number where four bytes or a run of digits stand: lengths, sizes, amounts."""
    at = random.randrange(len(data))
    return data[:at] + random.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\1", b"\x7f\xff\xff\xff", b"0000", b"9999")) + data[at + 4 :]


MUTATIONS: tuple[Mutation, ...] = (flip_bit, put_byte, insert, cut, truncate, double, splice, change_number)


def span(random: Random, data: bytes) -> tuple[int, int]:
    """A piece, mostly a short one."""
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 2, 4, 16, 64, len(data))))


def mutated(random: Random, data: bytes, more: Sequence[bytes] = ()) -> bytes:
    """The input after one to four mutations."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        data = random.choice(MUTATIONS)(random, data, more) if data else random.choice((*NASTY, *more))
    return data


def restructured(random: Random, value: Any) -> Any:
    """JSON with one value, key or order changed somewhere inside."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        name = random.choice(list(value))
        rest = {key: part for key, part in value.items() if key != name}
        match random.randrange(6):
            case 0:
                return rest
            case 1:
                return rest | {random.choice(("", "x", name.upper(), "seq", "type")): value[name]}
        return value | {name: restructured(random, value[name])}
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        match random.randrange(6):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return [*value, value[at]]
            case 2:
                return random.sample(value, len(value))
        return [*value[:at], restructured(random, value[at]), *value[at + 1 :]]
    if isinstance(value, int) and not isinstance(value, bool) and random.random() < 0.5:
        return value + random.choice((-1, 1, 100))
    return random.choice(VALUES)


def as_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
