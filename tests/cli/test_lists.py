"""Lists as scripts take them: --format, --fields, --raw, and what is said where they do not fit."""

import csv
import io
import json

import pytest

from tests.run import Place


@pytest.fixture
def shop(dispute: Place) -> Place:
    """Two disputes; one order's title is a spreadsheet formula."""
    dispute.ok("order", "create", "O-2", "--price", "8", "--title", "=SUM(A1)")
    dispute.ok("open", "O-1", "--received", "--reason", "defective", "--refund", "20", "--message", "Broken, twice", "--link", "https://example.com/a")
    dispute.ok("open", "O-2", "--not-received", "--reason", "wrong_address", "--message", "-1 cups\nor =2")
    return dispute


def test_fields_are_columns_in_the_order_in_which_they_are_asked_for(shop: Place) -> None:
    assert shop.ok("status", "--fields", "status,id,demand.refund,offer.refund", "--format", "tsv").out == (
        "status\tid\tdemand.refund\toffer.refund\nawaiting_seller\tO-1\t20.00\t\nawaiting_seller\tO-2\t8.00\t\n"
    )


def test_fields_alone_are_tab_separated_off_a_terminal_and_a_table_on_one(shop: Place) -> None:
    assert shop.ok("status", "--fields", "id,total").out == "id\ttotal\nO-1\t55.00\nO-2\t8.00\n"
    shop.env["COLUMNS"] = "40"
    assert shop.terminal("status", "--fields", "id,total", "--color", "never").out == "id   total\nO-1  55.00\nO-2  8.00\n"


def test_a_table_is_drawn_where_it_is_asked_for(shop: Place) -> None:
    lines = shop.ok("status", "--format", "table", "--fields", "id,title").out.splitlines()
    assert lines == ["id   title", "O-1  Blue cup", "O-2  =SUM(A1)"]
    assert "\t" not in shop.ok("status", "--format", "table").out


def test_csv_is_read_back_by_any_reader_and_runs_no_formula(shop: Place) -> None:
    rows = list(csv.DictReader(io.StringIO(shop.ok("status", "--format", "csv").out)))
    assert [row["title"] for row in rows] == ["Blue cup", "'=SUM(A1)"]
    assert [row["demand.return"] for row in rows] == ["false", "false"]
    texts = [row["text"] for row in csv.DictReader(io.StringIO(shop.ok("events", "--type", "message_sent", "--format", "csv").out))]
    assert texts == ["Broken, twice\\nhttps://example.com/a", "'-1 cups\\nor =2"]


def test_an_amount_below_zero_is_no_formula(shop: Place) -> None:
    rows = list(csv.DictReader(io.StringIO(shop.ok("ledger", "O-2", "--format", "csv").out)))
    assert [row["amount"] for row in rows] == ["-8.00", "8.00"]


def test_jsonl_is_the_rows_of_the_json_answer_one_a_line(shop: Place) -> None:
    lines = [json.loads(line) for line in shop.ok("events", "--format", "jsonl").out.splitlines()]
    assert lines == shop.ok("events", "--json").json["events"]
    assert shop.ok("events", "--type", "ruled", "--format", "jsonl").out == ""
    assert shop.ok("events", "O-2", "--format", "jsonl", "--fields", "seq,refund").out.splitlines()[0] == '{"seq":2,"refund":null}'


def test_json_with_fields_is_the_whole_answer_with_those_alone(shop: Place) -> None:
    answer = shop.ok("status", "--json", "--fields", "id,demand.refund").json
    assert (answer["schema"], answer["orders"]) == ("dispute/1", [{"id": "O-1", "demand.refund": "20.00"}, {"id": "O-2", "demand.refund": "8.00"}])


@pytest.mark.parametrize(
    "argv",
    [
        ("status", "--all"), ("events",), ("ledger",), ("deadlines",), ("evidence", "list", "O-1"), ("tick", "1d"), ("verify",),
        ("reasons",), ("rules",), ("policy", "list"), ("lifecycle",), ("config", "list"),
    ],
)  # fmt: skip
def test_every_list_has_every_form(shop: Place, argv: tuple[str, ...]) -> None:
    head, *rows = shop.ok(*argv, "--format", "tsv").out.splitlines()
    assert all(line.count("\t") == head.count("\t") for line in rows)
    assert len(list(csv.reader(io.StringIO(shop.ok(*argv, "--format", "csv").out)))) == 1 + len(rows) or argv[0] == "tick"
    assert all(isinstance(json.loads(line), dict) for line in shop.ok(*argv, "--format", "jsonl").out.splitlines())
    assert "\t" not in shop.ok(*argv, "--format", "table").out


