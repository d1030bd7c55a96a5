"""What every store test starts from: no signal held back by the test before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispute_cli.store import Store, signals
from dispute_cli.store.json_log import create
from dispute_cli.store.memory import MemoryStore

from .facts import HEAD


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    yield
    signals.drop()


@pytest.fixture(params=["memory", "json"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return MemoryStore(HEAD)
    return create(str(tmp_path / "disputes.json"), HEAD)
