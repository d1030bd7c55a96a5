"""Blocks of text laid out: escaped, coloured, tables drawn on a terminal and tab-separated elsewhere. What they say is not known here."""

from collections.abc import Iterable

from .text.shape import Block, Ink, Line, Part, Table, When, moment
from .visible import visible

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def paint(text: str, style: str, colour: bool) -> str:
    """A text that is safe to show, in its colour."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if colour and text else text


def lay_out(blocks: Iterable[Block], colour: bool, width: int | None) -> str:
    """All blocks as text; `width` is a terminal's, None where there is none."""
    return "".join(lay(block, colour, width) for block in blocks)


def lay(block: Block, colour: bool, width: int | None) -> str:
    if not isinstance(block, Table):
        return line(block, colour)
    if width is None:
        return separated(block, colour)
    from .drawing import draw

    return draw(block, colour, width)


def line(parts: Line, colour: bool) -> str:
    return "".join(part(one, colour) for one in parts) + "\n"


def separated(table: Table, colour: bool) -> str:
    """A row a line, cells between tabs, nothing cut."""
    head = ["\t".join(table.head) + "\n"] if table.head else []
    return "".join((*head, *("\t".join(part(cell, colour) for cell in row) + "\n" for row in table.rows)))


def part(one: Part, colour: bool) -> str:
    if isinstance(one, Ink):
        return paint(visible(one.text), one.style, colour)
    return moment(one.at, one.now) if isinstance(one, When) else visible(one)
