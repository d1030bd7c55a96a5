"""The lifecycle drawn: Graphviz takes it, Mermaid's lines have its form, every status and counter stands there, and an order's place is marked."""

import re
import shutil
import subprocess

import pytest

from dispute_cli.core.words import Status
from dispute_cli.diagrams import LASTS, edges
from dispute_cli.policies import load, names
from tests.run import Place

MERMAID = re.compile(r"    (\[\*\]|\w+) --> (\[\*\]|\w+)(: [^:;]+)?")


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
@pytest.mark.parametrize("name", names())
def test_graphviz_draws_it_under_every_policy(empty: Place, name: str) -> None:
    drawing = empty.ok("lifecycle", name, "--draw", "dot").out
    done = subprocess.run(["dot", "-Tsvg"], input=drawing.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert all(f">{status}<".encode() in done.stdout for status in Status)


def test_mermaid_has_an_arrow_for_each_way(empty: Place) -> None:
    first, *lines = empty.ok("lifecycle", "--draw", "mermaid").out.splitlines()
    assert first == "stateDiagram-v2"
    assert all(MERMAID.fullmatch(line) for line in lines), lines
    assert "    awaiting_buyer --> escalated: buyer escalate<br>clock buyer_response, 10 days" in lines


def test_the_clocks_arrows_say_how_long_under_the_policy(empty: Place) -> None:
    (empty.folder / "quick.toml").write_text(own("seller_days = 5", "seller_days = 1"))
    assert "clock seller_response, 1 day " in empty.ok("lifecycle", "quick.toml", "--draw", "text").out
    answer = empty.ok("lifecycle", "--draw", "text", "--json").json
    clock = {edge["command"]: edge["after"] for edge in answer["edges"] if edge["actor"] == "clock"}
    assert clock["payout"] == "7 to 10 days"
    assert clock["review"] == "60 days"
    assert {edge["after"] for edge in answer["edges"] if edge["actor"] != "clock"} == {None}
    assert answer["policy"] == "aliexpress"
    assert answer["moves"], "the table itself is told as ever"


def own(old: str, new: str) -> str:
    from dispute_cli.policies import FOLDER

    with open(f"{FOLDER}/aliexpress.toml", encoding="utf-8") as file:
        text = file.read()
    assert old in text
    return text.replace(old, new)


def test_a_policys_name_stays_within_its_quotes(empty: Place) -> None:
    (empty.folder / "odd.toml").write_text(own('name = "aliexpress"', "name = 'a\" b\\'"))
    assert empty.ok("lifecycle", "odd.toml", "--draw", "dot").out.startswith('digraph "a\\" b\\\\" {\n')


def test_an_orders_place_is_marked(dispute: Place) -> None:
    def marked() -> list[str]:
        return [line for line in dispute.ok("status", "O-1", "--lifecycle").out.splitlines() if line.startswith(">")]

    assert marked() == ["> protected"]
    dispute.ok("open", "O-1", "--not-received", "--reason", "wrong_tracking", "--message", "It never came")
    assert marked() == ["> awaiting_seller"]
    assert "> settling\n" in dispute.ok("status", "O-1", "--lifecycle", "--at", "2026-01-07").out
    assert dispute.ok("status", "O-1", "--lifecycle", "--json").json["lifecycle"].startswith("  protected\n")


def test_where_nothing_can_be_marked_it_is_said(dispute: Place) -> None:
    dispute.ok("order", "create", "P", "--item", "Cup=5", "--item", "Pot=6")
    assert dispute("status", "P", "--lifecycle").code == 5
    assert "name the order" in dispute("status", "--lifecycle").err
    assert dispute("status", "--lifecycle").code == 2
    assert "goes with --draw" in dispute("lifecycle", "aliexpress").err


def test_every_counter_has_a_length() -> None:
    told = {edge.command for edge in edges(load("aliexpress")) if edge.after}
    assert told == {kind.value for kind in LASTS} - {"evidence"}, "evidence leads from no status to another"
