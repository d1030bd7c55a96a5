"""What is offered at the end of a line, and how it is told. What goes wrong is silence: nothing may disturb who types."""

import sys
from collections.abc import Iterator

from .cursor import Cursor, split
from .said import FILES, Offer, commands, options
from .values import values


def tell(shell: str = "", line: str = "") -> int:
    """Print what may stand at the end of a line, one offer a line; whatever goes wrong, nothing, and nobody hears of it."""
    from ..visible import visible

    try:
        lines = [f"{value}\t{visible(about)}" if about else value for value, about in offers(line, shell)]
        sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())
        sys.stdout.flush()
    except BaseException:
        return 0
    return 0


def offers(line: str, shell: str) -> list[Offer]:
    """All that may stand in the place of the last word."""
    _, *before, typed = split(line, shell)
    cursor = Cursor()
    for word in before:
        cursor.take(word)
    return [offer for offer in at(cursor, typed) if offer is FILES or offer.value.startswith(typed)]


def at(cursor: Cursor, typed: str) -> Iterator[Offer]:
    if cursor.awaited is not None:
        yield from values(cursor, cursor.awaited, typed)
    elif typed.startswith("-") and not cursor.closed:
        yield from joined(cursor, *typed.partition("=")) if "=" in typed else options(cursor)
    elif cursor.is_group:
        yield from commands(cursor.words)
    elif cursor.argument is not None:
        yield from values(cursor, cursor.argument, typed)
    elif not cursor.closed:
        yield from options(cursor)


def joined(cursor: Cursor, name: str, equals: str, typed: str) -> Iterator[Offer]:
    """The values of an option whose value is typed right after it: `--reason=de`."""
    option = cursor.option(name)
    if option is None or option.is_flag:
        return
    for offer in values(cursor, option, typed):
        yield offer if offer is FILES else Offer(f"{name}{equals}{offer.value}", offer.about)
