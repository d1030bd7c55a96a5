"""Errands that the service carries out: a store is made, one is brought into another, a tick is shared by several processes."""

from __future__ import annotations

from msgspec.structs import replace

from .. import answers as a
from ..core.instants import instant
from ..policies import DEFAULT, load
from ..service import make
from . import call
from .errands import CopyStore, CrewedTick, Errand, Init
from .places import check_free, make_store, open_store, shown
from .progress import watched
from .settings import Settings


def carry_out(errand: Errand, settings: Settings) -> a.Answer | a.Streamed:
    """Carry one of these errands out, and return its answer."""
    match errand:
        case Init():
            return begin(errand, settings)
        case CopyStore():
            return copy(errand, settings)
        case CrewedTick():
            return tick(errand, settings)
    raise AssertionError(f"{type(errand).__name__} is carried out elsewhere (running.py)")


def begin(init: Init, settings: Settings) -> a.Made:
    """Make a store."""
    if settings.dry_run:
        check_free(settings.store, init.force)
    return make(
        lambda head: make_store(settings.store, head, init.force, settings.lock_timeout, call.tell),
        path=shown(settings.store),
        start=None if init.start is None else instant(init.start, "start"),
        seed=init.seed,
        policy=load(init.policy or DEFAULT),
        clock=init.clock,
        wall=call.wall,
        dry_run=settings.dry_run,
    )


def copy(errand: CopyStore, settings: Settings) -> a.Copied:
    """Bring one store into another."""
    from ..runs import copying

    source, target = (open_store(place, settings.lock_timeout, call.tell) for place in (errand.source, errand.target))
    with watched(settings) as progress:
        done = copying.copy(source, target, lambda head: make_store(errand.target, head, False, settings.lock_timeout, call.tell), progress, settings.dry_run)
    told = (shown(errand.source), shown(errand.target))
    return a.Copied(command="copy", now=done.now, changed=done.new > 0, dry_run=settings.dry_run, events=done.new, orders=done.orders, from_=told[0], to=told[1])


def tick(errand: CrewedTick, settings: Settings) -> a.Answer | a.Streamed:
    """Tick with so many processes."""
    with watched(settings) as progress:
        options = replace(call.options(settings), workers=errand.workers)
        return call.ask(call.service(settings, progress), errand.question, options, settings)
