"""Which tests are run, and how: what `dispute test` and others who run scenarios say."""

from msgspec import Struct


class Choice(Struct, frozen=True):
    """What is meant."""

    paths: tuple[str, ...]
    tags: str | None = None
    case: str | None = None
    variables: dict[str, str] = {}
    first: str | None = None
    """A step's name or number: those before it are done without looking."""
    last: str | None = None
    jobs: int = 0
    """Processes; 0: as many as there are processors, if it is worth it."""
    fail_fast: bool = False
    listing: bool = False
    keep: str | None = None
    """A new folder where each test's store is kept."""
    update: bool = False
    """Rewrite the expectations that differ."""
