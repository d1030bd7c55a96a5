"""Writes what is generated: docs, the README's answers, completions, the currency table. A test compares them with what stands."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from dispute_cli import book  # noqa: E402
from dispute_cli.cli.completion import SHELLS, script  # noqa: E402
from dispute_cli.core import rules  # noqa: E402
from dispute_cli.core.events import Event  # noqa: E402
from dispute_cli.core.lifecycle import LEADS_TO, MAY  # noqa: E402
from dispute_cli.core.policy import Policy, as_data  # noqa: E402
from dispute_cli.core.words import LABELS  # noqa: E402
from dispute_cli.policies import DEFAULT, figures, load, names, source_of  # noqa: E402
from dispute_cli.runs.scenario import schema as scenarios  # noqa: E402
from scripts import currencies, manpage, proofs, readme, screens  # noqa: E402


def rule_page() -> str:
    """docs/rules.md: the registry, chapter by chapter, with the lifecycle table."""
    return "\n".join([*rule_lines(load(DEFAULT)), *lifecycle_lines()]) + "\n"


def rule_lines(policy: Policy) -> Iterator[str]:
    yield "# The rule book\n\nGenerated from `dispute_cli/core/rules.py`; `dispute rules [RULE]` prints the same. Figures are the default policy's.\n"
    for letter, chapter in rules.CHAPTERS.items():
        yield f"## {chapter[0].upper()}{chapter[1:]}\n"
        for row in rules.ROWS:
            if row.id[0] == letter:
                told = "; ".join(f"`{key}` = {value(book.figure(policy, key))}" for key in row.reads)
                yield f"- **{row.id}** ({row.kind}) {row.sentence}" + (f" _{told}._" if told else "")
        yield ""


def value(figure: dict[str, Any]) -> str:
    """A figure for people, with where it comes from."""
    shown = ", ".join(map(str, figure["value"])) if isinstance(figure["value"], list | tuple) else str(figure["value"])
    return f"{shown} ({figure['source']})"


def lifecycle_lines() -> Iterator[str]:
    yield "## The lifecycle\n\nGenerated from the table in `dispute_cli/core/lifecycle.py`; `dispute lifecycle` prints the same.\n"
    for status, rows in MAY.items():
        yield f"### {status.value}\n\n{LABELS[status]}\n\n| actor | may | if | lapses with |\n|---|---|---|---|"
        for row in rows:
            guards = ", ".join(guard.__name__.replace("_", " ") for guard in row.guards)
            yield f"| {row.actor.value} | {row.words} | {guards} | {', '.join(kind.value for kind in row.lapses)} |"
        yield ""
    yield "### Where each fact leads\n\n| event | status |\n|---|---|"
    for fact, leads in LEADS_TO.items():
        yield f"| {fact.__struct_config__.tag} | {leads.value if leads else 'stays'} |"


def json_page() -> str:
    """docs/json.md: every shape of the contract, field by field."""
    return "\n".join(json_lines()) + "\n"


def json_lines() -> Iterator[str]:
    yield "# The JSON\n\nGenerated from `dispute_cli/answers/`; `dispute schema NAME` prints each shape as JSON Schema. Amounts are decimal strings, instants RFC 3339 in UTC, unknown keys are to be ignored.\n"
    told: set[str] = set()
    for name in book.SHAPES:
        schema = book.schema(name)
        yield f"## {name}\n\nA **{kind(schema)}**.\n"
        yield from shape_lines({title: part for title, part in schema["$defs"].items() if title not in told})
        told |= set(schema["$defs"])
    yield "## event types\n"
    yield ", ".join(f"`{fact.__struct_config__.tag}`" for fact in Event.__args__)


def shape_lines(parts: dict[str, Any]) -> Iterator[str]:
    for title, part in parts.items():
        if "properties" in part:
            about = part.get("description", "").split("\n")[0]
            yield f"**{title}**{': ' + about if about else ''}\n"
            yield from (f"- `{field}`: {kind(told)}" for field, told in part["properties"].items())
            yield ""


def kind(told: dict[str, Any]) -> str:
    """A field's type in words."""
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if "anyOf" in told:
        return " or ".join(kind(part) for part in told["anyOf"])
    if "enum" in told:
        return ", ".join(json.dumps(choice) for choice in told["enum"])
    if told.get("type") == "array":
        return f"list of {kind(told.get('items') or {})}"
    return str(told.get("format") or told.get("type") or "any")


def policy_page() -> str:
    """docs/policy.md: every figure and choice of every policy, with its source; the default first."""
    others = (name for name in names() if name != DEFAULT)
    return "\n".join([POLICIES, *(line for name in (DEFAULT, *others) for line in policy_lines(load(name)))]) + "\n"


POLICIES = """\
# Policies

Generated from `dispute_cli/core/policy.py` and the shipped files. A policy is a TOML file; `--policy NAME|FILE` uses it, `dispute policy show` prints it, `dispute policy diff` compares two. Unknown keys are refused, and `[sources]` says of each figure where it comes from: `article` and `default` in the marketplace of the rule book; elsewhere with how sure the source is: (H) the operator's own page, (M) a recent third party, (L) a single weak page, (?) not found and so assumed. What the rules cannot express is listed as not modelled, never approximated in silence."""


def policy_lines(policy: Policy) -> Iterator[str]:
    yield f"\n## {policy.name}\n\n{policy.title}\n\n| key | value | source |\n|---|---|---|"
    for key, figure in figures(as_data(policy)):
        shown = ", ".join(map(str, figure)) if isinstance(figure, list | tuple | dict) else "–" if figure is None else str(figure).lower() if isinstance(figure, bool) else figure
        yield f"| `{key}` | {shown} | {source_of(policy, key) if figure is not None else ''} |"
    yield f"\n### Reasons of {policy.name}\n\n| reason | goods | evidence | refund | sent back | not before | says | source |\n|---|---|---|---|---|---|---|---|"
    for code, reason in as_data(policy)["reasons"].items():
        goods = "received" if reason["received"] else "not received"
        told = (goods, reason["evidence"], reason["refund"], reason["return"] if reason["received"] else "", reason["after"] or "", reason["says"])
        yield f"| `{code}` | {' | '.join(told)} | {source_of(policy, f'reasons.{code}')} |"
    if policy.not_modelled:
        yield f"\n### Not modelled of {policy.name}\n"
    yield from (f"- {row.what} _({row.source})_" for row in policy.not_modelled)


def scenario_schema() -> str:
    """What an editor knows of the scenario files below it: `dispute schema scenario`."""
    return json.dumps(scenarios.schema(), indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/rules.md": rule_page,
    "docs/json.md": json_page,
    "docs/policy.md": policy_page,
    "README.md": readme.page,
    "man/dispute.1": manpage.page,
    "dispute_cli/core/currencies.py": currencies.module,
    "dispute_cli/proofs.py": proofs.module,
    "tests/scenarios/scenario.schema.json": scenario_schema,
    **screens.pages(),
    **{f"completions/{name}": partial(script, shell) for shell, name in SHELLS.items()},
}


def main() -> None:
    for path, page in PAGES.items():
        text = page()
        with open(os.path.join(ROOT, path), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


if __name__ == "__main__":
    main()
