"""--query: checked before anything is done, bounded in every direction, and told apart from what it did."""

import pytest

from tests.run import Place

DOUBLING = " | ".join(["[@,@]"] * 60)


@pytest.mark.parametrize(
    "expression",
    ["", "((", "(" * 5000, "a" + "|a" * 20_000, "a" * 4097, "!" * 1000 + "a", "@" + "|@" * 1000, "order.["],
)
def test_a_bad_expression_is_usage_before_anything_is_done(dispute: Place, expression: str) -> None:
    before = dispute.bytes()
    ran = dispute("message", "O-1", "x", "--query", expression)
    assert (ran.code, ran.error["code"]) == (2, "usage")
    assert dispute.bytes() == before


@pytest.mark.parametrize(
    "expression", ["abs(order)", "nope(@)", DOUBLING, "join('', [now, order])", "&order", f"to_string({DOUBLING})", f"({DOUBLING}) == `1`"]
)
def test_what_cannot_be_answered_is_told(dispute: Place, expression: str) -> None:
    ran = dispute("status", "O-1", "--query", expression)
    assert (ran.code, ran.error["code"]) == (2, "usage")
    assert "--query" in ran.err


@pytest.mark.parametrize("expression", ["nope(@)", "abs()", "length(@, @)", "[?lenght(id) > `1`]"])
def test_a_function_that_is_none_is_usage_before_anything_is_done(dispute: Place, expression: str) -> None:
    before = dispute.bytes()
    ran = dispute("message", "O-1", "x", "--query", expression)
    assert (ran.code, ran.error["code"]) == (2, "usage")
    assert dispute.bytes() == before


def test_what_was_done_before_the_query_failed_is_said_to_be_done(dispute: Place) -> None:
    ran = dispute("message", "O-1", "x", "--query", "abs(order)")
    assert (ran.code, ran.error["code"], ran.error["outcome_unknown"]) == (1, "fault", True)
    assert ran.error["message"].startswith("it is done and recorded, only the answer could not be told")
    assert ran.json["now"] == "2026-01-01T00:00:00Z"
    assert "idempotency key" in ran.error["hint"]
    assert len(dispute.ok("events", "O-1", "--json").json["events"]) == 2


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("order.status", '"protected"'),
        ("order.nothing", "null"),
        ("[order.total, ok]", '["55.00",true]'),
        ("length(order.possible[*].command)", "9"),
    ],
)
def test_the_whole_answer_is_asked(dispute: Place, expression: str, answer: str) -> None:
    assert dispute.ok("status", "O-1", "--query", expression).out == answer + "\n"


def test_an_error_is_told_whole(dispute: Place) -> None:
    assert dispute("status", "O-9", "--query", "order.status").error["code"] == "not_found"
