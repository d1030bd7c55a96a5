"""Policy files, settings files and batch files of every bad kind: 8, 2 and 8, with the file and what is wrong in it named."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import dispute_cli.policies
from tests.run import Place

from .judging import done, folder, judge, loop, missing, pipe, refused, refused_here, short, snapshot, zeros

GOOD = (Path(dispute_cli.policies.__file__).parent / "aliexpress.toml").read_bytes()
DAYS, SIZE = b"seller_days = 5", b"most_bytes = 2_097_152"


def days(value: bytes) -> bytes:
    return GOOD.replace(DAYS, b"seller_days = " + value)


POLICIES: dict[str, tuple[bytes, str]] = {
    "inf": (days(b"inf"), "answering.seller_days"),
    "5,000 deep": (b"a = " + b"[" * 5000 + b"]" * 5000, "nested too deep"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, "it is not TOML"),
    "an unknown key": (GOOD.replace(DAYS, DAYS + b"\nseller_hours = 5"), "seller_hours"),
    "negative days": (days(b"-5"), "answering.seller_days"),
}
POLICIES_KIN: dict[str, tuple[bytes, str]] = {
    "nan": (days(b"nan"), "answering.seller_days"),
    "-inf": (days(b"-inf"), "answering.seller_days"),
    "no days": (days(b"0"), "answering.seller_days"),
    "half a day": (days(b"5.5"), "answering.seller_days"),
    "1e3": (days(b"1e3"), "answering.seller_days"),
    "days as a text": (days(b'"5"'), "answering.seller_days"),
    "days as a date": (days(b"2026-01-01"), "answering.seller_days"),
    "days as a truth": (days(b"true"), "answering.seller_days"),
    "beyond 64 bits": (days(b"9" * 30), "answering.seller_days"),
    "too many days": (days(b"3651"), "answering.seller_days"),
    "0 bytes": (b"", "missing required field"),
    "a duplicate key": (GOOD.replace(DAYS, DAYS + b"\n" + DAYS), "it is not TOML"),
    "a duplicate table": (GOOD + b"\n[answering]\n", "it is not TOML"),
    "an unknown table": (GOOD + b"\n[extra]\nx = 1\n", "extra"),
    "an unknown choice": (GOOD.replace(b'claim_basis = "demand"', b'claim_basis = "whatever"'), "escalation.claim_basis"),
    "an expression": (GOOD.replace(b'claim_basis = "demand"', b'claim_basis = "${demand}"'), "escalation.claim_basis"),
    "a size beyond any": (GOOD.replace(SIZE, b"most_bytes = 99_999_999_999"), "evidence.most_bytes"),
    "bad UTF-8": (GOOD + b"# \xff\n", "it is not UTF-8 text"),
    "another encoding": (GOOD.decode().encode("utf-16"), "it is not UTF-8 text"),
    "a NUL": (GOOD + b"\0", "it is not TOML"),
    "JSON": (b'{"name": "x"}', "it is not TOML"),
    "a hostile key": (b'"\\u001b[31m\\u202e" = 1\n' + GOOD, ""),
    "hostile bytes": (b"\x1b[31m = 1\n", "it is not TOML"),
    "257 KiB": (GOOD + b"#" * 263_000, "a policy file has at most 262,144 bytes"),
}


@pytest.mark.parametrize(("data", "says"), POLICIES.values(), ids=POLICIES)
def test_a_bad_policy_is_an_invalid_file(dispute: Place, data: bytes, says: str) -> None:
    (dispute.folder / "my.toml").write_bytes(data)
    refused(dispute, 8, "order", "create", "N-1", "--price", "5", "--policy", "my.toml", says=says)
    ran = refused_here(dispute, 8, "policy", "show", "my.toml", says=says)
    assert ran.error["message"].startswith("my.toml:")
    refused_here(dispute, 8, "init", "--store", "new.json", "--policy", "my.toml", says=says)


@pytest.mark.parametrize(("data", "says"), POLICIES_KIN.values(), ids=POLICIES_KIN)
def test_so_are_these_policies(dispute: Place, data: bytes, says: str) -> None:
    (dispute.folder / "my.toml").write_bytes(data)
    refused_here(dispute, 8, "policy", "show", "my.toml", says=says)


def test_a_policy_with_a_number_of_5000_digits_is_an_invalid_file(dispute: Place) -> None:
    (dispute.folder / "my.toml").write_bytes(days(b"9" * 5000))
    refused_here(dispute, 8, "policy", "show", "my.toml", says="my.toml")


def test_a_figure_without_its_source_is_named(dispute: Place) -> None:
    (dispute.folder / "my.toml").write_bytes(b"\n".join(line for line in GOOD.split(b"\n") if not line.startswith(b'"payout.least_days"')))
    refused_here(dispute, 8, "policy", "show", "my.toml", says="does not say where 'payout.least_days' comes from")


NO_FILE: tuple[tuple[Callable[[Path], None], str], ...] = (
    (pipe, "not a regular file"),
    (folder, "a folder"),
    (zeros, "not a regular file"),
    (loop, "a loop of symbolic links"),
    (missing, "no such file"),
)


@pytest.mark.parametrize(("make", "says"), NO_FILE, ids=short)
def test_what_is_no_file_is_no_policy(dispute: Place, make: Callable[[Path], None], says: str) -> None:
    make(dispute.folder / "my.toml")
    refused(dispute, 8, "init", "--store", "new.json", "--policy", "my.toml", says=f"my.toml: {says}")
    refused_here(dispute, 8, "order", "create", "N-1", "--price", "5", "--policy", "./my.toml", says=says)


@pytest.mark.parametrize(
    "name",
    [
        "ebya",
        "../aliexpress",
        "aliexpress.toml",
        "ALIEXPRESS",
        "аliexpress",
        "x" * 5000,
        "\x1b[31m",
        "-",
        "/dev/zero",
        "/",
        ".toml",
        "a/\nb",
    ],
    ids=short,
)
def test_a_policy_that_is_not_there_is_an_invalid_file(dispute: Place, name: str) -> None:
    refused_here(dispute, 8, "policy", "show", name)
    refused_here(dispute, 8, "init", "--store", "new.json", "--policy", name)


def test_a_policy_without_a_name_is_not_taken_for_none(dispute: Place) -> None:
    refused_here(dispute, 8, "order", "create", "N-1", "--price", "5", "--policy=")


# Settings.

SETTINGS: dict[str, tuple[bytes, str]] = {
    "inf": (b"lock_timeout = inf\n", "lock_timeout is not a text in quotes"),
    "5,000 deep": (b"store = " + b"[" * 5000 + b"]" * 5000, "is not TOML"),
    "a byte order mark": (b"\xef\xbb\xbfquiet = true\n", "is not TOML"),
    "an unknown key": (b"colour = 'never'\n", "'colour' is no option"),
    "a negative duration": (b"lock_timeout = '-1d'\n", "lock_timeout: '-1d' is not a duration"),
}
SETTINGS_KIN: dict[str, tuple[bytes, str]] = {
    "a duplicate key": (b"quiet = true\nquiet = false\n", "is not TOML"),
    "consent": (b"yes = true\n", "consent never comes from a file"),
    "confirmation": (b"confirm = true\n", "consent never comes from a file"),
    "no consent": (b"yes = false\n", "consent never comes from a file"),
    "consent in another case": (b"YES = true\n", "'YES' is no option"),
    "consent below": (b"[dispute]\nyes = true\n", "'dispute' is no option"),
    "a truth as a text": (b"json = 'true'\n", "json is not true or false"),
    "a truth as a number": (b"quiet = 1\n", "quiet is not true or false"),
    "a colour": (b"color = 'blue'\n", "'blue': say auto, always or never"),
    "an actor": (b"as = 'thief'\n", "an actor is buyer, seller or platform"),
    "a number of seconds": (b"lock_timeout = 5\n", "is not a text in quotes"),
    "an endless wait": (b"lock_timeout = '1000000000d'\n", "is too long"),
    "no store": (b"store = ''\n", "names no file"),
    "a NUL in the store": (b'store = "a\\u0000b"\n', "names no file"),
    "an empty query": (b"query = ''\n", "is empty"),
    "a bad query": (b"query = '(('\n", "is not JMESPath"),
    "a list": (b"store = ['a']\n", "store is not a text in quotes"),
    "a hyphen": (b"lock-timeout = '5s'\n", "'lock-timeout' is no option"),
    "a hostile key": (b'"\\u001b[31m" = 1\n', "is no option"),
    "a hostile value": (b'color = "\\u001b[31m"\n', "say auto, always or never"),
    "bad UTF-8": (b"# \xff\n", "is not UTF-8 text"),
    "another encoding": ("quiet = true\n".encode("utf-16"), "is not"),
    "a NUL": (b"quiet = true\0\n", "is not TOML"),
    "no TOML": (b"quiet\n", "is not TOML"),
    "65 KiB": (b"#" * 66_000, "a settings file has at most 65,536 bytes"),
}


def user_file(place: Place) -> Path:
    path = place.folder / "config/dispute/config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize(("data", "says"), SETTINGS.values(), ids=SETTINGS)
def test_a_bad_settings_file_is_usage(dispute: Place, data: bytes, says: str) -> None:
    (dispute.folder / "dispute.toml").write_bytes(data)
    refused(dispute, 2, "message", "O-1", "x", says=says)
    (dispute.folder / "dispute.toml").unlink()
    user_file(dispute).write_bytes(data)
    ran = refused_here(dispute, 2, "message", "O-1", "x", says=says)
    assert "config.toml" in ran.error["message"]


@pytest.mark.parametrize(("data", "says"), SETTINGS_KIN.values(), ids=SETTINGS_KIN)
def test_so_are_these_settings(dispute: Place, data: bytes, says: str) -> None:
    (dispute.folder / "dispute.toml").write_bytes(data)
    refused_here(dispute, 2, "message", "O-1", "x", says=says)


@pytest.mark.parametrize(("make", "says"), [case for case in NO_FILE if case[0] is not missing], ids=short)
def test_what_is_no_file_is_no_settings_file(dispute: Place, make: Callable[[Path], None], says: str) -> None:
    make(dispute.folder / "dispute.toml")
    refused(dispute, 2, "message", "O-1", "x", says=f"dispute.toml cannot be read: {says}")
    os.rmdir(dispute.folder / "dispute.toml") if make is folder else (dispute.folder / "dispute.toml").unlink()
    make(user_file(dispute))
    refused_here(dispute, 2, "message", "O-1", "x", says=says)


def test_a_settings_file_with_a_number_of_5000_digits_is_usage(dispute: Place) -> None:
    (dispute.folder / "dispute.toml").write_bytes(b"quiet = " + b"9" * 5000)
    refused_here(dispute, 2, "message", "O-1", "x", says="dispute.toml")


def test_an_empty_settings_file_says_nothing(dispute: Place) -> None:
    (dispute.folder / "dispute.toml").write_bytes(b"")
    dispute.ok("status", "O-1")


def test_a_settings_file_in_a_strange_folder_never_gives_consent(offered: Place) -> None:
    (offered.folder / "dispute.toml").write_bytes(b"no_input = false\nquiet = true\n")
    offered.env["DISPUTE_YES"] = "1"
    refused(offered, 4, "accept", "O-1", says="20.00", rule="N5")


# Batches.


@pytest.mark.parametrize(("make", "says"), [(folder, "is a directory"), (loop, "too many levels"), (missing, "no such file")], ids=short)
def test_a_batch_that_cannot_be_read_is_an_invalid_file(dispute: Place, make: Callable[[Path], None], says: str) -> None:
    make(dispute.folder / "lines")
    refused_here(dispute, 8, "batch", "lines", says=says)


def test_a_batch_may_be_a_pipe(dispute: Place) -> None:
    pipe(dispute.folder / "lines")
    writer = threading.Thread(target=(dispute.folder / "lines").write_bytes, args=(b"message O-1 x\nmessage O-1 y\n",))
    writer.start()
    ran = done(dispute, "batch", "lines")
    writer.join()
    assert ran.out.count('"ok":true') == 2


BAD_LINES = [
    "no command", "init", "batch -", "demo", "config list", "completion bash", "message O-1 'x", "message O-1 x \\", "{", '{"command":"message"', "[]", "{}", '{"command":null}', '{"command":["message"]}',
    '{"command":"message","id":"O-1","text":"x"} x', '{"command":"message","command":"message","id":"O-1","text":"x"}', '{"command":"message","id":"O-1","text":NaN}', '{"command":"init"}',
    '{"command":' + "[" * 100_000, '{"command":"message","id":"O-1","text":"x","n":' + "9" * 5000 + "}", "\ufeff" + '{"command":"status"}', '{"command":"' + "x" * 1_100_000 + '"}', "сообщение O-1 x",
]  # fmt: skip


@pytest.mark.parametrize("line", BAD_LINES, ids=short)
def test_a_line_that_is_no_command_is_an_invalid_file_with_its_number(dispute: Place, line: str) -> None:
    (dispute.folder / "lines").write_text(f"# a remark\n\n{line}\nmessage O-1 never\n")
    before = snapshot(dispute.folder)
    ran = dispute("batch", "lines")
    judge(ran, 8)
    assert (ran.json["line"], ran.err.startswith("line 3: error: ")) == (3, True)
    assert snapshot(dispute.folder) == before


def test_a_line_of_words_that_is_too_long_is_told_at_once(dispute: Place) -> None:
    ran = dispute.process("batch", "-", stdin=b"x" * 1_100_000)
    judge(ran, 8, "a line has at most 1,048,576 characters")


BAD_VALUES = [
    "message O-1", "message O-1 x --store other", "message O-1 x --nope", "message O-1 -", "message ../x y", "status --help", "status --version", "tick P1M", "order create N-1 --price 1e3",
    '{"command":"message","id":"O-1","text":5}', '{"command":"message","id":"O-1","text":"x","nope":1}', '{"command":"message","id":"O-1"}', '{"command":"order create","id":"N-1","price":5}',
    '{"command":"order create","id":"N-1","price":1e400}', '{"command":"message","id":"O-1","text":"x","key":5}', '{"command":"message","id":"O-1","text":"x","key":"ü"}', '{"command":"message","id":"O-1","text":"x","yes":1}',
    '{"command":"message","id":"O-1","text":"x","as":"thief"}', '{"command":"lapse","id":"O-1","kind":"protection"}', '{"command":"extend-protection","id":"O-1","days":9999999999999999999999}',
]  # fmt: skip


@pytest.mark.parametrize("line", BAD_VALUES, ids=short)
def test_a_line_with_a_value_that_is_none_is_usage_with_its_number(dispute: Place, line: str) -> None:
    before = snapshot(dispute.folder)
    ran = dispute("batch", "-", stdin=line.encode())
    judge(ran, 8 if "lapse" in line else 2)
    assert ran.json["line"] == 1
    assert snapshot(dispute.folder) == before
