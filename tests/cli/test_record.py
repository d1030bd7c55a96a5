"""`record` on the command line: a scenario on standard output or in a new file, which `test` then passes."""

import subprocess
from pathlib import Path

import pytest

from dispute_cli.runs.scenario.source import parse, plain
from tests.run import Place

FILE = "story.dispute.yaml"


def test_what_is_recorded_passes(offered: Place) -> None:
    offered.ok("tick", "10d")
    recorded = offered.ok("record", "O-1")
    assert recorded.err == ""
    assert recorded.out.startswith("# yaml-language-server: $schema=./scenario.schema.json\nscenario: History of O-1\n")
    (offered.folder / FILE).write_text(recorded.out)
    tested = offered("test", FILE)
    assert (tested.code, tested.out, tested.err) == (0, "1 passed\n", "")


def test_it_passes_elsewhere_with_the_evidence_that_it_brings_along(offered: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = Place(tmp_path_factory.mktemp("elsewhere"))
    tested = elsewhere("test", "-", stdin=offered.ok("record", "O-1").out.encode())
    assert (tested.code, tested.out) == (0, "1 passed\n")


def test_a_history_of_a_wall_clock_passes(empty: Place) -> None:
    empty.ok("init", "--clock", "wall")
    empty.ok("order", "create", "O-1", "--price", "50.00")
    empty.ok("open", "O-1", "--not-received", "--reason", "wrong_tracking", "--message", "Never came")
    assert empty("test", "-", stdin=empty.ok("record", "O-1").out.encode()).code == 0


def test_as_json_the_text_is_a_field(dispute: Place) -> None:
    bare, told = dispute.ok("record", "O-1").out, dispute.ok("record", "O-1", "--json").json
    assert told == {
        "schema": "dispute/1", "ok": True, "command": "record", "now": "2026-01-01T00:00:00Z", "warnings": [], "scenario": bare, "file": None, "dry_run": False,
    }  # fmt: skip
    assert dispute.ok("record", "O-1", "--query", "scenario", "--raw").out == bare + "\n"


def test_it_is_written_to_a_new_file(dispute: Place) -> None:
    ran = dispute("record", "O-1", "--output", FILE)
    assert (ran.code, ran.out, ran.err) == (0, f"the scenario is written to {FILE}\n", "")
    assert (dispute.folder / FILE).read_text() == dispute.ok("record", "O-1", "-o", "-").out
    assert dispute.ok("record", "O-1", "--output", "other.yaml", "--quiet").out == ""
    assert dispute.ok("record", "O-1", "--output", "third.yaml", "--json").json["file"] == "third.yaml"


def test_a_dry_run_writes_no_file(dispute: Place) -> None:
    ran = dispute.ok("record", "O-1", "--output", FILE, "--dry-run")
    assert f"the scenario is written to {FILE}" in ran.out
    assert not (dispute.folder / FILE).exists()


def test_a_file_that_is_there_is_refused(dispute: Place) -> None:
    (dispute.folder / FILE).write_text("mine")
    ran = dispute("record", "O-1", "--output", FILE)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: '{FILE}' exists: name a new file.\n")
    assert (dispute.folder / FILE).read_text() == "mine"


def test_a_file_that_cannot_be_written_is_told(dispute: Place) -> None:
    ran = dispute("record", "O-1", "--output", "no/such/folder.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: 'no/such/folder.yaml' cannot be written: no such file or directory.\n")


def test_an_unknown_id_is_3_and_named(dispute: Place) -> None:
    ran = dispute("record", "O-1", "O-2")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: There is no order 'O-2'.\n")
    assert dispute("record", "O-2", "--json").error["exit"] == 3


def test_a_malformed_id_and_none_at_all_are_2(dispute: Place) -> None:
    assert dispute("record", "O 1").code == 2
    assert dispute("record").code == 2


def test_without_a_store_it_is_7(empty: Place) -> None:
    ran = empty("record", "O-1")
    assert (ran.code, ran.out) == (7, "")
    assert "dispute init" in ran.err


def test_several_orders_and_a_purchase_are_one_scenario(dispute: Place) -> None:
    dispute.ok("order", "create", "P", "--item", "Cup=10.00", "--item", "Pot=20.00")
    dispute.ok("order", "ship", "P", "--tracking", "T1")
    recorded = dispute.ok("record", "O-1", "P")
    found = plain(parse("-", recorded.out.encode()))
    assert [order["id"] for order in found["orders"]] == ["O-1", "P"]
    assert found["steps"][0] == {"seller": {"order ship": "P", "tracking": "T1"}}
    assert dispute("test", "-", stdin=recorded.out.encode()).code == 0


def test_what_people_wrote_steers_no_terminal(dispute: Place) -> None:
    dispute.ok("message", "O-1", "Hello \x1b[31m\u202e there")
    shown = dispute.terminal("record", "O-1").out
    assert r'text: "Hello \u001b[31m\u202e there"' in shown
    assert "\x1b[31m" not in shown


def test_the_bytes_are_utf_8_whatever_the_terminal_speaks(dispute: Place) -> None:
    dispute.ok("message", "O-1", "Grüße")
    dispute.env["PYTHONIOENCODING"] = "ascii"
    target = dispute.folder / FILE
    with target.open("wb") as file:
        assert dispute.process("record", "O-1", stdout=file, stderr=subprocess.PIPE).code == 0
    assert "text: Grüße" in target.read_text("utf-8")


def test_nothing_of_the_store_changes(offered: Place, tmp_path: Path) -> None:
    before = offered.bytes()
    offered.ok("record", "O-1")
    assert offered.bytes() == before
    assert not list(tmp_path.glob("*.tmp"))
