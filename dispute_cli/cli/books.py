"""The ledger as a journal that other bookkeeping programs read and check: beancount, hledger. Accounts are renamed to what both allow."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby

from .. import answers as a
from ..core.currencies import DECIMALS
from ..core.instants import iso_instant
from .options import Format

UNFIT = re.compile(r"[^A-Za-z0-9-]+")
Names = dict[str, str]
"""Ours → theirs."""


def journal(answer: a.LedgerTold, format: Format) -> str:
    """A whole journal: accounts, one transaction for each event that moves money, and at the end what every balance must be."""
    names = renamed([balance.account for balance in answer.balances])
    write = beancount if format is Format.BEANCOUNT else hledger
    return "".join(f"{line}\n" for line in write(answer, names))


def renamed(accounts: list[str]) -> Names:
    """`buyer/anna` → `Assets:Buyer:Anna-5e884f`: by the account alone, so that journals of several exports fit together."""
    return {account: ":".join(("Assets", *filter(None, component(account)))) for account in dict.fromkeys(accounts)}


def component(account: str) -> tuple[str, str]:
    """The parts of an account's name: letters, digits and hyphens, an upper-case letter or a digit first; what that changes is told apart by a few digits of its hash."""
    party, _, name = account.partition("/")
    safe = UNFIT.sub("-", name).strip("-")
    safe = safe[:1].upper() + safe[1:]
    usual = name == party or (name == safe and name != party.capitalize())
    mark = sha256(account.encode()).hexdigest()[:6]
    return party.capitalize(), safe if usual else f"{safe or 'X'}-{mark}"


def transactions(answer: a.LedgerTold) -> Iterator[tuple[a.Posting, list[a.Posting]]]:
    """The postings of each event, with the first of them."""
    for _, group in groupby(answer.postings, key=lambda posting: posting.seq):
        postings = list(group)
        yield postings[0], postings


def end(answer: a.LedgerTold) -> datetime | None:
    return answer.postings[-1].at if answer.postings else None


def beancount(answer: a.LedgerTold, names: Names) -> Iterator[str]:
    """https://beancount.github.io: `bean-check` accepts it."""
    yield 'option "title" "dispute"'
    if answer.postings:
        first = answer.postings[0].at.date()
        yield ""
        for account, name in names.items():
            yield f"{first} open {name}"
            yield f"  account: {text(account)}"
    for first_posting, postings in transactions(answer):
        yield ""
        yield f"{first_posting.at.date()} * {text(first_posting.order)}"
        yield f"  seq: {first_posting.seq}"
        yield f"  at: {text(iso_instant(first_posting.at))}"
        yield from (f"  {names[posting.account]}  {posting.amount} {posting.currency}" for posting in postings)
    last = end(answer)
    if last:
        yield ""
        day = (last + timedelta(days=1)).date()
        yield from (f"{day} balance {names[balance.account]}  {balance.amount} ~ 0 {balance.currency}" for balance in answer.balances)


def hledger(answer: a.LedgerTold, names: Names) -> Iterator[str]:
    """https://hledger.org: `hledger check --strict` accepts it."""
    for currency in sorted({balance.currency for balance in answer.balances}):
        yield f"commodity 1000.{'0' * DECIMALS[currency]} {currency}"
    for account, name in names.items():
        yield f"account {name}  ; {plain(account)}"
    for first, postings in transactions(answer):
        yield ""
        yield f"{first.at.date()} * {first.order}  ; seq:{first.seq}, at:{iso_instant(first.at)}"
        yield from (f"    {names[posting.account]}  {posting.amount} {posting.currency}" for posting in postings)
    last = end(answer)
    if last:
        yield ""
        yield f"{last.date()} * balances"
        yield from (f"    {names[balance.account]}  0 {balance.currency} = {balance.amount} {balance.currency}" for balance in answer.balances)


def text(value: str) -> str:
    """A string in quotes, on one line."""
    return '"' + plain(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def plain(value: str) -> str:
    """On one line, nothing unseen."""
    return "".join(char if char.isprintable() else " " for char in value)
