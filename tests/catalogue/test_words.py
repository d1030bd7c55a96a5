"""The command line at its worst: options empty, doubled, cut or senseless, words too long or too many, values that look like options."""

import pytest

from tests.run import Place

from .judging import done, refused_here, short

EMPTY = [
    "status --as=", "status --format=", "status --color=", "status --query=", "status --store=", "status --lock-timeout=", "status --idempotency-key=", "status --sort=", "status --limit=", "status --status=",
    "status --actor=", "status --due=", "status --at=", "status O-1 --at=", "events --since=", "events --type=", "init --seed=", "init --clock=", "init --start=", "completion ''", "tick --to=", "review rule O-1 --refund= --reason=x",
    "order ship O-1 --tracking=", "order create N-1 --price=", "order create N-1 --price=5 --buyer=", "order create N-1 --item=", "respond O-1 --promise=", "return send O-1 --tracking=x --postage=", "message O-1 ''", "add-evidence O-1 --note=",
]  # fmt: skip


@pytest.mark.parametrize("line", EMPTY)
def test_an_option_that_is_given_empty_is_usage(dispute: Place, line: str) -> None:
    refused_here(dispute, 2, *(word.strip("'") for word in line.split()))


WRONG = [
    "status --json=1", "status --yes=no", "status --jso", "status --Json", "status -x", "status O-1 O-2", "status --limit", "status --limit 0", "status --limit -1", "status --limit 1e3", "status --limit ١",
    "events --since -1", "events --since 1.0", "events --type nope", "init --seed -1", "init --seed 1_0", "init --seed 99999999999999999999", "init --clock atomic", "status --as thief", "status --sort name",
    "tick 1d --next", "tick --before", "tick 1d 2d", "order", "nope", "order nope", "-", "--", "''", "open O-1 --received --not-received", "batch --atomic --keep-going", "status O-1 --all", "rules --format xml",
]  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_a_command_line_that_makes_no_sense_is_usage(dispute: Place, line: str) -> None:
    refused_here(dispute, 2, *(word.strip("'") for word in line.split()))


@pytest.mark.parametrize(
    "argv",
    [
        ("x" * 100_000,),
        ("status", "--" + "x" * 100_000),
        ("status", "-" + "q" * 5000 + "x"),
        ("--" * 999,),
        ("\n",),
        ("status", "--\u202e"),
    ],
    ids=short,
)
def test_a_word_that_is_no_word_is_usage(dispute: Place, argv: tuple[str, ...]) -> None:
    refused_here(dispute, 2, *argv)


def test_more_words_than_anybody_says_are_understood(dispute: Place) -> None:
    items = [word for number in range(1000) for word in ("--item", f"Cup {number}=1.00")]
    assert len(done(dispute, "order", "create", "N-1", *items, "--json").json["orders"]) == 1000


@pytest.mark.parametrize("value", ["-5", "--json", "-", "--", "-q", "--title"])
def test_a_value_that_begins_with_a_hyphen_is_a_value(dispute: Place, value: str) -> None:
    order = dispute.ok("--json", "order", "create", "N-1", "--price", "5", f"--title={value}").json["order"]
    assert order["title"] == value
    order = dispute.ok("--json", "order", "create", "N-2", "--price", "5", "--title", value).json["order"]
    assert order["title"] == value


def test_an_option_given_twice_says_what_it_said_last(dispute: Place) -> None:
    order = dispute.ok("order", "create", "N-1", "--price", "5", "--price", "6", "--json", "--json").json["order"]
    assert order["price"] == "6.00"
    assert dispute.ok("--json", "status", "--json", "-q", "-q", "-qq", "--store", "none.json", "--store", "disputes.json").json["ok"]
    refused_here(dispute, 2, "order", "create", "N-2", "--price", "6", "--price", "1e3", says="1e3")


def test_words_are_taken_as_they_are(dispute: Place) -> None:
    (dispute.folder / "words").write_text("--json")
    for word in ("@words", "$HOME", "~", "*", "%PATH%"):
        assert dispute.ok("message", "O-1", word, "--json").json["events"][0]["text"] == word


def test_standard_input_is_read_in_one_place_only(dispute: Place) -> None:
    refused_here(dispute, 2, "open", "O-1", "--message", "-", "--evidence", "-", says="standard input is read once")
    refused_here(dispute, 2, "open", "O-1", "--evidence", "-", "--evidence", "-", says="standard input is read once")
