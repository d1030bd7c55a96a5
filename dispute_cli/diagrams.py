"""The lifecycle under a policy as a drawing: text, Mermaid, DOT. What leads where was explored (core/explore.py); nothing is decided here."""

from collections.abc import Callable, Iterable, Iterator

from . import answers as a
from .core.explore import explore
from .core.policy import Policy, as_data
from .core.words import Actor, Kind, Status

LASTS: dict[Kind, tuple[str, ...]] = {
    Kind.PROTECTION: ("protection.days",),
    Kind.SELLER_RESPONSE: ("answering.seller_days",),
    Kind.BUYER_RESPONSE: ("answering.buyer_days",),
    Kind.RETURN_SEND: ("returns.send_days",),
    Kind.RETURN_ACKNOWLEDGE: ("returns.acknowledge_days",),
    Kind.EVIDENCE: ("escalation.evidence_days",),
    Kind.REVIEW: ("escalation.review_days",),
    Kind.PAYOUT: ("payout.least_days", "payout.most_days"),
}
"""A kind of deadline → the figures of its length."""
Edges = tuple[a.Edge, ...]
PLACE = {status: place for place, status in enumerate(Status)}
ACTORS = {actor: place for place, actor in enumerate(Actor)}


def edges(policy: Policy) -> Edges:
    """What leads from each status to another, in the order of the statuses."""
    found = (edge for edge in explore(policy).edges if edge.status is not edge.to)
    told = [a.Edge(edge.status, edge.actor, edge.does, edge.to, lasts(policy, edge.does) if edge.actor is Actor.CLOCK else None) for edge in found]
    return tuple(sorted(told, key=lambda edge: (PLACE[edge.status], ACTORS[edge.actor], edge.command, PLACE[edge.to])))


def lasts(policy: Policy, kind: str) -> str:
    """How long a counter runs: `5 days`, `7 to 10 days`."""
    data = as_data(policy)
    numbers = [str(data[chapter][name]) for chapter, _, name in (key.partition(".") for key in LASTS[Kind(kind)])]
    return " to ".join(dict.fromkeys(numbers)) + (" day" if numbers == ["1"] else " days")


def label(edge: a.Edge) -> str:
    """`buyer open`, `clock seller_response, 5 days`."""
    return f"{edge.actor} {edge.command}" + (f", {edge.after}" if edge.after else "")


def joined(edges: Iterable[a.Edge]) -> dict[tuple[Status, Status], list[str]]:
    """The labels of all that leads from one status to another."""
    found: dict[tuple[Status, Status], list[str]] = {}
    for edge in edges:
        found.setdefault((edge.status, edge.to), []).append(label(edge))
    return found


def text(policy: Policy, told: Edges, here: Status | None) -> Iterator[str]:
    """Each status with what leads out of it; `>` marks where an order stands."""
    width = max(len(label(edge)) for edge in told)
    for status in Status:
        yield f"{'>' if status is here else ' '} {status}"
        yield from (f"      {label(edge):{width}}  -> {edge.to}" for edge in told if edge.status is status)


def mermaid(policy: Policy, told: Edges, here: Status | None) -> Iterator[str]:
    """https://mermaid.js.org, as GitHub shows it."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {Status.PROTECTED}: buyer order create"
    for (status, to), labels in joined(told).items():
        yield f"    {status} --> {to}: {'<br>'.join(labels)}"
    yield f"    {Status.CLOSED} --> [*]"
    if here:
        yield "    classDef here font-weight:bold,stroke-width:3px"
        yield f"    class {here} here"


def dot(policy: Policy, told: Edges, here: Status | None) -> Iterator[str]:
    """https://graphviz.org."""
    name = policy.name.replace("\\", "\\\\").replace('"', '\\"')
    yield f'digraph "{name}" {{'
    yield "    rankdir=TB; node [shape=box, style=rounded]; edge [fontsize=10]"
    marked = 'style="rounded,bold", penwidth=3'
    yield from (f"    {status} [{marked if status is here else ''}]" for status in Status)
    for (status, to), labels in joined(told).items():
        style = " style=dashed" if all(one.startswith("clock") for one in labels) else ""
        lines = "".join(one + "\\l" for one in labels)
        yield f'    {status} -> {to} [label="{lines}"{style}]'
    yield "}"


FORMS: dict[str, Callable[[Policy, Edges, Status | None], Iterator[str]]] = {"text": text, "mermaid": mermaid, "dot": dot}
"""How a lifecycle can be drawn."""


def drawn(policy: Policy, told: Edges, form: str, here: Status | None = None) -> str:
    return "\n".join(FORMS[form](policy, told, here))
