"""docs/ci.md is true: its files, written into a project, run from a shell, from make, as a workflow and by pytest, and say so when a dispute ends otherwise."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import junitparser
import pytest
import yaml

from scripts.readme import BIN
from tests.pictures import PNG
from tests.run import ROOT

FILES = dict(re.findall(r"^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL | re.MULTILINE))
SCENARIO = "disputes/silent-seller.dispute.yaml"
WORKFLOW = ".github/workflows/disputes.yml"


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Project(NamedTuple):
    folder: Path

    def __call__(self, *argv: str, **more: str) -> Ended:
        environment = {"PATH": f"{self.folder}/stubs:{BIN}:/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8", **more}
        ran = subprocess.run(argv, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
        return Ended(ran.returncode, ran.stdout, ran.stderr)

    def spoil(self) -> None:
        """Expect what is not so."""
        path = self.folder / SCENARIO
        path.write_text(path.read_text().replace("+5d", "+6d"))

    def steps(self) -> list[str]:
        """What the workflow runs."""
        workflow: Any = yaml.safe_load(FILES[WORKFLOW])
        return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]

    def workflow(self) -> Ended:
        """Run the workflow's own lines as GitHub runs them."""
        return self("bash", "-e", "-c", "\n".join(self.steps()), GITHUB_ACTIONS="true", CI="true")

    def junit(self) -> tuple[int, int]:
        """Tests and failures of the report."""
        report: Any = junitparser.JUnitXml.fromfile(str(self.folder / "disputes.xml"))
        return report.tests, report.failures


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that holds the page's files; installing is not tried."""
    for name, text in {**FILES, "stubs/pip": '#!/bin/sh\n[ "$*" = "install -r requirements.txt" ]\n'}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    os.chmod(tmp_path / "stubs/pip", 0o755)
    (tmp_path / "cup.png").write_bytes(PNG)
    return Project(tmp_path)


def test_the_page_has_the_files_that_it_speaks_of() -> None:
    assert list(FILES) == [SCENARIO, "ci.sh", "Makefile", WORKFLOW, "tests/test_disputes.py"]


def test_the_scenario_of_the_readme_passes(project: Project) -> None:
    scenario = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    (project.folder / "readme.yaml").write_text("".join(scenario))
    assert project("dispute", "test", "readme.yaml") == (0, "1 passed\n", "")


def test_from_a_shell(project: Project) -> None:
    assert project("sh", "ci.sh") == (0, "1 passed\nevery dispute ends as it should\n", "")
    assert project.junit() == (1, 0)
    project.spoil()
    ended = project("sh", "ci.sh")
    assert (ended.code, ended.err) == (20, "error: 1 test failed.\na dispute ends otherwise: see disputes.xml\n")
    assert f"{SCENARIO}:12:34: seller_response is at 36d from the start" in ended.out
    assert project.junit() == (1, 1)
    (project.folder / SCENARIO).write_text("scenario: [\n")
    assert project("sh", "ci.sh").code == 8


def test_from_make(project: Project) -> None:
    assert project("make", "-s", "check") == (0, "1 passed\n", "")
    assert "\nok 1 - Silent seller" in (project.folder / "disputes.tap").read_text()
    project.spoil()
    ended = project("make", "-s", "check")
    assert (ended.code, "Error 20" in ended.err) == (2, True)


def test_as_a_workflow(project: Project) -> None:
    assert project.workflow() == (0, "1 passed\n", "")
    assert project.junit() == (1, 0)
    project.spoil()
    ended = project.workflow()
    assert ended.code == 20
    assert f"::error file={SCENARIO},line=12,col=34,title=Silent seller::seller_response is at 36d" in ended.err
    assert project.junit() == (1, 1)


def test_by_pytest(project: Project) -> None:
    ended = project("pytest", "-q", "-p", "no:cacheprovider", "--strict-markers")
    assert (ended.code, "3 passed" in ended.out) == (0, True), ended.out
    project.spoil()
    ended = project("pytest", "-q", "-p", "no:cacheprovider", "-m", "silence")
    assert (ended.code, f"{SCENARIO}:12:34: " in ended.out) == (1, True), ended.out
