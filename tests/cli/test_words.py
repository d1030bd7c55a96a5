"""Words into structs without carrying anything out, as a batch needs it."""

import pytest

from dispute_cli.cli.words import parse
from dispute_cli.core.commands import SendMessage
from dispute_cli.core.malformed import Malformed
from dispute_cli.questions import Tick


def test_words_become_a_struct_and_the_options_given() -> None:
    spoken, given = parse(["message", "O-1", "Hello there", "--as", "seller", "--idempotency-key", "k"])
    assert spoken == SendMessage(id="O-1", text="Hello there")
    assert given == {"acting": "seller", "idempotency_key": "k"}
    assert parse(["tick", "1d"]) == (Tick(duration="1d"), {})


def test_one_line_leaves_nothing_behind_for_the_next() -> None:
    parse(["message", "O-1", "Hello", "--yes"])
    assert parse(["message", "O-1", "Hello"])[1] == {}


@pytest.mark.parametrize(
    "line", ["", "order", "bogus", "message O-1", "message O-1 x --bogus", "tick 1y", "status --help", "--version", "init", "batch", "demo"]
)
def test_anything_else_is_malformed(line: str) -> None:
    with pytest.raises(Malformed):
        parse(line.split())
