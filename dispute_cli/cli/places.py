"""Which store a text names: a file, or a schema of a PostgreSQL database. Its driver is imported only for those; what is secret in a URL is never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..store import Head
from ..store.json_log import JsonLogStore, create
from ..store.json_log import check_free as check_file

if TYPE_CHECKING:
    from ..store import Store

SCHEME = "postgresql://"


def is_url(place: str) -> bool:
    return place.startswith(SCHEME)


def open_store(place: str, lock_timeout: float, tell: Callable[[str], None]) -> Store:
    if not is_url(place):
        return JsonLogStore(place, lock_timeout, tell=tell)
    from ..store.postgres import PostgresStore

    return PostgresStore(place, lock_timeout)


def make_store(place: str, head: Head, force: bool, lock_timeout: float, tell: Callable[[str], None]) -> Store:
    if not is_url(place):
        return create(place, head, force, lock_timeout, tell=tell)
    from ..store.postgres import create as create_tables

    return create_tables(place, head, force, lock_timeout)


def check_free(place: str, force: bool) -> None:
    """Refuse what `make_store` would refuse, and make nothing."""
    if not is_url(place):
        return check_file(place, force)
    from ..store.postgres import check_free as check_tables

    return check_tables(place, force)


def shown(place: str) -> str:
    """A store's name for people and answers: of a URL user, host, database and schema alone."""
    if not is_url(place):
        return place
    from ..store.postgres.address import read

    return read(place).shown
