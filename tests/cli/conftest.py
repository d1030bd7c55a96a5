"""A place for commands, empty and with an order in it."""

from pathlib import Path

import pytest

from tests.pictures import PNG
from tests.run import Place


@pytest.fixture
def empty(tmp_path: Path) -> Place:
    """A folder without a store."""
    return Place(tmp_path)


@pytest.fixture
def dispute(empty: Place) -> Place:
    """A store with one paid order, and a picture beside it."""
    empty.ok("init")
    empty.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00", "--title", "Blue cup")
    (empty.folder / "cup.png").write_bytes(PNG)
    return empty


@pytest.fixture
def offered(dispute: Place) -> Place:
    """A store whose order has a dispute, with 10.00 offered of 20.00 demanded."""
    message = ("--message", "It is broken in two pieces")
    dispute.ok("open", "O-1", "--received", "--reason", "defective", "--refund", "20.00", *message, "--evidence", "cup.png")
    dispute.ok("respond", "O-1", "--refund", "10.00")
    return dispute
