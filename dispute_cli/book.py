"""Answers that need no store: the rule book, reasons, policies, the lifecycle table, the shapes of the JSON."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from . import answers as a
from . import questions as q
from . import views
from .core import rules
from .core.events import Event
from .core.lifecycle import LEADS_TO, MAY
from .core.malformed import guess, quote
from .core.policy import Policy, as_data, fingerprint
from .explained import EXPLAINED
from .policies import DEFAULT, figures, load, names, source_of, text_of
from .reading import NoSuchThing


def answer(question: q.Asked) -> a.Answer:
    """Answer a question about the rules themselves."""
    return ANSWERS[type(question)](question)


def reasons(question: q.Reasons) -> a.Answer:
    policy = load(DEFAULT)
    told = tuple(a.Reason(code, r.received, r.evidence, r.refund, r.after, r.says) for code, r in policy.reasons.items())
    return a.ReasonsTold(command="reasons", now=None, policy=policy.name, reasons=told)


def rule_book(question: q.Rules) -> a.Answer:
    policy = load(DEFAULT)
    wanted = question.rule
    if wanted is not None and wanted not in rules.BOOK:
        raise NoSuchThing(f"There is no rule {quote(wanted)}.", f"{guess(wanted, rules.BOOK)}`dispute rules` lists them all.")
    rows = [row for row in rules.ROWS if wanted is None or row.id == wanted]
    return a.RulesTold(command="rules", now=None, rules=tuple(rule(row, policy) for row in rows))


def rule(row: rules.RuleRow, policy: Policy) -> a.RuleTold:
    from .proofs import PROOFS

    figures = {key: figure(policy, key) for key in row.reads}
    proofs = tuple(f"tests/scenarios/{file}.dispute.yaml: {name}" for file, name in PROOFS[row.id].items())
    return a.RuleTold(row.id, rules.CHAPTERS[row.id[0]], row.kind, row.sentence, figures, dict(row.choices), *EXPLAINED[row.id], proofs)


def figure(policy: Policy, key: str) -> dict[str, Any]:
    """A figure of the policy by its dotted key, with where it comes from; of the reasons just their codes."""
    if key == "reasons":
        return {"value": list(policy.reasons), "source": policy.sources[key]}
    chapter, _, name = key.partition(".")
    return {"value": as_data(policy)[chapter][name], "source": source_of(policy, key)}


def policies(question: q.PolicyList) -> a.Answer:
    told = [(name, load(name)) for name in names()]
    return a.PoliciesTold(command="policy list", now=None, policies=tuple(a.PolicyTold(name, p.title, fingerprint(p)) for name, p in told))


def policy(question: q.PolicyShow) -> a.Answer:
    file = question.file[0] if question.file else DEFAULT
    shown = load(file)
    told = a.PolicyShown(command="policy show", now=None, hash=fingerprint(shown), policy=as_data(shown))
    return replace(told, toml=text_of(file)) if question.toml else told


def policy_diff(question: q.PolicyDiff) -> a.Answer:
    """Where two policies differ; what stands equal in both under another source is no difference."""
    left, right = map(load, question.file)
    differences = tuple(differing(sides(left), sides(right)))
    return a.PoliciesCompared(command="policy diff", now=None, left=left.name, right=right.name, differences=differences)


Sides = dict[tuple[str, str], tuple[Any, str | None]]
"""By a figure's dotted key, and where that stands for several by what each says: the value and its source."""


def differing(left: Sides, right: Sides) -> Iterator[a.Difference]:
    """Figures first, then reasons, then what is not modelled."""
    for key in sorted(dict.fromkeys((*left, *right)), key=lambda key: (key[0] == "not_modelled", key[0].startswith("reasons."))):
        (ours, our_source), (theirs, their_source) = left.get(key, (None, None)), right.get(key, (None, None))
        if ours != theirs:
            yield a.Difference(key[0], ours, theirs, our_source, their_source)


