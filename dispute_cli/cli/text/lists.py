"""Answers of many rows for people: the list, events, the ledger, deadlines, the book. One function for each answer."""

from typing import Any

from ... import answers as a
from ..text.told import sentence
from .page import STYLES, evidence, page
from .shape import EMPTY, Block, Ink, Line, Table, distance, moment, plain, title


def listed(answer: a.Listed) -> list[Block]:
    """All disputes, the most urgent first where nothing else was asked."""
    now = answer.at or answer.now
    rows = [
        (
            row.id,
            Ink(row.status, STYLES.get(row.status, "yellow")),
            row.reason or "",
            row.total,
            row.demand.refund if row.demand else "",
            row.offer.promise or row.offer.refund if row.offer else "",
            row.claim.amount if row.claim else "",
            row.currency,
            row.next_deadline.actor if row.next_deadline else "",
            plain(row.next_deadline.at) if row.next_deadline else "",
            distance(row.next_deadline.at - now) if row.next_deadline and now else "",
            row.title or "",
        )
        for row in answer.orders
    ]
    if not rows:
        return [("no such order",)]
    head = ("id", "status", "reason", "total", "demand", "offer", "claim", "currency", "move", "until", "left", "title")
    return [Table(head, rows, spare=("title", "total", "currency", "reason", "left"))]


def shown(answer: a.Shown) -> list[Block]:
    return page(answer.order, answer.at or answer.now)


def shown_lines(answer: a.ShownLines) -> list[Block]:
    pages = [page(order, answer.at or answer.now) for order in answer.orders]
    return [block for number, blocks in enumerate(pages) for block in ([EMPTY] if number else []) + blocks]


def events(answer: a.EventsTold) -> list[Block]:
    return [happened(answer.events)]


def happened(events: tuple[dict[str, Any], ...]) -> Table:
    return Table(
        ("seq", "at", "order", "by", "type", "what"),
        [(str(e["seq"]), e["at"], e["order"], e["by"], e["type"], sentence(e)) for e in events],
    )


def ledger(answer: a.LedgerTold) -> list[Block]:
    postings = [(str(p.seq), plain(p.at), p.order, p.account, p.amount, p.currency) for p in answer.postings]
    balances = [(b.account, b.amount, b.currency) for b in answer.balances]
    return [
        Table(("seq", "at", "order", "account", "amount", "currency"), postings),
        EMPTY,
        title("balances"),
        Table(("account", "amount", "currency"), balances),
    ]


def deadlines(answer: a.DeadlinesTold) -> list[Block]:
    rows = [(due.order, due.kind, moment(due.at, answer.now), due.actor, due.means) for due in answer.deadlines]
    return [Table(("order", "kind", "at", "move", "then"), rows) if rows else ("no deadline runs",)]


def evidence_list(answer: a.EvidenceTold) -> list[Block]:
    return [evidence(answer.evidence) if answer.evidence else ("no evidence on record",)]


def reasons(answer: a.ReasonsTold) -> list[Block]:
    rows = [
        ("received" if r.received else "not received", r.reason, r.says, f"evidence {r.evidence}", f"refund {r.refund}", r.after or "")
        for r in answer.reasons
    ]
    return [Table(("goods", "reason", "says", "evidence", "refund", "not before"), rows)]


def rules(answer: a.RulesTold) -> list[Block]:
    return [Table(("rule", "kind", "says", "figures"), [(r.rule, r.kind, r.sentence, figures(r.policy)) for r in answer.rules])]


def figures(policy: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {value['value'] if isinstance(value, dict) else value}" for key, value in policy.items())


def policies(answer: a.PoliciesTold) -> list[Block]:
    return [Table(("name", "title", "hash"), [(p.name, p.title, p.hash) for p in answer.policies])]


def policy(answer: a.PolicyShown) -> list[Block]:
    """Every figure with where it comes from."""
    data = answer.policy
    sources = data.get("sources", {})
    head: Line = (Ink(str(data["name"]), "bold"), f"  {data['title']}")
    rows = [
        (f"{chapter}.{name}", written(value), str(sources.get(f"{chapter}.{name}", sources.get(chapter, ""))))
        for chapter, figures in data.items()
        if isinstance(figures, dict) and chapter != "sources"
        for name, value in figures.items()
    ]
    return [head, Table(("figure", "value", "source"), rows)]


def written(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {written(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(written, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def lifecycle(answer: a.LifecycleTold) -> list[Block]:
    moves = [(m.status, m.actor, m.command, ", ".join(m.guards), ", ".join(m.lapses)) for m in answer.moves]
    leads = [(lead.event, lead.status or "stays") for lead in answer.leads]
    return [
        Table(("status", "actor", "may", "if", "lapses"), moves),
        EMPTY,
        title("where events lead"),
        Table(("event", "status"), leads),
    ]
