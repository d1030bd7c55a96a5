"""Expectations rewritten in place: comments and layout stay, and what was rewritten holds."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispute_cli import answers as a
from dispute_cli.core.malformed import Malformed
from dispute_cli.runs.scenario import suite
from dispute_cli.runs.scenario.choice import Choice
from dispute_cli.runs.scenario.notation import quoted
from dispute_cli.runs.scenario.source import WrongFile

from .scenarios import EXAMPLE, OPEN, OPENED, scenario

NAME = "a.dispute.yaml"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def update(*paths: str, **choice: object) -> a.Tested:
    return suite.run(Choice(paths=paths or (NAME,), update=True, **choice), lambda: b"")  # type: ignore[arg-type]  # choices are passed on as they are


def left(told: a.Tested) -> set[str | None]:
    """Why what does not hold was left."""
    return {failure.left for test in told.tests for failure in test.failures}


def updated(text: str, count: int | None = None) -> str:
    """The text after rewriting, which passes and is not rewritten again."""
    Path(NAME).write_bytes(text.encode())
    told = update()
    after = Path(NAME).read_bytes()
    assert told.ok and told.updated == (told.updated if count is None else count), told
    again = update()
    assert again.ok and again.updated == 0 and Path(NAME).read_bytes() == after
    return after.decode()


def test_what_holds_is_not_touched() -> None:
    Path(NAME).write_text(EXAMPLE)
    before = os.stat(NAME)
    assert update().updated == 0
    assert os.stat(NAME).st_ino == before.st_ino, "not even written anew"


SPOILED = [
    ("dispute.demand.refund == '55.00'", "dispute.demand.refund == '54.00'"),
    ("seller_response: +5d", "seller_response: +6d"),
    ("money: {buyer: -55.00, escrow: 55.00", "money: {buyer: -5.00, escrow: 5.00"),
    ("settled@36d", "settled@37d"),
    ("status == 'closed', cause == 'seller_silent'", "status == 'open', cause == 'buyer_silent'"),
    ("refused: D4 ", "refused: D7 "),
]


def test_a_file_is_as_it_was_before_it_was_spoiled_in_every_place() -> None:
    text = EXAMPLE
    for right, spoiled in SPOILED:
        text = text.replace(right, spoiled)
    assert updated(text, 8) == EXAMPLE


KEPT = [
    ("expect: status == 'x'   # why", "expect: status == 'protected'   # why"),
    ("expect: \"status == 'x'\"", "expect: \"status == 'protected'\""),
    ("expect: 'status == ''x'''", "expect: 'status == ''protected'''"),
    ("expect: [\"status == 'x'\"  ,  \"id == 'é'\"]", "expect: [\"status == 'protected'\"  ,  \"id == 'O-1'\"]"),
    ("expect: [status == 'x', length(evidence) == `1`]", "expect: [status == 'protected', length(evidence) == `0`]"),
    ("expect:\n      - status == 'x' # é\n      # ü\n      - title == 'y'", "expect:\n      - status == 'protected' # é\n      # ü\n      - title == `null`"),
    ("expect: |\n      status == 'x'\n", "expect: |\n      status == 'protected'\n"),
    ("expect: >-\n      status\n      == 'x'\n", "expect: >-\n      status == 'protected'\n"),
    ("expect: status\n      == 'x'", "expect: status == 'protected'"),
    ("expect: \"length(messages[?by == 'x']) == `1`\"", "expect: \"length(messages[?by == 'x']) == `0`\""),
    ("expect: \"delivery == 'a==b'\"", "expect: \"delivery == '5.00'\""),
    ("money: {buyer: \"1\",\n      seller: '2'}", "money: {buyer: \"-55.00\",\n      seller: '0.00'}"),
    ("deadlines:\n      protection:   3d # three\n      payout: 4d", "deadlines:\n      protection:   60d # three\n      payout: none"),
    ("deadlines: {protection: none}", "deadlines: {protection: 60d}"),
    ("deadlines: {protection: +1d}", "deadlines: {protection: +60d}"),
    ("tick: 100d\n    events: []", "tick: 100d\n    events: [protection_ended@60d, settled@60d, closed@60d]"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), KEPT)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_comments_layout_and_quotes_are_kept(before: str, after: str, ends: str) -> None:
    spoiled, mended = (scenario(f"{step}\n  # é 😀 the end\n").replace("\n", ends) for step in (before, after))
    assert updated(spoiled) == mended


@pytest.mark.parametrize("said", ["a: b", "a # b", "a: 'b' # c"])
def test_a_text_that_cannot_stand_bare_is_quoted(said: str) -> None:
    step = f"buyer: {{message: O-1, text: {quoted(said)}}}\n    expect:\n      - messages[0].text == "
    bare = f"messages[0].text == {literal(said)}"
    assert updated(scenario(step + "'x' # why"), 1) == scenario(step.removesuffix("messages[0].text == ") + "'" + bare.replace("'", "''") + "' # why")


GERMAN = "buyer: {message: O-1, text: 'Die Tasse ist leider zerbrochen und ich möchte mein Geld zurück'}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("warns: [A3, A1]", "warns: [A1]"),
        ("warns: []", "warns: [A1]"),
        ("warns:\n      - A3 # low\n      - A1 # German\n      # all", "warns:\n      - A1 # German\n      # all"),
        ("warns:\n    - A3\n    - A5\n    # none", "warns:\n    - A1\n    # none"),
    ],
)
def test_a_list_of_advice_is_rewritten_and_what_stays_keeps_its_comment(before: str, after: str) -> None:
    text = scenario(GERMAN + "    " + before)
    assert updated(text, 1) == scenario(GERMAN + "    " + after)


def test_advice_where_none_is_told_is_no_list_any_more() -> None:
    hello = "buyer: {message: O-1, text: Hello my friend}\n    "
    assert updated(scenario(hello + "warns:\n    - A3 # x"), 1) == scenario(hello + "warns: []")


def test_later_steps_are_rewritten_once_the_earlier_hold() -> None:
    text = scenario("{expect: status == 'x'}", OPENED, "{expect: status == 'y'}", "{tick: 1d, expect: status == 'z'}")
    after = updated(text, 3)
    assert after.count("'protected'") == 1 and after.count("'awaiting_seller'") == 2


# What cannot be rewritten


def test_a_refusal_that_was_not_expected_ends_it_and_is_told() -> None:
    Path(NAME).write_text(scenario("{expect: status == 'x'}", "{" + OPEN + ", expect: status == 'y'}", "{expect: status == 'z'}"))
    told = update()
    assert (told.updated, told.failed) == (1, 1)
    assert told.tests[0].failures[0].found == "refused by D4, exit 5"
    assert "'protected'" in Path(NAME).read_text() and "'z'" in Path(NAME).read_text()


NO_VALUE, NO_TEXT = "it is no comparison with a value", "no other text there would hold"
DIFFER = "other tests need it otherwise, or it would not be read back as it is meant"
LEFT = [("{expect: dispute}", NO_VALUE), ("{expect: \"price < '1'\"}", NO_VALUE), ("{tick: 1d, events: [settled]}", NO_TEXT), ("{at: 31d, " + OPEN + ", refused: D4}", NO_TEXT)]


@pytest.mark.parametrize(("step", "why"), LEFT)
def test_what_has_no_one_text_is_left_and_told(step: str, why: str) -> None:
    Path(NAME).write_text(scenario(step))
    told = update()
    assert (told.updated, told.failed) == (0, 1) and Path(NAME).read_text() == scenario(step)
    assert left(told) == {why} and left(suite.run(Choice(paths=(NAME,)), lambda: b"")) == {None}


CASES = "vars: {note: x}\ncases:\n  - {case: a, id: Hello you}\n  - {case: b, id: Hello me}\n"
SAID = "buyer: {message: O-1, text: $id}\n    expect:\n      - messages[0].text == '%s'\n      - status == 'x'"


@pytest.mark.parametrize("held", ["neither", "Hello you", "Hello me"])
def test_a_place_where_cases_want_different_texts_is_left_and_told(held: str) -> None:
    Path(NAME).write_text(scenario(SAID % held, more=CASES))
    told = update()
    assert (told.updated, told.failed) == (1, 2 if held == "neither" else 1)
    assert Path(NAME).read_text() == scenario(SAID % held, more=CASES).replace("status == 'x'", "status == 'protected'")
    assert left(told) == {DIFFER}


def test_a_text_with_a_variable_is_left_and_told() -> None:
    text = scenario("{deadlines: {protection: $due}, expect: status == $due}", more="vars: {due: 3d}\n")
    Path(NAME).write_text(text)
    told = update()
    assert (told.updated, told.failed, Path(NAME).read_text()) == (0, 1, text)
    assert left(told) == {"it holds a variable"}


def test_what_would_be_too_long_an_expression_is_left_and_told() -> None:
    text = scenario(f"{{buyer: {{message: O-1, text: {'long ' * 1000}}}, expect: \"messages[0].text == 'x'\"}}")
    Path(NAME).write_text(text)
    told = update()
    assert (told.updated, told.failed, Path(NAME).read_text()) == (0, 1, text)


def test_standard_input_cannot_be_rewritten() -> None:
    with pytest.raises(Malformed, match="standard input cannot be rewritten"):
        update("-")


def test_a_wrong_file_is_told_and_the_others_are_rewritten() -> None:
    Path("b.dispute.yaml").write_text("[")
    Path(NAME).write_text(scenario("{expect: status == 'x'}"))
    told = update(".", "none")
    assert (told.updated, told.passed, told.wrong) == (1, 1, 2)


# Files


COMMON = "orders: [{id: O-1, price: 9.00}]\nsteps:\n  - {expect: price == '%s'} # %s\n"


def test_an_expectation_of_an_included_file_is_rewritten_there_once() -> None:
    Path("common.yaml").write_text(COMMON % ("8.00", "é"))
    for name in "ab":
        Path(f"{name}.dispute.yaml").write_text("scenario: x\ninclude: common.yaml\nsteps: [{expect: total == '1'}]\n")
    told = update(".")
    assert (told.updated, told.passed) == (3, 2)
    assert Path("common.yaml").read_text() == COMMON % ("9.00", "é")


def test_files_that_want_different_texts_in_what_they_include_leave_it() -> None:
    Path("common.yaml").write_text(text := "steps:\n  - {expect: price == '1.00'}\n")
    for name, price in {"a": "2.00", "b": "3.00"}.items():
        Path(f"{name}.dispute.yaml").write_text(f"scenario: x\ninclude: common.yaml\norders: [{{id: O-1, price: {price}}}]\n")
    told = update(".")
    assert (told.updated, told.failed, Path("common.yaml").read_text()) == (0, 2, text)


def test_only_the_tests_that_are_meant_are_rewritten() -> None:
    Path(NAME).write_text(scenario(SAID % "neither", more=CASES))
    told = update(case="b")
    assert (told.updated, told.passed) == (2, 1) and "'Hello me'" in Path(NAME).read_text()


def test_listing_rewrites_nothing() -> None:
    Path(NAME).write_text(text := scenario("{expect: status == 'x'}"))
    assert update(listing=True).updated == 0 and Path(NAME).read_text() == text


def test_a_symbolic_link_stays_one_and_the_mode_stays() -> None:
    Path("real").mkdir()
    real = Path("real/x.yaml")
    real.write_text(scenario("{expect: status == 'x'}"))
    real.chmod(0o640)
    Path(NAME).symlink_to("real/x.yaml")
    assert update().updated == 1
    assert Path(NAME).is_symlink() and "'protected'" in real.read_text() and real.stat().st_mode & 0o777 == 0o640
    assert os.listdir("real") == ["x.yaml"], "nothing is left beside it"


def test_a_file_that_cannot_be_written_is_told_and_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(NAME).write_text(text := scenario("{expect: status == 'x'}"))

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dispute_cli.replacing.os.replace", full)
    with pytest.raises(WrongFile, match="it cannot be rewritten: no space left on device"):
        update()
    assert Path(NAME).read_text() == text and os.listdir() == [NAME]


# Whatever is expected


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("'\"`$\\#:,[]{}&*!|>%@- \n\t"), max_size=12)
QUOTES = st.sampled_from(["single", "double", "plain"])


def literal(text: str) -> str:
    """As JMESPath writes a text; one in quotes cannot end with a backslash."""
    quoted = "`" + json.dumps(text).replace("`", "\\`") + "`" if "\\" in text else "'" + text.replace("'", "\\'") + "'"
    return quoted.replace("$", "$$")


def in_yaml(text: str, style: str) -> str:
    return "'" + text.replace("'", "''") + "'" if style == "single" and text.isprintable() else quoted(text)


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(said=WORDS, expected=WORDS, style=QUOTES, flow=st.booleans(), amount=st.sampled_from(["1", "-55.00", "0"]), days=st.integers(0, 90))
def test_after_rewriting_all_holds_and_rewriting_again_changes_no_byte(said: str, expected: str, style: str, flow: bool, amount: str, days: int) -> None:
    message = in_yaml("x" + said.replace("$", "$$") + "x", "double")
    expect = in_yaml(f"messages[0].text == {literal(expected)}", style)
    listed = f"[{expect}, status == 'x']" if flow else f"\n      - {expect} # é\n      - status == 'x'"
    steps = (
        f"name: é\n    buyer: {{message: O-1, text: {message}}}\n    expect: {listed}\n    money: {{buyer: {amount}}}  # ü",
        f"{{tick: {days}d, deadlines: {{protection: +{days}d}}, expect: \"to_string(messages[0].text) == 'y'\"}}",
    )
    text = scenario(*steps)
    Path(NAME).write_text(text)
    if "$" not in expected:
        assert updated(text).count("#") >= text.count("#") - expect.count("#")
