"""The pytest plugin: scenario files are tests beside a project's own, and `dispute_store` is a store for tests in Python. What a test means is not known here.

Every pytest of whoever has this package installed loads this module: it imports nothing of ours before a scenario is met.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ... import answers as a
    from ...testing import Store
    from .trial import Trial

ENDING = ".dispute.yaml"
MARKER = re.compile(r"[A-Za-z0-9][\w.+-]*")
"""A tag that `-m` can ask for."""
OF_PYTEST = ("skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings")
"""Markers that mean something to pytest: a tag means nothing but itself."""
INCLUDED = pytest.StashKey[frozenset[str]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    if file_path.name.endswith(ENDING) and os.path.realpath(file_path) not in included(parent.config):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class ScenarioFile(pytest.File):
    """One file: a test for each case, or one."""

    def collect(self) -> Iterator[ScenarioTest]:
        from .source import WrongFile
        from .trial import trials

        try:
            found = trials(str(self.path), shown=os.path.relpath(self.path, self.config.invocation_params.dir))
        except WrongFile as fault:
            raise self.CollectError(told_wrong(fault)) from None
        for trial in found:
            yield ScenarioTest.from_parent(self, name=name_of(trial), trial=trial)


class ScenarioTest(pytest.Item):
    """One case of a scenario."""

    def __init__(self, *, trial: Trial, **given: Any) -> None:
        super().__init__(**given)
        self.trial = trial
        self.extra_keyword_matches.update(trial.tags)
        for tag in trial.tags:
            if MARKER.fullmatch(tag) and tag not in OF_PYTEST:
                mark(self, tag)

    def runtest(self) -> None:
        from .play import play
        from .suite import told

        result = play(self.trial)
        if result.failures:
            raise Unmet(told(self.trial, "failed", result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from .reports import story
        from .source import WrongFile

        if isinstance(excinfo.value, Unmet):
            return "\n".join(story.told(excinfo.value.test))
        if isinstance(excinfo.value, WrongFile):
            return told_wrong(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.trial.line - 1, self.name


class Unmet(Exception):
    """A scenario that does not hold."""

    def __init__(self, test: a.Test) -> None:
        super().__init__(test.failures[0].message)
        self.test = test


def name_of(trial: Trial) -> str:
    """`Silent seller[overdue]`: as pytest names the cases of its own tests."""
    from .reports.story import plain

    return plain(trial.name if trial.case is None else f"{trial.name}[{trial.case}]")


def mark(item: pytest.Item, tag: str) -> None:
    """Make a tag a marker, known to pytest however strict it is."""
    line = f"{tag}: a tag of scenario files"
    if line not in item.config.getini("markers"):
        item.config.addinivalue_line("markers", line)
    item.add_marker(tag)


def told_wrong(fault: Any) -> str:
    from . import suite
    from .reports import story

    return "\n".join(story.wrong(suite.told_wrong(fault)))


# Files that others include


def included(config: pytest.Config) -> frozenset[str]:
    """The files that are no tests by themselves, as some file below what was named includes them; one that was named itself is a test."""
    if INCLUDED not in config.stash:
        from .collect import included_by

        named = [os.path.join(config.invocation_params.dir, arg.partition("::")[0]) for arg in config.args]
        passed_over = config.getini("norecursedirs")
        files = {file for folder in named for file in below(folder, passed_over)}
        config.stash[INCLUDED] = frozenset(path for file in files for path in included_by(file)) - set(map(os.path.realpath, named))
    return config.stash[INCLUDED]


def below(folder: str, passed_over: list[str]) -> Iterator[str]:
    """The scenario files in a folder, but for those folders that pytest does not look into."""
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in passed_over)]
        yield from (os.path.join(at, name) for name in names if name.endswith(ENDING))


# Tests in Python


@pytest.fixture
def dispute_store() -> Store:
    """A store of disputes in memory, from 2026-01-01 on simulated time: see `dispute_cli.testing.Store`."""
    from ...testing import Store

    return Store()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Show what happened in the store of a test that failed."""
    report = (yield).get_result()
    store: Any = getattr(item, "funcargs", {}).get("dispute_store")
    if report.failed and hasattr(store, "timeline"):
        from .reports.story import plain

        report.sections.append(("what happened in dispute_store", "\n".join(map(plain, store.timeline().splitlines()))))
