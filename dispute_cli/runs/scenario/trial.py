"""Tests: what a scenario file means to run, one for each case, every step read beforehand. Nothing is carried out here."""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from ...core import commands as c
from ...core import instants, money
from ...core.malformed import Malformed, guess, quote
from ...core.policy import Policy, as_data
from ...policies import DEFAULT, InvalidFile
from ...store import Head
from ..lines import malformed
from ..market import policy_of
from . import source as sources
from . import times
from .document import STDIN, Document, Part, check_keys, open_document
from .source import WrongFile
from .steps import Ready, ready
from .tags import is_tag
from .variables import NAME, Later, Variables, settled

OF_A_ROW = ("case", "tags")
WHOLE = re.compile(r"-?[0-9]{1,18}")


class Trial(Struct, frozen=True):
    """One test: a scenario, or one case of it."""

    document: Document
    name: str
    case: str | None
    line: int
    tags: tuple[str, ...]
    head: Head
    variables: Variables
    orders: tuple[c.CreateOrder, ...]
    ids: tuple[str, ...]
    """Of the orders that expectations may be about, lines each for itself, as far as is known beforehand."""
    steps: tuple[Part, ...]
    ready: tuple[Ready | None, ...]
    """The steps read; None where one needs what is captured on the way."""

    @property
    def file(self) -> str:
        return self.document.source.path

    @property
    def title(self) -> str:
        return f"{self.name} [{self.case}]" if self.case is not None else self.name


def trials(path: str, shown: str | None = None, given: Mapping[str, str] = {}) -> list[Trial]:
    """The tests of a file; `given` are variables that weigh more than the file's own."""
    source = sources.read(path, shown)
    return of_source(source, os.path.dirname(path) or ".", given, os.path.realpath(path))


def from_text(data: bytes, given: Mapping[str, str] = {}) -> list[Trial]:
    """The tests of what stands on standard input; files are looked for in the working folder."""
    return of_source(sources.parse(STDIN, data), ".", given)


def of_source(source: sources.Source, folder: str, given: Mapping[str, str], *path: str) -> list[Trial]:
    return of_document(open_document(source, folder, path), given)


def of_document(document: Document, given: Mapping[str, str]) -> list[Trial]:
    """One test for each case."""
    source = document.source
    if document.file.scenario is None:
        raise source.wrong((), "the field 'scenario' is missing: a scenario has a name.")
    if not document.steps:
        raise source.wrong((), "it has no steps.")
    rows: tuple[dict[str, Any] | None, ...] = document.file.cases or (None,)
    check_tags(source, document.file.tags, "tags")
    check_rows(document)
    return [trial(document, row, index, given) for index, row in enumerate(rows)]


def check_rows(document: Document) -> None:
    """Every case has a name of its own, and gives texts."""
    names: set[str] = set()
    for index, row in enumerate(document.file.cases):
        part = Part(document.source, ("cases", index), row)
        if not isinstance(row.get("case"), str):
            raise part.wrong("the field 'case' is missing: each row has a name.")
        if row["case"] in names:
            raise part.wrong(f"there are two cases {quote(row['case'])}.", "case")
        names.add(row["case"])
        for key, value in row.items():
            if key not in OF_A_ROW and not (NAME.fullmatch(key) and isinstance(value, str)):
                raise part.wrong("a case gives variables, each a text.", key)


def trial(document: Document, row: dict[str, Any] | None, index: int, given: Mapping[str, str]) -> Trial:
    """One test, with everything read that can be read beforehand."""
    row = row or {}
    variables = variables_of(document, {**given, **{key: value for key, value in row.items() if key not in OF_A_ROW}})
    start = start_of(document, variables)
    created = tuple(order(part, variables, start) for part in document.orders)
    known = known_ids(document, created)
    currencies = {id: made.currency for made in created for id in ids_of(made)}
    found: list[Ready | None] = []
    captured: list[str] = []
    variables.captured = captured
    for number, part in enumerate(document.steps, 1):
        step = read_step(part, number, variables, start)
        found.append(step)
        captured += captures(part, variables)
        if step and (made := created_by(step)):
            known += ids_of(made)
            currencies |= dict.fromkeys(ids_of(made), made.currency)
        if step:
            check_order(step, known)
            check_decimals(step, currencies)
    if None not in found:
        check_used(document, row, index, variables)
    return Trial(
        document=document,
        name=document.file.scenario or "",
        case=row.get("case"),
        line=document.source.place(("cases", index) if row else ("scenario",)).line,
        tags=(*document.file.tags, *tags_of(document, row, index)),
        head=Head(seed=seed_of(document, variables), start=start, clock="simulated", policy=as_data(default_policy(document, variables))),
        variables=variables,
        orders=created,
        ids=tuple(known),
        steps=document.steps,
        ready=tuple(found),
    )


def variables_of(document: Document, given: Mapping[str, str]) -> Variables:
    try:
        return settled(document.vars, given)
    except Malformed as fault:
        raise document.source.wrong(("vars", fault.field or ""), fault.message) from None


