"""Scenario files in a text each, and what came of running them as standard input."""

from dispute_cli import answers as a
from dispute_cli.runs.scenario import suite
from dispute_cli.runs.scenario.choice import Choice

ORDER = "  - {id: O-1, price: 50.00, delivery: 5.00, currency: USD}\n"
OPEN = "buyer: {open: O-1, received: false, reason: delivery_overdue, message: Never came}"
OPENED = "  - at: 31d\n    " + OPEN + "\n"
EXAMPLE = """\
# yaml-language-server: $schema=./scenario.schema.json
scenario: Silent seller
tags: [silence, refund]
init: {start: 2026-01-01, seed: 7, policy: aliexpress}
vars: {reason: delivery_overdue, day: 31d}
orders:
  - {id: O-1, price: 50.00, delivery: 5.00, currency: USD}
steps:
  - name: too early
    at: 29d                                      # from the start; `tick: 30d` is from where we are
    buyer: {open: O-1, received: false, reason: delivery_overdue, message: Never came}
    refused: D4                                  # also proves that nothing changed
  - at: $day
    buyer: {open: O-1, received: false, reason: $reason, message: Never came}
    expect:
      - status == 'awaiting_seller'              # JMESPath over ORDER, as --query
      - dispute.demand.refund == '55.00'
    deadlines: {seller_response: +5d}
    money: {buyer: -55.00, escrow: 55.00, seller: 0.00}      # compared as amounts
    capture: {opened: dispute.opened_at}
  - buyer: {open: O-1, received: false, reason: $reason, message: Twice}
    refused: {rule: D1, exit: 5}
  - tick: 30d
    events: [settled@36d, refund_paid@43d..46d]  # in this order, others may stand between
    expect: [status == 'closed', cause == 'seller_silent']
    money: {buyer: 0.00, seller: 0.00, escrow: 0.00}
cases:                                           # each row is a test of its own
  - {case: overdue}
  - {case: wrong tracking, reason: wrong_tracking}
  - {case: held at customs, reason: held_at_customs, tags: [customs]}
"""
"""The one that the documentation shows."""


def scenario(*steps: str, orders: str = ORDER, more: str = "") -> str:
    """A scenario of these steps, each a mapping's text; `more`: other keys of the file."""
    return f"scenario: T\n{more}orders:\n{orders}steps:\n" + "".join(step if step.startswith("  - ") else f"  - {step}\n" for step in steps)


def run(text: str | bytes, **choice: object) -> a.Tested:
    """Run what stands on standard input."""
    data = text if isinstance(text, bytes) else text.encode()
    return suite.run(Choice(paths=("-",), **choice), lambda: data)  # type: ignore[arg-type]  # choices are passed on as they are


def passes(text: str) -> a.Test:
    """The one test of a text, which passes."""
    (test,) = run(text).tests
    assert test.outcome == "passed", test.failures
    return test


def unmet(text: str) -> a.Unmet:
    """The one thing that does not hold in a text."""
    tested = run(text)
    assert not tested.files, tested.files
    (test,) = tested.tests
    (failure,) = test.failures
    return failure


def wrong(text: str | bytes) -> a.WrongFile:
    """What is wrong with a text that is no scenario."""
    tested = run(text)
    (file,) = tested.files
    assert not tested.tests
    return file


def meant(place: a.Unmet | a.WrongFile) -> str:
    """The part of the line that the caret stands under."""
    line, caret = place.excerpt
    return line[caret.index("^") : len(caret)]
