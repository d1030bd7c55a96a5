"""The planting itself is proved: a wrong in what is tested is reported as killed, one in code that nobody calls as a survivor."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUMS = "tests/mutants/specimen/sums.py"


@pytest.fixture(scope="module")
def told() -> str:
    asked = ["--of", SUMS, "--with", "tests/mutants/specimen/proofs.py", "--workers", "1", "--floor", "90"]
    done = subprocess.run([sys.executable, "-m", "tests.mutants", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, "below the floor"
    return done.stdout


def test_what_is_proved_kills_and_what_nobody_calls_survives(told: str) -> None:
    survivors = told.partition("Survivors:\n")[2].splitlines()
    assert [survivor.strip() for survivor in survivors] == [
        f"{SUMS}:9  0  →  -1",
        f"{SUMS}:9  0  →  1",
        f"{SUMS}:9  price < 0  →  price <= 0",
        f"{SUMS}:9  return price < 0  →  return None",
    ]


def test_the_table_counts_both(told: str) -> None:
    assert f"{SUMS}        8       4         4  50.0%" in told
