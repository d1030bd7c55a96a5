"""Settings for every test: property tests are the same in every run. And one database server for those that need it, begun by the first of them."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.store.server import Server, Unavailable, running

settings.register_profile("dispute", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dispute")

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Hundreds of tests start a process: without compiled files each would compile everything again."""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, one for each process that runs tests; skipped aloud where there can be none."""
    pytest.importorskip("psycopg")
    try:
        with running() as server:
            yield server
    except Unavailable as error:
        pytest.skip(f"no PostgreSQL here: {error}")
