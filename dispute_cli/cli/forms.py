"""The options everywhere that may be set beforehand: their names, and how the text of each is read. Where the texts come from is settings.py."""

from collections.abc import Callable
from typing import Any

from ..core import instants
from ..core.malformed import Malformed, quote
from ..core.words import Actor
from .options import Colour, Format

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def store(text: str, where: str) -> str:
    if "://" in text:
        # The text is not quoted: a URL may hold a password.
        check_url(text, where)
    if not text or "\0" in text:
        raise Malformed("store", f"{where} names no file.")
    return text


def check_url(text: str, where: str) -> None:
    from ..store.postgres.address import read

    try:
        read(text)
    except ValueError as fault:
        raise Malformed("store", f"{where} {fault}: name a file, or postgresql://USER@HOST/DATABASE, with ?schema=NAME for one of several stores.") from None


def query(text: str, where: str) -> str:
    if not text:
        raise Malformed("query", f"{where} is empty: give a JMESPath expression, such as order.status.")
    return text


def actor(text: str, where: str) -> Actor:
    try:
        return Actor(text)
    except ValueError:
        raise Malformed("as", f"{where} is {quote(text)}: an actor is buyer, seller or platform.") from None


def key(text: str, where: str) -> str:
    from ..keys import check_key

    return check_key(text, where)


def seconds(text: str, where: str) -> float:
    try:
        return instants.duration(text, "lock_timeout").total_seconds()
    except Malformed as fault:
        raise Malformed("lock_timeout", f"{where}: {fault.message}") from None


def colour(text: str, where: str) -> Colour:
    try:
        return Colour(text)
    except ValueError:
        raise Malformed("color", f"{where} is {quote(text)}: say auto, always or never.") from None


def form_of_lists(text: str, where: str) -> Format:
    try:
        return Format(text)
    except ValueError:
        raise Malformed("format", f"{where} is {quote(text)}: say {', '.join(Format)}.") from None


def names(text: str, where: str) -> tuple[str, ...]:
    said = tuple(name.strip() for name in text.split(","))
    if not all(said):
        raise Malformed("fields", f"{where} is {quote(text)}: give names of fields with commas between, as id,status.")
    return said


FORMS: dict[str, Callable[[str, str], Any] | None] = {
    "store": store,
    "json": None,
    "query": query,
    "raw": None,
    "format": form_of_lists,
    "fields": names,
    "dry_run": None,
    "no_input": None,
    "as": actor,
    "strict": None,
    "idempotency_key": key,
    "lock_timeout": seconds,
    "quiet": None,
    "color": colour,
}
"""The options' names → how their text is read; None for a switch."""


def switch(text: str, where: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise Malformed(None, f"{where} is {quote(text)}: say 1 or 0, true or false, yes or no, on or off.")
