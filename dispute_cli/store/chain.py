"""What must hold from one commit to the next, whether it is being written or read again. No bytes are fetched here."""

from datetime import datetime

from msgspec import Struct

from . import Commit
from .lines import UNREADABLE, Body, read_line, read_strictly, seal_body, unseal


class Damage(Exception):
    """A line is whole and yet cannot be what was written; the text says why."""


class Chain(Struct):
    """Where the log stands after the lines taken so far."""

    number: int
    """Of the last commit; 0 before the first."""
    hash: str
    """Of the last commit, or of the head."""
    seq: int
    now: datetime

    def take_as_written(self, line: bytes) -> Body | None:
        """Take a line that is to the byte what would be written here: one comparison tells that it is whole, follows, and hides nothing. Else None."""
        try:
            body = read_line(line)
            written, hash = seal_body(self.number + 1, self.hash, body)
            if written != line or misfit(body, self.seq, self.now) is not None:
                return None
        except (*UNREADABLE, TypeError):
            return None
        self.step(hash, body)
        return body

    def take(self, line: bytes) -> Body:
        """Take a whole line as the next commit, however it is written; `Damage` when it cannot follow."""
        hashes = unseal(line, self.number + 1)
        if hashes is None:
            raise Damage("its hash does not match its bytes")
        try:
            body = read_strictly(line)
        except UNREADABLE as error:
            raise Damage(f"it cannot be read: {error}") from error
        if hashes[0] != self.hash:
            raise Damage("it does not follow the commit before it")
        try:
            reason = misfit(body, self.seq, self.now)
        except TypeError as error:
            raise Damage("an instant has no zone") from error
        if reason is not None:
            raise Damage(reason)
        self.step(hashes[1], body)
        return body

    def step(self, hash: str, commit: Commit | Body) -> None:
        """Go on to a commit that is known to follow."""
        self.number += 1
        self.hash = hash
        self.seq += len(commit.events)
        self.now = commit.now


def misfit(commit: Commit | Body, seq: int, now: datetime) -> str | None:
    """Say why a commit cannot follow a log that stands at `seq` and `now`, or None."""
    if commit.now < now:
        return f"the clock goes back from {now:%Y-%m-%dT%H:%M:%SZ} to {commit.now:%Y-%m-%dT%H:%M:%SZ}"
    for event in commit.events:
        seq += 1
        if event.seq != seq:
            return f"event {seq} is missing: {event.seq} stands in its place"
        if event.at > commit.now:
            return f"event {seq} is later than the clock"
        if event.order not in commit.orders:
            return f"event {seq} touches an order that the commit does not name"
    return None
