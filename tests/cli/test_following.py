"""`events --follow`: every event once and in order beside writers, in every form, until interrupted or unread."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run import START, Place

STORM = """
import subprocess, sys
lines = "".join(f"message O-1 word{n}-{sys.argv[1]}\\n" for n in range(100))
for part in range(4):
    subprocess.run([*sys.argv[1:], "batch", "--quiet"], input=lines.encode(), check=True, stdout=subprocess.DEVNULL)
"""


def follow(place: Place, *argv: str) -> "subprocess.Popen[bytes]":
    # A shell's background job ignores INT; what is tested here is a process in the foreground.
    return subprocess.Popen(
        [*START, "events", "--follow", *argv], cwd=place.folder, env=place.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )  # fmt: skip


def stop(process: "subprocess.Popen[bytes]", with_signal: signal.Signals = signal.SIGINT) -> tuple[bytes, bytes]:
    process.send_signal(with_signal)
    return process.communicate(timeout=60)


def read_line(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stdout
    return process.stdout.readline()


def test_nothing_is_missed_and_nothing_doubled_beside_writers(dispute: Place) -> None:
    watching = follow(dispute, "--json")
    writers = [
        subprocess.Popen([sys.executable, "-c", STORM, *START], cwd=dispute.folder, env=dispute.environment()) for _ in range(2)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    seen = [json.loads(read_line(watching)) for _ in range(1 + 2 * 4 * 100)]
    rest, told = stop(watching)
    assert [event["seq"] for event in seen] == list(range(1, 802))
    assert seen == dispute.ok("events", "--json").json["events"]
    assert watching.returncode == 130
    assert (rest, told) == (b"", b"")


def test_it_is_filtered_and_written_as_asked(dispute: Place) -> None:
    dispute.ok("order", "create", "O-2", "--price", "1")
    watching = follow(dispute, "O-1", "--type", "message_sent", "--format", "csv", "--fields", "seq,text")
    dispute.ok("message", "O-2", "not this")
    dispute.ok("message", "O-1", "=this")
    assert [read_line(watching), read_line(watching)] == [b"seq,text\n", b"4,'=this\n"]
    dispute.ok("message", "O-1", "and that")
    assert read_line(watching) == b"5,and that\n"
    assert (stop(watching)[0], watching.returncode) == (b"", 130)


def test_off_a_terminal_it_reads_like_events(dispute: Place) -> None:
    watching = follow(dispute, "--fields", "seq,type")
    assert [read_line(watching), read_line(watching)] == [b"seq\ttype\n", b"1\torder_created\n"]
    stop(watching)


def test_it_ends_quietly_when_nobody_reads_any_more(dispute: Place) -> None:
    watching = follow(dispute, "--query", "type", "--raw")
    assert read_line(watching) == b"order_created\n"
    assert watching.stdout and watching.stderr
    watching.stdout.close()
    assert (watching.wait(60), watching.stderr.read()) == (0, b"")


def test_an_order_that_is_not_there_is_not_waited_for(dispute: Place) -> None:
    ran = dispute.process("events", "O-9", "--follow")
    assert (ran.code, ran.out) == (3, "")


def test_it_has_no_place_in_a_batch(dispute: Place) -> None:
    assert dispute("batch", stdin=b"events --follow\n").code == 2


@pytest.mark.parametrize("since", ["0", "1"])
def test_it_begins_where_it_is_told_to(dispute: Place, since: str, tmp_path: Path) -> None:
    dispute.ok("message", "O-1", "second")
    watching = follow(dispute, "--since", since, "--format", "jsonl")
    assert json.loads(read_line(watching))["seq"] == int(since) + 1
    stop(watching)
    assert os.path.exists(tmp_path / "disputes.json")
