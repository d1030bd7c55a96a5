"""Looking after a store: verify that it is whole, repair strays, back it up. Believes nothing that is derived."""

from collections.abc import Iterator

from msgspec import ValidationError

from . import answers as a
from . import questions as q
from .core.evolve import Unsound
from .core.malformed import Malformed
from .session import Loaded, Session, load, sound, standing_of
from .store import Entry, Problem, Standing, Store, StoreUnusable, View


def verify(store: Store) -> a.Verified:
    """Walk the whole store: chain and shape first, then each order's replay and its money."""
    checked, now = 0, None
    problems: list[Problem] = []
    for met in store.audit():
        if isinstance(met, Entry):
            checked += len(met.commit.events)
            now = met.commit.now
        else:
            problems.append(met)
    if not problems:
        with store.read() as view:
            now = view.now
            problems += order_problems(view)
    told = tuple(a.Problem(p.message, p.commit, p.line, p.order) for p in problems)
    return a.Verified(command="verify", now=now, ok=not told, checked=checked, problems=told)


def order_problems(view: View) -> Iterator[Problem]:
    """What is wrong with orders although every line is whole."""
    session = Session(view)
    due = {id: at for at, id in view.due(None, 1 << 60)}
    disputed = set(view.orders(disputed=True))
    for id in view.orders():
        try:
            loaded = load(view.history(id))
        except (Unsound, AssertionError, AttributeError, KeyError, TypeError) as fault:
            yield Problem(f"its events do not replay: {fault}", order=id)
            continue
        if loaded:
            yield from wrong(session, loaded, Standing(due.get(id), id in disputed))


def wrong(session: Session, loaded: Loaded, told: Standing) -> Iterator[Problem]:
    id, standing = loaded.order.id, standing_of(loaded.order)
    if not sound(loaded):
        yield Problem("its postings do not sum to zero, or its escrow is not what it must be", order=id)
    if standing.due != told.due:
        yield Problem("its next deadline is not the one that its events say", order=id)
    if standing.disputed != told.disputed:
        yield Problem("whether it was disputed is not what its events say", order=id)
    try:
        session.policy(loaded.order.policy)
    except (StoreUnusable, ValidationError) as fault:
        yield Problem(f"its policy cannot be had: {fault}", order=id)


def repair(store: Store, dry_run: bool) -> a.Repaired:
    """Remove stray temporary files and orphan blobs, nothing else; a dry run says what it would remove."""
    removed = tuple(store.repair(dry_run))
    with store.read() as view:
        return a.Repaired(command="repair", now=view.now, changed=bool(removed), dry_run=dry_run, removed=removed)


def backup(store: Store, question: q.Backup, dry_run: bool) -> a.BackedUp:
    """Write a consistent copy, evidence included, that is itself a store; a dry run only finds out whether it could."""
    try:
        store.backup(question.file, dry_run)
    except FileExistsError as fault:
        raise Malformed("file", f"{fault}.") from None
    with store.read() as view:
        return a.BackedUp(command="backup", now=view.now, file=question.file)


