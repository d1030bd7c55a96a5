"""Stores for the catalogue: made once, copied for each test."""

import shutil
from pathlib import Path

import pytest

from tests.pictures import PNG
from tests.run import Place

BROKEN = ("--received", "--reason", "defective", "--refund", "20.00", "--message", "It is broken in two pieces")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of stores to copy: `paid` has one order of 50.00 + 5.00, in `offered` it has a dispute with 10.00 offered of 20.00."""
    shelf = tmp_path_factory.mktemp("shelf")
    (shelf / "paid").mkdir()
    paid = Place(shelf / "paid")
    paid.ok("init")
    paid.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00", "--title", "Blue cup")
    (paid.folder / "cup.png").write_bytes(PNG)
    offered = copied(shelf / "paid", shelf / "offered")
    offered.ok("open", "O-1", *BROKEN, "--evidence", "cup.png")
    offered.ok("respond", "O-1", "--refund", "10.00")
    return shelf


def copied(source: Path, target: Path) -> Place:
    return Place(shutil.copytree(source, target, dirs_exist_ok=True))


@pytest.fixture
def empty(tmp_path: Path) -> Place:
    """A folder without a store."""
    return Place(tmp_path)


@pytest.fixture
def dispute(shelf: Path, tmp_path: Path) -> Place:
    """A store with one paid order, and a picture beside it."""
    return copied(shelf / "paid", tmp_path)


@pytest.fixture
def offered(shelf: Path, tmp_path: Path) -> Place:
    """A store whose order has a dispute, with an offer to answer."""
    return copied(shelf / "offered", tmp_path)
