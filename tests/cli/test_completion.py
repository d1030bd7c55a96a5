"""What is offered at the end of a line, whatever the shell; what goes wrong is silence. The shells themselves are in test_completion_shells.py."""

import os
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.cli import tree, words
from dispute_cli.cli.completion import SHELLS
from dispute_cli.cli.completion.cursor import split
from dispute_cli.cli.completion.said import RIVALS
from dispute_cli.core.malformed import Malformed
from dispute_cli.store.json_log import JsonLogStore
from tests.run import ROOT, Place

from .test_imports import HEAVY, loaded


@pytest.fixture
def shop(offered: Place) -> Place:
    """O-1 has an offer, O-2 is paid, P is a purchase of two lines."""
    offered.ok("order", "create", "O-2", "--price", "9.00")
    offered.ok("order", "create", "P", "--item", "Cup=5.00", "--item", "Pot=7.00")
    return offered


def answers(place: Place, line: str, shell: str = "bash") -> dict[str, str]:
    """What is offered at the end of a line, each with its description."""
    ran = place("__complete", shell, line)
    assert (ran.code, ran.err) == (0, "")
    return {value: about for value, _, about in (line.partition("\t") for line in ran.out.splitlines())}


@pytest.mark.parametrize(("shell", "name"), SHELLS.items())
def test_the_committed_script_is_the_one_written(empty: Place, shell: str, name: str) -> None:
    assert empty.ok("completion", shell).out == (ROOT / "completions" / name).read_text(), "run scripts/generate.py"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dispute st", ["status"]),
        ("dispute order ", ["create", "ship", "deliver", "confirm"]),
        ("dispute --json order s", ["ship"]),
        ("dispute --store x.json ret", ["return"]),
        ("dispute --store=x.json ret", ["return"]),
        ("dispute -q ret", ["return"]),
        ("dispute order create", ["create"]),
        ("dispute order nonsense ", []),
        ("dispute nonsense ", []),
        ("dispute __", []),
    ],
)
def test_commands_are_offered(empty: Place, line: str, expected: list[str]) -> None:
    assert list(answers(empty, line)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dispute open O-1 --rec", ["--received"]),
        ("dispute open O-1 --ret", ["--return"]),
        ("dispute tick --idem", ["--idempotency-key"]),
        ("dispute --no", ["--no-input"]),
        ("dispute open O-1 --received --not", []),
        ("dispute open O-1 --no-return --ret", []),
        ("dispute open O-1 --reason defective --rea", []),
        ("dispute open O-1 --reason=defective --rea", []),
        ("dispute open O-1 --evidence a.png --evi", ["--evidence"]),
        ("dispute --store x status --sto", []),
        ("dispute respond O-1 --accept --r", ["--return", "--raw"]),
        ("dispute tick --next --to", []),
        ("dispute tick --until O-1 x --next", []),
        ("dispute init -- --f", []),
        ("dispute message O-1 hi --as", ["--as"]),
    ],
)
def test_options_are_offered_that_may_be_given_yet(empty: Place, line: str, expected: list[str]) -> None:
    assert list(answers(empty, line)) == expected


def test_the_commands_own_options_come_first_each_with_its_sentence(empty: Place) -> None:
    found = answers(empty, "dispute order ship O-1 -")
    assert list(found)[:2] == ["--tracking", "--store"]
    assert list(found)[-1] == "--help"
    assert all(found.values())


