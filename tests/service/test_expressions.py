"""JMESPath by itself: what is no expression, what cannot be answered, and what would grow without end."""

from typing import Any

import pytest

from dispute_cli import query
from dispute_cli.core.malformed import Malformed
from dispute_cli.query import Expression, Unanswerable, as_json

NO_EXPRESSION = {
    "a" * (query.MOST_CHARACTERS + 1): "has 4,097 characters; an expression has at most 4,096",
    "!" * query.MOST_DEPTH + "a": "is nested too deep: at most 64 steps into each other",
    "(" * 2_000: "is nested too deep",
    "a[": "is not JMESPath",
    "lenght(a)": r"JMESPath has no function 'lenght'\. .*'length'",
    "length()": r"length\(\) takes 1 argument\.",
    "contains(a, b, c)": r"contains\(\) takes 2 arguments\.",
}


@pytest.mark.parametrize("text", NO_EXPRESSION)
def test_what_is_no_expression_is_malformed_by_its_option(text: str) -> None:
    with pytest.raises(Malformed, match=NO_EXPRESSION[text]) as caught:
        Expression(text, "until")
    assert caught.value.field == "until" and str(caught.value).startswith("--until")


def test_an_expression_of_just_the_most_characters_is_one() -> None:
    assert Expression("a" * query.MOST_CHARACTERS).find(b"{}") is None


def test_an_expression_of_just_the_most_depth_is_one() -> None:
    assert Expression("!" * (query.MOST_DEPTH - 1) + "a").find(b"{}") is True


def test_a_function_of_any_number_of_arguments_takes_more() -> None:
    assert Expression("not_null(a, b, c)").find(b'{"c": 1}') == 1


@pytest.mark.parametrize(("bound", "most"), [("MOST_STEPS", 3), ("MOST_ITEMS", 2), ("MOST_TEXT", 4)])
def test_a_result_out_of_bounds_is_no_answer(monkeypatch: pytest.MonkeyPatch, bound: str, most: int) -> None:
    data = b'{"a": ["xx", "yy", "z"]}'
    assert Expression("a[*].length(@)").find(data) == [2, 2, 1]
    monkeypatch.setattr(query, bound, most)
    with pytest.raises(Unanswerable, match="--query: its result is too large"):
        Expression("join(`\"\"`, a[*].[@, @][])" if bound == "MOST_TEXT" else "a[*].length(@)").find(data)


def test_small_parts_that_are_too_much_together_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MOST_TEXT", 5)
    assert Expression("a").find(b'{"a": ["xx", "yy", "z"]}') == ["xx", "yy", "z"]
    monkeypatch.setattr(query, "MOST_TEXT", 4)
    with pytest.raises(Unanswerable, match="--query: its result is too large"):
        Expression("a").find(b'{"a": ["xx", "yy", "z"]}')


@pytest.mark.parametrize("expression", ["length(a)", "sum(b)", "a.b | length(@)"])
def test_what_cannot_be_asked_of_the_data_is_no_answer(expression: str) -> None:
    with pytest.raises(Unanswerable, match="--query: "):
        Expression(expression).find(b'{"a": 1, "b": ["x"]}')


@pytest.mark.parametrize(("found", "holds"), [("true", True), ("0", True), ('"x"', True), ("[0]", True), ("null", False), ("false", False), ('""', False), ("[]", False), ("{}", False)])
def test_what_is_found_holds_unless_it_is_null_false_or_empty(found: str, holds: bool) -> None:
    assert Expression("@").holds(found.encode()) is holds


def test_a_found_part_is_told_as_json_and_what_json_cannot_say_is_no_answer() -> None:
    assert as_json({"é": [1, None]}) == '{"é":[1,null]}'.encode()
    nothing: list[Any] = [float("nan"), object()]
    for part in nothing:
        with pytest.raises(Unanswerable, match="--query: "):
            as_json(part)


def test_of_a_long_complaint_the_first_200_characters_are_told() -> None:
    with pytest.raises(Malformed) as caught:
        Expression("a b" + "c" * 400)
    assert len(caught.value.message) == len("--query is not JMESPath: ") + 200
    with pytest.raises(Unanswerable) as unanswered:
        Expression("abs(a)").find(b'{"a": "' + b"x" * 400 + b'"}')
    assert len(unanswered.value.message) == len("--query: ") + 200


def test_an_expression_may_take_so_many_steps_and_not_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MOST_STEPS", 3)
    assert Expression("a.b").find(b'{"a": {"b": 1}}') == 1
    monkeypatch.setattr(query, "MOST_STEPS", 2)
    with pytest.raises(Unanswerable, match="too large"):
        Expression("a.b").find(b'{"a": {"b": 1}}')
