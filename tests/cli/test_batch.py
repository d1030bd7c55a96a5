"""Batch and demo on the command line: one JSON line for each line, and whose standard input is whose."""

import json
import os
import shlex
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.run import START, Place, Ran

LINES = b"""
# a comment
{"command":"message","id":"O-1","text":"From JSON","as":"seller"}
message O-1 "From words" --idempotency-key k
status O-1
"""


def answers(ran: Ran) -> list[Any]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_each_line_has_its_answer(dispute: Place) -> None:
    ran = dispute.ok("batch", stdin=LINES)
    assert [(answer["line"], answer["ok"], answer["command"]) for answer in answers(ran)] == [
        (3, True, "message"),
        (4, True, "message"),
        (5, True, "status"),
    ]
    assert [message["text"] for message in answers(ran)[2]["order"]["messages"]] == ["From JSON", "From words"]


@pytest.mark.parametrize(("mode", "code", "count", "told"), [((), 5, 1, 2), (("--keep-going",), 9, 2, 3), (("--atomic",), 5, 0, 1)])
def test_a_failed_line(dispute: Place, mode: tuple[str, ...], code: int, count: int, told: int) -> None:
    ran = dispute("batch", *mode, stdin=b"message O-1 one\ncancel O-1\nmessage O-1 two\n")
    assert (ran.code, len(answers(ran))) == (code, told)
    assert "error [E5]" in ran.err
    assert len(dispute.ok("status", "O-1", "--json").json["order"]["messages"]) == count


def test_a_file_of_lines(dispute: Place) -> None:
    (dispute.folder / "lines").write_bytes(LINES)
    assert len(answers(dispute.ok("batch", "lines", "--query", "{line: line}"))) == 3
    assert dispute("batch", "missing", "--json").error["code"] == "invalid_file"


@pytest.mark.parametrize(
    ("line", "code"),
    [("message O-1 -", 2), ("status --store x", 2), ("message O-1", 2), ("message 'O-1", 8), ("init", 8), ("batch", 8), ("{", 8)],
)
def test_what_has_no_place_in_a_batch(dispute: Place, line: str, code: int) -> None:
    assert dispute("batch", stdin=line.encode()).code == code


def test_a_line_without_an_end_is_told_before_it(dispute: Place) -> None:
    assert [answer["error"]["exit"] for answer in answers(dispute("batch", "/dev/zero"))] == [8]
    long = b"x" * 9_000_000
    told = answers(dispute("batch", "--keep-going", stdin=b"reasons\n" + long + b"\nreasons\n" + long))
    assert [(answer["line"], answer["ok"]) for answer in told] == [(1, True), (2, False), (3, True), (4, False)]


def test_a_batch_without_a_command_needs_a_store_too(empty: Place) -> None:
    ran = empty("batch", stdin=b"# nothing\n")
    assert ran.code == 7 and "dispute init" in ran.err
    empty.ok("init")
    assert empty.ok("batch", stdin=b"# nothing\n").out == ""


def test_evidence_in_a_batch_is_not_read_from_its_lines(dispute: Place) -> None:
    ran = dispute("batch", stdin=b'open O-1 --received --reason defective --refund 5 --message "It is broken" --evidence -\n')
    assert ran.code == 8


def test_the_demo_plays_and_leaves_nothing(empty: Place) -> None:
    empty.env |= {"DISPUTE_STORE": "mine.json", "DISPUTE_JSON": "1"}
    ran = empty.ok("demo")
    assert "$ dispute order create O-1" in ran.out
    assert not (empty.folder / "mine.json").exists()
    assert not (empty.folder / "disputes.json").exists()


def test_each_line_is_given_as_the_actor_it_names(dispute: Place) -> None:
    ran = dispute("batch", "--keep-going", stdin=b'message O-1 one --as seller\n{"command":"message","id":"O-1","text":"two","as":"platform"}\nopen O-1 --as seller\n')
    told = answers(ran)
    assert [message["by"] for message in told[1]["order"]["messages"]] == ["seller", "platform"]
    assert told[2]["error"]["rule"] == "W1"
    assert "line 3: error [W1]" in ran.err


