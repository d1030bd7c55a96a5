"""Where each way leads, for people: a table in files and pipes, a small tree on a terminal."""

from collections.abc import Iterator

from ... import answers as a
from .shape import Block, Ink, Line, Page, Part, Paste, Table, moment, plain

HEAD = ("actor", "move", "status", "cause", "refund", "release", "settled", "paid")


def forecast(answer: a.Forecast) -> list[Block]:
    """Silence first, then each move in the table's order."""
    return [Page([Table(HEAD, list(rows(answer)))], list(branches(answer)))]


def rows(answer: a.Forecast) -> Iterator[tuple[Part, ...]]:
    yield ("", "silence", *cells(answer.silence))
    for move in answer.moves:
        yield (move.actor, Paste(move.command, move.args), *cells(move.outcome))


def cells(end: a.Foreseen) -> tuple[str, ...]:
    return (end.status, end.cause or "", end.refund or "", end.release or "", plain(end.settled_at), plain(end.paid_at))


def branches(answer: a.Forecast) -> Iterator[Line]:
    """Each way as a branch, its end below it; ways that end as silence does stand together, last."""
    yield Ink(answer.order, "bold"), f"  {answer.status}; if everybody is silent afterwards:"
    leading = [move for move in answer.moves if move.outcome != answer.silence]
    idle = [move for move in answer.moves if move.outcome == answer.silence]
    yield "|- ", Ink("silence", "bold")
    yield "|    ", *ending(answer, answer.silence)
    for move in leading:
        yield "|- ", Ink(move.actor, "bold"), "  ", Paste(move.command, move.args)
        yield "|    ", *ending(answer, move.outcome)
    names = ", ".join(dict.fromkeys(f"{move.actor} {move.command}" for move in idle))
    yield "`- ", "changes nothing of that: ", names or "no other move"


def ending(answer: a.Forecast, end: a.Foreseen) -> Line:
    """`closed, seller_silent: 55.00 USD to the buyer in 12 days, 0.00 to the seller in 5 days`."""
    if end.settled_at is None:
        return (f"stays {end.status}",)
    paid = f" {moment(end.paid_at, answer.now)}" if end.paid_at else ""
    style = "green" if end.paid_at else "yellow"
    return (
        Ink(f"{end.cause}", style),
        f" {moment(end.settled_at, answer.now)}: {end.refund} {answer.currency} to the buyer{paid}, {end.release} to the seller",
    )
