"""Files that are no scenarios: each told at its line and column with what is meant pointed at, never skipped, never a fault of ours."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dispute_cli import answers as a
from dispute_cli.runs.scenario import suite
from dispute_cli.runs.scenario.choice import Choice
from dispute_cli.runs.scenario.notation import quoted

from .scenarios import ORDER, meant, passes, run, scenario, wrong

# YAML that is none, or not ours

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
BAD: list[tuple[str | bytes, tuple[int, int], str]] = [
    (b"", (1, 1), "the file is empty."),
    (b"# nothing\n", (1, 1), "the file is empty."),
    (b"\xef\xbb\xbfscenario: x\n", (1, 1), "it begins with a byte order mark: save the file as plain UTF-8."),
    (b"scenario: x\ntags: [\xff]\n", (2, 8), "it is not UTF-8 text."),
    (b"scenario: x\0y\n", (1, 12), "the character '\\x00' may not stand in YAML."),
    ("scenario: \x1b[31m\n", (1, 11), "the character '\\x1b' may not stand in YAML."),
    ("scenario: x\nscenario: y\n", (2, 1), "the key 'scenario' stands twice."),
    ("scenario: x\nsteps:\n  - {at: 1d, at: 2d}\n", (3, 14), "the key 'at' stands twice."),
    (BOMB, (2, 8), "aliases (*name) are refused."),
    ("scenario: *x\n", (1, 11), "aliases (*name) are refused."),
    ("scenario: !!python/object/apply:os.system [id]\n", (1, 11), "tags ('tag:yaml.org,2002:python/object/apply:os.system') are refused: every scalar is text."),
    ("scenario: !!int 3\n", (1, 11), "tags ('tag:yaml.org,2002:int') are refused: every scalar is text."),
    ("scenario: x\n---\nscenario: y\n", (2, 1), "a file holds one scenario: a second document begins."),
    ("scenario: a: b\n", (1, 12), "mapping values are not allowed in this context."),
    ("scenario: x\n\tsteps: []\n", (2, 1), "found a tab character that violates indentation."),
    ("scenario: [x\n", (2, 1), "did not find expected ',' or ']'."),
    ("scenario: %x\n", (1, 11), "found character that cannot start any token."),
    ("? [a]\n: b\n", (1, 3), "a key is a text."),
    ("scenario: x\nvars: {a: " + "[" * 100 + "]" * 100 + "}\n", (2, 50), "it is nested too deep."),
    ("just a text", (1, 1), "here is a text, where an object is expected."),
    ("[a, b]", (1, 1), "here is a list, where an object is expected."),
    ("steps: [{at: 1d}]\n", (1, 1), "the field 'scenario' is missing: a scenario has a name."),
    ("scenario: x\n", (1, 1), "it has no steps."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "message"), BAD)
def test_what_is_no_scenario_is_told_at_its_place(text: str | bytes, at: tuple[int, int], message: str) -> None:
    file = wrong(text)
    assert ((file.line, file.column), file.message) == (at, message)


@pytest.mark.parametrize("text", ["[" * 5_000, "[" * 5_000 + "]" * 5_000, "{a: " * 5_000, "- " * 5_000, "? " * 5_000])
def test_what_is_nested_five_thousand_deep_is_told(text: str) -> None:
    file = wrong(f"scenario: {text}")
    assert file.line == 1 and file.column


def test_a_file_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.runs.scenario.source.MOST_BYTES", 1000)
    file = wrong("scenario: " + "x" * 1000)
    assert (file.place, file.message) == ("-", "a scenario file has at most 1,000 bytes.")


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    file = wrong(f"scenario: {'é' * 5000}\nvars: {{a: {'x' * 5000}, a: b}}\n")
    assert len(file.excerpt[0]) < 200 and meant(file) == "a"


@pytest.mark.parametrize("kind", ["folder", "fifo", "loop", "missing", "device"])
def test_what_cannot_be_read_as_a_file_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.dispute.yaml"
    makers: dict[str, Callable[[], object]] = {"folder": path.mkdir, "fifo": lambda: os.mkfifo(path), "loop": lambda: path.symlink_to(path), "missing": lambda: None, "device": lambda: path.symlink_to("/dev/zero")}
    makers[kind]()
    (file,) = suite.run(Choice(paths=(str(path),)), lambda: b"").files
    assert file.file.startswith(str(path)) and file.message


# Values that do not fit

SHAPES = [
    ("{expcet: x}", "unknown field 'expcet' (did you mean 'expect'?)", "expcet"),
    ("{refusd: D4, " + "buyer: {message: O-1, text: x}}", "unknown field 'refusd' (did you mean 'refused'?)", "refusd"),
    ("{buyer: {opn: O-1}}", "'opn' is no command (did you mean 'open'?)", "opn"),
    ("{buyer: {open: O-1, recieved: true}}", "unknown field 'recieved' (did you mean 'received'?)", "recieved"),
    ("{buyer: {}}", "'' is no command: a step begins with one, as `open: O-1`", "{}"),
    ("{refused: D99}", "there is no rule 'D99'. Did you mean 'D9'?", "D99"),
    ("{refused: {}}", "say by which rule, or with which exit code.", "{}"),
    ("{refused: {rule: D4, exit: five}}", "here is a text, where a whole number is expected.", "five"),
    ("{refused: {exit: 99}}", "nothing is refused with exit code 99: it is 2, 3, 4, 5, 6, 8.", "99"),
    ("{warns: [A1, D4]}", "'D4' is no advice. There is A1, A2, A3, A4, A5, A6, A7, A8.", "D4"),
    ("{warns: [A11]}", "'A11' is no advice. Did you mean 'A1'?", "A11"),
    ("{refused: {rul: D4}}", "unknown field 'rul' (did you mean 'rule'?)", "rul"),
    ("{consent: yes}", "'yes' is none of the values that stand here: needed.", "yes"),
    ("{refused: D4, consent: needed}", "a step is refused or needs consent, not both.", "needed"),
    ("{at: 1d, tick: 1d}", "a step moves the clock once: give `at` or `tick`.", "1d"),
    ("{buyer: {message: O-1, text: x}, seller: {message: O-1, text: y}}", "a step has one actor: make a step for each.", "{message: O-1, text: y}"),
    ("{deadlines: {payot: 1d}}", "unknown field 'payot' (did you mean 'payout'?)", "payot"),
    ("{deadlines: {payout: soon}}", None, "soon"),
    ("{deadlines: {payout: 3d..1d}}", "'3d..1d' ends before it begins.", "3d..1d"),
    ("{money: {byer: 0}}", "'byer' is none of the values that stand here (did you mean 'buyer'?)", "byer"),
    ("{money: {buyer: [1]}}", "here is a list, where a text is expected.", "[1]"),
    ("{money: {buyer: 1.005}}", "'1.005' has 3 decimals; an amount in USD has at most 2, such as 19.99.", "1.005"),
    ("{money: {buyer: 1e3}}", None, "1e3"),
    ("{events: [setled]}", "'setled' is no type of event. Did you mean 'settled'?", "setled"),
    ("{events: [settled@]}", None, "settled@"),
    ("{events: [settled@1y]}", None, "settled@1y"),
    ("{expect: 'status =='}", "the expression is not JMESPath: Incomplete expression", "'status =='"),
    ("{expect: [id, foo(id)]}", "the expression: JMESPath has no function 'foo'. Did you mean 'floor'?", "foo(id)"),
    ("{seller: accept}", "here is a text, where a command with its options is expected: write {accept: O-1}.", "accept"),
    ("{buyer: {open: O-1, received: nope}}", "received is a text, where true or false is expected.", "nope"),
    ("{capture: {x: 'a['}}", None, "'a['"),
    ("{at: 12:30:00}", None, "12:30:00"),
    ("{at: -1d}", None, "-1d"),
    ("{tick: {nxt: true}}", "unknown field 'nxt' (did you mean 'next'?)", "nxt"),
    ("{order: O-9, expect: id}", "there is no order 'O-9'. Did you mean 'O-1'?", "O-9"),
    ("{buyer: {message: O-1, text: [x]}}", None, "[x]"),
    ("{name: [x]}", "here is a list, where a text is expected.", "[x]"),
    ("nothing", None, "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "message", "pointed"), SHAPES)
def test_a_step_that_cannot_be_meant_is_told_where_it_stands(step: str, message: str | None, pointed: str) -> None:
    file = wrong(scenario(step))
    assert (file.line, meant(file)) == (5, pointed)
    assert message is None or file.message == message
    assert file.message


# Fields that an order does not have

SLIPS = [
    ("cuase == 'x'", "cuase", "cause"), ("dispute.demnad.refund == '1'", "demnad", "demand"), ("status && !dispte", "dispte", "dispute"),
    ("length(deadlins)", "deadlins", "deadlines"), ("deadlins[0].at", "deadlins", "deadlines"), ("deadlins[?kind == 'x'] | a", "deadlins", "deadlines"),
    ("dispute.claim.by || balances.byer", "byer", "buyer"), ("id == statsu", None, None), ("status == \"closed\"", None, None), ("dispute.received == true", None, None),
]  # fmt: skip
RIGHT = [
    "dispute == null", "return.refund", "deadlines[?knd == 'x'].a", "[a, b]", "{a: b}", "*.x", "dispute.*.x", "deadlines[0].a", "sort_by(deadlines, &to_string(foo))[].x", "@.a",
    "status | a", "dispute.[a]", "dispute.claim.evidence_windows[].x", "contains(possible[*].x, 'a')", "'a' == `1`", "to_string(@)",
]  # fmt: skip
LITERALS = "In JMESPath a text stands in '…', and true or a number in `…`."


@pytest.mark.parametrize(("text", "name", "close"), SLIPS)
@pytest.mark.parametrize("kind", ["expect", "capture"])
def test_a_field_that_an_order_never_has_is_a_slip_of_the_pen(text: str, name: str | None, close: str | None, kind: str) -> None:
    file = wrong(scenario(f"expect: {text}" if kind == "expect" else f"capture: {{a: {quoted(text)}}}"))
    assert file.line == 5
    if name:
        assert (file.message, file.hint) == (f"unknown field '{name}' (did you mean '{close}'?)", None)
    else:
        assert file.message.startswith("unknown field '") and file.hint == LITERALS


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_asked_of_something_else_than_the_order_is_not_judged(text: str) -> None:
    passes(scenario(f"capture: {{a: {quoted(text)}}}"))


def test_a_number_without_its_quotes_comes_with_a_hint() -> None:
    file = wrong(scenario("expect: length(messages) == 0"))
    assert (file.message, file.hint) == ('the expression is not JMESPath: invalid token: Parse error at column 20, token "0" (NUMBER)', LITERALS)


FILES = [
    ("files: {a: {text: x}, b: {txt: x}}\n", 2, "unknown field 'txt' (did you mean 'text'?)"),
    ("tags: [a, b c]\n", 2, "no --tags could choose 'b c': a tag is one word without brackets, and not and, or, not."),
    ("tags: [or]\n", 2, None),
    ("tags: [' a']\n", 2, None),
    ("cases: [{case: a, tags: [(a)]}]\n", 2, None),
    ("secnario: x\n", 2, "unknown field 'secnario' (did you mean 'scenario'?)"),
    ("init: {seed: inf}\n", 2, "'inf' is no seed: give a whole number."),
    ("init: {seed: 1_000}\n", 2, "'1_000' is no seed: give a whole number."),
    ("init: {start: yesterday}\n", 2, None),
    ("init: {start: 2026-02-30}\n", 2, None),
    ("init: {policy: none}\n", 2, None),
    ("init: {policy: none.toml}\n", 2, None),
    ("init: {polcy: x}\n", 2, "unknown field 'polcy' (did you mean 'policy'?)"),
    ("files: {a: {text: x, base64: eA==}}\n", 2, "a file has either text or base64."),
    ("files: {a: {base64: '*'}}\n", 2, None),
    ("files: {p.toml: {text: 'x = ['}}\ninit: {policy: p.toml}\n", 3, None),
    ("tags: late\n", 2, None),
    ("cases: x\n", 2, None),
]


@pytest.mark.parametrize(("more", "line", "message"), FILES)
def test_what_stands_around_the_steps_is_looked_at_as_well(more: str, line: int, message: str | None) -> None:
    file = wrong(scenario("{at: 1d}", more=more))
    assert file.line == line and file.message and file.excerpt
    assert message is None or file.message == message


@pytest.mark.parametrize(
    ("order", "pointed"),
    [
        ("{id: O-1}", "{id: O-1}"),
        ("{id: ../x, price: 1.00}", "../x"),
        ("{id: O-1, prize: 1.00}", "prize"),
        ("{id: O-1, price: 1.005, currency: USD}", "1.005"),
        ("{id: O-1, price: -1}", "-1"),
    ],
)
def test_an_order_that_cannot_be_made_is_told_where_it_stands(order: str, pointed: str) -> None:
    file = wrong(scenario("{at: 1d}", orders=f"  - {order}\n"))
    assert (file.line, meant(file)) == (3, pointed)


@pytest.mark.parametrize("again", ["{id: O-1, price: 1.00}", "{id: O-1, item: [a=1, b=2]}"])
def test_two_orders_of_one_name_are_a_wrong_file_before_the_steps_are_looked_at(again: str) -> None:
    file = wrong(scenario("{expect: nothing}", orders=f"{ORDER}  - {again}\n"))
    assert (file.message, file.line, meant(file)) == ("O-1 was used before: an id is never used twice.", 4, "O-1")


def test_a_key_that_does_not_fit_is_pointed_at_where_the_others_do() -> None:
    assert meant(wrong(scenario("{at: 1d}", more="files: {a: {text: x}, b: {txt: x}}\n"))) == "txt"
    assert meant(wrong(scenario("{at: 1d}", more="files: {a: {text: x}, b: {text: [x]}}\n"))) == "[x]"
    assert meant(wrong(scenario("{at: 1d}", more="vars: {a: x, b: [y]}\n"))) == "[y]"


def test_with_several_orders_an_expectation_says_which_is_meant() -> None:
    file = wrong(scenario("{expect: status}", orders=ORDER + "  - {id: O-2, price: 1.00}\n"))
    assert (file.message, file.hint) == ("which order is this about? Add `order: ID`.", "There are O-1, O-2.")


# Scalars stay as they are written


@pytest.mark.parametrize("text", ["no", "yes", "on", "~", "null", "010", "0x1F", "1_000", "12:30:00", "1e3", "2026-01-01", ".inf", "=", "<<", "1.10"])
def test_every_scalar_is_text_as_it_is_written(text: str) -> None:
    passes(scenario(f"{{buyer: {{message: O-1, text: {text}}}, expect: \"messages[0].text == '{text}'\"}}"))
    passes(scenario(f"{{buyer: {{message: O-1, text: $word}}, expect: \"messages[0].text == '{text}'\"}}", more=f"vars: {{word: {text}}}\n"))


def test_amounts_keep_their_digits() -> None:
    passes(scenario("{expect: \"price == '20.00'\"}", orders="  - {id: 010, price: 20.00}\n").replace("steps:", "steps:\n  - {expect: id == '010'}"))


def test_a_wrong_file_does_not_keep_the_others_from_running(tmp_path: Path) -> None:
    for name, text in {"a": "x", "b": scenario("{at: 1d}"), "c": scenario("{expect: dispute}"), "d": "[", "e": scenario("{at: 2d}")}.items():
        (tmp_path / f"{name}.dispute.yaml").write_text(text)
    told: a.Tested = suite.run(Choice(paths=(str(tmp_path),)), lambda: b"")
    assert (told.passed, told.failed, told.wrong, told.ok) == (2, 1, 2, False)


def test_a_file_of_more_parts_than_memory_has_room_for_is_not_begun() -> None:
    (file,) = run(b"scenario: T\ntags: [" + b"a," * 1_000_000 + b"a]\n").files
    assert file.message == "a scenario file has at most 1,000,000 lines, commas, colons, hyphens and brackets."


def test_an_empty_standard_input_is_a_wrong_file() -> None:
    assert run(b"").files[0].message == "the file is empty."
