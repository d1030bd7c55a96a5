"""Blocks drawn for a terminal by rich, within its width and by the cells that characters take: rich is imported here, and only where something is drawn."""

import re
import shlex
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ..core.instants import iso_instant
from ..core.money import share
from .printing import CODES, Paper, line, pasted
from .text.shape import Bar, Ink, Line, Part, Paste, Section, Share, Table, When, moment
from .visible import visible

FILLS = {
    "left": ("█", "#", "green"),
    "urgent": ("█", "#", "red"),
    "gone": ("░", ".", ""),
    "buyer": ("▓", "=", "magenta"),
    "escrow": ("█", "#", "cyan"),
    "seller": ("▒", "-", "green"),
    "carrier": ("░", ".", "yellow"),
}
"""What a share stands for → how it is drawn: its sign, the one for terminals that show ASCII alone, and its style."""

INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")
TRAIL = re.compile(r"(?: |\x1b\[[0-9;]*m)+$")
RESET = "\x1b[0m"
LAST = 30
"""Cells that the last column is given before columns are left out for it."""


def draw(block: Line | Table | Section | Paste, paper: Paper) -> str:
    """The block within the paper's width; nothing of a text is markup."""
    if isinstance(block, Table):
        return draw_table(block, paper)
    if isinstance(block, Section):
        return draw_section(block, paper)
    if isinstance(block, Paste):
        return "".join(f"{visible(text)}\n" for text in folded(words_of(block, paper), width_of(paper)))
    return draw_line(block, paper)


def width_of(paper: Paper) -> int:
    assert paper.width is not None, "there is no terminal to draw for"
    return max(paper.width, 1)


