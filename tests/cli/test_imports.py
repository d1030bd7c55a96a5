"""What a plain command may not load: every library that costs time is imported where it is needed."""

import subprocess
import sys

import pytest

from tests.run import Place

HEAVY = {
    "rich",
    "pendulum",
    "tinydb",
    "jmespath",
    "yaml",
    "jinja2",
    "tomllib",
    "pycld2",
    "filelock",
    "pydantic",
    "asyncio",
    "http",
    "email",
    "click",
}
OURS = {
    "dispute_cli.book",
    "dispute_cli.keeping",
    "dispute_cli.policies",
    "dispute_cli.runs",
    "dispute_cli.retelling",
    "dispute_cli.diagrams",
    "dispute_cli.forecasting",
    "dispute_cli.testing",
    "dispute_cli.answers.others",
    "dispute_cli.questions.others",
    "dispute_cli.sharing",
    "dispute_cli.ticking",
    "dispute_cli.recorded",
    "dispute_cli.core.evidence",
    "dispute_cli.core.links",
    "dispute_cli.core.rules",
    "dispute_cli.core.walks",
    "dispute_cli.core.decide.answering",
    "dispute_cli.core.decide.claim",
    "dispute_cli.core.decide.clock",
    "dispute_cli.core.decide.evidence",
    "dispute_cli.core.decide.form",
    "dispute_cli.store.blobs",
    "dispute_cli.store.desk",
    "dispute_cli.store.lock",
    "dispute_cli.store.protocol",
    "dispute_cli.store.recover",
    "dispute_cli.store.signals",
    "dispute_cli.cli.errands",
    "dispute_cli.cli.failures",
    "dispute_cli.cli.inputs",
    "dispute_cli.cli.consent",
    "dispute_cli.cli.text",
    "dispute_cli.cli.query",
    "dispute_cli.cli.examples",
    "dispute_cli.cli.orders",
    "dispute_cli.cli.opening",
    "dispute_cli.cli.completion",
}
UNSAID = {"answers.others", "questions.others", "ticking", "store.protocol", "core.rules", "core.walks", "core.decide.form", "cli.errands", "cli.consent", "cli.visible"}
"""What no message needs, below the package."""
LIST = "import sys; from dispute_cli.cli.main import run; run(sys.argv[1:]); print('\\n' + '\\n'.join(sys.modules))"


def loaded(place: Place, *argv: str) -> set[str]:
    ran = subprocess.run([sys.executable, "-c", LIST, *argv], cwd=place.folder, env=place.environment(), capture_output=True, check=True)
    return set(ran.stdout.decode().splitlines())


@pytest.mark.parametrize(
    "argv", [("status", "O-1", "--json"), ("status", "O-1"), ("order", "deliver", "O-1", "--json"), ("tick", "1d"), ("--help",)]
)
def test_a_plain_command_loads_no_heavy_library(dispute: Place, argv: tuple[str, ...]) -> None:
    assert {name for name in loaded(dispute, *argv) if name.partition(".")[0] in HEAVY} == set()


def test_a_plain_status_loads_only_what_it_needs_of_ours(dispute: Place) -> None:
    assert loaded(dispute, "status", "O-1", "--json") & OURS == set()


def test_a_plain_message_loads_only_what_it_needs_of_ours(dispute: Place) -> None:
    assert loaded(dispute, "message", "O-1", "hello", "--json") & {f"dispute_cli.{name}" for name in UNSAID} == set()
