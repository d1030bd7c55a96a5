"""Answers of many rows for people: the list, events, the ledger, deadlines, the book. One function for each answer."""

from datetime import datetime, timedelta
from typing import Any

from ... import answers as a
from ...sentences import sentence
from .page import STYLES, WAITING, Told, evidence, page
from .shape import EMPTY, Bar, Block, Ink, Line, Page, Part, Share, Table, distance, moment, plain, title
from .sheet import seconds, sheet, urgency

NEAR = timedelta(days=10)
HEAD = ("id", "status", "reason", "total", "demand", "offer", "claim", "currency", "move", "until", "left", "title")
DRAWN = ("id", "status", "move", "left", "until", "reason", "demand", "offer", "claim", "total", "title")
SPARE = ("total", "until", "title", "claim", "reason", "offer", "demand")


def listed(answer: a.Listed) -> list[Block]:
    """All disputes, the most urgent first where nothing else was asked; on a terminal with a bar of the time that is left."""
    now = answer.at or answer.now
    if not answer.orders:
        return [("no such order",)]
    return [Page([Table(HEAD, [row(order, now) for order in answer.orders])], [Table(DRAWN, [drawn_row(order, now) for order in answer.orders], SPARE)])]


def row(order: a.Row, now: datetime | None) -> tuple[Part, ...]:
    due = order.next_deadline
    return (
        order.id,
        state(order),
        order.reason or "",
        order.total,
        order.demand.refund if order.demand else "",
        (order.offer.promise or order.offer.refund) if order.offer else "",
        order.claim.amount if order.claim else "",
        order.currency,
        due.actor if due else "",
        plain(due.at) if due else "",
        distance(due.at - now) if due and now else "",
        order.title or "",
    )


def drawn_row(order: a.Row, now: datetime | None) -> tuple[Part, ...]:
    """What is most urgent to know comes first, what somebody wrote last."""
    due, offer = order.next_deadline, order.offer
    return (
        order.id,
        state(order),
        due.actor if due else "",
        days_left(due.at - now) if due and now else "",
        plain(due.at) if due else "",
        order.reason or "",
        f"{order.demand.refund} {order.currency}" if order.demand else "",
        ("a promise" if offer.promise else offer.refund) if offer else "",
        order.claim.amount if order.claim else "",
        f"{order.total} {order.currency}",
        order.title or "",
    )


def state(order: a.Row) -> Ink:
    return Ink(order.status, STYLES.get(order.status, WAITING))


def days_left(left: timedelta) -> Bar:
    """The time to the next deadline: a cell for each of the next ten days."""
    near = min(left, NEAR)
    return Bar((Share(seconds(near), urgency(near)), Share(seconds(NEAR - near), "gone")), distance(left), NEAR.days)


def shown(answer: a.Shown) -> list[Block]:
    if answer.lifecycle:
        return [(line,) for line in answer.lifecycle.splitlines()]
    return [pages(answer, answer.order), *gap(answer)]


def shown_lines(answer: a.ShownLines) -> list[Block]:
    return [block for number, order in enumerate(answer.orders) for block in ([EMPTY] if number else []) + [pages(answer, order)]] + gap(answer)


def gap(answer: a.Answer) -> list[Block]:
    """Room before the warnings, where they follow on the same terminal."""
    return [Page([], [EMPTY])] if answer.warnings else []


def pages(answer: a.Shown | a.ShownLines, order: a.Order) -> Block:
    """The page of an order, plain and drawn."""
    told = Told(
        order,
        answer.at or answer.now,
        answer.at is not None and answer.at != answer.now,
        tuple(event for event in answer.history or () if event["order"] == order.id),
        tuple(choice for choice in answer.moves or () if choice.args["id"] == order.id),
    )
    return Page(page(told), sheet(told))


def events(answer: a.EventsTold) -> list[Block]:
    return [happened(answer.events)]


