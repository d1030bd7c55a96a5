"""A store on PostgreSQL at the command line: the same commands, codes and answers, and nothing secret in any of them."""

import sys
from typing import Any

import pytest

from tests.cli.test_imports import loaded
from tests.run import Place, Ran
from tests.store.server import Server

SECRET = "hunter2"


@pytest.fixture
def shared(empty: Place, server: Server) -> Place:
    """A place whose store is on PostgreSQL, with one paid order; its URL has a password, which the server does not ask for."""
    empty.env["DISPUTE_STORE"] = server.url().replace("postgres@", f"postgres:{SECRET}@")
    empty.ok("init")
    empty.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00", "--title", "Blue cup")
    return empty


def quiet(ran: Ran) -> Ran:
    """What ran, if it told nothing secret."""
    assert SECRET not in ran.out + ran.err
    return ran


def test_one_dispute_from_payment_to_payout(shared: Place) -> None:
    shared.ok("open", "O-1", "--not-received", "--reason", "wrong_tracking", "--message", "It never came")
    shared.ok("respond", "O-1", "--refund", "20.00")
    assert shared.ok("accept", "O-1", "--yes").code == 0
    told = shared.ok("tick", "--until-idle", "--json").json
    assert told["events"][-1]["type"] == "closed" and told["next"] is None
    assert shared.ok("status", "O-1", "--query", "order.settlement.refund", "--raw").out == "20.00\n"
    assert shared.ok("ledger", "--query", "balances[?account=='buyer/buyer'].amount | [0]", "--raw").out == "-35.00\n"
    assert shared.ok("verify").out == "all is well: 8 events checked\n"
    assert [seq for seq in shared.ok("events", "--query", "events[].seq").json] == list(range(1, 9))


def test_the_same_lines_tell_the_same_as_on_a_file(shared: Place) -> None:
    lines = b'message O-1 "Where is it?"\ntick 5d\nopen O-1 --not-received --reason wrong_tracking --message "It never came"\ntick 30d\nstatus O-1\nship\n'
    ours = quiet(shared("batch", "--keep-going", stdin=lines))
    shared.env["DISPUTE_STORE"] = "disputes.json"
    shared.ok("init")
    shared.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00", "--title", "Blue cup")
    assert shared("batch", "--keep-going", stdin=lines) == ours


@pytest.mark.parametrize(
    "argv",
    [
        ("init",), ("init", "--force"), ("init", "--force", "--json"), ("status", "O-1"), ("status", "O-1", "--json"), ("config", "list"), ("config", "get", "store", "--json"),
        ("verify",), ("repair",), ("tick", "1d", "--workers", "2"), ("message", "O-1", "x", "--dry-run"), ("open", "O-9", "--received"), ("events",),
        ("copy", "--from", "postgresql://u:hunter2@/d?host=/nowhere", "--to", "x.json"), ("status", "--store", "postgresql://u:hunter2@/d?host=/nowhere"),
        ("status", "--store", "postgresql://u:hunter2@[/d"), ("status", "--store", "mysql://u:hunter2@h/d"), ("status", "--store", "postgresql://u:hunter2@h/d?schema=É"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_tells_a_password(shared: Place, argv: tuple[str, ...]) -> None:
    quiet(shared(*argv))


def test_what_is_to_be_pasted_names_the_store_without_the_password(shared: Place) -> None:
    assert "--store 'postgresql://postgres@/postgres?host=" in quiet(shared("status", "O-1")).out


def test_a_url_in_a_file_is_a_setting_like_any_other(shared: Place) -> None:
    url = shared.env.pop("DISPUTE_STORE")
    assert quiet(shared("config", "set", "store", url)).code == 0
    assert shared.ok("status", "O-1", "--query", "order.id", "--raw").out == "O-1\n"


@pytest.mark.parametrize("argv", [("status",), ("message", "O-1", "x"), ("tick", "1d"), ("batch",), ("verify",), ("backup", "b.json")])
def test_without_tables_the_code_is_7_and_init_is_named(empty: Place, server: Server, argv: tuple[str, ...]) -> None:
    empty.env["DISPUTE_STORE"] = server.url()
    ran = empty(*argv, "--json", stdin=b"message O-1 x\n")
    assert (ran.code, ran.json["error"]["code"]) == (7, "store_unusable")
    assert "`dispute init` makes one" in ran.json["error"]["message"]


def test_a_store_is_not_made_over_another(shared: Place) -> None:
    for more in ((), ("--dry-run",)):
        ran = quiet(shared("init", *more))
        assert (ran.code, "--force" in ran.err) == (6, True)
    assert quiet(shared("init", "--force")).code == 0
    assert shared("status", "O-1").code == 3


def test_without_its_driver_it_says_what_to_install(shared: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    ran = quiet(shared("status", "O-1"))
    assert (ran.code, ran.out) == (7, "")
    assert "needs psycopg: pip install 'dispute-cli[postgres]'" in ran.err


def test_workers_share_a_tick(shared: Place) -> None:
    lines = "".join(f"order create N-{number} --price 5\n" for number in range(20))
    shared.ok("batch", stdin=lines.encode())
    told: Any = quiet(shared.process("tick", "61d", "--workers", "3", "--json")).json
    assert (told["fired"], told["to"], len(told["events"])) == (21, "2026-03-03T00:00:00Z", 63)
    assert shared.ok("verify").out == "all is well: 84 events checked\n"


@pytest.mark.parametrize(("workers", "says"), [("0", "would fire nothing"), ("x", "is no number"), ("65", "is no number"), ("2", "on PostgreSQL")])
def test_workers_that_cannot_be_are_usage(dispute: Place, workers: str, says: str) -> None:
    ran = dispute("tick", "1d", "--workers", workers)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_an_idempotency_key_is_kept(shared: Place) -> None:
    said = ("message", "O-1", "Is it on its way?", "--idempotency-key", "k", "--json")
    first, again = shared.ok(*said).json, shared.ok(*said).json
    assert (again["replayed"], again["changed"], again["events"]) == (True, False, first["events"])
    assert shared("message", "O-1", "Another text", "--idempotency-key", "k").code == 6


def test_a_store_goes_to_a_file_and_back(shared: Place, server: Server) -> None:
    url = server.url()
    to_file = quiet(shared("copy", "--from", shared.env["DISPUTE_STORE"], "--to", "here.json", "--json")).json
    assert (to_file["events"], to_file["orders"], to_file["changed"], to_file["to"]) == (1, 1, True, "here.json")
    assert quiet(shared("copy", "--from", "here.json", "--to", url)).out.endswith(": 1 new event, 1 order compared\n")
    assert shared.ok("copy", "--from", "here.json", "--to", url, "--json").json["changed"] is False
    shared.ok("message", "O-1", "x", "--store", url)
    ran = shared("copy", "--from", "here.json", "--to", url)
    assert (ran.code, ran.out) == (6, "")
    assert "it has more events" in ran.err


def test_a_copy_needs_an_original(empty: Place) -> None:
    ran = empty("copy", "--from", "nowhere.json", "--to", "here.json")
    assert (ran.code, ran.out, list(empty.folder.iterdir())) == (7, "", [])


def test_orders_are_offered_out_of_it(shared: Place) -> None:
    assert "O-1" in quiet(shared.process("__complete", "bash", "dispute status O")).out


def test_a_store_in_a_file_loads_nothing_of_it(dispute: Place) -> None:
    for argv in (("status", "O-1", "--json"), ("tick", "1d"), ("message", "O-1", "x")):
        assert not [name for name in loaded(dispute, *argv) if "psycopg" in name or "postgres" in name or "multiprocessing" in name]
