"""Human text: every answer and every event has one, and it says what people look for."""

from datetime import timedelta
from typing import get_args

import pytest

from dispute_cli import answers
from dispute_cli.cli.drawing import narrowed
from dispute_cli.cli.printing import Paper
from dispute_cli.cli.text import TEXTS
from dispute_cli.cli.text.shape import Table, distance
from dispute_cli.core.events import Event
from dispute_cli.sentences import SENTENCES
from tests.run import Place


def test_every_answer_has_a_text() -> None:
    kinds = {kind for kind in vars(answers).values() if isinstance(kind, type) and issubclass(kind, answers.Answer)}
    assert set(TEXTS) == kinds - {answers.Answer, answers.Written}


def test_every_event_has_a_sentence() -> None:
    assert set(SENTENCES) == {fact.__struct_config__.tag for fact in get_args(Event)}


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=3), "in 3 days"),
        (timedelta(days=1, hours=3, minutes=59), "in 1 day 3 hours"),
        (timedelta(seconds=61), "in 1 minute 1 second"),
        (timedelta(days=2, seconds=5), "in 2 days"),
        (timedelta(hours=-2), "2 hours ago"),
        (timedelta(0), "now"),
    ],
)
def test_a_distance_in_words(span: timedelta, words: str) -> None:
    assert distance(span) == words


def test_a_page_tells_move_counter_money_and_what_is_possible(offered: Place) -> None:
    lines = offered.ok("status", "O-1").out.splitlines()
    assert "move\tthe buyer's" in lines
    assert "counter\t2026-01-11T00:00:00Z (in 10 days)" in lines
    assert "money\tescrow 55.00, buyer -55.00, seller 0.00" in lines
    assert "demand\t20.00 USD, no return" in lines
    assert "offer\t10.00 USD, no return" in lines
    assert "buyer\tescalate\t2026-01-11T00:00:00Z (in 10 days)" in lines
    assert "2026-01-01T00:00:00Z\tseller\trecorded\toffer: 10.00 USD" in lines
    assert "buyer\tdispute escalate O-1 --confirm" in lines
    assert lines.index("buyer\tdispute message O-1 'Where do we stand?'") < lines.index("seller\tdispute accept O-1 --as seller")
    assert any(line.startswith("2026-01-01T00:00:00Z\tbuyer\t1\tpng\tcup.png\t") for line in lines)


def test_what_silence_would_bring_is_said_to_be_so(offered: Place) -> None:
    lines = offered.ok("status", "O-1", "--at", "2026-01-12").out.splitlines()
    assert "2026-01-11T00:00:00Z\tclock\tin silence\tescalated: claim of 10.00 USD" in lines


def test_protection_is_over_once_the_claim_decides(offered: Place) -> None:
    offered.ok("escalate", "O-1", "--confirm")
    assert "protection\tover" in offered.ok("status", "O-1").out.splitlines()


def test_a_whole_dispute_can_be_read(offered: Place) -> None:
    offered.ok("edit", "O-1", "--refund", "15.00", "--reason", "defective", "--no-return", "--message", "Fifteen would be fine with me")
    offered.ok("extend-protection", "O-1", "--days", "5")
    offered.ok("extend-protection", "O-1", "--grant")
    offered.ok("respond", "O-1", "--promise", "A new cup leaves today")
    offered.ok("escalate", "O-1", "--confirm")
    offered.ok("review", "request-evidence", "O-1", "--from", "buyer")
    offered.ok("add-evidence", "O-1", "cup.png", "--note", "The crack")
    offered.ok("tick", "16d")
    offered.ok("review", "rule", "O-1", "--refund", "20.00", "--reason", "The photo shows the crack")
    shown = offered.ok("tick", "--until-idle").out
    assert "refund of 20.00 USD paid" in shown
    assert "next: nothing is due any more" in shown
    page = offered.ok("status", "O-1").out
    assert "settlement\t20.00 to the buyer, 35.00 to the seller (ruling)" in page
    assert "claim\t15.00 USD, escalated by the buyer" in page
    for argv in (("status", "--all"), ("events",), ("ledger",), ("deadlines",), ("evidence", "list", "O-1"), ("verify",), ("repair",)):
        assert offered.ok(*argv).out
    assert offered.ok("backup", "copy.json").out == "copied to copy.json\n"


def test_a_purchase_is_read_line_by_line(empty: Place) -> None:
    empty.ok("init")
    empty.ok("order", "create", "P-1", "--item", "Blue cup=12.50", "--item", "Red=cup=13.00", "--delivery", "4.00")
    shown = empty.ok("status", "P-1").out
    assert "P-1/1  protected  Blue cup" in shown
    assert "P-1/2  protected  Red=cup" in shown
    assert "P-1/2" in empty.ok("message", "P-1", "Hello").out


def test_a_terminal_adds_the_readers_own_time_of_day(offered: Place) -> None:
    offered.env["TZ"] = "MSK-3"
    offered.env["COLUMNS"] = "120"
    assert "10 days left of 10, until 2026-01-11T00:00:00Z, Sun 11 Jan 03:00 MSK" in offered.terminal("status", "O-1").out
    offered.env["TZ"] = "UTC"
    assert "Jan" not in offered.terminal("status", "O-1").out
    assert "Jan" not in offered.ok("status", "O-1").out


def test_a_narrow_terminal_leaves_out_spare_columns_of_the_list() -> None:
    table = Table(("id", "total", "title"), [("O-1", "55.00", "A cup"), ("O-2", "5.00", "Wool socks")], spare=("title", "total"))
    assert narrowed(table, Paper(False, 80)) == table
    assert narrowed(table, Paper(False, 20)).head == ("id", "total")
    assert narrowed(table, Paper(False, 4)) == Table(("id",), [("O-1",), ("O-2",)])


def test_a_long_last_column_costs_no_other_its_place() -> None:
    table = Table(("id", "type", "what"), [("O-1", "settled", "a long sentence that goes on for more than thirty cells")], spare=("type",))
    assert narrowed(table, Paper(False, 46)) == table
    assert narrowed(table, Paper(False, 40)).head == ("id", "what")
