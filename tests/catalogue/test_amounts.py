"""Bad amounts and currencies: usage before anything is asked of a rule; and the amounts that are fine, to the last digit."""

import pytest

from tests.run import Place

from .conftest import BROKEN
from .judging import refused, refused_here, short

DIGITS, OTHER, SIGN = "ASCII digits 0 to 9", "something else than digits", "it has a sign"
MALFORMED = [
    ("١٢.٥٠", DIGITS),
    ("１２", DIGITS),
    ("1_000", OTHER),
    ("1e3", OTHER),
    ("NaN", OTHER),
    ("sNaN", OTHER),
    ("Infinity", OTHER),
    ("-0", SIGN),
    ("+5", SIGN),
    ("5.", "no digits follow its point"),
    (".5", "no digits precede its point"),
    (" 5 ", OTHER),
    ("5\n", OTHER),
    ("20,00", "not a comma"),
    ("$20", OTHER),
    ("0x10", OTHER),
    ("", "it is empty"),
    ("1.005", "'1.005' has 3 decimals; an amount in USD has at most 2"),
    ("1" * 16, "has 16 digits; an amount has at most 15"),
    ("1e999999999", OTHER),
]
KIN = [
    ("१२", DIGITS),
    ("𝟓", DIGITS),
    ("1２.00", DIGITS),
    ("²", OTHER),
    ("½", OTHER),
    ("Ⅷ", OTHER),
    ("五", OTHER),
    ("1 000", OTHER),
    ("1\u00a0000", OTHER),
    ("1'000", OTHER),
    ("1E+3", OTHER),
    ("nan123", OTHER),
    ("-inf", SIGN),
    ("∞", OTHER),
    ("-5", SIGN),
    ("\u22125", SIGN),
    (".", "not an amount"),
    ("1.2.3", "not an amount"),
    ("1..2", "not an amount"),
    ("5\r", OTHER),
    ("5\t", OTHER),
    ("5\u200b", OTHER),
    ("\u202e5", OTHER),
    ("\x1b[31m5", OTHER),
    ("1,000.00", OTHER),
    ("20USD", OTHER),
    ("0b1", OTHER),
    ("5;", OTHER),
    ("full", OTHER),
    ("[/bold]", OTHER),
    ("  ", "it is empty"),
    ("1.000", "has 3 decimals"),
    ("0." + "0" * 15, "has 16 digits"),
    ("0" * 15 + "1", "has 16 digits"),
    ("9" * 5000, "has 5000 digits"),
    ("9" * 120_000, "has 120000 digits"),
]


@pytest.mark.parametrize(("amount", "says"), MALFORMED, ids=short)
def test_a_price_that_is_no_amount_is_usage(dispute: Place, amount: str, says: str) -> None:
    refused(dispute, 2, "order", "create", "N-1", f"--price={amount}", says=says)


@pytest.mark.parametrize(("amount", "says"), KIN, ids=short)
def test_nor_are_these_amounts(dispute: Place, amount: str, says: str) -> None:
    refused_here(dispute, 2, "order", "create", "N-1", f"--price={amount}", says=says)


@pytest.mark.parametrize(
    ("argv", "amount"),
    [
        (("order", "create", "N-1", "--price", "5", "--delivery={}"), "1e3"),
        (("order", "create", "N-1", "--price", "5", "--delivery={}"), "-0"),
        (("order", "create", "N-1", "--item", "Cup=5.00", "--item", "Bowl={}"), "١٢"),
        (("order", "create", "N-1", "--item", "Cup={}"), "1.005"),
        (("open", "O-1", *BROKEN, "--refund={}"), "20,00"),
        (("open", "O-1", *BROKEN, "--refund={}"), "1.005"),
        (("open", "O-1", *BROKEN, "--refund={}"), "FULL"),
        (("open", "O-1", *BROKEN, "--refund={}"), "ｆｕｌｌ"),
        (("edit", "O-1", "--refund={}"), "１"),
        (("review", "rule", "O-1", "--reason", "x", "--refund={}"), "NaN"),
        (("return", "send", "O-1", "--tracking", "R", "--postage={}"), "-1"),
        (("respond", "O-1", "--refund={}"), "1_0"),
    ],
    ids=short,
)
def test_it_is_usage_wherever_an_amount_is_given(dispute: Place, argv: tuple[str, ...], amount: str) -> None:
    refused_here(dispute, 2, *(word.replace("{}", amount) for word in argv), says=amount)


@pytest.mark.parametrize(
    ("currency", "amount", "says"),
    [
        ("JPY", "1.5", "'1.5' has a decimal; an amount in JPY has none"),
        ("usd", "5", "write USD in capitals"),
        ("XXX", "5", "'XXX' is not a currency"),
    ],
)
def test_a_currency_must_be_one_and_keeps_to_its_decimals(dispute: Place, currency: str, amount: str, says: str) -> None:
    refused(dispute, 2, "order", "create", "N-1", "--price", amount, f"--currency={currency}", says=says)


@pytest.mark.parametrize(
    ("currency", "amount", "says"),
    [
        ("JPY", "5.00", "has 2 decimals"),
        ("KWD", "1.0005", "has 4 decimals; an amount in KWD has at most 3"),
        *(
            (code, "5", "is not a currency")
            for code in ("XAU", "XTS", "ＵＳＤ", "USD ", "USD\n", "US", "$", "840", "", "\x1b[31m", "X" * 5000)
        ),
    ],
    ids=short,
)
def test_nor_are_these_currencies(dispute: Place, currency: str, amount: str, says: str) -> None:
    refused_here(dispute, 2, "order", "create", "N-1", "--price", amount, f"--currency={currency}", says=says)


@pytest.mark.parametrize("refund", ["0", "55.01", "9" * 13 + ".99"])
def test_a_refund_of_nothing_or_above_the_whole_is_refused_at_opening(dispute: Place, refund: str) -> None:
    ran = refused(dispute, 5, "open", "O-1", *BROKEN, "--evidence", "cup.png", "--refund", refund, says="at most 55.00 USD", rule="D5")
    assert [fault["rule"] for fault in ran.error["faults"]] == ["D5"]


@pytest.mark.parametrize("price", ["0", "0.00", "000"])
def test_a_price_of_nothing_is_refused(dispute: Place, price: str) -> None:
    refused_here(dispute, 5, "order", "create", "N-1", "--price", price, rule="E7")


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("007.50", "USD", "7.50"),
        ("0.01", "USD", "0.01"),
        ("5", "USD", "5.00"),
        ("9" * 13 + ".99", "USD", "9" * 13 + ".99"),
        ("9" * 15, "USD", "9" * 15 + ".00"),
        ("9" * 15, "JPY", "9" * 15),
        ("1.005", "KWD", "1.005"),
    ],
)
def test_an_amount_that_is_fine_is_kept_to_the_last_digit(dispute: Place, amount: str, currency: str, shown: str) -> None:
    order = dispute.ok("order", "create", "N-1", "--price", amount, "--currency", currency, "--json").json["order"]
    assert (order["price"], order["total"], order["balances"]["escrow"]) == (shown, shown, shown)
