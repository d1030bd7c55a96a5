"""The ledger in other books: bean-check and hledger accept it, and their balances are ours."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run import Place

BEAN = Path(sys.executable).parent / "bean-check"
CURRENCIES = {"USD": "12.34", "JPY": "500", "KWD": "1.005"}


@pytest.fixture
def books(dispute: Place) -> Place:
    """Orders in three currencies, a return with postage, a payout; a buyer whose name no other book would take."""
    for number, (currency, price) in enumerate(CURRENCIES.items(), 2):
        dispute.ok("order", "create", f"O-{number}", "--price", price, "--currency", currency, "--buyer", "Zoë; \"Z\"  Ω", "--seller", "zoë; z")
    dispute.ok("order", "create", "O-8", "--price", "5", "--buyer", "Zo-Z-2")
    dispute.ok("order", "create", "O-9", "--price", "5", "--buyer", "Zoë Z Ω")
    dispute.ok("open", "O-1", "--received", "--reason", "defective", "--refund", "full", "--message", "Broken", "--evidence", "cup.png")
    dispute.ok("respond", "O-1", "--accept")
    dispute.ok("tick", "1d")
    dispute.ok("return", "send", "O-1", "--tracking", "RX1", "--postage", "8.40")
    dispute.ok("tick", "--until-idle")
    return dispute


def checked(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not BEAN.exists(), reason="beancount is not installed")
def test_bean_check_accepts_it_with_every_balance(books: Place) -> None:
    journal = books.ok("ledger", "--format", "beancount").out
    (books.folder / "a.beancount").write_text(journal)
    checked(str(BEAN), str(books.folder / "a.beancount"))
    balances = books.ok("ledger", "--json").json["balances"]
    assert journal.count(" balance ") == len(balances)
    wrong = journal.replace("balance Assets:Buyer:Buyer  -8.40 ~", "balance Assets:Buyer:Buyer  -8.41 ~")
    assert wrong != journal
    (books.folder / "b.beancount").write_text(wrong)
    assert subprocess.run([str(BEAN), str(books.folder / "b.beancount")], capture_output=True, check=False).returncode == 1


@pytest.mark.skipif(not shutil.which("hledger"), reason="hledger is not installed")
def test_hledger_accepts_it_strictly_and_counts_the_same(books: Place) -> None:
    (books.folder / "a.journal").write_text(books.ok("ledger", "--format", "hledger").out)
    file = ("-f", str(books.folder / "a.journal"))
    checked("hledger", *file, "check", "--strict")
    told = dict(line.split(",", 1) for line in checked("hledger", *file, "balance", "-O", "csv", "-N", "--no-elide").replace('"', "").splitlines()[1:])
    assert told["Assets:Carrier"] == "8.40 USD"
    assert told["Assets:Buyer:Buyer"] == "-8.40 USD"


def test_names_that_would_be_one_are_told_apart(books: Place) -> None:
    journal = books.ok("ledger", "--format", "hledger").out
    accounts = [line.split()[1] for line in journal.splitlines() if line.startswith("account ")]
    assert len(set(accounts)) == len(accounts) == len({balance["account"] for balance in books.ok("ledger", "--json").json["balances"]})
    assert "Assets:Escrow:O-1" in accounts


def test_one_orders_journal_stands_alone_and_an_empty_one_too(dispute: Place, tmp_path: Path) -> None:
    assert 'open Assets:Escrow:O-1' in dispute.ok("ledger", "O-1", "--format", "beancount").out
    dispute.ok("init", "--store", "other.json")
    assert dispute.ok("ledger", "--store", "other.json", "--format", "beancount").out == 'option "title" "dispute"\n'


def test_other_lists_and_fields_have_no_such_form(dispute: Place) -> None:
    assert "is for `dispute ledger`" in dispute("events", "--format", "beancount").err
    assert "a whole journal" in dispute("ledger", "--format", "hledger", "--fields", "order").err
    dispute.env["DISPUTE_FORMAT"] = "hledger"
    assert dispute.ok("events", "O-1").out.startswith("seq")
