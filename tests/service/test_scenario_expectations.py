"""Every kind of expectation, holding and not: what was expected, what was found instead, and the place that is pointed at."""

from base64 import b64encode

import pytest

from tests.pictures import PNG

from .scenarios import OPEN, OPENED, meant, passes, run, scenario, unmet

BOTH = "  - {id: O-1, price: 50.00}\n  - {id: O-2, price: 20.00, currency: EUR}\n"

HOLD = [
    "{expect: status == 'protected'}",
    "{expect: [\"status == 'protected'\", \"length(messages) == `0`\", \"deadlines[0].kind\"]}",
    "{at: 31d, " + OPEN + ", events: [dispute_opened]}",
    "{at: 31d, " + OPEN + ", events: [dispute_opened@31d, message_sent@2026-02-01T00:00:00Z]}",
    "{tick: 31d, " + OPEN + ", deadlines: {seller_response: +5d, payout: none}}",
    "{at: 31d, " + OPEN + ", deadlines: {seller_response: 36d}}",
    "{at: 31d, " + OPEN + ", deadlines: {seller_response: 35d..37d}}",
    "{money: {buyer: -55, escrow: 55.0, seller: 0, carrier: 0.00}}",
    "{tick: 1d, events: []}",
    "{at: 2026-01-05T12:00:00Z, expect: status}",
    "{tick: {until-idle: true}, expect: status == 'closed'}",
    "{tick: {until_idle: true}, expect: status == 'closed'}",
    "{tick: {to: 2d}, events: []}",
    "{tick: {next: true, before: true}, expect: status == 'protected'}",
    "{tick: {until: [O-1, status == 'closed']}, expect: status == 'closed'}",
    "{seller: {order ship: O-1, tracking: TRACK-1234}, events: [shipped]}",
    "{buyer: {open: O-1, received: false, reason: delivery_overdue, message: x}, refused: D4}",
    "{buyer: {open: O-1, received: false, reason: delivery_overdue, message: x}, refused: {exit: 5}}",
    "{buyer: {open: O-1, received: false, reason: delivery_overdue, message: x}, refused: {rule: D4, exit: 5}}",
    "{buyer: {open: O-1, received: maybe, reason: delivery_overdue, message: x}, refused: {exit: 2, field: received}}",
    "{buyer: {open: O-9, received: false, reason: delivery_overdue, message: x}, refused: {exit: 3}, expect: []}",
    "{buyer: {order confirm: O-1}, consent: needed, events: []}",
    "{buyer: {order confirm: O-1, yes: true}, events: [receipt_confirmed]}",
]


@pytest.mark.parametrize("step", HOLD)
def test_an_expectation_that_holds_passes(step: str) -> None:
    assert passes(scenario(step)).steps == 1


