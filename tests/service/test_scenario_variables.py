"""Variables, cases, what is captured on the way, and files that include others."""

from pathlib import Path

import pytest

from dispute_cli import answers as a
from dispute_cli.runs.scenario import suite
from dispute_cli.runs.scenario.choice import Choice

from .scenarios import ORDER, meant, passes, run, scenario, unmet, wrong

TEXTS = """\
scenario: V
init: {start: $day, seed: $seed, policy: $policy}
vars: {day: 2026-01-01, seed: '7', policy: aliexpress, price: 50.00, id: O-1, wait: 31d, reason: delivery_overdue, due: +5d, rule: D1, field: status, sum: -50.00, type: dispute_opened}
orders: [{id: $id, price: $price}]
steps:
  - tick: ${wait}
    buyer: {open: $id, received: false, reason: $reason, message: "It costs $$5, not ${price}!"}
    order: $id
    deadlines: {seller_response: $due}
    money: {buyer: $sum}
    events: ["${type}@$wait"]
    expect: ["'$field' == 'status'", "messages[0].text == 'It costs $$5, not $price!'"]
  - buyer: {open: $id, received: false, reason: $reason, message: Twice}
    refused: $rule
"""


def test_a_variable_may_stand_in_every_value() -> None:
    passes(TEXTS)


def test_outside_of_quotes_a_variable_is_a_value_and_no_name() -> None:
    failure = unmet(TEXTS.replace("'$field' == 'status'", "$field == 'awaiting_seller'"))
    assert (failure.expected, failure.found) == ('== "awaiting_seller"', '"status"')


def test_a_value_captured_keeps_its_type_and_stands_in_later_steps() -> None:
    passes(scenario(
        "{capture: {total: total, none: dispute, many: length(deadlines), due: 'deadlines[0].at', all: deadlines}}",
        "{expect: [\"total == $total\", \"dispute == $none\", \"length(deadlines) == $many\", \"deadlines == $all\", \"'is $many' == 'is 1'\"]}",
        "{at: $due, expect: status == 'closed'}",
    ))  # fmt: skip


def test_what_is_captured_may_be_another_orders() -> None:
    orders = ORDER + "  - {id: O-2, price: 7.00}\n"
    passes(scenario("{order: O-2, capture: {price: price}}", "{order: O-1, expect: \"delivery == '5.00' && $price == '7.00'\"}", orders=orders))


def test_what_a_row_gives_may_be_used_in_a_step_that_waits_for_what_is_captured() -> None:
    passes(scenario(
        "{capture: {total: total}}",
        "{buyer: {message: O-1, text: $total$word}, expect: \"messages[0].text == '55.00!'\"}",
        more="cases: [{case: one, word: '!'}]\n",
    ))  # fmt: skip


def test_a_step_that_cannot_be_read_once_its_variable_is_known_fails_at_its_place() -> None:
    failure = unmet(scenario("{capture: {when: status}}", "{at: $when}"))
    assert (failure.expected, failure.found, failure.step) == ("the step can be read", '$when = "protected"', 2)


@pytest.mark.parametrize(
    ("text", "message", "pointed"),
    [
        ("{at: $dya}", "there is no variable '$dya'. Did you mean 'day'?", "$dya"),
        ("{expect: id == $dya}", "there is no variable '$dya'. Did you mean 'day'?", "id == $dya"),
        ("{at: 1$}", "a dollar sign stands alone: write $name for a variable, $$ for a dollar sign.", "1$"),
    ],
)
def test_a_variable_that_nothing_defines_is_a_wrong_file(text: str, message: str, pointed: str) -> None:
    file = wrong(scenario(text, more="vars: {day: 3d}\n"))
    assert (file.message, meant(file)) == (message, pointed)


@pytest.mark.parametrize(("more", "given"), [("vars: {v: x}\n", {}), ("cases: [{case: a, v: x}]\n", {}), ("", {"v": "x"})])
def test_a_variable_with_a_value_cannot_be_captured(more: str, given: dict[str, str]) -> None:
    (file,) = run(scenario("{capture: {v: total}}", more=more), variables=given).files
    assert (file.message, meant(file)) == ("'v' is a variable already.", "v")


def test_variables_may_be_made_of_each_other_and_of_those_given() -> None:
    text = scenario("{at: $when, expect: \"'$when $price' == '34d 5$$'\"}", more="vars: {when: '$three${four}d', four: 1, three: '3', price: 5$$}\n")
    assert run(text).tests[0].outcome == "failed"
    (test,) = run(text, variables={"four": "4"}).tests
    assert test.outcome == "passed", test.failures
    passes(text.replace("34d", "32d").replace("steps:", "cases: [{case: a, four: '2'}]\nsteps:"))