def printed(drawn: Text | RichTable, paper: Paper) -> str:
    page = StringIO()
    console = Console(
        file=page, width=width_of(paper), force_terminal=paper.colour, color_system="256" if paper.colour else None, no_color=not paper.colour,
        highlight=False, markup=False, emoji=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    console.print(drawn, overflow="fold", crop=False)
    return "".join(f"{TRAIL.sub(ended, text)}\n" for text in page.getvalue().splitlines())


def ended(trail: re.Match[str]) -> str:
    """The end of a line without the blanks that fill it, in a style or not."""
    return RESET if RESET in trail[0] else ""


def style_of(name: str) -> str:
    """Rich's name of a style of ours."""
    return f"color({CODES[name].rpartition(';')[2]})" if ";" in CODES.get(name, "") else name


def draw_line(parts: Line, paper: Paper) -> str:
    """A line, on several where it is longer than the terminal, all but the first of them set in."""
    text = Text.assemble(*(cell(part, paper) for part in parts))
    if text.cell_len <= width_of(paper) and "\n" not in text.plain:
        return printed(text, paper)
    return "\n  ".join(printed(text, paper._replace(width=width_of(paper) - 2)).splitlines()) + "\n"


def draw_section(section: Section, paper: Paper) -> str:
    """A title in a rule."""
    sign = "─" if paper.fancy else "-"
    left, right = f"{sign * 2} ", f" {sign * max(width_of(paper) - cell_len(visible(section.title)) - 4, 0)}"
    return "\n" + line((left, Ink(section.title, "bold"), right), paper)


def draw_table(table: Table, paper: Paper) -> str:
    if not table.rows and not table.head:
        return ""
    cells = narrowed(table, paper)
    drawn = RichTable(box=None, show_header=bool(cells.head), pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    rows = [[cell(part, paper) for part in row] for row in cells.rows]
    for place, name in enumerate(cells.head or [""] * len(table.rows[0])):
        drawn.add_column(Text(name), overflow="fold", min_width=unbroken(row[place].plain for row in rows))
    for row in rows:
        drawn.add_row(*row)
    return printed(drawn, paper)


def unbroken(texts: Iterable[str]) -> int | None:
    """The cells that a column needs for its instants to stay in one piece; None where there are none."""
    return max((len(found[0]) for text in texts if (found := INSTANT.match(text))), default=None)


def narrowed(table: Table, paper: Paper) -> Table:
    """The table without as many of its spare columns as it takes to fit."""
    columns = {name: max(cell(row[place], paper).cell_len for row in (table.head, *table.rows)) for place, name in enumerate(table.head)}
    if table.head and table.head[-1] not in table.spare:
        columns[table.head[-1]] = min(columns[table.head[-1]], LAST)
    for name in table.spare:
        if sum(columns.values()) + 2 * (len(columns) - 1) <= width_of(paper):
            break
        del columns[name]
    if len(columns) == len(table.head):
        return table
    places = [table.head.index(name) for name in columns]
    return Table(tuple(columns), [tuple(row[place] for place in places) for row in table.rows])


def cell(part: Part, paper: Paper) -> Text:
    """A text of several lines keeps them; everything else that cannot be seen is escaped."""
    if isinstance(part, When):
        return Text(moment(part.at, part.now) + own_time(part.at))
    if isinstance(part, Bar):
        return bar(part, paper)
    if isinstance(part, Paste):
        return Text(visible(pasted(part, paper.store)))
    text, style = part if isinstance(part, Ink) else (part, "")
    return Text("\n".join(map(visible, text.split("\n"))), style=style_of(style) if paper.colour else "")


def bar(whole: Bar, paper: Paper) -> Text:
    """The bar, what it says, and below it what its parts stand for."""
    cells = whole.cells or max(min(width_of(paper) // 4, 40), 10)
    drawn = Text.assemble(*(sign(part, paper, count) for part, count in zip(whole.shares, spread(whole.shares, cells), strict=True)))
    if whole.words:
        drawn.append("  " + visible(whole.words))
    if whole.until:
        drawn.append(f", until {iso_instant(whole.until)}{own_time(whole.until)}")
    legend = [Text.assemble(sign(part, paper, 1), " " + visible(part.words)) for part in whole.shares if part.words]
    return Text("\n").join([drawn, Text("   ").join(legend)]) if legend else drawn


def sign(part: Share, paper: Paper, count: int) -> Text:
    fancy, ascii, style = FILLS[part.fill]
    return Text((fancy if paper.fancy else ascii) * count, style=style_of(style) if paper.colour else "")


def spread(shares: tuple[Share, ...], cells: int) -> list[int]:
    """The cells of each share: in proportion, and one at least for whatever is not nothing."""
    counts = [*share(cells, [part.weight for part in shares])]
    for place, part in enumerate(shares):
        if part.weight and not counts[place]:
            counts[counts.index(max(counts))] -= 1
            counts[place] = 1
    return counts


# Commands to paste


def words_of(paste: Paste, paper: Paper) -> list[str]:
    from .spelled import spelled

    return spelled(paste.command, paste.args, paper.store)


def folded(words: list[str], width: int) -> list[str]:
    """The command on as many lines as it takes, each but the last with the backslash that lets a shell read on."""
    lines: list[str] = []
    current = " "
    for piece in pieces(words):
        if too_wide(current, piece, width) and current.strip():
            lines.append(f"{current} \\")
            current = "   "
        if too_wide(current, piece, width):
            *full, current = broken(current, piece, width)
            lines += full
        else:
            current += f" {shlex.join(piece)}"
    return [*lines, current]


def too_wide(current: str, piece: list[str], width: int) -> bool:
    return cell_len(visible(f"{current} {shlex.join(piece)} \\")) > width


def pieces(words: list[str]) -> Iterator[list[str]]:
    """What stays together: a word, or an option and its value."""
    rest = list(words)
    while rest:
        count = 2 if rest[0].startswith("--") and len(rest) > 1 and not rest[1].startswith("--") else 1
        yield rest[:count]
        rest = rest[count:]


def broken(current: str, piece: list[str], width: int) -> list[str]:
    """Words that no line holds, cut where the shell joins them again: a backslash and a newline between two parts, each quoted by itself."""
    lines: list[str] = []
    for word in piece:
        current, part = f"{current} ", ""
        for char in word:
            if part and cell_len(visible(f"{current}{shlex.quote(part + char)} \\")) > width:
                lines.append(f"{current}{shlex.quote(part)}\\")
                current = part = ""
            part += char
        current += shlex.quote(part)
    return [*lines, current]


def own_time(at: datetime) -> str:
    """The instant on the reader's own clock: `, Fri 6 Feb 03:00 MSK`; nothing where that is UTC."""
    here = time.localtime(at.timestamp())
    if not here.tm_gmtoff:
        return ""
    import pendulum

    own = pendulum.instance(at).in_timezone(pendulum.FixedTimezone(here.tm_gmtoff))
    return own.format(", ddd D MMM HH:mm ") + here.tm_zone
