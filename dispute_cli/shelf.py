"""Orders laid aside as bytes, in a fifth of the memory that they take as values: a long tick asks for each again. What an order is, is not known here."""

from typing import Generic, TypeVar

from msgspec import msgpack

T = TypeVar("T")

BESIDE = 180
"""Bytes that one takes beside its own: its id, and its place."""


class Shelf(Generic[T]):
    """Values by id, as many as find room; once it is full those that came first stay, for a tick needs them first."""

    def __init__(self, kind: type[T], room: int) -> None:
        self.encode, self.decode = msgpack.Encoder().encode, msgpack.Decoder(kind).decode
        self.room = room
        """Bytes that are free."""
        self.laid: dict[str, bytes] = {}

    def __contains__(self, id: str) -> bool:
        return id in self.laid

    def put(self, id: str, value: T) -> None:
        """Lay aside, if there is room, in place of what was laid aside before."""
        self.drop(id)
        data = self.encode(value)
        size = len(data) + BESIDE
        if size <= self.room:
            self.room -= size
            self.laid[id] = data

    def take(self, id: str) -> T | None:
        """Take what was laid aside, if it was."""
        data = self.drop(id)
        return None if data is None else self.decode(data)

    def drop(self, id: str) -> bytes | None:
        """Let go of what was laid aside, and return its bytes."""
        data = self.laid.pop(id, None)
        if data is not None:
            self.room += len(data) + BESIDE
        return data
