"""What was done, for people: the events of a command, and what comes next. One function for each answer."""

from datetime import datetime

from ... import answers as a
from ...core.advice import INSTEAD_OF_ESCALATING
from ...sentences import sentence
from .lists import happened
from .shape import Block, Ink, Line, Table, moment, plain


def done(answer: a.Done) -> list[Block]:
    instead: list[Block] = [(INSTEAD_OF_ESCALATING,)] if answer.command == "escalate" and not (answer.changed or answer.replayed) else []
    return [*state(answer), *happenings(answer), *coming(answer.order, answer.now), *instead]


def done_on_lines(answer: a.DoneOnLines) -> list[Block]:
    return [*state(answer), *happenings(answer), *(line for order in answer.orders for line in coming(order, answer.now))]


DRY: Line = (Ink("dry run: nothing is written", "yellow"),)


def state(answer: a.Written) -> list[Block]:
    """What must be known before the rest is believed."""
    if answer.dry_run:
        return [DRY]
    if answer.replayed:
        return [(Ink("done before under this key: nothing changed", "yellow"),)]
    return [] if answer.changed else [("nothing changed",)]


def happenings(answer: a.Done | a.DoneOnLines) -> list[Block]:
    """Each event in a line."""
    return [(Ink(f"{event['order']}  ", "bold"), sentence(event)) for event in answer.events]


def coming(order: a.Order, now: datetime | None) -> list[Block]:
    """Where the order stands now, and until when."""
    lines: list[Block] = [(Ink(f"{order.id}  ", "bold"), order.label)]
    if order.deadlines:
        first = order.deadlines[0]
        lines.append((f"  {first.means}  ", Ink(moment(first.at, now), "bold")))
    return lines


def made(answer: a.Made) -> list[Block]:
    line: Line = (f"{answer.store}: made, {answer.clock} clock at {plain(answer.start)}, policy {answer.policy}, seed {answer.seed}",)
    return [*state(answer), line]


def ticked(answer: a.Ticked) -> list[Block]:
    """What fired on the way, where the clock stands, and what is next."""
    fired = f"{answer.fired} {plural('deadline', answer.fired)} fired"
    blocks: list[Block] = [*(state(answer) if answer.dry_run or answer.replayed else [])]
    if answer.events:
        blocks.append(happened(answer.events))
    blocks.append((f"{plain(answer.from_)} to {plain(answer.to)}: {fired}",))
    if answer.bounded:
        blocks.append((Ink("ended at its bound: more is due, tick again", "yellow"),))
    due = answer.next
    blocks.append(
        (f"next: {due.order} {due.kind} {moment(due.at, answer.now)}: {due.means}",) if due else ("next: nothing is due any more",)
    )
    return blocks


def verified(answer: a.Verified) -> list[Block]:
    if not answer.problems:
        return [(Ink("all is well", "green"), f": {answer.checked} {plural('event', answer.checked)} checked")]
    rows = [(place(p.commit), place(p.line), p.order or "", p.message) for p in answer.problems]
    return [Table(("commit", "line", "order", "problem"), rows), (f"{answer.checked} {plural('event', answer.checked)} checked",)]


def place(number: int | None) -> str:
    return "" if number is None else str(number)


def repaired(answer: a.Repaired) -> list[Block]:
    return [*state(answer), *((f"removed {name}",) for name in answer.removed)]


def backed_up(answer: a.BackedUp) -> list[Block]:
    return [*([DRY] if answer.dry_run else []), (f"copied to {answer.file}",)]


def copied(answer: a.Copied) -> list[Block]:
    if answer.dry_run:
        return [DRY, (f"{answer.from_} can be copied to {answer.to}",)]
    return [(f"copied to {answer.to}: {answer.events:,} new {plural('event', answer.events)}, {answer.orders:,} {plural('order', answer.orders)} compared",)]


def plural(noun: str, count: int) -> str:
    return noun if count == 1 else noun + "s"


def recorded(answer: a.Recorded) -> list[Block]:
    return [*([DRY] if answer.dry_run else []), (f"the scenario is written to {answer.file}",)]


def page_written(answer: a.PageWritten) -> list[Block]:
    return [*([DRY] if answer.dry_run else []), (f"the page is written to {answer.file}, {answer.size:,} bytes",)]


def exported(answer: a.Exported) -> list[Block]:
    return [] if answer.file == "-" else [*([DRY] if answer.dry_run else []), (f"{answer.size} bytes written to {answer.file}",)]


def names(answer: a.SchemaTold) -> list[Block]:
    return [(name,) for name in answer.names]