def sides(policy: Policy) -> Sides:
    """What two policies are compared by: each figure, each reason by its code, each thing that is not modelled."""
    data = as_data(policy)
    single = ((key, value) for key, value in figures(data) if key != "reasons" and value is not None)
    found: Sides = {(key, ""): (value, source_of(policy, key)) for key, value in single}
    found |= {(f"reasons.{code}", ""): (reason, source_of(policy, f"reasons.{code}")) for code, reason in data["reasons"].items()}
    return found | {("not_modelled", told.what): (told.what, told.source) for told in policy.not_modelled}


def lifecycle(question: q.Lifecycle) -> a.Answer:
    """The lifecycle table as it stands in the code."""
    moves = tuple(
        a.Move(status, row.actor, row.words, tuple(guard.__name__ for guard in row.guards), row.lapses)
        for status, rows in MAY.items()
        for row in rows
    )
    leads = tuple(a.Lead(str(fact.__struct_config__.tag), status) for fact, status in LEADS_TO.items())
    told = a.LifecycleTold(command="lifecycle", now=None, moves=moves, leads=leads)
    return told if question.draw is None else drawn(told, load(question.file[0] if question.file else DEFAULT), question.draw)


def drawn(told: a.LifecycleTold, policy: Policy, form: str) -> a.LifecycleTold:
    from . import diagrams

    edges = diagrams.edges(policy)
    return replace(told, policy=policy.name, edges=edges, drawing=diagrams.drawn(policy, edges, form))


SHAPES: dict[str, Any] = {
    "order": a.Order,
    "row": a.Row,
    "event": Event,
    "command": a.Done,
    "command-on-lines": a.DoneOnLines,
    "init": a.Made,
    "tick": a.Ticked,
    "status": a.Shown,
    "status-of-purchase": a.ShownLines,
    "list": a.Listed,
    "forecast": a.Forecast,
    "events": a.EventsTold,
    "ledger": a.LedgerTold,
    "deadlines": a.DeadlinesTold,
    "evidence": a.EvidenceTold,
    "exported": a.Exported,
    "verify": a.Verified,
    "repair": a.Repaired,
    "test": a.Tested,
    "record": a.Recorded,
    "page": a.PageWritten,
    "backup": a.BackedUp,
    "copy": a.Copied,
    "reasons": a.ReasonsTold,
    "rules": a.RulesTold,
    "policies": a.PoliciesTold,
    "policy": a.PolicyShown,
    "policy-diff": a.PoliciesCompared,
    "policy-check": a.PoliciesChecked,
    "lifecycle": a.LifecycleTold,
    "help": a.Helped,
    "config": a.ConfigTold,
    "config-get": a.ConfigShown,
    "config-set": a.ConfigWritten,
    "config-path": a.ConfigPaths,
    "version": a.Version,
    "error": a.Failed,
}
"""Every shape of the contract, by the name that `schema` takes."""

NAMES = (*SHAPES, "scenario", "commands")
"""What `schema` tells: the shapes; `scenario`, which those who run them know; and `commands`, which the command line knows by itself."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one shape."""
    if name not in SHAPES:
        raise NoSuchThing(f"There is no shape {quote(name)}.", f"{guess(name, NAMES)}One of: {', '.join(NAMES)}.")
    if name == "event":
        return event_schema()
    return msgspec.json.schema(SHAPES[name])


def event_schema() -> dict[str, Any]:
    """EVENT as it is told: as on disk, but with amounts as decimal strings."""
    schema = msgspec.json.schema(Event)
    for fact in Event.__args__:
        for field in views.amounts_of(fact):
            properties = schema["$defs"][fact.__name__]["properties"]
            properties[field] = {"anyOf": [{"type": "string"}, {"type": "null"}]} if "anyOf" in properties[field] else {"type": "string"}
    return schema


def shapes(question: q.Schema) -> a.Answer:
    return a.SchemaTold(command="schema", now=None, names=NAMES)


ANSWERS: dict[type, Callable[[Any], a.Answer]] = {
    q.Reasons: reasons,
    q.Rules: rule_book,
    q.PolicyList: policies,
    q.PolicyShow: policy,
    q.PolicyDiff: policy_diff,
    q.Lifecycle: lifecycle,
    q.Schema: shapes,
}

