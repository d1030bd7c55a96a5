"""Every reader of what strangers give, as a fuzzer sees it: sound inputs to spoil, and a way to have one read. What may be raised is said in watch.py."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from dispute_cli.cli import configured
from dispute_cli.core import evidence, instants, links, money
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.policy import as_data, fingerprint, from_data
from dispute_cli.place import Place
from dispute_cli.policies import FOLDER, parse
from dispute_cli.query import Expression, as_json
from dispute_cli.runs.scenario import suite
from dispute_cli.runs.scenario.choice import Choice
from dispute_cli.runs.scenario.reports import REPORTS
from dispute_cli.runs.scenario.source import WrongFile
from tests.given import START
from tests.rules.test_evidence import DEMO, FORMATS, SMALL
from tests.service.scenarios import EXAMPLE, scenario
from tests.service.shop import Shop

from . import lines, stores
from .mutations import mutated

Read = Callable[[Any], object]


class Reader(NamedTuple):
    seeds: Sequence[Any]
    read: Read
    spoil: Callable[[Random, Any, Sequence[Any]], Any]
    tokens: Sequence[bytes] = ()


def inputs(reader: Reader, random: Random, count: int) -> Iterator[Any]:
    """So many inputs: each seed as it is, then spoiled ones; a spoiled one may be spoiled further."""
    pool = list(reader.seeds)
    yield from pool[:count]
    for _ in range(count - len(pool)):
        made = reader.spoil(random, random.choice(pool), reader.tokens)
        if random.random() < 0.02 and len(str(made)) < 4096:
            pool.append(made)
        yield made


def spoil_text(random: Random, text: str, tokens: Sequence[bytes]) -> str:
    """A text as a terminal hands it over: bytes that are no UTF-8 come as halves of characters."""
    return mutated(random, text.encode("utf-8", "surrogateescape"), tokens).decode("utf-8", "surrogateescape")


# Small values


def read_instant(text: str) -> None:
    at = instants.instant(text)
    assert instants.instant(instants.iso_instant(at)) == at, "an instant is printed as it is read"


def read_duration(text: str) -> None:
    length = instants.duration(text)
    assert instants.duration(instants.iso_duration(length)) == length, "a duration is printed as it is read"
    instants.later(START, length)


def read_amount(text: str) -> None:
    money.check(text)
    for currency in ("USD", "JPY", "KWD"):
        with suppress(Malformed):
            amount = money.minor(text, currency)
            assert money.minor(money.decimal(amount, currency), currency) == amount, "an amount is printed as it is read"


def read_links(text: str) -> None:
    assert all(links.check_link(url) is None for url in links.links(text)), "a link that is found is a good one"
    links.check_link(text)
    links.blank(text)


# Pictures


def read_picture(given: tuple[str, bytes]) -> None:
    name, data = given
    found = evidence.examine(evidence.Attachment(name, len(data), data), FORMATS, 2_097_152)
    assert isinstance(found, evidence.Unfit) == (found.__class__ is not evidence.Picture)


def spoil_picture(random: Random, given: tuple[str, bytes], tokens: Sequence[bytes]) -> tuple[str, bytes]:
    name, data = given
    return (spoil_text(random, name, (b"/", b".png", b".gif")) if random.random() < 0.1 else name), mutated(random, data, tokens)


# Policies and settings


def read_policy(data: bytes) -> None:
    """Read it, keep it as a store does, and let an order live under it to its end."""
    policy = parse("p.toml", data)
    assert fingerprint(from_data(as_data(policy))) == fingerprint(policy)
    shop = Shop(policy=policy).order()
    shop.tick(until_idle=True)


def read_settings(folder: Path) -> Read:
    path = folder / "dispute.toml"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        configured.from_file(str(path))

    return read


def edit_settings(folder: Path) -> Read:
    """`config set` in a file that is there, whatever it holds."""
    path = folder / "dispute.toml"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        configured.edited(str(path), "store", "other.json")

    return read


# Scenarios


def read_scenario(data: bytes) -> None:
    """Read it, run it, tell it in every form; what is wrong with it is an answer as well, but one that can be told by its code."""
    told = suite.run(Choice(paths=("-",)), lambda: data)
    for report in REPORTS.values():
        report(told)
    for file in told.files:
        raise WrongFile(Place(file.file, file.line or 0, file.column or 0), file.message)


SCENARIOS = (
    EXAMPLE.encode(),
    scenario(
        "{seller: {order ship: O-1, tracking: T-1}, events: [shipped@0d], expect: status}", "{tick: {until-idle: true}, deadlines: {payout: none}, capture: {when: paid_at}}",
        "{at: $when, order: O-1, money: {carrier: -0.00}}", "{platform: {message: O-1, text: x, yes: true, key: k}, warns: []}", more="files: {a.png: {text: ä}, b: {base64: eA==}}\n",
    ).encode(),
    b"scenario: |\n  a\n  b\norders: [{id: O-1, price: 9, item: [x=4, y=5]}]\nsteps:\n- {order: O-1/2, buyer: {order confirm: O-1/2}, consent: needed}\n- {at: 1d..2d}\n",
)  # fmt: skip
YAML_TOKENS = (b"&a ", b"*a", b"!!int ", b"<<: ", b"? ", b"- ", b": ", b"{", b"[", b"|\n", b">-\n", b"---\n", b"...\n", b"#", b"$", b"${", b"$reason", b"\t", b"include: -\n", b"99999999d", b"..", b"`", b"'")

# Expressions


def asked() -> bytes:
    """What expressions are asked of: an order's page with a dispute."""
    return msgspec.json.encode(Shop().order().opened().offered().last)