def test_options_are_offered_where_no_argument_can_follow(empty: Place) -> None:
    assert next(iter(answers(empty, "dispute cancel O-1 "))) == "--store"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dispute open O-1 --reason deli", ["delivery_overdue"]),
        ("dispute open O-1 --reason=deli", ["--reason=delivery_overdue"]),
        ("dispute open O-1 --received --reason de", ["defective"]),
        ("dispute open O-1 --not-received --reason de", ["delivery_overdue"]),
        ("dispute open O-1 --refund ", ["full"]),
        ("dispute order create X --currency US", ["USD", "USN"]),
        ("dispute status --sort d", ["due"]),
        ("dispute status --status ret", ["return_shipped"]),
        ("dispute status --actor c", ["clock"]),
        ("dispute message O-1 hi --as ", ["buyer", "seller", "platform"]),
        ("dispute status --color a", ["auto", "always"]),
        ("dispute completion z", ["zsh"]),
        ("dispute init --clock w", ["wall"]),
        ("dispute review request-evidence O-1 --from s", ["seller"]),
        ("dispute events --type dispute_o", ["dispute_opened"]),
        ("dispute rules D1", ["D1", "D10", "D11", "D12"]),
        ("dispute schema ev", ["event", "events", "evidence"]),
        ("dispute help ex", ["exit-codes", "extend-protection"]),
        ("dispute help order s", ["ship"]),
        ("dispute help order ship ", []),
        ("dispute config get lock", ["lock_timeout"]),
        ("dispute config set st", ["store", "strict"]),
        ("dispute ledger --fields s", ["seq"]),
        ("dispute ledger --fields seq,at,a", ["seq,at,account", "seq,at,amount"]),
        ("dispute status --fields demand.", ["demand.refund", "demand.return"]),
        ("dispute accept O-1 --fields ", []),
        ("dispute add-evidence O-1 cu", [":files"]),
        ("dispute add-evidence O-1 a.png ", [":files"]),
        ("dispute open O-1 --evidence ", [":files"]),
        ("dispute --store ", [":files"]),
        ("dispute --store=", [":files"]),
        ("dispute batch ", [":files"]),
        ("dispute policy show ali", ["aliexpress", "aliexpress-later", ":files"]),
        ("dispute init --policy=ali", ["--policy=aliexpress", "--policy=aliexpress-later", ":files"]),
        ("dispute policy diff ebay pay", ["paypal", ":files"]),
    ],
)
def test_values_are_offered(empty: Place, line: str, expected: list[str]) -> None:
    assert list(answers(empty, line)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "dispute review rule O-1 --reason ",
        "dispute message O-1 ",
        "dispute open O-1 --message ",
        "dispute open O-1 --message=",
        "dispute order create ",
        "dispute order create O-9 --buyer ",
        "dispute order ship O-1 --tracking ",
        "dispute tick ",
        "dispute tick --until O-1 ",
        "dispute status --at ",
        "dispute --query ",
        "dispute --idempotency-key ",
        "dispute status --json=",
        "dispute status --nonsense=",
    ],
)
def test_nothing_is_offered_where_any_text_is_as_good(shop: Place, line: str) -> None:
    assert answers(shop, line) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dispute open O-1 --received --reason poor", {"poor_quality": "the quality is poor"}),
        ("dispute order ", {"create": "Make a paid order: its money goes into escrow."}),
        ("dispute or", {"order": "Make an order, and record its shipping and receipt."}),
        ("dispute status --status clo", {"closed": "closed"}),
        ("dispute status --lim", {"--limit": "At most so many."}),
        ("dispute events --typ", {"--type": "Only events of this type; repeat for more."}),
    ],
)
def test_an_offer_says_what_it_is(empty: Place, line: str, expected: dict[str, str]) -> None:
    assert expected.items() <= answers(empty, line).items()


# Orders


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dispute status ", ["O-1", "O-2", "P/1", "P/2"]),
        ("dispute status O", ["O-1", "O-2"]),
        ("dispute status O-1", ["O-1"]),
        ("dispute status P/", ["P/1", "P/2"]),
        ("dispute status p", []),
        ("dispute status 'O", ["O-1", "O-2"]),
        ("dispute accept ", ["O-1"]),
        ("dispute accept O-2", ["O-2"]),
        ("dispute order confirm ", ["O-2", "P/1", "P/2"]),
        ("dispute tick --until P", ["P/1", "P/2"]),
        ("dispute return acknowledge ", ["O-1", "O-2", "P/1", "P/2"]),
        ("dispute --as seller cancel ", ["O-1", "O-2", "P/1", "P/2"]),
        ("dispute evidence list ", ["O-1", "O-2", "P/1", "P/2"]),
    ],
)
def test_ids_are_offered_those_first_that_the_command_can_act_on(shop: Place, line: str, expected: list[str]) -> None:
    assert list(answers(shop, line)) == expected


