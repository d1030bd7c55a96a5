"""The six worked examples through the real executable, to the last amount and instant; and what many processes do to one store."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from tests.given import day, rule
from tests.pictures import PNG

DISPUTE = os.path.join(os.path.dirname(sys.executable), "dispute")
NEVER_CAME = ("--not-received", "--reason", "delivery_overdue", "--message", "Never came")
BROKEN = ("--received", "--reason", "defective", "--message", "It is broken")


class Shop:
    """A folder with a store, and one order of 50.00 + 5.00 paid on day 0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "photo.png").write_bytes(PNG)
        self.ok("init")
        self.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00")

    def run(self, *argv: str) -> tuple[int, dict[str, Any]]:
        """Run the executable with --json; return its exit code and its one object."""
        done = subprocess.run([DISPUTE, *argv, "--json"], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        assert done.stdout.count("\n") == 1, done.stderr
        return done.returncode, json.loads(done.stdout)

    def ok(self, *argv: str) -> dict[str, Any]:
        code, answer = self.run(*argv)
        assert (code, answer["ok"]) == (0, True), answer
        return answer

    def order(self, *argv: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ok(*argv)["order"]
        return found

    def refused(self, rule: str, *argv: str) -> None:
        """Refused by the rule, with the store's bytes left alone."""
        before = self.bytes()
        code, answer = self.run(*argv)
        assert (code, answer["ok"], answer["error"]["rule"]) == (5, False, rule)
        assert answer["error"]["possible"] is not None
        assert self.bytes() == before

    def on(self, number: int) -> "Shop":
        self.ok("tick", "--to", instant(number))
        return self

    def bytes(self) -> bytes:
        return (self.folder / "disputes.json").read_bytes()


def instant(number: int) -> str:
    return day(number).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def open_partial(shop: Shop) -> dict[str, Any]:
    return shop.order("open", "O-1", *BROKEN, "--refund", "20.00", "--evidence", "photo.png", "--evidence", "photo.png")


def money(order: dict[str, Any]) -> tuple[str, str, str, str]:
    balances = order["balances"]
    return balances["buyer"], balances["seller"], balances["escrow"], balances["carrier"]


def paid_between(order: dict[str, Any], first: int, last: int) -> bool:
    return str(order["settlement"]["paid_at"]) in [instant(number) for number in range(first, last + 1)]


@rule("N3")
def test_1_a_silent_seller(shop: Shop) -> None:
    opened = shop.on(31).order("open", "O-1", *NEVER_CAME)
    assert opened["dispute"]["demand"] == {"refund": "55.00", "return": False}
    assert opened["label"] == "pending the approval of the dispute by the seller"
    answer = shop.ok("tick", "30d")
    assert [event["type"] for event in answer["events"]] == ["seller_silent", "settled", "refund_paid", "closed"]
    order = shop.order("status", "O-1")
    assert (order["status"], order["cause"], order["settlement"]["settled_at"]) == ("closed", "seller_silent", instant(36))
    assert paid_between(order, 43, 46)
    assert money(order) == ("0.00", "0.00", "0.00", "0.00")


@rule("N7")
def test_2_a_partial_refund(shop: Shop) -> None:
    open_partial(shop)
    shop.on(2).ok("respond", "O-1", "--refund", "10.00")
    edited = shop.on(3).order("edit", "O-1", "--reason", "defective", "--refund", "15.00", "--no-return")
    assert edited["deadlines"][0]["at"] == instant(8)
    order = shop.on(4).order("accept", "O-1", "--as", "seller")
    assert money(order) == ("-55.00", "40.00", "15.00", "0.00")
    shop.ok("tick", "--until-idle")
    order = shop.order("status", "O-1")
    assert paid_between(order, 11, 14)
    assert (order["outcome"], money(order)) == ("partially_refunded", ("-40.00", "40.00", "0.00", "0.00"))


@rule("C3", "C7")
def test_3_a_trap(shop: Shop) -> None:
    open_partial(shop)
    shop.on(2).ok("respond", "O-1", "--reject")
    order = shop.on(12).order("status", "O-1")
    assert order["dispute"]["claim"] == {
        "amount": "0.00", "escalated_at": instant(12), "by": "clock", "conceded": False, "evidence_windows": [],
    }  # fmt: skip
    assert shop.on(72).order("status", "O-1")["cause"] == "default_ruling"
    assert money(shop.order("status", "O-1")) == ("-55.00", "55.00", "0.00", "0.00")


@rule("C8", "V6")
def test_4_an_escalation(shop: Shop) -> None:
    open_partial(shop)
    shop.on(2).ok("respond", "O-1", "--refund", "5.00")
    assert shop.on(3).run("escalate", "O-1")[0] == 4
    assert shop.order("escalate", "O-1", "--confirm")["dispute"]["claim"]["amount"] == "20.00"
    shop.refused("V6", "add-evidence", "O-1", "photo.png")
    shop.on(5).ok("review", "request-evidence", "O-1", "--from", "buyer")
    shop.on(6).ok("add-evidence", "O-1", "photo.png")
    order = shop.on(23).order("review", "rule", "O-1", "--refund", "20.00", "--reason", "the photos show it")
    assert money(order) == ("-55.00", "35.00", "20.00", "0.00")
    shop.refused("C8", "review", "rule", "O-1", "--refund", "20.00", "--reason", "again")
    shop.refused("C8", "edit", "O-1", "--refund", "15.00")
    shop.refused("C8", "cancel", "O-1")
    shop.ok("tick", "--until-idle")
    assert paid_between(shop.order("status", "O-1"), 30, 33)


@rule("N6", "X1")
def test_5_a_promise(shop: Shop) -> None:
    shop.on(31).ok("open", "O-1", *NEVER_CAME)
    shop.on(33).ok("respond", "O-1", "--promise", "I send it again")
    shop.on(34).ok("extend-protection", "O-1", "--days", "20")
    assert shop.on(35).order("extend-protection", "O-1", "--grant")["protection"] == {"ends_at": instant(80), "request": None}
    assert shop.on(36).run("accept", "O-1")[0] == 4
    order = shop.order("accept", "O-1", "--yes")
    assert (order["status"], order["dispute"]) == ("protected", None)
    dispute = shop.on(70).order("open", "O-1", *NEVER_CAME)["dispute"]
    assert (dispute["number"], dispute["reopens"]) == (2, 1)


@rule("T1", "T2")
def test_6_a_return(shop: Shop) -> None:
    shop.ok("open", "O-1", *BROKEN, "--refund", "full", "--evidence", "photo.png")
    assert shop.on(2).order("accept", "O-1", "--as", "seller")["status"] == "awaiting_return"
    shop.on(9).ok("return", "send", "O-1", "--tracking", "R-1", "--postage", "8.40")
    shop.ok("tick", "60d")
    order = shop.order("status", "O-1")
    assert order["return"]["acknowledged_at"] == instant(24)
    assert paid_between(order, 31, 34)
    assert money(order) == ("-8.40", "0.00", "0.00", "8.40")
    assert shop.ok("verify")["problems"] == []


def test_eight_processes_of_several_commands_all_land(shop: Shop) -> None:
    def write(writer: int) -> list[int]:
        return [shop.run("message", "O-1", f"{writer}-{number}")[0] for number in range(6)]

    with ThreadPoolExecutor(8) as writers:
        assert set(chain.from_iterable(writers.map(write, range(8)))) == {0}
    texts = [message["text"] for message in shop.order("status", "O-1")["messages"]]
    assert sorted(texts) == sorted(f"{writer}-{number}" for writer in range(8) for number in range(6))
    assert [event["seq"] for event in shop.ok("events")["events"]] == list(range(1, 50))
    assert shop.ok("verify")["problems"] == []


def test_the_file_is_a_database_that_stock_tinydb_opens(shop: Shop) -> None:
    shop.ok("message", "O-1", "Is it on its way?")
    assert set(json.loads(shop.bytes())) == {"store", "commits"}
    with TinyDB(shop.folder / "disputes.json", access_mode="r") as database:
        commits = database.table("commits").all()
    assert [event["type"] for commit in commits for event in commit["events"]] == ["order_created", "message_sent"]


def test_the_index_may_be_deleted_at_any_moment(shop: Shop) -> None:
    opened = open_partial(shop)
    for index in (shop.folder / "disputes.json.d").glob("index.sqlite*"):
        index.unlink()
    assert shop.order("status", "O-1") == opened
    for index in (shop.folder / "disputes.json.d").glob("index.sqlite*"):
        index.unlink()
    assert shop.order("message", "O-1", "Hello")["messages"][-1]["text"] == "Hello"
    assert shop.ok("verify")["problems"] == []


def test_demo_plays_to_the_end_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run([DISPUTE, "demo"], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("$ dispute ") == 20
    assert list(tmp_path.iterdir()) == []