def happened(events: tuple[dict[str, Any], ...]) -> Table:
    return Table(
        ("seq", "at", "order", "by", "type", "what"),
        [(str(e["seq"]), e["at"], e["order"], e["by"], e["type"], sentence(e)) for e in events],
        spare=("type", "seq"),
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
    if len(answer.rules) == 1:
        return explained(answer.rules[0])
    return [Table(("rule", "kind", "says", "figures"), [(r.rule, r.kind, r.sentence, figures(r.policy)) for r in answer.rules])]


PASTED = 60
"""Columns of a line to paste."""


def explained(rule: a.RuleTold) -> list[Block]:
    """One rule: what it says, where it comes from, and lines to paste that show it."""
    from ...explained import BEFORE
    from ..examples import folded

    lines = (*BEFORE, *rule.example)
    # A terminal would break a long line in the middle, and what is pasted from there with it.
    rows = [row for line in lines for row in folded(line, PASTED, "  ").splitlines()]
    return [
        (Ink(rule.rule, "bold"), f"  {rule.kind}, {rule.chapter}"),
        (rule.sentence,),
        *([(f"figures: {figures(rule.policy)}",)] if rule.policy else []),
        *((f"a policy may choose {choice}: {sentence}",) for choice, sentence in rule.choices.items()),
        (f"from the article: {rule.article}" if rule.article else "ours: the article is silent here",),
        EMPTY,
        title("proved by the scenarios"),
        *((scenario,) for scenario in rule.scenarios),
        EMPTY,
        title("for example, beside a picture cup.png"),
        Page([(line,) for line in lines], [(row.removeprefix("  "),) for row in rows]),
    ]


def figures(policy: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {value['value']}" for key, value in policy.items() if value["value"] is not None)


def helped(answer: a.Helped) -> list[Block]:
    """Laid out already."""
    return [(line,) for line in answer.text.splitlines()]


def policies(answer: a.PoliciesTold) -> list[Block]:
    return [Table(("name", "title", "hash"), [(p.name, p.title, p.hash) for p in answer.policies])]


def policy(answer: a.PolicyShown) -> list[Block]:
    """Every figure with where it comes from, and what the rules cannot express."""
    if answer.toml:
        return [(line,) for line in answer.toml.splitlines()]
    data = answer.policy
    sources = data["sources"]
    head: Line = (Ink(str(data["name"]), "bold"), f"  {data['title']}")
    rows = [
        (f"{chapter}.{name}", written(value), str(sources.get(f"{chapter}.{name}") or sources.get(chapter) or "default"))
        for chapter, figures in data.items()
        if isinstance(figures, dict) and chapter != "sources"
        for name, value in figures.items()
        if value is not None
    ]
    return [head, Table(("figure", "value", "source"), rows), *not_modelled(data["not_modelled"])]


def not_modelled(told: list[dict[str, str]]) -> list[Block]:
    """What the marketplace does and the rules do not."""
    return [EMPTY, title("not modelled"), Table(("what", "source"), [(row["what"], row["source"]) for row in told])] if told else []


def policy_diff(answer: a.PoliciesCompared) -> list[Block]:
    """Where two policies differ, beside each other."""
    if not answer.differences:
        return [("no difference",)]
    rows = [(d.key, written(d.left), written(d.right), d.left_source or "", d.right_source or "") for d in answer.differences]
    head = ("figure", answer.left, answer.right, f"source of {answer.left}", f"source of {answer.right}")
    return [Table(head, rows, spare=head[3:])]


def written(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {written(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(written, value))
    if value is None:
        return ""
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def lifecycle(answer: a.LifecycleTold) -> list[Block]:
    if answer.drawing:
        return [(line,) for line in answer.drawing.splitlines()]
    moves = [(m.status, m.actor, m.command, ", ".join(m.guards), ", ".join(m.lapses)) for m in answer.moves]
    leads = [(lead.event, lead.status or "stays") for lead in answer.leads]
    return [
        Table(("status", "actor", "may", "if", "lapses"), moves),
        EMPTY,
        title("where events lead"),
        Table(("event", "status"), leads),
    ]