def test_an_id_says_where_its_order_stands_and_how_long(shop: Place) -> None:
    assert answers(shop, "dispute status O") == {"O-1": "awaiting_buyer, 10 days left", "O-2": "protected, 60 days left"}


def test_of_many_orders_the_first_are_offered_by_what_is_typed(empty: Place) -> None:
    empty.ok("init")
    lines = "".join(f"order create O-{number:04} --price 9.00\n" for number in range(450))
    empty.ok("batch", stdin=lines.encode())
    assert list(answers(empty, "dispute status ")) == [f"O-{number:04}" for number in range(200)]
    assert list(answers(empty, "dispute status O-044")) == [f"O-044{digit}" for digit in range(10)]


def test_the_evidence_of_the_order_is_offered(shop: Place) -> None:
    [record] = shop.ok("evidence", "list", "O-1", "--json").json["evidence"]
    assert answers(shop, "dispute evidence export O-1 ") == {record["hash"]: "cup.png, from the buyer"}
    assert answers(shop, "dispute evidence export O-2 ") == {}
    assert answers(shop, f"dispute evidence export O-1 {record['hash']} ") == {":files": ""}


def test_a_hostile_name_stays_one_visible_line(shop: Place) -> None:
    (shop.folder / "a\tb\n\x1b[31m\u202e.png").write_bytes((shop.folder / "cup.png").read_bytes() + b"\0")
    shop.ok("add-evidence", "O-1", "a\tb\n\x1b[31m\u202e.png")
    assert "a\\tb\\n\\x1b[31m\\u202e.png, from the buyer" in answers(shop, "dispute evidence export O-1 ").values()


@pytest.mark.parametrize("line", ["dispute --store my\\ shop.json status ", "dispute status --store 'my shop.json' ", 'dispute --store="my shop.json" status '])
def test_the_store_is_the_one_that_the_line_names(empty: Place, line: str) -> None:
    empty.ok("--store", "my shop.json", "init")
    empty.ok("--store", "my shop.json", "order", "create", "X-1", "--price", "9.00")
    assert list(answers(empty, line)) == ["X-1"]
    empty.env["DISPUTE_STORE"] = "my shop.json"
    assert list(answers(empty, "dispute status ")) == ["X-1"]


def test_a_store_in_the_home_folder_is_found(shop: Place) -> None:
    shop.env["HOME"] = str(shop.folder)
    assert list(answers(shop, "dispute --store ~/disputes.json status O")) == ["O-1", "O-2"]
    assert list(answers(shop, "dispute --store $HOME/disputes.json status O")) == ["O-1", "O-2"]


# Silence


