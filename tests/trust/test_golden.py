"""A store of every schema version there was: read, found sound, written to. What it told when it was made it tells for ever."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import tinydb

from dispute_cli.core.events import Event
from dispute_cli.store import SCHEMA
from tests.run import Place

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(folder.name for folder in GOLDEN.glob("v*"))


@pytest.fixture(params=VERSIONS)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Place, dict[str, Any]]:
    """A copy of a golden store, and what is known of it."""
    kept = GOLDEN / request.param
    shutil.copytree(kept, tmp_path / "copy")
    return Place(tmp_path / "copy"), json.loads((kept / "facts.json").read_text())

LATER = {"buyer_silent"}
"""Types that came later without a change of the format."""


def holds(kept: Any, now: Any) -> bool:
    """What is told now holds all that was kept, and perhaps more members."""
    if isinstance(kept, dict):
        return isinstance(now, dict) and all(name in now and holds(value, now[name]) for name, value in kept.items())
    if isinstance(kept, list):
        return isinstance(now, list) and len(kept) == len(now) and all(map(holds, kept, now))
    return bool(kept == now)


def test_there_is_one_of_each_version() -> None:
    assert [f"v{number}" for number in range(1, SCHEMA + 1)] == VERSIONS


def test_it_is_sound_and_tells_what_it_told(golden: tuple[Place, dict[str, Any]]) -> None:
    place, kept = golden
    before = place.bytes()
    verified = place.ok("verify", "--json").json
    assert (verified["checked"], verified["problems"], verified["now"]) == (kept["checked"], [], kept["now"])
    assert holds(kept["events"], place.ok("events", "--json").json["events"])
    for order in kept["orders"]:
        assert holds(order, place.ok("status", order["id"], "--json").json["order"]), order["id"]
    ledger = place.ok("ledger", "--json").json
    assert holds(kept["postings"], ledger["postings"]) and holds(kept["balances"], ledger["balances"])
    assert holds(kept["deadlines"], place.ok("deadlines", "--json").json["deadlines"])
    assert place.bytes() == before


def test_its_evidence_comes_back_unchanged(golden: tuple[Place, dict[str, Any]]) -> None:
    place, kept = golden
    files = {(event["order"], event["hash"]) for event in kept["events"] if event["type"] == "evidence_added" and event["hash"]}
    assert len(files) >= 9
    for number, (id, digest) in enumerate(sorted(files)):
        place.ok("evidence", "export", id, digest, f"{number}.out")
        assert hashlib.sha256((place.folder / f"{number}.out").read_bytes()).hexdigest() == digest


def test_it_is_written_to_and_stays_sound(golden: tuple[Place, dict[str, Any]]) -> None:
    place, kept = golden
    before = place.bytes()
    place.ok("message", "A", "Still here")
    place.ok("accept", "R", "--yes")
    place.ok("order", "create", "T", "--price", "5", "--policy", str(GOLDEN / "strict.toml"))
    assert place.ok("tick", "--until-idle", "--json").json["next"] is None
    assert place.bytes().startswith(before.removesuffix(b"\n}}"))
    assert place.ok("verify", "--json").json["problems"] == []
    assert holds(kept["events"], place.ok("events", "--json").json["events"][: len(kept["events"])])
    assert {order["status"] for order in place.ok("status", "--all", "--json").json["orders"]} == {"closed"}


def test_its_keys_are_kept(golden: tuple[Place, dict[str, Any]]) -> None:
    place, kept = golden
    again = place.ok("cancel", "J", "--idempotency-key", "drop-J", "--json").json
    assert (again["replayed"], again["changed"]) == (True, False)
    assert [event["type"] for event in again["events"]] == ["claim_dropped", "settled"]
    assert all(event in kept["events"] for event in again["events"])
    assert place("cancel", "R", "--idempotency-key", "drop-J", "--json").code == 6


def test_it_has_every_type_of_event(golden: tuple[Place, dict[str, Any]]) -> None:
    _, kept = golden
    types = {kind.__struct_config__.tag for kind in Event.__args__}
    assert {event["type"] for event in kept["events"]} <= types
    if VERSIONS[-1] == f"v{SCHEMA}":
        assert {event["type"] for event in kept["events"]} == types - LATER


def test_stock_tinydb_opens_it(golden: tuple[Place, dict[str, Any]]) -> None:
    place, kept = golden
    before = place.bytes()
    with tinydb.TinyDB(place.folder / "disputes.json", access_mode="r") as db:
        assert db.tables() == {"store", "commits"}
        told = [event["seq"] for commit in db.table("commits") for event in commit["events"]]
    assert told == [event["seq"] for event in kept["events"]]
    assert place.bytes() == before


def test_a_backup_of_it_tells_the_same(golden: tuple[Place, dict[str, Any]]) -> None:
    place, kept = golden
    place.ok("backup", "copy.json")
    assert holds(kept["events"], place.ok("events", "--store", "copy.json", "--json").json["events"])
    assert place.ok("verify", "--store", "copy.json", "--json").json["problems"] == []


@pytest.mark.parametrize("version", [2, 3, 999])
def test_a_store_of_a_newer_version_names_what_is_needed_and_stays_as_it_is(golden: tuple[Place, dict[str, Any]], version: int) -> None:
    place, _ = golden
    newer = place.bytes().replace(b'"schema":%d' % SCHEMA, b'"schema":%d' % version, 1)
    (place.folder / "disputes.json").write_bytes(newer)
    for argv in (("status", "A"), ("message", "A", "x"), ("verify",), ("repair",), ("backup", "copy.json"), ("events",)):
        ran = place(*argv, "--json")
        assert (ran.code, ran.error["code"]) == (7, "store_unusable"), argv
        assert f"schema version {version}, this program reads up to {SCHEMA}: a newer `dispute` is needed" in ran.err
    assert place.bytes() == newer
    assert not (place.folder / "copy.json").exists()
