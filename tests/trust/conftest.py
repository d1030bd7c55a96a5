"""What every trust test starts from: no signal held back by the test before, and where only bytes matter no disk waited for."""

import os
from collections.abc import Iterator

import pytest

from dispute_cli.store import disk, signals


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    yield
    signals.drop()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sync."""
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    monkeypatch.setattr(disk, "_fdatasync", lambda fd: None)
