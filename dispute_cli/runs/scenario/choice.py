"""Which tests are run, and how: what `dispute test` and others who run scenarios say."""

import shlex

from msgspec import Struct


class Choice(Struct, frozen=True):
    """What is meant."""

    paths: tuple[str, ...]
    tags: str | None = None
    case: str | None = None
    variables: dict[str, str] = {}
    """Each of which something must use."""
    vars_file: str | None = None
    """Where more are from, which weigh less: those are for whoever knows them."""
    from_file: dict[str, str] = {}
    """What stands there."""
    first: str | None = None
    """A step's name or number: those before it are done without looking."""
    last: str | None = None
    jobs: int | None = None
    """Processes; None: as many as there are processors, if it is worth it."""
    fail_fast: bool = False
    listing: bool = False
    keep: str | None = None
    """A new folder where each test's store is kept."""
    update: bool = False
    """Rewrite the expectations that differ."""

    @property
    def given(self) -> dict[str, str]:
        """All variables that are given."""
        return {**self.from_file, **self.variables}

    @property
    def said(self) -> str:
        """The options that give them."""
        file = [f" --vars-file {shlex.quote(self.vars_file)}"] if self.vars_file is not None else []
        return "".join((*file, *(f" --var {shlex.quote(f'{name}={value}')}" for name, value in self.variables.items())))