def broken(place: Place, how: str) -> None:
    """Make the store, or what is around it, such that a question would fail."""
    path = place.folder / "disputes.json"
    match how:
        case "missing":
            path.unlink()
        case "garbage":
            path.write_bytes(b"{]\xff")
        case "cut":
            path.write_bytes(path.read_bytes()[:-40])
        case "folder":
            path.unlink()
            path.mkdir()
        case "pipe":
            path.unlink()
            os.mkfifo(path)
        case "no index":
            (place.folder / "disputes.json.d/index.sqlite").unlink()
        case "broken index":
            (place.folder / "disputes.json.d/index.sqlite").write_bytes(b"x" * 5000)
        case "broken settings":
            (place.folder / "dispute.toml").write_text("store = [")
        case "unknown setting":
            (place.folder / "dispute.toml").write_text("stroe = 'x'")
        case "url":
            place.env["DISPUTE_STORE"] = "postgres://x"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below, but what SQLite lays beside its own for whoever reads: its shared memory, and a log while it is empty."""
    found = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {str(path): data for path, data in found.items() if not path.name.endswith("-shm") and (data or not path.name.endswith("-wal"))}


@pytest.mark.parametrize(
    "how", ["missing", "garbage", "cut", "folder", "pipe", "no index", "broken index", "broken settings", "unknown setting", "url"]
)
def test_where_orders_cannot_be_seen_nothing_is_offered_said_or_mended(shop: Place, how: str) -> None:
    broken(shop, how)
    before = contents(shop.folder)
    assert shop.process("__complete", "bash", "dispute status ") == (0, "", "")
    assert contents(shop.folder) == before


def test_nothing_is_said_on_a_terminal_either(shop: Place) -> None:
    broken(shop, "garbage")
    assert shop.terminal("__complete", "bash", "dispute status ") == (0, "", "")


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("bash",),
        ("bash", ""),
        ("bash", "dispute"),
        ("bash", "dispute status \udcff"),
        ("bash", "dispute \udcff "),
        ("bash", "dispute status \0"),
        ("tcsh", "dispute accept x y z "),
        ("bash", "dispute open O-1 --reason $(touch made) 'x"),
        ("bash", "dispute evidence export -- "),
    ],
)
def test_broken_words_are_silence(shop: Place, argv: tuple[str, ...]) -> None:
    ran = shop("__complete", *argv)
    assert (ran.code, ran.err) == (0, "")
    assert not (shop.folder / "made").exists()


def test_completing_writes_nothing_and_waits_for_no_writer(shop: Place) -> None:
    before = contents(shop.folder)
    with JsonLogStore(str(shop.folder / "disputes.json")).write("a long tick"):
        held = contents(shop.folder)
        assert list(answers(shop, "dispute status O")) == ["O-1", "O-2"]
        assert contents(shop.folder) == held
    answers(shop, "dispute accept ")
    assert contents(shop.folder).keys() == before.keys()


def test_completing_loads_no_heavy_library(shop: Place) -> None:
    for line in ("dispute ", "dispute open --", "dispute accept "):
        assert {name for name in loaded(shop, "__complete", "bash", line) if name.partition(".")[0] in HEAVY} == set()


def test_it_is_shown_in_no_help(empty: Place) -> None:
    assert "__complete" not in empty.ok("--help").out


# How a line is read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("dispute st", ["dispute", "st"]),
        ("dispute st ", ["dispute", "st", ""]),
        ("dispute 'a b' \"c d", ["dispute", "a b", "c d"]),
        ("dispute 'a ", ["dispute", "a "]),
        ("dispute it\\'s a\\ b", ["dispute", "it's", "a b"]),
        ("dispute a\\", ["dispute", "a"]),
        ("dispute --to 2026-01-01T00:00:00Z --reason=de", ["dispute", "--to", "2026-01-01T00:00:00Z", "--reason=de"]),
        ("dispute message O-1 \"it's\" # ", ["dispute", "message", "O-1", "it's", "#", ""]),
    ],
)
def test_a_line_is_cut_into_words_as_a_shell_does(line: str, read: list[str]) -> None:
    assert split(line, "bash") == read


def test_powershell_keeps_its_backslashes() -> None:
    assert split("dispute --store C:\\shop\\a.json st", "powershell") == ["dispute", "--store", "C:\\shop\\a.json", "st"]
    assert split("dispute a` b", "powershell") == ["dispute", "a b"]


def opposites() -> list[tuple[str, str, str]]:
    """Every two rivals with a command that has both."""
    named = {words: {name for param in tree.build(words).params for name in param.opts} for words in tree.COMMANDS}
    return [(words, one, other) for rivals in RIVALS for words in named for one, other in combinations(sorted(rivals & named[words]), 2)]


@pytest.mark.parametrize(("command", "one", "other"), opposites())
def test_options_that_hide_each_other_contradict_each_other(command: str, one: str, other: str) -> None:
    params: dict[str, Any] = {name: param for param in tree.build(command).params for name in param.opts}
    given = [word for name in (one, other) for word in ([name] if params[name].is_flag else [name, *["1"] * params[name].nargs])]
    with pytest.raises(Malformed):
        words.parse([*command.split(), *(["O-1"] if "id" in params else []), *given])


def test_every_rival_is_an_option_of_some_command() -> None:
    known = {name for words in tree.COMMANDS for param in tree.build(words).params for name in param.opts}
    assert set().union(*RIVALS) <= known