OPEN = "open O-1 --received --reason defective --refund 20 --message 'It is broken' --link https://example.com/a"
STORIES = {
    "an offer accepted": (OPEN, "respond O-1 --refund 5", "accept O-1 --as buyer", "accept O-1 --as buyer --yes"),
    "a promise accepted": (OPEN, "respond O-1 --promise 'Another one'", "accept O-1 --as buyer", "accept O-1 --as buyer --yes"),
    "more protection": ("extend-protection O-1 --days 5 --as buyer", "extend-protection O-1 --grant --as seller", "extend-protection O-1 --deny --as seller"),
    "evidence of both": (OPEN, "respond O-1 --refund 5", "escalate O-1 --as buyer --confirm", "review request-evidence O-1 --from seller --days 3", "review request-evidence O-1 --from buyer", "add-evidence O-1 --link https://example.com/b --as seller",
                         "message O-1 'see https://example.com/c' --as seller", "message O-1 'see https://example.com/d' --as buyer"),
    "the same link twice": (OPEN, "message O-1 'see https://example.com/e' --as buyer", "message O-1 'see https://example.com/e'"),
    "keys and nobody": ("message O-1 hi --idempotency-key ''", "message O-1 hi --as nobody", "message O-1 hi --as ''", "message O-1 hi --idempotency-key k", "message O-1 hi --idempotency-key k"),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_lines_of_words_do_what_single_commands_do(dispute: Place, tmp_path: Path, story: str) -> None:
    together = Place(tmp_path / "together")
    shutil.copytree(dispute.folder, together.folder)
    singly = [dispute(*shlex.split(line), "--json") for line in STORIES[story]]
    told = answers(together("batch", "--keep-going", stdin="\n".join(STORIES[story]).encode()))
    assert [{"line": line, **ran.json} for line, ran in enumerate(singly, 1)] == told
    assert together.bytes() == dispute.bytes()
    assert singly[-1].code == 0 or story == "more protection"


def test_a_line_may_say_how_it_would_be_shown(dispute: Place) -> None:
    assert answers(dispute.ok("batch", stdin=b"status O-1 --json --quiet\n"))[0]["order"]["id"] == "O-1"


def test_an_interrupt_ends_a_batch_that_waits_for_lines(dispute: Place) -> None:
    process = subprocess.Popen(
        [*START, "batch", "-"], cwd=dispute.folder, env=dispute.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"message O-1 one\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["ok"]
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted after line 1: what was told until then is written, nothing else." in err
    assert len(dispute.ok("status", "O-1", "--json").json["order"]["messages"]) == 1


def test_commands_run_to_the_end_though_nobody_reads_the_answers_any_more(dispute: Place) -> None:
    (dispute.folder / "lines").write_text("".join(f"message O-1 {number}\n" for number in range(400)))
    reading, writing = os.pipe()
    os.close(reading)
    assert dispute.process("batch", "lines", stdout=writing).code == 0
    os.close(writing)
    assert len(dispute.ok("status", "O-1", "--json").json["order"]["messages"]) == 400


def test_evidence_is_not_exported_among_the_answers(dispute: Place) -> None:
    ran = dispute("batch", stdin=f"evidence export O-1 {'0' * 64} -\norder create --help\n".encode())
    assert "exported" not in ran.out
    assert answers(ran)[0]["error"]["exit"] in (2, 3)
    assert answers(dispute("batch", stdin=b"order create --help\n"))[0]["error"]["code"] == "usage"


def test_a_dry_backup_writes_nothing(dispute: Place) -> None:
    dispute.ok("backup", "copy.json", "--dry-run")
    assert not (dispute.folder / "copy.json").exists()
    dispute.ok("backup", "copy.json")
    assert dispute("backup", "copy.json", "--dry-run").code == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"command":"message","id":"O-1","txt":"x"}', "there is no key 'txt' in this command. Did you mean 'text'? It takes text, id, as."),
        ('{"command":"order create","id":"N","price":5}', "price is a whole number, where a text or null is expected."),
        ('{"command":"message","id":"O-1"}', "the key 'text' is missing."),
        ('{"command":"add-evidence","id":"O-1","file":"a.png"}', "file is a text, where a list is expected."),
        ('{"command":"status","all":"yes"}', "all is a text, where true or false is expected."),
    ],
)
def test_a_key_or_a_value_that_is_wrong_is_told_in_plain_words(dispute: Place, line: str, says: str) -> None:
    ran = dispute("batch", stdin=line.encode())
    assert (ran.code, ran.json["error"]["message"]) == (2, says)
