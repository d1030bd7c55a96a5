"""Streams that are full, closed, gone or cannot hold a text: told with 1 where nobody could be answered, and never a traceback."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.run import START, Place, Ran

from .judging import done, snapshot, unseen

FULL = "No space left on device"
ANSWERS = ["status O-1", "status O-1 --json", "events --format csv", "policy show", "--help", "message O-1 x"]


@pytest.mark.parametrize("line", ANSWERS)
def test_a_full_output_is_told(dispute: Place, line: str) -> None:
    with open("/dev/full", "wb") as full:
        ran = dispute.process(*line.split(), stdout=full)
    assert (ran.code, FULL in ran.err, "Traceback" in ran.err) == (1, True, False)
    assert ("may be recorded" in ran.err) is line.startswith("message")


def test_a_full_output_after_a_refusal_keeps_its_code(dispute: Place) -> None:
    with open("/dev/full", "wb") as full:
        ran = dispute.process("status", "O-9", "--json", stdout=full)
    assert (ran.code, "O-9" in ran.err, "Traceback" in ran.err) == (3, True, False)


def test_a_full_standard_error_changes_neither_code_nor_answer(dispute: Place) -> None:
    with open("/dev/full", "wb") as full:
        ran = dispute.process("status", "O-9", "--json", stderr=full)
        assert (ran.code, ran.error["code"]) == (3, "not_found")
        ran = dispute.process("message", "O-1", "Bitte senden Sie mir mein Geld zurück", "--json", stderr=full)
    assert (ran.code, ran.json["ok"]) == (0, True)


def closing(place: Place, closed: int, *argv: str) -> Ran:
    streams: dict[str, Any] = {"stdout": None} if closed == 1 else {"stderr": None} if closed == 2 else {}
    return place.process(*argv, preexec_fn=lambda: os.close(closed), **streams)


@pytest.mark.parametrize("line", ["message O-1 x", "message O-1 x --json", "status O-1", "init --force", "batch -", "tick 1d"])
def test_a_closed_output_is_told_before_anything_is_done(dispute: Place, line: str) -> None:
    before = snapshot(dispute.folder)
    ran = closing(dispute, 1, *line.split())
    assert (ran.code, "it is closed" in ran.err, "Traceback" in ran.err) == (1, True, False)
    assert snapshot(dispute.folder) == before


def test_a_closed_standard_error_changes_nothing(dispute: Place) -> None:
    assert closing(dispute, 2, "status", "O-9", "--json").error["code"] == "not_found"
    assert closing(dispute, 2, "message", "O-1", "x", "--json").json["ok"]
    assert dispute.ok("verify").code == 0


def test_a_closed_input_is_usage_only_where_it_is_read(dispute: Place) -> None:
    ran = closing(dispute, 0, "message", "O-1", "-")
    assert (ran.code, "Traceback" in ran.err) == (2, False)
    assert closing(dispute, 0, "message", "O-1", "x").code == 0
    assert dispute.ok("verify").code == 0


def test_all_three_closed_is_a_failure_that_changes_nothing(dispute: Place) -> None:
    before = snapshot(dispute.folder)
    none: dict[str, Any] = {"stdout": None, "stderr": None}
    assert dispute.process("message", "O-1", "x", preexec_fn=lambda: os.closerange(0, 3), **none).code == 1
    assert snapshot(dispute.folder) == before


@pytest.mark.parametrize("line", ["rules", "rules --json", "--help", "status O-1 --json", "schema order"])
def test_a_reader_that_has_read_enough_is_left_in_peace(dispute: Place, line: str) -> None:
    """As `| head -0` does: the pipe is closed before anything is written."""
    reader, writer = os.pipe()
    os.close(reader)
    ran = dispute.process(*line.split(), stdout=writer)
    os.close(writer)
    assert (ran.code, ran.err) == (0, "")


def test_head_reads_what_it_wants_and_all_is_quiet(dispute: Place) -> None:
    command = 'set -o pipefail; "$@" | head -1'
    ran = subprocess.run(
        ["bash", "-c", command, "bash", *START, "rules"], cwd=dispute.folder, env=dispute.environment(), capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout.count(b"\n"), ran.stderr) == (0, 1, b"")


def test_what_was_written_before_the_reader_left_stays_written(dispute: Place) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    lines = b"".join(b"message O-1 %d\n" % number for number in range(20))
    ran = dispute.process("batch", "-", stdin=lines, stdout=writer)
    os.close(writer)
    assert (ran.code, "Traceback" in ran.err) == (0, False)
    assert len(dispute.ok("status", "O-1", "--json").json["order"]["messages"]) == 20


TEXT = "Grüße 杯 😀 €"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", r"Gr\xfc\xdfe \u676f \U0001f600 \u20ac"),
        ("latin-1", r"Grüße \u676f \U0001f600 \u20ac"),
        ("cp1252", r"Grüße \u676f \U0001f600 €"),
    ],
)
def test_what_an_encoding_cannot_hold_is_escaped(dispute: Place, encoding: str, shown: str) -> None:
    dispute.ok("message", "O-1", TEXT)
    dispute.env["PYTHONIOENCODING"] = encoding
    name = encoding.partition(":")[0]
    command = [*START, "status", "O-1"]
    page = subprocess.run(command, cwd=dispute.folder, env=dispute.environment(), capture_output=True, check=True)
    assert shown in page.stdout.decode(name)
    answer = dispute.process("status", "O-1", "--json")
    assert answer.out.isascii()
    assert answer.json["order"]["messages"][0]["text"] == TEXT


def test_a_complaint_that_an_encoding_cannot_hold_is_escaped(dispute: Place) -> None:
    dispute.env["PYTHONIOENCODING"] = "ascii"
    ran = dispute.process("status", "тест", "--json")
    assert (ran.code, ran.out.isascii(), ran.err.isascii(), "Traceback" in ran.err) == (2, True, True, False)
    assert "тест" in ran.error["message"]


def test_output_to_a_file_that_may_grow_no_more_is_told(dispute: Place) -> None:
    import resource

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    with open(dispute.folder / "out", "wb") as out:
        ran = dispute.process("rules", stdout=out, preexec_fn=bound)
    assert (ran.code, "File too large" in ran.err, "Traceback" in ran.err) == (1, True, False)


def test_nothing_but_the_answer_goes_to_standard_output(offered: Place) -> None:
    Path(offered.folder / "disputes.json.d/index.sqlite").write_bytes(b"garbage")
    ran = done(offered, "message", "O-1", "Bitte senden Sie mir mein Geld zurück, die Tasse ist kaputt", "--json")
    assert ran.err
    assert (ran.out.count("\n"), ran.json["ok"], ran.json["warnings"][0]["code"], unseen(ran.err)) == (1, True, "A1", set())
