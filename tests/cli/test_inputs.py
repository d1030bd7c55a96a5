"""What comes beside the words: evidence files of every kind, standard input, the language of a text."""

import os

import pytest

from dispute_cli.enclosing import language
from tests.pictures import PNG
from tests.run import Place

OPEN = ("open", "O-1", "--received", "--reason", "defective", "--refund", "20.00", "--message", "It is broken in two pieces")


def test_a_picture_becomes_evidence(dispute: Place) -> None:
    record = dispute.ok(*OPEN, "--evidence", "cup.png", "--json").json["order"]["evidence"][0]
    assert (record["name"], record["size"], record["type"]) == ("cup.png", len(PNG), "png")


def test_a_picture_comes_from_standard_input(dispute: Place) -> None:
    record = dispute.ok(*OPEN, "--evidence", "-", "--json", stdin=PNG).json["order"]["evidence"][0]
    assert (record["name"], record["size"]) == ("stdin.png", len(PNG))


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "loop", "secret", "/dev/zero"])
def test_what_cannot_be_read_is_an_invalid_file(dispute: Place, kind: str) -> None:
    path = dispute.folder / f"{kind.strip('/').replace('/', '-')}.png"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "/dev/zero":
        path.symlink_to(kind)
    elif kind == "secret":
        path.write_bytes(PNG)
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("root reads everything")
    ran = dispute(*OPEN, "--evidence", path.name, "--json")
    assert (ran.code, ran.error["code"], ran.error["rule"]) == (8, "invalid_file", "V1")


def test_too_much_on_standard_input_is_read_no_further(dispute: Place) -> None:
    ran = dispute(*OPEN, "--evidence", "-", "--json", stdin=PNG + b"\0" * (17 << 20))
    assert (ran.code, ran.error["rule"]) == (8, "V2")


@pytest.mark.parametrize(
    ("argv", "field"),
    [
        (("message", "O-1", "-"), "text"),
        (("open", "O-1", "--not-received", "--reason", "wrong_address", "--message", "-"), "text"),
    ],
)
def test_a_text_comes_from_standard_input(dispute: Place, argv: tuple[str, ...], field: str) -> None:
    events = dispute.ok(*argv, "--json", stdin=b"Where\nis it?\n").json["events"]
    assert events[-1][field] == "Where\nis it?"


@pytest.mark.parametrize("stdin", [b"", b"\n", b"\xff", b"a\0b", b"x" * 65_537, b"x" * 200_000, "ü".encode() * 40_000])
def test_a_bad_text_on_standard_input_is_usage(dispute: Place, stdin: bytes) -> None:
    assert dispute("message", "O-1", "-", stdin=stdin).code == 2


def test_a_text_of_exactly_64_kib_comes_from_standard_input(dispute: Place) -> None:
    dispute.ok("message", "O-1", "-", stdin=b"x" * 65_536 + b"\n")


def test_standard_input_is_read_once(dispute: Place) -> None:
    assert dispute("open", "O-1", "--message", "-", "--evidence", "-", stdin=PNG).code == 2


def test_evidence_goes_out_unchanged(offered: Place) -> None:
    hash = offered.ok("evidence", "list", "O-1", "--json").json["evidence"][0]["hash"]
    dry = offered.ok("evidence", "export", "O-1", hash, "out.png", "--dry-run")
    assert dry.out.startswith("dry run") and not (offered.folder / "out.png").exists()
    assert offered.ok("evidence", "export", "O-1", hash, "out.png", "--dry-run", "--json").json["dry_run"]
    offered.ok("evidence", "export", "O-1", hash, "out.png")
    assert (offered.folder / "out.png").read_bytes() == PNG
    assert offered("evidence", "export", "O-1", hash, "out.png").code == 2
    assert offered("evidence", "export", "O-1", hash, "-", "--json").code == 2
    assert offered("evidence", "export", "O-1", "0" * 64, "new.png").code == 3
    assert offered("evidence", "export", "O-1", hash, "no/such/folder.png").code == 1


def test_evidence_goes_to_standard_output(offered: Place) -> None:
    import subprocess

    from tests.run import START

    hash = offered.ok("evidence", "list", "O-1", "--json").json["evidence"][0]["hash"]
    command = [*START, "evidence", "export", "O-1", hash, "-"]
    assert subprocess.run(command, cwd=offered.folder, env=offered.environment(), stdout=subprocess.PIPE, check=True).stdout == PNG


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bitte senden Sie mir mein Geld zurück, die Tasse ist kaputt", "de"),
        ("杯子坏了，请退款", "zh"),
        ("The cup arrived broken in two pieces", None),
        ("ok", None),
        ("a\x01b \x1b[31m", None),
    ],
)
def test_a_language_is_told_only_when_it_is_sure_and_not_english(text: str, code: str | None) -> None:
    assert language(text) == code
