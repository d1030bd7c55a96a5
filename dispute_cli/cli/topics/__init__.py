"""The topics of `dispute help`: texts beside this file, with slots for what the code knows. No figure of the code is written twice."""

import os
import re
from collections.abc import Callable
from textwrap import fill, wrap
from typing import Any

from ...core.words import Kind
from ...diagrams import LASTS
from .. import tree

FOLDER = os.path.dirname(__file__)
WIDTH = 80
"""Columns that a topic takes at most."""
WHOLE: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
"""An option is not broken at its hyphens."""
Rows = list[tuple[str, str]]

TOPICS = (
    "getting-started",
    "time",
    "money",
    "evidence",
    "consent",
    "json",
    "formats",
    "exit-codes",
    "batch",
    "scenarios",
    "idempotency",
    "environment",
    "configuration",
    "policies",
    "completion",
)
"""In the order in which a newcomer may read them."""

SLOT = re.compile(r"%(\w+)%")
"""Where a topic shows what the code knows."""


def topic(name: str, width: int = WIDTH) -> str:
    """A topic as it is shown, its slots filled: prose flows, what is indented stands."""
    text = SLOT.sub(lambda slot: filled(SLOTS[slot[1]](), width), read(name))
    return "\n\n".join(block if block.startswith(" ") else fill(block, min(width, WIDTH), **WHOLE) for block in text.strip().split("\n\n")) + "\n"


def read(name: str) -> str:
    with open(os.path.join(FOLDER, f"{name}.txt"), encoding="utf-8") as file:
        return file.read()


def filled(known: str | Rows, width: int) -> str:
    return known if isinstance(known, str) else "\n".join(indented(known, width))


def indented(rows: Rows, width: int) -> list[str]:
    """Lines of words and what they mean, the second column lined up."""
    first = max(len(word) for word, _ in rows)
    wrapped = ((word, wrap(means, min(width, WIDTH) - first - 4, **WHOLE)) for word, means in rows)
    return [f"  {word if not place else '':{first}}  {line}" for word, lines in wrapped for place, line in enumerate(lines)]


def exits() -> Rows:
    from ..outline import exits

    return [(str(row.exit), row.means) for row in exits()]


def variables() -> Rows:
    from ..forms import FORMS

    options: Any = tree.root().params
    helps = {option.opts[-1]: option.help for option in options}
    return [(f"DISPUTE_{name.upper()}", helps[f"--{name.replace('_', '-')}"]) for name in FORMS]


def others() -> Rows:
    return list(OTHERS.items())


def keys() -> Rows:
    from ..forms import FORMS

    return [(name, "a text" if form else "true or false") for name, form in FORMS.items()]


def deadlines() -> Rows:
    return [(kind.value, f"{waits(*LASTS[kind])}: {means}") for kind, means in SILENCE.items()]


def waits(*keys: str) -> str:
    """How long, by the default policy."""
    return " to ".join(str(figure(key)) for key in keys) + " days"


def consent() -> Rows:
    from ..outline import CONSENT

    return [(words, f"{what} ({rules})") for words, (what, rules) in CONSENT.items()]


def policies() -> Rows:
    from ...policies import load, names

    return [(name, load(name).title) for name in names()]


def figure(key: str) -> Any:
    from ... import book
    from ...policies import DEFAULT, load

    return book.figure(load(DEFAULT), key)["value"]


def shells() -> str:
    from ..completion import SHELLS

    return f"  {', '.join(SHELLS)}"


SILENCE = {
    Kind.PROTECTION: "the escrow is released, or nothing while disputed",
    Kind.SELLER_RESPONSE: "the demand is paid",
    Kind.BUYER_RESPONSE: "the dispute turns into a claim",
    Kind.RETURN_SEND: "the escrow is released",
    Kind.RETURN_ACKNOWLEDGE: "the return counts as received",
    Kind.EVIDENCE: "evidence is locked again",
    Kind.REVIEW: "the claim is settled",
    Kind.PAYOUT: "the refund is paid",
}
"""A kind of deadline → what silence to its end means."""

OTHERS = {
    "NO_COLOR": "no colour; FORCE_COLOR: colour also in a pipe; --color beats both",
    "COLUMNS": "how wide tables and help are laid out",
    "TERM": "`dumb`: no colour and no progress",
    "CI": "nobody is asked for consent",
    "XDG_CONFIG_HOME": "where your settings file is looked for",
    "DISPUTE_TRACEBACK": "1: show where a fault of ours happened",
}
"""Variables that are no option's."""

SLOTS: dict[str, Callable[[], str | Rows]] = {
    "exits": exits,
    "variables": variables,
    "others": others,
    "keys": keys,
    "deadlines": deadlines,
    "consent": consent,
    "policies": policies,
    "payout": lambda: waits(*LASTS[Kind.PAYOUT]),
    "formats": lambda: ", ".join(figure("evidence.formats")),
    "most_bytes": lambda: f"{figure('evidence.most_bytes'):,}",
    "shells": shells,
}
"""What a topic shows of the code, by the slot's name."""
