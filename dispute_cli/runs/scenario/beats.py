"""The turns of several orders in the order in which they happened, those together that are one step of a scenario. No text is written here."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ...core import commands as c
from ...retelling import Turn, turns
from ...session import Session


class Beat(Struct, frozen=True):
    """What one command does, or silence to one order at one instant."""

    command: c.Command | None
    """As it is given: by a purchase's bare id where it did the same to all its lines."""
    yes: bool
    """It needs consent."""
    turns: tuple[Turn, ...]

    @property
    def at(self) -> datetime:
        return self.turns[0].at


def beats(session: Session, ids: Sequence[str]) -> Iterator[Beat]:
    """Everything that happened to these orders after their payment."""
    all = sorted((turn for id in ids for turn in turns(session, session.history(id))), key=lambda turn: turn.events[0].seq)
    closed: set[str] = set()
    while all:
        count = silent(all) or on_lines(session, all, {*ids} - closed, {*ids}) or 1
        some, all = tuple(all[:count]), all[count:]
        yield Beat(said(some), any(turn.yes for turn in some), some)
        closed |= {turn.order for turn in some if not turn.after.balances.escrow}


def silent(turns: Sequence[Turn]) -> int:
    """How many of the turns are deadlines of one order that pass at one instant."""
    first, count = turns[0], 0
    while count < len(turns) and turns[count].command is None and (turns[count].order, turns[count].at) == (first.order, first.at):
        count += 1
    return count


def on_lines(session: Session, turns: Sequence[Turn], open: set[str], ids: set[str]) -> int:
    """How many of the turns a purchase's bare id says at once (E1); 0 where it does not."""
    first = turns[0]
    if not isinstance(first.command, c.ON_ALL_LINES) or "/" not in first.order:
        return 0
    lines = session.lines(bare(first.order))
    meant = lines if isinstance(first.command, c.SendMessage) else [line for line in lines if line in open]
    same = [turn for turn in turns[: len(meant)] if turn.at == first.at and alike(turn.command) == alike(first.command)]
    return len(meant) if ids >= {*lines} and [turn.order for turn in same] == meant else 0


def said(turns: Sequence[Turn]) -> c.Command | None:
    return turns[0].command if len(turns) == 1 else alike(turns[0].command)


def alike(command: c.Command | None) -> c.Command | None:
    """The command as it is given to a whole purchase."""
    return command and replace(command, id=bare(command.id))


def bare(id: str) -> str:
    return id.partition("/")[0]
