"""Lists of everything, told row by row as they are read: there is more than memory should hold. What a row says is said in reading.py."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, NamedTuple

from . import answers as a
from . import questions as q
from . import reading
from .core import instants
from .session import Session
from .sorting import Sums


class Lists(NamedTuple):
    """An answer in parts."""

    answer: a.Answer
    """Its lists empty."""
    rows: dict[str, Iterable[Any]]
    """Of each list by its name, in the order of the answer; to be gone through once, one after the other."""


def lists(session: Session, question: q.Asked, most: int) -> Lists | None:
    """The answer in parts where it is a list of everything with more than `most` rows, or made from as many; else None."""
    now = session.now
    match question:
        case q.Events(id=None) if session.seq - question.since > most:
            return Lists(a.EventsTold(command="events", now=now, events=()), {"events": reading.told_events(session, question)})
        case q.Ledger(id=None) if session.seq > most:
            sums = Sums()
            answer = a.LedgerTold(command="ledger", now=now, postings=(), balances=())
            return Lists(answer, {"postings": reading.told_postings(session, question, sums), "balances": reading.told_balances(sums)})
        case q.Deadlines() if len(session.due(None, most + 1)) > most:
            return Lists(a.DeadlinesTold(command="deadlines", now=now, deadlines=()), {"deadlines": reading.told_deadlines(session, question)})
        case q.Look(id=None, sort=None | "id") if sum(1 for _ in islice(session.ids(disputed=not question.all), most + 1)) > most:
            at = None if question.at is None else instants.instant(question.at, "at")
            return Lists(a.Listed(command="status", now=now, orders=(), at=at), {"orders": reading.told_orders(session, question, at)})
    return None
