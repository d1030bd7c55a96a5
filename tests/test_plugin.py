"""The pytest plugin in a project of its own: what is collected, how it is named, chosen and told, and what it costs those who have no scenario."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

from dispute_cli.runs.scenario import collect, plugin
from tests.run import Place

FILES = {
    "test_beside.py": "def test_of_the_project(): pass\n",
    "scenarios/silent.dispute.yaml": """\
scenario: Silent seller
tags: [silence]
include: common.dispute.yaml
vars: {reason: delivery_overdue}
steps:
  - at: 31d
    buyer: {open: O-1, received: false, reason: $reason, message: Never came}
  - tick: 30d
    expect: status == 'closed'
cases:
  - {case: overdue}
  - {case: at customs, reason: held_at_customs, tags: [customs]}
""",
    "scenarios/common.dispute.yaml": "scenario: Common\norders: [{id: O-1, price: 50.00}]\nsteps: [{at: 1d}]\n",
    "scenarios/unmet.dispute.yaml": """\
scenario: Too soon
include: common.dispute.yaml
steps:
  - buyer: {message: O-1, text: "Where is\u202e it?"}
  - name: it is over
    expect: status == 'closed'
""",
    "scenarios/free.dispute.yaml": "scenario: For free\norders: [{id: O-1, price: 0}]\nsteps: [{at: 1d}]\n",
    "scenarios/odd.dispute.yaml": "scenario: Odd tags\ntags: [skip, xfail, 'two,words', _odd, 'a[b']\nsteps: [{at: 1d}]\n",
    "node_modules/a.dispute.yaml": "include: ../scenarios/odd.dispute.yaml\n",
    "test_store.py": """\
def test_it_holds(dispute_store):
    dispute_store.order("O-1", price="5.00")

def test_it_does_not(dispute_store):
    dispute_store.order("O-2", price="5.00")
    assert dispute_store.money("O-2").escrow == "6.00"
""",
}
WRONG = {
    "scenario: A slip\nsteps:\n  - {at: 1d, refusd: D4}\n": """\
3:14: unknown field 'refusd' (did you mean 'refused'?)
    3 |   - {at: 1d, refusd: D4}
      |              ^^^^^^
""",
    "scenario: [\n": "2:1: did not find expected node content.\n",
    "include: gone.yaml\nscenario: x\nsteps: [{at: 1d}]\n": "1:10: 'gone.yaml': it cannot be read: no such file.\n",
    "": "1:1: the file is empty.\n",
}
"""What a file holds → what is told of it, after its name."""


QUICK = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:pytest_cov")
"""Without what takes long to start."""


class Ran(NamedTuple):
    code: int
    out: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def run(folder: Path, *argv: str) -> Ran:
    """Pytest in a process of its own, as strict as it can be."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    words = [sys.executable, "-m", "pytest", *QUICK, "--strict-markers", "-W", "error", *argv]
    ran = subprocess.run(words, cwd=folder, env={**environment, "COLUMNS": "80"}, capture_output=True, text=True, check=False, timeout=120)
    assert ran.stderr == ""
    return Ran(ran.returncode, ran.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("project"), FILES)


@pytest.fixture(scope="module")
def whole(folder: Path) -> Ran:
    """All of the project, shared by two processes."""
    return run(folder, "-v", "-n", "2")


def test_each_case_is_a_test_beside_those_of_the_project(whole: Ran) -> None:
    assert dict(reversed(found) for found in re.findall(r"^\[gw.*?(PASSED|FAILED) (.*?) *$", whole.out, re.MULTILINE)) == {
        "scenarios/free.dispute.yaml::For free": "FAILED",
        "scenarios/odd.dispute.yaml::Odd tags": "PASSED",
        "scenarios/silent.dispute.yaml::Silent seller[at customs]": "PASSED",
        "scenarios/silent.dispute.yaml::Silent seller[overdue]": "PASSED",
        "scenarios/unmet.dispute.yaml::Too soon": "FAILED",
        "test_beside.py::test_of_the_project": "PASSED",
        "test_store.py::test_it_does_not": "FAILED",
        "test_store.py::test_it_holds": "PASSED",
    }
    assert whole.code == pytest.ExitCode.TESTS_FAILED


