"""What every store test starts from: no signal held back by the test before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispute_cli.store import Store, postgres, signals
from dispute_cli.store.json_log import create
from dispute_cli.store.memory import MemoryStore
from dispute_cli.store.postgres import PostgresStore

from .facts import HEAD
from .server import Server


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    yield
    signals.drop()


@pytest.fixture(params=["memory", "json", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each kind of store, new."""
    if request.param == "postgres":
        yield from new_tables(request.getfixturevalue("server"))
    else:
        yield MemoryStore(HEAD) if request.param == "memory" else create(str(tmp_path / "disputes.json"), HEAD)


@pytest.fixture
def tables(server: Server) -> Iterator[PostgresStore]:
    """A new store on PostgreSQL."""
    yield from new_tables(server)


def new_tables(server: Server) -> Iterator[PostgresStore]:
    store = postgres.create(server.url(), HEAD, lock_timeout=0.05)
    yield store
    store.close()
