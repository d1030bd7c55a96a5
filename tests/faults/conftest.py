"""The theatre of these tests: one in each process. Where strace cannot follow another process they are skipped aloud."""

from collections.abc import Iterator

import pytest

from .stage import why_not
from .theatre import Theatre


@pytest.fixture(scope="session", autouse=True)
def strace() -> None:
    reason = why_not()
    if reason is not None:
        pytest.skip(f"nothing can be struck here: {reason}")


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    made = Theatre(tmp_path_factory.mktemp("theatre"))
    yield made
    made.close()