FAIL = [
    ("{expect: status == 'closed'}", "== \"closed\"", '"protected"', "status == 'closed'"),
    ("{expect: \"length(messages[?by == 'buyer']) == `1`\"}", "== 1", "0", "\"length(messages[?by == 'buyer']) == `1`\""),
    ("{expect: ['status', \"price < '1'\"]}", "< \"1\"", '"50.00"', '"price < \'1\'"'),
    ("{expect: dispute}", "dispute", "null", "dispute"),
    ("{expect: \"contains(status, 'x')\"}", "contains(status, 'x')", "false", "\"contains(status, 'x')\""),
    ("{expect: abs(status)}", "abs(status)", "it cannot be asked", "abs(status)"),
    ("{deadlines: {seller_response: 3d}}", "3d", "none", "3d"),
    ("{deadlines: {protection: none}}", "no protection", "60d", "none"),
    ("{deadlines: {protection: +1d}}", "+1d", "+60d", "+1d"),
    ("{deadlines: {protection: 1d..2d}}", "1d..2d", "60d", "1d..2d"),
    ("{money: {buyer: 0.00}}", "buyer 0.00", "buyer -55.00", "0.00"),
    ("{at: 31d, " + OPEN + ", events: [settled]}", "settled", "dispute_opened@31d, message_sent@31d", "settled"),
    ("{at: 31d, " + OPEN + ", events: [dispute_opened@30d]}", "dispute_opened@30d", "dispute_opened@31d, message_sent@31d", "dispute_opened@30d"),
    ("{at: 31d, " + OPEN + ", events: [message_sent, dispute_opened]}", "dispute_opened", "dispute_opened@31d, message_sent@31d", "dispute_opened"),
    ("{at: 31d, " + OPEN + ", events: []}", "no events", "dispute_opened@31d, message_sent@31d", "[]"),
    ("{tick: 1d, events: [settled]}", "settled", "no events", "settled"),
    ("{at: 31d, " + OPEN + ", refused: D4}", "refused by D4", "it was done", "D4"),
    ("{" + OPEN + ", refused: D7}", "refused by D7", "refused by D4, exit 5", "D7"),
    ("{" + OPEN + ", refused: {rule: D4, exit: 4}}", "refused by D4, exit 4", "refused by D4, exit 5", "{rule: D4, exit: 4}"),
    ("{" + OPEN + "}", "it is done", "refused by D4, exit 5", OPEN.removeprefix("buyer: ")),
    ("{" + OPEN + ", consent: needed}", "consent needed", "refused by D4, exit 5", "needed"),
    ("{buyer: {order confirm: O-1, yes: true}, consent: needed}", "consent needed", "it was done", "needed"),
    ("{buyer: {message: O-1, text: Hello}, warns: [A3]}", "A3", "no advice", "[A3]"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "expected", "found", "pointed"), FAIL)
def test_one_that_does_not_hold_is_told_with_what_was_found_and_its_place(step: str, expected: str, found: str, pointed: str) -> None:
    failure = unmet(scenario(step))
    assert (failure.step, failure.expected, failure.found, meant(failure)) == (1, expected, found, pointed)
    assert failure.file == "-" and failure.line == 5 and failure.message


def test_consent_that_was_not_expected_is_told() -> None:
    failure = unmet(scenario("{buyer: {order confirm: O-1}}"))
    assert failure.expected == "it is done" and failure.found.startswith("consent needed")


def test_every_expectation_of_a_step_that_does_not_hold_is_told_in_their_order() -> None:
    (test,) = run(scenario("{expect: [\"status == 'x'\", \"id == 'y'\"], deadlines: {payout: 1d}, money: {escrow: 0, seller: 9}}", "expect: dispute")).tests
    assert [failure.found for failure in test.failures] == ['"protected"', '"O-1"', "none", "escrow 55.00", "seller 0.00"]
    assert test.steps == 1, "the step that does not hold is the last"


def test_a_failure_comes_with_its_step_its_events_and_the_command_that_shows_it_again() -> None:
    (test,) = run(scenario(OPENED, "{name: look, expect: status == 'x'}")).tests
    assert [event["type"] for event in test.events] == ["order_created", "dispute_opened", "message_sent"]
    assert (test.failures[0].step, test.failures[0].name) == (2, "look")
    assert test.reproduce == "dispute test - --from 2 --to 2"


def test_an_amount_of_more_decimals_than_its_currency_does_not_hold() -> None:
    failure = unmet(scenario("{capture: {id: id}}", "{order: $id, money: {escrow: 55.000}}"))
    assert (failure.message, meant(failure)) == ("'55.000' has 3 decimals; an amount in USD has at most 2, such as 19.99.", "55.000")


def test_what_cannot_be_captured_does_not_hold() -> None:
    failure = unmet(scenario("{capture: {a: status, b: sum(status)}}"))
    assert failure.message.startswith("the expression: In function sum()") and meant(failure) == "sum(status)"


# Refusals, advice


