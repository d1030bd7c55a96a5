"""The options that every command takes, and the forms that commands share. Nothing is read from a file or the environment here (settings.py)."""

from enum import StrEnum
from typing import Annotated

import typer

from ..core.malformed import Malformed, quote
from ..core.words import Actor

Id = Annotated[str, typer.Argument(metavar="ID", help="The order; a line of a purchase is ID/1, ID/2 and so on.")]
MaybeId = Annotated[str | None, typer.Argument(metavar="ID", help="Only this order.", show_default=False)]
Days = Annotated[str | None, typer.Option("--days", metavar="N", help="How many days.")]


STORE, WHO, SAFETY, OUTPUT, HELP = "Store", "Who and how", "Safety", "Output", "Help"
"""The groups in which help shows the options everywhere."""


class Colour(StrEnum):
    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Format(StrEnum):
    TABLE = "table"
    TSV = "tsv"
    CSV = "csv"
    JSONL = "jsonl"
    BEANCOUNT = "beancount"
    HLEDGER = "hledger"


BOOKS = (Format.BEANCOUNT, Format.HLEDGER)
"""Forms of the ledger alone: what other bookkeeping programs read."""


class VersionAsked(typer.Exit):
    """Somebody wants to know the version, and nothing else."""


def ask_version(value: bool | None) -> None:
    if value:
        raise VersionAsked


# Defaults instead of Annotated: every start reads these, and is a millisecond quicker.
def everywhere(
    store: str | None = typer.Option(None, "--store", metavar="PATH|URL", help="The store: a file, or postgresql://USER@HOST/DATABASE (default: disputes.json in this folder).", rich_help_panel=STORE),
    json: bool | None = typer.Option(None, "--json", help="Answer with one JSON object.", rich_help_panel=OUTPUT),
    query: str | None = typer.Option(None, "--query", metavar="JMESPATH", help="Only this part of the JSON answer.", rich_help_panel=OUTPUT),
    raw: bool | None = typer.Option(None, "--raw", help="With --query: a string bare, a list one a line.", rich_help_panel=OUTPUT),
    format: Format | None = typer.Option(None, "--format", metavar="FORM", help="Of a list: table, tsv, csv, jsonl; of the ledger also beancount, hledger.", rich_help_panel=OUTPUT),
    fields: str | None = typer.Option(None, "--fields", metavar="A,B", help="Of a list: these fields of each row alone.", rich_help_panel=OUTPUT),
    dry_run: bool | None = typer.Option(None, "--dry-run", help="Do everything but the write.", rich_help_panel=SAFETY),
    yes: bool | None = typer.Option(None, "--yes", help="Give the consent that the command may need.", rich_help_panel=WHO),
    no_input: bool | None = typer.Option(None, "--no-input", help="Never ask.", rich_help_panel=WHO),
    acting: Actor | None = typer.Option(None, "--as", metavar="ACTOR", help="Act as buyer, seller or platform.", rich_help_panel=WHO),
    strict: bool | None = typer.Option(None, "--strict", help="Refuse a command where there would be a warning.", rich_help_panel=SAFETY),
    idempotency_key: str | None = typer.Option(None, "--idempotency-key", metavar="KEY", help="Done once under this key, however often it is sent.", rich_help_panel=SAFETY),
    lock_timeout: str | None = typer.Option(None, "--lock-timeout", metavar="DURATION", help="How long to wait for the store (default: 10s).", rich_help_panel=STORE),
    quiet: bool | None = typer.Option(None, "-q", "--quiet", help="No information and no warnings, only errors.", rich_help_panel=OUTPUT),
    color: Colour | None = typer.Option(None, "--color", metavar="WHEN", help="auto, always or never.", rich_help_panel=OUTPUT),
    version: bool | None = typer.Option(None, "--version", is_eager=True, callback=ask_version, expose_value=False, help="Show the version and exit.", rich_help_panel=HELP),
) -> None:
    """Marketplace order disputes: escrow, counters, offers, claims and payouts, on a store with its own clock."""


def whole(text: str | None, field: str, most: int = 2**63 - 1) -> int | None:
    """Read a whole number from 0 on, in ASCII digits; None stays None."""
    if text is None:
        return None
    # isdigit() alone takes the digits of other scripts, int() takes 1_000 too.
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most:
        return int(text)
    raise Malformed(field, f"{quote(text)} is no number for --{field}: give a whole number in ASCII digits, such as 5.")


def either(yes: bool, no: bool, names: str, field: str) -> bool | None:
    """One of two opposite flags; None when neither is given, `Malformed` for both."""
    if yes and no:
        raise Malformed(field, f"{names} contradict each other: give one of them.")
    return True if yes else False if no else None
