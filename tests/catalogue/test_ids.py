"""Bad ids are usage, legal ones that look dangerous are just ids, and no path is ever derived from any."""

import os

import pytest

from tests.run import Place

from .judging import done, refused, refused_here, short

MALFORMED = ["../x", "a/b", "/etc/passwd", "О-1", "Ｏ-1", "x" * 65, "O-1/0", "O-1/01"]
KIN = [
    "/", "O-1/", "O-1/-1", "O-1/1/1", "O-1/１", "O-1/1000000", "O-1//1", "./x", "..\\x", "a\\b", "C:", "O-１", "O-١", "é", "ﬁ", "ß", "杯", "O\u20101", "😀",
    "x" * 65 + "/1", "x" * 100_000, "", " ", " O-1", "O-1 ", "O-1\n", "O-1\r", "O 1", "O-1\t", "O-1\u200b", "\ufeffO-1", "O-1\u00a0", "\u202eO-1", "\x1b[31mO-1",
    "\x9b", "~", "*", "O-1;ls", "$(ls)", "${HOME}", "%2e%2e%2f", "{0}", "[/bold]", "<script>", "O-1'", 'O-1"', "O=1", "O,1", "O#1", "@O-1", "+1",
]  # fmt: skip


@pytest.mark.parametrize("id", MALFORMED, ids=short)
def test_what_is_no_id_is_usage(dispute: Place, id: str) -> None:
    refused(dispute, 2, "order", "create", id, "--price", "5", says="is no order id" if "-1/" not in id else "")


@pytest.mark.parametrize("id", MALFORMED + KIN, ids=short)
def test_nor_are_these_ids(dispute: Place, id: str) -> None:
    refused_here(dispute, 2, "status", id, says="is no order id")


@pytest.mark.parametrize(
    "command", [("message", "{}", "x"), ("events", "{}"), ("ledger", "{}"), ("evidence", "list", "{}"), ("cancel", "{}")], ids=short
)
def test_every_command_looks_at_the_id_first(dispute: Place, command: tuple[str, ...]) -> None:
    refused_here(dispute, 2, *(word.replace("{}", "../O-1") for word in command), says="'../O-1' is no order id")


def test_a_line_cannot_be_created_by_its_id(dispute: Place) -> None:
    refused(dispute, 2, "order", "create", "O-2/1", "--price", "5", says="lines are numbered by --item")


def test_an_id_that_begins_with_a_hyphen_is_taken_for_an_option(dispute: Place) -> None:
    refused(dispute, 2, "status", "-1", says="No such option")
    refused_here(dispute, 2, "status", "--O-1", says="No such option")


LEGAL = [
    ".",
    "...",
    "--json",
    "-",
    "_",
    "O-1.",
    "x" * 64,
    "NUL",
    "con",
    "null",
    "true",
    "0",
    "007",
    "1e3",
    "lock",
    "index.sqlite",
    "disputes.json",
]


@pytest.mark.parametrize("id", ["..", ".hidden", "-1"])
def test_a_legal_id_that_looks_dangerous_is_just_an_id(dispute: Place, id: str) -> None:
    before = names(dispute)
    assert done(dispute, "--json", "order", "create", "--price", "5", "--title", "Legal", "--", id).json["order"]["id"] == id
    page = done(dispute, "--json", "status", "--", id).json["order"]
    assert (page["id"], page["title"]) == (id, "Legal")
    assert names(dispute) == before


@pytest.mark.parametrize("id", LEGAL, ids=short)
def test_so_are_these(dispute: Place, id: str) -> None:
    before = names(dispute)
    dispute.ok("order", "create", "--price", "5", "--title", "Legal", "--", id)
    assert dispute.ok("--json", "status", "--", id).json["order"]["id"] == id
    assert names(dispute) == before


def names(place: Place) -> set[str]:
    """Every name in the folder, but those that SQLite makes and takes away."""
    return {path.name for path in place.folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


def test_ids_that_differ_in_case_are_two_orders(dispute: Place) -> None:
    done(dispute, "order", "create", "o-1", "--price", "7", "--title", "Small letter")
    assert dispute.ok("status", "O-1", "--json").json["order"]["title"] == "Blue cup"
    assert dispute.ok("status", "o-1", "--json").json["order"]["title"] == "Small letter"


UNKNOWN = [
    "status O-2", "status O-1/1", "status ..", "status o-1", "message O-2 x", "open O-2 --received", "escalate O-2 --confirm", "events O-2", "ledger O-2",
    "order ship O-2 --tracking T", "return acknowledge O-2", "evidence list O-2", "evidence export O-2 " + "0" * 64 + " out.png", "review rule O-2 --refund 0 --reason x",
]  # fmt: skip


def test_an_order_that_is_not_there_is_not_found(dispute: Place) -> None:
    refused(dispute, 3, "status", "O-2", says="O-2")


@pytest.mark.parametrize("line", UNKNOWN)
def test_it_is_not_found_whatever_is_asked_of_it(dispute: Place, line: str) -> None:
    words = line.split()
    refused_here(dispute, 3, *words, says=words[2] if words[0] in ("evidence", "order", "review", "return") else words[1])


def test_an_id_that_is_taken_is_refused(dispute: Place) -> None:
    refused_here(dispute, 5, "order", "create", "O-1", "--price", "5", says="O-1", rule="E1")


@pytest.mark.parametrize("raw", [b"\xff", b"\xed\xa0\x80"], ids=short)
def test_an_id_of_bytes_that_are_no_text_is_usage(dispute: Place, raw: bytes) -> None:
    refused(dispute, 2, "status", os.fsdecode(raw), says="is not valid UTF-8")
