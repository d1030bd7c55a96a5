"""Tables drawn for a terminal by rich: the only module that imports it, and only where a table is drawn."""

import time
from datetime import datetime
from io import StringIO

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from .text.shape import Ink, Part, Table, When, moment
from .visible import visible


def draw(table: Table, colour: bool, width: int) -> str:
    """The table within a width, long cells on several lines; nothing of a cell is markup."""
    table = narrowed(table, width)
    drawn = RichTable(box=None, show_header=bool(table.head), pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number in range(len(table.head or table.rows[0])):
        name = table.head[number] if table.head else ""
        drawn.add_column(Text(name), style="dim" if not table.head and number == 0 else "", overflow="fold")
    for row in table.rows:
        drawn.add_row(*map(cell, row))
    page = StringIO()
    console = Console(
        file=page, width=width, force_terminal=colour, color_system="standard" if colour else None, no_color=not colour,
        highlight=False, markup=False, emoji=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    console.print(drawn)
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def narrowed(table: Table, width: int) -> Table:
    """The table without as many of its spare columns as it takes to fit."""
    columns = {name: max(cell(row[place]).cell_len for row in (table.head, *table.rows)) for place, name in enumerate(table.head)}
    for name in table.spare:
        if sum(columns.values()) + 2 * (len(columns) - 1) <= width:
            break
        del columns[name]
    if len(columns) == len(table.head):
        return table
    places = [table.head.index(name) for name in columns]
    return Table(tuple(columns), [tuple(row[place] for place in places) for row in table.rows])


def cell(part: Part) -> Text:
    """A text of several lines keeps them; everything else that cannot be seen is escaped."""
    if isinstance(part, When):
        return Text(moment(part.at, part.now) + own_time(part.at))
    text, style = part if isinstance(part, Ink) else (part, "")
    return Text("\n".join(map(visible, text.split("\n"))), style=style)


def own_time(at: datetime) -> str:
    """The instant on the reader's own clock: `, Fri 6 Feb 03:00 MSK`; nothing where that is UTC."""
    here = time.localtime(at.timestamp())
    if not here.tm_gmtoff:
        return ""
    import pendulum

    own = pendulum.instance(at).in_timezone(pendulum.FixedTimezone(here.tm_gmtoff))
    return own.format(", ddd D MMM HH:mm ") + here.tm_zone
