"""The tables made: numbered SQL files, each run once. What stands in them is not known here."""

from importlib.resources import files

from .. import Head, OutcomeUnknown, StoreExists, StoreMissing, StoreUnusable
from . import rows
from .address import Address
from .link import Link, Lost, Waited, named, told

FILES = sorted((file for file in files(__package__).iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
VERSION = len(FILES)
"""Of the tables that this program knows: the number of its last SQL file."""


def check_version(address: Address, version: int) -> None:
    if version > VERSION:
        raise StoreUnusable(f"{address.shown} has schema version {version}, this program reads up to {VERSION}: a newer `dispute` is needed")


def is_there(link: Link) -> bool:
    """Whether there is a store in the schema."""
    return bool(link.one("SELECT to_regclass(%s) IS NOT NULL", f'"{link.address.schema}".store')[0])


def missing(link: Link) -> StoreMissing | StoreUnusable:
    """What it means that a table is not there: no store, or where there is one, damage; `StoreUnusable` is raised where we may not even look."""
    link.undo()
    if is_there(link):
        return StoreUnusable(f"{link.address.shown} is damaged: tables of the store are missing")
    return StoreMissing(f"there is no store at {link.address.shown}: `dispute init` makes one")


def check_free(link: Link, force: bool) -> None:
    """Refuse to make a store where one is, unless `force`, and in a schema that holds something else in any case."""
    schema, shown = link.address.schema, link.address.shown
    if is_there(link):
        if not force:
            raise StoreExists(f"there is a store at {shown}: `--force` makes a new one and keeps the old one's tables in the schema {schema}.bak")
    elif link.rows("SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(%s) LIMIT 1", schema):
        raise StoreUnusable(f"{shown}: the schema {schema} holds tables that are no store of ours: name another with ?schema=NAME")
    if link.one("SHOW server_encoding")[0] != "UTF8":
        raise StoreUnusable(f"{shown}: the database is not encoded in UTF8, which texts need")


def make(link: Link, head: Head, force: bool, timeout: str) -> None:
    """Make the tables and the head, all or nothing. An old store keeps its tables in the schema `NAME.bak`, in place of an older one."""
    try:
        with told(link.address), link.connection.transaction():
            _wait(link, timeout)
            check_free(link, force)
            _make(link, head)
    except Waited:
        raise named(link, None) from None
    except Lost as error:
        raise OutcomeUnknown(f"{link.address.shown}: the new store may be there or not: look at `events`") from error


def _wait(link: Link, timeout: str) -> None:
    """Keep other makers and every writer out until the end of the transaction."""
    query = "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s), pg_advisory_xact_lock(%s)"
    link.connection.execute(query, (timeout, link.address.gate("init"), link.address.gate("store")))


def _make(link: Link, head: Head) -> None:
    from psycopg.sql import SQL, Identifier

    run, schema = link.connection.execute, link.address.schema
    ours, kept = Identifier(schema), Identifier(f"{schema}.bak")
    if is_there(link):
        run(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(kept))
        run(SQL("ALTER SCHEMA {} RENAME TO {}").format(ours, kept))
    run(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(ours))
    for file in FILES:
        run(file.read_bytes())
    run("INSERT INTO store (version, head) VALUES (%s, %s)", (VERSION, rows.text(head)))
    run("INSERT INTO clock (now) VALUES (%s)", (head.start,))
