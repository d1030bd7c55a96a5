"""What a scenario expects of advice where no answer to a command carries it: on an order's page, and with the question for consent."""

import pytest

from tests.service.scenarios import OPENED, ORDER, passes, run, scenario

OFFERED = (OPENED, "{seller: {respond: O-1, refund: 10.00}}")


@pytest.mark.parametrize(
    "steps",
    [
        ("{warns: [A6]}",),
        ("{tick: 1d, warns: [A6]}",),
        (*OFFERED, "{warns: [A3, A7]}"),
        (*OFFERED, "{buyer: {escalate: O-1}, consent: needed, warns: [A7]}"),
    ],
)
def test_advice_on_a_page_and_with_a_question_is_found(steps: tuple[str, ...]) -> None:
    passes(scenario(*steps))


@pytest.mark.parametrize(
    ("step", "expected", "found"),
    [
        ("{warns: []}", "no advice", "A3, A7"),
        ("{warns: [A3, A6]}", "A3, A6", "A3, A7"),
        ("{buyer: {escalate: O-1}, consent: needed, warns: []}", "no advice", "A7"),
        ("{buyer: {accept: O-1}, consent: needed, warns: [A5]}", "A5", "no advice"),
    ],
)
def test_other_advice_fails_with_what_was_found(step: str, expected: str, found: str) -> None:
    (test,) = run(scenario(*OFFERED, step)).tests
    assert [(failure.expected, failure.found) for failure in test.failures] == [(expected, found)]


def test_of_two_orders_the_page_has_to_be_named() -> None:
    orders = ORDER + "  - {id: O-2, price: 9.00}\n"
    passes(scenario("{order: O-2, warns: [A6]}", orders=orders))
    (wrong,) = run(scenario("{warns: [A6]}", orders=orders)).files
    assert wrong.message.startswith("which order is this about?")
