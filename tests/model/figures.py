"""What the model reads: a policy's figures from its TOML file, amounts and instants as written. Nothing of the product is imported, no rule stands here."""

import copy
import re
import tomllib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

Order = dict[str, Any]
Command = dict[str, Any]
Figures = dict[str, Any]

DAY = 86_400
DECIMALS = {"USD": 2, "JPY": 0, "KWD": 3}
AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
DEFAULT: Figures = tomllib.loads((Path(__file__).parents[2] / "dispute_cli/policies/aliexpress.toml").read_text("utf-8"))


class No(Exception):
    """The model says no: an exit code, and the ids of the rules that it quotes."""

    def __init__(self, exit: int, *rules: str) -> None:
        super().__init__(exit, *rules)
        self.exit, self.rules = exit, set(rules)


def changed(**chapters: Figures) -> Figures:
    """The default policy with other figures."""
    figures = copy.deepcopy(DEFAULT)
    for chapter, values in chapters.items():
        figures[chapter] |= values
    return figures


def minor(text: str, currency: str) -> int:
    """An amount in minor units; usage where it is none, or finer than its currency."""
    found = AMOUNT.fullmatch(text)
    whole, part = (found[1], found[2] or "") if found else ("", "")
    if not found or len(whole + part) > 15 or len(part) > DECIMALS[currency]:
        raise No(2)
    return int(whole + part.ljust(DECIMALS[currency], "0"))


def is_amount(text: str) -> bool:
    """Whether it is written as an amount in some currency."""
    found = AMOUNT.fullmatch(text)
    return found is not None and len(text.replace(".", "")) <= 15


def decimal(amount: int, currency: str) -> str:
    places = DECIMALS[currency]
    sign, digits = "-" if amount < 0 else "", str(abs(amount)).rjust(places + 1, "0")
    return sign + (digits[:-places] + "." + digits[-places:] if places else digits)


def share(total: int, prices: list[int]) -> list[int]:
    """Delivery by price: whole units first, then one each to the largest remainders, the earlier line first (E1)."""
    parts = [total * price // sum(prices) for price in prices]
    by_rest = sorted(range(len(prices)), key=lambda line: (-(total * prices[line] % sum(prices)), line))
    for line in by_rest[: total - sum(parts)]:
        parts[line] += 1
    return parts


@lru_cache(1 << 14)
def written(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> int:
    """The seconds of an instant that is written in UTC, or of a date."""
    form = "%Y-%m-%dT%H:%M:%SZ" if "T" in text else "%Y-%m-%d"
    return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp())
