"""The values that an option or an argument takes, by the word that help names them with. Those of a store are in orders.py."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .cursor import Cursor
from .orders import hashes, orders
from .said import FILES, Offer, commands, summary

Source = Callable[[Cursor, str], Iterable[Offer]]
"""Given where the line stands and what is typed of the value."""


def values(cursor: Cursor, param: Any, typed: str) -> Iterable[Offer]:
    """What the value of a parameter may be; nothing where any text is as good."""
    if hasattr(param.type, "choices"):
        return choices(param)
    name = param.metavar or ""
    if param.nargs > 1:
        name = name.split()[len(cursor.parts)]
    source = SOURCES.get(f"{cursor.words} {name}", SOURCES.get(name))
    return source(cursor, typed) if source else [Offer(word) for word in name.split("|") if word.islower()]


def choices(param: Any) -> Iterator[Offer]:
    from ...core.words import LABELS

    for choice in param.type.choices:
        word = getattr(choice, "value", choice)
        # The clock acts by itself: nobody gives a command as it.
        if word != "clock" or "--as" not in param.opts:
            yield Offer(word, LABELS.get(word, ""))


def reasons(cursor: Cursor, typed: str) -> Iterator[Offer]:
    """The reasons; once it is said whether the goods were received, only those that fit."""
    from ...policies import DEFAULT, load

    said = {"--received": True, "--not-received": False}
    received = next((said[name] for name in said if name in cursor.given), None)
    for code, reason in load(DEFAULT).reasons.items():
        if received in (None, reason.received):
            yield Offer(code, reason.says)


def policies(cursor: Cursor, typed: str) -> Iterator[Offer]:
    from ...policies import load, names

    yield from (Offer(name, load(name).title) for name in names())
    yield FILES


def currencies(cursor: Cursor, typed: str) -> Iterator[Offer]:
    from ...core.currencies import DECIMALS

    yield from map(Offer, DECIMALS)


def event_types(cursor: Cursor, typed: str) -> Iterator[Offer]:
    from ...questions import EVENT_TYPES

    yield from map(Offer, EVENT_TYPES)


def rules(cursor: Cursor, typed: str) -> Iterator[Offer]:
    from ...core.rules import ROWS

    yield from (Offer(row.id, row.sentence) for row in ROWS)


def schemas(cursor: Cursor, typed: str) -> Iterator[Offer]:
    from ...book import NAMES

    yield from map(Offer, NAMES)


def topics(cursor: Cursor, typed: str) -> Iterator[Offer]:
    """What there is help on: the topics, and the words of a command."""
    from ..topics import TOPICS, read

    if not cursor.arguments:
        yield from (Offer(topic, read(topic).partition("\n")[0]) for topic in TOPICS)
    yield from commands(" ".join(cursor.arguments))


def keys(cursor: Cursor, typed: str) -> Iterator[Offer]:
    """The settings, each with what its option says."""
    from ..forms import FORMS
    from ..settings import flag

    yield from (Offer(name, summary(cursor.option(flag(name)))) for name in FORMS)


def fields(cursor: Cursor, typed: str) -> Iterator[Offer]:
    """The fields of the list, after those that stand there already."""
    from ..rows import fields_of

    *chosen, _ = typed.split(",")
    for name in fields_of(cursor.words):
        if name not in chosen:
            yield Offer(",".join([*chosen, name]))


def files(cursor: Cursor, typed: str) -> list[Offer]:
    return [FILES]


def nothing(cursor: Cursor, typed: str) -> list[Offer]:
    return []


SOURCES: dict[str, Source] = {
    "ID": orders,
    "order create ID": nothing,  # it is to be a new one
    "HASH": hashes,
    "CODE": reasons,
    "order create CODE": currencies,
    "NAME|FILE": policies,
    "TYPE": event_types,
    "RULE": rules,
    "TOPIC": topics,
    "schema NAME": schemas,
    "config get KEY": keys,
    "config set KEY": keys,
    "config unset KEY": keys,
    "A,B": fields,
    "PATH": files,
    "PATH|URL": files,
    "STORE": files,
    "FILE": files,
    "FILE|-": files,
}
"""The name that help gives a value, for one command or for all → where the values come from."""
