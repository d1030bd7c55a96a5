"""Hostile JMESPath: bounded in length, depth, steps and size, refused before anything is done, and never a hang or a traceback."""

import pytest

from tests.run import Place

from .judging import refused, refused_here, short

DOUBLING = " | ".join(["[@,@]"] * 60)


@pytest.mark.parametrize("expression", ["(" * 5000, "a" + "|a" * 20_000, "a" * 4097], ids=short)
def test_too_long_an_expression_is_usage_before_anything_is_done(dispute: Place, expression: str) -> None:
    refused(
        dispute,
        2,
        "message",
        "O-1",
        "x",
        "--query",
        expression,
        says=f"--query has {len(expression):,} characters; an expression has at most 4,096",
    )


@pytest.mark.parametrize(
    "expression",
    ["(" * 2000 + "a" + ")" * 2000, "a" + "|a" * 2000, "!" * 4000 + "a", "[" * 1000 + "]" * 1000, "a" + "[*]" * 1000, "&" * 4000 + "a"],
    ids=short,
)
def test_too_deep_an_expression_is_usage_before_anything_is_done(dispute: Place, expression: str) -> None:
    refused_here(dispute, 2, "message", "O-1", "x", "--query", expression, says="--query")


@pytest.mark.parametrize(
    "expression",
    ["((", "order.[", "'", "`", '"', "a b", "\x1b[31m", "a[", "a[1e3]", "[::", "@@", "\u202e", "١", "{a}", "a.*.", "$", "%s", "\n"],
    ids=short,
)
def test_what_is_no_expression_is_usage_before_anything_is_done(dispute: Place, expression: str) -> None:
    refused_here(dispute, 2, "message", "O-1", "x", "--query", expression, says="--query")


def test_no_expression_is_usage(dispute: Place) -> None:
    refused_here(dispute, 2, "message", "O-1", "x", "--query=", says="is empty")


def test_an_answer_that_would_never_end_is_refused(dispute: Place) -> None:
    refused(dispute, 2, "status", "O-1", "--query", DOUBLING, says="its result is too large")


@pytest.mark.parametrize(
    "expression",
    [
        "nope(@)",
        "abs(order)",
        "abs()",
        "length(`1`)",
        "join('', [now, order])",
        "sort(@)",
        "sort_by(order.possible, &@)",
        "max_by(order.possible, &until)",
        "&order",
        f"to_string({DOUBLING})",
        f"({DOUBLING}) == `1`",
        "map(&[@,@], order)",
        "order.possible[::0]",
        "to_number(order)[0] | abs(@)",
    ],
    ids=short,
)
def test_what_cannot_be_asked_of_an_answer_is_usage(dispute: Place, expression: str) -> None:
    refused_here(dispute, 2, "status", "O-1", "--query", expression, says="--query")


@pytest.mark.parametrize(
    "expression",
    [
        "nothing",
        "[::0]",
        "a" + ".a" * 2000,
        "order.nothing[0].x",
        "`1e400`",
        "`9" + "9" * 400 + "`",
        "a[99999999999999999999]",
        "order.id[0]",
        "[0:9999999999]",
        'to_string(`"\\u001b"`)',
    ],
    ids=short,
)
def test_what_is_only_odd_is_answered(dispute: Place, expression: str) -> None:
    ran = dispute("status", "O-1", "--query", expression)
    assert ran.code in (0, 2)
    assert "Traceback" not in ran.err and "a fault of ours" not in ran.err
    assert ran.out.count("\n") == 1
