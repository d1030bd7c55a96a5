"""What was proved of policies, for people: each property, the shortest story into a trap, and what can be told in numbers."""

from collections.abc import Iterator
from datetime import timedelta

from ... import answers as a
from .shape import EMPTY, Block, Ink, Line, Paste, Table, length, plain, title


def proofs(answer: a.PoliciesChecked) -> list[Block]:
    return [block for policy in answer.policies for block in proof(policy)][:-1]


def proof(policy: a.PolicyChecked) -> Iterator[Block]:
    """One policy: what holds and what does not, then its figures."""
    yield title(policy.name if policy.file == policy.name else f"{policy.file} ({policy.name})")
    for one in policy.properties:
        yield Ink("holds    ", "green") if one.holds else Ink("refuted  ", "red"), one.sentence
        if one.message:
            yield (f"         {one.message}",)
        yield from map(turn, one.story)
    yield EMPTY
    yield (f"{policy.states:,} states, {policy.moves:,} moves tried; the longest story needs {policy.most_moves} moves",)
    yield (f"to the refund at most {span(policy.longest_to_refund)}, to the release {span(policy.longest_to_release)}, if everybody is silent afterwards",)
    yield EMPTY
    yield Table(("silent", "while", "until", "buyer loses", "seller loses"), [(c.actor, c.status, c.deadline, c.buyer, c.seller) for c in policy.costs])
    yield EMPTY


def turn(turn: a.Turn) -> Line:
    when = f"           {plain(turn.at)}  {turn.actor}  "
    return (when, Paste(turn.command, turn.args)) if turn.args else (when, turn.command)


def span(span: timedelta) -> str:
    return length(span)
