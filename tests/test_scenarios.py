"""The rule book proved a second time, by scenario files, which pytest runs by our own plugin: here, that the tags on them leave no rule out."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from dispute_cli.core.rules import BOOK, RuleRow
from dispute_cli.policies import names
from dispute_cli.proofs import PROOFS
from dispute_cli.runs.scenario.collect import ENDING, collect
from dispute_cli.runs.scenario.trial import Trial, trials
from tests.run import Place

FOLDER = Path(__file__).parent / "scenarios"
FILES = [Path(file) for file in collect([str(FOLDER)]) if isinstance(file, str)]
CHAPTERS = {
    "orders": "E", "opening": "D", "evidence": "V", "answering": "N", "extension": "X", "claims": "C",
    "returns": "T", "settlement": "P", "time": "K", "actors": "W", "advice": "A",
}  # fmt: skip
RULE_ID = re.compile(r"[A-Z][0-9]+")
RULE_OF_A_FILE = re.compile(r"([a-z][0-9]+)-[a-z0-9-]+")
EXAMPLES = ["1-silent-seller", "2-partial-refund", "3-trap", "4-escalation", "5-promise", "6-return"]


def name(file: Path) -> str:
    return file.relative_to(FOLDER).as_posix().removesuffix(ENDING)


@cache
def read(file: Path) -> list[Trial]:
    return trials(str(file))


def tagged(rule: str) -> Iterator[Trial]:
    """The tests that say they prove a rule."""
    return (trial for file in FILES for trial in read(file) if rule in trial.tags)


@pytest.mark.parametrize("row", BOOK.values(), ids=list(BOOK))
def test_a_rule_is_proved_by_a_scenario(row: RuleRow) -> None:
    assert list(tagged(row.id)), f"no scenario has the tag {row.id}, which {row.kind}: {row.sentence}"


@pytest.mark.parametrize("rule", [id for id, row in BOOK.items() if row.kind == "refuses"])
def test_of_a_rule_that_refuses_a_scenario_shows_the_refused_and_the_accepted(rule: str) -> None:
    steps = [step for trial in tagged(rule) for step in trial.ready if step is not None]
    assert [step for step in steps if step.refused and step.refused.rule == rule], f"no scenario with the tag {rule} is refused by it"
    assert [step for step in steps if step.request and not step.refused], f"no scenario with the tag {rule} has an accepted step"


@pytest.mark.parametrize("file", FILES, ids=map(name, FILES))
def test_a_scenario_stands_in_the_chapter_of_the_rule_that_it_is_named_after(file: Path) -> None:
    tags = {tag for trial in read(file) for tag in trial.tags}
    assert {tag for tag in tags if RULE_ID.fullmatch(tag)} <= BOOK.keys()
    if file.parent.name == "examples":
        return
    named = RULE_OF_A_FILE.fullmatch(file.name.removesuffix(ENDING))
    assert named and named[1].upper() in tags
    if file.parent.parent.name != "policies":
        assert named[1][0].upper() == CHAPTERS[file.parent.name]


@pytest.mark.parametrize("file", FILES, ids=map(name, FILES))
def test_a_scenario_says_in_a_sentence_what_it_proves(file: Path) -> None:
    schema, proved, *_ = file.read_text("utf-8").splitlines()
    up = "../" * (len(file.relative_to(FOLDER).parts) - 1)
    assert schema == f"# yaml-language-server: $schema={up}scenario.schema.json"
    assert proved.startswith("# ") and proved.endswith(".")


@pytest.mark.parametrize("policy", names())
def test_a_marketplace_has_scenarios_of_its_own(policy: str) -> None:
    files = [file for file in FILES if file.parent == FOLDER / "policies" / policy]
    assert len(files) >= 5
    assert {trial.head.policy["name"] for file in files for trial in read(file)} == {policy}


def test_the_six_worked_examples_are_scenarios() -> None:
    assert [name(file).removeprefix("examples/") for file in FILES if file.parent.name == "examples"] == EXAMPLES


def test_rules_names_the_scenarios_that_prove_a_rule(tmp_path: Path) -> None:
    place = Place(tmp_path)
    told = place.ok("rules", "D4", "--json").json["rules"][0]["scenarios"]
    late = "tests/scenarios/opening/d4-late-parcels.dispute.yaml: A parcel is late from the promised date on"
    assert late in told and len(told) == len(PROOFS["D4"])
    assert f"\nproved by the scenarios\n{told[0]}\n" in place.ok("rules", "D4").out
    assert all((FOLDER / f"{file}{ENDING}").is_file() for files in PROOFS.values() for file in files)
