"""Lists as scripts take them: which fields the rows of each list have, and rows as chosen fields. How they are written is listing.py."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, get_args

import msgspec
from msgspec.structs import fields, replace

from .. import answers as a
from .. import questions as q
from ..core.commands import name_of
from ..core.events import Event
from ..core.malformed import Malformed, guess, quote
from . import errands
from .options import BOOKS
from .settings import Settings

LISTS: dict[type, tuple[str, Any]] = {
    q.Look: ("orders", a.Row),
    q.Events: ("events", Event),
    errands.Follow: ("events", Event),
    q.Ledger: ("postings", a.Posting),
    q.Deadlines: ("deadlines", a.OrderDeadline),
    q.EvidenceList: ("evidence", a.Evidence),
    q.Tick: ("events", Event),
    q.Verify: ("problems", a.Problem),
    q.Reasons: ("reasons", a.Reason),
    q.Rules: ("rules", a.RuleTold),
    q.PolicyList: ("policies", a.PolicyTold),
    q.PolicyDiff: ("differences", a.Difference),
    q.Lifecycle: ("moves", a.Move),
    errands.ConfigList: ("settings", a.Setting),
}
"""What is asked → the answer's list, and what its rows are."""


def is_list(spoken: Any) -> bool:
    return type(spoken) in LISTS and not (isinstance(spoken, q.Look) and spoken.id is not None)


def for_lists(spoken: Any, settings: Settings, flags: Mapping[str, Any]) -> Settings:
    """The settings as they apply: `Malformed` where a form of lists was asked of what is none, or a field that the list does not have."""
    if is_list(spoken):
        check_fields(settings.fields, LISTS[type(spoken)][1])
        return settings if settings.format not in BOOKS else for_books(spoken, settings, flags)
    for name in ("format", "fields"):
        if flags.get(name) is not None:
            raise Malformed(name, f"--{name} is for lists, such as `dispute status` without an ID, events, ledger or deadlines.")
    return replace(settings, format=None, fields=())


def for_books(spoken: Any, settings: Settings, flags: Mapping[str, Any]) -> Settings:
    """The settings where a bookkeeping program's form was asked for: of the ledger, and whole."""
    if isinstance(spoken, q.Ledger) and not settings.fields:
        return settings
    if flags.get("format") is not None:
        why = "has no --fields: it is a whole journal" if isinstance(spoken, q.Ledger) else "is for `dispute ledger`"
        raise Malformed("format", f"--format {settings.format} {why}.")
    return replace(settings, format=None)


def check_fields(names: tuple[str, ...], kind: Any) -> None:
    known = field_names(kind)
    for name in names:
        if names.count(name) > 1:
            raise Malformed("fields", f"The field {quote(name)} is named twice.")
        if name not in known:
            raise Malformed("fields", f"There is no field {quote(name)} here. {guess(name, known)}The fields are {', '.join(known)}.")


def field_names(kind: Any) -> tuple[str, ...]:
    """Every field that a row can be asked for: `demand`, and what is inside it as `demand.refund`."""
    return tuple(name for name, _ in walk(kind))


def columns(spoken: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    """The chosen fields of a list; where none are, all that have nothing inside, in their order."""
    return names or tuple(name for name, is_leaf in walk(LISTS[type(spoken)][1]) if is_leaf)


def walk(kind: Any) -> Iterator[tuple[str, bool]]:
    """Each field by its dotted name, and whether nothing is inside it."""
    if kind is Event:
        first = ("seq", "at", "order", "type", "by")
        rest = (field.encode_name for fact in get_args(Event) for field in fields(fact))
        yield from ((name, True) for name in dict.fromkeys((*first, *rest)))
        return
    for field in fields(kind):
        parts = get_args(field.type) if isinstance(field.type, UnionType) else (field.type,)
        inside = [part for part in parts if isinstance(part, type) and issubclass(part, msgspec.Struct)]
        yield field.encode_name, not inside
        yield from ((f"{field.encode_name}.{name}", is_leaf) for part in inside for name, is_leaf in walk(part))


def fields_of(words: str) -> tuple[str, ...]:
    """The fields of the list that a subcommand's words answer; none where they answer no list."""
    return next((field_names(row) for asked, (_, row) in LISTS.items() if name_of(asked) == words), ())


def rows(answer: a.Answer, spoken: Any) -> list[dict[str, Any]]:
    """The rows of a list, as JSON has them."""
    found: list[dict[str, Any]] = msgspec.to_builtins(getattr(answer, LISTS[type(spoken)][0]))
    return found


def chosen(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """A row's chosen fields, by their dotted names; null for what it does not have."""
    return {name: value_of(row, name) for name in names}


def value_of(row: Any, name: str) -> Any:
    for part in name.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    return row


def narrowed(answer: a.Answer, spoken: Any, names: tuple[str, ...]) -> bytes:
    """The whole answer as JSON, its rows with the chosen fields alone."""
    whole = msgspec.to_builtins(answer)
    whole[LISTS[type(spoken)][0]] = [chosen(row, names) for row in rows(answer, spoken)]
    return msgspec.json.encode(whole)
