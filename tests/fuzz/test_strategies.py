"""The same readers, fed what Hypothesis draws: nearly right forms, and JSON that has the shape of a line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispute_cli.core import commands as c
from dispute_cli.runs.lines import KINDS
from dispute_cli.runs.scenario.model import Step

from .readers import MAKERS
from .test_readers import COUNT, SAMPLE
from .watch import bounded, judge

EXAMPLES = max(200, int(COUNT or SAMPLE) // 10)
DIGITS = st.text("0123456789٣.,-+", max_size=20)
SPOKEN = sorted(c.name_of(kind) for kind in c.Spoken.__args__)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(("O-1", "1d", "5.00", "full", "buyer", "2026-02-01"))
JSON = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5)
KEYS = ("id", "received", "reason", "refund", "return", "message", "evidence", "link", "as", "key", "yes", "days", "grant", "text", "file", "note", "price", "item", "until", "at", "confirm")
ATOM = st.sampled_from(("order", "@", "*", "[]", "[0]", "events[*]", "`1`", "'x'", "&seq", "order.possible"))
LOOSE = st.recursive(ATOM, lambda inner: st.builds("{}{}{}".format, inner, st.sampled_from((".", " | ", " || ", " && ", " == ", "[?", ", ")), inner) | st.builds(
    "{}({})".format, st.sampled_from(("length", "sort_by", "map", "keys", "join", "to_string", "max_by", "merge", "nonsense", "!", "")), inner), max_leaves=8)  # fmt: skip

STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "instant": st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)?", fullmatch=True) | st.text(),
    "duration": st.from_regex(r"P?[0-9]*[dhmsDWMY]?T?([0-9]+[dhmsHMS])*", fullmatch=True) | st.text(),
    "amount": DIGITS | st.decimals().map(str) | st.text(),
    "link": st.from_regex(r"https?://[^ ]*( .*)?") | st.text(),
    "expression": LOOSE | st.text(),
    "line": st.builds(lambda name, more: json.dumps({"command": name, "id": "O-1", **more}), st.sampled_from(sorted({*SPOKEN, *KINDS} - {"backup"})), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5)),
    "policy": st.binary(max_size=200),
    "scenario": st.builds('scenario: x\nsteps: [{{at: {}, expect: {}, {}: {}}}]\n'.format, JSON, JSON, st.sampled_from(Step.__struct_fields__), JSON).map(lambda text: text.encode("utf-8", "replace")),
    "settings": st.builds('{} = "{}"\n'.format, st.sampled_from(("store", "as", "lock_timeout", "color", "fields", "yes", "x")), st.text(max_size=12)).map(lambda text: text.encode("utf-8", "replace")),
    "picture": st.tuples(st.text(max_size=9), st.sampled_from((b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"")).flatmap(lambda begin: st.binary(max_size=80).map(begin.__add__))),
}  # fmt: skip


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_reader_takes_what_is_drawn(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read: Callable[[Any], object] = MAKERS[name](tmp_path).read

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(STRATEGIES[name])
    def feed(drawn: Any) -> None:
        judge(lambda: read(drawn), drawn)

    with bounded():
        feed()