def test_a_failure_is_told_with_all_that_is_needed_to_see_why(whole: Ran) -> None:
    assert dedent("""\
        scenarios/unmet.dispute.yaml:6:13: step 3 (it is over): status is "protected"
            6 |     expect: status == 'closed'
              |             ^^^^^^^^^^^^^^^^^^
          expected  == "closed"
          found     "protected"

        what happened:
          0d  buyer  order paid: 50.00 + 0.00 USD in escrow
          1d  buyer  message: Where is\\u202e it?

        again: dispute test scenarios/unmet.dispute.yaml --from 3 --to 3
        """) in whole.out
    assert "FAILED scenarios/unmet.dispute.yaml::Too soon - " in whole.out
    assert "Traceback" not in whole.out


def test_what_to_run_again_finds_the_same(folder: Path) -> None:
    ran = Place(folder)("test", "scenarios/unmet.dispute.yaml", "--from", "3", "--to", "3")
    assert (ran.code, "scenarios/unmet.dispute.yaml:6:13" in ran.out) == (20, True)


def test_an_order_that_cannot_be_made_is_told_at_its_place_and_the_others_are_run(whole: Ran, folder: Path) -> None:
    free = "scenarios/free.dispute.yaml:2:10: [E7] A price is above 0.\n    2 | orders: [{id: O-1, price: 0}]\n"
    assert free in whole.out
    ran = Place(folder)("test", "scenarios")
    assert (ran.code, free in ran.out, ran.out.splitlines()[-1]) == (8, True, "3 passed, 1 failed, 1 file is wrong")


def test_a_store_for_tests_in_python_tells_what_happened_when_one_fails(whole: Ran) -> None:
    told = whole.out.partition("what happened in dispute_store")[2].partition("____")[0]
    assert "\n0d  buyer  order paid: 5.00 + 0.00 USD in escrow\n" in told
    assert "what happened in dispute_store" not in told


def test_a_wrong_file_is_an_error_at_its_place_and_no_traceback(tmp_path: Path) -> None:
    inner = {"below/outer.dispute.yaml": "scenario: x\ninclude: inner.yaml\n", "below/inner.yaml": "step: []\n"}
    ran = run(project(tmp_path, inner | {f"w{number}.dispute.yaml": text for number, text in enumerate(WRONG)}))
    assert "\nbelow/inner.yaml:1:1: unknown field 'step' (did you mean 'steps'?)\n" in ran.out
    for number, told in enumerate(WRONG.values()):
        assert f"ERROR collecting w{number}.dispute.yaml" in ran.out
        assert f"\nw{number}.dispute.yaml:{told}" in ran.out
    assert ran.code == pytest.ExitCode.INTERRUPTED
    assert "Traceback" not in ran.out and "raise " not in ran.out


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("-k", "silence"), ["silent.dispute.yaml::Silent seller[overdue]", "silent.dispute.yaml::Silent seller[at customs]"]),
        (("-m", "silence and not customs"), ["silent.dispute.yaml::Silent seller[overdue]"]),
        (("scenarios/silent.dispute.yaml::Silent seller[at customs]",), ["silent.dispute.yaml::Silent seller[at customs]"]),
        (("scenarios/common.dispute.yaml",), ["common.dispute.yaml::Common"]),
    ],
)
def test_tests_are_chosen_by_tag_by_name_and_by_file_also_one_that_others_include(folder: Path, words: tuple[str, ...], names: list[str]) -> None:
    ran = run(folder, "--collect-only", "-q", *words)
    assert [line for line in ran.lines if "::" in line] == [f"scenarios/{name}" for name in names]
    assert ran.code == 0


def test_without_the_plugin_nothing_is_collected(folder: Path) -> None:
    ran = run(folder, "--collect-only", "-q", "-p", "no:dispute", "test_beside.py", "scenarios")
    assert [line for line in ran.lines if "::" in line] == ["test_beside.py::test_of_the_project"]


def test_whoever_has_no_scenario_pays_for_one_module(folder: Path) -> None:
    code = "import pytest, sys; assert pytest.main(['-q', '-p', 'no:cacheprovider', 'test_beside.py']) == 0; print('\\n', *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    names = set(ran.stdout.splitlines()[-1].split())
    parts = plugin.__name__.split(".")
    assert {name for name in names if name.startswith("dispute_cli")} == {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    assert not names & {"msgspec", "yaml", "jmespath", "typer"}


def test_the_plugin_and_the_command_mean_the_same_files() -> None:
    assert plugin.ENDING == collect.ENDING
