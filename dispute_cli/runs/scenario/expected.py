"""What a step expects, read: refusals, advice, events, expressions, amounts. Whether it holds is not looked at here."""

import re
from datetime import datetime

from ... import questions as q
from ...core import money
from ...core.malformed import Malformed, guess, quote
from ...core.rules import BOOK
from ...core.words import Kind
from ...query import Expression
from . import times
from .document import Part, unknown
from .fields import slips
from .model import Refused, Step
from .source import WrongFile
from .variables import Variables

REFUSED = (2, 3, 4, 5, 6, 8)
"""The exit codes of what a command is refused with."""
ADVICE = [rule.id for rule in BOOK.values() if rule.kind == "advises"]
ADVISED = f"There is {', '.join(ADVICE)}."
BARE_NUMBER = re.compile(r"[=<>]\s*-?[0-9]")
LITERALS = "In JMESPath a text stands in '…', and true or a number in `…`."


def refusal(step: Step) -> Refused | None:
    """How it must be refused; `none`, as a row of a table says it, is not at all."""
    if isinstance(step.refused, str):
        return None if step.refused == "none" else Refused(rule=step.refused)
    return step.refused


def expected(step: Step) -> tuple[str, ...]:
    return (step.expect,) if isinstance(step.expect, str) else step.expect


def expression(part: Part, text: str, variables: Variables, *below: str | int) -> Expression:
    """Read an expression on ORDER; `WrongFile` where it is none, or asks for what ORDER never has."""
    try:
        read = Expression(variables.expression(text), None)
    except Malformed as fault:
        raise part.wrong(fault.message, *below, hint=LITERALS if BARE_NUMBER.search(text) else None) from None
    for slip in slips(read.tree):
        if slip.compared:
            raise part.wrong(f"unknown field {quote(slip.name)}.", *below, hint=LITERALS)
        raise part.wrong(unknown(slip.name, slip.known), *below)
    return read


def check_expectations(part: Part, step: Step, refused: Refused | None, start: datetime) -> None:
    """Raise `WrongFile` at an expectation that could never be read."""
    if refused:
        check_refusal(part, step, refused)
    check_told(part, step, start)
    check_state(part, step, start)


def check_refusal(part: Part, step: Step, refused: Refused) -> None:
    if refused.rule is not None and refused.rule not in BOOK:
        raise part.wrong(f"there is no rule {quote(refused.rule)}. {guess(refused.rule, BOOK)}".strip(), "refused")
    if refused.exit not in (None, *REFUSED):
        raise part.wrong(f"nothing is refused with exit code {refused.exit}: it is {', '.join(map(str, REFUSED))}.", "refused", "exit")
    if refused.rule is None and refused.exit is None:
        raise part.wrong("say by which rule, or with which exit code.", "refused")
    if step.consent:
        raise part.wrong("a step is refused or needs consent, not both.", "consent")


def check_told(part: Part, step: Step, start: datetime) -> None:
    """Advice and events."""
    for index, rule in enumerate(step.warns or ()):
        if rule not in ADVICE:
            raise part.wrong(f"{quote(rule)} is no advice. {guess(rule, ADVICE) or ADVISED}".strip(), "warns", index)
    for index, text in enumerate(step.events or ()):
        type, at, time = text.partition("@")
        if type not in q.EVENT_TYPES:
            raise part.wrong(f"{quote(type)} is no type of event. {guess(type, q.EVENT_TYPES)}".strip(), "events", index)
        if at:
            readable(part, time, start, "events", index)


def check_state(part: Part, step: Step, start: datetime) -> None:
    """Deadlines and amounts."""
    for kind, text in step.deadlines.items():
        if kind not in list(Kind):
            raise WrongFile(part.source.key_place((*part.way, "deadlines"), kind), unknown(kind, list(Kind)))
        if text not in ("none", "null"):
            readable(part, text, start, "deadlines", kind)
    for party, amount in step.money.items():
        try:
            money.check(amount.removeprefix("-"), str(party))
        except Malformed as fault:
            raise part.wrong(fault.message, "money", party) from None


def readable(part: Part, text: str, start: datetime, *below: str | int) -> None:
    try:
        times.when(text, start, start)
    except Malformed as fault:
        raise part.wrong(fault.message, *below) from None
