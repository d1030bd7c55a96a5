"""Money: amounts read, printed and split, whole minor units of a known currency; no floats, and no rule about how much may be asked."""

import re
from collections.abc import Sequence
from functools import lru_cache

from .currencies import DECIMALS
from .malformed import Malformed, quote

MOST_DIGITS = 15

# As text, compiled when first asked: most runs read no amount. ASCII classes throughout: \d takes the digits of other scripts too.
AMOUNT = r"([0-9]+)(?:\.([0-9]+))?"

# What people write instead, first match told; the last one matches everything.
MISTAKES = (
    (r"\s*", "it is empty"),
    (r"[0-9]+,[0-9]+", "the decimals follow a point, not a comma"),
    (r"(?s)[+\-\u2212].*", "it has a sign"),
    (r"[0-9]+\.", "no digits follow its point"),
    (r"\.[0-9]+", "no digits precede its point"),
    (r"[0-9]*\.[0-9.]*", "it has more than one point"),
    (r"[\d.]+", "its digits are not the ASCII digits 0 to 9"),
    (r"(?s).*", "it holds something else than digits and one point"),
)


class NoCurrency(Exception):
    """An amount is recorded in a currency that there is none of."""


def check(text: str, field: str = "amount") -> str:
    """The amount without superfluous zeros (`007.50` → `7.5`), once its form is right; the currency is not asked (see `minor`)."""
    whole, part = _digits(text, field)
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + part if part else "")


@lru_cache(maxsize=4096)  # read for its form, and again when it is decided on
def minor(text: str, currency: str, field: str = "amount") -> int:
    """The amount in minor units. It takes the text as written: `5.00` has more decimals than the yen, though `check` calls it 5."""
    whole, part = _digits(text, field)
    known(currency)
    decimals = DECIMALS[currency]
    if len(part) > decimals:
        form = f"at most {decimals}" if decimals else "none"
        example = decimal(1999 if decimals else 20, currency)
        count = f"{len(part)} decimals" if len(part) > 1 else "a decimal"
        message = f"{quote(text)} has {count}; an amount in {currency} has {form}, such as {example}."
        raise Malformed(field, message)
    return int(whole + part.ljust(decimals, "0"))


@lru_cache(maxsize=4096)  # a page tells the same amount up to five times, a market the same price very often
def decimal(minor: int, currency: str) -> str:
    """The amount as people write it, with all its decimals: 2000 in USD is `20.00`. Balances may be negative."""
    try:
        decimals = DECIMALS[currency]
    except KeyError:
        raise NoCurrency(f"{quote(currency)} is no currency") from None
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).zfill(decimals + 1)
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def share(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split the total in proportion, to the last minor unit: what rounding leaves goes to the largest remainders, ties to the earlier."""
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0 or total < 0:
        raise ValueError("a share needs a total of 0 or more and weights of 0 or more, not all of them 0")
    parts = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    # sorted() is stable, also in reverse: equal remainders stay in the order of the lines.
    for line in sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)[: total - sum(parts)]:
        parts[line] += 1
    return tuple(parts)


def known(currency: str) -> None:
    """Refuse a code that is no currency with decimals of its own."""
    if currency in DECIMALS:
        return
    capitals = currency.upper()
    form = f"write {capitals} in capitals" if capitals in DECIMALS else "write an ISO 4217 code in capitals, such as USD, EUR or JPY"
    raise Malformed("currency", f"{quote(currency)} is not a currency: {form}.")


def _digits(text: str, field: str) -> tuple[str, str]:
    """The digits before and after the point, as written."""
    found = re.fullmatch(AMOUNT, text)
    if not found:
        wrong = next(complaint for form, complaint in MISTAKES if re.fullmatch(form, text))
        raise Malformed(field, f"{quote(text)} is not an amount, {wrong}: write digits and at most one point, such as 20 or 19.99.")
    whole, part = found[1], found[2] or ""
    count = len(whole) + len(part)
    if count > MOST_DIGITS:
        raise Malformed(field, f"{quote(text)} has {count} digits; an amount has at most {MOST_DIGITS}, such as 20 or 19.99.")
    return whole, part