def captures(part: Part, variables: Variables) -> list[str]:
    """The variables that a step captures; one that has a value already would hide it from some steps and not from others."""
    capture = part.data.get("capture")
    names = list(capture) if isinstance(capture, dict) else []
    for name in names:
        if name in variables.values:
            raise WrongFile(part.source.key_place((*part.way, "capture"), name), f"{quote(name)} is a variable already.")
    return names


def read_step(part: Part, number: int, variables: Variables, start: datetime) -> Ready | None:
    try:
        return ready(part, number, variables, start)
    except Later:
        return None


def tags_of(document: Document, row: dict[str, Any], index: int) -> tuple[str, ...]:
    tags = row.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise document.source.wrong(("cases", index, "tags"), "tags are a list of texts.")
    check_tags(document.source, tags, "cases", index, "tags")
    return tuple(tags)


def check_tags(source: sources.Source, tags: Sequence[str], *way: str | int) -> None:
    for index, tag in enumerate(tags):
        if not is_tag(tag):
            raise source.wrong((*way, index), f"no --tags could choose {quote(tag)}: a tag is one word without brackets, and not and, or, not.")


def start_of(document: Document, variables: Variables) -> datetime:
    try:
        return instants.instant(variables.fill(document.init.start), "start")
    except Malformed as fault:
        raise document.source.wrong(("init", "start"), fault.message) from None


def seed_of(document: Document, variables: Variables) -> int:
    seed = str(variables.fill(document.init.seed))
    if not WHOLE.fullmatch(seed):
        raise document.source.wrong(("init", "seed"), f"{quote(seed)} is no seed: give a whole number.")
    return int(seed)


def default_policy(document: Document, variables: Variables) -> Policy:
    try:
        return policy_of(variables.fill(document.init.policy or DEFAULT), document.files, document.folder)
    except (InvalidFile, Malformed) as fault:
        raise document.source.wrong(("init", "policy"), fault.message, getattr(fault, "hint", None)) from None


def order(part: Part, variables: Variables, start: datetime) -> c.CreateOrder:
    """An order as it is made at the start; `deliver_by` may be days from the start."""
    known = [field.encode_name for field in msgspec.structs.fields(c.CreateOrder) if field.encode_name != "as"]
    check_keys(part, {key.replace("-", "_"): value for key, value in part.data.items()}, known)
    try:
        given = {key.replace("-", "_"): value for key, value in variables.fill(part.data).items()}
        if isinstance(given.get("deliver_by"), str) and instants.parts_of(given["deliver_by"]):
            given["deliver_by"] = instants.iso_instant(times.moment(given["deliver_by"], start, start))
        if isinstance(given.get("item"), str):
            given["item"] = [given["item"]]
        return msgspec.convert({**given, "command": "order create"}, c.CreateOrder, strict=False)
    except Malformed as fault:
        raise part.wrong(fault.message, fault.field or "") from None
    except msgspec.ValidationError as error:
        complaint = malformed(error, c.CreateOrder)
        raise part.wrong(complaint.message, complaint.field or "") from None
    except Later:
        raise part.wrong("orders are made at the start: nothing is captured yet.") from None


def ids_of(created: c.CreateOrder) -> list[str]:
    """The order lines that an `order create` makes."""
    return [f"{created.id}/{number}" for number in range(1, len(created.item) + 1)] or [created.id]


def known_ids(document: Document, created: Sequence[c.CreateOrder]) -> list[str]:
    """The order lines that there are at the start, each once; a purchase's bare id counts as used, too."""
    known: list[str] = []
    used: set[str] = set()
    for part, made in zip(document.orders, created, strict=True):
        ids = ids_of(made)
        if used & {made.id, *ids}:
            raise part.wrong(f"{made.id} was used before: an id is never used twice.", "id")
        used |= {made.id, *ids}
        known += ids
    return known


def created_by(step: Ready) -> c.CreateOrder | None:
    asked = getattr(step.request, "asked", None)
    return asked if isinstance(asked, c.CreateOrder) and not step.refused else None


def check_order(step: Ready, known: list[str]) -> None:
    """What is expected of an order names one."""
    if step.asks and step.order is None and len(known) != 1:
        raise step.part.wrong("which order is this about? Add `order: ID`.", hint=f"There are {', '.join(known)}." if known else None)
    if step.step.order is not None and step.step.order not in known:
        raise step.part.wrong(f"there is no order {quote(step.step.order)}. {guess(step.step.order, known)}".strip(), "order")


def check_decimals(step: Ready, currencies: Mapping[str, str]) -> None:
    """Raise `WrongFile` at an amount that its order's currency does not have."""
    about = step.order or next(iter(currencies), "")
    for party, amount in step.step.money.items() if about in currencies else ():
        try:
            money.minor(amount.removeprefix("-"), currencies[about], str(party))
        except Malformed as fault:
            raise step.part.wrong(fault.message, "money", party) from None


def check_used(document: Document, row: dict[str, Any], index: int, variables: Variables) -> None:
    """A variable of a row that nothing uses is a slip of the pen."""
    for key in row:
        if key not in OF_A_ROW and key not in variables.used:
            close = guess(key, sorted({*document.vars, *variables.used}))
            raise WrongFile(document.source.key_place(("cases", index), key), f"nothing uses the variable {quote(key)}. {close}".strip())
