"""Amounts: their form, their currency, and splitting without loss (E1, E7, P3)."""

import itertools
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispute_cli.core import currencies, money
from dispute_cli.core.currencies import DECIMALS
from dispute_cli.core.malformed import Malformed, quote

rule = pytest.mark.rule
fuzz = settings(derandomize=True, database=None, deadline=None, max_examples=300)

ARABIC, FULLWIDTH = "\u0661\u0662.\u0665\u0660", "\uff11\uff12"
NO_AMOUNTS = [
    ARABIC,
    FULLWIDTH,
    "1_000",
    "1e3",
    "NaN",
    "sNaN",
    "Infinity",
    "-0",
    "+5",
    "5.",
    ".5",
    " 5 ",
    "5\n",
    "20,00",
    "$20",
    "0x10",
    "",
]
NO_AMOUNTS += ["1" * 16, "0" * 16, "123456789012345.6", "1e999999999", "1.2.3", "\u22125", "5\x00", "9" * 1_000_000]


@rule("E7")
@pytest.mark.parametrize("text", NO_AMOUNTS, ids=ascii)
def test_a_text_that_is_no_amount_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        money.check(text)
    with pytest.raises(Malformed):
        money.minor(text, "USD")


@rule("E7")
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("20,00", "a point, not a comma"),
        ("-5", "it has a sign"),
        ("+5\n", "it has a sign"),
        ("5.", "no digits follow its point"),
        (".5", "no digits precede its point"),
        (ARABIC, "not the ASCII digits"),
        ("$20", "something else than digits"),
        ("5\n", "something else than digits"),
        ("1" * 16, "has 16 digits; an amount has at most 15"),
    ],
    ids=ascii,
)
def test_the_message_says_what_is_wrong_and_shows_the_right_form(text: str, part: str) -> None:
    with pytest.raises(Malformed, match=part) as caught:
        money.check(text, "price")
    assert caught.value.field == "price"
    assert caught.value.message == str(caught.value)
    assert "such as 20 or 19.99" in caught.value.message
    assert quote(text) in caught.value.message


@rule("E7")
@pytest.mark.parametrize(
    ("text", "normal"),
    [("20.00", "20"), ("007.50", "7.5"), ("0", "0"), ("0.00", "0"), ("000", "0"), ("100", "100"), ("0.05", "0.05"), ("9" * 15, "9" * 15)],
)
def test_an_amount_is_normalised_without_superfluous_zeros(text: str, normal: str) -> None:
    assert money.check(text) == normal


@rule("E7")
def test_fifteen_digits_as_written_are_accepted_and_sixteen_refused() -> None:
    assert money.minor("9999999999999.99", "USD") == 999999999999999
    assert money.minor("000000000000.05", "KWD") == 50
    with pytest.raises(Malformed, match="has 16 digits"):
        money.minor("00000000000000.05", "KWD")


@rule("P3")
@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("20.00", "USD", 2000),
        ("20", "USD", 2000),
        ("007.5", "USD", 750),
        ("20", "JPY", 20),
        ("1.234", "KWD", 1234),
        ("0.05", "EUR", 5),
        ("1.5", "IQD", 1500),
    ],
)
def test_an_amount_is_whole_minor_units_of_its_currency(text: str, currency: str, minor: int) -> None:
    assert money.minor(text, currency) == minor


@rule("P3")
@pytest.mark.parametrize(
    ("text", "currency", "part"),
    [
        ("1.5", "JPY", "has a decimal; an amount in JPY has none, such as 20."),
        ("5.00", "JPY", "has 2 decimals; an amount in JPY has none, such as 20."),
        ("1.005", "USD", "has 3 decimals; an amount in USD has at most 2, such as 19.99."),
        ("1.000", "USD", "has 3 decimals; an amount in USD has at most 2, such as 19.99."),
        ("1.2345", "KWD", "has 4 decimals; an amount in KWD has at most 3, such as 1.999."),
    ],
)
def test_more_decimals_than_the_currency_has_are_malformed_as_written(text: str, currency: str, part: str) -> None:
    with pytest.raises(Malformed) as caught:
        money.minor(text, currency, "refund")
    assert (caught.value.field, caught.value.message) == ("refund", f"'{text}' {part}")


@rule("P3")
@pytest.mark.parametrize("code", ["usd", "XXX", "XTS", "XAU", "", "US", "EURO", "U\u0405D", "USD\n", "BTC"], ids=ascii)
def test_an_unknown_currency_is_malformed(code: str) -> None:
    for attempt in (lambda: money.known(code), lambda: money.minor("5", code)):
        with pytest.raises(Malformed, match="is not a currency") as caught:
            attempt()
        assert caught.value.field == "currency"


