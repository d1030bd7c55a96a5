"""The published schema of scenario files: what editors take for right is right, and a slip of the pen is marked."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from dispute_cli.runs.scenario.schema import schema
from tests.run import Place

from .scenarios import EXAMPLE, OPEN, scenario
from .test_scenario_expectations import HOLD

SCHEMA = schema()
CHECKER = Draft202012Validator(SCHEMA)
SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").rglob("*.yaml"))
TYPED: tuple[tuple[str, Any], ...] = (
    (r"true|True|TRUE", lambda text: True), (r"false|False|FALSE", lambda text: False), (r"null|Null|NULL|~|", lambda text: None),
    (r"[-+]?[0-9]+", int), (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
)  # fmt: skip
"""Plain scalars as an editor reads them: the core schema of YAML 1.2."""


def as_editors_see_it(text: str) -> Any:
    return typed(yaml.compose(text, Loader=yaml.CBaseLoader))


def typed(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: typed(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [typed(part) for part in node.value]
    plain = (read(node.value) for form, read in TYPED if not node.style and re.fullmatch(form, node.value))
    return next(plain, node.value)


def complaints(text: str) -> list[str]:
    return [error.message for error in CHECKER.iter_errors(as_editors_see_it(text))]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_it_is_printed_bare(tmp_path: Path) -> None:
    dispute = Place(tmp_path)
    assert dispute.ok("schema", "scenario").json == SCHEMA
    assert "scenario" in dispute.ok("schema").out.split()
    assert '"Step"' in dispute.ok("schema", "scenario", "--query", 'keys("$defs")').out


def test_the_example_is_right() -> None:
    assert complaints(EXAMPLE) == []


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_scenario_of_the_tests_is_right(file: Path) -> None:
    assert complaints(file.read_text()) == []


@pytest.mark.parametrize("step", HOLD)
def test_whatever_an_expectation_may_be_is_right(step: str) -> None:
    assert complaints(scenario(step)) == []


@pytest.mark.parametrize(
    "text",
    [
        scenario("{at: $x, refused: $rule, consent: needed, order: 7, name: 010}", "{refused: {rule: $r, exit: $e}}", more="init: {seed: $seed, start: 2026-01-01}\nvars: {x: 1, y: true, z: 1.5}\n"),
        scenario("{buyer: {add-evidence: O-1, link: [a, b], file: c}}", "{seller: {add-evidence: O-1, link: a, key: 7, strict: true}}", "{deadlines: {payout: null}}", "{warns: [], events: []}"),
        "include: [a.yaml, b.yaml]\nfiles: {a: {text: x}, b: {base64: eA==}}\norders: [{id: 1, price: 2, item: x, deliver-by: 3d}, {id: 2, price: 2.5, deliver_by: 3d, item: [x, y]}]\n",
        "scenario: 7\ntags: [1]\ncases: [{case: 1, a: true, tags: [x]}]\nsteps: []\n",
    ],
)  # fmt: skip
def test_scalars_may_be_of_any_type_and_variables_stand_for_any_value(text: str) -> None:
    assert complaints(text) == []


SLIPS = [
    "secnario: x\n", "tags: late\n", "init: {sede: 7}\n", "init: {seed: no}\n", "files: {a: {txt: x}}\n", "orders: [{id: O-1, prize: 3}]\n", "orders: [{price: 3}]\n",
    *(scenario(step) for step in (
        "{expcet: x}", "{refusd: D4}", "{refused: D99}", "{refused: {rul: D4}}", "{consent: maybe}", "{buyer: {opn: O-1}}", "{buyer: {open: O-1, recieved: true}}", "{buyer: open}",
        "{deadlines: {payot: 1d}}", "{money: {byer: 1}}", "{events: [setled]}", "{events: settled}", "{tick: {nxt: true}}", "{warns: A3}", "{warns: [A33]}", "{" + OPEN + ", reason: x}",
    )),
    scenario("{at: 1d}", more="cases: [{day: 1d}]\n"),
]  # fmt: skip


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_of_the_pen_is_marked(text: str) -> None:
    assert complaints(text)
