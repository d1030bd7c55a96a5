"""How a command is recognised when it comes again: idempotency keys, fingerprints, and what stands beside a command. Nothing is decided here."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from . import questions as q
from .core import commands as c
from .core import instants, money
from .core.events import Event
from .core.malformed import Malformed, quote
from .session import Session
from .store import Key

if TYPE_CHECKING:
    from .core.evidence import Attachment

MOST_KEY = 255


class Options(Struct, frozen=True):
    """What changes how a command is done, not what it says."""

    consent: bool = False
    strict: bool = False
    dry_run: bool = False
    key: str | None = None
    """Idempotency key."""
    workers: int = 1
    """How many processes share a tick."""


class Enclosed(Struct, frozen=True):
    """What came beside the command."""

    files: "tuple[Attachment, ...]" = ()
    language: str | None = None
    """Code of the language of the command's text where it is reliably known not to be English."""


class KeyConflict(Exception):
    """The idempotency key was used for something else: exit code 6."""

    def __init__(self, key: str, command: str) -> None:
        self.message = f"The idempotency key '{key}' was used for another command ({command})."
        self.now: datetime | None = None
        self.hint = "A key belongs to one command for ever: choose a new one."
        super().__init__(self.message)


def check_key(key: str, where: str = "the key") -> str:
    """Raise `Malformed` unless this is an idempotency key: 1 to 255 printable ASCII characters."""
    if not 1 <= len(key) <= MOST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed("idempotency_key", f"{where} is {quote(key)}: an idempotency key is 1 to {MOST_KEY} printable ASCII characters.")
    return key


def replay_of(session: Session, key: str | None, mark: str) -> tuple[Key, list[Event]] | None:
    """What was recorded under this key for this very command, or None when the key is new."""
    recorded = session.recorded(key) if key is not None else None
    if recorded is None:
        return None
    if recorded[0].fingerprint != mark:
        raise KeyConflict(recorded[0].key, recorded[0].command)
    return recorded


def fingerprint_of(command: c.Spoken | q.Tick, enclosed: Enclosed = Enclosed()) -> str:
    """SHA-256 of the parsed command: with its actor, amounts and times in one way of writing, evidence by content."""
    data = msgspec.to_builtins(command)
    data["as"] = command.actor if isinstance(command, c.Command) else None
    for name, write in NORMAL.items():
        if data.get(name) is not None:
            data[name] = write(data[name])
    for name in ("evidence", "file"):
        if name in data:
            data[name] = [hashlib.sha256(file.data).hexdigest() for file in enclosed.files]
    return hashlib.sha256(msgspec.json.encode(data, order="sorted")).hexdigest()


def normal_amount(amount: str) -> str:
    return amount if amount == "full" else money.check(amount)


def normal_item(item: str) -> str:
    title, price = c.split_item(item)
    return f"{title}={money.check(price)}"


NORMAL: dict[str, Callable[[Any], Any]] = {
    "item": lambda items: [normal_item(item) for item in items],
    "price": normal_amount,
    "delivery": normal_amount,
    "refund": normal_amount,
    "postage": normal_amount,
    "deliver_by": lambda text: instants.iso_instant(instants.instant(text)),
    "to": lambda text: instants.iso_instant(instants.instant(text)),
    "duration": lambda text: instants.iso_duration(instants.duration(text)),
}
