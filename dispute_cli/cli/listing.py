"""A list written as jsonl, csv, tsv or a table of chosen fields. Which fields there are is rows.py."""

import csv
import io
from typing import Any

import msgspec

from .options import Format
from .rows import chosen
from .text.shape import Table
from .visible import visible

AMOUNTS = {"price", "delivery", "total", "refund", "release", "amount", "postage"}
"""Fields that hold decimals: a minus before one is no formula."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def jsonl(rows: list[dict[str, Any]], names: tuple[str, ...]) -> bytes:
    """A row a line, as the JSON answer has it, or the chosen fields of it."""
    return b"\n".join(msgspec.json.encode(chosen(row, names) if names else row) for row in rows)


def separated(rows: list[dict[str, Any]], columns: tuple[str, ...], format: Format, head: bool = True) -> str:
    """A row a line, under a head unless there was one before."""
    cells = [[(name, cell(value)) for name, value in chosen(row, columns).items()] for row in rows]
    top = [list(columns)] if head else []
    if format is Format.CSV:
        return as_csv([*top, *([guarded(name, text) for name, text in row] for row in cells)])
    return "".join("\t".join(line) + "\n" for line in (*top, *([text for _, text in row] for row in cells)))


def table(rows: list[dict[str, Any]], names: tuple[str, ...]) -> Table:
    """The chosen fields as a table for people."""
    return Table(names, [tuple(cell(value) for value in chosen(row, names).values()) for row in rows])


def as_csv(lines: list[list[str]]) -> str:
    page = io.StringIO()
    csv.writer(page, lineterminator="\n").writerows(lines)
    return page.getvalue()


def cell(value: Any) -> str:
    """A value in one line of text: null is empty, what has parts is JSON, and what cannot be seen is escaped."""
    if value is None:
        return ""
    return visible(value if isinstance(value, str) else msgspec.json.encode(value).decode())


def guarded(name: str, text: str) -> str:
    """A text that a spreadsheet would run is marked as text."""
    return f"'{text}" if text.startswith(FORMULA) and name.rpartition(".")[2] not in AMOUNTS else text
