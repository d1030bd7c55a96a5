"""Policies proved or refuted, and what refutes them retold as a scenario. The properties are core/prove.py's."""

from datetime import UTC, datetime
from typing import Any

from .. import answers as a
from .. import questions as q
from ..core import commands as c
from ..core.explore import START, State, Step
from ..core.instants import iso_instant
from ..core.policy import Policy, as_data, fingerprint
from ..core.prove import Cost, Verdict, figures, prove
from ..keys import Options
from ..moves import arguments
from ..policies import DEFAULT, load
from ..service import Service
from ..store import Head
from ..store.memory import MemoryStore
from .scenario.record import record

YES = Options(consent=True)


def check(files: tuple[str, ...]) -> a.PoliciesChecked:
    """Prove each policy by name or path; none: the default one."""
    return a.PoliciesChecked(command="policy check", now=None, policies=tuple(checked(load(file), file) for file in files or (DEFAULT,)))


def checked(policy: Policy, file: str) -> a.PolicyChecked:
    explored, verdicts = prove(policy)
    told = figures(explored)
    return a.PolicyChecked(
        file=file,
        name=policy.name,
        hash=fingerprint(policy),
        holds=all(verdict.refuted is None for verdict in verdicts),
        properties=tuple(proved(policy, verdict) for verdict in verdicts),
        states=told.states,
        moves=told.moves,
        longest_to_refund=told.longest_to_refund,
        longest_to_release=told.longest_to_release,
        most_moves=told.most_moves,
        costs=tuple(map(cost, told.costs)),
    )


def proved(policy: Policy, verdict: Verdict) -> a.Proved:
    refuted = verdict.refuted
    state = refuted.state if refuted else None
    return a.Proved(
        name=verdict.property.name,
        sentence=verdict.property.sentence,
        holds=refuted is None,
        message=refuted.message if refuted else None,
        story=tuple(map(turn, state.story())) if state else (),
        scenario=retold(policy, state) if state else None,
    )


def turn(step: Step) -> a.Turn:
    command = step.command
    if isinstance(command, c.Lapse):
        return a.Turn(step.at, command.actor, command.kind, {})
    return a.Turn(step.at, command.actor, c.name_of(command), arguments(command))


def cost(cost: Cost) -> a.Cost:
    return a.Cost(cost.status, cost.actor, cost.kind, cost.buyer, cost.seller)


def retold(policy: Policy, state: State) -> str:
    """The story, and the silence after it, played on a store in memory and recorded as a scenario."""
    store = MemoryStore(Head(seed=0, start=START, clock="simulated", policy=as_data(policy)))
    service = Service(store, lambda: datetime.now(UTC), load)
    for step in state.story():
        if not isinstance(step.command, c.Lapse):
            service.ask(q.Tick(to=iso_instant(step.at)))
            command: Any = step.command
            service.execute(command, YES)
    service.ask(q.Tick(until_idle=True))
    with service.reading() as session:
        return record(session, [state.order.id])
