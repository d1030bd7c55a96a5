"""Answers of very many events: told from the store as they are written, and byte for byte what the whole answer would be."""

import pytest

from dispute_cli import reading, service, sorting
from dispute_cli.cli import telling
from dispute_cli.policies import load
from dispute_cli.questions import Events
from dispute_cli.recorded import Recorded
from dispute_cli.service import EPOCH, Service
from dispute_cli.store.json_log import JsonLogStore
from tests.run import Place


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three events are many."""
    monkeypatch.setattr(service, "MOST", 3)


def silent(place: Place) -> Place:
    """A store on which a tick fires several deadlines."""
    place.ok("init", "--force")
    for id in ("O-1", "O-2", "O-3"):
        place.ok("order", "create", id, "--price", "50.00", "--title", "Zoë's cup")
        place.ok("open", id, "--not-received", "--reason", "wrong_tracking", "--message", "The number shows another parcel")
    return place


@pytest.mark.parametrize("form", [("--until-idle",), ("--next",), ("6d",)])
def test_a_tick_of_many_events_is_told_as_one_of_few(empty: Place, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]) -> None:
    whole = silent(empty)("tick", *form, "--json")
    monkeypatch.setattr(service, "MOST", 3)
    again = silent(empty)("tick", *form, "--json")
    assert (again.code, again.out, again.err) == (0, whole.out, whole.err)


def test_many_events_are_told_as_few(empty: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (("events", "--json"), ("events", "--since", "2", "--json"), ("events", "--type", "settled", "--json"), ("events", "O-1", "--json"))
    silent(empty).ok("tick", "--until-idle")
    whole = [empty(*words) for words in asked]
    monkeypatch.setattr(service, "MOST", 3)
    assert [empty(*words) for words in asked] == whole


@pytest.mark.parametrize("words", [("--idempotency-key", "K"), ("--dry-run",), ("--query", "events[].type"), ("--format", "jsonl"), ()])
def test_a_tick_that_is_not_told_as_it_comes_holds_all_its_events(few: None, empty: Place, words: tuple[str, ...]) -> None:
    told = silent(empty)("tick", "--until-idle", *words, *(("--json",) if words and words[0] != "--format" else ()))
    assert told.code == 0
    assert told.out.count("refund_paid") == 3 or told.out.count("refunded") >= 3


def test_what_is_recorded_meanwhile_is_not_told(empty: Place) -> None:
    silent(empty)
    ours = Service(JsonLogStore(str(empty.folder / "disputes.json")), lambda: EPOCH, load)
    told = Recorded(ours.reading, Events(since=1), last=3)
    empty.ok("message", "O-1", "Is it on its way?")
    assert [event["seq"] for event in told] == [2, 3] == [event["seq"] for event in told]


LISTS = [
    ("status", "--json"),
    ("status", "--all", "--json"),
    ("status", "--all", "--at", "2026-01-01T00:00:00Z", "--json"),
    ("status", "--all", "--at", "2027-01-01T00:00:00Z", "--json"),
    ("status", "--limit", "2", "--sort", "id", "--json"),
    ("status", "--sort", "due", "--json"),
    ("status", "--status", "closed", "--json"),
    ("ledger", "--json"),
    ("ledger", "O-2", "--json"),
    ("deadlines", "--json"),
    ("deadlines", "--within", "6d", "--json"),
    ("deadlines", "--within", "1s", "--json"),
]


@pytest.mark.parametrize("held", [1, 2, 20_000])
def test_lists_of_many_rows_are_told_as_those_of_few(empty: Place, monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    silent(empty).ok("order", "create", "O-4", "--price", "9.00", "--title", "Café")
    whole = [empty(*words) for words in LISTS]
    assert {told.code for told in whole} == {0}
    monkeypatch.setattr(service, "MOST", 1)
    monkeypatch.setattr(sorting, "HELD", held)
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    assert [empty(*words) for words in LISTS] == whole


def test_a_list_whose_first_rows_cannot_be_read_is_told_as_an_error_alone(few: None, empty: Place) -> None:
    path = silent(empty).folder / "disputes.json"
    path.write_bytes(path.read_bytes().replace(b"USD", b"USB"))
    told = empty("ledger", "--json")
    assert told.code == 7 and told.out.startswith('{"schema":"dispute/1","ok":false')
