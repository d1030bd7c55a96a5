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
    assert loaded(dispute, "status", "O-1", "--json") & (OURS - {"dispute_cli.keeping"}) == set()
