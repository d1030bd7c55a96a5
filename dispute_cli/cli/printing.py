"""Blocks of text laid out: escaped, coloured, drawn on a terminal (by drawing.py) and tab-separated elsewhere. What they say is not known here."""

from collections.abc import Iterable
from typing import NamedTuple

from .text.shape import Bar, Block, Ink, Line, Page, Part, Paste, Section, Table, When, moment
from .visible import visible

CODES = {"bold": "1", "red": "38;5;160", "green": "38;5;28", "yellow": "38;5;130", "cyan": "38;5;31", "magenta": "38;5;127"}
"""Of 256 colours those that can be read on black and on white alike; yellow is an ochre, cyan a blue."""


MOST_WIDE = 140
"""Cells of a page: longer lines are hard to read."""


class Paper(NamedTuple):
    """What is written on."""

    colour: bool
    width: int | None
    """A terminal's, in cells; None where there is none."""
    fancy: bool = False
    """It can show bars and boxes."""
    store: str | None = None
    """Named in every command to paste; None: the default one."""


def paint(text: str, style: str, colour: bool) -> str:
    """A text that is safe to show, in its colour."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if colour and text else text


def lay_out(blocks: Iterable[Block], colour: bool, width: int | None, fancy: bool = False, store: str | None = None) -> str:
    """All blocks as text."""
    paper = Paper(colour, width, fancy, store)
    return "".join(lay(block, paper) for block in blocks)


def lay(block: Block, paper: Paper) -> str:
    if isinstance(block, Page):
        width = None if paper.width is None else min(paper.width, MOST_WIDE)
        return "".join(lay(part, paper._replace(width=width)) for part in (block.plain if width is None else block.drawn))
    if paper.width is None or fits(block, paper.width):
        return written(block, paper)
    from .drawing import draw

    return draw(block, paper)


def fits(block: Block, width: int) -> bool:
    """Whether this is a line that can be told without being measured."""
    if isinstance(block, (Table, Section, Paste, Page)):
        return False
    texts = [part if isinstance(part, str) else part.text if isinstance(part, Ink) else None for part in block]
    return all(text is not None and text.isascii() and text.isprintable() for text in texts) and sum(len(text or "") for text in texts) <= width


def written(block: Line | Table | Section | Paste, paper: Paper) -> str:
    """A block as it is, nothing cut and nothing drawn."""
    if isinstance(block, Table):
        return separated(block, paper)
    if isinstance(block, Section):
        return "\n" + line((Ink(block.title, "bold"),), paper)
    return line((block,) if isinstance(block, Paste) else block, paper)


def line(parts: Line, paper: Paper) -> str:
    return "".join(part(one, paper) for one in parts) + "\n"


def separated(table: Table, paper: Paper) -> str:
    """A row a line, cells between tabs, nothing cut."""
    head = ["\t".join(table.head) + "\n"] if table.head else []
    return "".join((*head, *("\t".join(part(cell, paper) for cell in row) + "\n" for row in table.rows)))


def part(one: Part, paper: Paper) -> str:
    match one:
        case Ink(text, style):
            return paint(visible(text), style, paper.colour)
        case When(at, now):
            return moment(at, now)
        case Bar(words=words):
            return visible(words)
        case Paste():
            return visible(pasted(one, paper.store))
        case _:
            return visible(one)


def pasted(paste: Paste, store: str | None) -> str:
    """The command line for a shell."""
    from .spelled import quoted, spelled

    return quoted(spelled(paste.command, paste.args, store))