def test_what_was_refused_is_pointed_at() -> None:
    assert meant(unmet(scenario("{at: 3d}", "{at: 1d, buyer: {message: O-1, text: Hi}}"))) == "1d"
    assert meant(unmet(scenario("{at: 3d}", "{tick: {to: 2d}, buyer: {message: O-1, text: Hi}}"))) == "{to: 2d}"
    assert meant(unmet(scenario("{at: 3d, buyer: {accept: O-1}}"))) == "{accept: O-1}"


def test_a_refusal_proves_that_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = iter(range(100))
    monkeypatch.setattr("dispute_cli.runs.market.Market.mark", lambda market: next(mark))
    failure = unmet(scenario("{" + OPEN + ", refused: D4}"))
    assert (failure.expected, failure.found) == ("nothing changes", "something was recorded")


def test_a_step_refused_after_the_clock_moved_is_refused_all_the_same() -> None:
    passes(scenario("{at: 29d, " + OPEN + ", refused: D4, events: []}", "{expect: \"paid_at == '2026-01-01T00:00:00Z'\"}"))


def test_none_as_a_rule_says_that_it_is_done() -> None:
    passes(scenario("{at: 31d, " + OPEN + ", refused: none}"))
    assert unmet(scenario("{" + OPEN + ", refused: none}")).found == "refused by D4, exit 5"


GERMAN = "{buyer: {message: O-1, text: 'Die Tasse ist leider zerbrochen und ich möchte mein Geld zurück'}, warns: %s}"


def test_advice_that_is_named_is_told() -> None:
    passes(scenario(GERMAN % "[A1]"))
    failure = unmet(scenario(GERMAN % "[A1, A3]"))
    assert (failure.expected, failure.found, meant(failure)) == ("A1, A3", "A1", "[A1, A3]")


def test_an_empty_list_of_advice_says_that_none_is_told() -> None:
    passes(scenario("{buyer: {message: O-1, text: 'Where is it, please tell me'}, warns: []}"))
    failure = unmet(scenario(GERMAN % "[]"))
    assert (failure.expected, failure.found) == ("no advice", "A1")


# Which order


def test_an_expectation_is_about_the_order_of_its_step_else_about_the_one_it_names() -> None:
    passes(scenario("{buyer: {message: O-2, text: Hi}, expect: id == 'O-2'}", "{order: O-1, expect: id == 'O-1', money: {escrow: 50}}", orders=BOTH))
    assert unmet(scenario("{buyer: {message: O-2, text: Hi}, order: O-1, events: [message_sent]}", orders=BOTH)).found == "no events"


def test_the_lines_of_a_purchase_are_named() -> None:
    purchase = "  - {id: P-1, item: ['Cup=10.00', 'Pot=20.00']}\n"
    passes(scenario("{order: P-1/2, expect: total == '20.00'}", "{tick: 1d, order: P-1/1, money: {escrow: 10}}", orders=purchase))


def test_an_order_may_be_made_on_the_way() -> None:
    passes(scenario("{buyer: {order create: O-2, price: 7.00}, expect: price == '7.00'}", "{order: O-2, expect: total == '7.00'}"))


def test_a_duration_says_until_when_an_order_is_to_be_delivered() -> None:
    passes(scenario("expect: deliver_by == '2026-01-11T00:00:00Z'", orders="  - {id: O-1, price: 5.00, deliver_by: 10d}\n"))


# Files that are brought along


def test_evidence_and_policies_come_in_the_file() -> None:
    more = "files:\n  note.txt: {text: Hello}\n  cup.png: {base64: %s}\n"
    text = scenario(
        "{at: 31d, buyer: {open: O-1, received: false, reason: delivery_overdue, message: Never came, evidence: cup.png}, expect: \"evidence[0].name == 'cup.png'\"}",
        more=more % b64encode(PNG).decode(),
    )
    passes(text)
    failure = unmet(text.replace("evidence: cup.png}", "evidence: [note.txt]}"))
    assert failure.found.startswith("refused by V")