@pytest.mark.parametrize(
    ("more", "message", "pointed"),
    [
        ("vars: {a: x, b: $c}\n", "there is no variable '$c'. Define it under vars, or capture it before.", "$c"),
        ("vars: {a: $b, b: $a}\n", "the variables 'a' and 'b' are made of each other.", "$b"),
        ("vars: {a: x$a}\n", "the variable 'a' is made of itself.", "x$a"),
        ("vars: {a: 5$}\n", "a dollar sign stands alone: write $name for a variable, $$ for a dollar sign.", "5$"),
    ],
)
def test_a_variable_that_cannot_be_made_is_a_wrong_file(more: str, message: str, pointed: str) -> None:
    file = wrong(scenario("{at: 1d}", more=more))
    assert (file.message, meant(file)) == (message, pointed)


def test_variables_that_double_each_other_do_not_grow_without_end() -> None:
    doubled = ", ".join(f"a{number + 1}: $a{number}$a{number}" for number in range(60))
    file = wrong(scenario("{at: 1d}", more=f"vars: {{a0: {'x' * 100}, {doubled}}}\n"))
    assert file.message == "with its variables filled in it has more than 16,777,216 characters."


def test_a_variable_of_no_name_is_refused() -> None:
    assert wrong(scenario("{at: 1d}", more="vars: {1st: x}\n")).message.startswith("'1st' is no name of a variable")


# Which value weighs more


CASES = scenario("{at: $day}", "{expect: \"to_string($day) == '9d'\"}", more="vars: {day: 1d}\ncases: [{case: none}, {case: row, day: 9d}]\n")


def test_a_row_weighs_more_than_what_is_given_and_that_more_than_the_file() -> None:
    assert [test.outcome for test in run(CASES).tests] == ["failed", "passed"]
    assert [test.outcome for test in run(CASES, variables={"day": "9d"}).tests] == ["passed", "passed"]
    assert [test.outcome for test in run(CASES, variables={"day": "8d"}).tests] == ["failed", "passed"]


def test_each_case_is_a_test_of_its_own_with_the_files_tags_and_its_own() -> None:
    text = scenario("{at: 1d, refused: $rule}", more="vars: {rule: none}\ntags: [all]\ncases:\n  - {case: a}\n  - {case: b, rule: D4, tags: [late]}\n")
    first, second = run(text).tests
    assert (first.title, first.tags, first.line, first.outcome) == ("T [a]", ("all",), 5, "passed")
    assert (second.title, second.tags, second.line, second.outcome) == ("T [b]", ("all", "late"), 6, "failed")
    assert second.reproduce == "dispute test - --case b --from 1 --to 1"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("[{day: 1d}]", "the field 'case' is missing: each row has a name."),
        ("[{case: a}, {case: a}]", "there are two cases 'a'."),
        ("[{case: a, dya: 1d}]", "nothing uses the variable 'dya'. Did you mean 'day'?"),
        ("[{case: a, day: [1d]}]", "a case gives variables, each a text."),
        ("[{case: a, tags: x}]", "tags are a list of texts."),
    ],
)
def test_a_row_that_is_wrong_is_told(rows: str, message: str) -> None:
    assert wrong(scenario("{at: $day}", more=f"vars: {{day: 3d}}\ncases: {rows}\n")).message == message


# Includes


def run_files(folder: Path, name: str = "", **files: str) -> a.Tested:
    for stem, text in files.items():
        path = folder / f"{stem.replace('__', '/')}.dispute.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return suite.run(Choice(paths=(str(folder / name),)), lambda: b"")


COMMON = "vars: {day: 31d, reason: delivery_overdue}\norders:\n" + ORDER + "steps:\n  - {name: opens, at: $day, buyer: {open: O-1, received: false, reason: $reason, message: Late}}\n"


def test_orders_steps_and_variables_of_an_included_file_come_first_and_it_is_not_collected_by_itself(tmp_path: Path) -> None:
    told = run_files(tmp_path, a="scenario: A\ninclude: common.dispute.yaml\nsteps:\n  - {expect: status == 'awaiting_seller'}\n", common=COMMON)
    (test,) = told.tests
    assert (test.outcome, test.steps, told.wrong) == ("passed", 2, 0)