@pytest.mark.parametrize("option", [("--fields", "id"), ("--format", "csv")])
def test_what_is_no_list_is_refused_before_anything_is_done(shop: Place, option: tuple[str, str]) -> None:
    before = shop.bytes()
    ran = shop("message", "O-1", "Hello", *option)
    assert (ran.code, ran.out) == (2, "")
    assert f"{option[0]} is for lists" in ran.err
    assert shop.bytes() == before
    assert shop("status", "O-1", *option).code == 2


def test_a_form_of_lists_from_the_environment_is_passed_over_where_there_is_none(shop: Place) -> None:
    shop.env["DISPUTE_FORMAT"] = "csv"
    assert shop.ok("status", "O-1").out.startswith("O-1")
    assert shop.ok("status").out.startswith("id,status,")


def test_a_field_that_is_not_there_is_told_with_the_one_that_was_meant(shop: Place) -> None:
    ran = shop("status", "--fields", "id,demand.refnd")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no field 'demand.refnd' here. Did you mean 'demand.refund'? The fields are id, status," in ran.err
    assert shop("status", "--fields", "id,,title").code == 2
    assert "named twice" in shop("status", "--fields", "id,id").err


@pytest.mark.parametrize(
    ("set", "argv", "begins"),
    [
        ({"DISPUTE_JSON": "1"}, ("--format", "csv"), "id,"),
        ({"DISPUTE_FORMAT": "csv"}, ("--json",), '{"schema"'),
        ({"DISPUTE_FORMAT": "csv"}, ("--query", "orders[0].id"), '"O-1"'),
        ({"DISPUTE_FIELDS": "total"}, ("--query", "orders[0].id"), '"O-1"'),
        ({"DISPUTE_QUERY": "now"}, ("--fields", "total"), "total"),
    ],
)
def test_of_two_places_the_weightier_one_says_how(shop: Place, set: dict[str, str], argv: tuple[str, ...], begins: str) -> None:
    shop.env.update(set)
    assert shop.ok("status", *argv).out.startswith(begins)


@pytest.mark.parametrize("argv", [("--json", "--format", "csv"), ("--query", "now", "--format", "csv"), ("--query", "now", "--fields", "id")])
def test_two_forms_in_one_place_contradict_each_other(shop: Place, argv: tuple[str, ...]) -> None:
    ran = shop("status", *argv)
    assert ran.code == 2
    assert "contradict each other" in ran.err


@pytest.mark.parametrize(
    ("query", "out"),
    [
        ("orders[].id", "O-1\nO-2\n"),
        ("orders[0].title", "Blue cup\n"),
        ("orders[0].nothing", "null\n"),
        ("orders[].demand", '{"refund":"20.00","return":false}\n{"refund":"8.00","return":false}\n'),
        ("length(orders)", "2\n"),
        ("orders[?id=='x'].id", ""),
    ],
)
def test_raw_is_a_string_bare_and_a_list_one_a_line(shop: Place, query: str, out: str) -> None:
    assert shop.ok("status", "--query", query, "--raw").out == out


def test_raw_gives_a_script_the_text_as_it_is_and_people_a_harmless_one(dispute: Place) -> None:
    dispute.ok("message", "O-1", "a\x1b[31mb")
    argv = ("status", "O-1", "--query", "order.messages[0].text", "--raw")
    assert dispute.process(*argv).out == "a\x1b[31mb\n"
    assert dispute.terminal(*argv).out == "a\\x1b[31mb\n"


def test_raw_without_a_query_says_what_it_goes_with(dispute: Place) -> None:
    ran = dispute("status", "--raw")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: --raw goes with --query JMESPATH: it says how what the query finds is written.")
    dispute.env["DISPUTE_RAW"] = "1"
    assert dispute("status").code == 0
