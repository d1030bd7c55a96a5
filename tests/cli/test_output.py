"""Output: one object or plain text, whatever the streams can hold, whatever people wrote, whoever stops reading."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run import START, Place

HOSTILE = "\x1b[31mred \x9b \x7f \r \u202eedils\u200b [/bold] :smile: ${x} {0} %s <script>"


@pytest.mark.parametrize("argv", [("status", "O-1"), ("events",), ("rules", "--json"), ("--help",), ("message", "O-1", "x")])
def test_a_full_disk_is_told(dispute: Place, argv: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = dispute.process(*argv, stdout=full)
    assert ran.code == 1
    assert "No space left on device" in ran.err
    assert "Traceback" not in ran.err


def test_a_full_disk_after_the_write_says_that_it_may_be_recorded(dispute: Place) -> None:
    with Path("/dev/full").open("wb") as full:
        assert "may be recorded" in dispute.process("message", "O-1", "x", stdout=full).err
        assert "may be recorded" not in dispute.process("status", "O-1", stdout=full).err


def test_closed_output_is_told_before_anything_is_done(dispute: Place) -> None:
    before = dispute.bytes()
    ran = dispute.process("message", "O-1", "x", stdout=None, preexec_fn=lambda: os.close(1))
    assert ran.code == 1
    assert "closed" in ran.err
    assert dispute.bytes() == before


@pytest.mark.parametrize("closed", [0, 2])
def test_a_closed_stream_never_lends_its_number_to_the_store(dispute: Place, closed: int) -> None:
    opened = "import os; from dispute_cli.cli.main import fill_gaps; fill_gaps(); print(os.open('/dev/null', 0))"
    command = [sys.executable, "-c", opened]
    shown = subprocess.run(command, env=dispute.environment(), stdout=subprocess.PIPE, preexec_fn=lambda: os.close(closed), check=True)
    assert int(shown.stdout) > 2
    ran = dispute.process("message", "O-1", "x", preexec_fn=lambda: os.close(closed))
    assert ran.code == 0
    assert dispute("verify").code == 0


def test_a_reader_that_stops_is_quiet(dispute: Place) -> None:
    command = subprocess.Popen(
        [*START, "rules"], cwd=dispute.folder, env=dispute.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stdout
    assert command.stderr
    command.stdout.close()
    assert (command.wait(60), command.stderr.read()) == (0, b"")
    command.stderr.close()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_a_stream_cannot_hold_is_escaped(dispute: Place, encoding: str) -> None:
    dispute.ok("message", "O-1", "Grüße 杯 😀")
    dispute.env["PYTHONIOENCODING"] = encoding
    text = dispute.process("status", "O-1")
    assert text.code == 0
    assert "\\u676f" in text.out
    assert dispute.process("status", "O-1", "--json").json["order"]["messages"][0]["text"] == "Grüße 杯 😀"


def test_hostile_text_is_shown_and_does_nothing(dispute: Place) -> None:
    dispute.ok("message", "O-1", HOSTILE)
    for argv in (("status", "O-1"), ("events",)):
        shown = dispute.ok(*argv).out
        assert "\\x1b[31mred \\x9b \\x7f \\r \\u202eedils\\u200b [/bold] :smile: ${x} {0} %s <script>" in shown
    ran = dispute.ok("status", "O-1", "--json")
    assert ran.json["order"]["messages"][0]["text"] == HOSTILE
    assert not set("\x1b\x9b\x7f\r\u202e\u200b") & set(ran.out)


def test_hostile_text_does_nothing_on_a_terminal(dispute: Place) -> None:
    dispute.ok("message", "O-1", HOSTILE)
    dispute.env["COLUMNS"] = "300"
    ran = dispute.terminal("status", "O-1")
    assert "\\x1b[31mred \\x9b \\x7f \\r \\u202eedils\\u200b [/bold] :smile: ${x} {0} %s <script>" in ran.out


def test_hostile_words_do_nothing_in_an_error(dispute: Place) -> None:
    for argv in (("status", "\x1b[31m"), ("status", "--\x1b[31m"), ("\x1b[31m",), ("policy", "show", "\x1b[31m")):
        assert "\x1b" not in dispute(*argv).err


def test_a_text_of_several_lines_stays_one_row(dispute: Place) -> None:
    dispute.ok("message", "O-1", "one\ntwo\tthree")
    assert "one\\ntwo\\tthree\n" in dispute.ok("status", "O-1").out


def test_off_a_terminal_nothing_is_cut(dispute: Place) -> None:
    dispute.ok("message", "O-1", "word " * 100)
    dispute.env["COLUMNS"] = "40"
    ran = dispute.ok("status", "O-1")
    assert ("word " * 100) in ran.out
    assert "\x1b" not in ran.out


def test_on_a_terminal_tables_keep_to_its_width(dispute: Place) -> None:
    dispute.ok("message", "O-1", "word " * 100)
    dispute.env |= {"COLUMNS": "60", "NO_COLOR": "1"}
    lines = dispute.terminal("status", "O-1").out.splitlines()
    page = [line for line in lines if not line.startswith("warning")]
    assert max(map(len, page)) <= 60


@pytest.mark.parametrize(
    ("argv", "env", "colour"),
    [
        ((), {}, True),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"TERM": "dumb"}, False),
        (("--color", "never"), {}, False),
        (("--color", "always"), {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ((), {"DISPUTE_COLOR": "never"}, False),
    ],
)
def test_colour_on_a_terminal(dispute: Place, argv: tuple[str, ...], env: dict[str, str], colour: bool) -> None:
    dispute.env |= env
    assert ("\x1b[" in dispute.terminal("status", "O-1", *argv).out) is colour


@pytest.mark.parametrize(
    ("argv", "env", "colour"),
    [((), {}, False), (("--color", "always"), {}, True), ((), {"FORCE_COLOR": "1"}, True), ((), {"FORCE_COLOR": ""}, False)],
)
def test_colour_off_a_terminal(dispute: Place, argv: tuple[str, ...], env: dict[str, str], colour: bool) -> None:
    dispute.env |= env
    assert ("\x1b[" in dispute("status", "O-1", *argv).out) is colour
    assert "\x1b" not in dispute("status", "O-1", "--json", *argv).out


def test_quiet_silences_information_and_warnings_never_errors(dispute: Place) -> None:
    ran = dispute.ok("message", "O-1", "Bitte senden Sie mir mein Geld zurück", "-q")
    assert (ran.out, ran.err) == ("", "")
    assert dispute("cancel", "O-1", "--quiet").err.startswith("error [E5]")
    page = dispute.ok("status", "O-1", "-q")
    assert page.out
    assert page.err == ""
    assert dispute.ok("message", "O-1", "x", "-q", "--json").json["ok"]


def test_warnings_stand_on_standard_error(dispute: Place) -> None:
    ran = dispute.ok("message", "O-1", "Bitte senden Sie mir mein Geld zurück")
    assert ran.err.startswith("warning [A1]: ")
    assert "A1" not in ran.out


def test_json_is_one_compact_line(dispute: Place) -> None:
    ran = dispute.ok("status", "O-1", "--json")
    assert ran.out.count("\n") == 1
    assert ran.out.startswith('{"schema":"dispute/1","ok":true,"command":"status","now":"2026-01-01T00:00:00Z"')


def test_what_came_before_the_dispute_is_marked(offered: Place) -> None:
    offered.ok("message", "O-1", "after")
    lines = offered.ok("status", "O-1").out.splitlines()
    assert any(line.endswith("1\tafter") for line in lines)


def test_the_list_is_by_urgency_on_a_terminal_and_by_id_elsewhere(dispute: Place) -> None:
    late = ("--not-received", "--reason", "wrong_address", "--message", "To another town")
    dispute.ok("order", "create", "O-2", "--price", "5")
    dispute.ok("open", "O-2", *late)
    dispute.ok("tick", "1d")
    dispute.ok("open", "O-1", *late)
    dispute.env["COLUMNS"] = "200"
    assert [row["id"] for row in dispute.ok("status", "--json").json["orders"]] == ["O-1", "O-2"]
    shown = dispute.terminal("status", "--color", "never").out
    assert shown.index("O-2") < shown.index("O-1")


def test_a_damaged_store_is_an_answer_and_an_error(dispute: Place) -> None:
    path = dispute.folder / "disputes.json"
    path.write_bytes(path.read_bytes().replace(b"Blue cup", b"Blue cap"))
    ran = dispute("verify", "--json")
    assert (ran.code, ran.json["ok"], ran.error["code"], ran.error["exit"]) == (7, False, "store_unusable", 7)
    assert ran.json["problems"]
    assert ran.err.startswith("error: ")