def test_files_include_others_from_where_they_lie(tmp_path: Path) -> None:
    inner = "include: ../common.dispute.yaml\nvars: {reason: wrong_tracking}\nsteps: [{at: 32d}]\n"
    text = "scenario: A\ninclude: [parts/inner.dispute.yaml]\nvars: {day: 33d}\nsteps: [{expect: dispute.reason == 'wrong_tracking'}]\n"
    (test,) = run_files(tmp_path, "a.dispute.yaml", a=text, parts__inner=inner, common=COMMON).tests
    assert test.failures[0].step == 2, "the clock stands at 33d already"
    (test,) = run_files(tmp_path, "a.dispute.yaml", a=text.replace("33d", "31d"), parts__inner=inner).tests
    assert (test.outcome, test.steps) == ("passed", 3)


def test_what_fails_in_an_included_file_is_told_at_its_place_there(tmp_path: Path) -> None:
    told = run_files(tmp_path, a="scenario: A\ninclude: common.dispute.yaml\nsteps: [{at: 40d}]\n", common=COMMON + "  - {expect: status == 'x'}\n")
    (failure,) = told.tests[0].failures
    assert failure.file == str(tmp_path / "common.dispute.yaml") and failure.line == 6


def test_what_is_wrong_in_an_included_file_is_told_at_its_place_there(tmp_path: Path) -> None:
    told = run_files(tmp_path, a="scenario: A\ninclude: common.dispute.yaml\nsteps: [{at: 40d}]\n", common=COMMON + "  - {expcet: status == 'x'}\n")
    (file,) = told.files
    assert file.file == str(tmp_path / "common.dispute.yaml") and (file.line, file.column) == (6, 6)
    assert file.message == "unknown field 'expcet' (did you mean 'expect'?)"


@pytest.mark.parametrize(
    ("included", "message"),
    [
        ("a.dispute.yaml", "'a.dispute.yaml' includes itself."),
        ("none.yaml", "'none.yaml': it cannot be read: no such file."),
        (".", "'.': it cannot be read: a folder."),
    ],
)
def test_a_file_that_cannot_be_included_is_told_where_it_is_named(tmp_path: Path, included: str, message: str) -> None:
    (file,) = run_files(tmp_path, "a.dispute.yaml", a=f"scenario: A\ninclude: {included}\nsteps: [{{at: 1d}}]\n").files
    assert (file.message, file.line, meant(file)) == (message, 2, included)


def test_files_that_include_each_other_are_told(tmp_path: Path) -> None:
    files = {"a": "scenario: A\ninclude: [b.dispute.yaml]\nsteps: [{at: 1d}]\n", "b": "include: [a.dispute.yaml]\n"}
    (file,) = run_files(tmp_path, "a.dispute.yaml", **files).files
    assert file.message == "'a.dispute.yaml' includes itself." and file.file.endswith("b.dispute.yaml")


def test_files_that_both_name_the_next_two_are_not_read_without_end(tmp_path: Path) -> None:
    both = {f"{name}{number}": f"include: [l{number + 1}.dispute.yaml, r{number + 1}.dispute.yaml]\n" for number in range(15) for name in "lr"}
    last = {"l15": "vars: {x: y}\n", "r15": "vars: {x: y}\n"}
    (file,) = run_files(tmp_path, "a.dispute.yaml", a="scenario: A\ninclude: l0.dispute.yaml\nsteps: [{at: 1d}]\n", **both, **last).files
    assert file.message == "more than 1,000 files are included." and meant(file).startswith("[l")


def test_a_file_that_is_included_twice_is_told_where_it_is_named_again(tmp_path: Path) -> None:
    text = "scenario: A\ninclude: [common.dispute.yaml, ./common.dispute.yaml]\nsteps: [{at: 1d}]\n"
    (file,) = run_files(tmp_path, "a.dispute.yaml", a=text, common=COMMON).files
    assert (file.message, meant(file)) == ("'./common.dispute.yaml' is included twice.", "./common.dispute.yaml")


def test_a_folder_of_files_that_include_each_other_is_no_success(tmp_path: Path) -> None:
    files = {"a": "scenario: A\ninclude: [b.dispute.yaml]\nsteps: [{at: 1d}]\n", "b": "scenario: B\ninclude: [a.dispute.yaml]\nsteps: [{at: 1d}]\n"}
    assert run_files(tmp_path, **files).files


def test_cases_stand_in_the_file_that_is_run(tmp_path: Path) -> None:
    told = run_files(tmp_path, "a.dispute.yaml", a="scenario: A\ninclude: b.dispute.yaml\nsteps: [{at: 1d}]\n", b="cases: [{case: x}]\n")
    assert told.files[0].message == "a file that is included has no cases of its own."
