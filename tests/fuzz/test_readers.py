"""Every reader, fed spoiled inputs: none may fault, hang or eat the memory. `make fuzz` takes FUZZ_INPUTS of each, from other seeds."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dispute_cli import questions as q
from dispute_cli.cli import configured
from dispute_cli.cli.failures import code_of
from dispute_cli.policies import load, names
from dispute_cli.store.json_log import JsonLogStore
from tests.service.shop import Shop

from . import stores, watch
from .readers import MAKERS, Reader, inputs
from .watch import Fault, bounded, judge

SAMPLE = 1_000
SAMPLES = {"store": 500, "facts": 500}
"""Of those whose every input is a whole store."""
ENOUGH = 2_000
"""Inputs within which every planted bug is met."""
COUNT = os.environ.get("FUZZ_INPUTS")
FIRST = int(os.environ.get("FUZZ_SEED", "0"))
SHARDS = 4 if COUNT else 1


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a spoiled input names as a file is looked for here."""
    monkeypatch.chdir(tmp_path)


def fuzz(reader: Reader, seed: int, count: int) -> Counter[int]:
    """Feed so many inputs; return how often each exit code was met."""
    codes: Counter[int] = Counter()
    with bounded():
        for given in inputs(reader, Random(seed), count):
            codes[judge(lambda given=given: reader.read(given), given)] += 1  # type: ignore[misc]  # a default of a lambda has no type
    return codes


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("name", MAKERS)
def test_a_reader_takes_spoiled_inputs(name: str, shard: int, tmp_path: Path) -> None:
    count = int(COUNT or SAMPLES.get(name, SAMPLE))
    codes = fuzz(MAKERS[name](tmp_path), 1000 * FIRST + shard, -(-count // SHARDS))
    assert codes.total() * SHARDS >= count
    assert codes[0], "none was read at all"


# What was found once


def test_setting_a_key_in_a_file_that_is_no_toml_is_usage(tmp_path: Path) -> None:
    (tmp_path / "dispute.toml").write_text('store = "a"b\n')
    with pytest.raises(Exception) as caught:  # noqa: PT011
        configured.edited(str(tmp_path / "dispute.toml"), "store", "other.json")
    assert code_of(caught.value)[1] == 2


def code_told(folder: Path, change: Callable[[list[dict[str, Any]]], None], question: q.Asked) -> int:
    """The exit code of a question to a store of which one fact says something else, sealed as if it had been written so."""
    documents, _ = stores.sound(folder)
    commits = stores.commits_of(documents[0])
    change(commits)
    (folder / "forged.json").write_bytes(stores.sealed(documents[0], commits))
    with pytest.raises(Exception) as caught:  # noqa: PT011
        Shop(JsonLogStore(str(folder / "forged.json"))).ask(question)
    return code_of(caught.value)[1]


def test_a_due_instant_that_no_deadline_has_is_damage(tmp_path: Path) -> None:
    def change(commits: list[dict[str, Any]]) -> None:
        commits[-1]["orders"][stores.ORDER]["due"] = "2026-01-02T00:00:00Z"

    assert code_told(tmp_path, change, q.Tick(duration="9d")) == 7


def test_a_recorded_currency_that_is_none_is_damage(tmp_path: Path) -> None:
    def change(commits: list[dict[str, Any]]) -> None:
        commits[0]["events"][0]["currency"] = "XXX"

    assert code_told(tmp_path, change, q.Look(id=stores.ORDER)) == 7


# The harness itself: planted bugs

SHIPPED = [load(name) for name in names()]
PLANTED: dict[str, tuple[str, Callable[..., bool]]] = {
    "instant": ("dispute_cli.core.instants.instant", lambda text: text.endswith("0")),
    "duration": ("dispute_cli.core.instants.duration", lambda text: text.count("d") == 2),
    "amount": ("dispute_cli.core.money.check", lambda text: text.count(".") == 2),
    "link": ("dispute_cli.core.links.check_link", lambda url: "//" in url[9:]),
    "picture": ("dispute_cli.core.walks.flaw", lambda data, kind: kind == "gif" and data[13:14] == b"!"),
    "policy": ("dispute_cli.policies.check_sources", lambda path, text, policy, table: policy not in SHIPPED),
    "settings": ("dispute_cli.cli.configured.from_toml", lambda value, *more: len(str(value)) > 40),
    "scenario": ("dispute_cli.runs.scenario.document.shaped", lambda data, *more: isinstance(data, dict) and "orders" not in data),
    "expression": ("dispute_cli.query.depth", lambda tree: tree["type"] == "current"),
    "line": ("dispute_cli.runs.lines.from_json", lambda text: "{}" in text),
    "store": ("dispute_cli.store.walk.damaged", lambda *given: True),
    "facts": ("dispute_cli.store.walk.damaged", lambda *given: True),
}
"""For each reader a function of the product and the shape of what it is given that is to break it."""


@pytest.mark.parametrize("name", PLANTED)
def test_a_shape_that_breaks_a_reader_is_found(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, shape = PLANTED[name]
    module, _, function = target.rpartition(".")
    real = getattr(sys.modules[module], function)

    def broken(*given: Any) -> Any:
        if shape(*given):
            raise KeyError("planted")
        return real(*given)

    monkeypatch.setattr(target, broken)
    with pytest.raises(Fault, match="planted"):
        fuzz(MAKERS[name](tmp_path), 0, ENOUGH)


def spin() -> None:
    while True:
        pass


def test_a_reader_that_hangs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SECONDS", 0.05)
    with bounded(), pytest.raises(Fault, match="Hung"):
        judge(spin, "anything")


def test_a_reader_that_eats_the_memory_is_found() -> None:
    with bounded(1 << 26), pytest.raises(Fault, match="MemoryError"):
        judge(lambda: bytearray(1 << 30), "anything")