@rule("P3")
def test_a_currency_in_small_letters_is_told_its_capitals() -> None:
    with pytest.raises(Malformed, match="'usd' is not a currency: write USD in capitals"):
        money.known("usd")
    with pytest.raises(Malformed, match="'XXX' is not a currency: write an ISO 4217 code in capitals, such as USD"):
        money.known("XXX")


@rule("P3")
def test_the_amount_is_complained_about_before_its_currency() -> None:
    with pytest.raises(Malformed, match="is not an amount"):
        money.minor("x", "usd")


@rule("P3")
@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (2000, "USD", "20.00"),
        (5, "USD", "0.05"),
        (0, "USD", "0.00"),
        (-840, "USD", "-8.40"),
        (-1, "USD", "-0.01"),
        (-5, "KWD", "-0.005"),
        (20, "JPY", "20"),
        (-20, "JPY", "-20"),
        (0, "JPY", "0"),
    ],
)
def test_minor_units_are_printed_with_all_decimals(minor: int, currency: str, text: str) -> None:
    assert money.decimal(minor, currency) == text


@rule("P3")
@fuzz
@given(st.integers(0, 10**14), st.sampled_from(sorted(DECIMALS)))
def test_printing_and_reading_an_amount_give_it_back(minor: int, currency: str) -> None:
    text = money.decimal(minor, currency)
    assert money.minor(text, currency) == minor
    assert money.check(money.check(text)) == money.check(text)


@rule("E7")
@fuzz
@given(st.text() | st.text("0123456789.,-+eE_ \n\u0661", max_size=24), st.sampled_from(["USD", "JPY", "KWD", "XXX"]))
def test_any_text_is_an_amount_or_malformed(text: str, currency: str) -> None:
    try:
        sound = money.check(text).replace(".", "").isdigit() and money.minor(text, currency) >= 0
    except Malformed as complaint:
        sound = complaint.message.isprintable()
    assert sound


@rule("E1")
@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (500, [3000, 2000], (300, 200)),
        (100, [1, 1, 1], (34, 33, 33)),
        (101, [1, 1, 1], (34, 34, 33)),
        (1, [1, 2], (0, 1)),
        (1, [1, 1], (1, 0)),
        (0, [5, 7], (0, 0)),
        (7, [0, 3], (0, 7)),
        (5, [9], (5,)),
        (10, [10, 30, 60], (1, 3, 6)),
    ],
)
def test_delivery_is_shared_in_proportion_and_ties_go_to_the_earlier_line(total: int, weights: list[int], parts: tuple[int, ...]) -> None:
    assert money.share(total, weights) == parts


@rule("E1")
@fuzz
@given(st.integers(0, 10**18), st.lists(st.integers(0, 10**15), min_size=1, max_size=30).filter(any))
def test_a_share_loses_nothing_and_is_fair(total: int, weights: list[int]) -> None:
    parts, whole = money.share(total, weights), sum(weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert total * weight // whole <= part <= -(-total * weight // whole)
    lines = sorted(zip(weights, [-line for line in range(len(weights))], parts, strict=True))
    assert all(weight == heavier or less <= more for (weight, _, less), (heavier, _, more) in itertools.pairwise(lines))
    equal = [(less, more) for (weight, _, less), (same, _, more) in itertools.pairwise(lines) if weight == same]
    assert all(later <= earlier for later, earlier in equal)


@rule("E1")
@pytest.mark.parametrize(("total", "weights"), [(1, []), (1, [0, 0]), (-1, [1]), (1, [2, -1])])
def test_a_share_of_nonsense_is_a_mistake_of_the_program(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="a share needs"):
        money.share(total, weights)


@rule("P3")
def test_the_currency_table_is_what_the_script_prints() -> None:
    script = Path(__file__).parents[2] / "scripts" / "currencies.py"
    assert runpy.run_path(str(script))["module"]() == Path(currencies.__file__).read_text(encoding="utf-8")


@rule("P3")
def test_the_currency_table_knows_money_and_no_metals() -> None:
    assert {code: DECIMALS.get(code) for code in ("USD", "JPY", "KWD", "IQD", "CLF")} == {"USD": 2, "JPY": 0, "KWD": 3, "IQD": 3, "CLF": 4}
    assert not DECIMALS.keys() & {"XXX", "XTS", "XAU", "XAG", "XDR"}


def test_a_quoted_text_is_cut_and_shows_what_would_be_invisible() -> None:
    assert quote("a\x1b\u202e\u200b\n\udcff") == r"'a\x1b\u202e\u200b\n\udcff'"
    assert quote("x" * 60) == f"'{'x' * 60}'"
    assert quote("x" * 61) == f"'{'x' * 60}…'"