ASKED = asked()


def read_expression(text: str) -> None:
    as_json(Expression(text).find(ASKED))


SETTINGS = (
    b'store = "disputes.json"\njson = true\nlock_timeout = "5s"\ncolor = "auto"\nfields = "id,status"\nformat = "csv"\n',
    b'query = "order.status"\nas = "buyer"\nstrict = false\nidempotency_key = "k"\nquiet = true\nno_input = false\n',
)
EXPRESSIONS = (
    "order.status", "order.possible[?actor=='buyer'].command | [0]", "order.deadlines[*].{kind: kind, at: at}", "length(events)", "sort_by(order.possible, &command)[::-1]",
    "order.evidence[].hash", "join(',', order.possible[].command)", "to_number(order.price) > `3`", "merge(order, {a: @})", "map(&to_string(@), [order, order, order])",
    "!not_null(order.claim, 'x')", "max_by(events, &seq).type", "keys(order) | reverse(@)", "order.*[*][*] | []", "@ && @ || `[1, 2, {\"a\": null}]`",
)  # fmt: skip
TOKENS = (
    b"[*]", b"[]", b"{a: @, b: @}", b"[@, @, @, @]", b" | ", b"&", b"@", b"`", b"'", b"(" * 300, b"map(&", b"to_string(", b"length(", b"sort_by(", b"[::0]", b"[?", b"||", b"-1",
    b"join('xxxxxxxx', ", b" | [@, @, @, @, @, @, @, @]", b"abs(", b"sum(", b"group_by(", b"[99999999999999999999]", b"`1e999`", b"`NaN`", b"order.possible[]", b"*.*",
)  # fmt: skip


POLICIES = tuple(path.read_bytes() for path in sorted(Path(FOLDER).glob("*.toml")))
POLICY_TOKENS = (b"[", b'"""', b"inf", b"nan", b"[[reasons]]", b"a.b.c=1\n", b"2026-01-01", b"0x7f", b"1_0", b"3650", b"\n[sources]\n")
TOML_TOKENS = (b"yes = true\n", b'"""', b"[a]\n", b"=", b"'", b"[[x]]\n", b"{a=1}", b"#")
WORD_TOKENS = (b'"as":"clock"', b"--as", b"\'\'", b'"', b"--", b"-", b"#", b'{"command":')
MAKERS: dict[str, Callable[[Path], Reader]] = {
    "instant": lambda folder: Reader(("2026-01-01T00:00:00Z", "2026-02-28", "2026-12-31T23:59:59+05:30", "1970-01-01", "8999-12-31T23:59:59Z"), read_instant, spoil_text),
    "duration": lambda folder: Reader(("30d", "1d12h30m5s", "P30D", "PT36H", "P1DT2H3M4S", "0s", "3000000d"), read_duration, spoil_text, (b"d", b"PT", b"T", b"99999999")),
    "amount": lambda folder: Reader(("20", "19.99", "0.001", "007.50", "999999999999999", "0"), read_amount, spoil_text, (b".", b"0" * 20)),
    "link": lambda folder: Reader(("https://example.com/photo", "see (http://a.example:80/b?c#d), https://[::1]/x.", "ftp://a"), read_links, spoil_text, (b"https://", b"(", b")" * 500)),
    "picture": lambda folder: Reader([*SMALL.items(), *DEMO.items()], read_picture, spoil_picture, (b"\xff\xd9", b"\xff\xda", b"IEND", b";", b",", b"BM")),
    "policy": lambda folder: Reader(POLICIES, read_policy, mutated, POLICY_TOKENS),
    "settings": lambda folder: Reader(SETTINGS, read_settings(folder), mutated, TOML_TOKENS),
    "edited settings": lambda folder: Reader(SETTINGS, edit_settings(folder), mutated, TOML_TOKENS),
    "scenario": lambda folder: Reader(SCENARIOS, read_scenario, mutated, YAML_TOKENS),
    "expression": lambda folder: Reader(EXPRESSIONS, read_expression, spoil_text, TOKENS),
    "line": lambda folder: Reader(lines.SEEDS, lines.Market().read, lines.spoil_line, WORD_TOKENS),
    "store": lambda folder: stored(folder, stores.spoil_bytes),
    "facts": lambda folder: stored(folder, stores.spoil_facts),
}
"""What makes each reader, in a folder of its own."""


def stored(folder: Path, spoil: Callable[[Random, stores.Document, Sequence[bytes]], stores.Document]) -> Reader:
    documents, index = stores.sound(folder)
    seeds = [stores.Document(data, place == 0) for place, data in enumerate(documents)]
    return Reader(seeds, stores.read_store(folder, index), spoil, (b'"events":[', b"\n}}", b",\n"))
